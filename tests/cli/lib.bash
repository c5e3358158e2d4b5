# SPDX-License-Identifier: Apache-2.0
# What the cases share. A case goes on after a failure, so that one run shows all of them; `problems`
# counts them and is its status.
problems=0
MINSK=$here/../../seeds/minsk
cleaners=()

clean_up() {
  local each
  for each in "${cleaners[@]}"; do eval "$each"; done
}

# Says what is wrong, and in which line of the case.
problem() {
  local i=0
  while [ "${BASH_SOURCE[i]##*/}" = lib.bash ]; do i=$((i + 1)); done
  problems=$((problems < 70 ? problems + 1 : 70))
  echo "  line ${BASH_LINENO[i - 1]}: $*"
}

skip() {
  echo "$*"
  exit 77
}

# run STATUS ARGUMENT...: runs adduce; what it wrote is in $out and $err.
run() {
  local expected=$1 status
  shift
  "$ADDUCE" "$@" >out.txt 2>err.txt
  status=$?
  out=$(cat out.txt) err=$(cat err.txt)
  [ "$status" = "$expected" ] ||
    problem "adduce $*: ended with $status, not $expected; stdout: $out; stderr: $err"
}

# says TEXT..., complains TEXT...: standard output, standard error hold each text.
says() {
  local text
  for text in "$@"; do
    case $out in *"$text"*) ;; *) problem "does not say \"$text\" but: $out" ;; esac
  done
}
complains() {
  local text
  for text in "$@"; do
    case $err in *"$text"*) ;; *) problem "does not complain \"$text\" but: $err" ;; esac
  done
}
is_silent() {
  case $out$err in *"$1"*) problem "says \"$1\": $out$err" ;; esac
}

# make_ledger [ORIGIN]: a ledger in ./.adduce, with a key in the clear.
make_ledger() {
  run 0 init "${1:-monitor.example}" --no-passphrase
}

# new_ledger NAME ORIGIN: in ./NAME, a ledger with keys and head locks of its own. `as NAME` lets what
# follows run in it.
new_ledger() {
  mkdir -p "$1"
  ADDUCE_KEYS=$PWD/$1/keys ADDUCE_HEADS=$PWD/$1/heads run 0 -C "$1" init "$2" --no-passphrase
}
as() {
  export ADDUCE_LEDGER=$PWD/$1/.adduce ADDUCE_KEYS=$PWD/$1/keys ADDUCE_HEADS=$PWD/$1/heads
}

# admit_from ORIGIN: the policy admits whatever comes from there.
admit_from() {
  printf '[{"admission":"admit","source":"%s"}]' "$1" >policy.json
  run 0 policy set policy.json
}

# The verifier key of the ledger's log.
log_vkey() {
  "$ADDUCE" stat --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["vkey"])'
}

# Everything a ledger is made of, as digests: what a refusal must leave as it was. The lock files are
# LMDB's table of readers; projections may be folded by a question.
fingerprint() {
  find "${ADDUCE_LEDGER:-.adduce}" .local .config -type f ! -name '*-lock' ! -path '*/projections/*' \
    -print0 2>/dev/null | sort -z | xargs -0 -r sha256sum
}

# refused STATUS TEXT ARGUMENT...: ends with STATUS, complains TEXT, and nothing has changed.
refused() {
  local expected=$1 text=$2 before after
  shift 2
  before=$(fingerprint)
  run "$expected" "$@"
  after=$(fingerprint)
  complains "$text"
  [ "$before" = "$after" ] || problem "adduce $*: was refused and changed $(diff <(echo "$before") <(echo "$after"))"
}

# refused_line STATUS TEXT CLAIM...: the same for lines of claims.
refused_line() {
  local expected=$1 text=$2
  shift 2
  printf '%s\n' "$@" >claims.ndjson
  refused "$expected" "$text" append claims.ndjson
}

# append CLAIM...: appends lines.
append() {
  printf '%s\n' "$@" >claims.ndjson
  run 0 append claims.ndjson
}

# json EXPRESSION: what Python makes of the JSON on standard output, as `a`.
json() {
  python3 -c 'import json, sys
try:
    a = json.load(open("out.txt"))
    print(eval(sys.argv[1]))
except Exception as why:
    print("nothing:", why)' "$1"
}

# is EXPRESSION VALUE
is() {
  local found
  found=$(json "$1" 2>&1)
  [ "$found" = "$2" ] || problem "$1 is $found, not $2"
}

# on_terminal ARGUMENT...: as run 0, on a terminal of 80 columns; the answer is in $out.
on_terminal() {
  command -v script >/dev/null || skip "script(1) is not here, so there is no terminal"
  out=$(COLUMNS=80 TERM=xterm script -qec "'$ADDUCE' $*" /dev/null | tr -d '\r') err=
}
