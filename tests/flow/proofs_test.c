/* SPDX-License-Identifier: Apache-2.0 */
/* Stories of proofs, through the public header: a ledger, somebody who checks it, a witness, an
 * auditor, and logs that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "adduce.h"

#define ORIGIN "monitor.example"

static struct adduce_scope *scope;
static struct adduce_signer *founder, *log_key, *witness_key, *auditor_key;
static struct adduce_ledger *ledger;
static const char *vkey;
static char folder[64];

static const char *in(const char *name) {
  char *path = (char *)adduce_fetch_allocate(scope, strlen(folder) + strlen(name) + 2);
  assert_non_null(path);
  (void)sprintf(path, "%s/%s", folder, name);
  return path;
}

static struct adduce_span span(const char *text) {
  return (struct adduce_span){(const uint8_t *)text, strlen(text)};
}

static struct adduce_options options_of(const char *heads) {
  return (struct adduce_options){.headlock_folder = in(heads), .log_signer = log_key};
}

#define OK(call)                                                                      \
  do {                                                                                \
    enum adduce_err ok_err = (call);                                                  \
    if (ok_err != ADDUCE_OK)                                                          \
      print_error("%s: %s\n", adduce_error_name(ok_err), adduce_scope_detail(scope)); \
    assert_int_equal(ok_err, ADDUCE_OK);                                              \
  } while (0)

/* Appends a claim in JSON, and gives its id in hexadecimal. */
static const char *append(struct adduce_ledger *to, const char *json) {
  static char hex[65];
  const struct adduce_value *claim;
  struct adduce_writer *writer;
  struct adduce_receipt receipt;
  struct adduce_id id;
  OK(adduce_value_from_json(scope, &claim, json, strlen(json)));
  OK(adduce_writer_open(scope, &writer, to, NULL));
  OK(adduce_writer_add(scope, writer, &id, claim, founder));
  OK(adduce_writer_commit(scope, writer, &receipt));
  adduce_writer_close(&writer);
  for (int i = 0; i < 32; i++) (void)sprintf(hex + 2 * i, "%02x", id.bytes[i]);
  return hex;
}

static const char *append_number(struct adduce_ledger *to, int number) {
  char json[256];
  (void)snprintf(json, sizeof json,
                 "{\"kind\":\"entity.described\",\"content\":{\"subject\":\"person/%d\","
                 "\"schema\":\"Person\",\"name\":[\"Person %d\"]}}",
                 number, number);
  return append(to, json);
}

static int setup(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR");
  (void)snprintf(folder, sizeof folder, "%.40s/adduce-XXXXXX", base == NULL ? "/tmp" : base);
  if (mkdtemp(folder) == NULL || adduce_scope_open(&scope, 0) != ADDUCE_OK) return -1;
  OK(adduce_signer_generate(scope, &founder));
  OK(adduce_signer_generate(scope, &log_key));
  OK(adduce_signer_generate(scope, &witness_key));
  OK(adduce_signer_generate(scope, &auditor_key));
  struct adduce_key key = adduce_signer_key(log_key);
  OK(adduce_key_vkey(scope, &vkey, ORIGIN, &key));
  struct adduce_options options = options_of("heads");
  OK(adduce_ledger_create(scope, &ledger, in("ledger"), ORIGIN, founder, NULL, &options));
  for (int i = 0; i < 300; i++) (void)append_number(ledger, i);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  char command[96];
  adduce_ledger_close(&ledger);
  adduce_signer_close(&founder);
  adduce_signer_close(&log_key);
  adduce_signer_close(&witness_key);
  adduce_signer_close(&auditor_key);
  adduce_scope_close(&scope);
  (void)snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command);
}

static const struct adduce_policy *believe_key(void) {
  const struct adduce_policy *policy;
  OK(adduce_policy_of_key(scope, &policy, vkey));
  return policy;
}

static int64_t number(const struct adduce_value *map, const char *key) {
  return adduce_value_integer(adduce_value_get(map, key));
}

static const char *text(const struct adduce_value *map, const char *key) {
  return adduce_value_text(adduce_value_get(map, key));
}

/* Whether a sentence of the list holds these words. */
static bool says(const struct adduce_value *report, const char *list, const char *words) {
  const struct adduce_value *sentences = adduce_value_get(report, list);
  for (size_t i = 0; i < adduce_value_count(sentences); i++)
    if (strstr(adduce_value_text(adduce_value_at(sentences, i)), words) != NULL) return true;
  return false;
}

static const struct adduce_span none = {NULL, 0};

/* --- proofs -------------------------------------------------------------------------------- */

