#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The worked example of docs/FORMAT.md, made from the words of that document with nothing of
adduce's code: its own MessagePack, commitments, Ed25519, tree and notes.

    format_example.py            says whether the document has these values
    format_example.py --write    puts them there

tests/flow/format_example_test.c makes the same values with the library's code."""

import base64
import hashlib
import os
import struct
import sys

DOC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "FORMAT.md")
BEGIN, END = "<!-- example -->\n", "<!-- /example -->\n"


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- MessagePack ------------------------------------------------------------------------------
def head(size, fix, fix_limit, tag8, tag16, tag32):
    if size < fix_limit:
        return bytes([fix | size])
    if tag8 is not None and size < 0x100:
        return bytes([tag8, size])
    return bytes([tag16]) + struct.pack(">H", size) if size < 0x10000 else \
        bytes([tag32]) + struct.pack(">I", size)


def pack_int(n):
    if 0 <= n < 0x80 or -0x20 <= n < 0:
        return struct.pack("b" if n < 0 else "B", n)
    forms = (((0xcc, ">B", 1 << 8), (0xcd, ">H", 1 << 16), (0xce, ">I", 1 << 32), (0xcf, ">Q", 1 << 64))
             if n >= 0 else
             ((0xd0, ">b", 1 << 7), (0xd1, ">h", 1 << 15), (0xd2, ">i", 1 << 31), (0xd3, ">q", 1 << 63)))
    for tag, form, limit in forms:
        if (n if n >= 0 else -n - 1) < limit:
            return bytes([tag]) + struct.pack(form, n)
    raise ValueError(n)


def pack(value):
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return pack_int(value)
    if isinstance(value, str):
        text = value.encode()
        return head(len(text), 0xa0, 32, 0xd9, 0xda, 0xdb) + text
    if isinstance(value, bytes):
        return head(len(value), 0, 0, 0xc4, 0xc5, 0xc6) + value
    if isinstance(value, list):
        return head(len(value), 0x90, 16, None, 0xdc, 0xdd) + b"".join(map(pack, value))
    keys = sorted(value, key=str.encode)
    return head(len(keys), 0x80, 16, None, 0xde, 0xdf) + \
        b"".join(pack(key) + pack(value[key]) for key in keys)


