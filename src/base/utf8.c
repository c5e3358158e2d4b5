/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

/* What may follow each lead byte. The second byte's range is what shuts out overlong forms,
 * surrogates and points above U+10FFFF. */
struct lead {
  uint8_t length; /* 0: no lead byte */
  uint8_t second_low, second_high;
};

static struct lead classify(uint8_t byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return (struct lead){2, 0x80, 0xbf};
  if (byte == 0xe0) return (struct lead){3, 0xa0, 0xbf};
  if (byte == 0xed) return (struct lead){3, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return (struct lead){3, 0x80, 0xbf};
  if (byte == 0xf0) return (struct lead){4, 0x90, 0xbf};
  if (byte >= 0xf1 && byte <= 0xf3) return (struct lead){4, 0x80, 0xbf};
  if (byte == 0xf4) return (struct lead){4, 0x80, 0x8f};
  return (struct lead){0, 0, 0};
}

size_t utf8_decode(struct adduce_span text, uint32_t *point) {
  if (text.size == 0) return 0;
  uint8_t first = text.data[0];
  if (first < 0x80) {
    *point = first;
    return 1;
  }
  struct lead lead = classify(first);
  if (lead.length == 0 || text.size < lead.length) return 0;
  if (text.data[1] < lead.second_low || text.data[1] > lead.second_high) return 0;
  uint32_t value = first & (0x7fu >> lead.length);
  for (size_t i = 1; i < lead.length; i++) {
    if ((text.data[i] & 0xc0) != 0x80) return 0;
    value = value << 6 | (text.data[i] & 0x3fu);
  }
  *point = value;
  return lead.length;
}

bool utf8_valid(struct adduce_span text, size_t *offset) {
  const uint64_t high_bits = UINT64_C(0x8080808080808080);
  size_t at = 0;
  while (at < text.size) {
    uint64_t eight;
    if (text.size - at >= sizeof eight) {
      memcpy(&eight, text.data + at, sizeof eight);
      if ((eight & high_bits) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    uint32_t point;
    size_t length = utf8_decode(span_of(text.data + at, text.size - at), &point);
    if (length == 0) {
      if (offset != NULL) *offset = at;
      return false;
    }
    at += length;
  }
  return true;
}

bool utf8_space(uint32_t point) {
  return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 || point == 0xa0 ||
         point == 0x1680 || (point >= 0x2000 && point <= 0x200a) || point == 0x2028 ||
         point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000;
}
