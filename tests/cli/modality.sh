# SPDX-License-Identifier: Apache-2.0
# How things are said, and whose claims count.

seed_two() {
  make_ledger
  run 0 append "$MINSK/article.ndjson" "$MINSK/companions.ndjson"
}

case_what_is_not_so_and_done_stands_apart() {
  seed_two
  run 0 state group/123
  says "Relations, only possible"
  run 0 state group/123 --certainty certain
  is_silent "only possible"
  says "left out:" "2 possible"
  run 0 state belarus/belavia --said-by primary
  says "asset_freeze" "by a party"
  is_silent "restrictions"
  run 0 timeline release/123 --indicative
  says "1 reported"
  run 0 explain release/123.quantity --said-by primary
  says "Belarusian authorities announced"
  is_silent "asserted"
  run 0 explain release/123.quantity --said-by primary --json
  is 'a["filter"], [l["mode"] for l in a["lines"]]' "({'said_by': 'primary'}, ['primary'])"
}

# Filters that leave nothing: it is said, with what was left out, and ends in a line's end.
case_nothing_that_is_asked_for() {
  seed_two
  local question
  for question in "state person/john-coale" "explain person/john-coale" "explain person/john-coale.name"; do
    run 0 $question --said-by primary
    says "nothing that is asked for is said about it" "left out: "
    [ -z "$err" ] || problem "complains $err"
    [ "$(tail -c 1 out.txt | od -An -tx1)" = " 0a" ] || problem "the last line has no end"
  done
  # Of one field only what is said of it is counted.
  run 0 explain release/123.quantity --said-by primary --json
  is 'a["left_out"]["claims"]' 1
}

case_words_for_the_manner_that_are_none() {
  seed_two
  refused 2 "certain, probable" state group/123 --certainty sure
  refused 2 "primary" state group/123 --said-by everybody
  refused 2 "no option" sources --indicative
}

case_policies_are_shown_set_and_tried() {
  seed_two
  run 0 policy show
  says "no policy"
  echo '{"rules": [{"effect": "apart", "kind": "sanction.lifted", "text": "lifting is checked first"}]}' >rules.json
  run 0 state belarus/potash --policy rules.json
  says "Not counted, by the policy tried" "shown apart by rule 0: lifting is checked first"
  is_silent "in force"
  run 0 policy set rules.json --text "how we count"
  run 0 policy show
  says "in force" "how we count" "kind sanction.lifted"
  run 0 state belarus/potash
  says "Not counted, by policy #"
  run 0 state belarus/potash --policy none
  says "lifted, in force: no"
  run 0 state belarus/potash --json
  is 'a["policy"]["used"], a["not_counted"][0]["claims"]' "('in-force', 2)"
}

case_policies_that_are_none() {
  seed_two
  echo '[{"effect": "apart", "authr": "x"}]' >typo.json
  refused 3 "rules.0.authr" policy set typo.json
  refused 3 "rules.0.authr" state group/123 --policy typo.json
  echo 'hello' >no.json
  refused 3 "holds no policy" state group/123 --policy no.json
  refused 2 "is no policy of this ledger" state group/123 --policy 1
  refused 5 "" state group/123 --policy ./missing.json
  refused 2 "no \"rules\"" state group/123 --policy <(echo '{"a": 1}')
}
