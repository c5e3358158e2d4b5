/* SPDX-License-Identifier: Apache-2.0 */
/* Appending, for all threads that want to at once: the first to come leads, takes the batches that
 * wait, and writes them in one transaction; the others sleep until theirs is done.
 *
 *   log_append -> lead -> enter (in the transaction: admission, plan, checkpoint, commit_plan)
 *                      -> settle (after it: head lock, receipts) */
#include "base/invariant.h"
#include "log/admission.h"
#include "log/commit.h"
#include "log/erase_priv.h"
#include "log/ids.h"
#include "log/quarantine.h"

#define GROUP_EVENTS 1000

/* One call of log_append. The leader writes into its scope while its thread sleeps. */
struct append_request {
  struct append_request *next;
  struct adduce_scope *scope;
  struct log_appended *appended;
  struct log_receipt *receipt;
  const struct event *events;
  size_t count;
  const struct signer *log_signer;
  const struct log_append_options *options;
  enum adduce_err err;
  bool done;
};

/* What is written together. */
struct group {
  struct log *log;
  struct append_request *requests;
  size_t event_count;
  int64_t last_us;        /* when the log's last entry was recorded */
  int64_t recorded_at_us; /* when these are */
  /* What the transaction came to. */
  struct plan plan;
  struct adduce_span note; /* the checkpoint: the new one, or the latest when nothing was new */
  struct log_rules *rules; /* of the log after it */
};

/* --- in the transaction ---------------------------------------------------------------------*/

/* What we know of the log holds if its latest checkpoint is still the one that we left. */
static enum adduce_err recognize(struct adduce_scope *scope, const struct log *log,
                                 struct store_txn *txn, struct adduce_span *latest, bool *known) {
  TRY(store_get(scope, txn, LOG_META, span_text("latest"), latest));
  struct adduce_hash digest = hash_bytes(*latest);
  *known = log->head_known && hash_equal(&digest, &log->head.note_digest);
  return ADDUCE_OK;
}

/* Damaged tiles must not get into a tree that is signed. */
static enum adduce_err load_edge(struct adduce_scope *scope, struct log *log, struct store_txn *txn,
                                 uint64_t size, struct adduce_span latest) {
  struct checkpoint checkpoint;
  struct note note;
  TRY(view_edge(scope, txn, log->edge, size));
  TRY(checkpoint_parse(scope, &checkpoint, &note, latest));
  struct adduce_hash root = merkle_edge_root(log->edge);
  if (checkpoint.size == size && hash_equal(&root, &checkpoint.root)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_CORRUPT,
                    "the tree of %llu entries is not the one of the latest checkpoint; verify "
                    "says more",
                    (unsigned long long)size);
}

/* Nothing can have advanced the lock beyond what this transaction sees: every commit comes before
 * its lock. So a larger lock, or one with another root, means that the log is not the one that it
 * was; that is found before anything is signed. */
static enum adduce_err meet_lock(struct adduce_scope *scope, const struct log *log,
                                 struct store_txn *txn, uint64_t size, bool known) {
  struct headlock_head lock;
  struct merkle_reader tree = view_tiles(txn);
  TRY(headlock_read(scope, &lock, log->headlock_path));
  if (known && lock.size == size && hash_equal(&lock.root, &log->head.root)) return ADDUCE_OK;
  return headlock_judge(scope, &lock, &tree, size);
}

/* Before anything is written: the head lock, and the edge on which the tree grows. */
static enum adduce_err make_ready(struct adduce_scope *scope, struct log *log,
                                  struct store_txn *txn, uint64_t size) {
  struct adduce_span latest;
  bool known;
  TRY(recognize(scope, log, txn, &latest, &known));
  TRY(meet_lock(scope, log, txn, size, known));
  bool has_edge = known && log->edge_known && log->edge->size == size;
  log->edge_known = false; /* until what is planned on it is committed */
  return has_edge ? ADDUCE_OK : load_edge(scope, log, txn, size, latest);
}

/* Keeps a batch of an unknown author outside the log. */
static enum adduce_err quarantine(struct adduce_scope *scope, struct store_txn *txn,
                                  struct append_request *request) {
  struct quarantine_item *items = scope_array(scope, request->count, sizeof *items);
  if (items == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < request->count; i++)
    items[i] = (struct quarantine_item){.event = &request->events[i],
                                        .reason = adduce_scope_detail(request->scope)};
  enum adduce_err err = quarantine_put(scope, txn, items, request->count);
  if (err != ADDUCE_E_TOO_LARGE) return err;
  request->err =
      scope_fail(request->scope, ADDUCE_E_UNAUTHORIZED, "the author is not authorized here, and %s",
                 adduce_scope_detail(scope));
  return ADDUCE_OK;
}

