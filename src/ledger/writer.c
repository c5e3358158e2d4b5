/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/draft.h"

#include "adduce/erase.h"
#include "ledger/ledger.h"
#include "sys/machine.h"
#include "sys/workers.h"

#define BATCH_BYTES ((size_t)1 << 30)

/* Invariants
 *   1. events[0 .. count) are in the order they were added; where unverified[i] is not NULL,
 *      events[i] does not exist yet: event_verify makes it from that claim, at commit or before.
 *   2. Everything events point to lives in `batch` or in the ledger's vocabulary memory, which
 *      `labels_scope` holds.
 *   3. refused is true iff an add failed since the last commit or abort.
 *   4. unverified[i] is NULL for i < verified. */
struct adduce_writer {
  struct adduce_ledger *ledger;
  struct adduce_write_options options;
  struct adduce_scope *batch;        /* emptied by commit and abort */
  struct adduce_scope *labels_scope; /* lives as long as the writer, which is in it */
  struct labels labels;
  struct vocabulary *vocabulary;
  size_t declared_known; /* how many of the log's declared kinds `vocabulary` has */
  uint64_t batch_number;
  struct event *events;
  const struct claim **unverified;
  size_t count, capacity;
  size_t verified;
  bool refused;
};

enum adduce_err adduce_writer_open(struct adduce_scope *scope, struct adduce_writer **writer,
                                   struct adduce_ledger *ledger,
                                   const struct adduce_write_options *options) {
  struct adduce_scope *own = NULL;
  *writer = NULL;
  if (adduce_scope_open(&own, BATCH_BYTES) != ADDUCE_OK) return scope_no_memory(scope);
  struct adduce_writer *opened = scope_new(own, struct adduce_writer);
  if (opened == NULL || adduce_scope_open(&opened->batch, BATCH_BYTES) != ADDUCE_OK) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->ledger = ledger;
  opened->labels_scope = own;
  if (options != NULL) opened->options = *options;
  labels_init(&opened->labels, own);
  enum adduce_err err = vocabulary_open(own, &opened->vocabulary);
  if (err != ADDUCE_OK) {
    (void)scope_relay(scope, err, own);
    adduce_writer_close(&opened);
    return err;
  }
  *writer = opened;
  return ADDUCE_OK;
}

void adduce_writer_close(struct adduce_writer **writer) {
  if (*writer == NULL) return;
  struct adduce_scope *own = (*writer)->labels_scope;
  adduce_scope_close(&(*writer)->batch);
  *writer = NULL;
  adduce_scope_close(&own);
}

size_t adduce_writer_count(const struct adduce_writer *writer) {
  return writer->count;
}

static void empty_batch(struct adduce_writer *writer) {
  adduce_scope_reset(writer->batch);
  writer->events = NULL;
  writer->unverified = NULL;
  writer->count = writer->capacity = writer->verified = 0;
  writer->refused = false;
  writer->batch_number++;
}

void adduce_writer_abort(struct adduce_writer *writer) {
  labels_forget(&writer->labels, writer->batch_number);
  empty_batch(writer);
  /* Kinds that the dropped batch declared are declared no more. On failure the old vocabulary
   * stays; the log judges declared kinds by its own rules in any case. */
  if (vocabulary_open(writer->labels_scope, &writer->vocabulary) == ADDUCE_OK)
    writer->declared_known = 0;
}

/* Learns the kinds that the log has declared since we last looked. */
static enum adduce_err learn_kinds(struct adduce_scope *scope, struct adduce_writer *writer,
                                   struct log_view *view) {
  const struct vocabulary *logged = rules_vocabulary(view->rules);
  for (; writer->declared_known < vocabulary_declared_count(logged); writer->declared_known++) {
    const uint8_t *id32 = vocabulary_declared(logged, writer->declared_known)->declared_by32;
    struct adduce_id id;
    uint64_t index;
    struct log_entry entry;
    struct event event;
    memcpy(id.bytes, id32, 32);
    TRY(log_view_find(scope, view, &index, &id));
    TRY(log_view_event(scope, view, &entry, &event, index));
    TRY(vocabulary_declare(scope, writer->vocabulary, &event.claim.parsed, event.id.bytes));
  }
  return ADDUCE_OK;
}

