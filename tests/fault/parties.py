# SPDX-License-Identifier: Apache-2.0
"""What tests/fault/exchange believes: what each organization's ledger holds, and what a bundle gives.

Every value that could be withheld or erased is a marker, a text that stands nowhere else, so that a search of
bytes tells who has it. Bundles are read by a reader of this file's own."""
import hashlib
import os
import re

from lab import Place, Wrong

MARKER = re.compile(rb"mk[0-9]{6}z")
LEVELS = ("clear", "green", "amber", "amber+strict", "red")
CONTROL = re.compile(r"(ledger|key|policy|kind|hold)\.|content\.erased$|bundle\.imported$")


DIGESTS = {}  # of captured documents -> the marker that stands for the digest; it is in no bytes


def markers_in(data):
    return frozenset(m.decode() for m in MARKER.findall(data))


def markers_of(content):
    return markers_in(content).union(name for digest, name in DIGESTS.items() if digest in content)


def in_bytes(markers):
    return frozenset(m for m in markers if m.startswith("mk"))


# --- a reader of bundles (docs/FORMAT.md 9) -----------------------------------------------------------------


def number(data, at, size):
    return int.from_bytes(data[at:at + size], "big"), at + size


def read(data, at=0):
    """(value, the place behind it) of the MessagePack that a ledger writes."""
    head = data[at]
    at += 1
    if head < 0x80 or head >= 0xe0:
        return (head if head < 0x80 else head - 256), at
    if head < 0xc0:
        sort, count = {8: "map", 9: "list"}.get(head >> 4, "text"), head & (0x0f if head < 0xa0 else 0x1f)
    elif head in (0xc2, 0xc3):
        return head == 0xc3, at
    elif 0xcc <= head <= 0xd3:
        size = 1 << (head & 3)
        value = int.from_bytes(data[at:at + size], "big", signed=head >= 0xd0)
        return value, at + size
    else:
        sort, size = {0xc4: ("bytes", 1), 0xc5: ("bytes", 2), 0xc6: ("bytes", 4), 0xd9: ("text", 1),
                      0xda: ("text", 2), 0xdb: ("text", 4), 0xdc: ("list", 2), 0xdd: ("list", 4),
                      0xde: ("map", 2), 0xdf: ("map", 4)}[head]
        count, at = number(data, at, size)
    if sort in ("text", "bytes"):
        value = data[at:at + count]
        return (value.decode() if sort == "text" else value), at + count
    items = []
    for _ in range(count * (2 if sort == "map" else 1)):
        value, at = read(data, at)
        items.append(value)
    return (items if sort == "list" else dict(zip(items[::2], items[1::2]))), at


def event_id(event):
    """Of an event's bytes: the hash of what was signed, an array of its first seven items."""
    return hashlib.sha256(b"adduce/event/v1\n\x97" + event[1:-66]).hexdigest()


class Given:
    """An entry in a bundle, and which markers came with it."""

    def __init__(self, entry):
        _, self.event = read(entry)[0]
        _, self.kind, _, _, self.refs, self.handling, _, _ = read(self.event)[0]
        self.id, self.markers = event_id(self.event), frozenset()


def read_bundle(path):
    """(manifest, entries) of a bundle that is not sealed."""
    with open(path, "rb") as file:
        data = file.read()
    line = b"adduce/bundle/v1\n"
    if not data.startswith(line):
        raise Wrong("%s is no bundle" % path)
    at, manifest, entries = len(line), None, []
    while at < len(data):
        sort = data[at]
        size, at = number(data, at + 1, 4)
        payload, at = data[at:at + size], at + size
        if sort == 1:
            manifest = read(payload)[0]
        elif sort == 3:
            entries.append(Given(read(payload)[0][0]))
        elif sort == 4:
            entries[-1].markers = markers_of(payload)
    return manifest, entries


# --- events -------------------------------------------------------------------------------------------------


