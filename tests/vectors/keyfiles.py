#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes keyfiles.txt: key files made from the format's description alone, with Argon2id
(RFC 9106) and XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) written out, at costs that a slow
language can pay."""

import sys

sys.dont_write_bytecode = True

import hashlib
import struct

from ed25519_strict import BASE, encode, times

MASK = (1 << 64) - 1


def le32(*values):
    return struct.pack("<%dI" % len(values), *values)


# --- Argon2id, one lane ---------------------------------------------------------------------


def long_hash(data, size):
    data = le32(size) + data
    if size <= 64:
        return hashlib.blake2b(data, digest_size=size).digest()
    value = hashlib.blake2b(data).digest()
    out = value[:32]
    while size - len(out) > 64:
        value = hashlib.blake2b(value).digest()
        out += value[:32]
    return out + hashlib.blake2b(value, digest_size=size - len(out)).digest()


def mix(v, a, b, c, d):
    for one, two in ((32, 24), (16, 63)):
        v[a] = (v[a] + v[b] + 2 * (v[a] & 0xFFFFFFFF) * (v[b] & 0xFFFFFFFF)) & MASK
        v[d] ^= v[a]
        v[d] = (v[d] >> one | v[d] << 64 - one) & MASK
        v[c] = (v[c] + v[d] + 2 * (v[c] & 0xFFFFFFFF) * (v[d] & 0xFFFFFFFF)) & MASK
        v[b] ^= v[c]
        v[b] = (v[b] >> two | v[b] << 64 - two) & MASK


def permute(block, places):
    v = [block[p] for p in places]
    for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                       (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
        mix(v, a, b, c, d)
    for p, value in zip(places, v):
        block[p] = value


def compress(x, y):
    r = [a ^ b for a, b in zip(x, y)]
    z = list(r)
    for row in range(8):
        permute(z, range(16 * row, 16 * row + 16))
    for column in range(8):
        permute(z, [16 * row + 2 * column + i for row in range(8) for i in (0, 1)])
    return [a ^ b for a, b in zip(r, z)]


def argon2id(password, salt, passes, kib, size):
    length = kib // 4 * 4
    segment = length // 4
    h0 = hashlib.blake2b(le32(1, size, kib, passes, 0x13, 2, len(password)) + password +
                         le32(len(salt)) + salt + le32(0, 0)).digest()
    blocks = [[0] * 128 for _ in range(length)]
    for i in (0, 1):
        blocks[i] = list(struct.unpack("<128Q", long_hash(h0 + le32(i, 0), 1024)))
    zero = [0] * 128
    for turn in range(passes):
        for part in range(4):
            independent = turn == 0 and part < 2
            for i in range(segment):
                if independent and i % 128 == 0:
                    counter = [turn, 0, part, length, passes, 2, i // 128 + 1] + [0] * 121
                    addresses = compress(zero, compress(zero, counter))
                if turn == 0 and part == 0 and i < 2:
                    continue
                here = part * segment + i
                previous = blocks[here - 1]  # of the first one: the last
                j = (addresses[i % 128] if independent else previous[0]) & 0xFFFFFFFF
                area = (part * segment if turn == 0 else length - segment) + i - 1
                relative = area - 1 - (area * (j * j >> 32) >> 32)
                start = 0 if turn == 0 or part == 3 else (part + 1) * segment
                new = compress(previous, blocks[(start + relative) % length])
                if turn != 0:
                    new = [a ^ b for a, b in zip(new, blocks[here])]
                blocks[here] = new
    return long_hash(struct.pack("<128Q", *blocks[-1]), size)


# --- XChaCha20-Poly1305 ---------------------------------------------------------------------


def quarter(v, a, b, c, d):
    for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        v[x] = (v[x] + v[y]) & 0xFFFFFFFF
        v[z] ^= v[x]
        v[z] = (v[z] << n | v[z] >> 32 - n) & 0xFFFFFFFF


def rounds(key, rest):
    first = list(struct.unpack("<16I", b"expand 32-byte k" + key + rest))
    v = list(first)
    for _ in range(10):
        for i in range(4):
            quarter(v, i, i + 4, i + 8, i + 12)
        for i in range(4):
            quarter(v, i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12)
    return first, v


def chacha20(key, counter, nonce):
    first, v = rounds(key, le32(counter) + nonce)
    return le32(*((a + b) & 0xFFFFFFFF for a, b in zip(first, v)))


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(message), 16):
        total = (total + int.from_bytes(message[i : i + 16] + b"\1", "little")) * r % (2**130 - 5)
    return (total + int.from_bytes(key[16:], "little") & (1 << 128) - 1).to_bytes(16, "little")


def hchacha20(key, nonce16):
    _, v = rounds(key, nonce16)
    return le32(*v[:4], *v[12:])


def seal(key, nonce24, associated, plain):
    assert len(plain) <= 64 and len(plain) % 16 == 0 and len(associated) % 16 == 0
    subkey = hchacha20(key, nonce24[:16])
    nonce = bytes(4) + nonce24[16:]
    cipher = bytes(a ^ b for a, b in zip(plain, chacha20(subkey, 1, nonce)))
    lengths = struct.pack("<2Q", len(associated), len(cipher))
    return cipher + poly1305(chacha20(subkey, 0, nonce)[:32], associated + cipher + lengths)


# --- key files ------------------------------------------------------------------------------


def public(seed):
    digest = hashlib.sha512(seed).digest()
    return encode(times(int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254, BASE))


def keyfile(seed, purpose, passphrase=None, passes=0, kib=0, salt=bytes(16), nonce=bytes(24)):
    head = b"adduce key v1\n\0\0" + bytes([passphrase is not None, purpose]) + bytes(6)
    head += public(seed) + struct.pack(">2Q", passes, kib << 10) + salt + nonce
    assert len(head) == 112
    if passphrase is None:
        return head + seed + hashlib.sha256(head + seed).digest()[:16]
    return head + seal(argon2id(passphrase, salt, passes, kib, 32), nonce, head, seed)


def main():
    seed = hashlib.sha256(b"a seed").digest()
    salt, nonce = hashlib.sha256(b"salt").digest()[:16], hashlib.sha256(b"nonce").digest()[:24]
    print("# Written by keyfiles.py. Lines: passphrase (none: -), seed, file.")
    print("-", seed.hex(), keyfile(seed, 1).hex())
    print("-", seed.hex(), keyfile(seed, 3).hex())
    print("pass", seed.hex(), keyfile(seed, 2, b"pass", 1, 8, salt, nonce).hex())
    word = "pässword"
    print(word, seed.hex(), keyfile(seed, 1, word.encode(), 3, 300, salt, nonce).hex())


if __name__ == "__main__":
    main()