/* A place for one more event. */
static enum adduce_err reserve(struct adduce_writer *writer) {
  if (writer->count < writer->capacity) return ADDUCE_OK;
  size_t capacity = writer->capacity == 0 ? 64 : writer->capacity * 2;
  struct event *events = scope_grow(writer->batch, writer->events, writer->count * sizeof *events,
                                    capacity * sizeof *events);
  if (events == NULL) return scope_no_memory(writer->batch);
  const struct claim **unverified =
      scope_grow(writer->batch, writer->unverified, writer->count * sizeof *unverified,
                 capacity * sizeof *unverified);
  if (unverified == NULL) return scope_no_memory(writer->batch);
  writer->events = events;
  writer->unverified = unverified;
  writer->capacity = capacity;
  return ADDUCE_OK;
}

/* A kind that this batch declares is known to the rest of it. */
static enum adduce_err learn_kind(struct adduce_writer *writer, const struct parsed *parsed,
                                  const struct adduce_id *id) {
  if (!span_is(parsed->kind, "kind.declared")) return ADDUCE_OK;
  return vocabulary_declare(writer->batch, writer->vocabulary, parsed, id->bytes);
}

static enum adduce_err remember_label(struct adduce_writer *writer, struct adduce_span label,
                                      const struct adduce_id *id) {
  if (label.size == 0) return ADDUCE_OK;
  enum adduce_err err = labels_set(&writer->labels, label, id, writer->batch_number);
  return err == ADDUCE_OK ? ADDUCE_OK : scope_relay(writer->batch, err, writer->labels_scope);
}

static enum adduce_err add_claim(struct adduce_writer *writer, struct adduce_id *id,
                                 struct log_view *view, const struct adduce_value *claim,
                                 const struct signer *author) {
  const struct draft_context context = {
      .view = view,
      .labels = &writer->labels,
      .vocabulary = writer->vocabulary,
      .now_us = machine_now_us(),
  };
  struct draft draft;
  TRY(learn_kinds(writer->batch, writer, view));
  TRY(draft_complete(writer->batch, &draft, &context, claim));
  TRY(reserve(writer));
  struct event *event = &writer->events[writer->count];
  TRY(event_sign(writer->batch, event, &draft.event, writer->vocabulary, author));
  TRY(learn_kind(writer, &event->claim.parsed, &event->id));
  TRY(remember_label(writer, draft.label, &event->id));
  *id = event->id;
  writer->unverified[writer->count++] = NULL;
  return ADDUCE_OK;
}

enum adduce_err adduce_writer_add(struct adduce_scope *scope, struct adduce_writer *writer,
                                  struct adduce_id *id, const struct adduce_value *claim,
                                  const struct adduce_signer *author) {
  struct log_view view;
  TRY(log_view_open(scope, &view, writer->ledger->log));
  enum adduce_err err = add_claim(writer, id, &view, claim, ledger_signer(author));
  log_view_close(&view);
  if (err == ADDUCE_OK) return ADDUCE_OK;
  writer->refused = true;
  return scope_relay(scope, err, writer->batch);
}

static enum adduce_err add_signed(struct adduce_writer *writer, struct adduce_span event,
                                  struct adduce_span content) {
  struct parsed parsed;
  struct adduce_span event_copy = scope_copy(writer->batch, event);
  struct adduce_span content_copy = scope_copy(writer->batch, content);
  if (event_copy.data == NULL || content_copy.data == NULL) return scope_no_memory(writer->batch);
  TRY(parsed_read(writer->batch, &parsed, event_copy, content_copy));
  TRY(reserve(writer));
  struct claim *claim = scope_new(writer->batch, struct claim);
  if (claim == NULL) return scope_no_memory(writer->batch);
  TRY(claim_validate(writer->batch, claim, &parsed, writer->vocabulary, CLAIM_FOREIGN));
  struct adduce_id id = event_id(&parsed);
  TRY(learn_kind(writer, &parsed, &id));
  writer->unverified[writer->count++] = claim;
  return ADDUCE_OK;
}

static enum adduce_err look_for_kinds(struct adduce_scope *scope, struct adduce_writer *writer) {
  struct log_view view;
  TRY(log_view_open(scope, &view, writer->ledger->log));
  enum adduce_err err = learn_kinds(writer->batch, writer, &view);
  log_view_close(&view);
  return err == ADDUCE_OK ? ADDUCE_OK : scope_relay(scope, err, writer->batch);
}

