/* SPDX-License-Identifier: Apache-2.0 */
/* The authority of these tests is `openssl ts`, with certificates made for the occasion. */
#include "crypto/timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#include "../sys/folder.h"
#include "sys/machine.h"

static struct adduce_span root_pem, other_pem, response;

#define STAMPED "log.example\n7\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n"

static const char authority[] =
    "set -e; cd %s\n"
    "cat > tsa.cnf <<END\n"
    "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.2.3\n"
    "digests = sha256\naccuracy = secs:1, microsecs:7\nclock_precision_digits = "
    "6\ness_cert_id_chain = no\n"
    "[ext]\nextendedKeyUsage = critical,timeStamping\nkeyUsage = critical,digitalSignature\n"
    "END\n"
    "echo 01 > serial\n"
    "for who in root other; do\n"
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $who.key "
    "-out $who.pem -subj /CN=$who -days 10 >/dev/null 2>&1; done\n"
    "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr "
    "-subj '/O=Example/CN=stamps' >/dev/null 2>&1\n"
    "openssl x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 10 "
    "-extfile tsa.cnf -extensions ext -out tsa.pem >/dev/null 2>&1\n"
    "openssl ts -reply -config tsa.cnf -queryfile request.tsq -signer tsa.pem -inkey tsa.key "
    "-out response.tsr >/dev/null 2>&1\n"
    "openssl ts -reply -config tsa.cnf -queryfile request.tsq -signer tsa.pem -inkey tsa.key "
    "-token_out -out token.der >/dev/null 2>&1\n";

static int setup(void **state) {
  struct adduce_span request;
  if (open_folder(state) != 0) return -1;
  if (timestamp_request(scope, &request, span_text(STAMPED)) != ADDUCE_OK) return -1;
  if (file_write(scope, in_folder("request.tsq"), request, 0600, true) != ADDUCE_OK) return -1;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  const char *script = scope_format(scope, authority, folder);
#pragma GCC diagnostic pop
  if (system(script) != 0) return -1;
  if (file_read(scope, &root_pem, in_folder("root.pem"), 1 << 16) != ADDUCE_OK) return -1;
  if (file_read(scope, &other_pem, in_folder("other.pem"), 1 << 16) != ADDUCE_OK) return -1;
  return file_read(scope, &response, in_folder("response.tsr"), 1 << 16) == ADDUCE_OK ? 0 : -1;
}

static void a_timestamp_says_when_and_who(void **state) {
  (void)state;
  struct timestamp timestamp;
  int64_t now_us = machine_now_us();
  assert_int_equal(timestamp_verify(scope, &timestamp, response, span_text(STAMPED), root_pem),
                   ADDUCE_OK);
  assert_true(timestamp.time_us <= now_us + 1);
  assert_true(timestamp.time_us > now_us - INT64_C(600000000));
  assert_int_equal(timestamp.until_us - timestamp.time_us, 1000007);
  assert_string_equal(timestamp.authority, "/O=Example/CN=stamps");
  assert_string_equal(timestamp.serial, "02");
}

static void a_bare_token_will_do(void **state) {
  (void)state;
  struct timestamp timestamp;
  struct adduce_span token;
  assert_int_equal(file_read(scope, &token, in_folder("token.der"), 1 << 16), ADDUCE_OK);
  assert_int_equal(timestamp_verify(scope, &timestamp, token, span_text(STAMPED), root_pem),
                   ADDUCE_OK);
  assert_string_equal(timestamp.serial, "03");
}

static void other_bytes_and_other_roots_are_refused(void **state) {
  (void)state;
  struct timestamp timestamp;
  assert_int_equal(timestamp_verify(scope, &timestamp, response, span_text(STAMPED "x"), root_pem),
                   ADDUCE_E_TIMESTAMP);
  assert_int_equal(timestamp_verify(scope, &timestamp, response, span_text(STAMPED), other_pem),
                   ADDUCE_E_TIMESTAMP);
  assert_int_equal(timestamp_verify(scope, &timestamp, response, span_text(STAMPED), span_text("")),
                   ADDUCE_E_FORM);
}

static void damage_is_refused(void **state) {
  (void)state;
  struct timestamp timestamp;
  assert_int_equal(timestamp_parse(scope, &timestamp, span_text("")), ADDUCE_E_FORM);
  assert_int_equal(timestamp_parse(scope, &timestamp, span_text("0\3\2\1\5")), ADDUCE_E_FORM);
  for (size_t size = 0; size < response.size; size += 7)
    assert_int_equal(timestamp_parse(scope, &timestamp, span_of(response.data, size)),
                     ADDUCE_E_FORM);
  uint8_t *bytes = scope_alloc(scope, response.size);
  for (size_t at = 0; at < response.size; at += 3) {
    memcpy(bytes, response.data, response.size);
    bytes[at] ^= 0x10;
    enum adduce_err err = timestamp_verify(scope, &timestamp, span_of(bytes, response.size),
                                           span_text(STAMPED), root_pem);
    /* The certificate that the token carries, its own signature apart, is not covered by it. */
    if (err == ADDUCE_OK) continue;
    assert_true(err == ADDUCE_E_FORM || err == ADDUCE_E_TIMESTAMP);
  }
  uint8_t *large = calloc(1, TIMESTAMP_BYTES_MAX + 1);
  assert_int_equal(timestamp_parse(scope, &timestamp, span_of(large, TIMESTAMP_BYTES_MAX + 1)),
                   ADDUCE_E_TOO_LARGE);
  free(large);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_timestamp_says_when_and_who),
      cmocka_unit_test(a_bare_token_will_do),
      cmocka_unit_test(other_bytes_and_other_roots_are_refused),
      cmocka_unit_test(damage_is_refused),
  };
  return cmocka_run_group_tests(tests, setup, close_folder);
}
