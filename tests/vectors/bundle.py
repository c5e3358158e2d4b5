#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes bundle.txt: bundles made from docs/FORMAT.md alone, and ones that must be refused. A line is:
a name, what a reader says ("ok" or the error), the bundle, its skeleton ("-" if it is refused); bytes
in hexadecimal."""

import sys

sys.dont_write_bytecode = True

import base64

from make_event_vectors import content_root, event, pack, partial, public_key, sha256, sign, u32be
from make_event_vectors import whole
from notes import line as signature_line
from notes import vkey

AUTHOR, LOG, OTHER = bytes(range(32)), bytes(range(32, 64)), bytes([9] * 32)
ORIGIN = "monitor.example"
START = 1765620000000000
MANIFEST, HASH, ENTRY, CONTENT, CHUNK, SIGNATURE = range(1, 7)


# --- a ledger ------------------------------------------------------------------------------------


class Ledger:
    """Entries with their contents; the first two are control entries."""

    def __init__(self, count):
        self.entries, self.contents, self.ids, self.fields = [], [], [], []
        self.add("ledger.created", [], {"origin": ORIGIN, "vkey": vkey(ORIGIN.encode(), public_key(LOG)).decode()})
        if count > 1:
            self.add("policy.set", [("ledger", self.ids[0])], {"unknown_authors": "refuse"})
        for i in range(2, count):
            self.add("entity.described", [], {"subject": "%s/x/%d" % (ORIGIN, i), "name": ["one", "two"]})

    def add(self, kind, refs, fields):
        at = len(self.entries)
        seed = sha256(b"seed", u32be(at))[:16]
        _, ident, _, data = event(AUTHOR, kind, START, refs, 0, content_root(seed, fields))
        self.entries.append(pack([START + at, data]))
        self.contents.append(whole(seed, fields))
        self.fields.append((seed, fields))
        self.ids.append(ident)

    def root(self, first, end):
        if end == first:
            return sha256(b"")
        if end - first == 1:
            return sha256(b"\0", self.entries[first])
        half = 1 << (end - first - 1).bit_length() - 1
        return sha256(b"\1", self.root(first, first + half), self.root(first + half, end))

    def consistency(self, size, first, end, is_whole=True):
        if size == end - first:
            return [] if is_whole else [self.root(first, end)]
        half = 1 << (end - first - 1).bit_length() - 1
        if size <= half:
            return self.consistency(size, first, first + half, is_whole) + [self.root(first + half, end)]
        return self.consistency(size - half, first + half, end, False) + [self.root(first, first + half)]

    def checkpoint(self, size):
        text = b"%s\n%d\n%s\n" % (ORIGIN.encode(), size, base64.b64encode(self.root(0, size)))
        return (text + b"\n" + signature_line(ORIGIN.encode(), LOG, text)).decode()


# --- a bundle ------------------------------------------------------------------------------------


def indexes(selected):
    out, at = b"", 0
    for i in sorted(selected):
        if i - 1 in selected:
            continue
        length = 1
        while i + length in selected:
            length += 1
        out += u32be(i - at) + u32be(length)
        at = i + length
    return out


def walk(ledger, selected, first, end):
    """The records of the tree from the root down: each is a pair of type and payload."""
    if not any(first <= i < end for i in selected):
        return [(HASH, ledger.root(first, end))]
    if end - first == 1:
        content = ledger.contents[first]
        records = [(ENTRY, pack([ledger.entries[first], sha256(content) if content else b""]))]
        return records + ([(CONTENT, content)] if content else [])
    half = 1 << (end - first - 1).bit_length() - 1
    return walk(ledger, selected, first, first + half) + walk(ledger, selected, first + half, end)


def manifest_of(ledger, selected, documents, more):
    size = len(ledger.entries)
    manifest = {
        "checkpoint": ledger.checkpoint(size),
        "contents": sum(ledger.contents[i] != b"" for i in selected),
        "count": len(selected),
        "created_at": START + 10**6,
        "exporter": public_key(AUTHOR),
        "genesis": ledger.ids[0],
        "handling": 2,
        "indexes": indexes(selected),
        "origin": ORIGIN,
    }
    if documents:
        manifest["captures"] = b"".join(sha256(d) + len(d).to_bytes(8, "big") for d in documents)
    manifest.update(more)
    return manifest


def records_of(ledger, selected, documents=(), **more):
    documents = sorted(documents, key=sha256)
    manifest = manifest_of(ledger, selected, documents, more)
    records = [(MANIFEST, pack(manifest))] + walk(ledger, selected, 0, len(ledger.entries))
    for document in documents:
        records += [(CHUNK, document[i : i + 65536]) for i in range(0, len(document), 65536)]
    return records


def framed(records):
    return b"".join(bytes([kind]) + u32be(len(data)) + data for kind, data in records)


def is_kept(record):
    return record[0] not in (CONTENT, CHUNK)


def signature_of(records, secret=AUTHOR, prefix=b"adduce/bundle-signature/v1\n"):
    return (SIGNATURE, sign(secret, prefix + sha256(framed(filter(is_kept, records)))))


def bundle(records, line=b"adduce/bundle/v1\n", signature=None):
    return line + framed(records) + framed([signature or signature_of(records)])


def skeleton(records):
    return b"adduce/skeleton/v1\n" + framed(filter(is_kept, records)) + framed([signature_of(records)])


# --- the lines -----------------------------------------------------------------------------------


def good(name, records):
    print(name, "ok", bundle(records).hex(), skeleton(records).hex())


def bad(name, says, data):
    print(name, says, data.hex(), "-")


def replaced(records, at, *others):
    return records[:at] + list(others) + records[at + 1 :]


def first_of(records, kind):
    return next(i for i, record in enumerate(records) if record[0] == kind)


def main():
    print("# Written by bundle.py. Lines: name, verdict, bundle, skeleton.")
    document = b"The bytes of a page."
    good("genesis", records_of(Ledger(1), {0}))
    good("chunks", records_of(Ledger(1), {0}, [b"x" * 65537]))
    seven = Ledger(7)
    since = [3, seven.root(0, 3), b"".join(seven.consistency(3, 0, 7))]
    all_of_it = records_of(seven, set(range(7)), [document, b"", document * 2], complete=[0, 7],
                           since=since, recipients=["partner.example"], selection="all")
    good("all", all_of_it)
    thirteen = Ledger(13)
    seed, fields = thirteen.fields[5]
    thirteen.contents[5] = partial(seed, fields, ("subject", ("name", 1)))
    thirteen.contents[9] = b""
    some = records_of(thirteen, {0, 1, 5, 9}, handling=0, keys=[public_key(OTHER)], purpose="a test",
                      recalls=[thirteen.ids[5]], recipients=["a", "\u0431"],
                      withheld=["name.1", thirteen.ids[5].hex() + ":subject"])
    good("some", some)
    good("a_range", records_of(thirteen, {0, 1, *range(8, 13)}, complete=[8, 13]))

    bad("of_another_version", "version", bundle(some, b"adduce/bundle/v2\n"))
    bad("contents_in_a_skeleton", "form", bundle(some, b"adduce/skeleton/v1\n"))
    bad("without_contents", "form", bundle(list(filter(is_kept, some))))
    bad("without_signature", "form", b"adduce/bundle/v1\n" + framed(some))
    bad("bytes_behind", "form", bundle(some) + b"\0")
    bad("signed_by_another", "signature", bundle(some, signature=signature_of(some, OTHER)))
    bad("signed_as_an_event", "signature",
        bundle(some, signature=signature_of(some, prefix=b"adduce/event/v1\n")))
    everything = (SIGNATURE, sign(AUTHOR, b"adduce/bundle-signature/v1\n" + sha256(framed(some))))
    bad("signed_with_contents", "signature", bundle(some, signature=everything))
    at = first_of(some, HASH)
    bad("another_hash", "proof", bundle(replaced(some, at, (HASH, sha256(b"another")))))
    bad("a_subtree_in_halves", "form",
        bundle(replaced(some, at, (HASH, thirteen.root(2, 3)), (HASH, thirteen.root(3, 4)))))
    at = first_of(some, CONTENT)
    bad("another_content", "commitment", bundle(replaced(some, at, (CONTENT, thirteen.contents[2]))))
    bad("no_content", "form", bundle(replaced(some, at)))
    at = first_of(all_of_it, CHUNK)
    data = all_of_it[at][1]
    bad("short_chunks", "form", bundle(replaced(all_of_it, at, (CHUNK, data[:9]), (CHUNK, data[9:]))))
    bad("another_document", "commitment", bundle(replaced(all_of_it, at, (CHUNK, data[::-1]))))
    few = Ledger(4)
    for name, says, more in (
            ("key_not_known", "form", {"zzz": 1}),
            ("another_origin", "form", {"origin": "other.example"}),
            ("another_genesis", "other-ledger", {"genesis": few.ids[1]}),
            ("miscounted", "form", {"count": 3}),
            ("miscounted_contents", "form", {"contents": 1}),
            ("touching_runs", "form", {"indexes": u32be(0) + u32be(1) + u32be(0) + u32be(1)}),
            ("beyond_the_tree", "form", {"indexes": u32be(0) + u32be(2) + u32be(2) + u32be(1), "count": 3}),
            ("not_complete", "form", {"complete": [0, 3]}),
            ("without_entry_0", "form", {"indexes": u32be(1) + u32be(2)}),
            ("since_another", "proof", {"since": [2, sha256(b"no"), b"".join(few.consistency(2, 0, 4))]}),
            ("handling_5", "form", {"handling": 5}),
            ("an_empty_list", "form", {"recipients": []}),
            ("captures_cut", "form", {"captures": bytes(39)})):
        bad(name, says, bundle(records_of(few, {0, 1}, **more)))
    bad("gigabytes", "form", b"adduce/bundle/v1\n\x01\xff\xff\xff\xff" + bytes(64))
    bad("deep", "not-canonical", b"adduce/bundle/v1\n\x01" + u32be(4096) + b"\x91" * 4096)


if __name__ == "__main__":
    main()
