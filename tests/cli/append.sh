# SPDX-License-Identifier: Apache-2.0
# Appending: files, claims by hand, and everything that is refused.

FACT='{"kind":"fact.asserted","content":{"subject":"x","property":"colour","value":"red"}}'
KEY=.config/adduce/keys/default.key

case_a_file_is_one_transaction() {
  make_ledger
  run 0 append "$MINSK/article.ndjson"
  says "appended $(wc -l <"$MINSK/article.ndjson") claims, #1 to #"
  run 0 append "$MINSK/companions.ndjson" "$MINSK/newsroom.ndjson"
  run 0 verify
  run 0 stat --json
  is 'a["size"]' "$(($(cat "$MINSK"/*.ndjson | wc -l) + 1))"
}

case_standard_input_and_blank_lines() {
  make_ledger
  printf '\n%s\r\n  \n%s' "$FACT" "$FACT" >in
  "$ADDUCE" append - <in >out.txt || problem "not from standard input"
  grep -q "appended 2 claims, #1 to #2" out.txt || problem "$(cat out.txt)"
  "$ADDUCE" append <in >out.txt || problem "not without an argument"
  "$ADDUCE" append </dev/null >out.txt || problem "nothing is an error"
  grep -q "nothing to append" out.txt || problem "$(cat out.txt)"
}

case_receipts_as_json_and_verbose() {
  make_ledger
  printf '%s\n' "$FACT" "$FACT" >in
  run 0 append in --json
  is 'a["count"]' 2
  is 'a["size"]' 3
  is '[(e["line"], e["index"], len(e["id"]["$id"])) for e in a["appended"]]' "[(1, 1, 64), (2, 2, 64)]"
  run 0 append -v in
  says "#3  " "line 1" "#4  " "line 2"
}

case_labels_lead_to_earlier_lines() {
  make_ledger
  append '{"kind":"source.cited","label":"s","content":{"title":"T"}}' \
    '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":"v","citations":[{"source":"@s"}]}}'
  run 0 show 2 --json
  is 'a["refs"][0][0] if isinstance(a["refs"][0], list) else a["refs"][0]["role"]' cites
  refused_line 3 'line 1: ' '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":"v","citations":[{"source":"@nobody"}]}}'
  complains nobody
}

case_batches() {
  make_ledger
  printf '%s\n' "$FACT" "$FACT" "$FACT" '{"kind":"no.such","content":{}}' "$FACT" >in
  run 3 append --batch 2 in
  complains 'line 4: ' 'no kind "no.such"' "the batch from line 3 on was refused" "the 2 claims before it are in the log"
  run 0 stat --json
  is 'a["size"]' 3
  run 2 append --batch 0 in
  run 2 append --batch x in
}

case_every_error_of_a_batch_is_said() {
  make_ledger
  refused_line 3 "line 2: " "$FACT" '{"kind":"no.such"}' "$FACT" '{"kind":"fact.asserted","content":{"subject":"x"}}' 'not json'
  complains "line 4: " "line 5: " "3 errors" "nothing was written"
  run 3 append --json claims.ndjson
  tail -n 4 err.txt | head -n 1 >out.txt
  is 'a["line"]' 2
  is 'a["error"]' kind
  tail -n 1 err.txt >out.txt
  is 'a["exit"]' 3
}

case_a_dry_run_writes_nothing() {
  make_ledger
  local before after
  before=$(fingerprint)
  run 0 append --dry-run --batch 5 "$MINSK/article.ndjson"
  says "can be appended" "nothing was written"
  run 0 append --dry-run fact.asserted subject=x property=y value=z
  says "dry run"
  run 3 append --dry-run fact.asserted subject=x
  echo text >file
  run 0 cite file --dry-run
  after=$(fingerprint)
  [ "$before" = "$after" ] || problem "something was written"
}

