# SPDX-License-Identifier: Apache-2.0
# Proofs, checks, published logs, witnesses, audits and timestamps from the command line. Servers of
# these cases listen on loopback only, and end with the case.

. "$here/servers.bash"

case_a_proof_is_checked_without_the_ledger() {
  make_ledger
  say_some 1 20
  vkey=$(log_vkey)
  run 0 prove '#7' -o seven.tlog-proof
  says "wrote seven.tlog-proof"
  head -n 1 seven.tlog-proof | grep -qx 'c2sp.org/tlog-proof@v1' || problem "another first line"
  mkdir elsewhere
  cd elsewhere || return
  run 0 check ../seven.tlog-proof --vkey "$vkey"
  says "Entry 7 of that tree is this one." "Not proven" "That what is claimed is true."
  run 0 check ../seven.tlog-proof
  says "it is the one the file names itself" "$vkey"
  sed 's/^index 7/index 8/' ../seven.tlog-proof >eight.tlog-proof
  run 1 check eight.tlog-proof --vkey "$vkey"
  complains "does not lead to its root"
  head -c 100 ../seven.tlog-proof >cut
  run 1 check cut --vkey "$vkey"
  echo nonsense >nonsense
  run 3 check nonsense --vkey "$vkey"
  run 5 check nowhere
}

case_growth_is_proven() {
  make_ledger
  say_some 1 5
  vkey=$(log_vkey)
  run 0 checkpoint
  cp out.txt old
  say_some 6 9
  run 0 checkpoint
  cp out.txt new
  size=$(sed -n 2p old)
  run 0 prove --from "$size" -o growth
  run 0 check old new growth --vkey "$vkey"
  says "nothing of them was"
  run 1 check new old growth --vkey "$vkey"
}

case_a_log_is_published_mirrored_and_audited() {
  make_ledger
  say_some 1 300
  vkey=$(log_vkey)
  run 0 publish www
  says "301 entries"
  [ -f www/tile/0/000 ] && [ -f www/tile/0/001.p/45 ] && [ -f www/tile/entries/000 ] &&
    [ -f www/checkpoint ] && [ -f www/control/000 ] || problem "files are missing: $(find www)"
  before=$(find www -type f -exec sha256sum {} + | sort)
  run 0 publish www
  [ "$before" = "$(find www -type f -exec sha256sum {} + | sort)" ] || problem "the second run changed it"
  serve www
  run 0 mirror "$url" copy --vkey "$vkey"
  diff -r www copy || problem "the mirror differs"
  run 0 audit "$url" --vkey "$vkey"
  says "301 entries, 301 of them audited now, 301 signatures" "authorized at the position"
  say_some 301 310
  run 0 publish www
  run 0 mirror "$url" copy --vkey "$vkey"
  says "10 of them new"
  run 0 audit copy --vkey "$vkey"
}

