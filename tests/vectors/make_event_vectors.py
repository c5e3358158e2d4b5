#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes content.txt and event.txt, by docs/FORMAT.md 2 and 3 and with nothing but the standard
library: a packer of canonical MessagePack, hashlib, and Ed25519 as RFC 8032 describes it."""

import hashlib
import os


# --- canonical MessagePack ---------------------------------------------------------------------

def head(fix, fix_limit, forms, size):
    """The head of a string, array or map: a fix form, or one of `forms` (bytes, head byte)."""
    if size < fix_limit:
        return bytes([fix | size])
    for width, byte in forms:
        if size < 1 << 8 * width:
            return bytes([byte]) + size.to_bytes(width, "big")
    raise ValueError(size)


def pack(value):
    if value is True or value is False:
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        if 0 <= value < 128 or -32 <= value < 0:
            return (value & 0xff).to_bytes(1, "big")
        signed = value < 0
        for width, unsigned_byte, signed_byte in ((1, 0xcc, 0xd0), (2, 0xcd, 0xd1),
                                                  (4, 0xce, 0xd2), (8, 0xcf, 0xd3)):
            if signed and value >= -(1 << 8 * width - 1):
                return bytes([signed_byte]) + value.to_bytes(width, "big", signed=True)
            if not signed and value < 1 << 8 * width:
                return bytes([unsigned_byte]) + value.to_bytes(width, "big")
    if isinstance(value, str):
        text = value.encode()
        return head(0xa0, 32, ((1, 0xd9), (2, 0xda), (4, 0xdb)), len(text)) + text
    if isinstance(value, bytes):
        return head(0, 0, ((1, 0xc4), (2, 0xc5), (4, 0xc6)), len(value)) + value
    if isinstance(value, list):
        return head(0x90, 16, ((2, 0xdc), (4, 0xdd)), len(value)) + b"".join(map(pack, value))
    if isinstance(value, dict):
        pairs = sorted((key.encode(), pack(key) + pack(item)) for key, item in value.items())
        return head(0x80, 16, ((2, 0xde), (4, 0xdf)), len(pairs)) + b"".join(p for _, p in pairs)
    raise TypeError(value)


# --- content -----------------------------------------------------------------------------------

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def u32be(number):
    return number.to_bytes(4, "big")


def salt(seed, *path):
    return sha256(b"adduce/salt/v1\n", seed, pack(list(path)))[:16]


def inner_value(salt16, value):
    return sha256(b"\x10", salt16, pack(value))


def element_hash(salt16, element):
    return sha256(b"\x12", salt16, pack(element))


def inner_list(salt16, hashes):
    return sha256(b"\x11", salt16, u32be(len(hashes)), *hashes)


def inner(seed, key, value):
    if not isinstance(value, list):
        return inner_value(salt(seed, key), value)
    hashes = [element_hash(salt(seed, key, i), item) for i, item in enumerate(value)]
    return inner_list(salt(seed, key), hashes)


def sorted_keys(fields):
    return sorted(fields, key=str.encode)


def content_root(seed, fields):
    keys = sorted_keys(fields)
    pairs = [pack(key) + inner(seed, key, fields[key]) for key in keys]
    return sha256(b"adduce/content/v1\n", u32be(len(keys)), *pairs)


def whole(seed, fields):
    return pack([1, seed, fields])


def partial(seed, fields, withheld):
    """Form 2. `withheld` has keys and (key, index) pairs."""
    slots = []
    for key in sorted_keys(fields):
        value = fields[key]
        if key in withheld:
            slots.append([key, inner(seed, key, value)])
        elif not isinstance(value, list):
            slots.append([key, salt(seed, key), value])
        else:
            items = []
            for i, item in enumerate(value):
                item_salt = salt(seed, key, i)
                is_withheld = (key, i) in withheld
                items.append(element_hash(item_salt, item) if is_withheld else [item_salt, item])
            slots.append([key, salt(seed, key), items])
    return pack([2, slots])


# --- attempts to open one root in two ways -----------------------------------------------------

HONEST = {"m": {"v": 1}, "n": ["x", "y"], "o": "z"}


def attempts(seed):
    """Contents that are none, or have another root than HONEST: (what is tried, bytes)."""
    salts = {key: salt(seed, key) for key in HONEST}
    n_salts = [salt(seed, "n", i) for i in range(2)]
    hashes = [element_hash(n_salts[i], HONEST["n"][i]) for i in range(2)]
    inners = {key: inner(seed, key, HONEST[key]) for key in HONEST}
    opened = [[n_salts[i], HONEST["n"][i]] for i in range(2)]

    def slots(m=None, n=None, o=None):
        given = {"m": m, "n": n, "o": o}
        return pack([2, [[key] + (given[key] or [inners[key]]) for key in "mno"]])

    assert slots() == partial(seed, HONEST, ("m", "n", "o"))
    yield "list_as_its_preimage", slots(n=[salts["n"], u32be(2) + b"".join(hashes)])
    yield "list_without_salts", slots(n=[salts["n"], ["x", "y"]])
    yield "list_as_map", slots(n=[salts["n"], {"x": 1, "y": 1}])
    yield "list_as_text", slots(n=[salts["n"], "xy"])
    yield "list_in_a_list", slots(n=[salts["n"], [inners["n"]]])
    yield "value_as_list_of_it", slots(m=[salts["m"], [[salts["m"], {"v": 1}]]])
    yield "value_as_list_of_its_hash", slots(m=[salts["m"], [inners["m"]]])
    yield "value_of_another_type", slots(m=[salts["m"], [["v", 1]]])
    yield "value_changed", slots(m=[salts["m"], {"v": 2}])
    yield "element_as_value", slots(n=[n_salts[0], "x"])
    yield "element_hash_as_field", slots(n=[hashes[0]])
    yield "fields_as_elements", slots(n=[salts["n"], [inners["m"], inners["o"]]])
    yield "hashes_moved_between_keys", slots(m=[inners["o"]], o=[inners["m"]])
    yield "values_moved_between_keys", slots(m=[salts["o"], "z"], o=[salts["m"], {"v": 1}])
    yield "key_renamed", pack([2, [["l", inners["m"]], ["n", inners["n"]], ["o", inners["o"]]]])
    yield "salts_swapped", slots(m=[salts["o"], {"v": 1}], o=[salts["m"], "z"])
    yield "salt_of_the_list_for_its_element", slots(n=[salts["n"], [[salts["n"], "x"], opened[1]]])
    yield "element_salts_swapped", slots(n=[salts["n"], [[n_salts[1], "x"], [n_salts[0], "y"]]])
    yield "elements_swapped", slots(n=[salts["n"], opened[::-1]])
    yield "element_hashes_swapped", slots(n=[salts["n"], hashes[::-1]])
    yield "no_elements", slots(n=[salts["n"], []])
    yield "an_element_less", slots(n=[salts["n"], opened[:1]])
    yield "an_element_more", slots(n=[salts["n"], opened + hashes[1:]])
    yield "no_fields", pack([2, []])
    yield "a_field_less", pack([2, [["m", inners["m"]], ["n", inners["n"]]]])
    yield "a_field_twice", pack([2, [["m", inners["m"]], ["n", inners["n"]],
                                     ["o", inners["o"]], ["o", inners["o"]]]])
    yield "fields_out_of_order", pack([2, [["n", inners["n"]], ["m", inners["m"]],
                                           ["o", inners["o"]]]])
    yield "value_in_a_withheld_slot", slots(m=[inners["m"], {"v": 1}])
    yield "value_and_salt_in_a_withheld_slot", slots(m=[inners["m"], salts["m"], {"v": 1}])
    yield "value_beside_a_withheld_element", slots(n=[salts["n"], [[hashes[0], "x"], hashes[1]]])
    yield "element_without_salt", slots(n=[salts["n"], ["x", hashes[1]]])
    yield "short_salt", slots(o=[salts["o"][:15], "z"])
    yield "long_salt", slots(o=[salts["o"] + b"\0", "z"])
    yield "short_hash", slots(o=[inners["o"][:31]])
    yield "whole_under_another_seed", whole(bytes(16), HONEST)
    yield "whole_with_another_value", whole(seed, {**HONEST, "o": "Z"})
    yield "whole_with_a_list_of_the_value", whole(seed, {**HONEST, "o": ["z"]})
    yield "whole_with_a_field_more", whole(seed, {**HONEST, "p": 1})


# --- Ed25519, RFC 8032 6 -----------------------------------------------------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    t, u = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    v, w = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = u - t, w - v, w + v, u + t
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def base_point():
    y = 4 * pow(5, P - 2, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x & 1:
        x = P - x
    return (x, y, 1, x * y % P)


def compress(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def expand(secret):
    digest = hashlib.sha512(secret).digest()
    scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
    return scalar, digest[32:]


def public_key(secret):
    return compress(multiply(expand(secret)[0], base_point()))


def number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % Q


def sign(secret, message):
    scalar, prefix = expand(secret)
    public = compress(multiply(scalar, base_point()))
    r = number(prefix, message)
    point = compress(multiply(r, base_point()))
    s = (r + number(point, public, message) * scalar) % Q
    return point + s.to_bytes(32, "little")


# --- events ------------------------------------------------------------------------------------

def event(secret, kind, claimed_at, refs, handling, root):
    """M, the id, the signature and the event."""
    refs = [list(ref) for ref in sorted((role.encode(), ident) for role, ident in refs)]
    refs = [[role.decode(), ident] for role, ident in refs]
    items = [1, kind, public_key(secret), claimed_at, refs, handling, root]
    message = b"adduce/event/v1\n" + pack(items)
    signature = sign(secret, message)
    return message, sha256(message), signature, pack(items + [signature])


# --- the cases ---------------------------------------------------------------------------------

SEED = bytes(range(16))
LONG_KEY = "a_key_of_thirty_two_bytes_or_more"
assert len(LONG_KEY) > 32

CONTENTS = [
    ("empty", SEED, {}),
    ("one", SEED, {"a": 1}),
    ("types", SEED, {"text": "Белавія", "yes": True, "no": False, "small": -1,
                     "large": 2**53 - 1, "least": -(2**53 - 1), "bytes": bytes(32),
                     "map": {"?": "unknown"}, "deep": {"a": {"b": ["c", {"d": []}]}}}),
    ("lists", bytes(16), {"empty": [], "one": ["x"], "two": [["inner", "list"], {"v": "map"}],
                          "same": [7, 7, 7], "open": [{"?": "none"}]}),
    ("keys", b"\xff" * 16, {LONG_KEY: "long", "a": "a", "ab": "ab", "a_b": "a_b", "b": ["a"],
                            "k" * 64: [1, 2]}),
    ("many", SEED, {"list": list(range(300)), "field": "beside it"}),
    ("release", SEED, {"subject": "monitor.example/release/minsk",
                       "group": "monitor.example/group/detainees",
                       "quantity": {"exact": 123, "unit": "persons"},
                       "attribution": [{"agent": "outlet.example/news", "act": "reports"},
                                       {"agent": "monitor.example/authorities",
                                        "act": "announces"}]}),
]

WITHHELD = {
    "empty": [()],
    "one": [(), ("a",)],
    "types": [(), ("text",), ("map", "deep"), ("text", "yes", "no", "small", "large", "least",
                                               "bytes", "map", "deep")],
    "lists": [(), ("empty",), (("two", 0),), (("two", 1), ("same", 0), ("same", 2)),
              ("one", ("open", 0))],
    "keys": [(), (LONG_KEY, "k" * 64), (("k" * 64, 1),)],
    "many": [(), (("list", 127), ("list", 128), ("list", 255), ("list", 256))],
    "release": [(), ("group", ("attribution", 1))],
}

EVENTS = [
    (bytes(range(32)), "release.announced", 1765620000123456,
     [("cites", bytes([1] * 32)), ("about", bytes([2] * 32))], 0, "release"),
    (bytes([7] * 32), "ledger.created", 0, [], 0, "empty"),
    (bytes([9] * 32), "monitor.example:custody.transferred@2", -1,
     [("kind", bytes([3] * 32)), ("kind", bytes([2] * 32)), ("z_", bytes(32)),
      ("z", bytes([255] * 32))], 4, "keys"),
]


def write(name, lines):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def content_lines():
    yield "# Written by make_event_vectors.py; bytes in hexadecimal, \"-\" for none. Lines:"
    yield "# salt SEED KEY ELEMENT SALT; value SALT VALUE INNER; element SALT ELEMENT HASH;"
    yield "# list SALT HASHES INNER; content NAME FORM1 ROOT; partial NAME FORM2 (same root);"
    yield "# attempt WHAT BYTES: no content, or not one of the root of the last content."
    for key, element in (("a", None), ("a", 0), ("a", 127), ("a", 128), ("a", 255), ("a", 256),
                         ("a", 4095), (LONG_KEY, None), (LONG_KEY, 1), ("k" * 64, 4095)):
        path = (key,) if element is None else (key, element)
        index = -1 if element is None else element
        yield f"salt {SEED.hex()} {key} {index} {salt(SEED, *path).hex()}"
    salt16 = salt(SEED, "a")
    for value in ("x", 1, True, {"v": "x"}, b"\1\2"):
        yield f"value {salt16.hex()} {pack(value).hex()} {inner_value(salt16, value).hex()}"
    for value in ("x", 1, ["x"], {"v": "x"}):
        yield f"element {salt16.hex()} {pack(value).hex()} {element_hash(salt16, value).hex()}"
    for hashes in ([], [bytes(32)], [bytes(32), b"\1" * 32]):
        joined = b"".join(hashes).hex() or "-"
        yield f"list {salt16.hex()} {joined} {inner_list(salt16, hashes).hex()}"
    for name, seed, fields in CONTENTS:
        yield f"content {name} {whole(seed, fields).hex()} {content_root(seed, fields).hex()}"
        for withheld in WITHHELD[name]:
            yield f"partial {name} {partial(seed, fields, withheld).hex()}"
    yield f"content honest {whole(SEED, HONEST).hex()} {content_root(SEED, HONEST).hex()}"
    for what, tried in attempts(SEED):
        yield f"attempt {what} {tried.hex()}"


def event_lines():
    contents = {name: (seed, fields) for name, seed, fields in CONTENTS}
    yield "# Written by make_event_vectors.py; bytes in hexadecimal. Lines:"
    yield "# event SECRET CONTENT M ID SIGNATURE EVENT"
    for secret, kind, claimed_at, refs, handling, name in EVENTS:
        seed, fields = contents[name]
        made = event(secret, kind, claimed_at, refs, handling, content_root(seed, fields))
        yield " ".join(["event", secret.hex(), whole(seed, fields).hex()] +
                       [part.hex() for part in made])


# RFC 8032 7.1, test 2, so that this file is right about signatures before it says anything.
SECRET = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
assert public_key(SECRET).hex() == \
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
assert sign(SECRET, b"\x72").hex() == (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")

if __name__ == "__main__":
    write("content.txt", content_lines())
    write("event.txt", event_lines())