/* One batch. The time is the latest of those that are taken. */
static enum adduce_err admit_one(struct group *group, struct admission *admission,
                                 const struct append_request *request) {
  int64_t recorded_at_us;
  TRY(plan_time(request->scope, &recorded_at_us, request->options->now_us, group->last_us,
                request->options->accept_clock));
  TRY(admission_add(request->scope, admission, request->appended, request->events, request->count,
                    recorded_at_us));
  if (recorded_at_us > group->recorded_at_us) group->recorded_at_us = recorded_at_us;
  return ADDUCE_OK;
}

/* Admits batch after batch. A refused one keeps its own error; an error of ours ends it all. */
static enum adduce_err admit_all(struct adduce_scope *scope, struct group *group,
                                 struct admission *admission) {
  struct log_entry last;
  TRY(view_read(scope, admission->txn, &last, admission->size - 1));
  group->last_us = group->recorded_at_us = last.recorded_at_us;
  for (struct append_request *request = group->requests; request != NULL; request = request->next) {
    request->err = admit_one(group, admission, request);
    if (request->err == ADDUCE_E_QUARANTINED && !request->options->dry_run)
      TRY(quarantine(scope, admission->txn, request));
  }
  return ADDUCE_OK;
}

static enum adduce_err plan_accepted(struct adduce_scope *scope, struct group *group,
                                     const struct admission *admission, struct merkle_edge *edge) {
  TRY(plan_append(scope, &group->plan, edge, admission->accepted, admission->accepted_count,
                  group->recorded_at_us, group->last_us, true));
  INVARIANT(group->plan.first_index == admission->size &&
            group->plan.size == admission->size + admission->accepted_count);
  return ADDUCE_OK;
}

/* What erasures of these events take away goes in the transaction in which they enter. */
static enum adduce_err erase_accepted(struct adduce_scope *scope, const struct group *group,
                                      const struct admission *admission) {
  const struct log_append_options *options = group->requests->options;
  bool erases = false;
  for (size_t i = 0; i < admission->accepted_count; i++) {
    const struct event *event = &admission->accepted[i];
    if (!erase_acts(event, rules_genesis(admission->rules))) continue;
    TRY(erase_apply(scope, admission->txn, event));
    erases = true;
  }
  if (!erases) return ADDUCE_OK;
  return erase_mark(scope, admission->txn, group->plan.size, options->captures,
                    options->capture_count);
}

static enum adduce_err write_accepted(struct adduce_scope *scope, struct group *group,
                                      struct admission *admission) {
  struct log *log = group->log;
  const struct append_request *first = group->requests;
  uint64_t entries, ids;
  TRY(make_ready(scope, log, admission->txn, admission->size));
  TRY(plan_accepted(scope, group, admission, log->edge));
  TRY(commit_sign(scope, &group->note, &group->plan, admission->rules, first->log_signer,
                  first->options->incoming_signer));
  TRY(commit_plan(scope, admission->txn, &group->plan, group->note, admission->rules));
  TRY(erase_accepted(scope, group, admission));
  TRY(store_count(scope, admission->txn, LOG_ENTRIES, &entries));
  TRY(ids_count(scope, admission->txn, &ids));
  INVARIANT(entries == group->plan.size && ids == group->plan.size);
  return ADDUCE_OK;
}

/* Nothing is new: the answer is the checkpoint that stands. */
static enum adduce_err repeat_latest(struct adduce_scope *scope, struct group *group,
                                     struct admission *admission) {
  struct adduce_span latest;
  struct merkle_reader tree = view_tiles(admission->txn);
  TRY(store_get(scope, admission->txn, LOG_META, span_text("latest"), &latest));
  group->note = scope_copy(scope, latest);
  if (group->note.data == NULL) return scope_no_memory(scope);
  group->plan = (struct plan){
      .first_index = admission->size,
      .size = admission->size,
      .recorded_at_us = group->last_us,
  };
  return merkle_root(scope, &group->plan.root, &tree, admission->size);
}

