/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/unwrap.h"

#include "base/bigendian.h"
#include "sys/confine.h"

#define HEAD_BYTES 5
#define ENTRY_HEAD_BYTES (8 + 1 + 32 + 4)
#define PIECE_BYTES ((size_t)64 << 10)
#define SLACK_BYTES ((uint64_t)1 << 20)
#define PAYLOAD_BYTES_MAX (BUNDLE_MANIFEST_BYTES_MAX + ENTRY_HEAD_BYTES)

static const struct confine_limits limits = {
    .memory_bytes = (size_t)256 << 20, .cpu_seconds = 3600, .idle_seconds = 120};

/* --- in the confined process ----------------------------------------------------------------*/

static void give_head(char type, size_t size) {
  uint8_t head[HEAD_BYTES] = {(uint8_t)type};
  bigendian_put32(head + 1, (uint32_t)size);
  confine_give(span_of(head, sizeof head));
}

static void give(char type, struct adduce_span payload) {
  give_head(type, payload.size);
  confine_give(payload);
}

static void give_error(enum adduce_err err, const char *detail) {
  uint8_t code[4];
  size_t size = strlen(detail);
  bigendian_put32(code, (uint32_t)err);
  give_head('X', sizeof code + size);
  confine_give(span_of(code, sizeof code));
  confine_give(span_of(detail, size));
}

static enum adduce_err take(void *context, struct adduce_scope *scope, uint8_t *out, size_t *got,
                            size_t capacity) {
  (void)context, (void)scope;
  *got = confine_take(out, capacity);
  return ADDUCE_OK;
}

static enum adduce_err give_skeleton(void *context, struct adduce_scope *scope,
                                     struct adduce_span bytes) {
  (void)context, (void)scope;
  while (bytes.size != 0) {
    size_t part = bytes.size < PIECE_BYTES ? bytes.size : PIECE_BYTES;
    give('S', span_of(bytes.data, part));
    bytes = span_of(bytes.data + part, bytes.size - part);
  }
  return ADDUCE_OK;
}

static void give_entry(const struct bundlereader_item *item) {
  uint8_t head[ENTRY_HEAD_BYTES];
  bigendian_put64(head, item->index);
  head[8] = item->has_content;
  memcpy(head + 9, item->content_digest.bytes, 32);
  bigendian_put32(head + 41, (uint32_t)item->entry.size);
  give_head('E', sizeof head + item->entry.size + item->content.size);
  confine_give(span_of(head, sizeof head));
  confine_give(item->entry);
  confine_give(item->content);
}

static void give_capture(const struct bundle_capture *capture) {
  uint8_t bytes[BUNDLE_CAPTURE_BYTES];
  memcpy(bytes, capture->digest.bytes, 32);
  bigendian_put64(bytes + 32, capture->size_bytes);
  give('C', span_of(bytes, sizeof bytes));
}

static enum adduce_err give_all(struct adduce_scope *scope, struct bundlereader *reader) {
  struct bundlereader_item item;
  do {
    TRY(bundlereader_next(scope, reader, &item));
    if (item.type == BUNDLEREADER_ENTRY) give_entry(&item);
    if (item.type == BUNDLEREADER_CAPTURE) give_capture(&item.capture);
    if (item.type == BUNDLEREADER_CHUNK) give('D', item.chunk);
  } while (item.type != BUNDLEREADER_END);
  give('Z', span_of(NULL, 0));
  return ADDUCE_OK;
}

/* The manifest as it is encoded again, which is as it was; a skeleton is one with another first
 * byte. */
static enum adduce_err give_manifest(struct adduce_scope *scope,
                                     const struct bundlereader *reader) {
  struct bundle_manifest manifest = *bundlereader_manifest(reader);
  struct adduce_span bytes;
  const uint8_t is_skeleton = bundlereader_is_skeleton(reader);
  TRY(bundle_manifest_encode(scope, &bytes, &manifest));
  give_head('M', 1 + bytes.size);
  confine_give(span_of(&is_skeleton, 1));
  confine_give(bytes);
  return ADDUCE_OK;
}