class Event:
    """A claim as it was made: the markers of each field, `name`, or element of a list, `name.1`."""

    def __init__(self, kind, slots=None, speaks=None, document=None, target=None):
        self.kind, self.slots, self.handling, self.target = kind, slots or {}, 0, target
        self.speaks = speaks or {}  # the field `original` or `fields`: which fields it repeats
        self.document = document  # the marker in the captured document
        self.is_control = CONTROL.match(kind) is not None

    def markers(self):
        return frozenset(self.slots.values())

    def at(self, path):
        """The markers of a field or an element."""
        return frozenset(m for name, m in self.slots.items() if name == path or name.startswith(path + "."))


class Withheld:
    """A path that is not given: of one event, or with no id of all."""

    def __init__(self, path, id=None):
        self.path, self.id = path, id

    def word(self):
        return ("%s:" % self.id if self.id else "") + self.path.replace(".", "/")

    def of(self, id, event):
        if event.is_control or self.id not in (None, id):
            return frozenset()
        field = self.path.split(".")[0]
        besides = [event.at(name) for name, fields in event.speaks.items() if field in fields]
        return event.at(self.path).union(*besides)


# --- organizations ------------------------------------------------------------------------------------------


class Party(Place):
    """An organization: its folder, and what its ledger must hold."""

    def __init__(self, root, name):
        super().__init__(root)
        self.name = name
        self.entries, self.index = [], {}  # ids in order, and where
        self.held = {}  # id -> markers of its content
        self.waiting = {}  # id -> (markers, whose bundle it came with) in quarantine
        self.refused = set()  # ids that were refused by hand
        self.documents = {}  # id of a source -> marker in its captured document
        self.gone = set()  # sources whose document was erased with them
        self.erased = set()  # markers that must be in no byte of the folder
        self.residue = frozenset()  # markers that may be in it until the next compaction
        self.rules = []  # of admission: (source, beginning of a kind, what)
        self.keys = ["default"]
        self.key_count = 0
        self.holds = []  # (id of the hold, ids it keeps: none, all)
        self.pulled = {}  # giver's name -> bundles taken from its depot
        self.pushed = []  # parcels in this party's depot

    def enter(self, id, markers):
        self.index[id] = len(self.entries)
        self.entries.append(id)
        self.held[id] = frozenset(markers)

    def decide(self, source, kind, how):
        found = "quarantine"
        for rule_source, beginning, what in self.rules:
            if rule_source == source and kind.startswith(beginning):
                found = what
                break
        return {("quarantine", "--admit"): "admit", ("admit", "--quarantine"): "quarantine"}.get((found, how), found)

    def is_kept(self, id):
        return any(not ids or id in ids for _, ids in self.holds)

    def allowed(self):
        """Markers that may stand in the folder."""
        return self.wanted() | (self.residue - self.erased)

    def wanted(self):
        """Markers that must."""
        waiting = [markers for markers, _ in self.waiting.values()]
        return in_bytes(frozenset(self.documents.values()).union(*self.held.values(), *waiting))

    def bytes_of(self):
        """(path, bytes) of every file of the ledger; LMDB's tables of readers hold no contents."""
        for folder, _, names in os.walk(self.path("ledger")):
            for name in sorted(names):
                if not name.endswith("-lock"):
                    path = os.path.join(folder, name)
                    with open(path, "rb") as file:
                        yield os.path.relpath(path, self.path("ledger")), file.read()

    def fingerprint(self):
        """What a refusal must leave as it was. Projections may be folded by a question."""
        return {path: hashlib.sha256(data).hexdigest() for path, data in self.bytes_of()
                if not path.startswith("projections/")}

    def scan(self):
        """{marker: a file in which it stands}, by its bytes, in any case of letters."""
        found = {}
        for path, data in self.bytes_of():
            for marker in markers_in(data.lower()):
                found.setdefault(marker, path)
            for marker in markers_in(path.encode()):
                found.setdefault(marker, "the name of " + path)
        return found


class Parcel:
    """A bundle on its way: for each entry its id, kind and markers; and the documents in it."""

    def __init__(self, path, giver, recipients, given, documents, sealed=False):
        self.path, self.giver, self.recipients = path, giver, recipients
        self.given, self.documents, self.sealed = given, documents, sealed
