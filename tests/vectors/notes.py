#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes notes.txt: signed notes and checkpoints, good ones and what must be refused."""

import sys

sys.dont_write_bytecode = True

import base64
import hashlib

from ed25519_strict import BASE, L, encode, times


def sign(seed, message):
    digest = hashlib.sha512(seed).digest()
    a = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
    key = encode(times(a, BASE))
    r = int.from_bytes(hashlib.sha512(digest[32:] + message).digest(), "little") % L
    point = encode(times(r, BASE))
    k = int.from_bytes(hashlib.sha512(point + key + message).digest(), "little") % L
    return key, point + ((r + k * a) % L).to_bytes(32, "little")


def public(seed):
    return sign(seed, b"")[0]


def key_id(name, key, kind=b"\1"):
    return hashlib.sha256(name + b"\n" + kind + key).digest()[:4]


def vkey(name, key):
    encoded = base64.b64encode(b"\1" + key)
    return name + b"+" + key_id(name, key).hex().encode() + b"+" + encoded


def line(name, seed, text):
    key, signature = sign(seed, text)
    return b"\xe2\x80\x94 " + name + b" " + base64.b64encode(key_id(name, key) + signature) + b"\n"


def show(data):
    out = ""
    for byte in data:
        if byte == 10:
            out += "\\n"
        elif byte == 0x5C:
            out += "\\\\"
        elif 0x20 <= byte < 0x7F:
            out += chr(byte)
        else:
            out += "\\x%02x" % byte
    return out


ONE, TWO = hashlib.sha256(b"seed one").digest(), hashlib.sha256(b"seed two").digest()
NAME = b"log.example/ledger"
KEY = public(ONE)
VKEY = vkey(NAME, KEY)
DASH = b"\xe2\x80\x94 "


def put(kind, verdict, data, key=VKEY):
    print(kind, verdict, key.decode(), show(data), sep="\t")


