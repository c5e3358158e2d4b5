# SPDX-License-Identifier: Apache-2.0
# Push and pull: ledgers that keep each other in step by depots.
. "$here/servers.bash"

# A monitor that pushes into ./depot, and a partner that pulls from PLACE (./depot).
in_step() {
  new_ledger monitor monitor.example
  new_ledger partner partner.example
  as monitor
  append '{"kind":"release.announced","content":{"subject":"release/1","quantity":{"exact":123}}}' \
    '{"kind":"fact.asserted","content":{"subject":"release/1","property":"place","value":"Minsk"}}'
  key=$(log_vkey)
  run 0 remote add out "$PWD/depot"
  run 0 push out --to partner.example
  says "pushed entries 0 to 2"
  as partner
  admit_from monitor.example
  run 0 remote add monitor "${1:-$PWD/depot}" --vkey "$key"
  run 0 pull monitor
  says "pulled entries 0 to 2 of monitor.example" "3 admitted"
}

case_only_what_is_new_travels() {
  in_step
  run 0 pull monitor
  says "nothing is new"
  as monitor
  run 0 push out
  says "up to date"
  append '{"kind":"fact.asserted","content":{"subject":"release/1","property":"place","value":"Vilnius"}}'
  run 0 push out
  says "pushed entries 3 to 4"
  as partner
  run 0 pull monitor --json
  is 'a["from"], a["to"], a["bundles"], a["admitted"]' "(3, 5, 1, 2)"
  # Of what travels, the control entry at the beginning and the proof are all that is not new.
  is 'a["bytes"] < 4096' True
  run 0 verify
  run 0 remote list
  says "5 entries of monitor.example"
  [ "$(ls depot depot/bundle | tr '\n' ' ')" = "depot: bundle checkpoint  depot/bundle: 0 3 " ] ||
    problem "the depot holds $(ls depot depot/bundle)"
}

case_what_a_source_takes_back_is_told() {
  in_step
  echo '{"kind":"fact.asserted","content":{"subject":"release/1","property":"seen_in","value":"Minsk"},"refs":[["same_statement_as","#5"]]}' >claims.ndjson
  run 0 append claims.ndjson
  as monitor
  run 0 retract '#2' --reason 'it was elsewhere'
  run 0 push out
  as partner
  run 0 pull monitor
  says "recalled" "claim.retracted"
  run 0 pull monitor --json
  is 'a["recalled"]' "[]"
  run 0 state monitor.example/release/1
  says "retracted"
}

case_a_key_that_is_revoked_at_its_source_is_told() {
  in_step
  as monitor
  run 0 key new desk --no-passphrase
  run 0 author authorize desk --name 'A desk' --organization monitor.example
  run 0 append --key desk fact.asserted subject=release/1 property=place value=Brest
  run 0 push out
  as partner
  run 0 pull monitor
  as monitor
  run 0 author revoke desk --reason compromised --effective-from 1
  run 0 push out
  as partner
  run 0 pull monitor --json
  is '[(r["act"], r["kind"], r["marked"]) for r in a["recalled"]]' "[('key.revoked', 'fact.asserted', True)]"
  # What is of that key is marked from the entry on by which it was learned here, and not before.
  run 0 log --kind key.revoked --json
  local learned
  learned=$(json 'a["entries"][0]["index"]')
  run 0 state monitor.example/release/1 --json
  is 'sorted((v["value"], v.get("marks", [])) for f in a["facts"] if f["field"] == "place" for v in f["values"])' \
    "[('Brest', ['revoked-at-source']), ('Minsk', [])]"
  run 0 state monitor.example/release/1 --at $((learned - 1))
  is_silent "revoked-at-source"
  run 0 explain monitor.example/release/1.place
  says "[revoked-at-source]" "Its key was revoked at its source" "compromised"
  run 0 log --kind fact.asserted --json
  is '[e["revoked_at_source"]["index"] for e in a["entries"] if "marks" in e]' "[$learned]"
  local marked
  marked=$(json '[e["index"] for e in a["entries"] if "marks" in e][0]')
  run 0 show "$marked"
  says "key revoked" "#$learned" "compromised"
  run 0 custody "$marked" --json
  is '[(t["step"], t["index"]) for t in a["items"][0]["steps"]][-1]' "('key-revoked', $learned)"
  run 0 show "$marked" --at $((learned - 1))
  is_silent "key revoked"
  run 0 diff $((learned - 1)) "$learned"
  says "key-revoked" "revoked-at-source"
  run 0 verify
}

