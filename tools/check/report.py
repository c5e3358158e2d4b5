# SPDX-License-Identifier: Apache-2.0
"""What the checks of the house share: which tree they look at, its files, how C is read, and how
they report. Every check is `tools/check/NAME [ROOT]`: it prints its failures, one a line, and then
"NAME: N passed, N failed, N skipped" as its last line, and ends with 1 if anything failed.
"""
import fnmatch
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(HERE))


def files(*patterns):
    """The files of the tree that fit one of the patterns, as paths from its root: what git has or
    would take; without git, everything."""
    listing = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"],
                             capture_output=True, text=True)
    if listing.returncode == 0 and os.path.exists(os.path.join(ROOT, ".git")):
        names = listing.stdout.splitlines()
    else:
        names = [os.path.relpath(os.path.join(folder, name), ROOT)
                 for folder, _, inside in os.walk(ROOT) for name in inside]
    names = [name for name in names if not name.startswith("build/")
             and any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]
    return sorted(name for name in names if os.path.isfile(os.path.join(ROOT, name)))


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


# A comment, a string or a character; what is kept is their line breaks.
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code(name):
    """The file's C without comments, and with nothing in its strings; lines stay where they are.
    What #include names is kept."""
    def blank(match):
        text = match.group(0)
        line = match.string[match.string.rfind("\n", 0, match.start()) + 1:match.start()]
        if text[0] == '"' and re.fullmatch(r"\s*#\s*include\s*", line):
            return text
        quote = text[0] if text[0] in "\"'" else ""
        return quote + "\n" * text.count("\n") + quote
    return NOT_CODE.sub(blank, read(name))


def includes(name):
    """(line, "<" or '"', path) of every #include."""
    for number, line in enumerate(code(name).split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1), match.group(2)


class Report:
    def __init__(self, name):
        self.name, self.passed, self.failed, self.skipped = name, 0, 0, 0

    def fail(self, problem):
        print("%s: %s" % (self.name, problem))
        self.failed += 1

    def judge(self, problems):
        """One thing was looked at, and these are its problems: none, or some."""
        problems = list(problems)
        for problem in problems:
            self.fail(problem)
        if not problems:
            self.passed += 1

    def finish(self):
        print("%s: %d passed, %d failed, %d skipped" %
              (self.name, self.passed, self.failed, self.skipped))
        sys.exit(1 if self.failed else 0)
