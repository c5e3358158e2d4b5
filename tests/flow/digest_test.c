/* SPDX-License-Identifier: Apache-2.0 */
/* State digests through the public header: parties who hold the same log and other contents. What
 * is withheld from one of them stands in its store in form 2, as an erasure leaves it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "adduce.h"
#include "base/bigendian.h"
#include "ledger/ledger.h"
#include "log/log_priv.h"
#include "projection/projection.h"

#define ORIGIN "monitor.example"

static struct adduce_scope *scope;
static struct adduce_signer *founder, *log_key;
static char folder[64];
static unsigned folders;

#define OK(call)                                                                      \
  do {                                                                                \
    enum adduce_err ok_err = (call);                                                  \
    if (ok_err != ADDUCE_OK)                                                          \
      print_error("%s: %s\n", adduce_error_name(ok_err), adduce_scope_detail(scope)); \
    assert_int_equal(ok_err, ADDUCE_OK);                                              \
  } while (0)

static int setup(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR");
  (void)snprintf(folder, sizeof folder, "%.40s/adduce-XXXXXX", base == NULL ? "/tmp" : base);
  if (mkdtemp(folder) == NULL || adduce_scope_open(&scope, 0) != ADDUCE_OK) return -1;
  OK(adduce_signer_generate(scope, &founder));
  OK(adduce_signer_generate(scope, &log_key));
  return 0;
}

static int teardown(void **state) {
  char command[96];
  (void)state;
  adduce_signer_close(&founder);
  adduce_signer_close(&log_key);
  adduce_scope_close(&scope);
  (void)snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command);
}

static const char *new_path(void) {
  return scope_format(scope, "%s/ledger-%u", folder, folders++);
}

static struct adduce_ledger *open_ledger(const char *path) {
  struct adduce_ledger *ledger;
  const struct adduce_options options = {.headlock_folder = scope_format(scope, "%s/heads", folder),
                                         .log_signer = log_key};
  OK(adduce_ledger_open(scope, &ledger, path, &options));
  return ledger;
}

static void append_value(struct adduce_ledger *ledger, const struct adduce_value *claim) {
  struct adduce_writer *writer;
  struct adduce_receipt receipt;
  struct adduce_id id;
  OK(adduce_writer_open(scope, &writer, ledger, NULL));
  OK(adduce_writer_add(scope, writer, &id, claim, founder));
  OK(adduce_writer_commit(scope, writer, &receipt));
  adduce_writer_close(&writer);
}

static void append(struct adduce_ledger *ledger, const char *json) {
  const struct adduce_value *claim;
  OK(adduce_value_from_json(scope, &claim, json, strlen(json)));
  append_value(ledger, claim);
}

/* A ledger with people #1 to #`count`. */
static struct adduce_ledger *make_ledger(unsigned count) {
  struct adduce_ledger *ledger;
  const struct adduce_options options = {.headlock_folder = scope_format(scope, "%s/heads", folder),
                                         .log_signer = log_key};
  OK(adduce_ledger_create(scope, &ledger, new_path(), ORIGIN, founder, NULL, &options));
  for (unsigned i = 1; i <= count; i++)
    append(ledger, scope_format(scope,
                                "{\"kind\":\"entity.described\",\"content\":{\"subject\":"
                                "\"person/%u\",\"schema\":\"Person\",\"name\":[\"Person %u\", "
                                "\"P%u\"]}}",
                                i, i, i));
  return ledger;
}

static void record(struct adduce_ledger *ledger, const char *at) {
  const struct adduce_digest_options options = {.at = at};
  const struct adduce_value *state, *claims;
  OK(adduce_digest(scope, ledger, &state, &options));
  OK(adduce_digest_claims(scope, &claims, state));
  for (size_t i = 0; i < adduce_value_count(claims); i++)
    append_value(ledger, adduce_value_at(claims, i));
}

static struct adduce_span state_of(struct adduce_ledger *ledger, const char *at) {
  const struct adduce_digest_options options = {.at = at};
  const struct adduce_value *state;
  const char *json;
  OK(adduce_digest(scope, ledger, &state, &options));
  OK(adduce_value_to_json(scope, &json, state, false));
  return span_text(json);
}

/* --- the same log with less content -------------------------------------------------------- */

struct erasing {
  uint64_t index;
  struct adduce_span content;
};