# What had been pulled before the key is doubtful stands; and another ledger that has the same key
# revoked says nothing of what comes from here.
case_a_key_revoked_elsewhere_or_later_marks_nothing() {
  in_step
  as monitor
  run 0 key new desk --no-passphrase
  run 0 author authorize desk --name 'A desk' --organization monitor.example
  run 0 append --key desk fact.asserted subject=release/1 property=place value=Brest
  run 0 key show desk
  local desk
  desk=$(grep -oE '[0-9a-f]{64}' out.txt | head -n 1)
  run 0 push out
  as partner
  run 0 pull monitor
  new_ledger other other.example
  as other
  run 0 author authorize "$desk" --organization other.example
  run 0 author revoke "$desk" --reason compromised --effective-from 0
  key=$(log_vkey)
  run 0 remote add out "$PWD/others"
  run 0 push out --to partner.example
  as partner
  echo '[{"admission":"admit"}]' >all.json
  run 0 policy set all.json
  run 0 remote add other "$PWD/others" --vkey "$key"
  run 0 pull other
  run 0 state monitor.example/release/1
  is_silent "revoked-at-source"
  as monitor
  append '{"kind":"fact.asserted","content":{"subject":"release/1","property":"place","value":"Vilnius"}}'
  run 0 author revoke desk --reason superseded --effective-from 6
  run 0 push out
  as partner
  run 0 pull monitor --json
  is '[(r["act"], "marked" in r) for r in a["recalled"]]' "[('key.revoked', False)]"
  run 0 state monitor.example/release/1
  says "Brest"
  is_silent "revoked-at-source"
}

# Killed between a bundle and what speaks of it, or before it has remembered the bundle.
case_a_push_that_was_broken_off_goes_on() {
  in_step
  as monitor
  append '{"kind":"fact.asserted","content":{"subject":"release/1","property":"place","value":"Vilnius"}}'
  cp depot/checkpoint checkpoint.txt
  cp "$ADDUCE_LEDGER/remotes/out/pushed" pushed.txt
  run 0 push out
  cp checkpoint.txt depot/checkpoint
  run 0 push out
  cmp -s depot/checkpoint checkpoint.txt && problem "the checkpoint does not follow the bundle"
  cp checkpoint.txt depot/checkpoint
  cp pushed.txt "$ADDUCE_LEDGER/remotes/out/pushed"
  run 0 push out
  cmp -s depot/checkpoint checkpoint.txt && problem "the checkpoint does not follow a bundle that was there"
  run 0 append fact.asserted subject=release/1 property=place value=Riga
  run 0 push out
  as partner
  run 0 pull monitor --json
  is 'a["from"], a["bundles"]' "(3, 2)"
}

# What comes again with a bundle, after it was erased here, is not left by a pull that is killed.
case_a_killed_pull_leaves_nothing_to_find() {
  local delay
  in_step
  run 0 erase '#5' value --reason asked --yes
  for delay in 0.002 0.004 0.006 0.008 0.010 0.012 0.015 0.02; do
    run 0 remote remove monitor
    run 0 remote add monitor "$PWD/depot" --vkey "$key"
    "$ADDUCE" pull monitor >/dev/null 2>&1 &
    sleep $delay
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    run 0 append fact.asserted subject=x property=p value=v
    grep -rqa Minsk "$ADDUCE_LEDGER" && problem "after $delay s it is in $(grep -rla Minsk "$ADDUCE_LEDGER")"
  done
  echo Minsk >"$ADDUCE_LEDGER/.incoming-999999999-1"
  run 0 compact
  grep -rqa Minsk "$ADDUCE_LEDGER" && problem "what a process that is no more has left stays"
}

