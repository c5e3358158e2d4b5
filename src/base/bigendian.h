/* SPDX-License-Identifier: Apache-2.0 */
/* Big-endian integers, as keys and hashed lengths have them. One store of swapped bytes each:
 * written out by bytes, gcc 12 makes vectors of several in a row, which costs as much as a hash. */
#ifndef BASE_BIGENDIAN_H
#define BASE_BIGENDIAN_H

#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BIGENDIAN_SWAP(bits, value) __builtin_bswap##bits(value)
#else
#define BIGENDIAN_SWAP(bits, value) (value)
#endif

static inline void bigendian_put16(uint8_t *out2, uint16_t value) {
  uint16_t swapped = BIGENDIAN_SWAP(16, value);
  memcpy(out2, &swapped, sizeof swapped);
}

static inline uint16_t bigendian_get16(const uint8_t *in2) {
  uint16_t swapped;
  memcpy(&swapped, in2, sizeof swapped);
  return BIGENDIAN_SWAP(16, swapped);
}

static inline void bigendian_put32(uint8_t *out4, uint32_t value) {
  uint32_t swapped = BIGENDIAN_SWAP(32, value);
  memcpy(out4, &swapped, sizeof swapped);
}

static inline uint32_t bigendian_get32(const uint8_t *in4) {
  uint32_t swapped;
  memcpy(&swapped, in4, sizeof swapped);
  return BIGENDIAN_SWAP(32, swapped);
}

static inline void bigendian_put64(uint8_t *out8, uint64_t value) {
  uint64_t swapped = BIGENDIAN_SWAP(64, value);
  memcpy(out8, &swapped, sizeof swapped);
}

static inline uint64_t bigendian_get64(const uint8_t *in8) {
  uint64_t swapped;
  memcpy(&swapped, in8, sizeof swapped);
  return BIGENDIAN_SWAP(64, swapped);
}

#endif
