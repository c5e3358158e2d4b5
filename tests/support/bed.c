/* SPDX-License-Identifier: Apache-2.0 */
#include "support/bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hex.h"
#include "codec/value.h"
#include "sys/file.h"

#define REFS_MAX 16

static void must(const struct bed *test, enum adduce_err err) {
  if (err != ADDUCE_OK)
    fail_msg("%s: %s", adduce_error_name(err), adduce_scope_detail(test->scope));
}

/* --- the folder ---------------------------------------------------------------------------- */

const char *bed_path(struct bed *test, const char *name) {
  return scope_format(test->scope, "%s/%s", test->folder, name);
}

void bed_copy_folder(struct bed *test, const char *from, const char *to) {
  const char **names;
  size_t count;
  must(test, file_remove_tree(test->scope, to));
  must(test, file_make_folder(test->scope, to, 0700));
  must(test, file_list(test->scope, &names, &count, from));
  for (size_t i = 0; i < count; i++)
    must(test, file_copy(test->scope, scope_format(test->scope, "%s/%s", from, names[i]),
                         scope_format(test->scope, "%s/%s", to, names[i]), 0600));
}

static void make_folder(struct bed *test) {
  const char *base = getenv("TMPDIR");
  (void)snprintf(test->folder, sizeof test->folder, "%.64s/adduce-XXXXXX",
                 base == NULL ? "/tmp" : base);
  assert_non_null(mkdtemp(test->folder));
  test->log_folder = bed_path(test, "log");
  test->heads = bed_path(test, "heads");
}

/* --- opening ------------------------------------------------------------------------------- */

static enum adduce_err open_log(struct bed *test, bool read_only) {
  const struct log_options options = {.headlock_folder = test->heads, .read_only = read_only};
  log_close(&test->log);
  return log_open(test->scope, &test->log, test->log_folder, &options);
}

enum adduce_err bed_reopen(struct bed *test) {
  return open_log(test, false);
}

enum adduce_err bed_reopen_for_reading(struct bed *test) {
  return open_log(test, true);
}

void bed_open(struct bed *test) {
  const char *vkey;
  *test = (struct bed){.now_us = BED_START_US};
  assert_int_equal(adduce_scope_open(&test->scope, 0), ADDUCE_OK);
  make_folder(test);
  must(test, sign_start(test->scope));
  must(test, vocabulary_open(test->scope, &test->vocabulary));
  for (uint8_t i = 0; i < BED_KEYS; i++) {
    const uint8_t seed[32] = {7, i};
    must(test, signer_from_seed(test->scope, &test->signers[i], seed));
  }
  must(test, note_vkey_encode(test->scope, &vkey, span_text(BED_ORIGIN), bed_key(test, BED_LOG)));
  test->genesis = bed_event(
      test, 0, "ledger.created",
      scope_format(test->scope, "{\"origin\":\"%s\",\"vkey\":\"%s\"}", BED_ORIGIN, vkey), NULL);
  must(test, log_create(test->scope, test->log_folder, test->heads, &test->genesis,
                        test->signers[BED_LOG], test->now_us));
  test->head = headlock_path(test->scope, test->heads, &test->genesis.id);
  must(test, bed_reopen(test));
}

void bed_close(struct bed *test) {
  log_close(&test->log);
  for (int i = 0; i < BED_KEYS; i++) signer_close(&test->signers[i]);
  must(test, file_remove_tree(test->scope, test->folder));
  adduce_scope_close(&test->scope);
}

/* --- events -------------------------------------------------------------------------------- */

const struct adduce_key *bed_key(const struct bed *test, int who) {
  return signer_key(test->signers[who]);
}

const char *bed_hex(const struct bed *test, int who) {
  return scope_format(test->scope, "%s", hex_text32(bed_key(test, who)->bytes).text);
}

struct event bed_event(struct bed *test, int who, const char *kind, const char *json, ...) {
  struct event event;
  struct parsed_ref refs[REFS_MAX];
  struct event_draft draft = {.kind = span_text(kind), .claimed_at_us = test->now_us, .refs = refs};
  va_list pairs;
  va_start(pairs, json);
  for (const char *role;
       (role = va_arg(pairs, const char *)) != NULL && draft.ref_count < REFS_MAX;)
    refs[draft.ref_count++] =
        (struct parsed_ref){span_text(role), va_arg(pairs, const struct adduce_id *)->bytes};
  va_end(pairs);
  if (vocabulary_control_name(draft.kind) && strcmp(kind, "ledger.created") != 0)
    refs[draft.ref_count++] = (struct parsed_ref){span_text("ledger"), test->genesis.id.bytes};
  must(test, adduce_value_from_json(test->scope, &draft.content, json, strlen(json)));
  must(test, event_sign(test->scope, &event, &draft, test->vocabulary, test->signers[who]));
  return event;
}

struct event bed_claim(struct bed *test, int who) {
  unsigned long long number = test->made++;
  return bed_event(
      test, who, "statement.made",
      scope_format(test->scope, "{\"speaker\":\"%s/person/%llu\",\"gist\":\"claim %llu\"}",
                   BED_ORIGIN, number % 10, number),
      NULL);
}

struct event bed_authorizing(struct bed *test, int who, const char *rights) {
  return bed_event(test, 0, "key.authorized",
                   scope_format(test->scope, "{\"key\":{\"$id\":\"%s\"},\"rights\":[%s]}",
                                bed_hex(test, who), rights),
                   NULL);
}

/* --- appending ----------------------------------------------------------------------------- */

enum adduce_err bed_append_to(struct bed *test, struct log_appended *appended,
                              struct log_receipt *receipt, const struct event *events, size_t count,
                              const struct log_append_options *options) {
  struct log_append_options usual = {.now_us = test->now_us};
  test->now_us += 1000000;
  return log_append(test->scope, test->log, appended, receipt, events, count,
                    test->signers[BED_LOG], options == NULL ? &usual : options);
}

enum adduce_err bed_append(struct bed *test, const struct event *events, size_t count) {
  struct log_receipt receipt;
  struct log_appended *appended = scope_array(test->scope, count, sizeof *appended);
  assert_non_null(appended);
  return bed_append_to(test, appended, &receipt, events, count, NULL);
}

uint64_t bed_enter(struct bed *test, struct event event) {
  struct log_receipt receipt;
  struct log_appended appended;
  must(test, bed_append_to(test, &appended, &receipt, &event, 1, NULL));
  assert_false(appended.duplicate);
  assert_true(receipt.size > appended.index);
  return appended.index;
}

uint64_t bed_size(struct bed *test) {
  struct log_view view;
  must(test, log_view_open(test->scope, &view, test->log));
  uint64_t size = view.size;
  log_view_close(&view);
  return size;
}

enum adduce_err bed_check(struct bed *test) {
  struct log_check_report report;
  const struct log_check_options options = {.threads = 2};
  return log_check(test->scope, test->log, &report, &options);
}

void bed_said(const struct bed *test, const char *words) {
  if (strstr(adduce_scope_detail(test->scope), words) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", adduce_scope_detail(test->scope), words);
}
