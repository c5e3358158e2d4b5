/* SPDX-License-Identifier: Apache-2.0 */
/* Big-endian integers, as keys and hashed lengths have them. Written out, since compilers make one
 * instruction of this and a loop of a loop. */
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
  bigendian_put16(out4, (uint16_t)(value >> 16));
  bigendian_put16(out4 + 2, (uint16_t)value);
}

static inline uint32_t bigendian_get32(const uint8_t *in4) {
  return (uint32_t)in4[0] << 24 | (uint32_t)in4[1] << 16 | (uint32_t)in4[2] << 8 | in4[3];
}

static inline void bigendian_put64(uint8_t *out8, uint64_t value) {
  bigendian_put32(out8, (uint32_t)(value >> 32));
  bigendian_put32(out8 + 4, (uint32_t)value);
}

static inline uint64_t bigendian_get64(const uint8_t *in8) {
  return (uint64_t)bigendian_get32(in8) << 32 | bigendian_get32(in8 + 4);
}

#endif
