#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""terminal.py [TYPED...] -- COMMAND...: runs a command on a terminal and types each text once a prompt
has come (^C is written so). Prints what the terminal showed, then "STATUS N" and "ECHO on|off"."""
import os
import pty
import select
import signal
import sys
import termios
import time

PATIENCE = 60


def shown(fd, seconds, until=None):
    """What comes within the time, or up to a prompt."""
    out, end = b"", time.monotonic() + seconds
    while time.monotonic() < end and not (until and out.endswith(until)):
        if not select.select([fd], [], [], 0.05)[0]:
            continue
        try:
            piece = os.read(fd, 65536)
        except OSError:
            break
        if not piece:
            break
        out += piece
    return out


def main():
    at = sys.argv.index("--")
    typed, command = sys.argv[1:at], sys.argv[at + 1:]
    pid, fd = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored by what runs in the background
        os.execvp(command[0], command)
    out = b""
    for text in typed:
        out += shown(fd, PATIENCE, b": ")
        time.sleep(0.1)  # until it has turned the echo off
        os.write(fd, b"\x03" if text == "^C" else text.encode() + b"\n")
    out += shown(fd, PATIENCE)
    try:
        echo = termios.tcgetattr(fd)[3] & termios.ECHO
    except termios.error:
        echo = True
    done, status, end = 0, 0, time.monotonic() + 5
    while not done and time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        time.sleep(0.02)
    if not done:  # it waits for what nobody types
        os.kill(pid, 9)
        status = os.waitpid(pid, 0)[1]
    sys.stdout.buffer.write(out.replace(b"\r\n", b"\n"))
    sys.stdout.flush()
    print("STATUS", os.waitstatus_to_exitcode(status))
    print("ECHO", "on" if echo else "off")


main()
