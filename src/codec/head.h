/* SPDX-License-Identifier: Apache-2.0 */
/* Heads: what the first bytes of a MessagePack value say. Shared by the canonical check, which
 * wants to know whether the form was the shortest, and the cursor, which knows that it was. */
#ifndef CODEC_HEAD_H
#define CODEC_HEAD_H

#include "base/bigendian.h"
#include "base/span.h"

enum head_kind {
  HEAD_UINT,
  HEAD_INT, /* the signed forms d0 to d3 and the negative fixint */
  HEAD_BOOL,
  HEAD_STR,
  HEAD_BIN,
  HEAD_ARRAY,
  HEAD_MAP,
  HEAD_NIL,
  HEAD_FLOAT,
  HEAD_EXT,
  HEAD_RESERVED,
};

/* A form whose head byte is c0 to df. */
struct head_form {
  uint8_t kind;   /* enum head_kind */
  uint8_t width;  /* bytes of integer, length or count after the head byte */
  uint64_t least; /* what a shorter form cannot hold: a value, length or count; for HEAD_INT
                     that of -1 - value */
};

extern const struct head_form head_forms[32];

struct head {
  enum head_kind kind;
  unsigned size;  /* bytes: 1, 2, 3, 5 or 9 */
  uint64_t value; /* integer (HEAD_INT: two's complement in 64 bits), truth, length or count */
  uint64_t least; /* as in struct head_form; 0 where the head byte says it all */
};

/* The big-endian integer of `width` bytes (0, 1, 2, 4 or 8). */
static inline uint64_t head_number(const uint8_t *in, unsigned width) {
  switch (width) {
    case 1:
      return in[0];
    case 2:
      return bigendian_get16(in);
    case 4:
      return bigendian_get32(in);
    case 8:
      return bigendian_get64(in);
    default:
      return 0;
  }
}

/* Forms c0 to df. */
static inline bool head_read_form(struct head *head, const uint8_t *at, size_t room) {
  const struct head_form *form = &head_forms[at[0] & 31];
  head->kind = (enum head_kind)form->kind;
  head->size = 1u + form->width;
  head->least = form->least;
  if (room < head->size) return false;
  head->value = head_number(at + 1, form->width);
  if (head->kind == HEAD_INT) {
    unsigned unused_bits = 64u - 8u * form->width;
    head->value = (uint64_t)((int64_t)(head->value << unused_bits) >> unused_bits);
  } else if (head->kind == HEAD_BOOL) {
    head->value = at[0] & 1;
  }
  return true;
}

/* Reads the head at `at`, of which there are `room` bytes, at least 1. False when the head
 * itself is cut short; `head->kind` is set then too. */
__attribute__((always_inline)) static inline bool head_read(struct head *head, const uint8_t *at,
                                                            size_t room) {
  uint8_t byte = at[0];
  if ((byte & 0xe0) == 0xc0) return head_read_form(head, at, room);
  head->size = 1;
  head->least = 0;
  if (byte < 0x80) {
    head->kind = HEAD_UINT;
    head->value = byte;
  } else if (byte >= 0xe0) {
    head->kind = HEAD_INT;
    head->value = (uint64_t)(int8_t)byte;
  } else if (byte >= 0xa0) {
    head->kind = HEAD_STR;
    head->value = byte & 31;
  } else {
    head->kind = byte < 0x90 ? HEAD_MAP : HEAD_ARRAY;
    head->value = byte & 15;
  }
  return true;
}

#endif
