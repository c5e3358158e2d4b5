# SPDX-License-Identifier: Apache-2.0
# Bundles between ledgers: giving, looking at, taking in.

# A monitor with a source, its captured document, claims on it, and one that is retracted; a partner.
two_ledgers() {
  new_ledger monitor monitor.example
  new_ledger partner partner.example
  as monitor
  echo 'The bytes of a page.' >page.txt
  run 0 cite page.txt --title 'A page' --subject source/page
  append '{"kind":"release.announced","label":"r","content":{"subject":"release/1","quantity":{"exact":123},"citations":[{"source":"#1"}]}}' \
    '{"kind":"entity.described","content":{"subject":"person/1","schema":"Person","name":["Anna K.","A. K."],"birth_date":"1980"},"handling":"amber"}' \
    '{"kind":"fact.asserted","label":"f","content":{"subject":"release/1","property":"place","value":"Minsk"}}'
  run 0 retract '#4' --reason 'it was elsewhere'
  key=$(log_vkey)
}

case_a_whole_log_is_given_and_taken() {
  two_ledgers
  run 0 export --all --to partner.example --captures -o all.bundle
  says "6 entries" "complete from entry 0 to 5" "1 captured document" "logged as #6"
  run 0 inspect all.bundle --vkey "$key" --json
  is 'a["count"], a["complete"], a["captures"], a["recipients"]' "(6, [0, 6], 1, ['partner.example'])"
  as partner
  admit_from monitor.example
  run 0 import all.bundle --vkey "$key" --json
  is 'a["admitted"], a["runs"][0]["index"], a["runs"][0]["entered"], a["quarantined"], a["refused"]' "(6, 2, 6, 0, 0)"
  run 0 import all.bundle --json
  is 'a["admitted"], a["present"]' "(0, 6)"
  run 0 verify --json
  is 'a["entries"], a["foreign"], a["captures"]' "(9, 6, 1)"
  run 0 verify
  says "Every author of an entry of its own was authorized" "the authors of 6 foreign entries"
  run 0 publish www
  run 0 audit www --vkey "$(log_vkey)" --json
  is 'a["entries"], a["foreign"], any("own was authorized" in s for s in a["proven"])' "(9, 6, True)"
  run 0 show '#5' --json
  is 'a["imported"]["admitted"], a["imported"]["rule"], a["imported"]["source_index"], a["imported"]["by"]' "('policy', 0, 2, 2)"
  run 0 show '#1' --json
  is '"imported" in a' False
  run 0 state monitor.example/release/1
  says "123"
  run 0 sources
  says "A page"
  # Their own signatures stand; the place in their log is that of the import.
  skeleton=$(find "$ADDUCE_LEDGER/bundles" -name '*.skeleton')
  [ -f "$skeleton" ] || problem "no skeleton is kept"
  run 0 verify --json
  is 'a["skeletons"], a["skeletons_missing"]' "(1, 0)"
  cp "$skeleton" whole
  chmod u+w "$skeleton"
  python3 - "$skeleton" <<'PYTHON'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[len(data) // 2] ^= 1
open(sys.argv[1], "wb").write(data)
PYTHON
  run 1 verify
  complains "skeleton" "is damaged"
  rm "$skeleton"
  run 0 verify
  says "imports stood in their source"
  cp whole "$skeleton"
  [ -z "$(find "$ADDUCE_LEDGER" -name '.incoming*')" ] || problem "something is left of the import"
}

case_without_a_rule_it_waits() {
  two_ledgers
  run 0 export --all --to partner.example -o all.bundle
  as partner
  refused 0 "" import all.bundle --dry-run
  run 0 import all.bundle
  says "6 wait in quarantine"
  run 0 import all.bundle
  says "6 waited already"
  run 0 stat --json
  is 'a["size"], a["quarantined"]' "(1, 6)"
  run 0 quarantine show 2
  says release.announced monitor "entry 2"
  run 0 quarantine refuse 3 --reason 'a name'
  run 0 quarantine admit 2
  says "admitted 1" "of monitor.example"
  run 0 show '#2'
  says "monitor.example, its entry 2" "by hand"
  refused 5 "refused: a name" quarantine admit 3
  refused 5 "has the number 2" quarantine show 2
  run 0 import all.bundle --admit --json
  is 'a["admitted"], a["present"], a["refused"]' "(5, 1, 0)"
  run 0 verify
  run 0 quarantine list
  says refused "a name"
}

case_the_policy_decides_by_kind_and_subject() {
  two_ledgers
  run 0 export --all --to partner.example -o all.bundle
  as partner
  echo '[{"admission":"refuse","kind":"entity."},{"admission":"admit","source":"monitor.example","subject":"monitor.example/release/"}]' >policy.json
  run 0 policy set policy.json
  run 0 import all.bundle --json
  # Two of the release, the retraction waits like the source, the genesis comes along.
  is 'a["admitted"], a["quarantined"], a["refused"]' "(3, 2, 1)"
  run 0 verify
  run 0 log --kind entity.described
  is_silent "#4"
}

case_what_waits_says_what_keeps_it() {
  two_ledgers
  run 0 export --all --to partner.example -o all.bundle
  as partner
  echo '[{"admission":"quarantine","kind":"entity."},{"admission":"admit","kind":"release."},{"admission":"refuse","kind":"claim."}]' >policy.json
  run 0 policy set policy.json
  run 0 import all.bundle
  run 0 quarantine list --json
  is 'sorted((i["kind"], i["reason"].split(" of policy")[0]) for i in a["items"])' \
    "[('entity.described', 'rule 0'), ('fact.asserted', 'no rule of the policy admits it from there'), ('source.cited', 'no rule of the policy admits it from there')]"
  new_ledger third third.example
  as third
  echo '[{"admission":"admit"}]' >policy.json
  run 0 policy set policy.json
  run 0 import all.bundle --quarantine --accept-recipient
  run 0 quarantine show 1
  says "waits    it was kept waiting by hand when it was imported"
}

case_a_selection_brings_what_belongs_to_it() {
  two_ledgers
  run 0 export --subject release/1 --to partner.example -o some.bundle
  says "5 entries"
  run 0 inspect some.bundle
  says "5 of its 6 entries" "it is a selection" "exporter's word"
  refused 5 "nothing fits" export --kind no.such --to x -o none.bundle
  [ -e none.bundle ] && problem "a refused export left a file"
  refused 2 "to whom" export --all -o x.bundle
  refused 2 "say what to give" export --to x -o x.bundle
  refused 2 "no filter" export --all --kind a.b --to x -o x.bundle
}

case_withheld_fields_are_gone_and_all_verifies() {
  two_ledgers
  run 0 export --all --to partner.example --withhold name/0 --withhold '#2:quantity' -o part.bundle
  says "2 fields or elements are withheld"
  grep -q 'Anna K.' part.bundle && problem "a withheld element is in the bundle"
  grep -q 'A. K.' part.bundle || problem "an element that was not withheld is missing"
  run 0 inspect part.bundle --json
  is 'a["incomplete"], [(w["index"], w["paths"]) for w in a["withheld"]]' "(1, [(2, ['quantity']), (3, ['name.0'])])"
  as partner
  admit_from monitor.example
  run 0 import part.bundle
  run 0 verify --json
  is 'a["withheld"]' 2
  run 0 log --json
  is '[e["status"] for e in a["entries"] if e["kind"] == "release.announced"]' "['incomplete']"
  grep -rqa 'Anna K.' "$ADDUCE_LEDGER" && problem "a withheld element is in the importer's ledger"
  as monitor
  run 0 disclosures '#3'
  says "partner.example" "without name.0"
  run 0 disclosures '#0' --json
  is 'len(a["disclosures"]), a["unknown"]' "(1, 0)"
  refused 4 "never withheld" export --all --to x --withhold '#0:origin' -o x.bundle
  refused 5 "has no field" export --all --to x --withhold '#2:nothing' -o x.bundle
  refused 5 "spelled so" export --all --to x --withhold nmae -o x.bundle
  refused 5 "spelled so" export --all --to x --withhold name/7 -o x.bundle
  refused 2 "names no field" export --all --to x --withhold 'NAME' -o x.bundle
}

# The manifest is kept by both, and nothing is ever erased of it.
case_what_was_asked_for_is_told_without_contents() {
  two_ledgers
  run 0 export --subject release/1 --withhold subject --to partner.example -o some.bundle
  grep -qa 'release/1' some.bundle && problem "a withheld subject is in the bundle"
  run 0 inspect some.bundle --json
  is 'a["selection"]' "subject"
  run 0 export --kind fact. --without source:source/page --to partner.example --no-record -o facts.bundle
  run 0 inspect facts.bundle --json
  is 'a["selection"]' "kind fact., without"
  for claim in 2 4; do run 0 erase "$claim" subject --reason asked --yes; done
  grep -rqa 'release/1' "$ADDUCE_LEDGER" && problem "an erased subject is in $(grep -rla release/1 "$ADDUCE_LEDGER")"
}

# A value stands again where it is spelled as in the source, and where it is corrected.
case_what_repeats_a_withheld_field_goes_with_it() {
  two_ledgers
  append '{"kind":"entity.described","label":"p","content":{"subject":"person/2","name":["Maria L."],"original":{"name":"Марыя Л."}}}'
  run 0 correct '#6' --reason typo 'name=["Maria Lis"]'
  run 0 export --all --to partner.example --withhold name -o part.bundle
  for name in 'Maria' 'Марыя' 'Lis'; do
    grep -qa "$name" part.bundle && problem "$name is in the bundle"
  done
  run 0 export --all --to partner.example --withhold '#6:name' -o part.bundle
  grep -qa 'Maria L\.' part.bundle && problem "a name withheld of one claim is in the bundle"
  run 0 disclosures '#6'
  says "without "
  run 0 disclosures '#3' --json
  is '"withheld" in a["disclosures"][1]' False
}

case_contents_above_the_ceiling_stay() {
  two_ledgers
  run 0 export --all --to partner.example --handling green -o green.bundle
  says "1 are above --handling"
  grep -q '1980' green.bundle && problem "content of a higher level is in the bundle"
  run 0 inspect green.bundle --json
  is 'a["without_content"]' 1
}

case_what_is_new_extends_what_was_given() {
  two_ledgers
  run 0 checkpoint
  printf '%s\n' "$out" >checkpoint.txt
  run 0 export --all --to partner.example --no-record -o all.bundle
  as partner
  admit_from monitor.example
  run 0 import all.bundle
  as monitor
  append '{"kind":"fact.asserted","content":{"subject":"release/1","property":"place","value":"Vilnius"}}'
  run 0 export --since checkpoint.txt --to partner.example --no-record -o new.bundle
  says "complete from entry 6 to 6"
  as partner
  run 0 import new.bundle --json
  is 'a["admitted"], a["complete"]' "(1, [6, 7])"
  is 'any("begins with the one of the last import" in s for s in a["proven"])' True
  as monitor
  refused 5 "nothing since" export --since 7 --to x -o x.bundle
}

case_what_is_not_whole_or_not_ours_is_refused() {
  two_ledgers
  run 0 export --all --to partner.example --no-record -o all.bundle
  size=$(stat -c %s all.bundle)
  head -c $((size - 1)) all.bundle >short.bundle
  { cat all.bundle; echo; } >long.bundle
  python3 - <<'PYTHON'
import random
data = bytearray(open("all.bundle", "rb").read())
for i in range(12):
    flipped = bytearray(data)
    at = random.randrange(len(data))
    flipped[at] ^= 1 << random.randrange(8)
    open(f"flipped-{i}.bundle", "wb").write(flipped)
PYTHON
  as partner
  admit_from monitor.example
  before=$(fingerprint)
  for file in short long flipped-{0..11}; do
    "$ADDUCE" import $file.bundle >out.txt 2>err.txt && problem "$file was taken"
  done
  [ "$before" = "$(fingerprint)" ] || problem "a refused bundle changed the ledger"
  [ -z "$(find "$ADDUCE_LEDGER" -name '.incoming*')" ] || problem "something is left of a refused import"
  echo 'no bundle' >text.bundle
  run 3 import text.bundle
  new_ledger third third.example
  as third
  refused 4 "the bundle is for partner.example" import all.bundle
  run 0 import all.bundle --accept-recipient
  as monitor
  refused 4 "from this ledger" import all.bundle --accept-recipient
  refused 3 "" inspect all.bundle --vkey "$(as partner; log_vkey)"
}

case_what_is_taken_back_is_told_to_whoever_has_it() {
  two_ledgers
  run 0 export --all --to partner.example --withhold birth_date -o all.bundle
  run 0 export --kind fact. --to other.example -o facts.bundle
  refused 4 "nothing takes #2 back" export --recall 2 -o notice.bundle
  refused 4 "goes to everybody" export --recall 0 -o notice.bundle
  refused 2 "no more" export --recall 4 --all -o notice.bundle
  run 0 append fact.asserted subject=release/1 property=place value=Vilnius
  run 0 retract '#8' --reason 'wrong too'
  refused 5 "nobody was given" export --recall 8 -o notice.bundle
  run 0 export --recall 4 -o notice.bundle --json
  is 'sorted(a["recipients"]), a["left_out"]' "(['other.example', 'partner.example'], 0)"
  run 0 export --recall 4 -o notice.bundle
  says "a recall notice for"
  grep -qa Minsk notice.bundle && problem "what is recalled is given again"
  grep -qa 'Vilnius' notice.bundle && problem "what is not recalled is in the notice"
  run 0 inspect notice.bundle
  says "  recalls "
  as partner
  admit_from monitor.example
  run 0 import all.bundle
  run 0 import notice.bundle --json
  is 'a["refused"], a["quarantined"]' "(0, 0)"
  run 0 verify
}

# The public key of ./NAME's default key.
key_of() {
  (as "$1" && "$ADDUCE" key show --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["key"]["$id"])')
}

case_a_sealed_bundle_is_for_its_recipients_alone() {
  two_ledgers
  new_ledger third third.example
  as monitor
  run 0 export --all --to partner.example --captures --seal "$(key_of partner)" --seal "$(key_of monitor)" -o sealed.bundle
  head -c 17 sealed.bundle | grep -q 'adduce/sealed/v1' || problem "it is not sealed"
  grep -qaE 'Anna|Minsk|monitor.example|The bytes' sealed.bundle && problem "something can be read without a key"
  as third
  refused 4 "not sealed to this key" inspect sealed.bundle
  refused 4 "not sealed to this key" import sealed.bundle --accept-recipient
  run 0 inspect sealed.bundle --open-with "$PWD/partner/keys/default.key" --json
  is 'len(a["keys"]), any("meant it for the key" in s for s in a["proven"])' "(2, True)"
  as partner
  admit_from monitor.example
  size=$(stat -c %s sealed.bundle)
  head -c $((size - 1)) sealed.bundle >short.bundle
  head -c 200 sealed.bundle >shorter.bundle
  { cat sealed.bundle; echo; } >long.bundle
  for file in short shorter long; do refused 3 "" import $file.bundle; done
  run 0 import sealed.bundle --json
  is 'a["admitted"], a["captures"]' "(6, 1)"
  run 0 verify
  [ -z "$(find "$ADDUCE_LEDGER" -name '.incoming*')" ] || problem "something is left of an import"
  # Through a pipe, and what is not sealed needs no key.
  "$ADDUCE" inspect - <sealed.bundle >out.txt || problem "a sealed bundle in a pipe was refused"
  as monitor
  run 0 export --all --to partner.example --no-record -o open.bundle
  HOME=$PWD/nobody ADDUCE_KEYS=$PWD/nobody run 0 inspect open.bundle
  refused 3 "" export --all --to x --seal 0000000000000000000000000000000000000000000000000000000000000000 -o x.bundle
  [ -e x.bundle ] && problem "a refused export left a file"
}

# A monitor whose ledger was set back, with its head lock, signs a second history: a bundle of each,
# before a partner that would admit them.
two_histories() {
  cp -a monitor fork
  run 0 append fact.asserted subject=release/1 property=place value=Vilnius
  run 0 export --all --to partner.example --no-record -o one.bundle
  as fork
  run 0 append fact.asserted subject=release/1 property=place value=Warsaw
  run 0 export --all --to partner.example --no-record -o two.bundle
  as partner
  admit_from monitor.example
}

case_two_histories_become_evidence() {
  two_ledgers
  two_histories
  run 0 import one.bundle
  run 1 import two.bundle
  complains "two histories"
  run 0 check import.equivocation --vkey "$key"
  says "two"
}

# An older, smaller bundle between the two changes nothing of that.
case_a_small_bundle_does_not_hide_two_histories() {
  two_ledgers
  run 0 export --all --to partner.example --no-record -o old.bundle
  two_histories
  run 0 import one.bundle
  run 0 import old.bundle
  run 1 import two.bundle
  complains "two histories"
}

case_a_ledger_of_our_own_name_is_refused() {
  two_ledgers
  run 0 export --all --to partner.example --no-record -o other.bundle
  new_ledger namesake monitor.example
  as namesake
  refused 4 "goes by the name of this one" import --accept-recipient other.bundle
}

# What of a document is held at the partner's.
documents() {
  find "$PWD/partner/.adduce/captures" -type f 2>/dev/null | wc -l
}

case_an_erased_document_does_not_come_back() {
  two_ledgers
  run 0 export --all --to partner.example --captures --no-record -o all.bundle
  as partner
  admit_from monitor.example
  run 0 import all.bundle
  says "1 captured document"
  [ "$(documents)" = 1 ] || problem "the document did not come"
  source=$("$ADDUCE" log --kind source.cited --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["entries"][0]["id"]["$id"])')
  run 0 erase "$source" --capture --reason 'a request' --yes
  [ "$(documents)" = 0 ] || problem "the document was not removed"
  run 0 import all.bundle --json
  is 'a["admitted"], a["present"], a["captures"]' "(0, 6, 0)"
  [ "$(documents)" = 0 ] || problem "the document came back"
  run 0 verify
}

# import_under RULES: all of the monitor, documents too, comes to the partner under rules of its own.
import_under() {
  two_ledgers
  run 0 export --all --to partner.example --captures --no-record -o all.bundle
  as partner
  echo "$1" >policy.json
  run 0 policy set policy.json
  run 0 import all.bundle --json
}

case_a_bundle_of_which_nothing_comes_in_leaves_nothing() {
  import_under '[{"admission":"refuse","source":"monitor.example"}]'
  is 'a["refused"], a["captures"]' "(6, 0)"
  [ "$(documents)" = 0 ] || problem "a document of a refused bundle stays"
  [ -z "$(find partner/.adduce/bundles -type f)" ] || problem "its skeleton stays"
}

case_the_document_of_a_refused_source_stays_out() {
  import_under '[{"admission":"refuse","kind":"source."},{"admission":"admit","source":"monitor.example"}]'
  is 'a["admitted"], a["refused"], a["captures"]' "(5, 1, 0)"
  [ "$(documents)" = 0 ] || problem "the document of a refused source is kept"
  admit_from monitor.example
  run 0 import all.bundle --json
  is 'a["admitted"], a["captures"]' "(1, 1)"
  run 0 verify
}

case_the_document_of_what_is_refused_by_hand_goes() {
  two_ledgers
  run 0 cite page.txt --title 'The same page' --subject source/page
  run 0 export --all --to partner.example --captures --no-record -o all.bundle
  as partner
  run 0 import all.bundle
  run 0 quarantine refuse 1 --reason 'not ours to keep'
  [ "$(documents)" = 1 ] || problem "a document went that another source names, which waits"
  run 0 quarantine refuse 6 --reason 'not ours to keep'
  [ "$(documents)" = 0 ] || problem "the document of a refused source stays"
  run 0 import all.bundle
  [ "$(documents)" = 0 ] || problem "the document of a refused source comes back"
  run 0 import all.bundle --admit --json
  is 'a["captures"]' 1
  run 0 verify
}

case_a_kill_leaves_one_import_or_none() {
  two_ledgers
  for i in $(seq 200); do
    printf '{"kind":"fact.asserted","content":{"subject":"x/%s","property":"p","value":"v"}}\n' "$i"
  done >claims.ndjson
  run 0 append claims.ndjson
  run 0 export --all --to partner.example --no-record -o all.bundle
  as partner
  admit_from monitor.example
  for delay in 0.001 0.004 0.008 0.012 0.016 0.02 0.03 0.04; do
    "$ADDUCE" import all.bundle >/dev/null 2>&1 &
    sleep $delay
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    run 0 verify --json
    is 'a["entries"] in (2, 209)' True
  done
  run 0 import all.bundle
  run 0 stat --json
  is 'a["size"]' 209
  run 0 import all.bundle --json
  is 'a["admitted"]' 0
  [ -z "$(find "$ADDUCE_LEDGER" -name '.incoming*')" ] || problem "something is left after a whole import"
}

# What goes to whom unless more is asked for: amber to whom it names, clear to nobody named.
case_handling_holds_back_by_itself() {
  two_ledgers
  for level in clear green amber amber+strict red; do
    append '{"kind":"fact.asserted","content":{"subject":"x/1","property":"p","value":"value-'$level'"},"handling":"'$level'"}'
  done
  run 0 export --all --to other.example -o other.bundle
  says "; 2 are above --handling"
  run 0 export --all --to partner.example --no-record -o named.bundle
  run 0 export --all --no-record -o unnamed.bundle
  run 0 export --all --to partner.example --handling red --no-record -o red.bundle
  run 0 export --all --to partner.example --handling amber+strict --no-record -o strict.bundle
  sent() { grep -ao 'value-[a-z+]*' "$1.bundle" | sort -u | tr '\n' ' '; }
  [ "$(sent unnamed)" = "value-clear " ] || problem "to nobody named went $(sent unnamed)"
  [ "$(sent named)" = "value-amber value-clear value-green " ] || problem "to the partner went $(sent named)"
  [ "$(sent strict)" = "value-amber value-amber+strict value-clear value-green " ] || problem "by amber+strict went $(sent strict)"
  [ "$(sent red)" = "value-amber value-amber+strict value-clear value-green value-red " ] || problem "by red went $(sent red)"
  # Nor does one recipient learn of another.
  grep -qa other.example named.bundle && problem "the partner learns to whom else was given"
  run 2 export --all --to partner.example --handling purple -o none.bundle
  complains '"purple" is no handling'
}

# Our own word comes back from somebody else to a ledger that lost it: it would act here.
case_what_acts_here_is_not_imported() {
  two_ledgers
  as partner
  admit_from monitor.example
  cp -r partner before
  run 0 policy set policy.json
  run 0 export --all --to monitor.example --no-record -o ours.bundle
  as monitor
  admit_from partner.example
  run 0 import ours.bundle
  run 0 export --all --to partner.example --no-record -o all.bundle
  rm -r partner && mv before partner
  as partner
  for dry in --dry-run --receipt=all.receipt; do
    refused 4 "names this ledger: what acts here is not imported" import all.bundle $dry
  done
  run 0 stat --json
  is 'a["size"]' 2
  [ -z "$(find "$ADDUCE_LEDGER/bundles" -type f)" ] || problem "something of it stays"
}

# More than 16 MiB enter in several steps, each behind a bundle.imported of its own; what was cut short
# is taken up again.
case_a_large_bundle_enters_in_steps() {
  two_ledgers
  python3 - >claims.ndjson <<'PYTHON'
import json
for i in range(45):
    print(json.dumps({"kind": "entity.described", "content": {
        "subject": f"x/{i}", "schema": "Thing", "name": [str(j) + "n" * 4000 for j in range(200)]}}))
PYTHON
  run 0 append claims.ndjson
  run 0 export --all --to partner.example --no-record -o all.bundle
  as partner
  admit_from monitor.example
  cp -r partner before
  run 0 import all.bundle --receipt all.receipt --json
  is 'a["admitted"], len(a["runs"]), sum(r["entered"] for r in a["runs"])' "(51, 3, 51)"
  run 0 receipt check all.receipt --json
  is 'a["admitted"]' 51
  run 0 verify --json
  is 'a["entries"], a["foreign"], a["skeletons"]' "(56, 51, 1)"
  run 0 import all.bundle --json
  is 'a["admitted"], a["present"], a["runs"]' "(0, 51, [])"
  # The log that ends behind the first step is what a kill between two leaves.
  rm -r partner && mv before partner
  (
    "$ADDUCE" import all.bundle >/dev/null 2>&1 &
    while [ "$("$ADDUCE" stat --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["size"])')" -le 3 ]; do :; done
    kill -9 $!
  ) 2>/dev/null
  run 0 verify
  run 0 import all.bundle --json
  is 'a["admitted"] + a["present"], a["refused"]' "(51, 0)"
  run 0 verify --json
  is 'a["foreign"], a["skeletons"]' "(51, 1)"
  [ -z "$(find "$ADDUCE_LEDGER" -name '.incoming*')" ] || problem "something is left of the import"
}

# What the recipient signs comes back to who gave it.
case_a_receipt_comes_back() {
  two_ledgers
  run 0 export --all --to partner.example -o all.bundle
  as partner
  admit_from monitor.example
  run 0 import all.bundle --receipt all.receipt
  partner_key=$(log_vkey)
  run 0 receipt check all.receipt --vkey "$partner_key"
  says "partner.example received a bundle of monitor.example, 6 entries" "admitted 6" "imported by its entry 2"
  run 0 import all.bundle --receipt again.receipt
  run 0 receipt check again.receipt --json
  is 'a["admitted"], a["present"], "index" in a' "(0, 6, False)"
  refused 4 "for a bundle of monitor.example" receipt keep all.receipt
  as monitor
  run 0 receipt keep all.receipt
  says receipt.received
  run 0 log --kind receipt.received --json
  is 'a["entries"][0]["content"]["recipient"]' partner.example
  python3 - <<'PYTHON'
data = bytearray(open("all.receipt", "rb").read())
for i, at in enumerate(range(0, len(data), 97)):
    flipped = bytearray(data)
    flipped[at] ^= 1
    open(f"flipped-{i}.receipt", "wb").write(flipped)
PYTHON
  for file in flipped-*.receipt; do
    "$ADDUCE" receipt check $file >out.txt 2>err.txt && problem "$file was accepted"
  done
  refused 3 "" receipt check all.receipt --vkey "$(log_vkey)"
  run 3 receipt check all.bundle
}

# Two at once, one of them stalled: each keeps its own files.
case_two_imports_at_once() {
  two_ledgers
  run 0 export --all --to partner.example --captures --no-record -o all.bundle
  run 0 export --subject release/1 --to partner.example --captures --no-record -o some.bundle
  as partner
  admit_from monitor.example
  mkfifo slow
  "$ADDUCE" import - <slow >slow.txt 2>&1 &
  { head -c 500 all.bundle; sleep 0.5; tail -c +501 all.bundle; } >slow &
  sleep 0.2
  run 0 import some.bundle
  wait
  grep -q "6 entries" slow.txt || problem "the stalled import says $(cat slow.txt)"
  run 0 verify --json
  is 'a["entries"], a["captures"]' "(10, 1)"
  [ -z "$(find "$ADDUCE_LEDGER" -name '.incoming*')" ] || problem "something is left"
  for each in "$ADDUCE_LEDGER"/bundles/*/*.skeleton; do
    run 0 show '#4' --json
    is 'a["imported"]["source_index"] >= 0' True
  done
}
