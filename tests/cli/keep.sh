# SPDX-License-Identifier: Apache-2.0
# Checking and keeping; ledgers that are damaged, old, copied, or none.

FACT="fact.asserted subject=x property=colour value=red"

case_verify_says_what_it_proves() {
  make_ledger
  run 0 append "$MINSK/article.ndjson"
  run 0 verify
  says "Proven" "Not proven" "entries" "signatures" "That what is claimed is true."
  run 0 verify --json
  is 'a["entries"]' "$(($(wc -l <"$MINSK/article.ndjson") + 1))"
  is 'len(a["projections"]) > 0' True
  run 0 verify --no-signatures
  run 0 verify --entries-only --threads 2
  run 2 verify --threads many
}

case_rebuild_gives_the_same() {
  make_ledger
  run 0 append "$MINSK/article.ndjson"
  run 0 rebuild --json
  cp out.txt first
  run 0 rebuild --json
  cmp out.txt first || problem "it came out otherwise"
  rm -rf .adduce/projections
  run 0 rebuild --json
  cmp out.txt first || problem "from nothing it came out otherwise"
  run 0 rebuild
  says "rebuilt from"
}

case_checkpoint_backup_compact() {
  make_ledger
  run 0 append $FACT
  run 0 checkpoint
  says "monitor.example" "— monitor.example "
  cp out.txt before
  run 0 checkpoint --json
  is 'a["checkpoint"].rstrip()' "$(cat before)"
  run 0 compact
  says "bytes before"
  run 0 checkpoint
  cmp out.txt before || problem "compacting changed the checkpoint"
  run 0 backup copy
  run 0 -C copy verify
  run 0 -C copy checkpoint
  cmp out.txt before || problem "the copy has another checkpoint"
  run 2 backup copy
  complains "exists already"
  run 0 verify
}

case_a_copy_without_head_lock_is_read_only() {
  make_ledger
  run 0 append $FACT
  run 0 backup copy
  export ADDUCE_HEADS=$HOME/others
  run 0 -C copy stat
  says "no:"
  run 0 -C copy state x
  ADDUCE_LEDGER=copy refused 4 "head lock" -C copy append $FACT
}

case_an_older_copy_is_refused() {
  make_ledger
  run 0 append $FACT
  run 0 backup copy
  run 0 append $FACT
  ADDUCE_LEDGER=copy refused 6 "head lock" -C copy append $FACT
  ADDUCE_LEDGER=copy refused 6 "head lock" -C copy state x
  complains "older"
  mv .adduce newest
  cp -r copy .adduce
  refused 6 "" append $FACT
  refused 6 "" stat
  rm -rf .adduce
  mv newest .adduce
  run 0 append $FACT
}

case_a_forked_copy_is_refused() {
  make_ledger
  run 0 append $FACT
  run 0 backup copy
  cp -r .local local.then
  run 0 append $FACT
  cp -r .local local.now
  rm -rf .local
  cp -r local.then .local
  run 0 -C copy append fact.asserted subject=y property=p value=v
  run 0 -C copy append fact.asserted subject=z property=p value=v
  rm -rf .local
  cp -r local.now .local
  ADDUCE_LEDGER=copy refused 6 "" -C copy append $FACT
  cp err.txt said
  grep -q -i "histor\|fork\|differ" said || problem "it does not say that histories differ: $(cat said)"
}

case_what_is_no_ledger() {
  mkdir -p empty files/.adduce
  echo text >file
  echo text >files/.adduce/log
  run 5 -C empty stat
  run 5 -C file stat
  complains "no folder"
  run 5 -C nowhere stat
  "$ADDUCE" -C files stat >out.txt 2>err.txt && problem "a file was taken for a log"
  mkdir -p half/.adduce/log
  "$ADDUCE" -C half stat >out.txt 2>err.txt
  case $? in 5 | 6) ;; *) problem "an empty log: $(cat err.txt)" ;; esac
}

case_a_newer_ledger_and_damaged_files() {
  make_ledger
  run 0 append $FACT
  cp -r .adduce whole
  # The version of the format stands in the table "meta", as the text of "format".
  python3 - <<'END' || skip "where the format's version stands is not known here"
import re, sys
path = ".adduce/log/" + "data-" + open(".adduce/log/CURRENT").read().strip() + ".mdb"
data = bytearray(open(path, "rb").read())
found = [m.end() for m in re.finditer(rb"format\x00{0,2}", bytes(data))]
changed = 0
for at in found:
    for i in range(at, min(at + 4, len(data))):
        if data[i] == 1:
            data[i] = 9
            changed += 1
            break
        if data[i] == ord("1"):
            data[i] = ord("9")
            changed += 1
            break
open(path, "wb").write(data)
sys.exit(0 if changed else 1)
END
  run 6 stat
  complains "newer"
  rm -rf .adduce
  cp -r whole .adduce
  local data
  data=$(ls .adduce/log/data-*.mdb)
  head -c 3000 /dev/urandom >"$data"
  run 6 stat
  rm -rf .adduce
  cp -r whole .adduce
  truncate -s 8192 "$data"
  "$ADDUCE" verify >out.txt 2>err.txt
  case $? in 1 | 6) ;; *) problem "a cut file: $? $(cat err.txt)" ;; esac
}

