# SPDX-License-Identifier: Apache-2.0
# What outsiders add, over the network: RFC 3161 timestamps, and everything behind TLS.

. "$here/servers.bash"

# make_authority: ca.pem, and tsa.pem for time-stamping, with what `openssl ts` needs.
make_authority() {
  command -v openssl >/dev/null || skip "openssl is not here"
  cat >tsa.cnf <<'CONFIG'
[tsa]
default_tsa = t
[t]
serial = serial
signer_digest = sha256
default_policy = 1.2.3
digests = sha256
accuracy = secs:2, millisecs:5
ess_cert_id_chain = no
[ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[server]
subjectAltName = DNS:localhost,IP:127.0.0.1
extendedKeyUsage = serverAuth
CONFIG
  echo 01 >serial
  new_key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
  openssl req -x509 $new_key -keyout ca.key -out ca.pem -subj /CN=ca -days 9 2>/dev/null
  openssl req -x509 $new_key -keyout other.key -out other.pem -subj /CN=other -days 9 2>/dev/null
  certify tsa stamps ext
}

# certify FILE NAME SECTION
certify() {
  openssl req $new_key -keyout "$1.key" -out "$1.csr" -subj "/CN=$2" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 9 \
    -extfile tsa.cnf -extensions "$3" -out "$1.pem" 2>/dev/null
}

# authority: $url is that of one that listens; its path says how it misbehaves (authority.py).
authority() {
  make_authority
  rm -f port.txt
  python3 "$here/authority.py" . >port.txt 2>authority.err &
  await_port "$!"
}

case_an_authority_stamps_the_log_by_other_means() {
  make_ledger
  say_some 1 5
  make_authority
  run 0 timestamp --request -o request.tsq
  openssl ts -reply -config tsa.cnf -queryfile request.tsq -signer tsa.pem -inkey tsa.key \
    -out response.tsr 2>/dev/null || problem "openssl ts does not take the request"
  run 0 timestamp --response response.tsr --size 6 --ca ca.pem
  says "the first 6 entries were recorded before"
  run 0 timestamp --ca ca.pem
  says "CN=stamps"
  is_silent "not verified"
  run 0 checkpoint
  head -n 3 out.txt >text
  openssl ts -verify -data text -in response.tsr -CAfile ca.pem 2>/dev/null | grep -q 'Verification: OK' ||
    problem "openssl does not verify what we keep"
  say_some 6 7
  run 0 timestamp --request -o second.tsq
  run 1 timestamp --response response.tsr --size 8 --ca ca.pem
  complains "does not verify"
  run 2 timestamp --response response.tsr --ca ca.pem
  complains "--size"
  run 5 timestamp --response response.tsr --size 7 --ca ca.pem
  complains "no checkpoint of 7 entries is kept"
}

case_an_authority_is_asked_over_http() {
  make_ledger
  say_some 1 5
  authority
  run 0 timestamp
  says "no timestamps are kept"
  run 0 timestamp --tsa "$url/" --ca ca.pem
  says "the first 6 entries were recorded before"
  run 0 timestamp --json --ca ca.pem
  is 'len(a)' 1
  is '[a[0][k] for k in ("size", "authority", "verified", "contradicted")]' "[6, '/CN=stamps', True, False]"
  is 'a[0]["until"] - a[0]["time"]' 2005000
  run 0 timestamp
  says "(not verified: --ca FILE does)"
  # The bound of one event, and of one that it does not bound.
  say_some 6 6
  run 0 timestamp 3 --ca ca.pem
  says "#3 " "by the log's clock" "by the word of others" "CN=stamps"
  run 0 timestamp 3 --json
  is 'a["recorded_at"] <= a["until"]' True
  run 0 timestamp 6
  says "no timestamp that is kept bounds that"
  run 5 timestamp 99
  # A second one, of the new size, with a parameter to its type; over a nonce we see a bound all the same.
  run 0 timestamp --tsa "$url/parameter" --ca ca.pem
  says "the first 7 entries"
  run 0 checkpoint
  head -n 3 out.txt >stamped
  run 0 timestamp --tsa "$url/with-a-nonce" --ca ca.pem
  run 0 timestamp --json --ca ca.pem
  is '[one["size"] for one in a]' "[6, 7, 7]"
}

case_authorities_that_misbehave_are_refused() {
  make_ledger
  say_some 1 2
  authority
  run 0 timestamp --request -o ignored
  refused 1 "message imprint mismatch" timestamp --tsa "$url/another-imprint" --ca ca.pem
  refused 1 "the authority gave no timestamp: rejection: Requested policy is not supported" \
    timestamp --tsa "$url/refuses" --ca ca.pem
  refused 7 'answers with "text/html", which is not application/timestamp-reply' \
    timestamp --tsa "$url/page" --ca ca.pem
  refused 3 "not an RFC 3161 timestamp response" timestamp --tsa "$url/junk" --ca ca.pem
  refused 3 "not an RFC 3161 timestamp response" timestamp --tsa "$url/cut" --ca ca.pem
  refused 1 "the timestamp does not verify" timestamp --tsa "$url/flipped" --ca ca.pem
  refused 7 "answers 500" timestamp --tsa "$url/fails" --ca ca.pem
  refused 3 "is larger than the 262144 bytes allowed" timestamp --tsa "$url/endless" --ca ca.pem
  refused 1 "certificate verify error" timestamp --tsa "$url/" --ca other.pem
  refused 3 "no PEM certificate" timestamp --tsa "$url/" --ca tsa.cnf
  refused 3 "is empty" timestamp --tsa "$url/" --ca /dev/null
  refused 2 "--ca FILE" timestamp --tsa "$url/"
  refused 7 "Couldn't connect to server" timestamp --tsa http://127.0.0.1:1/ --ca ca.pem
  run 0 timestamp
  says "no timestamps are kept"
  # What was kept and is damaged is named.
  run 0 timestamp --tsa "$url/" --ca ca.pem
  stamp=$(echo .adduce/checkpoints/*.tsr)
  printf x >"$stamp"
  run 3 timestamp
  complains "$stamp" "not an RFC 3161"
}


# An authority whose clock is an hour behind ours: then the log's times contradict what it says.
case_a_timestamp_before_the_recorded_time_is_pointed_out() {
  local cc=${CC:-cc}
  command -v "$cc" >/dev/null || skip "there is no C compiler for a clock that is behind"
  cat >behind.c <<'CODE'
#include <sys/time.h>
#include <time.h>
time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec - 3600;
  return now.tv_sec - 3600;
}
int gettimeofday(struct timeval *restrict out, void *restrict zone) {
  (void)zone;
  *out = (struct timeval){time(0), 0};
  return 0;
}
CODE
  "$cc" -shared -fPIC -o behind.so behind.c || skip "the clock that is behind does not compile"
  make_ledger
  say_some 1 2
  openssl() { LD_PRELOAD=$PWD/behind.so command openssl "$@"; }
  make_authority
  run 0 timestamp --request -o request.tsq
  openssl ts -reply -config tsa.cnf -queryfile request.tsq -signer tsa.pem -inkey tsa.key \
    -out response.tsr 2>/dev/null
  run 0 timestamp --response response.tsr --size 3 --ca ca.pem
  run 0 timestamp --ca ca.pem
  says "which is later: one of the two clocks is wrong"
  run 0 timestamp --json
  is 'a[0]["contradicted"]' True
  is 'a[0]["last_recorded_at"] > a[0]["until"]' True
}

# --- TLS -------------------------------------------------------------------------------------

case_a_log_behind_tls_is_mirrored_and_audited() {
  make_ledger
  say_some 1 300
  vkey=$(log_vkey)
  make_authority
  certify server localhost server
  run 0 publish www
  serve www
  over_tls server.pem server.key
  export SSL_CERT_FILE=$PWD/ca.pem
  run 0 mirror "$tls_url" copy --vkey "$vkey"
  diff -r www copy || problem "the mirror differs"
  run 0 audit "$tls_url" --vkey "$vkey"
  says "301 entries, 301 of them audited now"
  run 0 compare "$tls_url" copy --vkey "$vkey"
  # By its address too, which the certificate names.
  run 0 audit "https://127.0.0.1:${tls_url##*:}" --vkey "$vkey"
  # Not trusted: by the authorities of this machine, by another one, in another's name.
  SSL_CERT_FILE=$PWD/other.pem run 7 mirror "$tls_url" other --vkey "$vkey"
  complains "$tls_url/checkpoint" "the server's certificate is not trusted" "SSL_CERT_FILE"
  [ ! -e other/checkpoint ] || problem "it was mirrored all the same"
  unset SSL_CERT_FILE
  run 7 audit "$tls_url" --vkey "$vkey"
  complains "the server's certificate is not trusted"
  export SSL_CERT_FILE=$PWD/ca.pem
  over_tls tsa.pem tsa.key
  run 7 audit "$tls_url" --vkey "$vkey"
  complains "the server's certificate is not trusted"
  # TLS asked of a server that has none, and the reverse.
  run 7 audit "https://127.0.0.1:${url##*:}" --vkey "$vkey"
  run 7 audit "http://127.0.0.1:${tls_url##*:}" --vkey "$vkey"
}

case_witnesses_and_authorities_behind_tls() {
  make_ledger
  say_some 1 4
  vkey=$(log_vkey)
  authority
  certify server localhost server
  export SSL_CERT_FILE=$PWD/ca.pem
  over_tls server.pem server.key
  run 0 timestamp --tsa "$tls_url/" --ca ca.pem
  says "the first 5 entries"
  SSL_CERT_FILE=$PWD/other.pem run 7 timestamp --tsa "$tls_url/" --ca ca.pem
  complains "the server's certificate is not trusted"
  printf 'log %s\nquorum none\n' "$vkey" >logs.policy
  witness one logs.policy
  over_tls server.pem server.key
  printf 'log %s\nwitness one %s %s\nquorum one\n' "$vkey" "$witness_vkey" "$tls_url" >trust.policy
  SSL_CERT_FILE=$PWD/other.pem run 1 cosign --policy trust.policy
  says "one did not cosign" "the server's certificate is not trusted"
  run 0 cosign --policy trust.policy
  says "one cosigned 5 entries" "quorum one met"
}