/* A dry run plans on an edge of its own: its receipt has the size and root there would be. */
static enum adduce_err pretend(struct adduce_scope *scope, struct group *group,
                               const struct admission *admission) {
  struct merkle_edge *edge = scope_new(scope, struct merkle_edge);
  if (edge == NULL) return scope_no_memory(scope);
  TRY(view_edge(scope, admission->txn, edge, admission->size));
  return plan_accepted(scope, group, admission, edge);
}

static enum adduce_err admit_and_write(struct adduce_scope *scope, struct group *group,
                                       struct admission *admission) {
  TRY(admit_all(scope, group, admission));
  bool dry_run = group->requests->options->dry_run;
  bool writes = admission->accepted_count != 0 && !dry_run;
  if (writes)
    TRY(write_accepted(scope, group, admission));
  else if (admission->accepted_count != 0)
    TRY(pretend(scope, group, admission));
  else
    TRY(repeat_latest(scope, group, admission));
  if (admission->own_rules == NULL || !writes) return ADDUCE_OK;
  struct rules *changed = admission->own_rules;
  admission->own_rules = NULL;
  view_release_rules(group->log, group->rules);
  group->rules = NULL;
  return view_share_rules(scope, group->log, &group->rules, changed);
}

/* The work of the transaction; may be run more than once. */
static enum adduce_err enter(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  struct group *group = context;
  struct admission admission;
  uint64_t size;
  view_release_rules(group->log, group->rules);
  group->rules = NULL;
  TRY(view_size(scope, txn, &size));
  TRY(view_acquire_rules(scope, group->log, txn, &group->rules, size));
  TRY(admission_begin(scope, &admission, txn, group->rules->rules, size, group->event_count));
  enum adduce_err err = admit_and_write(scope, group, &admission);
  admission_end(&admission);
  return err;
}

/* A dry run does the same in a reading transaction. */
static enum adduce_err rehearse(struct adduce_scope *scope, struct group *group) {
  struct store_txn *txn;
  TRY(store_begin_read(scope, group->log->store, &txn));
  enum adduce_err err = enter(group, scope, txn);
  store_end_read(&txn);
  return err;
}

/* --- after it -------------------------------------------------------------------------------*/

static enum adduce_err advance_lock(struct adduce_scope *scope, struct group *group) {
  struct log *log = group->log;
  struct store_txn *txn;
  struct headlock_head head =
      commit_head(&group->plan, rules_origin(group->rules->rules), group->note);
  TRY(store_begin_read(scope, log->store, &txn));
  struct merkle_reader tree = view_tiles(txn);
  enum adduce_err err = headlock_advance(scope, log->headlock_path, &head, &tree,
                                         log->head_known ? &log->head : NULL, log_lock_grown, log);
  store_end_read(&txn);
  log->head_known = false;
  if (err != ADDUCE_OK) return err;
  /* The origin must outlive these rules: the genesis fixes it, so the first copy serves. */
  if (log->head.origin.data == NULL) {
    pthread_mutex_lock(&log->lock);
    log->head.origin = scope_copy(log->scope, head.origin);
    pthread_mutex_unlock(&log->lock);
  }
  head.origin = log->head.origin;
  log->head = head;
  log->head_known = head.origin.data != NULL;
  return ADDUCE_OK;
}

static enum adduce_err write_receipt(const struct append_request *request,
                                     const struct group *group) {
  struct adduce_span note = span_of("", 0);
  if (!request->options->dry_run) note = scope_copy(request->scope, group->note);
  if (note.data == NULL) return scope_no_memory(request->scope);
  *request->receipt = (struct log_receipt){
      .size = group->plan.size,
      .root = group->plan.root,
      .recorded_at_us = group->plan.recorded_at_us,
      .checkpoint = note,
  };
  return ADDUCE_OK;
}

/* Tells every batch how it went; `err` is that of the whole. */
static void settle(struct adduce_scope *scope, struct group *group, enum adduce_err err) {
  const char *detail = scope_format(scope, "%s", adduce_scope_detail(scope));
  for (struct append_request *request = group->requests; request != NULL; request = request->next) {
    if (err == ADDUCE_OK && request->err == ADDUCE_OK) request->err = write_receipt(request, group);
    if (err != ADDUCE_OK) request->err = scope_fail(request->scope, err, "%s", detail);
  }
}

static bool any_taken(const struct group *group) {
  const struct append_request *request = group->requests;
  while (request != NULL && request->err != ADDUCE_OK) request = request->next;
  return request != NULL;
}

