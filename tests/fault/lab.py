# SPDX-License-Identifier: Apache-2.0
"""What the harnesses of this folder share: ledgers in memory to break, the commands that are broken,
what must hold afterwards, and how it is counted and told.

Every harness is a program: it takes --seed and --count, prints each failure with the words that replay
it, and ends with "NAME: N passed, N failed"."""
import argparse
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("BUILD", os.path.join(HOME, "build/release"))
ADDUCE = os.environ.get("ADDUCE", os.path.join(BUILD, "adduce"))
LAB = os.path.join(BUILD, "tests/fault/lab.so")
ARTICLE = os.path.join(HOME, "seeds/minsk/article.ndjson")
CALLS = ("open read pread write pwrite writev fsync fdatasync msync ftruncate rename link unlink mkdir "
         "stat fstat lseek fcntl opendir readdir statvfs mmap mprotect mlock malloc thread random").split()
DOCUMENTED = {0, 1, 2, 3, 4, 5, 6, 7}
SECONDS = 20


def claim(subject, value="v"):
    return json.dumps({"kind": "fact.asserted",
                       "content": {"subject": subject, "property": "p", "value": value}}) + "\n"


class Answer:
    """How a program ended and what it said."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return "status %s; %s" % (self.status, (self.err or self.out).strip().replace("\n", " | ")[:400])


class Place:
    """A folder with a ledger, its keys and its head locks, and nothing else."""

    def __init__(self, root):
        self.root = root

    def path(self, *names):
        return os.path.join(self.root, *names)

    def environment(self, **more):
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS")}
        kept.update(HOME=self.root, LC_ALL="C.UTF-8", TZ="UTC", ADDUCE_LEDGER=self.path("ledger"),
                    ADDUCE_KEYS=self.path("keys"), ADDUCE_HEADS=self.path("heads"))
        kept.update({k: v for k, v in more.items() if v is not None})
        return kept

    def start(self, *words, **more):
        return subprocess.Popen([ADDUCE] + list(words), env=self.environment(**more), cwd=self.root,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words, seconds=SECONDS, **more):
        process = self.start(*words, **more)
        try:
            out, err = process.communicate(timeout=seconds)
            status = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            status = "hangs"
        return Answer(status, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    def must(self, *words, **more):
        answer = self.run(*words, **more)
        if answer.status != 0:
            raise Wrong("adduce %s: %s" % (" ".join(words), answer))
        return answer

    def copy(self, root):
        shutil.copytree(self.root, root, symlinks=True)
        return Place(root)

    def exists(self):
        return os.path.exists(self.path("ledger", "log"))

    def ids(self):
        """The ids of all entries, in order."""
        return [e["id"]["$id"] for e in self.must("log", "--json", "--limit", "100000").json()["entries"]]

    def files(self):
        """Every name below the root, and nothing of LMDB's tables of readers."""
        return {os.path.relpath(os.path.join(folder, name), self.root)
                for folder, _, names in os.walk(self.root) for name in names if not name.endswith("-lock")}

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)


class Wrong(Exception):
    """Something that must hold does not."""


def scratch():
    """A folder in memory, removed at the end."""
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return tempfile.TemporaryDirectory(prefix="adduce-fault-", dir=base)


def make_ledger(root):
    os.makedirs(root)
    place = Place(root)
    with open(place.path("claims.ndjson"), "w") as out:
        out.write("".join(claim("fault/%d" % i) for i in range(3)))
    with open(place.path("page.html"), "w") as out:
        out.write("<p>captured</p>\n" * 100)
    place.must("init", "monitor.example", "--no-passphrase")
    place.must("key", "new", "next", "--no-passphrase")
    place.must("append", ARTICLE)
    make_bundle(root + "-giver", place.path("other.bundle"))
    return place


def make_bundle(root, path):
    """What another ledger gives: its genesis and three claims."""
    os.makedirs(root)
    giver = Place(root)
    with open(giver.path("claims.ndjson"), "w") as out:
        out.write("".join(claim("given/%d" % i) for i in range(3)))
    giver.must("init", "partner.example", "--no-passphrase")
    giver.must("append", "claims.ndjson")
    giver.must("export", "--all", "--no-record", "-o", path)
    giver.remove()


class Command:
    """A command and what it may change: `grows` is how many entries it appends when it succeeds."""

    def __init__(self, name, words, grows=0, fresh=False, again=True):
        self.name, self.words, self.grows, self.fresh, self.again = name, words, grows, fresh, again