case_over_http() {
  mkdir -p depot
  serve "$PWD/depot"
  in_step "$url"
  as monitor
  append '{"kind":"fact.asserted","content":{"subject":"release/1","property":"place","value":"Vilnius"}}'
  run 0 push out
  as partner
  run 0 pull monitor
  says "pulled entries 3 to 4"
  run 0 remote add nothing "$url/nothing" --vkey "$key"
  run 5 pull nothing
  complains "nothing was ever pushed"
}

# A server that takes PUT, and keeps what is there.
case_push_over_http() {
  mkdir -p depot
  lie '
import os
path = "depot" + self.path
if self.command == "PUT":
    if self.headers.get("If-None-Match") == "*" and os.path.exists(path):
        self.send_response(412)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "wb").write(body)
        self.send_response(201)
    self.send_header("Content-Length", "0")
    self.end_headers()
elif os.path.exists(path):
    data = open(path, "rb").read()
    self.send_response(200)
    self.send_header("Content-Length", str(len(data)))
    self.end_headers()
    if self.command == "GET":
        out.write(data)
else:
    self.send_error(404)
'
  new_ledger monitor monitor.example
  as monitor
  run 0 append fact.asserted subject=x property=p value=v
  run 0 remote add out "$url"
  run 0 push out --to somebody
  says "pushed entries 0 to 1"
  [ -f depot/bundle/0 ] && [ -f depot/checkpoint ] || problem "nothing was put"
  run 0 append fact.asserted subject=x property=p value=w
  run 0 push out --to somebody
  [ -f depot/bundle/2 ] || problem "the second bundle is not there"
}

case_a_remote_that_is_set_back_or_forks_is_refused() {
  in_step
  cp -a depot older
  cp -a monitor fork
  as monitor
  run 0 append fact.asserted subject=release/1 property=place value=Vilnius
  run 0 push out
  as partner
  run 0 pull monitor
  mv depot newer
  mv older depot
  refused 6 "had 5 before" pull monitor
  is_silent "head lock"
  # The fork was set back with its head lock, and goes on otherwise.
  as fork
  run 0 append fact.asserted subject=release/1 property=place value=Warsaw
  run 0 push out
  run 0 append fact.asserted subject=release/1 property=place value=Riga
  run 0 push out
  as partner
  run 1 pull monitor
  complains "two histories"
  run 0 check pull.equivocation --vkey "$key"
  run 0 stat --json
  is 'a["size"]' 9
  rm -r depot
  mv newer depot
  run 0 pull monitor
  says "nothing is new"
}

case_a_depot_of_somebody_else_is_refused() {
  in_step
  as partner
  run 0 remote add mine "$PWD/depot"
  refused 4 "has the bundles of monitor.example" push mine
  run 0 remote add open "$PWD/depot"
  refused 3 "has no policy" pull open
  refused 5 "there is no remote no" pull no
  run 0 remote add wrong "$PWD/depot" --vkey "$(log_vkey)"
  refused 3 "not signed by any" pull wrong
  printf x >>depot/bundle/0
  run 0 remote add again "$PWD/depot" --vkey "$key"
  refused 3 "" pull again
}

# Three organizations: what one gives to the second reaches the third with its author's signature.
case_three_organizations() {
  in_step
  new_ledger desk desk.example
  as partner
  partner_key=$(log_vkey)
  run 0 append fact.asserted subject=monitor.example/release/1 property=checked_by value=partner
  run 0 remote add out "$PWD/relay"
  run 0 push out --to desk.example
  as desk
  admit_from partner.example
  run 0 remote add partner "$PWD/relay" --vkey "$partner_key"
  run 0 pull partner
  run 0 verify
  run 0 log --json --kind fact.asserted
  theirs=$(json 'sorted(e["id"]["$id"] for e in a["entries"])')
  as partner
  run 0 log --json --kind fact.asserted
  [ "$theirs" = "$(json 'sorted(e["id"]["$id"] for e in a["entries"])')" ] || problem "ids differ"
  as desk
  run 0 state monitor.example/release/1
  says 123 Minsk partner
}