static enum adduce_err put_content(void *context, struct adduce_scope *inner,
                                   struct store_txn *txn) {
  const struct erasing *erasing = context;
  uint8_t key[8];
  bigendian_put64(key, erasing->index);
  if (erasing->content.size == 0)
    return store_delete(inner, txn, LOG_CONTENTS, span_of(key, sizeof key));
  return store_put(inner, txn, LOG_CONTENTS, span_of(key, sizeof key), erasing->content,
                   STORE_REPLACE);
}

/* `field` NULL: all of the content. */
static void erase(struct adduce_ledger *ledger, uint64_t index, const char *field) {
  struct erasing erasing = {.index = index};
  struct log_view view;
  struct log_entry entry;
  struct parsed parsed;
  OK(log_view_open(scope, &view, ledger->log));
  OK(log_view_entry(scope, &view, &entry, index));
  OK(parsed_read_stored(scope, &parsed, entry.event, entry.content));
  if (field != NULL) {
    const struct content_path path = {span_text(field), -1};
    OK(content_withhold(scope, &erasing.content, &parsed, &path, 1));
  }
  log_view_close(&view);
  OK(store_write(scope, log_store(ledger->log), 1 << 16, put_content, &erasing));
}

/* A copy of a ledger that lacks a field, with projections of its own. */
static struct adduce_ledger *copy_without(struct adduce_ledger *ledger, uint64_t index,
                                          const char *field) {
  const struct adduce_value *report;
  const char *path = new_path();
  OK(adduce_backup(scope, ledger, path));
  struct adduce_ledger *copy = open_ledger(path);
  erase(copy, index, field);
  OK(adduce_rebuild(scope, copy, &report));
  return copy;
}

static int64_t count_of(const struct adduce_value *report, const char *key) {
  return adduce_value_integer(adduce_value_get(adduce_value_get(report, "digested"), key));
}

/* --- the tests ------------------------------------------------------------------------------ */

static void two_views_are_not_comparable(void **state) {
  const struct adduce_value *report;
  (void)state;
  struct adduce_ledger *all = make_ledger(5);
  struct adduce_ledger *less = copy_without(all, 3, "name");
  struct adduce_span stated = state_of(all, NULL);
  assert_int_equal(adduce_digest_compare(scope, less, &report, stated, NULL),
                   ADDUCE_E_NOT_COMPARABLE);
  assert_string_equal(adduce_value_text(adduce_value_get(report, "verdict")), "not comparable");
  const struct adduce_value *because = adduce_value_get(report, "because");
  assert_int_equal(adduce_value_count(because), 1);
  assert_string_equal(adduce_value_text(adduce_value_get(adduce_value_at(because, 0), "what")),
                      "view");
  assert_non_null(strstr(adduce_scope_detail(scope), "other content is available there"));
  assert_null(strstr(adduce_scope_detail(scope), "different"));
  /* Before the event that differs the views are one, and the states the same. */
  OK(adduce_digest_compare(scope, less, &report, state_of(all, "2"), NULL));
  assert_int_equal(adduce_digest_compare(scope, less, &report, state_of(all, "3"), NULL),
                   ADDUCE_E_NOT_COMPARABLE);
  adduce_ledger_close(&all);
  adduce_ledger_close(&less);
}

static void two_who_lack_the_same_agree(void **state) {
  const struct adduce_value *report;
  (void)state;
  struct adduce_ledger *all = make_ledger(6);
  struct adduce_ledger *one = copy_without(all, 2, "schema"),
                       *other = copy_without(all, 2, "schema");
  OK(adduce_digest_compare(scope, other, &report, state_of(one, NULL), NULL));
  erase(other, 4, NULL);
  OK(adduce_rebuild(scope, other, &report));
  assert_int_equal(adduce_digest_compare(scope, other, &report, state_of(one, NULL), NULL),
                   ADDUCE_E_NOT_COMPARABLE);
  erase(one, 4, NULL);
  OK(adduce_rebuild(scope, one, &report));
  OK(adduce_digest_compare(scope, other, &report, state_of(one, NULL), NULL));
  adduce_ledger_close(&all);
  adduce_ledger_close(&one);
  adduce_ledger_close(&other);
}

/* What was recorded before an erasure stands on the log and can no longer be compared, which is no
 * fault; what it says of sizes before the erased event still holds. */
