/* SPDX-License-Identifier: Apache-2.0 */
/* Audits of logs whose keeper holds the log's key and breaks the rules: entries are put into the
 * published log that no ledger would have taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "adduce.h"
#include "exchange/tiles.h"
#include "ledger/ledger.h"
#include "tree/checkpoint.h"

#define ORIGIN "monitor.example"
#define ENTRIES_MAX 600

static struct adduce_scope *scope;
static struct adduce_signer *founder, *log_key, *auditor_key, *reporter;
static const struct adduce_policy *policy;
static char folder[64];
static unsigned ledgers;

#define OK(call)                                                                      \
  do {                                                                                \
    enum adduce_err ok_err = (call);                                                  \
    if (ok_err != ADDUCE_OK)                                                          \
      print_error("%s: %s\n", adduce_error_name(ok_err), adduce_scope_detail(scope)); \
    assert_int_equal(ok_err, ADDUCE_OK);                                              \
  } while (0)

static int setup(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR"), *vkey;
  (void)snprintf(folder, sizeof folder, "%.40s/adduce-XXXXXX", base == NULL ? "/tmp" : base);
  if (mkdtemp(folder) == NULL || adduce_scope_open(&scope, 0) != ADDUCE_OK) return -1;
  OK(adduce_signer_generate(scope, &founder));
  OK(adduce_signer_generate(scope, &log_key));
  OK(adduce_signer_generate(scope, &auditor_key));
  OK(adduce_signer_generate(scope, &reporter));
  struct adduce_key key = adduce_signer_key(log_key);
  OK(adduce_key_vkey(scope, &vkey, ORIGIN, &key));
  OK(adduce_policy_of_key(scope, &policy, vkey));
  return 0;
}

static int teardown(void **state) {
  (void)state;
  char command[96];
  adduce_signer_close(&founder);
  adduce_signer_close(&log_key);
  adduce_signer_close(&auditor_key);
  adduce_signer_close(&reporter);
  adduce_scope_close(&scope);
  (void)snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command);
}

/* --- a log in memory ----------------------------------------------------------------------- */

/* The entries and control contents of a ledger, and what its keeper puts after them. */
struct forged {
  struct adduce_span entries[ENTRIES_MAX];
  uint64_t size;
  struct adduce_hash hashes[ENTRIES_MAX], upper[3];
  struct adduce_published controls; /* of a ledger that is open */
  struct adduce_span checkpoint;
};

static struct adduce_ledger *make_ledger(struct adduce_signer *by,
                                         struct adduce_signer *log_signer) {
  struct adduce_ledger *ledger;
  struct adduce_options options = {
      .headlock_folder = scope_format(scope, "%s/heads-%u", folder, ledgers),
      .log_signer = log_signer};
  const char *path = scope_format(scope, "%s/ledger-%u", folder, ledgers++);
  OK(adduce_ledger_create(scope, &ledger, path, ORIGIN, by, NULL, &options));
  return ledger;
}

static void append(struct adduce_ledger *to, struct adduce_signer *by, const char *json) {
  const struct adduce_value *claim;
  struct adduce_writer *writer;
  struct adduce_receipt receipt;
  struct adduce_id id;
  OK(adduce_value_from_json(scope, &claim, json, strlen(json)));
  OK(adduce_writer_open(scope, &writer, to, NULL));
  OK(adduce_writer_add(scope, writer, &id, claim, by));
  OK(adduce_writer_commit(scope, writer, &receipt));
  adduce_writer_close(&writer);
}

static void append_some(struct adduce_ledger *to, struct adduce_signer *by, unsigned count) {
  static unsigned number;
  for (unsigned i = 0; i < count; i++, number++)
    append(to, by,
           scope_format(scope,
                        "{\"kind\":\"entity.described\",\"content\":{\"subject\":\"person/%u\","
                        "\"schema\":\"Person\",\"name\":[\"Person %u\"]}}",
                        number, number));
}

