# SPDX-License-Identifier: Apache-2.0
# Positions, and what the ledger said when, on the case of the seed.

seed_ledger() {
  make_ledger
  run 0 append "$MINSK/article.ndjson" "$MINSK/companions.ndjson" "$MINSK/newsroom.ndjson"
}

# Each question, with --at alone, --valid-at alone, both together.
case_every_question_takes_a_position_and_a_time() {
  seed_ledger
  local question
  for question in "state" "state release/123" "explain release/123" "timeline" "sources" "authors" \
    "log" "show 1" "timeline release/123"; do
    run 0 $question --at 60
    says "as of #60"
    run 0 $question --valid-at 2025-12-13
    run 0 $question --at 60 --valid-at 2025-12-13 --json
    is 'a["at"]["index"]' 60
  done
}

case_a_checkpoint_is_a_position() {
  make_ledger
  run 0 append "$MINSK/article.ndjson"
  run 0 checkpoint
  cp out.txt checkpoint
  run 0 state --json
  cp out.txt then.json
  local last
  last=$(json 'a["at"]["index"]')
  run 0 append "$MINSK/companions.ndjson"
  run 0 state --at @checkpoint --json
  cmp -s out.txt then.json || problem "the checkpoint is another position"
  run 0 state --at @checkpoint
  says "as of #$last"
  run 0 log --since @checkpoint -n 1
  says "#$last "
  refused 3 "is no checkpoint" state --at @/dev/null
  refused 5 "cannot open nothing" state --at @nothing
  printf 'one\ntwo\n' >other
  refused 3 "the checkpoint: " state --at @other
  sed 2s/.*/0/ checkpoint >other
  refused 5 "covers no entry" state --at @other
  sed 2s/.*/9999/ checkpoint >other
  refused 5 "covers 9999 entries; the last one here is #" state --at @other
  sed 2s/.*/7/ checkpoint >other
  refused 6 "of another history" state --at @other
  sed 1s/.*/newsroom.example/ checkpoint >other
  refused 4 "is one of newsroom.example, and this is the log of monitor.example" state --at @other
}

case_positions_that_are_none() {
  make_ledger
  refused 5 '"99" lies beyond the last entry, #0' state --at 99
  refused 5 'nothing was recorded by "1999-12-31"; the first entry, #0, was recorded 20' state --at 1999-12-31
  refused 2 'is no position: #INDEX, an index, ' state --at yesterday
  refused 2 'is no time of the world' state --valid-at yesterday
}

# A number that is corrected, the correction withdrawn, and the withdrawal withdrawn.
corrected_number() {
  make_ledger
  append '{"kind":"fact.asserted","content":{"subject":"release/1","property":"released","value":52}}' \
    '{"kind":"fact.asserted","content":{"subject":"other","property":"colour","value":"red"}}'
  run 0 correct 1 --reason "misread" value=123
  run 0 retract 3 --reason "it was right"
  run 0 retract 4 --reason "it was wrong after all"
}

case_history_names_what_changed_a_line() {
  corrected_number
  run 0 history release/1
  says "#1 " "+ released: 52" "corrected #1" "misread" "+ released: 123" "retracted: what was corrected by #3" \
    "retracted: what was retracted by #4"
  is_silent "colour"
  run 0 history release/1 --json
  is '[(e["index"], e["cause"]) for e in a["events"]]' \
    "[(1, 'new-claim'), (3, 'corrected'), (4, 'retracted'), (5, 'retracted')]"
  is '[c["change"] for c in a["events"][2]["changes"]]' "['changed', 'gone']"
  is 'a["events"][3]["of"]' retracted
  run 0 history release/1.released --at 3 --json
  is '[e["index"] for e in a["events"]]' '[1, 3]'
  run 0 history release/1 --limit 1 --skip 1 --json
  is '([e["index"] for e in a["events"]], a["more"])' '([3], True)'
  refused 5 "nothing is said about monitor.example/nobody" history nobody
  refused 5 "nothing is said of the field weight" history release/1.weight
  refused 2 "an argument is missing" history
  refused 2 "leaves something out of an answer" replay --without event:1
}

