/* SPDX-License-Identifier: Apache-2.0 */
/* adduce, through its public library. Every event is signed, committed to field by field, put into
 * the indexes and the tree; every batch ends in a signed checkpoint and the head lock. */
#include <stdio.h>

#include "adduce.h"
#include "peer.h"

#define PAGE 1000

static struct adduce_scope *scope, *step;
static struct adduce_signer *founder, *log_key;
static struct adduce_ledger *ledger;
static struct adduce_writer *writer;

static void must(enum adduce_err err, const char *what) {
  peer_must(err == ADDUCE_OK, what, adduce_scope_detail(what[0] == '.' ? scope : step));
}

static void start(const char *folder, const char *address) {
  char path[4096], heads[4096];
  struct adduce_options options = ADDUCE_OPTIONS_DEFAULT;
  (void)address;
  (void)snprintf(path, sizeof path, "%s/ledger", folder);
  (void)snprintf(heads, sizeof heads, "%s/heads", folder);
  options.headlock_folder = heads;
  peer_must(adduce_scope_open(&scope, 0) == ADDUCE_OK && adduce_scope_open(&step, 0) == ADDUCE_OK,
            "scope", NULL);
  must(adduce_signer_generate(scope, &founder), ".key");
  must(adduce_signer_generate(scope, &log_key), ".key");
  options.log_signer = log_key;
  must(adduce_ledger_create(scope, &ledger, path, "monitor.example", founder, NULL, &options),
       ".create");
  must(adduce_writer_open(scope, &writer, ledger, NULL), ".writer");
}

static void append(const struct peer_event *events, size_t count) {
  struct adduce_receipt receipt;
  for (size_t i = 0; i < count; i++) {
    const struct adduce_value *claim;
    struct adduce_id id;
    must(adduce_value_from_json(step, &claim, events[i].text, PEER_EVENT_BYTES), "claim");
    must(adduce_writer_add(step, writer, &id, claim, founder), "add");
  }
  must(adduce_writer_commit(step, writer, &receipt), "commit");
  adduce_scope_reset(step);
}

static void replay(void) {
  char since[32] = "#1"; /* the genesis is no event of the peers' */
  for (bool more = true; more;) {
    const struct adduce_value *answer;
    const struct adduce_log_filter filter = {.since = since};
    const struct adduce_question question = {.limit = PAGE};
    must(adduce_ask_log(step, ledger, &answer, &filter, &question), "log");
    const struct adduce_value *entries = adduce_value_get(answer, "entries");
    for (size_t i = 0; i < adduce_value_count(entries); i++) {
      const struct adduce_value *event = adduce_value_at(entries, i),
                                *content = adduce_value_get(event, "content"),
                                *value = adduce_value_get(content, "value");
      peer_count(adduce_value_text(adduce_value_get(event, "kind")),
                 adduce_value_text(adduce_value_get(content, "subject")),
                 value == NULL ? "-" : adduce_value_text(value));
    }
    more = adduce_value_boolean(adduce_value_get(answer, "more"));
    (void)snprintf(since, sizeof since, "#%lld",
                   (long long)adduce_value_integer(adduce_value_get(answer, "next")));
    adduce_scope_reset(step);
  }
}

static void as_of(const char *subject, size_t position) {
  char at[32];
  const struct adduce_value *answer;
  const struct adduce_question question = {.at = at};
  (void)snprintf(at, sizeof at, "#%zu", position);
  must(adduce_ask_state(step, ledger, &answer, subject, &question), "question");
  adduce_scope_reset(step);
}

static void verify(void) {
  const struct adduce_value *report;
  const struct adduce_verify_options options = {0};
  must(adduce_verify(step, ledger, &report, &options), "verify");
  adduce_scope_reset(step);
}

static void rebuild(void) {
  const struct adduce_value *report;
  must(adduce_rebuild(step, ledger, &report), "rebuild");
  adduce_scope_reset(step);
}

const struct peer peer = {.open = start,
                          .append = append,
                          .replay = replay,
                          .as_of = as_of,
                          .verify = verify,
                          .rebuild = rebuild};