static void an_event_is_proven_without_the_ledger(void **state) {
  (void)state;
  const struct adduce_value *report;
  struct adduce_span file;
  const char *id = append_number(ledger, 1000);
  OK(adduce_prove(scope, ledger, &file, id, false));
  OK(adduce_check_file(scope, &report, file, believe_key(), none));
  assert_string_equal(text(report, "form"), "proof");
  assert_string_equal(text(report, "origin"), ORIGIN);
  assert_string_equal(text(report, "content"), "whole");
  assert_true(says(report, "proven", "Entry 301 of that tree is this one."));
  assert_true(says(report, "not_proven", "no witness"));
  assert_false(says(report, "not_proven", "right key"));
  /* With the key that the file names, it says so. */
  OK(adduce_check_file(scope, &report, file, NULL, none));
  assert_true(says(report, "not_proven", "right key"));
  assert_true(says(report, "not_proven", vkey));
  /* Without its content. */
  OK(adduce_prove(scope, ledger, &file, id, true));
  OK(adduce_check_file(scope, &report, file, believe_key(), none));
  assert_true(says(report, "not_proven", "its content is not in the file"));
}

static void a_proof_changed_anywhere_is_refused(void **state) {
  (void)state;
  const struct adduce_value *report;
  struct adduce_span file;
  OK(adduce_prove(scope, ledger, &file, "#17", false));
  uint8_t *bytes = adduce_fetch_allocate(scope, file.size);
  for (size_t at = 0; at < file.size; at++) {
    memcpy(bytes, file.data, file.size);
    bytes[at] ^= 1;
    struct adduce_span changed = {bytes, file.size};
    /* With the key of the file, since only then what it says of that is judged too. */
    assert_int_not_equal(adduce_check_file(scope, &report, changed, NULL, none), ADDUCE_OK);
  }
  for (size_t size = 0; size < file.size; size += 3) {
    struct adduce_span cut = {file.data, size};
    assert_int_not_equal(adduce_check_file(scope, &report, cut, believe_key(), none), ADDUCE_OK);
  }
}

static void a_prover_gives_what_single_proofs_give(void **state) {
  (void)state;
  struct adduce_prover *prover;
  struct adduce_span one, other;
  OK(adduce_prover_open(scope, &prover, ledger));
  for (int i = 0; i < 302; i += 3) {
    char name[16];
    (void)snprintf(name, sizeof name, "#%d", i);
    OK(adduce_prove(scope, ledger, &one, name, false));
    OK(adduce_prover_prove(scope, prover, &other, name, false));
    assert_int_equal(one.size, other.size);
    assert_memory_equal(one.data, other.data, one.size);
  }
  (void)append_number(ledger, 1500);
  OK(adduce_prover_prove(scope, prover, &other, "#300", false));
  assert_int_equal(adduce_prover_prove(scope, prover, &other, "#302", false), ADDUCE_E_POSITION);
  adduce_prover_close(&prover);
}

static void growth_is_proven_between_checkpoints(void **state) {
  (void)state;
  const struct adduce_value *report;
  struct adduce_span proof;
  const char *older, *newer;
  OK(adduce_checkpoint(scope, ledger, &older));
  struct adduce_span old_note = span(older);
  uint64_t size = (uint64_t)strtoull(strchr(older, '\n') + 1, NULL, 10);
  for (int i = 0; i < 5; i++) (void)append_number(ledger, 2000 + i);
  OK(adduce_checkpoint(scope, ledger, &newer));
  OK(adduce_prove_growth(scope, ledger, &proof, size));
  OK(adduce_check_growth(scope, &report, old_note, span(newer), proof, believe_key()));
  assert_int_equal(number(report, "from"), size);
  assert_int_equal(number(report, "to"), size + 5);
  assert_int_not_equal(
      adduce_check_growth(scope, &report, span(newer), old_note, proof, believe_key()), ADDUCE_OK);
  OK(adduce_prove_growth(scope, ledger, &proof, size - 1));
  assert_int_equal(adduce_check_growth(scope, &report, old_note, span(newer), proof, believe_key()),
                   ADDUCE_E_PROOF);
}

/* --- published ----------------------------------------------------------------------------- */