# Without a correction a number reads as it was signed, at both ends and on the way.
case_what_is_left_out_is_so_on_the_way() {
  corrected_number
  run 0 history release/1 --without kind:claim.corrected --json
  is '[e["index"] for e in a["events"]]' '[1]'
  is 'a["without"]' "['kind:claim.corrected']"
  run 0 diff 0 3 --without kind:claim.corrected --json
  is '[(d["after"]["status"], [c["index"] for c in d["causes"]]) for s in a["subjects"] for d in s["differences"]]' \
    "[('live', [2]), ('live', [1])]"
  is 'a["without"]' "['kind:claim.corrected']"
  run 0 diff 0 2 --only event:1
  says "1 difference in 1 subject"
  refused 5 "nobody.example" diff 0 3 --without author:nobody.example
  refused 5 "nobody.example" history release/1 --without author:nobody.example
}

case_diff_counts_and_explains() {
  corrected_number
  run 0 diff 2 3
  says "2 differences in 1 subject" "2  corrected" "~ released: 52 → 52 [corrected]" "+ released: 123" "#3 "
  run 0 diff 2 3 --json
  is 'a["counts"]["causes"]' "{'corrected': 2}"
  is '(a["from"]["index"], a["to"]["index"])' '(2, 3)'
  run 0 diff 2 4
  says "nothing differs"
  run 0 diff 0 5 release/1 --json
  is 'a["counts"]["appeared"]' 2
  is 'all(d["causes"] for s in a["subjects"] for d in s["differences"])' True
  run 0 diff 0 5 --limit 1 --json
  is '(len(a["subjects"]), a["counts"]["differences"], a["more"])' '(1, 3, True)'
  run 0 checkpoint
  cp out.txt here
  append '{"kind":"fact.asserted","content":{"subject":"other","property":"colour","value":"blue"}}'
  run 0 diff @here 6
  says "from #5" "1 difference in 1 subject" "+ colour: blue" "1  new-claim"
  refused 2 "#5 comes after #2; the older position is the first one" diff 5 2
  refused 5 '"99" lies beyond the last entry, #6' diff 2 99
  refused 5 'nothing was recorded by "1999-01-01"' diff 1999-01-01 3
  refused 5 "nothing is said about monitor.example/nobody" diff 0 5 nobody
  refused 2 "--valid-at is for one side" diff 0 5 --valid-at 2025 --valid-at 2026 --valid-at 2027
}

case_only_time_passes() {
  make_ledger
  append '{"kind":"fact.asserted","content":{"subject":"a","property":"office","value":"held","valid":{"from":"2024","to":"2025-12-31"}}}' \
    '{"kind":"fact.asserted","content":{"subject":"b","property":"office","value":"held","valid":{"from":"2026-02"}}}' \
    '{"kind":"fact.asserted","content":{"subject":"c","property":"office","value":"held"}}'
  run 0 diff 3 3 --valid-at 2025-06 --valid-at 2026-06
  says "2 differences in 2 subjects: 1 appeared, 1 gone" "2  time-passed" "holds to 2025-12-31" "holds from 2026-02"
  run 0 diff 3 3 a --valid-at 2025-06 --valid-at 2026-06 --json
  is 'a["subjects"][0]["differences"][0]["causes"][0]["bounds"][0]["index"]' 1
  run 0 diff 3 3 --valid-at 2025-06
  says "nothing differs"
}

case_replay_is_deterministic_and_stops() {
  corrected_number
  run 0 replay
  says "#0 " "+ released: 52" "#5 "
  cp out.txt once
  run 0 replay
  cmp -s out.txt once || problem "another replay says something else"
  run 0 replay --json
  [ "$(wc -l <out.txt)" = 6 ] || problem "not one object a line"
  python3 -c 'import json
for line in open("out.txt"): json.loads(line)' || problem "not JSON"
  run 0 replay --from 3 --to 4
  says "#3 " "#4 "
  is_silent "#5 "
  run 0 replay release/1
  is_silent "colour"
  run 0 replay --break kind:claim.corrected
  says "#3 "
  complains "stopped at a break; go on with --from 4"
  run 0 replay --break subject:release/1
  complains "go on with --from 2"
  run 0 replay --break change --from 2
  complains "go on with --from 3"
  run 0 replay --speed 1000
  refused 2 "--break takes change, kind:KIND or subject:SUBJECT" replay --break never
  refused 2 "--speed takes a number" replay --speed fast
  refused 2 "#4 comes after #2" replay --from 4 --to 2
  refused 5 '"99" lies beyond the last entry, #5' replay --from 99
}

