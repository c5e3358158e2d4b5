# SPDX-License-Identifier: Apache-2.0
# Erasing, holds, and what is left: a search of every file of the ledger must find nothing.

# traces TEXT...: the files of the ledger in which one of the texts stands: as it is, in lower case or
# capitals, as JSON escapes it, or as the SHA-256 of it, raw or in hex.
traces() {
  python3 - "$@" <<'END'
import hashlib, json, os, sys
wanted = {}
for text in sys.argv[1:]:
    for form in {text, text.lower(), text.upper(), text.casefold(), json.dumps(text)[1:-1]}:
        digest = hashlib.sha256(form.encode())
        for what in (form.encode(), digest.digest(), digest.hexdigest().encode()):
            wanted[what] = text
for top in (".adduce", ".local", ".config"):
    for folder, _, names in os.walk(top):
        for name in names:
            try:
                data = open(os.path.join(folder, name), "rb").read()
            except FileNotFoundError:
                continue
            for what, text in wanted.items():
                if what in data:
                    print(os.path.join(folder, name), "has", text)
END
}

is_gone() {
  local found
  found=$(traces "$@")
  [ -z "$found" ] || problem "is left: $found"
}

is_there() {
  [ -n "$(traces "$@")" ] || problem "nothing to find of: $*"
}

LONG=$(printf 'monitor.example/a-very-long-name-%0140d' 7)
PERSON='{"kind":"entity.described","content":{"subject":"person/p","schema":"Person","name":["Zebedee Quill","Zeb Marrow"],"birth_date":"1961-07-09","description":"Ünïque Wördmark Ægir"}}'

case_a_field_goes_and_everything_still_verifies() {
  make_ledger
  append "$PERSON" '{"kind":"fact.asserted","content":{"subject":"person/p","property":"colour","value":"red"}}'
  run 0 prove 1 -o before.proof
  run 0 digest --json
  cp out.txt before.json
  run 0 state person/p
  is_there "Zeb Marrow" 1961-07-09 "Ünïque Wördmark Ægir"
  refused 2 "--yes" erase 1 birth_date --reason asked
  refused 2 "--reason" erase 1 birth_date --yes
  refused 5 "no field height" erase 1 height --reason asked --yes
  refused 5 "no element 9" erase 1 name/9 --reason asked --yes
  refused 4 "cannot be erased" erase 0 --reason asked --yes
  run 0 erase 1 birth_date name/1 description --reason asked --dry-run --json
  is 'a["dry_run"], a["standing"]["after"]' "(True, 'understood')"
  is_there "Zeb Marrow"
  run 0 erase 1 birth_date name/1 description --reason "asked for" --basis "GDPR 17" --yes
  says "erased birth_date; name.1; description of #1" "rows in withheld: 1, before 0"
  is_gone "Zeb Marrow" 1961-07-09 "Ünïque Wördmark Ægir"
  is_there "Zebedee Quill"
  run 0 show 1
  says "birth_date; name.1; description in #3" "asked for (GDPR 17)" "partial"
  run 0 show 1 --at 1
  says "erased" "asked for"
  run 0 state person/p
  says "Zebedee Quill" "Erased here" "colour"
  run 0 explain person/p.birth_date
  says "was erased" "asked for"
  run 0 history person/p.birth_date
  says "Erased here"
  run 0 verify
  says "erasures" "Nothing that was erased is held"
  run 0 check before.proof
  run 0 prove 1 -o after.proof
  run 0 check after.proof
  run 5 digest --compare before.json
  complains "not comparable"
  run 0 digest --json
  cp out.txt after.json
  rm -rf .adduce/projections
  run 0 digest --json
  cmp out.txt after.json || problem "rows made anew are others than rows made from nothing"
  run 5 erase 1 birth_date --reason again --yes
  complains "was erased or withheld before"
  run 0 stat
  is_silent erasing
}

case_a_claim_without_its_frame_says_nothing() {
  make_ledger
  append '{"kind":"fact.asserted","content":{"subject":"person/p","property":"colour","value":"vermilion"}}' \
    '{"kind":"fact.asserted","content":{"subject":"person/p","property":"size","value":"gargantuan"}}'
  run 0 state person/p
  run 0 erase 1 value --reason r --dry-run
  says "becomes incomplete"
  run 0 erase 1 value --reason r --yes
  run 0 erase 2 --reason r --yes
  is_gone vermilion gargantuan
  run 0 state person/p --json
  is 'a["facts"]' '[]'
  is 'a["incomplete"][0]["erased"][0]["paths"]' "['value']"
  is 'len(a["incomplete"])' 1
  run 0 show 2
  says "all content in #4" "incomplete, erased" "none"
  run 0 log
  says "part of it was erased"
  run 0 verify
}

case_a_long_text_leaves_no_hash_in_keys() {
  make_ledger
  append "{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"$LONG\",\"property\":\"colour\",\"value\":\"$LONG\"}}" \
    "{\"kind\":\"relation.asserted\",\"content\":{\"from\":\"$LONG\",\"relation\":\"part_of\",\"to\":\"x\"}}"
  run 0 state "$LONG"
  is_there "$LONG"
  run 0 erase 1 subject value --reason r --yes
  run 0 erase 2 from --reason r --yes
  is_gone "$LONG" "${LONG:0:95}"
  run 0 verify
}

