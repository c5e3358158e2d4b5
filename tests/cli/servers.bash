# SPDX-License-Identifier: Apache-2.0
# Servers for the cases of proofs.sh and outsiders.sh. They listen on loopback only, and end with
# the case.

# await_port PID: until port.txt has a line; the process ends with the case.
await_port() {
  local i
  cleaners+=("kill $1 2>/dev/null")
  for i in $(seq 100); do
    [ -s port.txt ] && break
    sleep 0.05
  done
  url=http://127.0.0.1:$(tail -n 1 port.txt | tr -dc 0-9)
}

# serve FOLDER: $url is that of a web server for it.
serve() {
  rm -f port.txt
  python3 - "$1" >port.txt 2>/dev/null <<'PYTHON' &
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_port, flush=True)
server.serve_forever()
PYTHON
  await_port "$!"
}

# lie CODE: $url is that of a server whose answer to every request is what CODE writes to `out`;
# `body` is what was posted.
lie() {
  rm -f port.txt
  python3 - "$1" >port.txt 2>/dev/null <<'PYTHON' &
import http.server, sys
class Liar(http.server.BaseHTTPRequestHandler):
    body = b""
    def do_GET(self):
        out, body = self.wfile, self.body
        try:
            exec(sys.argv[1])
        except (BrokenPipeError, ConnectionResetError):
            pass
    def do_POST(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()
    do_PUT = do_POST
    do_HEAD = do_GET
    def log_message(self, *arguments):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
print(server.server_port, flush=True)
server.serve_forever()
PYTHON
  await_port "$!"
}

# over_tls CERTIFICATE KEY: the same server as at $url, behind TLS: $tls_url. It takes TLS away and
# hands the bytes on, as what stands in front of a witness does.
over_tls() {
  rm -f port.txt
  python3 - "$1" "$2" "${url##*:}" >port.txt 2>/dev/null <<'PYTHON' &
import socket, ssl, sys, threading
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
def hand_on(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    finally:
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
def carry(raw):
    try:
        near = context.wrap_socket(raw, server_side=True)
    except OSError:
        return
    far = socket.create_connection(("127.0.0.1", int(sys.argv[3])))
    threading.Thread(target=hand_on, args=(far, near), daemon=True).start()
    hand_on(near, far)
while True:
    threading.Thread(target=carry, args=(listener.accept()[0],), daemon=True).start()
PYTHON
  local plain=$url
  await_port "$!"
  tls_url=https://localhost:${url##*:} url=$plain
}

# witness NAME POLICY: starts one; $url and $witness_vkey are its.
witness() {
  rm -f port.txt
  "$ADDUCE" key new "$1" --purpose witness --no-passphrase >/dev/null
  "$ADDUCE" witness "state-$1" --name "witness.example/$1" --key "$1" --policy "$2" \
    --listen 127.0.0.1:0 >port.txt 2>witness.err &
  await_port "$!"
  witness_vkey=$(sed -n 's/^witness //p' port.txt)
}

# say_some FIRST LAST: appends claims about persons of these numbers.
say_some() {
  local i
  for i in $(seq "$1" "$2"); do
    echo '{"kind":"entity.described","content":{"subject":"person/'"$i"'","schema":"Person","name":["Person '"$i"'"]}}'
  done >some.ndjson
  run 0 append some.ndjson
}