# The public key of the ledger in ./NAME.
key_of() {
  (as "$1" && "$ADDUCE" key list --json | python3 -c 'import json, sys
print(next(k["key"]["$id"] for k in json.load(sys.stdin) if k["name"] == "default"))')
}

# A monitor whose depot is sealed to a partner and a desk, and what it has to say twice; PLACE is where
# they read it (./depot).
sealed_depot() {
  local each
  for each in monitor partner desk stranger; do new_ledger $each $each.example; done
  partner_key=$(key_of partner) desk_key=$(key_of desk)
  as monitor
  run 0 append fact.asserted subject=release/1 property=place value=Minsk
  key=$(log_vkey)
  run 0 remote add out "$PWD/depot" --seal "$partner_key" --seal "$desk_key"
  run 0 push out --to partner.example
  run 0 append fact.asserted subject=release/1 property=place value=Brest
  run 0 push out --to partner.example
  ! grep -aq "monitor.example" depot/bundle/* || problem "the depot can be read"
  for each in partner desk stranger; do
    as $each
    admit_from monitor.example
    run 0 remote add monitor "${1:-$PWD/depot}" --vkey "$key"
  done
}

case_a_sealed_depot_is_read_by_each_of_its_recipients() {
  sealed_depot
  as partner
  run 0 pull monitor --accept-recipient
  says "pulled entries 0 to 3"
  run 0 verify
  run 0 pull monitor --accept-recipient
  says "nothing is new"
  as desk
  run 0 pull monitor --accept-recipient --json
  is 'a["bundles"], a["to"]' "(2, 4)"
  as stranger
  refused 4 "" pull monitor --accept-recipient
  run 0 stat --json
  is 'a["size"]' 2
  as monitor
  run 0 remote list
  says "sealed" "${partner_key:0:12}" "${desk_key:0:12}"
}

case_a_sealed_depot_is_opened_with_a_key_that_is_named() {
  sealed_depot
  as stranger
  run 0 key new other --no-passphrase
  refused 4 "" pull monitor --accept-recipient --open-with other
  refused 5 "" pull monitor --accept-recipient --open-with nobody
  run 0 pull monitor --accept-recipient --open-with "$PWD/desk/keys/default.key"
  says "pulled entries 0 to 3"
}

case_a_sealed_depot_over_http() {
  mkdir -p depot
  serve "$PWD/depot"
  sealed_depot "$url"
  as desk
  run 0 pull monitor --accept-recipient
  says "pulled entries 0 to 3"
  as stranger
  refused 4 "" pull monitor --accept-recipient
}

case_one_push_is_sealed_to_others() {
  in_step
  desk=$(new_ledger desk desk.example && key_of desk)
  as monitor
  refused 5 "" push out --seal 0123456789
  run 0 append fact.asserted subject=release/1 property=place value=Riga
  run 0 push out --seal "$desk"
  as partner
  refused 4 "" pull monitor
  run 0 pull monitor --accept-recipient --open-with "$PWD/desk/keys/default.key"
  says "pulled entries 3 to 4"
}

# The same ledger elsewhere goes on behind a sealed bundle, which is sealed to its own key too.
case_a_sealed_push_from_another_copy_is_taken_over() {
  sealed_depot
  cp -a monitor copy
  as monitor
  run 0 append fact.asserted subject=release/1 property=place value=Riga
  rm monitor/.adduce/remotes/out/pushed
  run 0 push out --to partner.example
  says "pushed entries 0 to 5"
  as monitor
  printf x >>monitor/.adduce/remotes/out/seal
  run 0 append fact.asserted subject=release/1 property=place value=Vilnius
  run 6 push out --to partner.example
  complains "no list of keys"
}
