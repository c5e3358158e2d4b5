/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

void hex_encode(struct adduce_span bytes, char *out) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < bytes.size; i++) {
    out[2 * i] = digits[bytes.data[i] >> 4];
    out[2 * i + 1] = digits[bytes.data[i] & 15];
  }
  out[2 * bytes.size] = '\0';
}

static int digit_value(uint8_t digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

bool hex_decode(struct adduce_span digits, uint8_t *out, size_t size) {
  if (digits.size != 2 * size) return false;
  for (size_t i = 0; i < size; i++) {
    int high = digit_value(digits.data[2 * i]);
    int low = digit_value(digits.data[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = (uint8_t)(high << 4 | low);
  }
  return true;
}

struct hex64 hex_text32(const uint8_t *bytes32) {
  struct hex64 hex;
  hex_encode(span_of(bytes32, 32), hex.text);
  return hex;
}
