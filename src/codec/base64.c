/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/base64.h"

void base64_encode(struct buffer *buffer, struct adduce_span bytes) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < bytes.size; i += 3) {
    size_t left = bytes.size - i;
    uint32_t word = (uint32_t)bytes.data[i] << 16;
    if (left > 1) word |= (uint32_t)bytes.data[i + 1] << 8;
    if (left > 2) word |= bytes.data[i + 2];
    char text[4] = {digits[word >> 18], digits[word >> 12 & 63], '=', '='};
    if (left > 1) text[2] = digits[word >> 6 & 63];
    if (left > 2) text[3] = digits[word & 63];
    buffer_append(buffer, text, sizeof text);
  }
}

static int digit_value(uint8_t digit) {
  if (digit >= 'A' && digit <= 'Z') return digit - 'A';
  if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
  if (digit >= '0' && digit <= '9') return digit - '0' + 52;
  if (digit == '+') return 62;
  return digit == '/' ? 63 : -1;
}

/* Four characters, the last `padding` of which are "=". */
static bool decode_group(struct buffer *buffer, const uint8_t *text4, unsigned padding) {
  uint32_t word = 0;
  for (unsigned i = 0; i < 4; i++) {
    int value = i < 4 - padding ? digit_value(text4[i]) : 0;
    if (value < 0) return false;
    word = word << 6 | (uint32_t)value;
  }
  const uint8_t bytes[3] = {(uint8_t)(word >> 16), (uint8_t)(word >> 8), (uint8_t)word};
  for (unsigned i = 3 - padding; i < 3; i++)
    if (bytes[i] != 0) return false;
  buffer_append(buffer, bytes, 3 - padding);
  return true;
}

bool base64_decode(struct buffer *buffer, struct adduce_span text) {
  if (text.size % 4 != 0) return false;
  for (size_t i = 0; i < text.size; i += 4) {
    const uint8_t *group = text.data + i;
    unsigned padding = 0;
    if (i + 4 == text.size && group[3] == '=') padding = group[2] == '=' ? 2 : 1;
    if (!decode_group(buffer, group, padding)) return false;
  }
  return true;
}
