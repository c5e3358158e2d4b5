# SPDX-License-Identifier: Apache-2.0
# Whose hands an event went through.

# Custody against what `disclosures` lists: the same bundles, from one place.
same_as_disclosures() {
  run 0 disclosures "$1" --json
  local given
  given=$(json 'sorted(d["index"] for d in a["disclosures"])')
  run 0 custody "$1" --json
  is 'sorted(s["index"] for s in a["items"][0]["steps"] if s["step"] in ("exported", "recalled"))' "$given"
}

case_custody_of_what_is_given_and_taken_back() {
  new_ledger monitor monitor.example
  new_ledger partner partner.example
  as monitor
  append '{"kind":"entity.described","content":{"subject":"person/1","schema":"Person","name":["Anna K.","A. K."]}}' \
    '{"kind":"fact.asserted","content":{"subject":"person/1","property":"place","value":"Minsk"}}'
  run 0 custody '#1'
  says "claimed" "recorded"
  is_silent "exported"
  run 0 export --all --to partner.example --purpose 'an enquiry' --withhold '#1:name/0' -o all.bundle
  as partner
  admit_from monitor.example
  run 0 import all.bundle --receipt all.receipt

  # Where it came to: from whom, by which rule, under which checkpoint.
  run 0 custody '#4' --json
  is '[s["step"] for s in a["items"][0]["steps"]]' "['claimed', 'imported', 'recorded']"
  is '[a["items"][0]["steps"][1][k] for k in ("origin", "source_index", "admitted", "rule", "index")]' \
    "['monitor.example', 1, 'policy', 0, 2]"
  is 'a["items"][0]["steps"][1]["checkpoint"]["size"], len(a["items"][0]["steps"][1]["checkpoint"]["root"]["$id"])' "(3, 64)"
  run 0 custody '#4'
  says "imported" "from monitor.example" "admitted by"
  run 0 custody '#0' --json
  is '[s["step"] for s in a["items"][0]["steps"]]' "['claimed', 'recorded']"

  # Where it came from: to whom, what they say of it, and what was taken back since.
  as monitor
  run 0 receipt keep all.receipt
  run 0 retract '#2' --reason 'it was elsewhere'
  run 0 export --recall '#2' -o recall.bundle
  run 0 custody '#2' --json
  is '[(s["step"], s["index"]) for s in a["items"][0]["steps"]]' \
    "[('claimed', 2), ('recorded', 2), ('exported', 3), ('received', 4), ('acted-on', 5), ('recalled', 6)]"
  is 'a["items"][0]["steps"][3]["admitted"], a["items"][0]["steps"][3]["recipient"]' "(3, 'partner.example')"
  is 'all(len(s["id"]["$id"]) == 64 and s["at"] for s in a["items"][0]["steps"])' True
  run 0 custody '#2'
  says "exported" "for an enquiry" "received" "by partner.example" "retracted" "it was elsewhere" "recalled" "to partner.example"
  run 0 custody '#1'
  says ":name.0"
  same_as_disclosures '#1'
  same_as_disclosures '#2'
  same_as_disclosures '#0'

  # As it was known: nothing of what came later.
  run 0 custody '#2' --at 3 --json
  is 'a["at"]["index"], [s["step"] for s in a["items"][0]["steps"]]' "(3, ['claimed', 'recorded', 'exported'])"
  run 0 custody '#2' --at 2 --json
  is '[s["step"] for s in a["items"][0]["steps"]]' "['claimed', 'recorded']"
  refused 5 "is not there yet" custody '#2' --at 1

  # Of a subject, each event about it.
  run 0 custody person/1 --json
  is '[i["index"] for i in a["items"]], a["subject"], a["more"]' "([1, 2], 'person/1', False)"
  run 0 custody person/1 --limit 1 --json
  is '[i["index"] for i in a["items"]], a["more"]' "([1], True)"
  run 0 custody person/1 --limit 1 --skip 1 --json
  is '[i["index"] for i in a["items"]], a["more"]' "([2], False)"
  refused 5 "is no event, and nothing is said about it" custody person/nobody
  run 0 erase '#1' name --yes --reason 'she asked'
  run 0 custody '#1' --json
  is '[(s.get("act"), s.get("reason")) for s in a["items"][0]["steps"]][-1]' "('erased', 'she asked')"
}

case_a_manifest_that_is_gone_is_counted() {
  make_ledger
  run 0 append fact.asserted subject=a property=colour value=red
  run 0 export --all --to partner.example -o all.bundle
  find .adduce/bundles -name '*.manifest' -delete
  run 0 custody '#1' --json
  is 'a["unknown"], [s["step"] for s in a["items"][0]["steps"]]' "(1, ['claimed', 'recorded'])"
  run 0 custody '#1'
  says "1 bundle was given whose manifest is not kept here"
}