/* The reporter's key gets the right to append, or loses it. */
static void authorize(struct adduce_ledger *to, bool revoke) {
  struct adduce_key key = adduce_signer_key(reporter);
  char hex[65];
  for (int i = 0; i < 32; i++) (void)snprintf(hex + 2 * i, 3, "%02x", key.bytes[i]);
  append(to, founder,
         scope_format(scope,
                      revoke ? "{\"kind\":\"key.revoked\",\"content\":{\"key\":\"%s\",\"reason\":"
                               "\"compromised\"}}"
                             : "{\"kind\":\"key.authorized\",\"content\":{\"key\":\"%s\","
                               "\"rights\":[\"append\"],\"name\":\"R\"}}",
                      hex));
}

/* Takes the entries of a ledger from index `from` on. */
static void take(struct forged *log, struct adduce_ledger *ledger, uint64_t from) {
  struct adduce_published published = adduce_published_ledger(ledger);
  struct adduce_span note, bundle, entry;
  struct checkpoint checkpoint;
  struct note parsed;
  OK(published.fetch(published.context, scope, &note, "checkpoint", NOTE_BYTES_MAX));
  OK(checkpoint_parse(scope, &checkpoint, &parsed, note));
  for (uint64_t tile = 0, index = 0; index < checkpoint.size; tile++) {
    const struct tiles_path path = {TILES_ENTRIES, 0, tile, tiles_width(checkpoint.size, 0, tile)};
    OK(published.fetch(published.context, scope, &bundle, tiles_path_format(&path).text,
                       TILES_BUNDLE_BYTES_MAX));
    for (; tiles_bundle_next(&bundle, &entry); index++) {
      if (index < from) continue;
      assert_true(log->size < ENTRIES_MAX);
      log->entries[log->size++] = entry;
    }
  }
}

static enum adduce_err keep_tile(void *context, unsigned level, uint64_t tile,
                                 const struct adduce_hash *hashes256) {
  (void)context, (void)level, (void)tile, (void)hashes256;
  return ADDUCE_OK;
}

/* Signs what is there now, as only the holder of the log's key can. */
static void sign_log(struct forged *log) {
  struct merkle_edge *edge = scope_new(scope, struct merkle_edge);
  const struct signer *by = ledger_signer(log_key);
  merkle_edge_init(edge);
  for (uint64_t i = 0; i < log->size; i++) {
    log->hashes[i] = merkle_leaf(log->entries[i]);
    OK(merkle_edge_push(edge, &log->hashes[i], keep_tile, NULL));
  }
  memcpy(log->upper, edge->tiles[1], sizeof log->upper);
  struct checkpoint checkpoint = {span_text(ORIGIN), log->size, merkle_edge_root(edge)};
  OK(checkpoint_sign(scope, &log->checkpoint, &checkpoint, &by, 1));
}

static enum adduce_err fetch(void *context, struct adduce_scope *into, struct adduce_span *bytes,
                             const char *text, size_t limit_bytes) {
  struct forged *log = context;
  struct tiles_path path;
  struct buffer out;
  if (!tiles_path_parse(text, &path)) return scope_fail(into, ADDUCE_E_NO_FILE, "no %s", text);
  if (path.kind == TILES_CONTROL)
    return log->controls.fetch(log->controls.context, into, bytes, text, limit_bytes);
  buffer_init(&out, into);
  if (path.kind == TILES_CHECKPOINT) buffer_span(&out, log->checkpoint);
  if (path.kind == TILES_HASHES)
    buffer_append(&out, path.level == 0 ? &log->hashes[path.index * 256] : log->upper,
                  path.width * sizeof(struct adduce_hash));
  for (unsigned i = 0; path.kind == TILES_ENTRIES && i < path.width; i++)
    tiles_bundle_add(&out, log->entries[path.index * 256 + i]);
  return buffer_take(&out, bytes);
}

