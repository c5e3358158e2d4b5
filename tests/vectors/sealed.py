#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes sealed.txt: sealed streams made from docs/FORMAT.md 9 alone, with X25519 (RFC 7748),
XChaCha20-Poly1305 and libsodium's secretstream written out. A line is: what a reader says, the seed
of its key, the plaintext, the stream; bytes in hexadecimal, "-" for none."""

import sys

sys.dont_write_bytecode = True

import struct

from keyfiles import chacha20, hchacha20, le32, poly1305
from keyfiles import public as public_of
from keyfiles import seal as wrap
from make_event_vectors import sha256

P = 2**255 - 19
LINE = b"adduce/sealed/v1\n"
MESSAGE, PUSH, REKEY, FINAL = 0, 1, 2, 3


def clamp(scalar):
    scalar = bytearray(scalar)
    scalar[0] &= 248
    scalar[31] = scalar[31] & 127 | 64
    return int.from_bytes(scalar, "little")


def x25519(scalar, u):
    """RFC 7748, 5; the scalar is a number that has been clamped."""
    x1, x2, z2, x3, z3, swap = u, 1, 0, u, 1, 0
    for t in reversed(range(255)):
        bit = scalar >> t & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def montgomery(public):
    """The u of an Ed25519 key: (1 + y) / (1 - y)."""
    y = int.from_bytes(public, "little") & (1 << 255) - 1
    return (1 + y) * pow(1 - y, P - 2, P) % P


def stream(key, counter, nonce, data):
    out = b""
    for i in range(0, len(data), 64):
        block = chacha20(key, counter + i // 64, nonce)
        out += bytes(a ^ b for a, b in zip(data[i : i + 64], block))
    return out


def padded(data):
    return data + bytes(-len(data) % 16)


class Secretstream:
    """crypto_secretstream_xchacha20poly1305, the pushing side."""

    def __init__(self, key, header):
        self.key = hchacha20(key, header[:16])
        self.counter, self.inonce = 1, header[16:]

    def push(self, plain, associated, tag):
        nonce = le32(self.counter) + self.inonce
        block = stream(self.key, 1, nonce, bytes([tag]) + bytes(63))
        cipher = stream(self.key, 2, nonce, plain)
        # The padding after the text is computed from its length without the block: as it is shipped.
        text = padded(associated) + block + cipher + bytes((16 - 64 + len(plain)) & 15)
        mac = poly1305(chacha20(self.key, 0, nonce)[:32],
                       text + struct.pack("<2Q", len(associated), 64 + len(plain)))
        self.inonce = bytes(a ^ b for a, b in zip(self.inonce, mac))
        self.counter += 1
        assert tag not in (REKEY, FINAL) or self.counter < 2**32
        return block[:1] + cipher + mac


def preamble(ephemeral, file_key, header, recipients, commitment=None, wrong=b""):
    scalar = clamp(ephemeral)
    point = x25519(scalar, 9)
    wrapped = b""
    for public in recipients:
        shared = x25519(scalar, montgomery(public))
        key = sha256(b"adduce/sealed-key/v1\n", shared, point, public, wrong)
        wrapped += wrap(key, bytes(24), b"", file_key)
    commitment = commitment or sha256(b"adduce/sealed-commitment/v1\n", file_key)
    return LINE + point + commitment + bytes([len(recipients)]) + wrapped + header


def seal(plain, recipients, salt=0, tags=None, bind=True, chunk=65536, **more):
    ephemeral, file_key, header = (sha256(b"%d %d" % (salt, i)) for i in range(3))
    head = preamble(ephemeral, file_key, header[:24], recipients, **more)
    pieces = [plain[i : i + chunk] for i in range(0, len(plain), chunk)]
    if not pieces or len(pieces[-1]) == chunk:
        pieces.append(b"")
    tags = tags or [MESSAGE] * (len(pieces) - 1) + [FINAL]
    out, state = head, Secretstream(file_key, header[:24])
    for i, (piece, tag) in enumerate(zip(pieces, tags)):
        out += state.push(piece, sha256(head) if bind and i == 0 else b"", tag)
    return out


def show(data):
    return data.hex() or "-"


def main():
    seeds = [bytes([9, i]) + bytes(30) for i in range(3)]
    keys = [public_of(seed) for seed in seeds]
    text = b"What is sealed is read by its recipients."

    def line(says, seed, plain, sealed):
        print(says, seed.hex(), show(plain), show(sealed))

    print("# seed of the reader's key, plaintext, sealed stream: see sealed.py")
    line("ok", seeds[0], text, seal(text, keys[:1]))
    line("ok", seeds[0], b"", seal(b"", keys[:1], 1))
    line("ok", seeds[2], text * 9, seal(text * 9, keys, 2))
    line("ok", seeds[1], text, seal(text, keys, 3))
    line("unauthorized", seeds[1], b"", seal(text, keys[:1], 4))
    line("unauthorized", seeds[0], b"", seal(text, keys[:1], 5, commitment=sha256(b"another")))
    line("unauthorized", seeds[0], b"", seal(text, keys[:1], 6, wrong=b"!"))
    line("form", seeds[0], b"", seal(text, [], 7))
    line("form", seeds[0], b"", seal(text, keys[:1], 8, bind=False))
    line("form", seeds[0], b"", seal(text, keys[:1], 9, tags=[MESSAGE]))
    line("form", seeds[0], b"", seal(text, keys[:1], 10, tags=[PUSH]))
    line("form", seeds[0], b"", seal(text, keys[:1], 11)[:-1])
    line("form", seeds[0], b"", seal(text, keys[:1], 12) + b"\0")
    line("form", seeds[0], b"", seal(text, keys[:1], 13, chunk=20))
    line("version", seeds[0], b"", seal(text, keys[:1], 14).replace(b"v1\n", b"v2\n", 1))


if __name__ == "__main__":
    main()
