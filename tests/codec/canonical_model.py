#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second implementation of the canonical profile, for the differential test tools/check/model.

It was written from the words of the format (design, section 4, "Encoding") and not from the C:
recursive where that has a stack, slices where that has pointers, Python's own UTF-8 decoder. What
the words leave open, which of several faults is named and at which byte, follows the chapter at
the head of src/codec/canonical.h.

check(data) is None for exactly one canonical value, else (rule, offset).
Run by itself it reads lines of hex and prints "ok" or "RULE OFFSET", as the C driver does.
"""
import sys

DEPTH = 16
OBJECTS = 65536
INTEGER = 2**53 - 1


class Fault(Exception):
    def __init__(self, rule, offset):
        super().__init__(rule, offset)
        self.rule, self.offset = rule, offset


class Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0
        self.objects = 1

    def number(self, head, width, signed=False):
        """The integer after the head byte at `head`."""
        digits = self.data[head + 1:head + 1 + width]
        if len(digits) < width:
            raise Fault("TRUNCATED", head)
        self.at = head + 1 + width
        return int.from_bytes(digits, "big", signed=signed)

    def integer(self, head, byte):
        if byte <= 0x7F or byte >= 0xE0:
            self.at = head + 1
            return
        if byte <= 0xCF:
            width = 1 << (byte - 0xCC)
            value = self.number(head, width)
            shortest = 0 if value < 128 else next(w for w in (1, 2, 4, 8) if value < 256**w)
        else:
            width = 1 << (byte - 0xD0)
            value = self.number(head, width, signed=True)
            if value >= 0:
                raise Fault("INTEGER_FORM", head)
            bits = next(b for b in (5, 7, 15, 31, 63) if value >= -(2**b))
            shortest = 0 if bits == 5 else (bits + 1) // 8
        if width != shortest:
            raise Fault("INTEGER_FORM", head)
        if abs(value) > INTEGER:
            raise Fault("INTEGER_RANGE", head)

    def length(self, head, byte, fix, first, widths):
        """The length of a str, bin, array or map: `fix` values stand in the head byte, the other
        forms begin with byte `first` and have these widths."""
        if byte < 0xC0:
            self.at = head + 1
            return byte & (fix - 1)
        width = widths[byte - first]
        value = self.number(head, width)
        narrower = [w for w in widths if w < width]
        least = 256 ** narrower[-1] if narrower else fix
        if value < least:
            raise Fault("LENGTH_FORM", head)
        return value

    def body(self, head, size):
        if size > len(self.data) - self.at:
            raise Fault("TRUNCATED", head)
        body = self.data[self.at:self.at + size]
        return body

    def text(self, head, byte):
        size = self.length(head, byte, 32, 0xD9, (1, 2, 4))
        body = self.body(head, size)
        end = len(body)
        try:
            body.decode("utf-8", "strict")
        except UnicodeDecodeError as error:
            end = error.start
        nul = body.find(0)
        if 0 <= nul < end:
            raise Fault("NUL", self.at + nul)
        if end < len(body):
            raise Fault("UTF8", self.at + end)
        self.at += size
        return body

    def items(self, head, count, depth):
        """Judges what a container promises."""
        if count > len(self.data) - self.at:
            raise Fault("TRUNCATED", head)
        if self.objects + count > OBJECTS:
            raise Fault("OBJECT_LIMIT", head)
        self.objects += count
        if count and depth + 1 > DEPTH:
            raise Fault("DEPTH_LIMIT", self.at)

    def array(self, head, byte, depth):
        count = self.length(head, byte, 16, 0xDC, (2, 4))
        self.items(head, count, depth)
        for _ in range(count):
            if self.at >= len(self.data):
                raise Fault("TRUNCATED", head)
            self.value(depth + 1)

    def map(self, head, byte, depth):
        count = self.length(head, byte, 16, 0xDE, (2, 4))
        self.items(head, 2 * count, depth)
        last = None
        for _ in range(count):
            if self.at >= len(self.data):
                raise Fault("TRUNCATED", head)
            key_head = self.at
            key_byte = self.data[key_head]
            if not (0xA0 <= key_byte <= 0xBF or 0xD9 <= key_byte <= 0xDB):
                raise Fault("KEY_TYPE", key_head)
            key = self.text(key_head, key_byte)
            if last is not None and key == last:
                raise Fault("KEY_DUPLICATE", key_head)
            if last is not None and key < last:
                raise Fault("KEY_ORDER", key_head)
            last = key
            if self.at >= len(self.data):
                raise Fault("TRUNCATED", head)
            self.value(depth + 1)

    def value(self, depth):
        head = self.at
        byte = self.data[head]
        if byte <= 0x7F or byte >= 0xE0 or 0xCC <= byte <= 0xD3:
            self.integer(head, byte)
        elif byte <= 0x8F or byte in (0xDE, 0xDF):
            self.map(head, byte, depth)
        elif byte <= 0x9F or byte in (0xDC, 0xDD):
            self.array(head, byte, depth)
        elif byte <= 0xBF or 0xD9 <= byte <= 0xDB:
            self.text(head, byte)
        elif byte in (0xC2, 0xC3):
            self.at = head + 1
        elif 0xC4 <= byte <= 0xC6:
            size = self.length(head, byte, 0, 0xC4, (1, 2, 4))
            self.body(head, size)
            self.at += size
        elif byte == 0xC0:
            raise Fault("NIL", head)
        elif byte == 0xC1:
            raise Fault("RESERVED", head)
        elif byte in (0xCA, 0xCB):
            raise Fault("FLOAT", head)
        else:
            raise Fault("EXT", head)


def check(data):
    reader = Reader(data)
    try:
        if not data:
            raise Fault("EMPTY", 0)
        reader.value(1)
        if reader.at != len(data):
            raise Fault("TRAILING", reader.at)
    except Fault as fault:
        return fault.rule, fault.offset
    return None


def main():
    for line in sys.stdin:
        fault = check(bytes.fromhex(line))
        print("ok" if fault is None else "%s %d" % fault)


if __name__ == "__main__":
    main()