static void a_published_log_is_audited_and_mirrored(void **state) {
  (void)state;
  const struct adduce_value *report;
  struct adduce_published published = adduce_published_folder(in("www"));
  struct adduce_audit_options options = {.policy = believe_key()};
  OK(adduce_publish(scope, ledger, &report, in("www")));
  int64_t size = number(report, "size");
  OK(adduce_publish(scope, ledger, &report, in("www")));
  assert_int_equal(number(report, "files"), 0);
  OK(adduce_audit(scope, &published, &report, &options));
  assert_int_equal(number(report, "entries"), size);
  assert_int_equal(number(report, "signatures"), size);
  assert_true(adduce_value_boolean(adduce_value_get(report, "ours")));
  assert_true(says(report, "proven", "authorized"));
  uint64_t ahead;
  OK(adduce_audit_folder(scope, in("www"), (uint64_t)size, &ahead));
  assert_int_equal(ahead, 0);
  OK(adduce_mirror(scope, &published, &report, in("mirror"), believe_key()));
  char command[200];
  (void)snprintf(command, sizeof command, "diff -r %s/www %s/mirror", folder, folder);
  assert_int_equal(system(command), 0);
}

static void an_audit_goes_on_from_its_statement(void **state) {
  (void)state;
  const struct adduce_value *report;
  const struct adduce_policy *auditor;
  struct adduce_published published = adduce_published_ledger(ledger);
  struct adduce_audit_options options = {
      .policy = believe_key(), .auditor_name = "audit.example", .auditor = auditor_key};
  OK(adduce_audit(scope, &published, &report, &options));
  int64_t size = number(report, "size");
  struct adduce_span statement = adduce_value_bytes(adduce_value_get(report, "statement"));
  for (int i = 0; i < 7; i++) (void)append_number(ledger, 3000 + i);
  options.since = statement;
  OK(adduce_audit(scope, &published, &report, &options));
  assert_int_equal(number(report, "since"), size);
  assert_int_equal(number(report, "entries"), 7);
  assert_int_equal(number(report, "contents"), 7);
  assert_true(number(report, "tiles") < 8);
  /* Somebody else reads the statement. */
  const char *auditor_vkey;
  struct adduce_key key = adduce_signer_key(auditor_key);
  OK(adduce_key_vkey(scope, &auditor_vkey, "audit.example", &key));
  OK(adduce_policy_of_key(scope, &auditor, auditor_vkey));
  OK(adduce_check_file(scope, &report, statement, auditor, none));
  assert_string_equal(text(report, "form"), "statement");
  assert_int_equal(adduce_check_file(scope, &report, statement, believe_key(), none),
                   ADDUCE_E_SIGNATURE);
  /* Another auditor's statement is not one's own. */
  options.auditor_name = "other.example";
  assert_int_equal(adduce_audit(scope, &published, &report, &options), ADDUCE_E_SIGNATURE);
}

/* --- witnesses ----------------------------------------------------------------------------- */

static void a_witness_cosigns_and_the_policy_is_met(void **state) {
  (void)state;
  const struct adduce_policy *logs, *policy;
  const struct adduce_value *report;
  const char *witness_vkey, *note;
  struct adduce_witness *witness;
  struct adduce_response response;
  struct adduce_span request, file;
  uint64_t size;
  size_t added;
  char policy_text[1024];
  logs = believe_key();
  OK(adduce_witness_open(scope, &witness, in("witness"), "witness.example/w1", witness_key, logs));
  OK(adduce_witness_vkey(scope, &witness_vkey, witness));
  (void)snprintf(policy_text, sizeof policy_text,
                 "log %s\nwitness w1 %s https://witness.example/\nquorum w1\n", vkey, witness_vkey);
  OK(adduce_policy_parse(scope, &policy, span(policy_text)));
  const char *checkpoint;
  OK(adduce_checkpoint(scope, ledger, &checkpoint));
  assert_int_equal(adduce_check_file(scope, &report, span(checkpoint), policy, none),
                   ADDUCE_E_QUORUM);
  assert_true(says(report, "not_proven", "witness w1 did not cosign"));
  OK(adduce_cosign_request(scope, ledger, &request, &size, 0));
  OK(adduce_witness_answer(scope, witness, &response, "POST", "/add-checkpoint", request));
  assert_int_equal(response.status, 200);
  OK(adduce_cosign_keep(scope, ledger, &added, size, response.body, policy));
  assert_int_equal(added, 1);
  OK(adduce_cosigned(scope, ledger, &note, 0));
  OK(adduce_check_file(scope, &report, span(note), policy, none));
  /* A proof carries it, also when the log has grown. */
  OK(adduce_prove(scope, ledger, &file, "#3", false));
  OK(adduce_check_file(scope, &report, file, policy, none));
  assert_true(says(report, "proven", "the witness w1 had seen this tree"));
  assert_true(adduce_value_boolean(adduce_value_get(adduce_value_get(report, "policy"), "met")));
  (void)append_number(ledger, 4000);
  OK(adduce_cosign_request(scope, ledger, &request, &size, 0));
  OK(adduce_witness_answer(scope, witness, &response, "POST", "/add-checkpoint", request));
  assert_int_equal(response.status, 409);
  assert_string_equal(response.content_type, "text/x.tlog.size");
  uint64_t known = strtoull((const char *)response.body.data, NULL, 10);
  assert_int_equal(known, size - 1);
  OK(adduce_cosign_request(scope, ledger, &request, &size, known));
  OK(adduce_witness_answer(scope, witness, &response, "POST", "/add-checkpoint", request));
  assert_int_equal(response.status, 200);
  OK(adduce_witness_answer(scope, witness, &response, "GET", "/add-checkpoint", none));
  assert_int_equal(response.status, 405);
  OK(adduce_witness_answer(scope, witness, &response, "GET", "/nothing", none));
  assert_int_equal(response.status, 404);
  adduce_witness_close(&witness);
}