static void work(void *context) {
  const bool *wants_skeleton = context;
  const struct adduce_source source = {take, NULL};
  const struct adduce_sink skeleton = {give_skeleton, NULL};
  struct bundlereader *reader = NULL;
  struct adduce_scope *scope;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) {
    give_error(ADDUCE_E_MEMORY, "no memory");
    return;
  }
  enum adduce_err err =
      bundlereader_open(scope, &reader, &source, *wants_skeleton ? &skeleton : NULL);
  if (err == ADDUCE_OK) err = give_manifest(scope, reader);
  if (err == ADDUCE_OK) err = give_all(scope, reader);
  if (err != ADDUCE_OK) give_error(err, adduce_scope_detail(scope));
}

/* --- outside --------------------------------------------------------------------------------*/

struct unwrap {
  struct adduce_scope *own;
  struct adduce_source source;
  struct adduce_sink skeleton; /* write is NULL: none is wanted */
  struct confine confined;
  struct adduce_source frames; /* the confined process, or what stands for it */
  struct bundle_manifest manifest;
  bool is_skeleton, is_spent;
  uint8_t *input; /* PIECE_BYTES of what came */
  size_t input_at, input_size;
  struct buffer payload; /* of the last frame */
  uint64_t taken, given; /* bytes that went in, and that came out */
};

static enum adduce_err hand_in(void *context, struct adduce_scope *scope, uint8_t *out, size_t *got,
                               size_t capacity) {
  struct unwrap *unwrap = context;
  TRY(unwrap->source.read(unwrap->source.context, scope, out, got, capacity));
  unwrap->taken += *got;
  return ADDUCE_OK;
}

static enum adduce_err refuse(struct adduce_scope *scope) {
  return scope_fail(scope, ADDUCE_E_REFUSED,
                    "the process that read it, confined, gave no sense; nothing was written");
}

/* Adds `size` bytes to the payload, as they come. */
static enum adduce_err gather(struct adduce_scope *scope, struct unwrap *unwrap, size_t size) {
  while (size != 0) {
    size_t held = unwrap->input_size - unwrap->input_at;
    if (held == 0) {
      unwrap->input_at = 0;
      TRY(unwrap->frames.read(unwrap->frames.context, scope, unwrap->input, &unwrap->input_size,
                              PIECE_BYTES));
      if (unwrap->input_size == 0) return refuse(scope);
      continue;
    }
    size_t part = held < size ? held : size;
    buffer_append(&unwrap->payload, unwrap->input + unwrap->input_at, part);
    unwrap->input_at += part;
    size -= part;
  }
  return unwrap->payload.failed ? scope_no_memory(scope) : ADDUCE_OK;
}

static enum adduce_err read_frame(struct adduce_scope *scope, struct unwrap *unwrap, char *type) {
  buffer_reset(&unwrap->payload);
  TRY(gather(scope, unwrap, HEAD_BYTES));
  *type = (char)unwrap->payload.data[0];
  size_t size = bigendian_get32(unwrap->payload.data + 1);
  /* What is in a bundle comes out once, and once more as skeleton. */
  unwrap->given += size;
  if (size > PAYLOAD_BYTES_MAX || unwrap->given > 2 * unwrap->taken + SLACK_BYTES)
    return refuse(scope);
  buffer_reset(&unwrap->payload);
  return gather(scope, unwrap, size);
}

static enum adduce_err relay_error(struct adduce_scope *scope, struct adduce_span payload) {
  if (payload.size < 4) return refuse(scope);
  uint32_t code = bigendian_get32(payload.data);
  bool is_known = code != 0 && strcmp(adduce_error_name((enum adduce_err)code), "unknown") != 0;
  if (!is_known) return refuse(scope);
  return scope_fail(scope, (enum adduce_err)code, "%.*s",
                    SPAN_ARGS(span_of(payload.data + 4, payload.size - 4)));
}