case_damage_in_a_published_log_is_named() {
  make_ledger
  say_some 1 300
  vkey=$(log_vkey)
  run 0 publish www
  for file in tile/0/000 tile/0/001.p/45 tile/1/000.p/1 tile/entries/000 tile/entries/001.p/45; do
    cp "www/$file" good
    python3 - "www/$file" <<'END'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[len(data) // 2] ^= 4
open(sys.argv[1], "wb").write(data)
END
    run 1 audit www --vkey "$vkey"
    complains "$file" " entr"
    cp good "www/$file"
  done
  printf x >www/tile/0/stray
  run 1 audit www --vkey "$vkey"
  complains "tile/0/stray does not belong to the log"
}

case_an_audit_goes_on_from_its_statement() {
  make_ledger
  say_some 1 10
  run 0 key new auditor --purpose witness --no-passphrase
  run 0 audit --auditor audit.example -o first
  say_some 11 14
  run 0 audit --since first --auditor audit.example -o second
  says "15 entries, 4 of them audited now"
  grep -qx 'since 11' second || problem "the statement does not say since when"
  sed 's/^entries 4/entries 5/' second >forged
  run 3 audit --since forged --auditor audit.example -o third
  complains "does not verify"
  sed 's/^size 15/size 14/' second >forged
  run 3 audit --since forged --auditor audit.example -o third
  complains "its state is not the digest of its parts"
}

case_witnesses_cosign_and_a_policy_is_met() {
  make_ledger
  say_some 1 10
  vkey=$(log_vkey)
  printf 'log %s\nquorum none\n' "$vkey" >logs.policy
  witness one logs.policy
  printf 'log %s\nwitness one %s %s\n' "$vkey" "$witness_vkey" "$url" >trust.policy
  witness two logs.policy
  printf 'witness two %s %s/\ngroup both all one two\nquorum both\n' "$witness_vkey" "$url" >>trust.policy
  run 0 prove '#3' -o before
  run 1 check before --policy trust.policy
  complains "the quorum is missed: group both needs 2 of its 2 members, 0 cosigned"
  run 0 cosign --policy trust.policy
  says "one cosigned 11 entries" "two cosigned 11 entries" "quorum both met"
  run 0 prove '#3' -o after
  run 0 check after --policy trust.policy
  says "had seen this tree" "The policy's quorum, both, is met."
  run 0 verify --policy trust.policy
  says "quorum both met" "witness one: cosigned at"
  run 0 verify --policy trust.policy --json
  is 'a["policy"]["policy"]["met"]' True
  say_some 11 12
  run 1 verify --policy trust.policy
  says "quorum both missed"
  complains "group both needs 2 of its 2 members, 0 cosigned"
  run 0 cosign --policy trust.policy
  says "one cosigned 13 entries" "quorum both met"
  run 0 publish www
  [ "$(grep -c '^—' www/checkpoint)" = 3 ] || problem "the published checkpoint lacks cosignatures"
}

# answers STATUS CURL-ARGUMENT...: what the witness gives; the body is in body.txt.
answers() {
  local expected=$1 given
  shift
  given=$(curl -s -o body.txt -w '%{http_code}' "$@")
  [ "$given" = "$expected" ] || problem "$*: $given, not $expected: $(head -c 200 body.txt)"
}

# posted STATUS FILE
posted() {
  answers "$1" --data-binary "@$2" "$url/add-checkpoint"
}

# change FILE PYTHON: what Python makes of the file's bytes, as `a`, in ./changed.
change() {
  python3 -c 'import base64, sys
a = open(sys.argv[1], "rb").read()
exec(sys.argv[2])
open("changed", "wb").write(a)' "$1" "$2"
}

case_a_witness_answers_as_the_specification_says() {
  command -v curl >/dev/null || skip "curl is not here"
  make_ledger
  say_some 1 10
  vkey=$(log_vkey)
  printf 'log %s\nquorum none\n' "$vkey" >logs.policy
  witness one logs.policy
  run 0 prove --from 0 -o request
  # 200: one signature line, and nothing else.
  [ "$(curl -s -o body.txt -w '%{http_code} %{content_type}' --data-binary @request "$url/add-checkpoint")" = \
    "200 text/plain; charset=utf-8" ] || problem "not cosigned"
  grep -q '^— witness.example/one [A-Za-z0-9+/]*==$' body.txt && [ "$(wc -l <body.txt)" = 1 ] ||
    problem "no signature line: $(cat body.txt)"
  # 409: with the size, and its type.
  [ "$(curl -s -o body.txt -w '%{http_code} %{content_type}' --data-binary @request "$url/add-checkpoint")" = \
    "409 text/x.tlog.size" ] || problem "no conflict"
  [ "$(od -An -c body.txt | tr -d ' ')" = '11\n' ] || problem "another size: $(cat body.txt)"
  say_some 11 20
  run 0 prove --from 11 -o next
  # 400: whatever is not of the form; an old size above the checkpoint's.
  for bad in 'old 1' 'nonsense' "$(printf 'old 11\n\nx')" ''; do
    answers 400 --data-binary "$bad" "$url/add-checkpoint"
  done
  for code in 'a = a.replace(b"old 11", b"old 011")' 'a = a.replace(b"old 11", b"old -1")' \
    'a = a.replace(b"\n\n", b"\n", 1)' 'a = a[:-1]' 'a += b"x\n"' 'a = a.replace(b"old 11", b"old 99")' \
    'l = a.split(b"\n"); l[1] = l[1][:-2]; a = b"\n".join(l)' \
    'a = a.replace(b"\n\n", b"\n" + (base64.b64encode(bytes(32)) + b"\n") * 64 + b"\n", 1)' \
    'a = a.replace(b"\n21\n", b"\n021\n")' 'a = a.replace(b"\n21\n", b"\n99999999999999999999\n")' \
    'a = a.replace("—".encode(), b"-")' 'a = a.replace(b"old", b"\xff\xfe")'; do
    change next "$code"
    posted 400 changed
  done
  head -c 1000000 /dev/zero >large
  posted 400 large
  # 404: an origin that is not known; also where the proof is none.
  change next 'a = a.replace(b"\nmonitor.example\n", b"\nother.example\n")'
  posted 404 changed
  # 403: no signature of a known key, or a bad one, be there a good one beside it.
  change next 'a = a.replace("— monitor".encode(), "— another".encode())'
  posted 403 changed
  change next 'h, n, s = a.rpartition(b" "); s = bytearray(base64.b64decode(s)); s[20] ^= 1
a = h + n + base64.b64encode(s) + b"\n"'
  posted 403 changed
  change next 'h, n, s = a.rpartition(b" "); t = bytearray(base64.b64decode(s)); t[20] ^= 1
a += "— monitor.example ".encode() + base64.b64encode(t) + b"\n"'
  posted 403 changed
  # 409 before 422: an old size that is not the one it has, whatever the proof.
  change next 'a = a.replace(b"old 11", b"old 10")'
  posted 409 changed
  [ "$(cat body.txt)" = 11 ] || problem "another size: $(cat body.txt)"
  # 422: a proof that does not show it: another hash, one less, one more.
  for code in 'l = a.split(b"\n"); l[1] = base64.b64encode(bytes(32)); a = b"\n".join(l)' \
    'l = a.split(b"\n"); del l[1]; a = b"\n".join(l)' \
    'l = a.split(b"\n"); l.insert(1, l[1]); a = b"\n".join(l)'; do
    change next "$code"
    posted 422 changed
  done
  # Nothing of that moved it. Signatures of others, and of a type we do not know, are no hindrance.
  change next 'a += "— other.example/w ".encode() + base64.b64encode(bytes(2432)) + b"\n"'
  posted 200 changed
  posted 409 next
  # The same size again is cosigned anew, without a proof.
  run 0 prove --from 21 -o same
  posted 200 same
  # Monitors.
  hash=$(printf monitor.example | sha256sum | cut -d' ' -f1)
  answers 200 "$url/$hash/checkpoint"
  run 0 check body.txt --vkey "$vkey"
  says "21 entries"
  answers 404 "$url/$(printf other | sha256sum | cut -d' ' -f1)/checkpoint"
  answers 404 "$url/${hash^^}/checkpoint"
  answers 404 --path-as-is "$url/../../etc/passwd"
  answers 404 "$url/"
  # Not there: signing subtrees, which tlog-witness leaves to the witness.
  answers 404 --data-binary @next "$url/sign-subtree"
  answers 405 "$url/add-checkpoint"
  answers 405 -X DELETE "$url/$hash/checkpoint"
}

# Two roots of one size: 422, and kept as evidence.
case_a_witness_keeps_evidence() {
  command -v curl >/dev/null || skip "curl is not here"
  make_ledger
  say_some 1 5
  vkey=$(log_vkey)
  printf 'log %s\nquorum none\n' "$vkey" >logs.policy
  cp -r .adduce twin
  cp -r .local/state/adduce/heads twin-heads
  witness one logs.policy
  say_some 6 7
  run 0 prove --from 0 -o request
  posted 200 request
  ADDUCE_HEADS=$PWD/twin-heads "$ADDUCE" -C twin append some.ndjson >/dev/null || problem "the twin"
  ADDUCE_HEADS=$PWD/twin-heads "$ADDUCE" -C twin prove --from 8 -o other >/dev/null || problem "prove"
  posted 422 other
  evidence=$(echo state-one/*-8.equivocation)
  run 0 check "$evidence" --vkey "$vkey"
  says "has signed two histories"
  run 0 prove --from 8 -o again
  posted 200 again
}

# malformed STATUS TEXT SED FILE ARGUMENT...: the file with a change is refused, at its place.
malformed() {
  local status=$1 text=$2 change=$3 file=$4
  shift 4
  sed "$change" "$file" >changed
  run "$status" "$@"
  complains "$text"
}

case_malformed_files_are_refused_at_their_place() {
  make_ledger
  say_some 1 3
  vkey=$(log_vkey)
  run 0 checkpoint
  cp out.txt old
  run 0 prove '#2' -o proof
  say_some 4 5
  run 0 prove --from 4 -o growth
  run 0 checkpoint
  cp out.txt new
  run 0 key new auditor --purpose witness --no-passphrase
  run 0 audit --auditor audit.example -o statement
  printf 'log %s\nquorum none\n' "$vkey" >policy
  check() { malformed "$1" "$2" "$3" proof check changed --vkey "$vkey"; }
  check 3 "the file is c2sp.org/tlog-proof@v2; this version reads c2sp.org/tlog-proof@v1" '1s/v1/v2/'
  check 1 "line 2 of the proof: extra is not canonical base64" 's/^extra ./extra */'
  check 1 "line 3 of the proof: the index is not a decimal number below 2^53" 's/^index 2/index 02/'
  check 1 'line 3 of the proof: expected "index "' '/^index/d'
  check 1 "line 5 of the proof: not the base64 of a hash of 32 bytes" '5s/./*/'
  check 1 "the proof ends before its checkpoint" '5q'
  check 1 "entry 3 is not shown to be in the tree of size 4" 's/^index 2/index 3/'
  check 1 "the path does not lead to its root" '4d'
  check 3 "checkpoint, line 1: not an origin" 's/^monitor.example$//'
  check 3 "checkpoint, line 2: not a size" 's/^4$/04/'
  check 3 "checkpoint, line 3: " '9s/./*/'
  check 3 "signed note, line 5: not canonical base64" '$s/.$/!/'
  check 3 "signed note, line 5: no signature" '$d'
  grow() { malformed "$1" "$2" "$3" growth check old new changed --vkey "$vkey"; }
  grow 1 'line 1 of the consistency proof: expected "old " and a decimal number' 's/^old 4/old 04/'
  grow 1 "line 2 of the consistency proof: not the base64 of a hash of 32 bytes" '2s/./*/'
  grow 1 "the proof starts at size 3, the checkpoint at 4" 's/^old 4/old 3/'
  grow 1 "the tree of size 6 is not shown to begin with that of size 4" '2d'
  audit() { malformed 3 "$1" "$2" statement audit --since changed --auditor audit.example; }
  audit "the statement is of another version" '1s/v1/v2/'
  audit "auditor's statement: no origin" 's/^origin .*/origin/'
  audit "auditor's statement: the genesis is not 64 hex digits" 's/^genesis ./genesis x/'
  audit "auditor's statement: no size" 's/^size 6/size six/'
  audit "auditor's statement: no root" 's/^root ./root */'
  audit "auditor's statement: no size that it started from" 's/^since 0/since 7/'
  audit "auditor's statement: the control entries are not indexes below its size" 's/^controls 0/controls 6/'
  audit "auditor's statement: no time" 's/^time 20/time 2/'
  audit "the note's signature by audit.example does not verify" 's/^controls 0/controls 0-1/'
  trust() { malformed 3 "$1" "$2" policy check proof --policy changed; }
  trust "policy, line 1: not a verifier key" 's/^log ./log +/'
  trust "policy, line 2: a name is missing" 's/^quorum none/quorum/'
  trust 'policy, line 2: "w" is not defined above' 's/^quorum none/quorum w/'
  trust 'policy, line 2: "qorum" is none of log, witness, group, quorum' 's/^quorum/qorum/'
  trust "there is no quorum line" '2d'
  printf 'quorum none' >unended
  run 3 check proof --policy unended
  complains "policy, line 1: the last line does not end in a newline"
  # Of each, what was said before a fault that is found late is not said.
  malformed 1 "entry 3 is not shown" 's/^index 2/index 3/' proof check changed --vkey "$vkey"
  is_silent "Entry 3 of that tree is this one"
}

case_lying_servers_are_refused() {
  make_ledger
  say_some 1 5
  vkey=$(log_vkey)
  run 0 publish www
  run 0 mirror www copy --vkey "$vkey"
  before=$(find copy -type f -exec sha256sum {} + | sort)
  cp -r www older
  cp -r .adduce twin
  cp -r .local/state/adduce/heads twin-heads
  say_some 6 9
  run 0 publish www
  ADDUCE_HEADS=$PWD/twin-heads "$ADDUCE" -C twin append some.ndjson >/dev/null || problem "the twin"
  ADDUCE_HEADS=$PWD/twin-heads "$ADDUCE" -C twin publish twin-www >/dev/null || problem "publish"
  # Without an end; with too much; with an error; with a tile too short.
  lie 'out.write(b"HTTP/1.0 200 OK\r\n\r\n");
for i in range(10000): out.write(b"x" * 65536)'
  run 3 mirror "$url" copy --vkey "$vkey"
  complains "larger than"
  lie 'out.write(b"HTTP/1.0 200 OK\r\nContent-Length: 99999999999\r\n\r\nmonitor.example\n")'
  run 7 mirror "$url" copy --vkey "$vkey"
  lie 'out.write(b"HTTP/1.0 500 No\r\n\r\n")'
  run 7 mirror "$url" copy --vkey "$vkey"
  complains "answers 500"
  lie 'data = open("www" + self.path, "rb").read() if not self.path.startswith("/tile/0") else b"short"
out.write(b"HTTP/1.0 200 OK\r\n\r\n" + data)'
  run 1 mirror "$url" copy --vkey "$vkey"
  complains "tile/0/000.p/10 has 5 bytes, not 320"
  [ "$before" = "$(find copy -type f -exec sha256sum {} + | sort)" ] || problem "the mirror was changed"
  run 0 audit copy --vkey "$vkey"
  # More hashes than the width says; as many, of a gzip that unpacks to more than it may.
  lie 'data = open("www" + self.path, "rb").read()
if self.path.startswith("/tile/0"): data += bytes(32)
out.write(b"HTTP/1.0 200 OK\r\n\r\n" + data)'
  run 1 mirror "$url" copy --vkey "$vkey"
  complains "tile/0/000.p/10" "larger than the 320 bytes allowed"
  lie 'import gzip
data = open("www" + self.path, "rb").read()
if self.path.startswith("/tile/0"): data = bytes(64 << 20)
out.write(b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(data))'
  run 1 mirror "$url" copy --vkey "$vkey"
  complains "tile/0/000.p/10" "larger than the 320 bytes allowed"
  # Elsewhere, without an end or to a file of this machine.
  lie 'out.write(b"HTTP/1.0 302 Found\r\nLocation: " + self.path.encode() + b"/x\r\n\r\n")'
  run 7 mirror "$url" copy --vkey "$vkey"
  lie 'out.write(b"HTTP/1.0 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n")'
  run 7 mirror "$url" copy --vkey "$vkey"
  # No file where one must be; an entry less; another's checkpoint; none of HTTP at all.
  lie 'ok = not self.path.startswith("/tile/entries")
out.write(b"HTTP/1.0 200 OK\r\n\r\n" + open("www" + self.path, "rb").read() if ok else b"HTTP/1.0 404 No\r\n\r\n")'
  run 1 mirror "$url" copy --vkey "$vkey"
  complains "tile/entries/000.p/10"
  lie 'data = open("www" + self.path, "rb").read()
out.write(b"HTTP/1.0 200 OK\r\n\r\n" + (data[:-9] if "entries" in self.path else data))'
  run 1 mirror "$url" copy --vkey "$vkey"
  complains "ends within entry 9"
  lie 'out.write(b"SSH-2.0-OpenSSH\r\n")'
  run 7 mirror "$url" copy --vkey "$vkey"
  [ -z "$(comm -23 <(echo "$before") <(find copy -type f -exec sha256sum {} + | sort))" ] ||
    problem "what was mirrored was changed"
  run 0 audit copy --vkey "$vkey"
  complains "files are of a later size, as an update that was not finished leaves them"
  # A log that goes back, and one that has another history, are as good as a lie.
  cp -r www later
  run 0 mirror later copy --vkey "$vkey"
  before=$(find copy -type f -exec sha256sum {} + | sort)
  serve older
  run 6 mirror "$url" copy --vkey "$vkey"
  complains "the log has 6 entries, and had 10 when it was last seen"
  serve twin-www
  run 6 mirror "$url" copy --vkey "$vkey"
  complains "the first 10 entries are not those that were there when it was last seen"
  [ "$before" = "$(find copy -type f -exec sha256sum {} + | sort)" ] || problem "the mirror was changed"
  run 0 audit copy --vkey "$vkey"
  # A witness that answers nonsense.
  "$ADDUCE" key new w --purpose witness --no-passphrase >/dev/null
  printf 'log %s\nquorum none\n' "$vkey" >logs.policy
  wkey=$("$ADDUCE" witness state --name w.example --key w --policy logs.policy --show)
  lie 'out.write(b"HTTP/1.0 200 OK\r\n\r\n" + "— w.example AAAAAAAA\n".encode())'
  printf 'log %s\nwitness w %s %s\nquorum w\n' "$vkey" "$wkey" "$url" >p
  run 1 cosign --policy p
  says "w did not cosign: "
}

case_two_histories_become_evidence() {
  make_ledger
  say_some 1 5
  vkey=$(log_vkey)
  cp -r .adduce twin
  cp -r .local/state/adduce/heads twin-heads
  say_some 6 7
  run 0 publish left
  ADDUCE_HEADS=$PWD/twin-heads "$ADDUCE" -C twin append some.ndjson >/dev/null || problem "the twin"
  ADDUCE_HEADS=$PWD/twin-heads "$ADDUCE" -C twin publish right >/dev/null || problem "publish"
  run 1 compare left right --vkey "$vkey" -o evidence
  says "equivocation: the log signed two roots of one size"
  run 0 check evidence --vkey "$vkey"
  says "has signed two histories"
  run 1 compare left/checkpoint right/checkpoint --vkey "$vkey" -o evidence2
  cmp evidence evidence2 || problem "the evidence depends on where it is from"
  say_some 8 9
  run 0 publish left
  run 1 compare right left --vkey "$vkey" -o evidence3
  run 0 check evidence3 --vkey "$vkey"
  says "had another at size"
  sed 's/^root ./root A/' evidence3 >forged
  run 1 check forged --vkey "$vkey"
}

case_what_was_trusted_when_can_be_replayed() {
  make_ledger
  say_some 1 3
  run 0 prove '#2' -o proof
  refused 5 "logged no tlog_policy" check proof --policy @
  vkey=$(log_vkey)
  python3 - "$vkey" >policy.ndjson <<'END'
import json, sys
rule = {"tlog_policy": "log %s\nquorum none\n" % sys.argv[1]}
print(json.dumps({"kind": "policy.set", "content": {"unknown_authors": "refuse", "rules": [rule]}}))
END
  run 0 append policy.ndjson
  run 0 check proof --policy @
  says "quorum none met"
  run 5 check proof --policy @4
  run 0 check proof --policy @5
  run 5 check proof --policy @6
  run 2 check proof --policy @x
}
