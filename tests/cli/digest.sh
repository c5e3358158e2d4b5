# SPDX-License-Identifier: Apache-2.0
# The state in 32 bytes: stated, recorded, verified, compared with what others state.

describe() {
  append '{"kind":"entity.described","content":{"subject":"person/'"$1"'","schema":"Person","name":["Person '"$1"'"]}}'
}

# change EXPRESSION FROM TO: FROM's JSON, as `a`, changed.
change() {
  python3 -c 'import json, sys
a = json.load(open(sys.argv[2]))
exec(sys.argv[1])
json.dump(a, open(sys.argv[3], "w"))' "$@"
}

case_names_the_state() {
  make_ledger
  describe a
  run 0 digest
  says "entries     2" "all content is available here" "policy      none" "facts" "version 1" "withheld"
  run 0 digest --json
  is 'len(a["state"]["$id"])' 64
  is 'a["size"], a["at"]["index"], a["view"]["events"]' "(2, 1, 0)"
  is 'a["view"]["id"]["$id"] == __import__("hashlib").sha256(b"adduce/view/v1\n").hexdigest()' True
  is 'sorted(p["name"] for p in a["projections"])[:3]' "['authors', 'byauthor', 'bykind']"
}

# The name of the whole, from the words of docs/FORMAT.md.
case_is_the_hash_that_the_format_says() {
  make_ledger
  run 0 append policy.set unknown_authors=refuse
  describe a
  run 0 digest --json
  is '(lambda b: __import__("hashlib").sha256(b).hexdigest() == a["state"]["$id"])(
    b"adduce/state/v1\n" + a["size"].to_bytes(8, "big") + bytes.fromhex(a["root"]["$id"]) +
    a["vocabulary_version"].to_bytes(4, "big") + bytes.fromhex(a["policy"]["$id"]) +
    bytes.fromhex(a["view"]["id"]["$id"]) + len(a["projections"]).to_bytes(4, "big") +
    b"".join(p["name"].encode() + b"\n" + p["version"].to_bytes(4, "big") +
             bytes.fromhex(p["digest"]["$id"]) for p in a["projections"]))' True
}

case_a_past_state_stays_what_it_was() {
  make_ledger
  describe a
  run 0 digest --json
  cp out.txt then.json
  describe b
  describe c
  run 0 digest --at 1 --json
  cmp -s out.txt then.json || problem "the state at #1 has changed: $out"
  run 0 digest --json -j 1
  cp out.txt one.json
  run 0 rebuild
  run 0 digest --json -j 2
  cmp -s out.txt one.json || problem "rebuilt, the state is another: $out"
}

case_positions_that_are_not_there() {
  make_ledger
  describe a
  refused 5 "lies beyond the last entry, #1" digest --at 2
  refused 5 "beyond the last entry" digest --at '#99999'
  refused 5 "nothing was recorded by" digest --at 2001-01-01
  refused 2 "is no position" digest --at yesterday
  refused 2 "--threads needs a number" digest -j many
  run 0 checkpoint
  cp out.txt then.note
  describe b
  run 0 digest --at @then.note --json
  is 'a["size"]' 2
  sed 's/^2$/1/' then.note >other.note
  run 6 digest --at @other.note
  complains "another history"
  run 0 digest --at 1 --json
  is 'a["size"]' 2
}

case_is_recorded_and_never_covers_itself() {
  make_ledger
  describe a
  run 0 digest --json
  cp out.txt before.json
  run 0 digest --record
  says "state.digested"
  run 0 digest --compare before.json
  says "same: the state of 2 entries"
  run 0 log --kind state.digested --json
  is 'len(a["entries"]) == len(json.load(open("before.json"))["projections"])' True
  is '{e["content"]["size"] for e in a["entries"]}' "{2}"
  is 'min(e["index"] for e in a["entries"])' 2
  run 0 digest --record --at 0 --dry-run
  says "dry run"
  run 0 verify
  says "15 same, 0 different, 0 not comparable" "15 digests of the state on the log are what a fresh replay gives"
  run 0 verify --json
  is 'a["digested"]["same"], a["digested"]["lines"]' "(15, [])"
}

case_compares_with_an_event_on_the_log() {
  make_ledger
  describe a
  run 0 digest --record
  describe b
  run 0 digest --compare 3
  says "same: the state of 2 entries" "facts        same"
  refused 3 "#1 is no state.digested but entity.described" digest --compare 1
  refused 5 "beyond the last entry" digest --compare 777
  refused 2 "is no file here, and no event" digest --compare nowhere.json
}

case_a_stranger_finds_the_same() {
  make_ledger
  describe a
  run 0 digest --json
  cp out.txt theirs.json
  run 0 backup elsewhere
  rm -rf elsewhere/projections
  run 0 -C elsewhere digest --compare theirs.json
  says "same"
  run 0 -C elsewhere digest --json
  cmp -s out.txt theirs.json || problem "the copy has another state: $out"
  "$ADDUCE" -C elsewhere digest --compare - --json <theirs.json >out.txt || problem "standard input was not taken"
  is 'a["verdict"], a["same"]' "('same', 15)"
}

case_a_different_state_is_called_so() {
  make_ledger
  describe a
  run 0 digest --json
  cp out.txt ours.json
  change 'a["projections"][1]["digest"]["$id"] = "00" * 32; del a["state"]' ours.json theirs.json
  refused 1 "different: 1 of the projections" digest --compare theirs.json
  says "facts        different" "entities     same"
  run 1 digest --compare theirs.json --json
  is 'a["verdict"], a["different"], a["same"]' "('different', 1, 14)"
}