/* The next frame that is no piece of the skeleton, and no error. */
static enum adduce_err next_frame(struct adduce_scope *scope, struct unwrap *unwrap, char *type,
                                  struct adduce_span *payload) {
  for (;;) {
    TRY(read_frame(scope, unwrap, type));
    *payload = span_of(unwrap->payload.data, unwrap->payload.size);
    if (*type == 'X') return relay_error(scope, *payload);
    if (*type != 'S') return ADDUCE_OK;
    if (unwrap->skeleton.write == NULL) return refuse(scope);
    TRY(unwrap->skeleton.write(unwrap->skeleton.context, scope, *payload));
  }
}

static enum adduce_err read_entry(struct adduce_scope *scope, struct bundlereader_item *item,
                                  struct adduce_span payload) {
  if (payload.size < ENTRY_HEAD_BYTES) return refuse(scope);
  size_t rest = payload.size - ENTRY_HEAD_BYTES, size = bigendian_get32(payload.data + 41);
  if (size > rest) return refuse(scope);
  item->type = BUNDLEREADER_ENTRY;
  item->index = bigendian_get64(payload.data);
  item->has_content = payload.data[8] != 0;
  memcpy(item->content_digest.bytes, payload.data + 9, 32);
  item->entry = span_of(payload.data + ENTRY_HEAD_BYTES, size);
  item->content = span_of(payload.data + ENTRY_HEAD_BYTES + size, rest - size);
  return ADDUCE_OK;
}

static enum adduce_err read_capture(struct adduce_scope *scope, struct bundlereader_item *item,
                                    struct adduce_span payload) {
  if (payload.size != BUNDLE_CAPTURE_BYTES) return refuse(scope);
  item->type = BUNDLEREADER_CAPTURE;
  memcpy(item->capture.digest.bytes, payload.data, 32);
  item->capture.size_bytes = bigendian_get64(payload.data + 32);
  return ADDUCE_OK;
}

static enum adduce_err read_item(struct adduce_scope *scope, struct bundlereader_item *item,
                                 char type, struct adduce_span payload) {
  if (type == 'E') return read_entry(scope, item, payload);
  if (type == 'C') return read_capture(scope, item, payload);
  if (type != 'D') return refuse(scope);
  item->type = BUNDLEREADER_CHUNK;
  item->chunk = payload;
  return ADDUCE_OK;
}

/* Only a process that ended well has verified to the end. */
static enum adduce_err read_end(struct adduce_scope *scope, struct unwrap *unwrap,
                                struct bundlereader_item *item) {
  uint8_t more;
  size_t got = 0;
  item->type = BUNDLEREADER_END;
  if (unwrap->input_at != unwrap->input_size) return refuse(scope);
  TRY(unwrap->frames.read(unwrap->frames.context, scope, &more, &got, 1));
  return got == 0 ? ADDUCE_OK : refuse(scope);
}

enum adduce_err unwrap_next(struct adduce_scope *scope, struct unwrap *unwrap,
                            struct bundlereader_item *item) {
  struct adduce_span payload;
  char type;
  *item = (struct bundlereader_item){.type = BUNDLEREADER_END};
  if (unwrap->is_spent) return scope_fail(scope, ADDUCE_E_USAGE, "the bundle was read to its end");
  unwrap->is_spent = true; /* until this is well, and from the end on */
  TRY(next_frame(scope, unwrap, &type, &payload));
  if (type == 'Z') return read_end(scope, unwrap, item);
  TRY(read_item(scope, item, type, payload));
  unwrap->is_spent = false;
  return ADDUCE_OK;
}

static enum adduce_err read_confined(void *context, struct adduce_scope *scope, uint8_t *out,
                                     size_t *got, size_t capacity) {
  struct unwrap *unwrap = context;
  return confine_read(scope, &unwrap->confined, out, got, capacity);
}

