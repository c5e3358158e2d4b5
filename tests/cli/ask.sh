# SPDX-License-Identifier: Apache-2.0
# Questions, on the case of the seed.

seed_ledger() {
  make_ledger
  run 0 append "$MINSK/article.ndjson" "$MINSK/companions.ndjson" "$MINSK/newsroom.ndjson"
}

case_state_lists_subjects_and_shows_one() {
  seed_ledger
  run 0 state
  says "monitor.example/"
  run 0 state --json
  is 'len(a["subjects"]) > 5' True
  local subject
  subject=$(json 'max(a["subjects"], key=lambda s: s["claims"])["subject"]')
  run 0 state "$subject"
  says "$subject"
  run 0 state "${subject#monitor.example/}"
  says "$subject"
  run 0 state "$subject" --json
  is 'a["subject"]' "$subject"
  run 5 state nothing/here
  run 0 state --limit 3
  says "there are more"
  run 0 state --limit 3 --json
  is 'len(a["subjects"])' 3
}

case_explain_any_subject() {
  seed_ledger
  run 0 state --json
  json '"\n".join(s["subject"] for s in a["subjects"][::3])' >subjects
  local subject
  while read -r subject; do
    run 0 explain "$subject"
    says "$subject"
    run 0 state "$subject"
    says "$subject"
  done <subjects
  run 5 explain nothing/here
}

case_log_and_its_filters() {
  seed_ledger
  run 0 log
  [ "$(wc -l <out.txt)" = "$(($(cat "$MINSK"/*.ndjson | wc -l) + 1))" ] || problem "not every entry"
  run 0 log -n 3
  [ "$(wc -l <out.txt)" = 3 ] || problem "not 3"
  run 0 log -r -n 1
  says "#$(cat "$MINSK"/*.ndjson | wc -l) "
  run 0 log --kind source.
  is_silent fact.asserted
  run 0 log --kind source.cited --json
  is 'set(e["kind"] for e in a["entries"])' "{'source.cited'}"
  run 0 log --since 5 -n 1
  says "#5 "
  run 0 log --refers-to 1
  run 0 log --author default -n 1
  says "#0"
  run 0 log --author ffff
  [ -z "$out" ] || problem "another author: $out"
  run 0 log --skip 2 -n 1
  says "#2 "
  run 0 log --at 3
  [ "$(wc -l <out.txt)" = 5 ] || problem "as of #3 there are four, and a heading: $out"
  says "as of #3, recorded"
}

case_long_logs_come_page_by_page() {
  make_ledger
  python3 -c 'for i in range(1200): print("{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"x\",\"property\":\"p\",\"value\":%d}}" % i)' >many
  run 0 append many
  says "appended 1200 claims, #1 to #1200"
  run 0 log
  [ "$(wc -l <out.txt)" = 1201 ] || problem "$(wc -l <out.txt) lines"
  [ "$(awk '{print $1}' out.txt | uniq | wc -l)" = 1201 ] || problem "entries come twice"
  run 0 log -r
  [ "$(wc -l <out.txt)" = 1201 ] || problem "$(wc -l <out.txt) lines backwards"
  [ "$(tail -n 1 out.txt | awk '{print $1}')" = "#0" ] || problem "the last is not #0"
  run 0 log -n 700
  [ "$(wc -l <out.txt)" = 700 ] || problem "$(wc -l <out.txt) lines of 700"
}

case_long_logs_as_json_are_one_answer() {
  make_ledger
  python3 -c 'for i in range(1200): print("{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"x\",\"property\":\"p\",\"value\":%d}}" % i)' >many
  run 0 append many
  run 0 retract 1 --reason "misread"
  run 0 log --json
  is '[e["index"] for e in a["entries"]] == list(range(1202)), a["more"], a["at"]["index"]' "(True, False, 1201)"
  is 'a["entries"][1]["status"]' retracted
  # What is on a later page is known as of the same moment.
  run 0 log --json -r
  is '[e["index"] for e in a["entries"]] == list(range(1201, -1, -1))' True
  is 'a["entries"][-2]["status"]' retracted
  run 0 log --json -n 700 --skip 600
  is '[e["index"] for e in a["entries"]] == list(range(600, 1202)), a["more"]' "(True, False)"
  run 0 log --json -n 700 --at 1000
  is 'len(a["entries"]), a["more"], a["at"]["index"]' "(700, True, 1000)"
  run 0 log --json --kind claim.nothing
  is 'a["entries"], a["more"]' "([], False)"
}

case_authors_name_their_organization() {
  make_ledger
  run 0 author describe --name "Desk" --organization monitor.example
  run 0 authors
  says "Desk, monitor.example (says the key)"
  run 0 authors --json
  is 'a["authors"][0]["organization"], a["authors"][0]["self_described"]' "('monitor.example', True)"
}

case_show_by_index_id_and_prefix() {
  seed_ledger
  run 0 show 1
  says "source.cited" "#1" "handling" "signature" "content root"
  run 0 show "#1" --json
  local id
  id=$(json 'a["id"]["$id"]')
  run 0 show "$id"
  run 0 show "${id:0:6}"
  says "$id"
  run 5 show 999
  run 5 show "$(printf '7%.0s' {1..64})"
  run 2 show abc
  run 2 show "!"
}

case_as_of_a_moment() {
  seed_ledger
  run 0 state --at 0 --json
  is 'len(a["subjects"]) <= 1' True
  is 'a["at"]["index"]' 0
  run 5 state --at 9999
  run 2 state --at "some day"
  run 5 state --at 1999-01-01T00:00:00Z
  run 0 state --at 2093-01-01T00:00:00Z --json
  is 'a["at"]["index"]' "$(cat "$MINSK"/*.ndjson | wc -l)"
  run 0 state --valid-at 2025-12
  run 2 state --valid-at "some day"
}

case_lists() {
  seed_ledger
  run 0 sources
  says "title unknown" "#1" "cited by"
  run 0 sources --json
  is 'len(a["sources"]) > 1' True
  run 0 timeline
  run 0 timeline --json
  is '"events" in a' True
  run 0 authors
  says "claims"
  run 0 authors --json
  is 'len(a["authors"])' 1
}

case_on_a_terminal() {
  seed_ledger
  on_terminal log
  says $'\e[33m'
  printf '%s\n' "$out" | python3 -c 'import re, sys, unicodedata
for line in sys.stdin:
    line = re.sub("\x1b\\[[0-9;]*m", "", line.rstrip("\n"))
    width = sum(0 if unicodedata.category(c) in ("Mn", "Cf") else
                2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
    if width > 80:
        print(width, "columns:", line)' >wide
  [ ! -s wide ] || problem "$(head -n 3 wide)"
  says "$(printf '\u2068')"
  on_terminal --no-color log
  is_silent $'\e[33m'
  NO_COLOR=1 on_terminal log
  is_silent $'\e[33m'
  run 0 log
  is_silent $'\e'
  is_silent "$(printf '\u2068')"
}