static struct adduce_published publish(struct forged *log, struct adduce_ledger *ledger) {
  log->controls = adduce_published_ledger(ledger);
  sign_log(log);
  return (struct adduce_published){fetch, log};
}

/* --- audits -------------------------------------------------------------------------------- */

static enum adduce_err audit(struct forged *log, struct adduce_ledger *ledger,
                             const struct adduce_value **report, struct adduce_span since) {
  struct adduce_published published = publish(log, ledger);
  const struct adduce_audit_options options = {
      .policy = policy, .since = since, .auditor_name = "audit.example", .auditor = auditor_key};
  return adduce_audit(scope, &published, report, &options);
}

static struct adduce_span statement_of(const struct adduce_value *report) {
  return adduce_value_bytes(adduce_value_get(report, "statement"));
}

static bool says(const struct adduce_value *report, const char *list, const char *words) {
  const struct adduce_value *sentences = adduce_value_get(report, list);
  for (size_t i = 0; i < adduce_value_count(sentences); i++)
    if (strstr(adduce_value_text(adduce_value_at(sentences, i)), words) != NULL) return true;
  return false;
}

#define NOTHING span_of(NULL, 0)

/* The audit of all, and the one that goes on, find the same fault with the same words. */
static void refuse_both(struct forged *log, struct adduce_ledger *ledger, struct adduce_span since,
                        const char *words) {
  const struct adduce_value *report;
  assert_int_equal(audit(log, ledger, &report, NOTHING), ADDUCE_E_FAILED);
  const char *detail = scope_format(scope, "%s", adduce_scope_detail(scope));
  if (strstr(detail, words) == NULL) fail_msg("not \"%s\" but %s", words, detail);
  assert_int_equal(audit(log, ledger, &report, since), ADDUCE_E_FAILED);
  assert_string_equal(adduce_scope_detail(scope), detail);
}

/* What the reporter says, as the entries of a ledger of his own. */
static struct adduce_ledger *say_elsewhere(void) {
  struct adduce_ledger *own = make_ledger(reporter, log_key);
  append_some(own, reporter, 2);
  return own;
}

static void an_author_without_rights_is_found_by_both_audits(void **state) {
  (void)state;
  for (unsigned before = 1; before < 520; before += before < 254 ? 253 : 1 + before / 2) {
    struct forged *log = scope_new(scope, struct forged);
    const struct adduce_value *report;
    struct adduce_ledger *ledger = make_ledger(founder, log_key);
    append_some(ledger, founder, before);
    take(log, ledger, 0);
    OK(audit(log, ledger, &report, NOTHING));
    struct adduce_span since = statement_of(report);
    struct adduce_ledger *own = say_elsewhere();
    take(log, own, 1);
    refuse_both(log, ledger, since, scope_format(scope, "entry %u: the author ", before + 1));
    adduce_ledger_close(&ledger);
    adduce_ledger_close(&own);
  }
}

static void a_key_is_judged_by_the_control_entries_from_before(void **state) {
  (void)state;
  struct forged *log = scope_new(scope, struct forged);
  const struct adduce_value *report;
  struct adduce_ledger *ledger = make_ledger(founder, log_key);
  append_some(ledger, founder, 300);
  authorize(ledger, false);
  append_some(ledger, founder, 3);
  take(log, ledger, 0);
  OK(audit(log, ledger, &report, NOTHING));
  struct adduce_span allowed = statement_of(report);
  assert_non_null(strstr((const char *)allowed.data, "\ncontrols 0 301\n"));
  /* With the right that was given before: nothing is wrong. */
  uint64_t size = log->size;
  struct adduce_ledger *own = say_elsewhere();
  take(log, own, 1);
  OK(audit(log, ledger, &report, allowed));
  assert_int_equal(adduce_value_integer(adduce_value_get(report, "known")), 2);
  assert_int_equal(adduce_value_integer(adduce_value_get(report, "entries")), 2);
  assert_true(says(report, "proven", "Every author was authorized"));
  assert_non_null(strstr((const char *)statement_of(report).data, "\ncontrols 0 301\n"));
  /* After it was taken away, before the audit that one goes on from. */
  log->size = size;
  authorize(ledger, true);
  take(log, ledger, size);
  append_some(ledger, founder, 1);
  take(log, ledger, size + 1);
  OK(audit(log, ledger, &report, allowed));
  struct adduce_span revoked = statement_of(report);
  assert_non_null(strstr((const char *)revoked.data, "\ncontrols 0 301 305\n"));
  struct adduce_ledger *later = say_elsewhere();
  take(log, later, 1);
  refuse_both(log, ledger, revoked, "entry 307: the key ");
  adduce_ledger_close(&ledger);
  adduce_ledger_close(&own);
  adduce_ledger_close(&later);
}

