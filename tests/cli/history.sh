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