/* The log is looked at once a batch: what it comes to declare meanwhile is judged at admission. */
enum adduce_err adduce_writer_add_signed(struct adduce_scope *scope, struct adduce_writer *writer,
                                         struct adduce_span event, struct adduce_span content) {
  if (writer->count == 0) TRY(look_for_kinds(scope, writer));
  enum adduce_err err = add_signed(writer, event, content);
  if (err == ADDUCE_OK) return ADDUCE_OK;
  writer->refused = true;
  return scope_relay(scope, err, writer->batch);
}

/* Signatures and commitments of what others signed, of events [begin, end) from the first that has
 * not been verified. */
static enum adduce_err verify_unverified(void *context, struct adduce_scope *scope, size_t begin,
                                         size_t end) {
  struct adduce_writer *writer = context;
  for (size_t i = writer->verified + begin; i < writer->verified + end; i++) {
    struct scope_mark mark = scope_mark(scope);
    if (writer->unverified[i] == NULL) continue;
    enum adduce_err err = event_verify(scope, &writer->events[i], writer->unverified[i]);
    if (err != ADDUCE_OK) return scope_wrap(scope, err, "claim %zu: ", i + 1);
    writer->unverified[i] = NULL;
    scope_rewind(scope, mark);
  }
  return ADDUCE_OK;
}

enum adduce_err adduce_writer_verify(struct adduce_scope *scope, struct adduce_writer *writer,
                                     unsigned threads) {
  size_t count = writer->count - writer->verified;
  TRY(workers_run(scope, count, 16, threads, verify_unverified, writer));
  writer->verified = writer->count;
  return ADDUCE_OK;
}

static enum adduce_err append_batch(struct adduce_scope *scope, struct adduce_writer *writer,
                                    struct adduce_receipt *receipt) {
  struct log_receipt logged = {0};
  struct log_appended *logged_at = scope_array(scope, writer->count, sizeof *logged_at);
  struct adduce_appended *appended = scope_array(scope, writer->count, sizeof *appended);
  if (logged_at == NULL || appended == NULL) return scope_no_memory(scope);
  const struct log_append_options options = {
      .now_us = machine_now_us(),
      .accept_clock = writer->options.accept_clock,
      .dry_run = writer->options.dry_run,
      .incoming_signer = ledger_signer(writer->options.incoming_log_signer),
  };
  TRY(log_append(scope, writer->ledger->log, logged_at, &logged, writer->events, writer->count,
                 writer->ledger->log_signer, &options));
  for (size_t i = 0; i < writer->count; i++)
    appended[i] =
        (struct adduce_appended){logged_at[i].index, logged_at[i].id, logged_at[i].duplicate};
  struct adduce_span note = scope_copy(scope, logged.checkpoint);
  if (note.data == NULL) return scope_no_memory(scope);
  *receipt = (struct adduce_receipt){
      .appended = appended,
      .count = writer->count,
      .size = logged.size,
      .root = logged.root,
      .recorded_at_us = logged.recorded_at_us,
      .checkpoint = (const char *)note.data,
  };
  return ADDUCE_OK;
}

static bool has_erasure(const struct adduce_writer *writer) {
  for (size_t i = 0; i < writer->count; i++)
    if (span_is(writer->events[i].claim.parsed.kind, "content.erased")) return true;
  return false;
}

enum adduce_err adduce_writer_commit(struct adduce_scope *scope, struct adduce_writer *writer,
                                     struct adduce_receipt *receipt) {
  *receipt = (struct adduce_receipt){.checkpoint = ""};
  if (writer->refused)
    return scope_fail(scope, ADDUCE_E_REFUSED,
                      "a claim of this batch was refused; nothing of the batch was written");
  if (writer->count == 0) return ADDUCE_OK;
  TRY(log_writable(scope, writer->ledger->log));
  TRY(adduce_writer_verify(scope, writer, 0));
  TRY(append_batch(scope, writer, receipt));
  bool was_pending, erases = has_erasure(writer) && !writer->options.dry_run;
  empty_batch(writer);
  return erases ? adduce_erase_finish(scope, writer->ledger, &was_pending) : ADDUCE_OK;
}

enum adduce_err ledger_append_claim(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    struct adduce_receipt *receipt,
                                    const struct adduce_value *claim,
                                    const struct adduce_signer *author) {
  struct adduce_writer *writer = NULL;
  struct adduce_id id;
  TRY(adduce_writer_open(scope, &writer, ledger, NULL));
  enum adduce_err err = adduce_writer_add(scope, writer, &id, claim, author);
  if (err == ADDUCE_OK) err = adduce_writer_commit(scope, writer, receipt);
  adduce_writer_close(&writer);
  return err;
}
