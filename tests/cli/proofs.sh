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
  says "Entry 7 of that tree is this one." "not proven" "That what is claimed is true."
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

case_a_witness_answers_as_the_specification_says() {
  command -v curl >/dev/null || skip "curl is not here"
  make_ledger
  say_some 1 10
  vkey=$(log_vkey)
  printf 'log %s\nquorum none\n' "$vkey" >logs.policy
  witness one logs.policy
  ask() { curl -s -o body.txt -w '%{http_code} %{content_type}' "$@"; }
  run 0 prove --from 0 -o request
  [ "$(ask --data-binary @request "$url/add-checkpoint")" = "200 text/plain; charset=utf-8" ] ||
    problem "not cosigned"
  grep -q '^— witness.example/one ' body.txt || problem "no signature line: $(cat body.txt)"
  [ "$(ask --data-binary @request "$url/add-checkpoint")" = "409 text/x.tlog.size" ] || problem "no conflict"
  [ "$(cat body.txt)" = 11 ] || problem "another size: $(cat body.txt)"
  for bad in 'old 1' 'nonsense' "$(printf 'old 11\n\nx')"; do
    case $(ask --data-binary "$bad" "$url/add-checkpoint") in 400*) ;; *) problem "$bad is no bad request" ;; esac
  done
  sed '$s/A/B/; $s/a/b/' request >forged
  case $(ask --data-binary @forged "$url/add-checkpoint") in 40[03]*) ;; *) problem "forged" ;; esac
  sed 's/^monitor.example$/other.example/' request >unknown
  case $(ask --data-binary @unknown "$url/add-checkpoint") in 404*) ;; *) problem "unknown origin" ;; esac
  head -c 1000000 /dev/zero >large
  case $(ask --data-binary @large "$url/add-checkpoint") in 400*) ;; *) problem "too large" ;; esac
  hash=$(printf monitor.example | sha256sum | cut -d' ' -f1)
  case $(ask "$url/$hash/checkpoint") in 200*) ;; *) problem "no checkpoint for monitors" ;; esac
  run 0 check body.txt --vkey "$vkey"
  case $(ask "$url/$(printf other | sha256sum | cut -d' ' -f1)/checkpoint") in 404*) ;; *) problem "other" ;; esac
  case $(ask "$url/../../etc/passwd" --path-as-is) in 404*) ;; *) problem "path" ;; esac
  case $(ask "$url/add-checkpoint") in 405*) ;; *) problem "GET" ;; esac
}

case_lying_servers_are_refused() {
  make_ledger
  say_some 1 5
  vkey=$(log_vkey)
  run 0 publish www
  run 0 mirror www copy --vkey "$vkey"
  before=$(find copy -type f -exec sha256sum {} + | sort)
  say_some 6 9
  run 0 publish www
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
