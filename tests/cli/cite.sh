# SPDX-License-Identifier: Apache-2.0
# Sources and captures.

case_a_file_is_digested_and_kept() {
  make_ledger
  printf 'Detainees freed.\n' >article.txt
  touch -d 2025-12-13T10:00:00Z article.txt
  run 0 cite article.txt https://outlet.example/a/1?b=c --title "Detainees freed" --publisher Outlet \
    --language en --language be --published-at 2025-12-13 --mtime --note "as handed over"
  says "#1  " source.cited
  run 0 show 1 --json
  local digest
  digest=$(sha256sum article.txt | cut -d' ' -f1)
  is 'a["content"]["digest"]["$id"]' "$digest"
  is 'a["content"]["size_bytes"]' 17
  is 'a["content"]["media_type"]' text/plain
  is 'a["content"]["retrieved_at"]' 2025-12-13T10:00:00Z
  is 'a["content"]["url"]' "['https://outlet.example/a/1?b=c']"
  is 'a["content"]["language"]' "['en', 'be']"
  cmp article.txt ".adduce/captures/${digest:0:2}/$digest" || problem "not kept"
  run 0 sources
  says "Detainees freed" "Outlet" "its bytes are kept here" "not cited"
  run 0 verify
  chmod u+w ".adduce/captures/${digest:0:2}/$digest"
  echo more >>".adduce/captures/${digest:0:2}/$digest"
  run 1 verify
  complains "${digest:0:12}"
}

case_media_types() {
  make_ledger
  printf '%%PDF-1.7' >x.bin
  printf '\x89PNG\r\n\x1a\n' >y.txt
  printf '\n<!DOCTYPE html>' >z
  printf 'PK\3\4' >a.docx
  printf '{}' >b.json
  printf '\0\1' >c
  printf 'MINSK \xd0\x9c' >d
  local pair
  for pair in x.bin=application/pdf y.txt=image/png z=text/html b.json=application/json \
    a.docx=application/vnd.openxmlformats-officedocument.wordprocessingml.document \
    c=application/octet-stream d=text/plain; do
    run 0 cite "${pair%%=*}" --json
    run 0 show "$(json 'a["appended"][0]["index"]')" --json
    is 'a["content"]["media_type"]' "${pair#*=}"
  done
  run 0 cite c --media-type application/x-own --json
  run 0 show "$(json 'a["appended"][0]["index"]')" --json
  is 'a["content"]["media_type"]' application/x-own
}

case_without_keeping_and_without_a_file() {
  make_ledger
  echo text >letter
  run 0 cite letter --no-keep title:unknown --handling amber
  run 0 show 1 --json
  is 'a["content"]["digest"]["$id"]' "$(sha256sum letter | cut -d' ' -f1)"
  [ ! -e .adduce/captures ] || problem "it was kept"
  run 0 sources
  says "title unknown" "its bytes are not here"
  run 0 cite https://outlet.example/a/1
  run 0 show 2 --json
  is '"digest" in a["content"]' False
}

case_a_refused_source_leaves_nothing() {
  make_ledger
  echo text >letter
  refused 3 "medium" cite letter --medium Rumour
  refused 3 "published_at" cite letter --published-at yesterday
  refused 5 "nowhere" cite nowhere
  refused 2 "no file" cite .
  refused 2 "another" cite letter letter
  refused 3 "colour" cite letter colour=red
  [ ! -e .adduce/captures ] || problem "a capture was kept"
}

case_nothing_is_fetched() {
  command -v strace >/dev/null || skip "strace is not here"
  make_ledger
  strace -f -e trace=connect -o calls "$ADDUCE" cite http://localhost:1/ >/dev/null
  grep connect calls && problem "it connected"
}