# One line a command. To have a new one broken in every way, add it here.
COMMANDS = {c.name: c for c in (
    Command("append", ["append", "claims.ndjson"], grows=3),
    Command("init", ["init", "monitor.example", "--no-passphrase"], fresh=True, again=False),
    Command("rebuild", ["rebuild"]),
    Command("compact", ["compact"]),
    Command("state", ["state"]),
    Command("cite", ["cite", "page.html"], grows=1),
    Command("backup", ["backup", "copy"], again=False),
    Command("checkpoint", ["checkpoint"]),
    Command("publish", ["publish", "site"]),
    Command("rotate", ["author", "rotate", "next"], grows=1, again=False),
    Command("erase", ["erase", "5", "--reason", "asked for", "--yes"], grows=1, again=False),
    Command("import", ["import", "other.bundle", "--admit"], grows=5, again=False),
    Command("export", ["export", "--all", "--to", "partner.example", "-o", "all.bundle"], grows=1, again=False),
    Command("key", ["key", "new", "second", "--no-passphrase"], again=False),
    Command("verify", ["verify"]),
)}


def check_after(place, command, before, answer, acknowledged=None):
    """What must hold after `command`, however it ended: the ledger verifies, what was there is there, and
    what is new is all of the command's or nothing."""
    if command.fresh and not place.exists():
        if answer.status == 0:
            raise Wrong("it said it was done, and there is no ledger")
        return
    verified = place.run("verify", "--json")
    if verified.status != 0:
        raise Wrong("verify afterwards: %s" % verified)
    after = place.ids()
    if command.fresh:
        if len(after) < 1:
            raise Wrong("a ledger without its first entry")
        return
    if after[:len(before)] != before:
        raise Wrong("%d entries were there, and now they are others" % len(before))
    grown = len(after) - len(before)
    if grown not in (0, command.grows):
        raise Wrong("%d entries are new, not 0 or %d" % (grown, command.grows))
    if answer.status == 0 and grown != command.grows:
        raise Wrong("it said it was done, and nothing is new")
    # Not where that is of a later step: of an erasure that is done, and not yet cleared from free pages.
    if "nothing was written" in answer.err and "erased, but" not in answer.err and grown:
        raise Wrong("it said that nothing was written, and %d entries are new" % grown)


def prepare(command, template, place):
    if command.fresh:
        os.makedirs(place.root)
    else:
        template.copy(place.root)


def again(place, command, first):
    """The same command, undisturbed: it works, and what the first one left half done is gone."""
    if not command.again and not (command.fresh and not place.exists()):
        return
    # A log key that may have signed something is not used for another history.
    other = ["--log-key", "second"] if command.fresh and os.path.exists(place.path("keys/log-monitor.example.key")) else []
    answer = place.run(*command.words, *other)
    if answer.status != 0:
        raise Wrong("the same command afterwards: %s (the first: %s)" % (answer, first))
    left = [name for name in place.files() if name.endswith((".tmp", ".partial", ".new"))]
    if left:
        raise Wrong("left over after the next start: %s (the first: %s)" % (" ".join(left), first))


class Count:
    """Counts what passed, tells what failed. As a control it is the other way round: what is tried is broken
    on purpose, and to find nothing wrong is the failure."""

    def __init__(self, name, control=False):
        self.control = control
        self.name, self.passed, self.failed, self.shown, self.kinds = name, 0, 0, 0, set()
        self.began = time.monotonic()

    def fail(self, replay, why):
        """Shows the first of each kind: failures that differ in numbers and paths only are one kind."""
        self.failed += 1
        if self.control:
            return
        kind = re.sub(r"/\S+|\d+", "", str(why))[:80]
        if kind in self.kinds:
            return
        self.kinds.add(kind)
        self.shown += 1
        if self.shown <= 20:
            print("%s: %s\n  replay: %s" % (self.name, why, replay), flush=True)
        if self.shown == 21:
            print("%s: more failures are not shown" % self.name, flush=True)

    def judge(self, replay, work, *arguments):
        try:
            work(*arguments)
            self.passed += 1
            return True
        except Wrong as why:
            self.fail(replay, why)
            return False

    def finish(self):
        if self.control:
            print("%s: what is broken on purpose was noticed in %d of %d" % (
                self.name, self.failed, self.passed + self.failed))
            self.passed, self.failed = int(self.failed > 0), int(self.failed == 0)
        print("%s: %d passed, %d failed" % (self.name, self.passed, self.failed))
        print("%s: %.1f s" % (self.name, time.monotonic() - self.began), file=sys.stderr)
        sys.exit(1 if self.failed or not self.passed else 0)


def options(description, count):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=count, help="how many; 0: all there are")
    return parser


def page_counts(path):
    """(struck, {call: how often}) from a page of the laboratory."""
    with open(path, "rb") as page:
        numbers = struct.unpack("=%dQ" % (1 + len(CALLS)), page.read(8 * (1 + len(CALLS))))
    return numbers[0], dict(zip(CALLS, numbers[1:]))


def in_parallel(work, items):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(work, items)
