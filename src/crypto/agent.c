/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/agent.h"

#include "base/bigendian.h"
#include "base/buffer.h"
#include "base/utf8.h"
#include "crypto/sign.h"
#include "sys/localsocket.h"

#define REPLY_BYTES_MAX ((size_t)256 << 10)
#define MESSAGE_BYTES_MAX ((size_t)128 << 10)
#define LIST_TIMEOUT_MS 10000
#define SIGN_TIMEOUT_MS 120000

enum { REQUEST_IDENTITIES = 11, IDENTITIES_ANSWER = 12, SIGN_REQUEST = 13, SIGN_RESPONSE = 14 };

static enum adduce_err garbled(struct adduce_scope *scope, const char *what) {
  return scope_fail(scope, ADDUCE_E_AGENT, "the ssh-agent's answer is not understood: %s", what);
}

/* --- SSH's wire format -------------------------------------------------------------------- */

/* Each takes from the front of `rest`; false when it is too short. */
static bool take_u32(struct adduce_span *rest, uint32_t *value) {
  if (rest->size < 4) return false;
  *value = bigendian_get32(rest->data);
  *rest = span_of(rest->data + 4, rest->size - 4);
  return true;
}

static bool take_string(struct adduce_span *rest, struct adduce_span *string) {
  uint32_t size;
  if (!take_u32(rest, &size) || rest->size < size) return false;
  *string = span_of(rest->data, size);
  *rest = span_of(rest->data + size, rest->size - size);
  return true;
}

static void put_u32(struct buffer *buffer, uint32_t value) {
  uint8_t bytes[4];
  bigendian_put32(bytes, value);
  buffer_append(buffer, bytes, sizeof bytes);
}

static void put_string(struct buffer *buffer, struct adduce_span string) {
  put_u32(buffer, (uint32_t)string.size);
  buffer_span(buffer, string);
}

/* A blob of SSH: the string "ssh-ed25519", then a string of exactly `size` bytes, and no
 * more. */
static bool take_ed25519(struct adduce_span blob, uint8_t *out, size_t size) {
  struct adduce_span name, value;
  if (!take_string(&blob, &name) || !span_is(name, "ssh-ed25519")) return false;
  if (!take_string(&blob, &value) || value.size != size || blob.size != 0) return false;
  memcpy(out, value.data, size);
  return true;
}

/* --- answers ------------------------------------------------------------------------------ */

/* The first byte of an answer says what it is. */
static enum adduce_err take_type(struct adduce_scope *scope, struct adduce_span *rest,
                                 uint8_t type) {
  if (rest->size == 0) return garbled(scope, "it is empty");
  if (rest->data[0] != type)
    return scope_fail(scope, ADDUCE_E_AGENT, "the ssh-agent refused (answer %u, not %u)",
                      rest->data[0], type);
  *rest = span_of(rest->data + 1, rest->size - 1);
  return ADDUCE_OK;
}

/* A comment goes to terminals: no control characters, no broken UTF-8. */
static const char *tame(struct adduce_scope *scope, struct adduce_span comment) {
  char *text = scope_alloc(scope, comment.size + 1);
  if (text == NULL) return NULL;
  size_t used = 0;
  for (size_t at = 0; at < comment.size;) {
    uint32_t point;
    size_t length = utf8_decode(span_of(comment.data + at, comment.size - at), &point);
    if (length == 0 || point < 0x20 || (point >= 0x7f && point < 0xa0)) {
      text[used++] = '?';
    } else {
      memcpy(text + used, comment.data + at, length);
      used += length;
    }
    at += length == 0 ? 1 : length;
  }
  text[used] = '\0';
  return text;
}

