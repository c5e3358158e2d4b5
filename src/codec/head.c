/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/head.h"

#define POWER_31 (UINT64_C(1) << 31)
#define POWER_32 (UINT64_C(1) << 32)

const struct head_form head_forms[32] = {
    [0x00] = {HEAD_NIL, 0, 0},      [0x01] = {HEAD_RESERVED, 0, 0},
    [0x02] = {HEAD_BOOL, 0, 0},     [0x03] = {HEAD_BOOL, 0, 0},
    [0x04] = {HEAD_BIN, 1, 0},      [0x05] = {HEAD_BIN, 2, 256},
    [0x06] = {HEAD_BIN, 4, 65536},  [0x07] = {HEAD_EXT, 0, 0},
    [0x08] = {HEAD_EXT, 0, 0},      [0x09] = {HEAD_EXT, 0, 0},
    [0x0a] = {HEAD_FLOAT, 0, 0},    [0x0b] = {HEAD_FLOAT, 0, 0},
    [0x0c] = {HEAD_UINT, 1, 128},   [0x0d] = {HEAD_UINT, 2, 256},
    [0x0e] = {HEAD_UINT, 4, 65536}, [0x0f] = {HEAD_UINT, 8, POWER_32},
    [0x10] = {HEAD_INT, 1, 32},     [0x11] = {HEAD_INT, 2, 128},
    [0x12] = {HEAD_INT, 4, 32768},  [0x13] = {HEAD_INT, 8, POWER_31},
    [0x14] = {HEAD_EXT, 0, 0},      [0x15] = {HEAD_EXT, 0, 0},
    [0x16] = {HEAD_EXT, 0, 0},      [0x17] = {HEAD_EXT, 0, 0},
    [0x18] = {HEAD_EXT, 0, 0},      [0x19] = {HEAD_STR, 1, 32},
    [0x1a] = {HEAD_STR, 2, 256},    [0x1b] = {HEAD_STR, 4, 65536},
    [0x1c] = {HEAD_ARRAY, 2, 16},   [0x1d] = {HEAD_ARRAY, 4, 65536},
    [0x1e] = {HEAD_MAP, 2, 16},     [0x1f] = {HEAD_MAP, 4, 65536},
};