# --- Ed25519, RFC 8032 ------------------------------------------------------------------------
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p, n = add(p, p), n >> 1
    return q


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X2 = (BASE_Y * BASE_Y - 1) * pow(D * BASE_Y * BASE_Y + 1, P - 2, P) % P
BASE_X = pow(BASE_X2, (P + 3) // 8, P)
if (BASE_X * BASE_X - BASE_X2) % P:
    BASE_X = BASE_X * pow(2, (P - 1) // 4, P) % P
if BASE_X & 1:
    BASE_X = P - BASE_X
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def compress(p):
    inverse = pow(p[2], P - 2, P)
    return ((p[1] * inverse % P) | ((p[0] * inverse % P & 1) << 255)).to_bytes(32, "little")


def expand(seed):
    digest = hashlib.sha512(seed).digest()
    return int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | (1 << 254), digest[32:]


def public(seed):
    return compress(multiply(expand(seed)[0], BASE))


def sign(seed, message):
    scalar, prefix = expand(seed)
    key = public(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    point = compress(multiply(r, BASE))
    k = int.from_bytes(hashlib.sha512(point + key + message).digest(), "little") % L
    return point + ((r + k * scalar) % L).to_bytes(32, "little")


# --- content ----------------------------------------------------------------------------------
def salt(seed, *path):
    return sha(b"adduce/salt/v1\n", seed, pack(list(path)))[:16]


def element(seed, key, i, value):
    return sha(b"\x12", salt(seed, key, i), pack(value))


def inner(seed, key, value):
    if isinstance(value, list):
        return sha(b"\x11", salt(seed, key), struct.pack(">I", len(value)),
                   *(element(seed, key, i, item) for i, item in enumerate(value)))
    return sha(b"\x10", salt(seed, key), pack(value))


def root(seed, fields):
    return sha(b"adduce/content/v1\n", struct.pack(">I", len(fields)),
               *(pack(key) + inner(seed, key, fields[key]) for key in sorted(fields)))


def withhold(seed, fields, paths):
    slots = []
    for key in sorted(fields):
        value = fields[key]
        if (key,) in paths:
            slots.append([key, inner(seed, key, value)])
        elif isinstance(value, list):
            slots.append([key, salt(seed, key), [
                element(seed, key, i, item) if (key, i) in paths else [salt(seed, key, i), item]
                for i, item in enumerate(value)]])
        else:
            slots.append([key, salt(seed, key), value])
    return pack([2, slots])


def event(seed, kind, claimed_at, refs, handling, content_root):
    items = [1, kind, public(seed), claimed_at, refs, handling, content_root]
    message = b"adduce/event/v1\n" + pack(items)
    signature = sign(seed, message)
    return pack(items + [signature]), message, sha(message), signature


# --- the state --------------------------------------------------------------------------------
def number(n):
    return struct.pack(">Q", n)


def text(part):
    """A part of a key; longer ones are cut, which the example has none of."""
    assert len(part.encode()) <= 128
    return part.encode() + b"\0"


def row(key, value, *salts):
    """A row as its key, by which rows are sorted, and its hash."""
    return key, sha(b"\x20", pack([key, value]), *salts)


def paths(fields, *keys):
    """The paths of these fields and, of lists, of their elements, in order."""
    for key in sorted(keys):
        yield (key,)
        if isinstance(fields[key], list):
            for i in range(len(fields[key])):
                yield key, i


def projection_digest(name, size, rows):
    return sha(b"adduce/projection/v1\n", name.encode(), b"\n", struct.pack(">IQ", 1, size),
               *(row_hash for _, row_hash in sorted(rows)))


def view_id(*pairs):
    return sha(b"adduce/view/v1\n", *(event_id + pack(list(path)) for event_id, path in pairs))


def state_name(size, tree, view, digests):
    return sha(b"adduce/state/v1\n", number(size), tree, struct.pack(">I", 1), bytes(32), view,
               struct.pack(">I", len(digests)),
               *(name.encode() + b"\n" + struct.pack(">I", 1) + digest for name, digest in digests))


PROJECTIONS = ("entities facts relations releases sanctions states sources authors life timeline subjects "
               "references bykind byauthor withheld").split()


def state_rows(id0):
    """The rows of both entries, by projection."""
    subject, at1 = text(FIELDS["subject"]), number(1)

    def from_fields(key, value, *keys):
        return row(key, value, *(salt(SEED1, *path) for path in paths(FIELDS, *keys)))

    return {
        "entities": [from_fields(subject + b"\1" + at1,
                                 {"name": FIELDS["name"], "schema": FIELDS["schema"]},
                                 "name", "schema", "subject")],
        "facts": [from_fields(subject + text(key) + at1, {"value": FIELDS[key]}, key, "subject")
                  for key in ("name", "schema", "topics")],
        "subjects": [from_fields(subject + b"\1" + at1, {}, "subject")],
        "references": [row(id0 + text("follows") + at1, {})],
        "bykind": [row(text("ledger.created") + number(0), {}), row(text("entity.described") + at1, {})],
        "byauthor": [row(public(AUTHOR) + number(i), {}) for i in (0, 1)],
    }


# --- notes ------------------------------------------------------------------------------------
def key_id(name, key):
    return sha(name.encode(), b"\n\x01", key)[:4]


def b64(data):
    return base64.b64encode(data).decode()


def vkey(name, key):
    return f"{name}+{key_id(name, key).hex()}+{b64(bytes([1]) + key)}"


def checkpoint(name, seed, size, tree):
    text = f"{name}\n{size}\n{b64(tree)}\n"
    line = b64(key_id(name, public(seed)) + sign(seed, text.encode()))
    return f"{text}\n\u2014 {name} {line}\n"


def key_file(seed, purpose):
    head_bytes = b"adduce key v1\n\0\0" + bytes([0, purpose]) + bytes(6) + public(seed) + bytes(56)
    return head_bytes + seed + sha(head_bytes + seed)[:16]


# --- the example ------------------------------------------------------------------------------
ORIGIN = "monitor.example"
AUTHOR, LOG = bytes(range(0x00, 0x20)), bytes(range(0x20, 0x40))
SEED0, SEED1 = bytes(range(0xa0, 0xb0)), bytes(range(0xb0, 0xc0))
FIELDS = {
    "name": ["Belavia", {"lang": "be", "v": "Белавія"}],
    "schema": "Company",
    "subject": "monitor.example/belarus/belavia",
    "topics": ["gov.soe"],
}
CLAIMED0, CLAIMED1 = 1765620000000000, 1765620060000000
RECORDED0, RECORDED1 = 1765620000500000, 1765620061000000


def hex_line(name, data):
    text = data.hex()
    rows = [text[i:i + 64] for i in range(0, len(text), 64)]
    return f"{name:<12}" + ("\n" + " " * 12).join(rows) + "\n"


def block(*lines):
    return "```\n" + "".join(lines) + "```\n"


def example():
    fields0 = {"origin": ORIGIN, "vkey": vkey(ORIGIN, public(LOG))}
    event0, _, id0, _ = event(AUTHOR, "ledger.created", CLAIMED0, [], 0, root(SEED0, fields0))
    content1 = pack([1, SEED1, FIELDS])
    root1 = root(SEED1, FIELDS)
    event1, message1, id1, signature1 = event(AUTHOR, "entity.described", CLAIMED1,
                                              [["follows", id0]], 0, root1)
    entry0, entry1 = pack([RECORDED0, event0]), pack([RECORDED1, event1])
    leaf0, leaf1 = sha(b"\0", entry0), sha(b"\0", entry1)
    tree = sha(b"\1", leaf0, leaf1)
    note = checkpoint(ORIGIN, LOG, 2, tree)
    partial = withhold(SEED1, FIELDS, {("name", 1), ("schema",)})
    proof = ("c2sp.org/tlog-proof@v1\n" + f"extra {b64(pack([entry1, content1, fields0['vkey']]))}\n" +
             f"index 1\n{b64(leaf0)}\n\n{note}")
    row_key = FIELDS["subject"].encode() + b"\0schema\0" + struct.pack(">Q", 1)
    row_value = pack({"value": FIELDS["schema"]})
    row_hash = sha(b"\x20\x92", pack(row_key), row_value, salt(SEED1, "schema"),
                   salt(SEED1, "subject"))
    view0, view1 = view_id(), view_id((id1, ("name", 1)), (id1, ("schema",)))
    rows = state_rows(id0)
    digests = [(name, projection_digest(name, 2, rows.get(name, []))) for name in PROJECTIONS]
    return "\n".join([
        "**Keys.** The author's seed is the bytes 00 to 1f, the log's 20 to 3f; the origin is\n"
        "`monitor.example`.\n",
        block(hex_line("author", public(AUTHOR)), hex_line("log", public(LOG)),
              hex_line("keyfile", key_file(AUTHOR, 1))),
        block(vkey(ORIGIN, public(LOG)) + "\n"),
        "**Entry 0** is `ledger.created` with the fields `origin` and `vkey` (the text above), no\n"
        "refs, handling 0, content seed a0 to af, claimed at 1765620000000000, recorded at\n"
        "1765620000500000.\n",
        block(hex_line("content0", pack([1, SEED0, fields0])), hex_line("root0", root(SEED0, fields0)),
              hex_line("id0", id0), hex_line("event0", event0), hex_line("leaf0", leaf0)),
        "**Entry 1** describes an airline. Its content, with the seed b0 to bf:\n",
        block('{"name": ["Belavia", {"lang": "be", "v": "Белавія"}],\n',
              ' "schema": "Company",\n',
              ' "subject": "monitor.example/belarus/belavia",\n',
              ' "topics": ["gov.soe"]}\n'),
        block(hex_line("content1", content1)),
        "The salts of three paths, the hashes of the elements and fields, and the root:\n",
        block(hex_line("salt.name", salt(SEED1, "name")), hex_line("salt.name.1", salt(SEED1, "name", 1)),
              hex_line("salt.schema", salt(SEED1, "schema")),
              hex_line("e.name.0", element(SEED1, "name", 0, FIELDS["name"][0])),
              hex_line("e.name.1", element(SEED1, "name", 1, FIELDS["name"][1])),
              hex_line("in.name", inner(SEED1, "name", FIELDS["name"])),
              hex_line("in.schema", inner(SEED1, "schema", FIELDS["schema"])),
              hex_line("in.subject", inner(SEED1, "subject", FIELDS["subject"])),
              hex_line("in.topics", inner(SEED1, "topics", FIELDS["topics"])),
              hex_line("root1", root1)),
        "The event is signed by the author, claimed at 1765620060000000, with one ref `follows` to\n"
        "entry 0. `message1` is M, what is signed; its SHA-256 is the id.\n",
        block(hex_line("message1", message1), hex_line("id1", id1), hex_line("sig1", signature1),
              hex_line("event1", event1)),
        "Recorded at 1765620061000000 it becomes an entry and a leaf, and the tree of both has this\n"
        "root:\n",
        block(hex_line("entry1", entry1), hex_line("leaf1", leaf1), hex_line("tree", tree)),
        "**The checkpoint** of size 2, signed by the log:\n",
        block(note),
        "**Withheld.** The same content in form 2, with the second name and the schema withheld. It\n"
        "opens the same root.\n",
        block(hex_line("partial1", partial)),
        "**The head lock's payload** after this checkpoint, `[origin, size, root, SHA-256 of the\n"
        "note]`:\n",
        block(hex_line("lock", pack([ORIGIN, 2, tree, sha(note.encode())]))),
        "**A row** of the projection `facts`: what entry 1 says of the field `schema`. It derives from the\n"
        "fields `schema` and `subject`, whose salts its hash takes in.\n",
        block(hex_line("row.key", row_key), hex_line("row.value", row_value),
              hex_line("row.hash", row_hash)),
        "**The view** where all is held, and where entry 1 has the content `partial1`: the pairs are id1\n"
        "with `[\"name\", 1]` and id1 with `[\"schema\"]`.\n",
        block(hex_line("view0", view0), hex_line("view1", view1)),
        "**The state** of both entries under the first of these views, without a policy: the digest of each\n"
        "projection, and the name of the whole.\n",
        block(*(hex_line(name, digest) for name, digest in digests),
              hex_line("state", state_name(2, tree, view0, digests))),
        "**The proof** of entry 1, one file:\n",
        block(proof),
    ])


def main():
    text = open(DOC, encoding="utf-8").read()
    before, rest = text.split(BEGIN, 1)
    held, after = rest.split(END, 1)
    made = "\n" + example() + "\n"
    if "--write" in sys.argv:
        open(DOC, "w", encoding="utf-8").write(before + BEGIN + made + END + after)
        return 0
    is_same = held == made
    print("format_example: 1 passed, 0 failed" if is_same else
          "docs/FORMAT.md 13 is not what its own words make\nformat_example: 0 passed, 1 failed")
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
