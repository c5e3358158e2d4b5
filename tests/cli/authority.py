#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""authority.py FOLDER: a time-stamping authority on loopback for the tests, which prints its port.
What signs is `openssl ts`, with tsa.cnf, tsa.pem and tsa.key of FOLDER. The path says how it
misbehaves; "/" is honest."""
import http.server
import os
import subprocess
import sys

FOLDER = sys.argv[1]
REPLY = "application/timestamp-reply"


def openssl(*words):
    subprocess.run(["openssl", "ts"] + list(words), cwd=FOLDER, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stamp(query, policy=()):
    with open(os.path.join(FOLDER, "query"), "wb") as out:
        out.write(query)
    openssl("-reply", "-config", "tsa.cnf", "-queryfile", "query", "-signer", "tsa.pem",
            "-inkey", "tsa.key", "-out", "reply", *policy)
    with open(os.path.join(FOLDER, "reply"), "rb") as done:
        return done.read()


def query_about(data, *words):
    with open(os.path.join(FOLDER, "data"), "wb") as out:
        out.write(data)
    openssl("-query", "-data", "data", "-sha256", "-cert", "-out", "made", *words)
    with open(os.path.join(FOLDER, "made"), "rb") as done:
        return done.read()


class Authority(http.server.BaseHTTPRequestHandler):
    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] != "application/timestamp-query":
            return self.answer(415, "text/plain", b"not a query\n")
        if self.path == "/another-imprint":
            return self.answer(200, REPLY, stamp(query_about(b"something else", "-no_nonce")))
        if self.path == "/with-a-nonce":
            with open(os.path.join(FOLDER, "stamped"), "rb") as text:
                return self.answer(200, REPLY, stamp(query_about(text.read())))
        if self.path == "/refuses":  # a policy that it does not have
            return self.answer(200, REPLY, stamp(query_about(b"x", "-tspolicy", "1.2.3.99")))
        if self.path == "/page":
            return self.answer(200, "text/html", b"<p>stamps are sold next door</p>")
        if self.path == "/junk":
            return self.answer(200, REPLY, b"0\x82\x7f\xff" + b"x" * 4096)
        if self.path == "/cut":
            return self.answer(200, REPLY, stamp(query)[:-40])
        if self.path == "/flipped":
            reply = bytearray(stamp(query))
            reply[-20] ^= 1
            return self.answer(200, REPLY, bytes(reply))
        if self.path == "/fails":
            return self.answer(500, "text/plain", b"no\n")
        if self.path == "/endless":
            self.send_response(200)
            self.send_header("Content-Type", REPLY)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"0" * 65536)
            except OSError:
                return None
        return self.answer(200, REPLY + "; x=y" if self.path == "/parameter" else REPLY,
                           stamp(query))

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Authority)
print(server.server_port, flush=True)
server.serve_forever()
