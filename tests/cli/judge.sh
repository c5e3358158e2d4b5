# SPDX-License-Identifier: Apache-2.0
# What is done to claims, and who they are about.

ledger_with_facts() {
  make_ledger
  append '{"kind":"fact.asserted","content":{"subject":"x","property":"colour","value":"red"}}' \
    '{"kind":"release.announced","content":{"subject":"release/one","quantity":{"exact":122}}}'
}

case_retract() {
  ledger_with_facts
  run 0 retract 1 --reason "the outlet withdrew it" --cause source_retracted
  says claim.retracted
  run 0 show 1
  says retracted "the outlet withdrew it"
  run 0 log
  says retracted
  refused 3 reason retract 1
  refused 5 "" retract 99 --reason x
  refused 3 cause retract 1 --reason x --cause boredom
}

case_correct() {
  ledger_with_facts
  run 0 correct 2 quantity=123 --reason "misread" --mistake typo
  run 0 show 3 --json
  is 'a["content"]["fields"]' "{'quantity': {'exact': 123}}"
  is 'a["content"]["correction"]' typo
  run 0 show 2
  says corrected
  refused 2 "does not say what is right" correct 2 --reason x
  refused 2 "which claim" correct quantity=1 --reason x
  run 0 correct 1 --replacement 2 --reason "that one was meant"
}

case_end() {
  ledger_with_facts
  run 0 end 1 --until 2025-12-13 --reason "it was painted"
  run 0 show 1
  says ended
  run 0 end 2
  run 0 show 4 --json
  is 'a["content"]["until"]' "{'?': 'unknown'}"
}

case_dispute_corroborate_endorse_rank() {
  ledger_with_facts
  run 0 dispute 1 --reason "it is blue" --field value --basis own_evidence
  run 0 corroborate 1 --independent --explanation "seen twice" --ref evidence=2
  run 0 endorse 1
  run 0 rank 1 --preferred --reason "ours"
  run 0 show 1
  says disputed corroborated endorsed preferred
  run 0 explain x.colour
  says "Disputed: it is blue" "corroborated in"
  refused 3 opinion dispute 1 --reason x --opinion meh
  refused 3 independence corroborate 1
  refused 3 rank rank 1
  refused 2 "given twice" rank 1 --preferred --deprecated
  refused 3 "" dispute 1 --reason x --field "not a word"
}

case_several_at_once_and_shortened_ids() {
  ledger_with_facts
  run 0 show 1 --json
  local id
  id=$(json 'a["id"]["$id"]')
  run 0 retract "${id:0:8}" 2 --reason both
  run 0 show 1
  says retracted
  run 0 show 2
  says retracted
  refused 5 "" retract "$(printf '7%.0s' {1..64})" --reason x
}

case_same() {
  ledger_with_facts
  run 0 same x other.example/y --positive --basis "same number"
  run 0 state x
  says "judged the same as other.example/y"
  run 0 same x other.example/y --negative --basis "looked again"
  run 0 state x
  is_silent "judged the same as"
  refused 3 judgement same x y
  refused 2 "given twice" same x y --positive --unsure
}

case_authors() {
  make_ledger
  run 0 author describe --name "Desk of the Monitor" --organization Monitor
  run 0 authors
  says "Desk of the Monitor" append
  run 0 show 1
  says "Desk of the Monitor"
  run 0 key new other --no-passphrase
  run 0 author describe other --name "Whatever others call it" type=person
  run 0 author authorize "$("$ADDUCE" key export other)" --right append --right revoke --name "A. Reporter" \
    --organization Monitor
  run 0 authors --json
  is '[x["rights"] for x in a["authors"]][1]' "['append', 'revoke']"
  run 0 authors
  says "A. Reporter, Monitor"
  is_silent "Whatever others"
  refused 3 name author describe
  refused 2 "more than it takes" author describe other another --name x
}