enum adduce_err agent_parse_identities(struct adduce_scope *scope,
                                       const struct signer_agent_key **keys, size_t *count,
                                       struct adduce_span reply) {
  *keys = NULL;
  *count = 0;
  TRY(take_type(scope, &reply, IDENTITIES_ANSWER));
  uint32_t held;
  if (!take_u32(&reply, &held)) return garbled(scope, "it has no count of keys");
  /* Two lengths of four bytes are the least a key takes, so a lie about the count costs no
   * more memory than the answer itself. */
  if (held > reply.size / 8) return garbled(scope, "it counts more keys than it has room for");
  struct signer_agent_key *found = scope_array(scope, held, sizeof *found);
  if (found == NULL) return scope_no_memory(scope);
  size_t used = 0;
  for (uint32_t i = 0; i < held; i++) {
    struct adduce_span blob, comment;
    if (!take_string(&reply, &blob) || !take_string(&reply, &comment))
      return garbled(scope, "a key is cut short");
    if (!take_ed25519(blob, found[used].key.bytes, sizeof found[used].key.bytes)) continue;
    if (!sign_key_acceptable(&found[used].key)) continue;
    found[used].comment = tame(scope, comment);
    if (found[used].comment == NULL) return scope_no_memory(scope);
    used++;
  }
  if (reply.size != 0) return garbled(scope, "bytes follow the last key");
  *keys = found;
  *count = used;
  return ADDUCE_OK;
}

enum adduce_err agent_parse_signature(struct adduce_scope *scope,
                                      struct adduce_signature *signature,
                                      struct adduce_span reply) {
  TRY(take_type(scope, &reply, SIGN_RESPONSE));
  struct adduce_span blob;
  if (!take_string(&reply, &blob) || reply.size != 0)
    return garbled(scope, "it is not one signature");
  if (!take_ed25519(blob, signature->bytes, sizeof signature->bytes))
    return garbled(scope, "the signature is not one of ssh-ed25519");
  return ADDUCE_OK;
}

/* --- questions ---------------------------------------------------------------------------- */

/* To a caller every failure but that of memory is the agent's. */
static enum adduce_err exchange(struct adduce_scope *scope, struct adduce_span *reply,
                                const char *socket_path, struct buffer *request,
                                unsigned timeout_ms) {
  struct adduce_span bytes;
  TRY(buffer_take(request, &bytes));
  enum adduce_err err =
      localsocket_exchange(scope, reply, socket_path, bytes, REPLY_BYTES_MAX, timeout_ms);
  if (err == ADDUCE_OK || err == ADDUCE_E_MEMORY) return err;
  return scope_wrap(scope, ADDUCE_E_AGENT, "ssh-agent: ");
}

enum adduce_err agent_list(struct adduce_scope *scope, const struct signer_agent_key **keys,
                           size_t *count, const char *socket_path) {
  *keys = NULL;
  *count = 0;
  struct buffer request;
  struct adduce_span reply;
  buffer_init(&request, scope);
  buffer_byte(&request, REQUEST_IDENTITIES);
  TRY(exchange(scope, &reply, socket_path, &request, LIST_TIMEOUT_MS));
  return agent_parse_identities(scope, keys, count, reply);
}

enum adduce_err agent_sign(struct adduce_scope *scope, struct adduce_signature *signature,
                           const char *socket_path, const struct adduce_key *key,
                           struct adduce_span message) {
  if (message.size > MESSAGE_BYTES_MAX)
    return scope_fail(scope, ADDUCE_E_AGENT, "%zu bytes are more than an ssh-agent signs",
                      message.size);
  struct adduce_span name = span_text("ssh-ed25519");
  struct buffer request;
  buffer_init(&request, scope);
  buffer_byte(&request, SIGN_REQUEST);
  put_u32(&request, (uint32_t)(4 + name.size + 4 + sizeof key->bytes));
  put_string(&request, name);
  put_string(&request, span_of(key->bytes, sizeof key->bytes));
  put_string(&request, message);
  put_u32(&request, 0); /* no flags */
  struct adduce_span reply;
  TRY(exchange(scope, &reply, socket_path, &request, SIGN_TIMEOUT_MS));
  return agent_parse_signature(scope, signature, reply);
}
