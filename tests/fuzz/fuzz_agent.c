/* SPDX-License-Identifier: Apache-2.0 */
/* An ssh-agent's answers. The first byte of the input says of what question; bit 1 frames the
 * rest as an answer whose outer lengths are right. */
#include "base/bigendian.h"
#include "base/buffer.h"
#include "base/invariant.h"
#include "base/utf8.h"
#include "crypto/agent.h"
#include "crypto/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put_string(struct buffer *buffer, struct adduce_span string) {
  uint8_t length[4];
  bigendian_put32(length, (uint32_t)string.size);
  buffer_append(buffer, length, sizeof length);
  buffer_span(buffer, string);
}

static struct adduce_span frame(struct adduce_scope *scope, bool identities,
                                struct adduce_span rest) {
  struct buffer buffer;
  struct adduce_span reply;
  buffer_init(&buffer, scope);
  if (identities) {
    size_t middle = rest.size / 2;
    buffer_append(&buffer, "\x0c\0\0\0\x01", 5);
    put_string(&buffer, span_of(rest.data, middle));
    put_string(&buffer, span_of(rest.data + middle, rest.size - middle));
  } else {
    buffer_byte(&buffer, 14);
    put_string(&buffer, rest);
  }
  INVARIANT(buffer_take(&buffer, &reply) == ADDUCE_OK);
  return reply;
}

static void read_identities(struct adduce_scope *scope, struct adduce_span reply) {
  const struct signer_agent_key *keys;
  size_t count;
  enum adduce_err err = agent_parse_identities(scope, &keys, &count, reply);
  INVARIANT(err == ADDUCE_OK || (err == ADDUCE_E_AGENT && count == 0));
  for (size_t i = 0; i < count; i++) {
    struct adduce_span comment = span_text(keys[i].comment);
    INVARIANT(sign_key_acceptable(&keys[i].key) && utf8_valid(comment, NULL));
    for (size_t j = 0; j < comment.size; j++)
      INVARIANT(comment.data[j] >= 0x20 && comment.data[j] != 0x7f);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct adduce_signature signature;
  if (size == 0) return 0;
  INVARIANT(adduce_scope_open(&scope, (size_t)16 << 20) == ADDUCE_OK);
  INVARIANT(sign_start(scope) == ADDUCE_OK);
  bool identities = (data[0] & 1) != 0;
  struct adduce_span reply = span_of(data + 1, size - 1);
  if (data[0] & 2) reply = frame(scope, identities, reply);
  if (identities) {
    read_identities(scope, reply);
  } else {
    enum adduce_err err = agent_parse_signature(scope, &signature, reply);
    INVARIANT(err == ADDUCE_OK || err == ADDUCE_E_AGENT);
  }
  adduce_scope_close(&scope);
  return 0;
}
