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

# A word without a sort is no selector, and what it may mean is said.
case_a_sort_is_suggested() {
  quoted_ledger
  refused 2 "event:#4 is #4, fact.asserted" state release/1 --without '#4'
  refused 2 "event:4 is #4, fact.asserted" state release/1 --without 4
  refused 2 "event:$b is #5, fact.asserted" without "$b"
  refused 2 "event:${a:0:12} is #4" without "${a:0:12}"
  refused 2 "event:1 is #1, source.cited, and source:1 all that came through it" without 1
  refused 2 "there is source:agency/state" without agency/state
  refused 2 "there is kind:fact." state --only fact.
  refused 5 '"99" lies beyond the last entry, #8' without 99
  refused 2 "event:ID, kind:K or handling:LEVEL" state --without nonsense
  run 0 authors --json
  key=$(json 'a["authors"][0]["key"]["$id"]')
  refused 2 "there is key:${key:0:9}" without "${key:0:9}"
}

# So many events that some ids begin alike.
case_an_ambiguous_id_names_the_candidates() {
  make_ledger
  python3 -c 'for i in range(1500):
    print("""{"kind":"fact.asserted","content":{"subject":"s","property":"p","value":%d}}""" % i)' >many.ndjson
  run 0 append many.ndjson
  run 0 log --json
  read -r digits one other <<<"$(json '(lambda ids: [" ".join([x[:4], x[:16], y[:16]])
    for x, y in zip(ids, ids[1:]) if x[:4] == y[:4] and not x[:4].isdecimal()][0])(
    sorted(e["id"]["$id"] for e in a["entries"]))')"
  for selector in "event:$digits" "source:$digits" "$digits"; do
    refused 2 "$digits begins the ids of several events" state --without "$selector"
    complains "$one" "$other"
  done
  refused 2 "$one" show "$digits"
}

case_what_is_there_instead() {
  quoted_ledger
  refused 5 'nobody cites or quotes "agency/stat" at #8; it resembles monitor.example/agency/state' \
    state release/1 --without source:agency/stat
  refused 5 '"99" lies beyond the last entry, #8' state release/1 --without source:agency/state --at 99
  refused 5 'nothing was recorded by "1999-12-31"; the first entry, #0' without source:agency/state --at 1999-12-31
  refused 5 "event #5 is not there yet at #4" state release/1 --without event:5 --at 4
  refused 2 "nothing is left: all that --only kind:fact.asserted keeps falls by --without kind:fact.asserted" \
    state --only kind:fact.asserted --without kind:fact.asserted
  refused 5 "there is nothing from #6 on: the last entry asked about is #3" log --since 6 --at 3
  refused 2 "#0 is ledger.created, by whose rules this ledger was written: it is never left out" without event:0
  is_silent "--at #0"
}

# More subjects than are compared: it is said, and what is counted of events stays whole.
case_so_many_subjects_are_compared_at_most() {
  make_ledger
  python3 -c 'for i in range(1100):
    print("""{"kind":"fact.asserted","handling":"amber","content":{"subject":"s/%d","property":"p","value":1}}""" % i)
print("""{"kind":"same.judged","handling":"amber","content":{"left":"s/1","right":"s/2","judgement":"positive"}}""")' >many.ndjson
  run 0 append many.ndjson
  run 0 without handling:amber
  says "1101 of 1102 entries are left out" "Of the first 1000 subjects that it touches; the others were not compared"
  says "1  pair is not one subject any more" "1000  lines are supported no more"
  run 0 without handling:amber --json
  is 'a["subjects_more"], a["counts"]["subjects"], a["counts"]["parted"]' "(True, 1000, 1)"
  run 0 without event:5 --json
  is '"subjects_more" in a' False
}