static void a_checkpoint_alone_does_not_say_who_may(void **state) {
  (void)state;
  struct forged *log = scope_new(scope, struct forged);
  const struct adduce_value *report;
  struct adduce_ledger *ledger = make_ledger(founder, log_key);
  append_some(ledger, founder, 3);
  take(log, ledger, 0);
  (void)publish(log, ledger);
  struct adduce_span checkpoint = log->checkpoint;
  append_some(ledger, founder, 2);
  take(log, ledger, 4);
  OK(audit(log, ledger, &report, checkpoint));
  assert_true(says(report, "not_proven", "That their authors were authorized"));
  assert_false(says(report, "proven", "Every author was authorized"));
  /* Nor does the statement that it ends in. */
  assert_null(strstr((const char *)statement_of(report).data, "controls"));
  OK(audit(log, ledger, &report, statement_of(report)));
  assert_true(says(report, "not_proven", "That their authors were authorized"));
  adduce_ledger_close(&ledger);
}

/* The order of times is checked where the stretches of two audits meet, at the end of a tile too.
 */
static void a_time_before_the_audit_is_found(void **state) {
  (void)state;
  struct adduce_ledger *early = make_ledger(founder, log_key);
  append_some(early, founder, 1);
  for (unsigned before = 255; before < 258; before++) {
    struct forged *log = scope_new(scope, struct forged);
    const struct adduce_value *report;
    struct adduce_ledger *ledger = make_ledger(founder, log_key);
    append_some(ledger, founder, before);
    take(log, ledger, 0);
    OK(audit(log, ledger, &report, NOTHING));
    take(log, early, 1);
    refuse_both(
        log, ledger, statement_of(report),
        scope_format(scope, "entry %u: it was recorded before the entry before it", before + 1));
    adduce_ledger_close(&ledger);
  }
  adduce_ledger_close(&early);
}

/* A policy may believe a key that the log itself never named. */
static void a_log_key_that_the_log_does_not_name_is_found(void **state) {
  (void)state;
  struct forged *log = scope_new(scope, struct forged);
  const struct adduce_value *report;
  struct adduce_signer *other;
  OK(adduce_signer_generate(scope, &other));
  struct adduce_ledger *ledger = make_ledger(founder, other);
  append_some(ledger, founder, 2);
  take(log, ledger, 0);
  assert_int_equal(audit(log, ledger, &report, NOTHING), ADDUCE_E_FAILED);
  assert_non_null(strstr(adduce_scope_detail(scope), "is not the one that the log's own entries"));
  adduce_ledger_close(&ledger);
  adduce_signer_close(&other);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_author_without_rights_is_found_by_both_audits),
      cmocka_unit_test(a_key_is_judged_by_the_control_entries_from_before),
      cmocka_unit_test(a_checkpoint_alone_does_not_say_who_may),
      cmocka_unit_test(a_time_before_the_audit_is_found),
      cmocka_unit_test(a_log_key_that_the_log_does_not_name_is_found),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
