#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes merkle.txt: roots and proofs by the recursive definitions of RFC 6962, 2.1. Entry i is
the decimal text of i."""

import hashlib
from functools import lru_cache


def sha256(data):
    return hashlib.sha256(data).digest()


@lru_cache(maxsize=None)
def mth(start, end):
    if start == end:
        return sha256(b"")
    if end - start == 1:
        return sha256(b"\0" + b"%d" % start)
    k = 1 << (end - start - 1).bit_length() - 1
    return sha256(b"\1" + mth(start, start + k) + mth(start + k, end))


def inclusion(m, start, end):
    if end - start == 1:
        return []
    k = 1 << (end - start - 1).bit_length() - 1
    if m < k:
        return inclusion(m, start, start + k) + [mth(start + k, end)]
    return inclusion(m - k, start + k, end) + [mth(start, start + k)]


def consistency(m, start, end, whole=True):
    if m == end - start:
        return [] if whole else [mth(start, end)]
    k = 1 << (end - start - 1).bit_length() - 1
    if m <= k:
        return consistency(m, start, start + k, whole) + [mth(start + k, end)]
    return consistency(m - k, start + k, end, False) + [mth(start, start + k)]


def main():
    print("# Written by merkle.py. Entry i is the decimal text of i. Lines: root SIZE HASH,")
    print("# inclusion INDEX SIZE HASH..., consistency OLD NEW HASH... (none: -).")
    for size in [*range(18), 255, 256, 257, 511, 512, 513, 1000, 65535, 65536, 65537, 70000]:
        print("root", size, mth(0, size).hex())
    for index, size in [(0, 1), (0, 2), (5, 7), (6, 7), (255, 256), (255, 257), (256, 257),
                        (0, 1000), (777, 1000), (999, 1000), (65536, 65537), (12345, 70000)]:
        print("inclusion", index, size, *([h.hex() for h in inclusion(index, 0, size)] or ["-"]))
    for old, new in [(1, 1), (1, 2), (3, 7), (4, 7), (6, 8), (255, 256), (256, 257), (256, 1000),
                     (300, 1000), (512, 513), (65536, 70000), (65537, 70000)]:
        print("consistency", old, new, *([h.hex() for h in consistency(old, 0, new)] or ["-"]))


main()
