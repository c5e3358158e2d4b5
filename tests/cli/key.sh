# SPDX-License-Identifier: Apache-2.0
# Keys, passphrases, the ssh-agent.

case_keys_are_made_listed_shown_exported() {
  run 0 key list
  says "no keys"
  run 0 key new desk --no-passphrase
  run 0 key new --passphrase-fd 3 3<<<secret
  run 0 key list
  says "desk" "in the clear" "default"
  run 0 key list --json
  is 'len(a)' 2
  is 'sorted(k["name"] for k in a)' "['default', 'desk']"
  run 0 key show desk
  says "author" "kept in the clear"
  run 0 key export desk
  [ ${#out} = 64 ] || problem "no 64 digits: $out"
  run 0 key export desk --vkey monitor.example
  says "monitor.example+"
  run 5 key show nobody
  run 5 key export nobody
}

case_a_key_is_never_written_over() {
  run 0 key new desk --no-passphrase
  refused 2 "already" key new desk --no-passphrase
}

case_names_of_keys() {
  run 5 key new no/where --no-passphrase
  run 2 key new .hidden --no-passphrase
  complains "no name for a key"
  run 2 key new "two words" --no-passphrase
  run 2 key new x --purpose cook --no-passphrase
  run 0 key new "$HOME/elsewhere.key" --no-passphrase
  run 0 key show "$HOME/elsewhere.key"
}

case_passphrases_open_and_change() {
  run 0 key new desk --passphrase-fd 3 3<<<first
  run 4 key passphrase desk --passphrase-fd 3 3<<<$'wrong\nsecond'
  complains "passphrase"
  run 0 key passphrase desk --passphrase-fd 3 3<<<$'first\nsecond'
  run 0 key passphrase desk --passphrase-fd 3 --no-passphrase 3<<<second
  says "in the clear"
  run 0 key show desk --json
  is 'a["passphrase"]' False
}

case_passphrase_descriptors() {
  run 0 key new desk --passphrase-fd 3 3<<<first
  run 2 key passphrase desk --passphrase-fd 77
  complains "no descriptor 77"
  run 2 key passphrase desk --passphrase-fd x
  run 4 key passphrase desk --passphrase-fd 3 3</dev/null
  complains "none left to read"
  head -c 2000 /dev/zero | tr '\0' x >long
  run 2 key passphrase desk --passphrase-fd 3 3<long
  complains "at most 1024 bytes"
}

case_unsafe_key_files_are_refused() {
  make_ledger
  local key=.config/adduce/keys/default.key
  chmod 644 $key
  refused 3 "$key" append fact.asserted subject=x property=y value=z
  chmod 600 $key
  mv $key real.key
  ln -s "$HOME/real.key" $key
  refused 3 "default.key" append fact.asserted subject=x property=y value=z
  rm $key
  head -c 100 real.key >$key
  chmod 600 $key
  refused 3 "default.key" append fact.asserted subject=x property=y value=z
}

# typed TEXT... -- ARGUMENT...: adduce on a terminal on which these texts are typed.
typed() {
  local texts=()
  while [ "$1" != -- ]; do
    texts+=("$1")
    shift
  done
  shift
  out=$(python3 "$here/terminal.py" "${texts[@]}" -- "$ADDUCE" "$@" 2>&1) err=
  case $out in *"out of pty devices"*) skip "there are no terminals here" ;; esac
}

case_passphrases_on_a_terminal() {
  typed hush shush hush hush -- key new desk
  says "New passphrase" "The same once more" "They differ" "STATUS 0" "ECHO on"
  is_silent hush
  run 0 key show desk --json
  is 'a["passphrase"]' True
  typed hush hush -- init monitor.example
  says "there are: desk" "STATUS 5"
  typed hush -- init monitor.example --key desk
  says "made the ledger" "STATUS 0"
  typed hush -- append fact.asserted subject=x property=p value=v --key desk
  says "Passphrase of the key" "STATUS 0"
  typed wrong -- append fact.asserted subject=x property=p value=v --key desk
  says "wrong" "STATUS 4" "ECHO on"
  typed "" "" -- key new clear
  says "kept in the clear" "STATUS 0"
  typed hush "" "" -- key passphrase desk
  says "kept in the clear now" "STATUS 0"
}

case_an_interrupted_prompt_gives_the_terminal_back() {
  typed ^C -- key new desk
  says "interrupted at the passphrase" "STATUS 7" "ECHO on"
  [ ! -e .config/adduce/keys/desk.key ] || problem "it left a key"
}

case_long_work_shows_a_bar() {
  make_ledger
  python3 -c 'for i in range(20000): print("{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"x\",\"property\":\"p\",\"value\":%d}}" % i)' >many
  typed -- append many
  says "appending  [" "%" "appended 20000 claims" "STATUS 0"
  typed -- append
  says "name a file of claims" "STATUS 2"
}

case_the_agent_signs() {
  command -v ssh-agent >/dev/null && command -v ssh-keygen >/dev/null || skip "there is no ssh-agent"
  eval "$(ssh-agent -s)" >/dev/null
  cleaners+=("kill $SSH_AGENT_PID")
  ssh-keygen -q -t ed25519 -N '' -C desk -f id
  ssh-add -q id
  run 0 key list --agent
  says desk agent
  run 0 init monitor.example --agent
  run 0 append fact.asserted subject=x property=y value=z --agent
  run 0 append fact.asserted subject=x property=y value=z --agent --key desk
  run 7 append fact.asserted subject=x property=y value=z --agent --key nobody
  complains "no such Ed25519 key"
  run 0 verify
  ssh-keygen -q -t ed25519 -N '' -C other -f other && ssh-add -q other
  run 2 append fact.asserted subject=x property=y value=z --agent
  complains "--key picks one"
  ssh-add -q -D
  run 7 append fact.asserted subject=x property=y value=z --agent
}

case_secrets_are_not_dumped() {
  [ -r /proc/self/status ] || skip "there is no /proc"
  run 0 key new desk --passphrase-fd 3 3<<<first
  mkfifo wait
  "$ADDUCE" key passphrase desk --passphrase-fd 3 3<>wait >/dev/null 2>&1 &
  local pid=$!
  sleep 0.5
  [ "$(awk '/Max core file size/ {print $5}' /proc/$pid/limits)" = 0 ] || problem "core dumps are on"
  [ "$(stat -c %U /proc/$pid/mem 2>/dev/null)" != "$(id -un)" ] || [ "$(id -u)" = 0 ] ||
    problem "its memory can be read"
  kill $pid
  wait $pid 2>/dev/null
}
