# SPDX-License-Identifier: Apache-2.0
# Making a ledger.

case_init_makes_ledger_keys_and_head_lock() {
  run 0 init monitor.example --no-passphrase
  says 'made your key "default"' "made the ledger monitor.example" "its identity"
  [ -d .adduce ] || problem "no ledger"
  [ "$(stat -c %a .config/adduce/keys/default.key)" = 600 ] || problem "the key is not 0600"
  [ "$(stat -c %a .config/adduce/keys/log-monitor.example.key)" = 600 ] || problem "nor the log's"
  [ "$(ls .local/state/adduce/heads/*.head | wc -l)" = 1 ] || problem "no head lock"
  run 0 stat --json
  is 'a["origin"]' monitor.example
  is 'a["size"]' 1
  is 'a["writable"]' True
  run 0 verify
}

case_init_says_json() {
  run 0 init monitor.example --no-passphrase --json
  is 'a["origin"]' monitor.example
}

case_init_again_is_refused() {
  make_ledger
  refused 2 ".adduce is there already" init monitor.example
  refused 2 ".adduce is there already" init other.example
}

case_one_log_key_never_signs_two_ledgers() {
  make_ledger
  mkdir two
  refused 2 "there is a log key of monitor.example already" -C two init monitor.example
  [ ! -e two/.adduce ] || problem "a ledger was made"
  run 0 -C two init monitor.example --log-key log-two
  run 0 -C two append fact.asserted subject=x property=y value=z
}

case_bad_origins_are_refused() {
  local origin
  for origin in "" "has space" "https://monitor.example" "monitor.example/" "a+b"; do
    run_and_status "$origin"
  done
}
run_and_status() {
  "$ADDUCE" init "$1" --no-passphrase >out.txt 2>err.txt
  [ $? = 3 ] || problem "\"$1\": ended otherwise: $(cat out.txt err.txt)"
  [ ! -e .adduce ] || problem "\"$1\" left a ledger"
  [ -z "$(ls .config/adduce/keys/log-* 2>/dev/null)" ] || problem "\"$1\" left a log key"
}

case_init_asks_nobody_without_a_terminal() {
  command -v setsid >/dev/null || skip "setsid is not here"
  setsid "$ADDUCE" init monitor.example >out.txt 2>err.txt
  [ $? = 4 ] || problem "ended otherwise"
  err=$(cat err.txt)
  complains "no terminal" "--no-passphrase"
  [ ! -e .adduce ] || problem "it left a ledger"
}

case_init_takes_passphrases_from_a_descriptor() {
  "$ADDUCE" init monitor.example --log-passphrase --passphrase-fd 3 3<<<$'mine\nthe log\x27s' >out.txt 2>err.txt ||
    problem "init failed: $(cat err.txt)"
  run 0 key show --json
  is 'a["passphrase"]' True
  run 0 key show log-monitor.example --json
  is 'a["passphrase"]' True
  "$ADDUCE" append fact.asserted subject=x property=y value=z --passphrase-fd 4 4<<<$'mine\nthe log\x27s' \
    >out.txt 2>err.txt || problem "append failed: $(cat err.txt)"
  "$ADDUCE" append fact.asserted subject=x property=y value=z --passphrase-fd 4 4<<<$'mine\nwrong' \
    >out.txt 2>err.txt
  [ $? = 4 ] || problem "a wrong passphrase opened the log's key"
}

case_init_with_a_named_key() {
  run 5 init monitor.example --key desk
  complains 'there is no key "desk"' "adduce key new desk"
  run 0 key new desk --no-passphrase
  run 5 init monitor.example
  complains "there are: desk"
  run 0 init monitor.example --key desk --name "The Monitor"
  run 0 show 0
  says "The Monitor"
  run 0 authors
  says "$("$ADDUCE" key export desk | cut -c1-12)"
}

case_init_continues_another_ledger() {
  make_ledger
  run 0 checkpoint
  cp out.txt old.txt
  run 0 -C next init monitor.example/next --continues old.txt
  run 0 -C next show 0 --json
  is '"monitor.example\n1\n" in a["content"]["continues"]' True
  run 5 -C third init monitor.example/third --continues nowhere.txt
}

# Whenever it comes: at the start, between the first look and the wait, or at the wait.
case_a_signal_at_the_passphrase_ends_it() {
  local i child status began=$SECONDS
  mkfifo never
  exec 9<>never
  for i in $(seq 40); do
    "$ADDUCE" init monitor.example --passphrase-fd 9 2>err.txt &
    child=$!
    sleep "0.00$i"
    kill -TERM "$child"
    wait "$child"
    status=$?
    # It ended by the signal, or said so itself.
    [ "$status" = 143 ] || grep -q "interrupted" err.txt || problem "ended with $status: $(cat err.txt)"
  done
  exec 9>&-
  [ $((SECONDS - began)) -lt 60 ] || problem "a signal was lost for a while"
}
