#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes ed25519_strict.txt: every way in which the points A and R of an Ed25519 signature can
be odd, one signature each, from plain integers and no library, so that it is an oracle for one.

Points A and R are each one of
  - the 14 encodings of a point of small order (8 canonical, 6 not),
  - a point of the prime-order subgroup plus each of the 8 points of small order.
For each pair, if there is one, a message for which the small-order parts of R + kA cancel out
(a cofactorless verifier then accepts) and one for which they do not (only a cofactored one
does); and for encodings that are not canonical also signatures made with k over the canonical
ones. Every signature satisfies the cofactored equation. The strict profile accepts those with
no flag, and nothing else.

The space is that of C2SP/CCTV's ed25519vectors; the vectors are our own."""

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P)


def times(n, a):
    out = (0, 1)
    while n:
        if n & 1:
            out = add(out, a)
        a = add(a, a)
        n >>= 1
    return out


def lift(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert (x * x - x2) % P == 0
    return (P - x if x & 1 != sign else x, y)


def encode(a):
    return (a[1] | (a[0] & 1) << 255).to_bytes(32, "little")


BASE = lift(4 * pow(5, -1, P) % P, 0)
ORDER8 = lift(int.from_bytes(bytes.fromhex(
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"), 0)
SMALL = [times(i, ORDER8) for i in range(8)]
assert times(8, ORDER8) == (0, 1) and len(set(SMALL)) == 8 and times(L, BASE) == (0, 1)


def alternatives(a):
    """The encodings of `a` that are not canonical."""
    out = []
    for y in {a[1], a[1] + P}:
        for sign in (0, 1):
            if y < 2**255 and (sign == a[0] & 1 or a[0] == 0):
                out.append((y | sign << 255).to_bytes(32, "little"))
    return sorted(e for e in out if e != encode(a))


def scalar(label):
    return int.from_bytes(hashlib.sha512(label.encode()).digest(), "little") % L


def choices(label):
    """(encoding, canonical encoding, small-order part, scalar, flags)"""
    out = []
    for i, small in enumerate(SMALL):
        component = "c" if i else ""
        for n, encoding in enumerate([encode(small)] + alternatives(small)):
            out.append((encoding, encode(small), i, 0, "s" + component + ("n" if n else "")))
    secret = scalar("adduce strict " + label)
    for i, small in enumerate(SMALL):
        encoding = encode(add(times(secret, BASE), small))
        out.append((encoding, encoding, i, secret, "c" if i else ""))
    return out


def hram(r, a, message):
    return int.from_bytes(hashlib.sha512(r + a + message).digest(), "little") % L


def vectors():
    keys, points = choices("A"), choices("R")
    assert len(keys) == len(points) == 22
    for a, a_canonical, a_small, a_secret, a_flags in keys:
        for r, r_canonical, r_small, r_secret, r_flags in points:
            odd = "n" in a_flags + r_flags
            for reencoded in (False, True) if odd else (False,):
                for residue in (False, True):
                    for number in range(200):
                        message = b"adduce_strict_%d" % number
                        k = hram(r, a, message)
                        used = hram(r_canonical, a_canonical, message) if reencoded else k
                        if reencoded and used % 8 == k % 8:
                            continue
                        if ((r_small + used * a_small) % 8 != 0) == residue:
                            break
                    else:
                        continue  # it cannot be had: A has no small-order part, or R decides
                    s = (r_secret + used * a_secret) % L
                    flags = ["A" + f for f in a_flags] + ["R" + f for f in r_flags]
                    flags += ["residue"] * residue + ["reencoded"] * reencoded
                    yield a, r + s.to_bytes(32, "little"), message, flags


def main():
    print("# Written by ed25519_strict.py, which says what this is. One signature a line:")
    print("# key, signature, message (text), flags. Flags: As, Rs of small order; Ac, Rc with a")
    print("# part of small order; An, Rn not canonical; residue: the parts do not cancel out;")
    print("# reencoded: k is over canonical encodings. Accept exactly the lines with flags \"-\".")
    for key, signature, message, flags in vectors():
        print(key.hex(), signature.hex(), message.decode(), ",".join(flags) or "-")


if __name__ == "__main__":
    main()