case_damage_is_found() {
  make_ledger
  run 0 append "$MINSK/article.ndjson"
  cp -r .adduce whole
  local data offset status
  data=$(ls .adduce/log/data-*.mdb)
  for offset in $(python3 - "$data" <<'END'
import sys
data = open(sys.argv[1], "rb").read()
words = [b"fact.asserted", b"release.announced", b"Lukashenko"]
print(*[data.rfind(w) for w in words if data.rfind(w) > 0])
END
  ); do
    rm -rf .adduce
    cp -r whole .adduce
    printf 'Z' | dd of="$data" bs=1 seek="$offset" conv=notrunc status=none
    "$ADDUCE" verify >out.txt 2>err.txt
    status=$?
    [ $status != 0 ] && [ $status -lt 8 ] || problem "a changed byte at $offset: $status"
  done
}

case_damaged_projections_are_rebuilt() {
  make_ledger
  run 0 append "$MINSK/article.ndjson"
  run 0 state
  cp out.txt first
  local data
  data=$(ls .adduce/projections/data-*.mdb)
  head -c 100 /dev/urandom >"$data"
  run 0 state
  cmp out.txt first || problem "another state: $out"
}

case_a_folder_that_can_only_be_read() {
  make_ledger
  run 0 append $FACT
  run 0 state x
  mkdir ro
  if [ "$(id -u)" = 0 ]; then
    mount --bind .adduce ro 2>/dev/null || skip "as root a folder is only read-only by mounting, which is not possible here"
    cleaners+=("umount '$HOME/ro'")
    mount -o remount,bind,ro ro 2>/dev/null || skip "no read-only mount is possible here"
  else
    cp -r .adduce/. ro
    chmod -R a-w ro
  fi
  export ADDUCE_LEDGER=$HOME/ro
  run 0 state x
  says colour
  run 0 log
  run 0 stat
  says "no:"
  refused 7 "" append $FACT
  complains "read"
  refused 7 "" rebuild
  refused 7 "" compact
}

case_a_full_disk() {
  mkdir small
  mount -t tmpfs -o size=12m none small 2>/dev/null || skip "no small file system can be mounted here"
  cleaners+=("umount '$HOME/small'")
  export ADDUCE_LEDGER=$HOME/small/ledger
  make_ledger
  run 0 append $FACT
  head -c 16000000 /dev/urandom | base64 -w 60000 |
    sed 's/.*/{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":"&"}}/' >much
  refused 7 "nothing was written" append much
  # One that has room by itself and none for the claim, and one that has none.
  head -c 12000000 /dev/urandom >big
  refused 7 "" cite big
  head -c 13000000 /dev/urandom >huge
  refused 7 "" cite huge
  [ -z "$(find small -size +8M)" ] || problem "part of a capture was left"
  run 0 verify
  run 0 append $FACT
  umount small
  mount -t tmpfs -o size=1m none small
  run 7 init monitor.example/small
  [ ! -e small/ledger ] || problem "part of a ledger was left"
}

case_two_writers() {
  make_ledger
  local i
  for i in 1 2 3 4; do
    (for j in 1 2 3 4 5; do "$ADDUCE" append fact.asserted subject=x property=p "value=$i.$j" >/dev/null || echo failed; done) >w$i 2>&1 &
  done
  wait
  cat w? | grep . && problem "a writer failed"
  run 0 stat --json
  is 'a["size"]' 21
  run 0 verify
}

case_killed_at_any_moment() {
  make_ledger
  python3 -c 'for i in range(400): print("{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"x\",\"property\":\"p\",\"value\":%d}}" % i)' >many
  local i size
  for i in $(seq 1 20); do
    "$ADDUCE" append --batch 7 many >/dev/null 2>&1 &
    sleep "0.0$((i % 10))$((i * 3 % 10))"
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    "$ADDUCE" stat --json >out.txt 2>err.txt || problem "after kill $i: $(cat err.txt)"
    size=$(json 'a["size"]')
    [ $(((size - 1) % 7)) = 0 ] || [ $(((size - 1) % 400 % 7)) = 0 ] || problem "part of a batch: $size"
  done
  run 0 verify
  run 0 append $FACT
}

case_interrupted_by_a_signal() {
  make_ledger
  mkfifo pipe
  "$ADDUCE" append --batch 1 - <pipe >out.txt 2>err.txt &
  local pid=$!
  exec 8>pipe
  printf '{"kind":"fact.asserted","content":{"subject":"x","property":"p","value":1}}\n' >&8
  sleep 0.5
  kill -TERM $pid
  wait $pid
  [ $? = 7 ] || problem "ended otherwise"
  exec 8>&-
  err=$(cat err.txt)
  complains "interrupted; the 1 claims before it are in the log"
  run 0 verify
}

case_the_clock_far_ahead() {
  command -v faketime >/dev/null || skip "faketime is not here"
  make_ledger
  faketime '+3 days' "$ADDUCE" append $FACT >out.txt 2>err.txt
  [ $? = 4 ] || problem "ended otherwise: $(cat err.txt)"
  faketime '+3 days' "$ADDUCE" append --accept-clock $FACT >out.txt || problem "not accepted"
}