static enum adduce_err run(struct adduce_scope *scope, struct group *group) {
  struct log *log = group->log;
  uint64_t bytes = 0;
  if (group->requests->options->dry_run) return rehearse(scope, group);
  for (struct append_request *request = group->requests; request != NULL; request = request->next)
    bytes += commit_expected_bytes(request->events, request->count);
  TRY(store_write(scope, log->store, bytes, enter, group));
  if (group->plan.entry_count != 0) {
    log->edge_known = log->edge->size == group->plan.size;
    view_install_rules(log, group->rules);
    scope_trace(group->requests->scope, "appended %zu entries; %llu in all",
                group->plan.entry_count, (unsigned long long)group->plan.size);
  } else if (!any_taken(group)) {
    return ADDUCE_OK;
  }
  /* Also where all was there already: whoever wrote it may not have come as far as the lock. */
  enum adduce_err err = advance_lock(scope, group);
  if (err == ADDUCE_OK) return ADDUCE_OK;
  bool is_other = err == ADDUCE_E_ROLLBACK || err == ADDUCE_E_FORK;
  return scope_wrap(scope, is_other ? err : ADDUCE_E_OUTCOME_UNKNOWN,
                    "the entries are in the log, but its head lock did not follow: ");
}

/* --- taking turns ---------------------------------------------------------------------------*/

static bool has_control(const struct append_request *request) {
  for (size_t i = 0; i < request->count; i++)
    if (vocabulary_control_name(request->events[i].claim.parsed.kind)) return true;
  return false;
}

/* Batches go together when one of them being refused cannot touch the others, and when one
 * signer serves all. */
static bool goes_alone(const struct append_request *request) {
  return request->options->dry_run || request->options->incoming_signer != NULL ||
         has_control(request);
}

static bool goes_with(const struct append_request *first, const struct append_request *next,
                      size_t event_count) {
  return !goes_alone(next) && next->log_signer == first->log_signer &&
         event_count + next->count <= GROUP_EVENTS;
}

/* Takes the oldest waiting batch and those right behind that can go with it. */
static void take_group(struct log *log, struct group *group) {
  struct append_request *last = log->waiting;
  group->requests = last;
  group->event_count = last->count;
  bool alone = goes_alone(last);
  while (!alone && last->next != NULL &&
         goes_with(group->requests, last->next, group->event_count)) {
    last = last->next;
    group->event_count += last->count;
  }
  log->waiting = last->next;
  last->next = NULL;
}

/* Writes one group. The queue is unlocked meanwhile. What it needs of memory goes with it; the
 * batches' own scopes get no more than their answers. */
static void lead(struct log *log) {
  struct group group = {.log = log};
  struct adduce_scope *scope = log->work;
  take_group(log, &group);
  pthread_mutex_unlock(&log->queue_lock);
  enum adduce_err err = run(scope, &group);
  settle(scope, &group, err);
  view_release_rules(log, group.rules);
  adduce_scope_reset(scope);
  pthread_mutex_lock(&log->queue_lock);
  for (struct append_request *request = group.requests; request != NULL;) {
    struct append_request *next = request->next;
    request->done = true;
    request = next;
  }
}

static void wait_in_line(struct log *log, struct append_request *request) {
  pthread_mutex_lock(&log->queue_lock);
  struct append_request **end = &log->waiting;
  while (*end != NULL) end = &(*end)->next;
  *end = request;
  while (!request->done) {
    if (log->leading) {
      pthread_cond_wait(&log->queue_moved, &log->queue_lock);
      continue;
    }
    log->leading = true;
    lead(log);
    log->leading = false;
    pthread_cond_broadcast(&log->queue_moved);
  }
  pthread_mutex_unlock(&log->queue_lock);
}

enum adduce_err log_append(struct adduce_scope *scope, struct log *log,
                           struct log_appended *appended, struct log_receipt *receipt,
                           const struct event *events, size_t count,
                           const struct signer *log_signer,
                           const struct log_append_options *options) {
  TRY(log_writable(scope, log));
  if (count == 0 || log_signer == NULL)
    return scope_fail(scope, ADDUCE_E_USAGE,
                      count == 0 ? "there is nothing to append"
                                 : "appending needs the log's key, to sign the checkpoint");
  struct append_request request = {
      .scope = scope,
      .appended = appended,
      .receipt = receipt,
      .events = events,
      .count = count,
      .log_signer = log_signer,
      .options = options,
  };
  wait_in_line(log, &request);
  return request.err;
}