static enum adduce_err start_confined(struct adduce_scope *scope, struct unwrap *unwrap) {
  bool wants_skeleton = unwrap->skeleton.write != NULL;
  unwrap->frames = (struct adduce_source){read_confined, unwrap};
  return confine_start(scope, &unwrap->confined, work, &wants_skeleton, hand_in, unwrap, &limits);
}

static enum adduce_err begin(struct adduce_scope *scope, struct unwrap *unwrap) {
  struct adduce_span payload;
  char type;
  if (unwrap->frames.read == NULL) TRY(start_confined(scope, unwrap));
  TRY(next_frame(scope, unwrap, &type, &payload));
  if (type != 'M' || payload.size == 0) return refuse(scope);
  unwrap->is_skeleton = payload.data[0] != 0;
  struct adduce_span bytes = scope_copy(unwrap->own, span_of(payload.data + 1, payload.size - 1));
  if (bytes.data == NULL) return scope_no_memory(scope);
  enum adduce_err err = bundle_manifest_read(unwrap->own, &unwrap->manifest, bytes);
  if (err == ADDUCE_OK) return ADDUCE_OK;
  return scope_relay(scope, err, unwrap->own);
}

static enum adduce_err open_on(struct adduce_scope *scope, struct unwrap **unwrap,
                               const struct adduce_source *source,
                               const struct adduce_source *frames,
                               const struct adduce_sink *skeleton) {
  struct adduce_scope *own = NULL;
  *unwrap = NULL;
  if (adduce_scope_open(&own, 0) != ADDUCE_OK) return scope_no_memory(scope);
  struct unwrap *opened = scope_new(own, struct unwrap);
  uint8_t *input = scope_alloc(own, PIECE_BYTES);
  if (opened == NULL || input == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  *opened = (struct unwrap){.own = own, .confined = {.in = -1, .out = -1}, .input = input};
  if (source != NULL) opened->source = *source;
  if (frames != NULL) opened->frames = *frames;
  if (skeleton != NULL) opened->skeleton = *skeleton;
  buffer_init(&opened->payload, own);
  enum adduce_err err = begin(scope, opened);
  *unwrap = opened;
  if (err != ADDUCE_OK) unwrap_close(unwrap);
  return err;
}

enum adduce_err unwrap_open(struct adduce_scope *scope, struct unwrap **unwrap,
                            const struct adduce_source *source,
                            const struct adduce_sink *skeleton) {
  return open_on(scope, unwrap, source, NULL, skeleton);
}

enum adduce_err unwrap_open_frames(struct adduce_scope *scope, struct unwrap **unwrap,
                                   const struct adduce_source *frames,
                                   const struct adduce_sink *skeleton) {
  return open_on(scope, unwrap, NULL, frames, skeleton);
}

void unwrap_close(struct unwrap **unwrap) {
  if (*unwrap == NULL) return;
  struct adduce_scope *own = (*unwrap)->own;
  confine_close(&(*unwrap)->confined);
  *unwrap = NULL;
  adduce_scope_close(&own);
}

const struct bundle_manifest *unwrap_manifest(const struct unwrap *unwrap) {
  return &unwrap->manifest;
}

bool unwrap_is_skeleton(const struct unwrap *unwrap) {
  return unwrap->is_skeleton;
}

const char *unwrap_guards(const struct unwrap *unwrap) {
  static const char *const words[] = {
      "limits alone: there is neither landlock nor seccomp here; it has a copy of our secrets",
      "limits and landlock; there is no seccomp here; it has a copy of our secrets",
      "limits and seccomp; this kernel has no landlock; it has a copy of our secrets",
      "limits, landlock and seccomp; it has a copy of our secrets",
      "limits alone: there is neither landlock nor seccomp here",
      "limits and landlock; there is no seccomp here",
      "limits and seccomp; this kernel has no landlock",
      "limits, landlock and seccomp",
  };
  const struct confine *confined = &unwrap->confined;
  return words[confined->has_landlock + 2 * confined->has_seccomp + 4 * confined->has_no_secrets];
}
