# SPDX-License-Identifier: Apache-2.0
# What falls, and what stands, if something is left out.

# A ledger in which an agency is quoted by two outlets, and a third one has it of its own.
quoted_ledger() {
  make_ledger
  cat >claims.ndjson <<'EOF'
{"kind":"source.cited","label":"one","content":{"subject":"source/one","publisher_subject":"outlet/one","title":"One"}}
{"kind":"source.cited","label":"two","content":{"subject":"source/two","publisher_subject":"outlet/two","title":"Two"}}
{"kind":"source.cited","label":"three","content":{"subject":"source/three","publisher_subject":"outlet/three","title":"Three"}}
{"kind":"fact.asserted","label":"a","content":{"subject":"release/1","property":"freed","value":123,"attribution":[{"agent":"outlet/one","act":"reports"},{"agent":"agency/state","act":"announces"}],"citations":[{"source":"@one"}]}}
{"kind":"fact.asserted","label":"b","content":{"subject":"release/1","property":"freed","value":123,"attribution":[{"agent":"outlet/two","act":"reports"}],"citations":[{"source":"@two"}]}}
{"kind":"fact.asserted","label":"c","content":{"subject":"release/1","property":"freed","value":123,"attribution":[{"agent":"outlet/three","act":"reports"}],"citations":[{"source":"@three"}]}}
{"kind":"fact.asserted","label":"d","content":{"subject":"release/1","property":"place","value":"Minsk","citations":[{"source":"@one"},{"source":"@three"}]}}
EOF
  run 0 append claims.ndjson
  b=$("$ADDUCE" log --json --kind fact.asserted | python3 -c 'import json, sys
print(json.load(sys.stdin)["entries"][1]["id"]["$id"])')
  a=$("$ADDUCE" log --json --kind fact.asserted | python3 -c 'import json, sys
print(json.load(sys.stdin)["entries"][0]["id"]["$id"])')
  printf '{"kind":"relation.asserted","content":{"from":"event:%s","relation":"quotes","to":"event:%s"}}\n' \
    "$b" "$a" >link.ndjson
  run 0 append link.ndjson
}

case_what_falls() {
  quoted_ledger
  run 0 without source:agency/state
  says "2  fall with it" "on the word of" "made from it" "Said by others as well" "carried by"
  run 0 without source:agency/state --json
  is 'a["counts"]["out"]' 2
  is '[line["field"] for line in a["supported"]]' "['freed']"
  is 'len(a["supported"][0]["lost"])' 2
  run 0 without source:outlet/one --json
  is 'a["counts"]["out"], a["counts"]["stands"]' "(3, 1)"
  is 'a["stands"][0]["label"].endswith("Minsk")' True
  run 0 explain release/1.freed --without source:agency/state --json
  is 'a["without"], a["lines"][0]["independent"]' "(['source:monitor.example/agency/state'], 1)"
  run 0 state release/1 --only source:outlet/three
  says "only source:monitor.example/outlet/three" "123"
}

case_origins_are_counted() {
  quoted_ledger
  run 0 explain release/1.freed --json
  is 'a["lines"][0]["independent"], len(a["lines"][0]["support"])' "(2, 3)"
  is '[len(same["via"]) for origin in a["lines"][0]["origins"] for same in origin.get("same", [])]' "[1]"
  is 'len(a["lines"][0]["carried_by"])' 3
  run 0 explain release/1.freed
  says "2 origins" "count as one"
}

case_bad_input() {
  quoted_ledger
  run 2 without
  complains "what to leave out"
  run 5 without source:state
  complains "nobody cites" "agency/state"
  run 5 state release/1 --without author:nobody
  complains "there is no author" "among others"
  run 2 state release/1 --without agency
  complains "selects nothing" "source:X"
  run 2 state release/1 --without handling:secret
  complains "amber-and-above"
  run 2 state release/1 --without event:0
  complains "never left out"
  run 2 state release/1 --without kind:ledger.
  complains "never left out"
  run 2 state release/1 --only source:outlet/two --without source:outlet/two
  complains "nothing is left"
  run 2 without source:#4
  complains "no source" "event:#4"
}
