#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes canonical.txt. Every expectation here was set down by hand, from the words of the format;
none was computed by a program that knows the profile."""

INTRO = """\
# The canonical profile: what is accepted, and for each rule what breaks it, and at which byte.
# One vector a line: BYTES ok | BYTES RULE OFFSET. BYTES is hex in groups joined by ".", and
# "AA*N" is a group N times. Written by canonical.py, in which the expectations stand by hand.
"""

VECTORS = """
# integers at the ends of each form
00 ok
7f ok
cc80 ok
ccff ok
cd0100 ok
cdffff ok
ce00010000 ok
ceffffffff ok
cf0000000100000000 ok
cf001fffffffffffff ok
ff ok
e0 ok
d0df ok
d080 ok
d1ff7f ok
d18000 ok
d2ffff7fff ok
d280000000 ok
d3ffffffff7fffffff ok
d3ffe0000000000001 ok
# truth
c2 ok
c3 ok
# text at the ends of each form, and of each size of a character
a0 ok
a161 ok
bf.61*31 ok
d920.61*32 ok
d9ff.61*255 ok
da0100.61*256 ok
daffff.61*65535 ok
db00010000.61*65536 ok
a101 ok
a17f ok
a2c280 ok
a2dfbf ok
a3e0a080 ok
a3ed9fbf ok
a3ee8080 ok
a3efbfbf ok
a4f0908080 ok
a4f48fbfbf ok
b061626364656667c3a468696a6b6c6d6e ok
# bytes at the ends of each form
c400 ok
c40100 ok
c4ff.00*255 ok
c50100.00*256 ok
c5ffff.00*65535 ok
c600010000.00*65536 ok
# lists and maps at the ends of each form
90 ok
9f.01*15 ok
dc0010.01*16 ok
dcffff.c2*65535 ok
80 ok
81a001 ok
82a161.01.a162.02 ok
82a161.01.a26161.02 ok
82a17a.01.a2c3a4.02 ok
83a0.01.a161.02.a3efbfbf.03 ok
82.a161.81a161.01.a162.81a161.01 ok
# order is of text, not of encoded keys: a long "a..." stands before "b"
82.d920.61*32.01.a162.02 ok
# 16 deep: a list that is empty, a map that is empty, a scalar
91*15.90 ok
91*15.80 ok
91*15.01 ok
81a161*15.80 ok
91*15.a3616263 ok
# 65,536 objects: in one list, in two, keys counted
92.dc7ffe.01*32766.dc7fff.01*32767 ok
81.a161.92.dcfff9.01*65529.91.01 ok

# nothing
- EMPTY 0

# cut short: in a head, in a body, in a container
cc TRUNCATED 0
cd01 TRUNCATED 0
ce010000 TRUNCATED 0
cf00000001000000 TRUNCATED 0
d0 TRUNCATED 0
d3ffffffff7fffff TRUNCATED 0
a1 TRUNCATED 0
bf.61*30 TRUNCATED 0
d9 TRUNCATED 0
d920.61*31 TRUNCATED 0
da01 TRUNCATED 0
db000100 TRUNCATED 0
dbffffffff.61 TRUNCATED 0
c4 TRUNCATED 0
c401 TRUNCATED 0
c50100.00*255 TRUNCATED 0
c6ffffffff TRUNCATED 0
91 TRUNCATED 0
9201 TRUNCATED 0
92.a161 TRUNCATED 0
9201.91 TRUNCATED 2
92.01.cd01 TRUNCATED 2
92.92.01.01 TRUNCATED 0
81 TRUNCATED 0
81a161 TRUNCATED 0
82a16101 TRUNCATED 0
82.a161.92.01.02 TRUNCATED 0
dc TRUNCATED 0
dc00 TRUNCATED 0
ddffffffff TRUNCATED 0
dd7fffffff.01 TRUNCATED 0
dfffffffff TRUNCATED 0
df80000000.a0.01 TRUNCATED 0
de8000.a0.01 TRUNCATED 0
92.91.ddffffffff TRUNCATED 2
91.a3.6162 TRUNCATED 1