static void an_erasure_makes_older_digests_not_comparable(void **state) {
  const struct adduce_value *report;
  size_t projections;
  (void)state;
  (void)projection_all(&projections);
  struct adduce_ledger *ledger = make_ledger(4);
  record(ledger, "1");
  record(ledger, NULL);
  OK(adduce_verify(scope, ledger, &report, NULL));
  assert_int_equal(count_of(report, "same"), 2 * (int64_t)projections);
  struct adduce_ledger *erased = copy_without(ledger, 3, "name");
  OK(adduce_verify(scope, erased, &report, NULL));
  assert_int_equal(count_of(report, "same"), (int64_t)projections);
  assert_int_equal(count_of(report, "not_comparable"), (int64_t)projections);
  assert_int_equal(count_of(report, "different"), 0);
  adduce_ledger_close(&ledger);
  adduce_ledger_close(&erased);
}

/* A digest whose own content went cannot be read, and that is said. */
static void a_digest_that_was_withheld_is_not_comparable(void **state) {
  const struct adduce_value *report;
  (void)state;
  struct adduce_ledger *ledger = make_ledger(2);
  record(ledger, NULL);
  struct adduce_ledger *less = copy_without(ledger, 3, "digest");
  OK(adduce_verify(scope, less, &report, NULL));
  assert_int_equal(count_of(report, "not_comparable"), 1);
  assert_int_equal(adduce_digest_compare_event(scope, less, &report, "#3", NULL),
                   ADDUCE_E_NOT_COMPARABLE);
  assert_non_null(strstr(adduce_scope_detail(scope), "not available here"));
  adduce_ledger_close(&ledger);
  adduce_ledger_close(&less);
}

static void what_is_missing_is_listed(void **state) {
  const struct adduce_digest_options options = {.withheld = true};
  const struct adduce_value *answer;
  (void)state;
  struct adduce_ledger *all = make_ledger(4);
  struct adduce_ledger *less = copy_without(all, 2, "name");
  erase(less, 4, NULL);
  OK(adduce_rebuild(scope, less, &answer));
  OK(adduce_digest(scope, less, &answer, &options));
  const struct adduce_value *view = adduce_value_get(answer, "view");
  const struct adduce_value *withheld = adduce_value_get(view, "withheld");
  assert_int_equal(adduce_value_integer(adduce_value_get(view, "events")), 2);
  assert_int_equal(adduce_value_count(withheld), 2);
  for (size_t i = 0; i < 2; i++) {
    const struct adduce_value *line = adduce_value_at(withheld, i);
    int64_t index = adduce_value_integer(adduce_value_get(line, "index"));
    assert_string_equal(adduce_value_text(adduce_value_at(adduce_value_get(line, "paths"), 0)),
                        index == 2 ? "name" : "*");
  }
  adduce_ledger_close(&all);
  adduce_ledger_close(&less);
}

static void threads_and_steps_do_not_show(void **state) {
  const struct adduce_value *report;
  (void)state;
  struct adduce_ledger *ledger = make_ledger(3);
  struct adduce_span before = state_of(ledger, NULL);
  for (unsigned i = 0; i < 10; i++) {
    append(ledger,
           "{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"x\",\"property\":\"p\","
           "\"value\":\"v\"}}");
    OK(adduce_catch_up(scope, ledger));
  }
  struct adduce_span stepwise = state_of(ledger, NULL);
  OK(adduce_rebuild(scope, ledger, &report));
  for (unsigned threads = 1; threads < 4; threads++) {
    const struct adduce_digest_options options = {.threads = threads};
    OK(adduce_digest_compare(scope, ledger, &report, stepwise, &options));
    OK(adduce_digest_compare(scope, ledger, &report, before, &options));
  }
  adduce_ledger_close(&ledger);
}

static void claims_are_made_of_a_state_alone(void **state) {
  const struct adduce_value *claims, *nothing;
  (void)state;
  OK(adduce_value_from_json(scope, &nothing, "{\"size\":3}", 10));
  assert_int_equal(adduce_digest_claims(scope, &claims, nothing), ADDUCE_E_FORM);
  assert_int_equal(adduce_digest_claims(scope, &claims, NULL), ADDUCE_E_FORM);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_views_are_not_comparable),
      cmocka_unit_test(two_who_lack_the_same_agree),
      cmocka_unit_test(an_erasure_makes_older_digests_not_comparable),
      cmocka_unit_test(a_digest_that_was_withheld_is_not_comparable),
      cmocka_unit_test(what_is_missing_is_listed),
      cmocka_unit_test(threads_and_steps_do_not_show),
      cmocka_unit_test(claims_are_made_of_a_state_alone),
  };
  return cmocka_run_group_tests_name("state digests", tests, setup, teardown);
}
