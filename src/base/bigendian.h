/* SPDX-License-Identifier: Apache-2.0 */
/* Big-endian integers, as keys and hashed lengths have them. */
#ifndef BASE_BIGENDIAN_H
#define BASE_BIGENDIAN_H

#include <stdint.h>

static inline void bigendian_put16(uint8_t *out2, uint16_t value) {
  out2[0] = (uint8_t)(value >> 8);
  out2[1] = (uint8_t)value;
}

static inline uint16_t bigendian_get16(const uint8_t *in2) {
  return (uint16_t)((in2[0] << 8) | in2[1]);
}

static inline void bigendian_put32(uint8_t *out4, uint32_t value) {
  for (int i = 0; i < 4; i++) out4[i] = (uint8_t)(value >> (24 - 8 * i));
}

static inline uint32_t bigendian_get32(const uint8_t *in4) {
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) value = (value << 8) | in4[i];
  return value;
}

static inline void bigendian_put64(uint8_t *out8, uint64_t value) {
  for (int i = 0; i < 8; i++) out8[i] = (uint8_t)(value >> (56 - 8 * i));
}

static inline uint64_t bigendian_get64(const uint8_t *in8) {
  uint64_t value = 0;
  for (int i = 0; i < 8; i++) value = (value << 8) | in8[i];
  return value;
}

#endif