/* --- two histories ------------------------------------------------------------------------- */

static void two_histories_become_one_file_of_evidence(void **state) {
  (void)state;
  struct adduce_ledger *left, *right;
  const struct adduce_value *report;
  struct adduce_span evidence;
  char command[400];
  struct adduce_options options = options_of("heads-l");
  OK(adduce_ledger_create(scope, &left, in("left"), ORIGIN, founder, NULL, &options));
  for (int i = 0; i < 10; i++) (void)append_number(left, i);
  adduce_ledger_close(&left);
  (void)snprintf(command, sizeof command, "cp -r %s/left %s/right && cp -r %s/heads-l %s/heads-r",
                 folder, folder, folder, folder);
  assert_int_equal(system(command), 0);
  OK(adduce_ledger_open(scope, &left, in("left"), &options));
  struct adduce_options other = options_of("heads-r");
  OK(adduce_ledger_open(scope, &right, in("right"), &other));
  struct adduce_published a = adduce_published_ledger(left), b = adduce_published_ledger(right);
  OK(adduce_compare(scope, &report, &evidence, &a, &b, believe_key()));
  assert_string_equal(text(report, "verdict"), "same");
  (void)append_number(left, 77);
  OK(adduce_compare(scope, &report, &evidence, &a, &b, believe_key()));
  assert_string_equal(text(report, "verdict"), "extends");
  for (int more = 0; more < 4; more++) {
    (void)append_number(right, 88 + more); /* one size first, then a larger one */
    assert_int_equal(adduce_compare(scope, &report, &evidence, &a, &b, believe_key()),
                     ADDUCE_E_EQUIVOCATION);
    assert_string_equal(text(report, "verdict"), "equivocation");
    OK(adduce_check_file(scope, &report, evidence, believe_key(), none));
    assert_true(says(report, "proven", "two histories"));
    OK(adduce_check_file(scope, &report, evidence, NULL, none));
  }
  adduce_ledger_close(&left);
  adduce_ledger_close(&right);
}

/* --- policies in the log -------------------------------------------------------------------- */

static void what_was_trusted_when_is_in_the_log(void **state) {
  (void)state;
  const char *now;
  OK(adduce_policy_of_ledger(scope, &now, ledger, 0));
  assert_null(now);
  (void)append(ledger,
               "{\"kind\":\"policy.set\",\"content\":{\"unknown_authors\":\"refuse\","
               "\"rules\":[{\"tlog_policy\":\"quorum none\\n\"}]}}");
  const char *checkpoint;
  OK(adduce_checkpoint(scope, ledger, &checkpoint));
  uint64_t size = strtoull(strchr(checkpoint, '\n') + 1, NULL, 10);
  OK(adduce_policy_of_ledger(scope, &now, ledger, 0));
  assert_string_equal(now, "quorum none\n");
  OK(adduce_policy_of_ledger(scope, &now, ledger, size - 1));
  assert_null(now);
  OK(adduce_policy_of_ledger(scope, &now, ledger, size));
  assert_non_null(now);
  assert_int_equal(adduce_policy_of_ledger(scope, &now, ledger, size + 1), ADDUCE_E_POSITION);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_event_is_proven_without_the_ledger),
      cmocka_unit_test(a_proof_changed_anywhere_is_refused),
      cmocka_unit_test(a_prover_gives_what_single_proofs_give),
      cmocka_unit_test(growth_is_proven_between_checkpoints),
      cmocka_unit_test(a_published_log_is_audited_and_mirrored),
      cmocka_unit_test(an_audit_goes_on_from_its_statement),
      cmocka_unit_test(a_witness_cosigns_and_the_policy_is_met),
      cmocka_unit_test(two_histories_become_one_file_of_evidence),
      cmocka_unit_test(what_was_trusted_when_is_in_the_log),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