# Every ground by itself: never "different".
case_other_grounds_are_not_comparable() {
  local other='"ab" * 32'
  make_ledger
  describe a
  describe b
  run 0 digest --json
  cp out.txt ours.json
  for each in 'a["size"] = 9|it is of 9 entries, and there are 3 here' \
    'a["size"] = 2|another history of this one' \
    'a["root"]["$id"] = '"$other"'|another root' \
    'a["vocabulary_version"] = 7|version 7 of the vocabulary' \
    'a["policy"] = {"$id": '"$other"'}|another policy' \
    'a["view"]["id"]["$id"] = '"$other"'|other content is available there'; do
    change "${each%%|*}; del a['state']; a['projections'][0]['digest']['\$id'] = '00' * 32" ours.json theirs.json
    refused 5 "not comparable, because" digest --compare theirs.json
    complains "${each##*|}"
    says "not comparable" "because"
    is_silent different
  done
  change 'a["projections"][0]["version"] = 2; del a["state"]' ours.json theirs.json
  refused 5 "not comparable" digest --compare theirs.json
  says "of version 2 there, of version 1 here" "facts        same"
  change 'a["projections"][0]["name"] = "moons"; del a["state"]' ours.json theirs.json
  refused 5 "not comparable" digest --compare theirs.json
  says "there is no such projection here"
  run 5 digest --compare theirs.json --json
  is 'a["verdict"], a["not_comparable"], a["same"]' "('not comparable', 1, 14)"
}

case_statements_that_cannot_be_read() {
  make_ledger
  run 0 digest --json
  cp out.txt ours.json
  for each in 'a["size"] = 0|its size' 'a["size"] = -4|its size' 'del a["root"]|its root' \
    'a["view"] = "x"|its view' 'a["projections"] = []|lists no projections' \
    'a["projections"].append(a["projections"][0])|stands there twice' \
    'a["projections"][0]["digest"] = {"$bytes": "AAAA"}|not 32 bytes' \
    'a["projections"][0]["name"] = 4|has no name' \
    'a["projections"][0]["name"] = "facts\\n"|has no name' \
    'a["projections"][0]["version"] = 1 << 40|no number' \
    'a["projections"].pop()|its state is not the digest of its parts' \
    'a["projections"][3]["digest"]["$id"] = "00" * 32|its state is not the digest of its parts'; do
    change "${each%%|*}" ours.json theirs.json
    refused 3 "${each##*|}" digest --compare theirs.json
  done
  echo '{"size": 1.5}' >theirs.json
  refused 3 "a fraction" digest --compare theirs.json
  : >theirs.json
  refused 3 "line 1" digest --compare theirs.json
  echo '[]' >theirs.json
  refused 3 "it is no map" digest --compare theirs.json
  refused 2 "--compare goes without" digest --compare ours.json --record
}

# A wrong digest on the log is found, and its author can take it back; one of another log says nothing.
case_a_wrong_digest_on_the_log_is_found_and_can_be_retracted() {
  make_ledger
  describe a
  run 0 digest --json
  cp out.txt ours.json
  python3 - <<'END'
import json
a = json.load(open("ours.json"))
content = {"size": a["size"], "root": a["root"], "projection": "facts", "projection_version": 1,
           "vocabulary_version": a["vocabulary_version"], "view": a["view"]["id"],
           "digest": {"$id": "00" * 32}}
strange = dict(content, root={"$id": "12" * 32})
early = dict(content, size=4000)
with open("claims.ndjson", "w") as out:
    for each in (content, strange, early):
        print(json.dumps({"kind": "state.digested", "content": each}), file=out)
END
  run 0 append claims.ndjson
  run 1 verify
  complains "#2 says that facts had the digest 0000" "its author can retract it"
  says "0 same, 1 different, 2 not comparable" "#3" "another history of" "and no"
  run 1 digest --compare 2
  run 5 digest --compare 3
  run 5 digest --compare 4
  run 0 retract 2 --reason "a mistake of the program"
  run 0 verify
  says "0 same, 1 different, 2 not comparable" "it was retracted" "cannot be compared here"
}

case_an_auditor_states_it_too() {
  make_ledger
  describe a
  run 0 key new auditor --purpose witness --no-passphrase
  run 0 audit --auditor audit.example -o first
  grep -q '^view ' first || problem "the statement says no view: $(cat first)"
  grep -q '^projection facts 1 ' first || problem "the statement says no projections: $(cat first)"
  run 0 digest --compare first
  says "same: the state of 2 entries, as audit.example states it" "signature not checked"
  run 0 digest --compare first --json
  is 'a["signature"], a["stated_by"]' "('unchecked', 'audit.example')"
  run 0 key export auditor --vkey audit.example
  vkey=$out
  run 0 digest --compare first --vkey "$vkey"
  says "as audit.example states it" "signed by the key that was given"
  printf 'log %s\nquorum none\n' "$vkey" >trusted
  run 0 digest --compare first --policy trusted --json
  is 'a["signature"]' verified
  run 0 key export default --vkey audit.example
  refused 3 "none of the keys given signed this statement" digest --compare first --vkey "$out"
  sed 's/^time 2/time 1/' first >forged
  refused 3 "none of the keys given signed this statement" digest --compare forged --vkey "$vkey"
  run 0 digest --json
  cp out.txt unsigned.json
  refused 2 "there is no signature to verify" digest --compare unsigned.json --vkey "$vkey"
  refused 2 "go with --compare" digest --vkey "$vkey"
  refused 2 "for a statement in a file" digest --compare 1 --vkey "$vkey"
  describe b
  run 0 audit --auditor audit.example --since first -o second
  run 0 digest --compare second
  says "same: the state of 3 entries"
  sed 's/^view .*/view '"$(printf '%064d' 7)"'/' second >third
  refused 3 "its state is not the digest of its parts" digest --compare third
}
