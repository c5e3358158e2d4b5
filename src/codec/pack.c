/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/pack.h"

#include <msgpack/pack.h>

/* The buffer remembers a failure by itself. */
static int append(void *buffer, const char *data, size_t size) {
  buffer_append(buffer, data, size);
  return 0;
}

static inline msgpack_packer packer_of(struct buffer *buffer) {
  msgpack_packer packer = {buffer, append};
  return packer;
}

/* msgpack-c cuts a longer length to 32 bits without a word. */
static inline bool fits(struct buffer *buffer, size_t size) {
  if (size > UINT32_MAX) buffer->failed = true;
  return size <= UINT32_MAX;
}

void pack_bool(struct buffer *buffer, bool value) {
  msgpack_packer packer = packer_of(buffer);
  if (value)
    msgpack_pack_true(&packer);
  else
    msgpack_pack_false(&packer);
}

void pack_int(struct buffer *buffer, int64_t value) {
  msgpack_packer packer = packer_of(buffer);
  msgpack_pack_int64(&packer, value);
}

void pack_str(struct buffer *buffer, struct adduce_span text) {
  if (!fits(buffer, text.size)) return;
  msgpack_packer packer = packer_of(buffer);
  msgpack_pack_str(&packer, text.size);
  buffer_span(buffer, text);
}

void pack_text(struct buffer *buffer, const char *text) {
  pack_str(buffer, span_text(text));
}

void pack_bin(struct buffer *buffer, const void *data, size_t size) {
  if (!fits(buffer, size)) return;
  msgpack_packer packer = packer_of(buffer);
  msgpack_pack_bin(&packer, size);
  buffer_append(buffer, data, size);
}

void pack_array(struct buffer *buffer, size_t count) {
  if (!fits(buffer, count)) return;
  msgpack_packer packer = packer_of(buffer);
  msgpack_pack_array(&packer, count);
}

void pack_map(struct buffer *buffer, size_t count) {
  if (!fits(buffer, count)) return;
  msgpack_packer packer = packer_of(buffer);
  msgpack_pack_map(&packer, count);
}
