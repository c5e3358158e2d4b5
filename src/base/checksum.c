/* SPDX-License-Identifier: Apache-2.0 */
/* Four lanes take the words in turn, so that one need not wait for another. Every step is a
 * bijection of the lane for a given word, and of the word for a given lane: a change of one word
 * cannot get lost. */
#include "base/checksum.h"

#include "base/bigendian.h"

#define LANES 4
#define FACTOR UINT64_C(0x9e3779b97f4a7c15)

static inline uint64_t rotate(uint64_t word, unsigned bits) {
  return word << bits | word >> (64 - bits);
}

static inline uint64_t take(uint64_t lane, uint64_t word) {
  return (rotate(lane, 29) ^ word) * FACTOR;
}

static uint64_t mix(uint64_t word) {
  word ^= word >> 32;
  word *= FACTOR;
  return word ^ word >> 29;
}

/* The last bytes, of which there are fewer than eight, with zeros behind them. */
static uint64_t read_rest(const uint8_t *data, size_t size) {
  uint8_t word[8] = {0};
  memcpy(word, data, size);
  return bigendian_get64(word);
}

uint64_t checksum_of(struct adduce_span bytes) {
  uint64_t lanes[LANES] = {1, 2, 3, 4}, sum = bytes.size;
  size_t at = 0;
  for (; bytes.size - at >= sizeof lanes; at += sizeof lanes)
    for (size_t i = 0; i < LANES; i++)
      lanes[i] = take(lanes[i], bigendian_get64(bytes.data + at + 8 * i));
  size_t lane = 0;
  for (; bytes.size - at >= 8; at += 8, lane++)
    lanes[lane] = take(lanes[lane], bigendian_get64(bytes.data + at));
  if (at != bytes.size)
    lanes[lane] = take(lanes[lane], read_rest(bytes.data + at, bytes.size - at));
  for (size_t i = 0; i < LANES; i++) sum = take(sum, mix(lanes[i]));
  return mix(sum);
}
