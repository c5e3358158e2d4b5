#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes cosignatures.txt: cosignatures (C2SP tlog-cosignature, type 0x04) by an implementation in
Python that shares nothing with ours."""

import sys

sys.dont_write_bytecode = True

import base64
import struct

from notes import TWO, key_id, sign

# The checkpoint of the example in C2SP tlog-cosignature.
TEXT = b"example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def main():
    print("# Written by cosignatures.py. Columns, between tabs: time; verifier key; signature line,")
    print("# over the checkpoint of the example in C2SP tlog-cosignature.")
    for name, time in ((b"witness.example/w1", 1679315147), (b"w", 1), ("zeuge/\u00e4".encode(), 2**63 - 1)):
        message = b"cosignature/v1\ntime %d\n" % time + TEXT
        key, signature = sign(TWO, message)
        identity = key_id(name, key, b"\4")
        vkey = name + b"+" + identity.hex().encode() + b"+" + base64.b64encode(b"\4" + key)
        blob = base64.b64encode(identity + struct.pack(">Q", time) + signature)
        line = b"\xe2\x80\x94 " + name + b" " + blob
        print(time, vkey.decode(), line.decode(), sep="\t")


main()
