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
  refused 2 "there are none to choose from" authors --indicative
  refused 2 "there are none to choose from" show 1 --said-by primary
  refused 2 "there are none to choose from" history group/123 --certainty=certain
  refused 2 "there is no option --valid-at here" policy show --valid-at 2025
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

# Two desks of three: how many there are is told of what counts and of what does not.
case_a_quorum_is_told_with_who_says_so() {
  make_ledger
  run 0 key new agency --no-passphrase
  run 0 author authorize agency --name Agency --organization agency.example
  run 0 key new outlet --no-passphrase
  run 0 author authorize outlet --name Outlet --organization outlet.example
  echo '[{"effect":"counts","kind":"fact.asserted","quorum":2,"of":[{"organization":"agency.example"},
    {"organization":"outlet.example"},{"origin":"press.example"}],"text":"two of three"}]' >two.json
  run 0 append fact.asserted subject=tower property=colour value=red --key agency
  run 0 state tower --policy two.json
  says "shown apart by rule 0: two of three" "1 of 3 say so and 2 are needed: organization agency.example in #3"
  says "organization outlet.example, origin press.example"
  run 0 policy set two.json
  run 0 policy show
  says "when said by 2 of: organization agency.example, organization outlet.example, origin press.example; else apart"
  run 0 append fact.asserted subject=tower property=colour value=blue --key outlet
  run 0 state tower --json
  is 'a["facts"], a["not_counted"][0]["claims"], a["not_counted"][0]["quorum"], a["not_counted"][0]["members"]' "([], 2, 2, 3)"
  run 0 append claim.endorsed opinion=agree --ref target=3 --key outlet
  run 0 explain tower
  says "colour: red" "2 of 3"
  run 0 state tower --json
  is '[c["rule"] for f in a["facts"] for v in f["values"] for c in v["support"]]' "[0]"
  is 'a["not_counted"][0]["list"][0]["quorum"]["count"]' 1
  run 0 show 3 --policy in-force
  says "counts by" "2 of 3 say so"
  # Taken back, it falls again; before it was said, it had not counted either.
  run 0 append claim.retracted reason=mistaken --ref target=6 --key outlet
  run 0 state tower --json
  is 'a["facts"]' "[]"
  run 0 state tower --at 6 --json
  is 'len(a["facts"])' 1
  run 0 diff 6 7 tower
  says "red"
  echo '[{"effect":"counts","quorum":2,"of":[{"origin":"x"}]}]' >never.json
  refused 3 "rules.0.quorum: it is more than there are members" policy set never.json
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

# What lists entries takes filters of manner and policies as well, and counts what they keep out.
case_lists_of_entries_take_manners_and_policies() {
  seed_two
  run 0 log --json
  local all
  all=$(json 'len(a["entries"])')
  run 0 log --said-by primary --json
  is '[e["index"] for e in a["entries"]] != [] and all("claims" != k for k in a)' True
  is 'len(a["entries"]) + a["left_out"]["claims"], sum(a["left_out"]["modes"].values()) == a["left_out"]["claims"]' \
    "($all, True)"
  run 0 log --indicative --kind sanction. --without kind:relation.asserted --only kind:sanction. --json
  is 'a["without"], a["only"], a["filter"]' "(['kind:relation.asserted'], ['kind:sanction.'], {'indicative': True})"
  run 0 log --certainty certain -r -n 3
  says "left out: "
  run 0 sources --said-by primary --json
  is 'sum(s["cited_by"] for s in a["sources"]) > 0, a["left_out"]["claims"] > 0, "filter" in a' "(True, True, True)"

  echo '[{"effect": "apart", "kind": "sanction.", "text": "checked first"}, {"effect": "ignored", "kind": "source.cited"}]' >rules.json
  run 0 log --policy rules.json
  says "Not counted, by the policy tried" "set apart by rule 0: checked first" "ignored by rule 1"
  is_silent "sanction.eased"
  run 0 log --policy rules.json --json
  is 'len(a["entries"]) + sum(n["claims"] for n in a["not_counted"])' "$all"
  is 'a["policy"], [(n["rule"], n["effect"]) for n in a["not_counted"]]' \
    "({'used': 'tried', 'rules': 2}, [(1, 'ignored'), (0, 'apart')])"
  run 0 sources --policy rules.json --json
  is 'a["sources"], [n["rule"] for n in a["not_counted"]]' "([], [1])"
  run 0 authors --policy rules.json --json
  is 'a["authors"][0]["claims"] + sum(n["claims"] for n in a["not_counted"])' "$all"
  run 0 log --kind sanction. --json
  local sanction
  sanction=$(json 'a["entries"][0]["index"]')
  run 0 show "$sanction" --policy rules.json
  says "1 claim set apart by rule 0: checked first"
  run 0 show "$sanction" --policy rules.json --json
  is 'a["not_counted"][0]["claims"], a["kind"].startswith("sanction.")' "(1, True)"

  # What is in force counts only where it is asked for.
  run 0 policy set rules.json
  run 0 log --kind sanction. --json
  is 'len(a["entries"]) > 0, "policy" in a, "not_counted" in a' "(True, False, False)"
  run 0 log --kind sanction. --policy in-force --json
  is 'a["entries"], a["policy"]["used"]' "([], 'in-force')"
  run 0 log --kind sanction. --policy none --json
  is 'len(a["entries"]) > 0, a["policy"]' "(True, {'used': 'none'})"
  run 0 state belarus/potash --policy in-force --json
  cp out.txt in-force.json
  run 0 state belarus/potash --json
  cmp -s out.txt in-force.json || problem "the policy in force is another by its name"
  refused 3 "rules.0.authr" log --policy <(echo '[{"effect": "apart", "authr": "x"}]')
}

# A log of several pages: what each keeps out is summed, as if it had been asked for at once.
case_what_pages_keep_out_is_summed() {
  make_ledger
  python3 -c 'for i in range(1700):
    word = ["reports", "states", "denies"][i % 3]
    print("""{"kind":"fact.asserted","content":{"subject":"s","property":"p","value":%d,"attribution":[{"agent":"x","act":"%s"}]}}""" % (i, word))' >many.ndjson
  run 0 append many.ndjson
  for order in "" -r; do
    run 0 log $order --indicative --json
    is 'len(a["entries"]), a["left_out"], a["more"]' \
      "(568, {'claims': 1133, 'modes': {'reported': 567, 'denied': 566}}, False)"
  done
  echo '[{"effect": "ignored", "kind": "fact.asserted", "origin": "monitor.example/y"}, {"effect": "apart", "kind": "ledger."}]' >rules.json
  run 0 log --policy rules.json --certainty certain -n 1200 --json
  is 'len(a["entries"]), a["not_counted"], a["more"], a["next"]' "(1200, [], True, 1200)"
  echo '[{"effect": "ignored", "subject": "monitor.example/s"}]' >rules.json
  run 0 log --policy rules.json
  says "1700 claims ignored by rule 0"
}