# bytes after the value
0000 TRAILING 1
c2c0 TRAILING 1
a16100 TRAILING 2
9001 TRAILING 1
8080 TRAILING 1
cf001fffffffffffffff TRAILING 9
91.a161.00 TRAILING 3

# integers in a form that is too wide
cc00 INTEGER_FORM 0
cc7f INTEGER_FORM 0
cd0000 INTEGER_FORM 0
cd00ff INTEGER_FORM 0
ce00000000 INTEGER_FORM 0
ce0000ffff INTEGER_FORM 0
cf0000000000000000 INTEGER_FORM 0
cf00000000ffffffff INTEGER_FORM 0
d000 INTEGER_FORM 0
d07f INTEGER_FORM 0
d0ff INTEGER_FORM 0
d0e0 INTEGER_FORM 0
d10000 INTEGER_FORM 0
d17fff INTEGER_FORM 0
d1ff80 INTEGER_FORM 0
d1ffff INTEGER_FORM 0
d200000000 INTEGER_FORM 0
d27fffffff INTEGER_FORM 0
d2ffff8000 INTEGER_FORM 0
d2ffffffff INTEGER_FORM 0
d30000000000000000 INTEGER_FORM 0
d37fffffffffffffff INTEGER_FORM 0
d3ffffffff80000000 INTEGER_FORM 0
d3ffffffffffffffff INTEGER_FORM 0
92.01.cc01 INTEGER_FORM 2
81.a161.d001 INTEGER_FORM 3

# integers beyond 2^53 - 1
cf0020000000000000 INTEGER_RANGE 0
cf0020000000000001 INTEGER_RANGE 0
cf7fffffffffffffff INTEGER_RANGE 0
cf8000000000000000 INTEGER_RANGE 0
cfffffffffffffffff INTEGER_RANGE 0
d3ffe0000000000000 INTEGER_RANGE 0
d3ffdfffffffffffff INTEGER_RANGE 0
d38000000000000000 INTEGER_RANGE 0
91.cf0020000000000000 INTEGER_RANGE 1

# lengths in a form that is too wide
d900 LENGTH_FORM 0
d91f.61*31 LENGTH_FORM 0
da0000 LENGTH_FORM 0
da0020.61*32 LENGTH_FORM 0
da00ff.61*255 LENGTH_FORM 0
db00000000 LENGTH_FORM 0
db0000ffff.61*65535 LENGTH_FORM 0
c50000 LENGTH_FORM 0
c500ff.00*255 LENGTH_FORM 0
c600000000 LENGTH_FORM 0
c60000ffff.00*65535 LENGTH_FORM 0
dc0000 LENGTH_FORM 0
dc000f.01*15 LENGTH_FORM 0
dd00000000 LENGTH_FORM 0
dd0000ffff LENGTH_FORM 0
de0000 LENGTH_FORM 0
de0001.a0.01 LENGTH_FORM 0
de000f LENGTH_FORM 0
df00000000 LENGTH_FORM 0
df0000ffff LENGTH_FORM 0
81.d90161.01 LENGTH_FORM 1
91.c500ff LENGTH_FORM 1
92.01.dc0001.01 LENGTH_FORM 2

# floating point
ca00000000 FLOAT 0
cb3ff0000000000000 FLOAT 0
ca FLOAT 0
cb7ff8000000000000 FLOAT 0
91.ca3f800000 FLOAT 1
81.a161.cb0000000000000000 FLOAT 3

# nil
c0 NIL 0
91.c0 NIL 1
81.a161.c0 NIL 3
92.01.c0 NIL 2