case_by_hand_typed_by_the_vocabulary() {
  make_ledger
  run 0 append meeting.held subject=meeting/talks place=Minsk duration=P2D closed=true \
    participants=person/a participants=person/b 'topics:=["one","two"]' format=talks 'valid=2025-12-12..2025-12-13'
  says "#1  " meeting.held
  run 0 show 1 --json
  is 'a["content"]["closed"]' True
  is 'a["content"]["participants"]' "['monitor.example/person/a', 'monitor.example/person/b']"
  is 'a["content"]["topics"]' "['one', 'two']"
  is 'a["content"]["valid"]' "{'from': '2025-12-12', 'to': '2025-12-13'}"
  run 0 append fact.asserted subject=x property=p value=v quantity=majority:123
  run 0 show 2 --json
  is 'a["content"]["quantity"]' "{'majority_of': 123}"
  local form
  for form in "123 {'exact':123}" ">=62 {'at_least':62}" "<=9 {'at_most':9}" "~120 {'about':120}" "some {'some':True}"; do
    run 0 append fact.asserted subject=x property=p value=v "quantity=${form% *}" --json
    run 0 show "$(json 'a["appended"][0]["index"]')" --json
    is 'str(a["content"]["quantity"]).replace(" ", "")' "${form#* }"
  done
  run 0 append source.cited title:unknown url:none size_bytes=12 --json
  run 0 show "$(json 'a["appended"][0]["index"]')" --json
  is 'a["content"]["title"]' "{'?': 'unknown'}"
  is 'a["content"]["size_bytes"]' 12
}

case_by_hand_frame_and_references() {
  make_ledger
  append '{"kind":"source.cited","content":{"title":"T"}}'
  run 0 append fact.asserted subject=x property=p value=v --cite 1:10-20 --quote "the words" --cite 1 \
    --said reports=outlet.example/news --said announces=unknown --marker "have said" --ref evidence=1 \
    --handling amber --claimed-at 2025-12-13T10:00:00Z
  run 0 show 2 --json
  is 'len(a["content"]["citations"])' 2
  is 'a["content"]["citations"][0]["quote"]' "the words"
  is 'a["content"]["citations"][0]["selector"][0]["start"]' 10
  is '[h["act"] for h in a["content"]["attribution"]]' "['reports', 'announces']"
  is 'a["content"]["attribution"][1]["marker"]' "have said"
  is 'a["handling"]' amber
  run 2 append fact.asserted subject=x property=p value=v --cite 1:x
  run 2 append fact.asserted subject=x property=p value=v --said nobody
  run 2 append fact.asserted subject=x property=p value=v --ref evidence
  run 2 append "$MINSK/article.ndjson" --handling amber
}

case_by_hand_refusals() {
  make_ledger
  refused 3 'no.such' append no.such subject=x
  complains "adduce kinds"
  refused 3 "colour" append fact.asserted subject=x property=p value=v colour=red
  refused 3 "value" append fact.asserted subject=x property=p
  refused 3 "closed" append meeting.held subject=x closed=perhaps
  refused 3 "form" append release.announced subject=x form=teleport
  refused 3 "size_bytes" append source.cited size_bytes=many
  refused 2 "subject is given twice" append fact.asserted subject=x subject=y property=p value=v
  refused 3 "citations:={...}" append fact.asserted subject=x property=p value=v citations=1
  refused 3 "FROM..TO" append fact.asserted subject=x property=p value=v valid=2025
  refused 3 "a quantity is" append fact.asserted subject=x property=p value=v quantity=lots
  refused 3 "value" append fact.asserted subject=x property=p 'value:={"no'
  refused 3 "fraction" append fact.asserted subject=x property=p 'value:=1.5'
  refused 2 "no FIELD=VALUE" append fact.asserted subject=x property
  refused 5 "" append fact.asserted subject=x property=p value=v --ref about=99
  refused 5 "" append fact.asserted subject=x property=p value=v --ref about=abcdef
  refused 5 "nowhere.ndjson" append nowhere.ndjson
  refused 3 "handling" append fact.asserted subject=x property=p value=v --handling secret
}

# --- the list of the issue -------------------------------------------------------------------

case_unknown_kind_and_field() {
  make_ledger
  refused_line 3 'line 1: no kind "release.imagined"' '{"kind":"release.imagined","content":{"subject":"x"}}'
  refused_line 3 'line 1: field colour' '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":"v","colour":"red"}}'
  refused_line 3 'line 1: ' '{"content":{"subject":"x"}}'
  refused_line 3 'stands outside' '{"kind":"fact.asserted","subject":"x"}'
}

case_wrong_type() {
  make_ledger
  refused_line 3 'line 1: field closed' '{"kind":"meeting.held","content":{"subject":"x","closed":"yes"}}'
  refused_line 3 'line 1: field subject' '{"kind":"fact.asserted","content":{"subject":["x"],"property":"p","value":"v"}}'
  refused_line 3 'line 1: field quantity' '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":"v","quantity":{"exact":"many"}}}'
  refused_line 3 'line 1: field valid' '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":"v","valid":{"from":"2025-13"}}}'
  refused_line 3 'line 1: ' '[1,2]'
  refused_line 3 'line 1: ' '"text"'
}