case_replay_says_where_it_was_interrupted() {
  corrected_number
  "$ADDUCE" replay --speed 2 >out.txt 2>err.txt &
  local child=$!
  sleep 1.2
  kill -TERM "$child" # a shell's background jobs ignore SIGINT
  wait "$child"
  local status=$?
  [ "$status" = 7 ] || problem "ended with $status, not 7"
  out=$(cat out.txt) err=$(cat err.txt)
  complains "interrupted; go on with --from "
}

case_a_revised_source_changes_what_rests_on_it() {
  make_ledger
  append '{"label":"page","kind":"source.cited","content":{"title":"A page","url":["https://outlet.example/1"]}}' \
    '{"kind":"fact.asserted","refs":[["cites","@page"]],"content":{"subject":"a","property":"colour","value":"red","citations":[{"source":"@page"}]}}' \
    '{"kind":"source.revised","refs":[["source","@page"]],"content":{"title":"A page","change":"the colour was left out"}}'
  run 0 diff 2 3
  says "1 difference in 1 subject" "1  source-revised" "its source revised by #3"
}

case_a_key_revoked_in_the_past() {
  make_ledger
  run 0 key new other --no-passphrase
  run 0 author authorize other --name Other --organization other.example
  append_as_other() {
    printf '%s\n' "$@" >claims.ndjson
    run 0 append --key other claims.ndjson
  }
  append_as_other '{"kind":"fact.asserted","content":{"subject":"a","property":"colour","value":"red"}}' \
    '{"kind":"fact.asserted","content":{"subject":"a","property":"size","value":"big"}}'
  run 0 author revoke other --reason compromised --effective-from 3
  run 0 diff 3 4
  says "1 difference in 1 subject" "1  key-revoked" "~ size: big → big [author-revoked]"
  is_silent "colour"
  run 0 state a --at 3
  is_silent "author-revoked"
}

case_lists_are_of_a_time_too() {
  make_ledger
  append '{"kind":"fact.asserted","content":{"subject":"a","property":"office","value":"held","valid":{"from":"2024","to":"2025-12-31"}}}' \
    '{"kind":"fact.asserted","content":{"subject":"b","property":"office","value":"held","valid":{"from":"2026-02"}}}'
  run 0 state --valid-at 2025-06 --json
  is '[s["subject"] for s in a["subjects"]]' "['monitor.example/a']"
  run 0 state --valid-at 2026-06 --at 1 --json
  is 'a["subjects"]' '[]'
  run 0 log --valid-at 2026-06 --kind fact. --json
  is '[e["index"] for e in a["entries"]]' '[2]'
}

case_a_terminal_shows_the_same() {
  corrected_number
  on_terminal history release/1
  out=$(printf '%s' "$out" | sed 's/\x1b\[[0-9;]*m//g; s/⁨//g; s/⁩//g')
  says "+ released: 52" "corrected #1" "~ released: 52 → 52 [corrected]" "what was corrected by #3"
  on_terminal diff 2 3
  out=$(printf '%s' "$out" | sed 's/\x1b\[[0-9;]*m//g; s/⁨//g; s/⁩//g')
  says "+ released: 123" "corrected #1"
  on_terminal replay --to 3
  out=$(printf '%s' "$out" | sed 's/\x1b\[[0-9;]*m//g; s/⁨//g; s/⁩//g')
  says "+ released: 52" "+ colour: red" "corrected #1"
}

# A number changes what is counted by it, in another subject.
case_a_total_changes_what_is_counted_by_it() {
  make_ledger
  append '{"kind":"entity.described","content":{"subject":"group","name":["The group"],"quantity":{"exact":123}}}' \
    '{"kind":"fact.asserted","content":{"subject":"part","property":"nationality","value":"by","quantity":{"majority_of":"group"}}}'
  run 0 correct 1 --reason "misread" 'quantity=125'
  run 0 diff 2 3
  says "monitor.example/group" "monitor.example/part" "at least 62" "at least 63"
  run 0 diff 2 3 part
  says "2 differences in 1 subject" "2  corrected"
  run 0 history part
  says "#3 "
  run 0 history part --without event:3 --json
  is '[e["index"] for e in a["events"]]' '[2]'
  run 0 replay part
  says "#3 "
}