def notes():
    text = b"some text\n\nwith an empty line and \xc3\xa4\n"
    mine = line(NAME, ONE, text)
    note = text + b"\n" + mine
    other = line(b"other", TWO, text)
    blob = mine[len(DASH + NAME) + 1 : -1]
    put("note", "verified", note)
    put("note", "verified", text + b"\n" + other + mine)
    put("note", "verified", text + b"\n" + mine + mine)
    put("note", "verified", b"\n\n" + line(NAME, ONE, b"\n"))
    put("note", "verified", b"x\n\n" + (line(b"other", TWO, b"x\n") * 99) + line(NAME, ONE, b"x\n"))
    put("note", "verified", b"\x7f\xc2\x85\n\n" + line(NAME, ONE, b"\x7f\xc2\x85\n"))
    # Form good, not (well) signed by the key.
    put("note", "unverified", text + b"\n" + other)
    put("note", "unverified", b"X" + note[1:])
    put("note", "unverified", text + b"\n" + line(NAME, TWO, text))
    put("note", "unverified", text + b"\n" + line(b"log.example", ONE, text))
    put("note", "unverified", text + b"\n" + mine + line(NAME, ONE, b"other text\n"))
    put("note", "unverified", text + b"\n" + line(NAME, ONE, text + b"\n"))
    short = base64.b64encode(key_id(NAME, KEY) + b"\0")
    put("note", "unverified", text + b"\n" + DASH + NAME + b" " + short + b"\n")
    long = base64.b64encode(base64.b64decode(blob) + b"\0")
    put("note", "unverified", text + b"\n" + DASH + NAME + b" " + long + b"\n")
    put("note", "unverified", text + b"\n" + DASH + NAME + b" " + long + b"\n" + mine)
    # Form bad.
    put("note", "refused", b"")
    put("note", "refused", b"\n")
    put("note", "refused", b"\n\n")
    put("note", "refused", text)
    put("note", "refused", text + mine)
    put("note", "refused", b"x\n" + mine)
    put("note", "refused", b"\n" + mine)
    put("note", "refused", note[:-1])
    put("note", "refused", note + b"\n")
    put("note", "refused", note + b"x\n")
    put("note", "refused", note[:-1] + b"\r\n")
    put("note", "refused", note[:-1] + b" \n")
    put("note", "refused", text + b"\n" + mine + b"\n" + mine + b"\n")
    for bad in (b"\0", b"\t", b"\r", b"\x1f", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"):
        put("note", "refused", bad + note)
        put("note", "refused", text + b"\n" + DASH + b"a" + bad + b" " + blob + b"\n")
    for dash in (b"- ", b"\xe2\x80\x93 ", b"\xe2\x80\x94", b" \xe2\x80\x94 ", b"\xe2\x80\x94  ", b""):
        put("note", "refused", text + b"\n" + dash + NAME + b" " + blob + b"\n")
    for name in (b"", b"a+b", b"a\xc2\xa0b", b"a\xc2\x85b", b"\xe2\x80\x83", b"a\xe3\x80\x80"):
        put("note", "refused", text + b"\n" + DASH + name + b" " + blob + b"\n")
    for coded in (b"", b"AAAA", b"AAAAAA==", blob[:-1], blob + b"=", blob[:-4], blob + b"AAAA",
                  blob.replace(b"=", b""), blob[:-2] + b"B=" if blob[-2:] != b"B=" else b"!",
                  blob[:8] + b"\xe2\x80\x94" + blob[8:], blob[:8] + b" " + blob[8:],
                  base64.urlsafe_b64encode(b"\xff" * 68), b"=" * 92):
        if coded in (blob[:-4], blob + b"AAAA"):
            continue
        put("note", "refused", text + b"\n" + DASH + NAME + b" " + coded + b"\n")
    put("note", "refused", b"x\n\n" + (line(b"other", TWO, b"x\n") * 101))


def checkpoints():
    root = base64.b64encode(hashlib.sha256(b"root").digest())
    empty = base64.b64encode(hashlib.sha256(b"").digest())

    def put_text(verdict, text, key=VKEY, name=NAME):
        put("checkpoint", verdict, text + b"\n" + line(name, ONE, text), key)

    put_text("verified", NAME + b"\n0\n" + empty + b"\n")
    put_text("verified", NAME + b"\n1\n" + root + b"\n")
    put_text("verified", NAME + b"\n9007199254740991\n" + root + b"\n")
    put_text("verified", NAME + b"\n70000\n" + root + b"\nan extension line\nand one more\n")
    long = b"o" * 255
    put_text("verified", long + b"\n7\n" + root + b"\n", vkey(long, KEY), long)
    rekeyed = NAME + b"\n8\n" + root + b"\n"
    both = rekeyed + b"\n" + line(NAME, ONE, rekeyed) + line(NAME, TWO, rekeyed)
    put("checkpoint", "verified", both)
    put("checkpoint", "verified", both, vkey(NAME, public(TWO)))
    # Form good, not signed by the key or not a checkpoint of its log.
    put_text("unverified", b"log.example/other\n1\n" + root + b"\n")
    put_text("unverified", NAME + b"\n1\n" + root + b"\n", vkey(NAME, public(TWO)))
    put_text("unverified", NAME + b"\n1\n" + root + b"\n", name=b"witness.example")
    # Form bad, though signed.
    for size in (b"", b"00", b"01", b"+1", b"-1", b" 1", b"1 ", b"1.0", b"0x1", b"1e3", b"x",
                 b"9007199254740992", b"18446744073709551617", b"1" * 40, b"\xd9\xa1"):
        put_text("refused", NAME + b"\n" + size + b"\n" + root + b"\n")
    other_end = root[:-2] + bytes([root[-2] + 1]) + b"="
    for bad in (b"", root[:-1], root[:-4], root + b"=", root + b" ", b" " + root, other_end,
                base64.b64encode(b"\0" * 31), base64.b64encode(b"\0" * 33), root.replace(b"=", b"A"),
                base64.urlsafe_b64encode(b"\xff" * 32)):
        put_text("refused", NAME + b"\n1\n" + bad + b"\n")
    for origin in (b"", b"a b", b"a+b", b"a\xc2\xa0b", b"o" * 256):
        put_text("refused", origin + b"\n1\n" + root + b"\n")
    put_text("refused", NAME + b"\n")
    put_text("refused", NAME + b"\n1\n")
    put_text("refused", NAME + b"\n1\n\n" + root + b"\n")
    put_text("refused", NAME + b"\n1\n" + root + b"\n\n")
    put_text("refused", NAME + b"\n1\n" + root + b"\n\nextension\n")
    put_text("refused", NAME + b"\n1\n" + root + b"\nextension\n\n")
    put_text("refused", b"\n" + NAME + b"\n1\n" + root + b"\n")
    put("checkpoint", "refused", NAME + b"\n1\n" + root + b"\n")


def vkeys():
    good = VKEY
    other = vkey(b"a", KEY)
    low = b"\1" + b"\0" * 31  # the neutral element
    put("vkey", "verified", good)
    put("vkey", "verified", vkey("m\u00fcller/\u2603".encode(), KEY))
    put("vkey", "key", vkey(NAME, low))
    put("vkey", "key", vkey(NAME, b"\2" + b"\xff" * 31))
    for bad in (b"", b"+", b"++", NAME, good[1:], good[:-1], good + b"=", good + b"\n", b" " + good,
                good.replace(b"+", b" ", 1), good.upper(), b"a" + other[1:].replace(b"+", b"++", 1),
                NAME + other[1:], NAME + b"+" + key_id(NAME, KEY).hex().upper().encode() + good[-45:],
                NAME + b"+" + key_id(NAME, KEY).hex()[1:].encode() + good[-45:],
                NAME + b"+" + key_id(NAME, KEY, b"\4").hex().encode() + b"+" + base64.b64encode(b"\4" + KEY),
                NAME + b"+" + key_id(NAME, KEY[:31]).hex().encode() + b"+" + base64.b64encode(b"\1" + KEY[:31]),
                NAME + b"+" + key_id(NAME, KEY).hex().encode() + b"+",
                vkey(b"", KEY), vkey(b"a b", KEY), vkey(b"a\xff", KEY), vkey(b"a\n", KEY)):
        put("vkey", "refused", bad)


def main():
    print("# Written by notes.py. Columns, between tabs: what it is; verdict; verifier key; bytes")
    print("# (\\n, \\\\ and \\xNN stand for what they do in C). Verdicts: verified: by that key;")
    print("# unverified: well-formed, but not that; refused: not well-formed; key: a verifier key")
    print("# whose point is not acceptable. A vkey is itself the bytes.")
    notes()
    checkpoints()
    vkeys()


if __name__ == "__main__":
    main()
