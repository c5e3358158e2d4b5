#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""signed.py KEY VARIANT [GENESIS]: one line for `adduce append`: an event signed elsewhere, by an
implementation of its own, and if the variant says so damaged.

KEY is a key file in the clear, or a word from which a key is made; GENESIS the id of a ledger, for
control events. VARIANTS below."""
import base64
import hashlib
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors"))
import ed25519_strict as strict  # noqa: E402
import make_event_vectors as made  # noqa: E402

FIELDS = {"subject": "monitor.example/x", "property": "colour", "value": "red"}
SEED = bytes(range(16))
SEED_AT = 112  # in a key file


def secret_of(key):
    if os.path.exists(key):
        with open(key, "rb") as file:
            return file.read()[SEED_AT:SEED_AT + 32]
    return hashlib.sha256(key.encode()).digest()


def fact(secret, fields=None, **more):
    fields = dict(FIELDS if fields is None else fields, **more)
    content = made.whole(SEED, fields)
    event = made.event(secret, "fact.asserted", 1765620000000000, [], 0,
                       made.content_root(SEED, fields))[3]
    return event, content


def control(secret, genesis, kind, fields):
    content = made.whole(SEED, fields)
    event = made.event(secret, kind, 1765620000000000, [("ledger", genesis)], 0,
                       made.content_root(SEED, fields))[3]
    return event, content


def by_key(secret, key):
    """An event that says `key` is its author; what is signed cannot be right."""
    event, content = fact(secret)
    return event.replace(made.public_key(secret), key, 1), content


def once(data, old, new):
    assert data.count(old) >= 1, (data, old)
    return data.replace(old, new, 1)


VARIANTS = {
    "good": lambda secret, genesis: fact(secret),
    "no_content": lambda secret, genesis: (fact(secret)[0], b""),
    # The array of 8 in the form of a longer one.
    "long_head": lambda secret, genesis: (b"\xdc\x00\x08" + fact(secret)[0][1:], fact(secret)[1]),
    "trailing": lambda secret, genesis: (fact(secret)[0] + b"\x00", fact(secret)[1]),
    "cut": lambda secret, genesis: (fact(secret)[0][:-1], fact(secret)[1]),
    "float": lambda secret, genesis: (fact(secret)[0], once(fact(secret)[1], made.pack("red"),
                                                             b"\xca\x00\x00\x00\x00")),
    "nil": lambda secret, genesis: (fact(secret)[0], once(fact(secret)[1], made.pack("red"), b"\xc0")),
    "bad_utf8": lambda secret, genesis: (fact(secret)[0], once(fact(secret)[1], b"red", b"\xff\xfe\xfd")),
    "unsorted": lambda secret, genesis: (fact(secret)[0], once(fact(secret)[1], b"property", b"zroperty")),
    "version": lambda secret, genesis: (once(fact(secret)[0], b"\x98\x01", b"\x98\x02"), fact(secret)[1]),
    "other_content": lambda secret, genesis: (fact(secret)[0], fact(secret, value="blue")[1]),
    "other_signature": lambda secret, genesis: (fact(secret)[0][:-64] + fact(secret, value="blue")[0][-64:],
                                                fact(secret)[1]),
    "small_order": lambda secret, genesis: by_key(secret, strict.encode(strict.SMALL[1])),
    "mixed_order": lambda secret, genesis: by_key(secret, strict.encode(
        strict.add(strict.times(5, strict.BASE), strict.ORDER8))),
    "too_many": lambda secret, genesis: (made.event(
        secret, "fact.asserted", 0, [("r", hashlib.sha256(bytes([i & 255, i >> 8])).digest())
                                     for i in range(257)], 0, bytes(32))[3], b""),
    "too_long": lambda secret, genesis: (made.event(secret, "x." + "y" * 65536, 0, [], 0, bytes(32))[3], b""),
    "authorize": lambda secret, genesis: control(secret, genesis, "key.authorized",
                                                 {"key": bytes(made.public_key(b"1" * 32)),
                                                  "rights": ["append"]}),
}


def main():
    key, variant = sys.argv[1:3]
    if variant == "public":
        print(made.public_key(secret_of(key)).hex())
        return
    genesis = bytes.fromhex(sys.argv[3]) if len(sys.argv) > 3 else bytes(32)
    event, content = VARIANTS[variant](secret_of(key), genesis)
    line = {"event": {"$bytes": base64.b64encode(event).decode()}}
    if content:
        line["content"] = {"$bytes": base64.b64encode(content).decode()}
    print(json.dumps(line))


main()