case_documents_go_where_it_is_said() {
  make_ledger
  printf 'a report that names Zebedee Quill, born 1961-07-09\n' >report.txt
  run 0 cite report.txt --title "A report"
  local digest
  digest=$(sha256sum report.txt | cut -d' ' -f1)
  append "$PERSON"
  run 0 erase 2 birth_date --reason r --yes
  says "captured document ${digest:0:12}: kept, and what is erased stands in it"
  refused 4 "names no captured document" erase 2 name --capture --reason r --yes
  run 0 erase 1 title --capture --reason r --dry-run
  says "would be removed"
  [ -e ".adduce/captures/${digest:0:2}/$digest" ] || problem "a dry run removed it"
  echo rest >".adduce/captures/${digest:0:2}/.$digest.1.0.tmp"
  run 0 erase 1 title --capture --reason r --yes
  says "captured document ${digest:0:12}: removed"
  [ -z "$(find .adduce/captures -type f)" ] || problem "something is left of the document"
  is_gone "A report" "born 1961-07-09"
  run 0 show 1
  says "${digest:0:12}" "title in #"
  run 0 verify
  run 0 erase 1 digest --reason r --yes
  is_gone "$(printf 'a report that names Zebedee Quill, born 1961-07-09\n')"
}

case_a_hold_forbids_it() {
  make_ledger
  append "$PERSON"
  run 0 hold list
  says "no holds"
  run 0 hold place 1 --reason proceedings --authority "a court" --until 2999
  run 0 hold list
  says "in force" "a court" "proceedings" 2999
  refused 4 "hold" erase 1 name --reason r --yes
  refused 4 "hold" erase 1 name --reason r --dry-run
  run 0 hold lift 2 --reason over
  run 3 hold lift 2 --reason again
  complains "was lifted"
  run 0 hold list --json
  is 'a["holds"][0]["state"], a["holds"][0]["lifted_index"]' "('lifted', 3)"
  run 0 hold place --reason audit --until 2001
  run 0 hold list
  says passed everything
  run 0 erase 1 name --reason r --yes
  run 0 hold place --reason audit
  refused 4 "everything" erase 1 --reason r --yes
  run 0 verify
}

case_others_read_and_write_meanwhile() {
  make_ledger
  append "$PERSON"
  run 0 state person/p
  # One process that has the ledger open all the time, two that come again and again.
  mkfifo claims
  "$ADDUCE" append <claims >held.txt 2>&1 &
  local held=$!
  exec 9>claims
  (for i in $(seq 40); do "$ADDUCE" append fact.asserted subject=x property=n value="$i" || echo failed; done) >writer.txt 2>&1 &
  local writer=$!
  (for i in $(seq 40); do "$ADDUCE" state person/p >/dev/null || echo failed; done) >reader.txt 2>&1 &
  local reader=$!
  run 0 erase 1 name/1 birth_date --reason r --yes
  run 0 erase 1 description --reason r --yes
  is_gone "Zeb Marrow" 1961-07-09 "Ünïque Wördmark Ægir"
  wait $writer $reader
  ! grep -q failed writer.txt reader.txt || problem "others failed: $(cat writer.txt reader.txt)"
  echo '{"kind":"fact.asserted","content":{"subject":"x","property":"last","value":"one"}}' >&9
  exec 9>&-
  wait $held || problem "who held it open failed: $(cat held.txt)"
  run 0 state x
  says last
  is_gone "Zeb Marrow" 1961-07-09 "Ünïque Wördmark Ægir"
  run 0 verify
}

# Killed at any moment it is not erased, or finished by whoever writes next.
case_a_killed_erasure_is_none_or_is_finished() {
  local delay name none=0 unfinished=0 done=0
  make_ledger
  run 0 append "$MINSK/article.ndjson"
  run 0 state
  for delay in $(seq 1 "${KILLS:-12}"); do
    name="Marked Name $delay of many"
    append "{\"kind\":\"entity.described\",\"content\":{\"subject\":\"person/p$delay\",\"schema\":\"Person\",\"name\":[\"$name\"]}}"
    local index
    index=$(("$("$ADDUCE" stat --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["size"])')" - 1))
    run 0 state "person/p$delay"
    timeout -s KILL "0.0$(printf %02d $((RANDOM % ${KILL_WITHIN_MS:-45} + 1)))" \
      "$ADDUCE" erase $index name --reason r --yes >/dev/null 2>&1
    run 0 stat --json
    local pending
    pending=$(json 'a.get("erasing", False)')
    run 0 show $index --json
    if [ "$(json '"erased" in a')" = False ]; then
      none=$((none + 1))
      [ "$pending" = False ] || problem "nothing is erased, and the mark stands"
      run 0 erase $index name --reason r --yes
    elif [ "$pending" = True ]; then
      unfinished=$((unfinished + 1))
      run 0 verify
      says "is not finished"
      if [ $((delay % 2)) = 0 ]; then run 0 compact; else run 0 append fact.asserted subject=x property=n value="$delay"; fi
    else
      done=$((done + 1))
    fi
    run 0 stat
    is_silent erasing
    is_gone "$name"
  done
  run 0 verify
  echo "$none not erased, $unfinished to be finished, $done done"
}

case_who_has_it_is_told_before_and_after() {
  make_ledger
  append "$PERSON"
  run 0 erase 1 description --reason asked --dry-run --json
  is 'a["disclosures"], a["unknown"]' "([], 0)"
  run 0 export --all --to partner.example -o all.bundle
  run 0 export --all --to desk.example --withhold birth_date -o less.bundle
  run 0 erase 1 birth_date --reason asked --dry-run
  says "it was given away" "to partner.example" "to desk.example, without birth_date"
  run 0 disclosures 1 --json
  listed=$(json 'a["disclosures"]')
  run 0 erase 1 birth_date --reason asked --dry-run --json
  is 'a["disclosures"]' "$listed"
  run 0 erase 1 birth_date --reason asked --yes --json
  is '[d["recipients"] for d in a["disclosures"]]' "[['partner.example'], ['desk.example']]"
}