# extension types
c70001 EXT 0
c8000001 EXT 0
c90000000001 EXT 0
d40100 EXT 0
d5010000 EXT 0
d6ff00000000 EXT 0
d7ff0000000000000000 EXT 0
d801.00*16 EXT 0
91.d40100 EXT 1
81.a161.c7 EXT 3

# the byte that is no MessagePack
c1 RESERVED 0
91.c1 RESERVED 1
81.a161.c1 RESERVED 3

# keys that are no text
81.01.01 KEY_TYPE 1
81.c0.01 KEY_TYPE 1
81.c1.01 KEY_TYPE 1
81.c2.01 KEY_TYPE 1
81.c40161.01 KEY_TYPE 1
81.90.01 KEY_TYPE 1
81.80.01 KEY_TYPE 1
81.ca.01 KEY_TYPE 1
82.a161.01.ff.02 KEY_TYPE 4

# keys in another order
82.a162.01.a161.02 KEY_ORDER 4
82.a26161.01.a161.02 KEY_ORDER 5
82.a2c3a4.01.a17a.02 KEY_ORDER 5
82.a161.01.a0.02 KEY_ORDER 4
83.a161.01.a163.02.a162.03 KEY_ORDER 7
82.a162.01.d920.61*32.02 KEY_ORDER 4
# U+FFFF before U+10000, which UTF-16 would have the other way
82.a4f0908080.01.a3efbfbf.02 KEY_ORDER 7

# keys that stand twice
82.a161.01.a161.01 KEY_DUPLICATE 4
82.a0.01.a0.02 KEY_DUPLICATE 3
83.a161.01.a162.02.a162.03 KEY_DUPLICATE 7
91.82.a3616263.80.a3616263.80 KEY_DUPLICATE 7

# text that is no UTF-8
a180 UTF8 1
a1ff UTF8 1
a1c3 UTF8 1
a2c080 UTF8 1
a2c1bf UTF8 1
a3e09fbf UTF8 1
a3eda080 UTF8 1
a3edbfbf UTF8 1
a4f08fbfbf UTF8 1
a4f4908080 UTF8 1
a4f5808080 UTF8 1
a3e28261 UTF8 1
a361e282 UTF8 2
a461c3c3a4 UTF8 2
a961626364656667.68ff UTF8 9
b0.61*9.c3a4.fe.61*4 UTF8 12
81.a1ff.01 UTF8 2
d920.61*31.c3 UTF8 33

# text with a NUL
a100 NUL 1
a3610061 NUL 2
a861626364656600.67 NUL 7
a9.61*8.00 NUL 9
a2c3a4 ok
a400.c3a4.00 NUL 1
81.a100.01 NUL 2
92.a161.a26100 NUL 5
# the first of several
a200ff NUL 1
a2ff00 UTF8 1

# deeper than 16
91*16.90 DEPTH_LIMIT 16
91*16.01 DEPTH_LIMIT 16
91*16.c0 DEPTH_LIMIT 16
81a161*15.81a161.01 DEPTH_LIMIT 46
81a161*16.01 DEPTH_LIMIT 46
92.01.91*15.01 DEPTH_LIMIT 17
91*1000.90 DEPTH_LIMIT 16

# more than 65,536 objects
dd00010000.01*65536 OBJECT_LIMIT 0
dd00010000.c0*65536 OBJECT_LIMIT 0
de8000.a0*65536 OBJECT_LIMIT 0
92.dc8000.01*32768.dc7ffe.01*32766 OBJECT_LIMIT 32772
df00010000.a0*131072 OBJECT_LIMIT 0
"""


def size_of(spec):
    total = 0
    for group in spec.split("."):
        digits, _, times = group.partition("*")
        total += len(bytes.fromhex(digits)) * int(times or 1)
    return total


def main():
    print(INTRO, end="")
    for line in VECTORS.splitlines():
        if line and not line.startswith("#") and not line.startswith("-"):
            size_of(line.split()[0])  # every line must be whole bytes
        print(line)


if __name__ == "__main__":
    main()
