#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes receipts.txt: receipts made from docs/FORMAT.md alone, and notes that must be refused. A line
is: a name, what a reader says ("ok" or the error), the bytes in hexadecimal, and of a good one what it
says: admitted, present, quarantined and refused, separated by commas, the time in microseconds, and the
bytes of the proof ("-" for none)."""

import sys

sys.dont_write_bytecode = True

import base64
import datetime
import hashlib

from notes import line, public

SEED, OTHER = hashlib.sha256(b"recipient").digest(), hashlib.sha256(b"somebody else").digest()
ORIGIN = "partner.example"
TIME = 1795615200000000  # 2026-11-24T14:00:00Z, in the year of the format
LARGEST = 2**53 - 1
PROOF = b"c2sp.org/tlog-proof@v1\nof no log that is here\n"


def hex_of(word):
    return hashlib.sha256(word).hexdigest()


def moment(microseconds):
    seconds, rest = divmod(microseconds, 1000000)
    whole = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return whole + (".%06dZ" % rest if rest else "Z")


def pairs(counts=(6, 6, 0, 0, 0), proof=PROOF, time=TIME, seed=SEED):
    """The lines of a receipt, to be changed before they are signed."""
    lines = [["origin", ORIGIN], ["genesis", hex_of(b"genesis")], ["source", "monitor.example"],
             ["source-genesis", hex_of(b"source")], ["manifest", hex_of(b"manifest")]]
    lines += [[word, str(count)] for word, count in zip(("count", "admitted", "present", "quarantined", "refused"), counts)]
    lines += [["key", public(seed).hex()], ["time", moment(time)]]
    return lines + ([["proof", base64.b64encode(proof).decode()]] if proof else [])


def text_of(lines, first="adduce/receipt/v1"):
    return (first + "\n" + "".join(" ".join(words) + "\n" for words in lines)).encode()


def signed(text, name=ORIGIN, seed=SEED):
    return text + b"\n" + line(name.encode(), seed, text)


def good(name, counts, proof, time):
    note = signed(text_of(pairs(counts, proof, time)))
    print(name, "ok", note.hex(), ",".join(map(str, counts[1:])), time, proof.hex() or "-")


def changed(change):
    lines = pairs()
    change(lines)
    return signed(text_of(lines))


def bad():
    def put(at, *words):
        return lambda lines: lines.__setitem__(at, list(words))

    yield "another_version", "note", signed(text_of(pairs(), "adduce/receipt/v2"))
    for at, (word, _) in enumerate(pairs()[:-1]):
        yield "without_" + word, "note", changed(lambda lines: lines.pop(at))
        yield "twice_" + word, "note", changed(lambda lines: lines.insert(at, lines[at]))
        yield "empty_" + word, "note", changed(put(at, word, ""))
    for number in ("06", "+6", "-1", "6.0", "0x6", str(LARGEST + 1), "18446744073709551616", " 6", "six"):
        yield "count_" + number.strip(" +").replace(".", "_"), "note", changed(put(5, "count", number))
    yield "two_in_another_order", "note", changed(lambda lines: lines.insert(6, lines.pop(7)))
    yield "hexadecimal_in_capitals", "note", changed(lambda lines: lines[1].__setitem__(1, lines[1][1].upper()))
    yield "hexadecimal_cut_short", "note", changed(lambda lines: lines[4].__setitem__(1, lines[4][1][:-2]))
    yield "an_origin_with_a_plus", "note", changed(put(0, "origin", "partner+example"))
    for time in ("2026-11-24T14:00:00.000000Z", "2026-11-24 14:00:00Z", "2026-11-24T14:00:00+00:00", "2026-11-24T14:00:00.5Z",
                 "2026-02-30T14:00:00Z"):
        yield "time_" + time.replace(" ", "_"), "note", changed(put(11, "time", time))
    yield "a_proof_not_in_base64", "note", changed(put(12, "proof", "!!!!"))
    yield "a_proof_with_loose_bits", "note", changed(put(12, "proof", "QR=="))
    yield "an_empty_proof", "note", changed(put(12, "proof", ""))
    yield "a_line_behind_it", "note", changed(lambda lines: lines.append(["note", "of nothing"]))
    text = text_of(pairs())
    yield "no_signature", "note", text
    yield "signed_by_another_key", "signature", signed(text, seed=OTHER)
    yield "signed_under_another_name", "signature", signed(text, name="monitor.example")
    yield "names_another_key", "signature", signed(text_of(pairs(seed=OTHER)))
    yield "changed_afterwards", "signature", signed(text).replace(b"\nadmitted 6\n", b"\nadmitted 5\n")


def main():
    print("# Written by receipts.py.")
    good("all_admitted", (6, 6, 0, 0, 0), PROOF, TIME)
    good("of_each_some", (10, 1, 2, 3, 4), PROOF, TIME + 123456)
    good("nothing_entered", (6, 0, 6, 0, 0), b"", TIME)
    good("as_many_as_a_log_holds", (LARGEST, LARGEST, 0, 0, 0), b"", 0)
    for name, verdict, note in bad():
        print(name, verdict, note.hex())


if __name__ == "__main__":
    main()
