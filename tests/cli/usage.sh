# SPDX-License-Identifier: Apache-2.0
# Calls: help, options, and wrong ones, which touch nothing.

case_help_lists_the_commands() {
  run 0
  says "adduce: a ledger of signed claims" "append" "explain" "verify"
  run 0 help append
  says "usage: adduce append" "--dry-run" "Examples"
  run 0 append -h
  says "usage: adduce append"
  run 0 help key new
  says "adduce key new"
}

case_every_command_has_help_with_an_example() {
  local words
  "$ADDUCE" help | sed -n '5,$s/^  \([a-z]\+\( [a-z]\+\)\?\)  .*/\1/p' >commands.txt
  [ "$(wc -l <commands.txt)" -ge 35 ] || problem "only $(wc -l <commands.txt) commands"
  while read -r words; do
    run 0 $words -h
    says "usage: adduce $words" "Examples" "-C DIR" "--json"
  done <commands.txt
}

case_wrong_calls_say_what_is_wrong() {
  run 2 nonsense
  complains 'there is no command "nonsense"'
  run 2 key
  complains "new, list, show, export, passphrase"
  run 2 log --nonsense
  complains "there is no option --nonsense here" "usage: adduce log"
  run 2 log -Z
  complains "there is no option -Z here"
  run 2 log --limit
  complains "option --limit needs N"
  run 2 log --limit many
  complains "--limit needs a number"
  run 2 show
  complains "an argument is missing"
  run 2 stat extra
  complains '"extra" is more than it takes'
  run 2 log --json=1
  complains "--json takes no argument"
  [ -z "$(find . -name .adduce -o -name '*.key')" ] || problem "a wrong call left something"
}

case_errors_can_be_json() {
  run 2 --json log --nonsense
  cp err.txt out.txt
  is 'a["error"]' usage
  is 'a["exit"]' 2
  is '"detail" in a' True
  run 5 stat --json
  cp err.txt out.txt
  is 'a["error"]' not-a-ledger
}

case_without_a_ledger() {
  local words
  for words in stat log state "explain x" "show 0" verify checkpoint authors sources timeline "quarantine list" \
    rebuild compact "append x.y a=b" "backup copy" "retract 1 --reason x"; do
    run 5 $words
    complains "there is no ledger here" "adduce init ORIGIN"
  done
  run 0 kinds
  says "release.announced"
}

case_the_ledger_is_found_upwards_by_option_and_by_variable() {
  make_ledger
  mkdir -p deep/er
  (cd deep/er && "$ADDUCE" stat) >out.txt || problem "not found from below"
  grep -q "monitor.example" out.txt || problem "another ledger was found"
  cd deep
  run 0 -C .. stat
  run 0 -C ../.adduce stat
  run 0 stat -C ..
  cd /
  ADDUCE_LEDGER=$HOME/.adduce "$ADDUCE" stat >/dev/null || problem "not found by \$ADDUCE_LEDGER"
  ! "$ADDUCE" -C "$HOME/nowhere" stat 2>/dev/null || problem "found nowhere"
}

case_nothing_of_an_answer_is_lost_unsaid() {
  [ -w /dev/full ] || skip "there is no /dev/full"
  make_ledger
  "$ADDUCE" log >/dev/full 2>err.txt
  [ $? = 7 ] || problem "a full disk went unnoticed"
  grep -q "could not be written" err.txt || problem "it was not said: $(cat err.txt)"
  "$ADDUCE" help >/dev/full 2>/dev/null && problem "help ends with 0 on a full disk"
  "$ADDUCE" append -h >/dev/full 2>/dev/null && problem "-h ends with 0 on a full disk"
  [ "$("$ADDUCE" help | head -n 1)" = "adduce: a ledger of signed claims" ] || problem "no first line"
  "$ADDUCE" kinds 2>err.txt | true
  [ "${PIPESTATUS[0]}" = 0 ] && [ ! -s err.txt ] || problem "a reader who left is complained about"
}

case_version() {
  run 0 version
  says "adduce 0."
  run 0 version --json
  is '"version" in a' True
}

case_the_manual_is_what_the_program_says() {
  command -v python3 >/dev/null || skip "python3 is not here"
  "$here/../../tools/check/man" || problem "tools/check/man fails"
}

# completes WORD... : what the last word is completed to, in $out.
completes() {
  out=$(
    . "$here/../../tools/completion/adduce"
    COMP_WORDS=("$ADDUCE" "$@")
    COMP_CWORD=$#
    _adduce
    printf '%s\n' "${COMPREPLY[@]}"
  ) 2>err.txt
  err=$(cat err.txt)
}

case_completion() {
  make_ledger
  run 0 append fact.asserted subject=person/a property=p value=v
  completes ap
  says append
  is_silent verify
  completes key ""
  says new passphrase
  completes log --new
  says --newest-first
  completes key new --no
  says --no-passphrase
  completes kinds release.
  says release.announced release.confirmed
  completes append meeting.
  says meeting.held
  completes append meeting.held pl
  says place=
  completes state monitor
  says monitor.example/person/a
  completes -C . state monitor
  says monitor.example/person/a
  completes append --key de
  says default
  echo >claims.ndjson
  completes append cl
  says claims.ndjson
}