case_missing_field() {
  make_ledger
  refused_line 3 'line 1: field value' '{"kind":"fact.asserted","content":{"subject":"x","property":"p"}}'
  refused_line 3 'line 1: field reason' '{"kind":"claim.retracted","refs":[["target","#0"]],"content":{}}'
}

case_reference_to_nothing() {
  make_ledger
  refused_line 3 'line 1: ' '{"kind":"fact.asserted","refs":[["about","'"$(printf '7%.0s' {1..64})"'"]],"content":{"subject":"x","property":"p","value":"v"}}'
  refused_line 5 'line 1: ' '{"kind":"fact.asserted","refs":[["about","#77"]],"content":{"subject":"x","property":"p","value":"v"}}'
  refused_line 5 'line 1: ' '{"kind":"fact.asserted","refs":[["about","abcdef"]],"content":{"subject":"x","property":"p","value":"v"}}'
  refused_line 3 'line 1: ' '{"kind":"claim.retracted","content":{"reason":"no target"}}'
  refused_line 3 'line 1: ' '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":"v","citations":[{"source":"#0"}]}}'
}

case_json_and_its_limits() {
  make_ledger
  refused_line 3 'line 1: ' '{"kind":"fact.asserted"'
  refused_line 3 'line 1: ' '{"kind":"fact.asserted","kind":"x"}'
  refused_line 3 'line 1: column 73: a number with a fraction' '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":1.5}}'
  refused_line 3 'null' '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":null}}'
  refused_line 3 'line 1: ' '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":9007199254740992}}'
  complains "2^53 - 1"
  refused_line 3 'line 1: ' '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":-9007199254740992}}'
  append '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":9007199254740991}}'
  refused_line 3 'line 1: ' "$(python3 -c 'print("[" * 40)')"
}

case_invalid_utf8_with_its_place() {
  make_ledger
  printf '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":"a\xff"}}\n' >claims.ndjson
  refused 3 "line 1: " append claims.ndjson
  complains "byte 74 (0xff) is not UTF-8"
  printf 'x\0y' >nul
  refused 3 "line 1: " append nul
  refused 3 "field value: byte 1 is not UTF-8" append fact.asserted subject=x property=p "value=$(printf 'a\xff')"
  refused_line 3 'line 1: ' '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":"\u0000"}}'
  refused_line 3 'line 1: ' '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":"\ud800"}}'
}

case_too_large() {
  make_ledger
  python3 -c 'import json
print(json.dumps({"kind": "fact.asserted", "content": {"subject": "x", "property": "p", "value": "v" * 1100000}}))' >big
  refused 3 "line 1: " append big
  head -c 17000000 /dev/zero | tr '\0' ' ' >wide
  refused 3 "line 1: longer than 16 MiB" append wide
}

case_bidirectional_overrides_are_shown_harmlessly() {
  make_ledger
  append '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":"a\u202eb\u0007c\u001b[31m","note":"\u2066n"}}'
  run 0 show 1
  says "a⟨U+202E⟩b⟨U+0007⟩c⟨U+001B⟩[31m" "⟨U+2066⟩n"
  is_silent "$(printf '\u202e')"
  run 0 explain x
  is_silent "$(printf '\u202e')"
  run 0 log
  is_silent "$(printf '\u202e')"
  run 5 explain "$(printf 'a\u202eb')"
  is_silent "$(printf '\u202e')"
  run 0 show 1 --json
  is 'a["content"]["value"]' "$(printf 'a\u202eb\ac\e[31m')"
}

# --- events signed elsewhere -----------------------------------------------------------------

signed() {
  python3 "$here/signed.py" "$@" >signed.ndjson || skip "python3 is not here"
}
refused_signed() {
  local status=$1 text=$2
  shift 2
  signed "$@"
  refused "$status" "$text" append signed.ndjson
}

case_signed_events_and_duplicates() {
  make_ledger
  signed $KEY good
  run 0 append signed.ndjson
  says "appended 1 claim, #1 to #1"
  run 0 show 1 --json
  is 'a["content"]["value"]' red
  local before
  before=$(fingerprint)
  run 0 append signed.ndjson
  says "1 was there already; nothing was written for it"
  [ "$before" = "$(fingerprint)" ] || problem "a duplicate changed something"
  run 0 append --json signed.ndjson
  is 'a["appended"][0]' "{'line': 1, 'index': 1, 'id': $(json 'a["appended"][0]["id"]'), 'duplicate': True}"
  cat signed.ndjson signed.ndjson >twice
  run 0 append twice
  says "2 were there already"
  run 0 verify
}

case_bytes_that_are_not_canonical() {
  make_ledger
  local variant
  for variant in long_head trailing cut float nil unsorted; do
    refused_signed 3 "line 1: " $KEY $variant
  done
  refused_signed 3 "line 1: " $KEY bad_utf8
  complains byte
  refused_signed 3 "line 1: " $KEY version
  refused_signed 3 "line 1: " $KEY too_many
  refused_signed 3 "at most 65520" $KEY too_long
}

case_signatures_and_commitments() {
  make_ledger
  refused_signed 3 "line 1: " $KEY other_signature
  complains signature
  refused_signed 3 "line 1: " $KEY other_content
  complains content
  refused_signed 3 "line 1: " $KEY small_order
  refused_signed 3 "line 1: " $KEY mixed_order
}

case_keys_that_are_not_authorized() {
  make_ledger
  refused_signed 4 "line 1: " stranger good
  complains "author"
  run 0 key new other --no-passphrase
  refused 4 "" append fact.asserted subject=x property=p value=v --key other
  complains "adduce authors"
}

case_revoked_keys() {
  make_ledger
  run 0 key new other --no-passphrase
  run 0 author authorize other --name "A. Reporter"
  run 0 append fact.asserted subject=x property=p value=v --key other
  run 0 author revoke other --reason compromised --effective-from 2
  refused 4 "revoked" append fact.asserted subject=x property=p value=v --key other
  refused_signed 4 "line 1: " .config/adduce/keys/other.key good
  run 0 authors
  says "revoked at #3, compromised, doubtful from #2" "A. Reporter"
  run 0 show 2
  says "author-revoked"
}

case_rights() {
  make_ledger
  run 0 key new other --no-passphrase
  run 0 key new third --no-passphrase
  run 0 author authorize other
  refused 4 "" author authorize third --key other
  refused 4 "" author revoke default --reason lost --key other
  run 0 author rotate third --key other
  refused 4 "" append fact.asserted subject=x property=p value=v --key other
  run 0 append fact.asserted subject=x property=p value=v --key third
  refused 5 "names no key" author authorize nobody
  refused 3 "reason" author revoke third --reason boredom
}

case_a_control_event_of_another_ledger() {
  make_ledger
  local genesis
  run 0 stat --json
  genesis=$(json 'a["genesis"]["$id"]')
  signed $KEY authorize "$genesis"
  cp signed.ndjson own.ndjson
  refused_signed 4 "line 1: " $KEY authorize "$(printf '5%.0s' {1..64})"
  complains "ledger"
  run 0 append own.ndjson
}

case_claimed_in_the_future_is_marked() {
  make_ledger
  run 0 append fact.asserted subject=x property=p value=v --claimed-at 2093-01-01T00:00:00Z
  run 0 show 1
  says "claimed-in-future" "later than it was recorded"
}

case_quarantine() {
  make_ledger
  run 0 quarantine list
  says "nothing waits"
  run 0 append policy.set unknown_authors=quarantine
  signed stranger good
  run 4 append signed.ndjson
  complains quarantine
  run 0 quarantine list
  says fact.asserted
  run 0 stat --json
  is 'a["size"]' 2
  is 'a["quarantined"]' 1
}

case_declared_kinds() {
  make_ledger
  append '{"kind":"kind.declared","content":{"name":"monitor.example:custody.transferred","text":"Evidence changed hands.","effect":"moves","subject":"item","state":"transferred","fields":[{"name":"item","type":"subject","required":true,"frame":true,"text":"what"},{"name":"pages","type":"integer","state":true,"text":"how many"}]}}'
  run 0 kinds
  says "monitor.example:custody.transferred"
  run 0 kinds monitor.example:custody.transferred
  says "pages" "integer"
  run 0 append monitor.example:custody.transferred item=box/1 pages=12
  run 0 show 2 --json
  is 'a["content"]["pages"]' 12
  refused 3 pages append monitor.example:custody.transferred item=box/1 pages=many
  run 0 state box/1
  says 12
}

case_kinds_examples_can_be_pasted() {
  make_ledger
  append '{"kind":"source.cited","content":{"title":"T"}}'
  run 0 kinds --json
  local kind
  # Those that need a key of somebody's, an import, a hold, or a field to erase, are for reading.
  for kind in $(json '" ".join(k["kind"] for k in a)'); do
    case $kind in key.* | ledger.* | bundle.imported | hold.lifted | content.erased) continue ;; esac
    run 0 kinds "$kind"
    sed -n "/<<'END'/,/^END/p" out.txt >paste
    PATH=$(dirname "$ADDUCE"):$PATH bash -e paste >pasted 2>&1 || problem "$kind: $(cat pasted)"
  done
  run 3 kinds no.such
}
