/* SPDX-License-Identifier: Apache-2.0 */
/* Packing with msgpack-c. The packer writes shortest forms; the caller writes map keys in
 * ascending order and only text that is valid. A failed growth of the buffer is remembered
 * there. */
#ifndef CODEC_PACK_H
#define CODEC_PACK_H

#include "base/buffer.h"

void pack_bool(struct buffer *buffer, bool value);
void pack_int(struct buffer *buffer, int64_t value);
void pack_str(struct buffer *buffer, struct adduce_span text);
void pack_text(struct buffer *buffer, const char *text);
void pack_bin(struct buffer *buffer, const void *data, size_t size);
void pack_array(struct buffer *buffer, size_t count);
void pack_map(struct buffer *buffer, size_t count);

/* A value that is canonical bytes already. */
static inline void pack_encoded(struct buffer *buffer, struct adduce_span encoded) {
  buffer_span(buffer, encoded);
}

#endif
