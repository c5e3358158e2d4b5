/* SPDX-License-Identifier: Apache-2.0 */
/* Verification of everything a ledger holds, and what that proves. */
#include "adduce/ledger.h"

#include <stdatomic.h>

#include "ledger/capture.h"
#include "ledger/digested.h"
#include "ledger/proof.h"
#include "ledger/skeletons.h"
#include "log/erase.h"
#include "sys/workers.h"

/* What the digests on the log come to, where there are any. */
static void conclude_digested(struct adduce_scope *scope, const struct adduce_value *report,
                              struct adduce_value *proven, struct adduce_value *not_proven) {
  const struct adduce_value *digested = adduce_value_get(report, "digested");
  long long same = (long long)adduce_value_integer(adduce_value_get(digested, "same"));
  long long rest = (long long)adduce_value_integer(adduce_value_get(digested, "not_comparable"));
  if (same != 0)
    proof_say(scope, proven, "%lld digest%s of the state on the log %s what a fresh replay gives.",
              same, same == 1 ? "" : "s", same == 1 ? "is" : "are");
  if (rest != 0)
    proof_say(scope, not_proven,
              "%lld digest%s of the state on the log cannot be compared here, which says nothing "
              "against %s.",
              rest, rest == 1 ? "" : "s", rest == 1 ? "it" : "them");
}

static void conclude_foreign(struct adduce_scope *scope, const struct adduce_value *report,
                             struct adduce_value *proven, struct adduce_value *not_proven) {
  long long count = (long long)adduce_value_integer(adduce_value_get(report, "foreign"));
  long long missing =
      (long long)adduce_value_integer(adduce_value_get(report, "skeletons_missing"));
  if (count == 0) return;
  if (missing == 0)
    proof_say(scope, proven,
              "Each of %lld foreign entries is in the tree of its source, by the skeleton of the "
              "bundle that brought it.",
              count);
  else
    proof_say(scope, proven,
              "Each of %lld foreign entries stands behind the import that brought it.", count);
  if (missing != 0)
    proof_say(scope, not_proven,
              "That the entries of %lld imports stood in their source: the skeletons of their "
              "bundles are not here.",
              missing);
}

/* What a check of this depth shows, and what no check of a ledger by itself can show. */
static void conclude(struct adduce_scope *scope, struct adduce_value *report,
                     const struct adduce_verify_options *options) {
  struct adduce_value *proven = value_list(scope), *not_proven = value_list(scope);
  proof_say(scope, proven, "Every entry is in the tree that the checkpoint signs, in this order.");
  if (!options->entries_only) {
    proof_say(scope, proven, "Every content held here is the one its author committed to.");
    proof_say_authorized(scope, proven, not_proven,
                         (uint64_t)adduce_value_integer(adduce_value_get(report, "foreign")));
    conclude_foreign(scope, report, proven, not_proven);
    proof_say(scope, proven,
              "Nothing that was erased is held, of contents and of what is made of them.");
    proof_say(scope, proven, "The state shown is the one a fresh replay of the entries gives.");
  }
  if (!options->entries_only && !options->no_signatures)
    proof_say(scope, proven, "Every claim was signed by the key that it names as its author.");
  else
    proof_say(scope, not_proven,
              "That claims were signed by their authors: not checked this time.");
  conclude_digested(scope, report, proven, not_proven);
  proof_say(scope, not_proven, "That what is claimed is true.");
  proof_say(scope, not_proven,
            "That the times authors give are right; recorded times are this log's.");
  proof_say(scope, not_proven,
            "That nobody was shown another history: for that, compare checkpoints with others.");
  value_set(scope, report, "proven", proven);
  value_set(scope, report, "not_proven", not_proven);
}

static void report_counts(struct adduce_scope *scope, struct adduce_value *report,
                          const struct log_check_report *counts) {
  value_set_integer(scope, report, "entries", (int64_t)counts->entries);
  value_set_integer(scope, report, "contents", (int64_t)counts->contents);
  value_set_integer(scope, report, "withheld", (int64_t)counts->withheld);
  value_set_integer(scope, report, "erasures", (int64_t)counts->erasures);
  value_set_integer(scope, report, "signatures", (int64_t)counts->signatures);
  value_set_integer(scope, report, "controls", (int64_t)counts->controls);
  value_set_integer(scope, report, "checkpoints", (int64_t)counts->checkpoints);
  value_set_integer(scope, report, "quarantined", (int64_t)counts->quarantined);
  if (counts->foreign != 0) value_set_integer(scope, report, "foreign", (int64_t)counts->foreign);
  value_set_bytes32(scope, report, "root", counts->root.bytes);
}

/* --- the projections, beside the log --------------------------------------------------------*/

/* The projections against a replay, on a thread of its own while the log is checked; it sees what
 * the log's own check has not passed yet, so nothing of it is told before that has. */
struct replay {
  struct adduce_ledger *ledger;
  struct adduce_scope *scope; /* its own */
  uint64_t size;              /* of the log that the projections cover */
  enum adduce_err err;
  struct workers_aside aside;
  _Atomic bool is_stopped;
  _Atomic unsigned long long done, total;
};

static int note_progress(void *context, const char *what, unsigned long long done,
                         unsigned long long total) {
  struct replay *replay = context;
  (void)what;
  atomic_store(&replay->done, done);
  atomic_store(&replay->total, total);
  return atomic_load(&replay->is_stopped);
}

/* No transaction outlives it: the log's check may take much longer. */
static void run_replay(void *context) {
  struct replay *replay = context;
  struct fold_feed feed = world_feed(replay->ledger);
  struct ledger_world world;
  bool may_be_stale = true;
  /* An erasure that comes meanwhile is in what is replayed, and not in the rows: only rows that
   * differ in a log that has not grown since are wrong. */
  for (uint64_t last = UINT64_MAX; may_be_stale; last = replay->size) {
    replay->err = world_open(replay->scope, &world, replay->ledger);
    if (replay->err != ADDUCE_OK) return;
    replay->size = world.query.size;
    replay->err = fold_check(replay->scope, world.query.rows, &feed);
    may_be_stale = replay->err == ADDUCE_E_FAILED && replay->size != last;
    world_close(&world);
  }
}

static enum adduce_err open_replay(struct adduce_scope *scope, struct replay *replay,
                                   struct adduce_ledger *ledger) {
  *replay = (struct replay){.ledger = ledger};
  if (adduce_scope_open(&replay->scope, 0) != ADDUCE_OK) return scope_no_memory(scope);
  adduce_scope_progress(replay->scope, note_progress, replay);
  return ADDUCE_OK;
}

/* Waits, and lets the caller be interrupted meanwhile. */
static enum adduce_err await_replay(struct adduce_scope *scope, struct replay *replay) {
  enum adduce_err err = ADDUCE_OK;
  while (err == ADDUCE_OK && !workers_wait(&replay->aside, 100))
    err = scope_progress(scope, "comparing the projections", atomic_load(&replay->done),
                         atomic_load(&replay->total));
  if (err != ADDUCE_OK) return err;
  if (replay->err == ADDUCE_OK) return ADDUCE_OK;
  return scope_fail(scope, replay->err, "%s", adduce_scope_detail(replay->scope));
}

static void close_replay(struct replay *replay) {
  atomic_store(&replay->is_stopped, true);
  if (replay->aside.is_running) (void)!workers_wait(&replay->aside, 0);
  adduce_scope_close(&replay->scope);
}

/* --- the whole --------------------------------------------------------------------------------*/

static enum adduce_err report_checkpoint(struct adduce_scope *scope, struct adduce_value *report,
                                         struct adduce_ledger *ledger) {
  struct log_view view;
  struct adduce_span note;
  struct erase_pending pending;
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = log_view_checkpoint(scope, &view, &note);
  if (err == ADDUCE_OK) value_set(scope, report, "checkpoint", value_str(scope, note));
  if (err == ADDUCE_OK) err = erase_pending(scope, &view, &pending);
  if (err == ADDUCE_OK && pending.is_pending)
    value_set(scope, report, "erasing", value_boolean(scope, true));
  log_view_close(&view);
  return err;
}

static enum adduce_err check_log(struct adduce_scope *scope, struct adduce_value *report,
                                 struct adduce_ledger *ledger,
                                 const struct adduce_verify_options *options) {
  struct log_check_report counts = {0};
  const struct log_check_options check = {
      .no_signatures = options->no_signatures,
      .entries_only = options->entries_only,
      .pages_checked = true,
      .threads = options->threads,
  };
  enum adduce_err err = log_check(scope, ledger->log, &counts, &check);
  report_counts(scope, report, &counts);
  return err == ADDUCE_OK ? report_checkpoint(scope, report, ledger) : err;
}

/* The digests, of the state that was compared; should the log have grown since, of one that is
 * compared now. */
static enum adduce_err check_digests(struct adduce_scope *scope, struct adduce_value *report,
                                     const struct replay *replay, unsigned threads) {
  struct ledger_world world;
  struct fold_feed feed = world_feed(replay->ledger);
  TRY(world_open(scope, &world, replay->ledger));
  enum adduce_err err = ADDUCE_OK;
  if (world.query.size != replay->size) err = fold_check(scope, world.query.rows, &feed);
  if (err == ADDUCE_OK) err = digested_check(scope, &world, report, threads);
  world_close(&world);
  return err;
}

static enum adduce_err check_skeletons(struct adduce_scope *scope, struct adduce_value *report,
                                       struct adduce_ledger *ledger) {
  struct skeletons_report found;
  TRY(skeletons_check(scope, ledger, &found));
  if (found.whole + found.missing == 0) return ADDUCE_OK;
  value_set_integer(scope, report, "skeletons", (int64_t)found.whole);
  value_set_integer(scope, report, "skeletons_missing", (int64_t)found.missing);
  return ADDUCE_OK;
}

/* On one thread the replay comes after the log. */
static enum adduce_err check_all(struct adduce_scope *scope, struct adduce_value *report,
                                 struct replay *replay,
                                 const struct adduce_verify_options *options) {
  uint64_t captures = 0;
  if (options->threads != 1) workers_begin(&replay->aside, run_replay, replay);
  TRY(check_log(scope, report, replay->ledger, options));
  TRY(capture_check_all(scope, replay->ledger, &captures));
  TRY(check_skeletons(scope, report, replay->ledger));
  if (options->threads == 1) run_replay(replay);
  TRY(await_replay(scope, replay));
  TRY(check_digests(scope, report, replay, options->threads));
  value_set_integer(scope, report, "captures", (int64_t)captures);
  return ADDUCE_OK;
}

static enum adduce_err check_entries(struct adduce_scope *scope, struct adduce_value *report,
                                     struct adduce_ledger *ledger,
                                     const struct adduce_verify_options *options) {
  TRY(check_log(scope, report, ledger, options));
  value_set_integer(scope, report, "captures", 0);
  return ADDUCE_OK;
}

static enum adduce_err check_whole(struct adduce_scope *scope, struct adduce_value *report,
                                   struct adduce_ledger *ledger,
                                   const struct adduce_verify_options *options) {
  struct replay replay;
  TRY(open_replay(scope, &replay, ledger));
  enum adduce_err err = check_all(scope, report, &replay, options);
  close_replay(&replay);
  return err;
}

/* Every page is looked at before anything follows one. */
static enum adduce_err verify_all(struct adduce_scope *scope, struct adduce_value *report,
                                  struct adduce_ledger *ledger,
                                  const struct adduce_verify_options *options) {
  enum adduce_err err = store_check(scope, log_store(ledger->log));
  if (err != ADDUCE_OK) {
    report_counts(scope, report, &(struct log_check_report){0});
    return err;
  }
  if (options->entries_only)
    TRY(check_entries(scope, report, ledger, options));
  else
    TRY(check_whole(scope, report, ledger, options));
  conclude(scope, report, options);
  return value_finish(scope);
}

enum adduce_err adduce_verify(struct adduce_scope *scope, struct adduce_ledger *ledger,
                              const struct adduce_value **report,
                              const struct adduce_verify_options *options) {
  static const struct adduce_verify_options everything = {0};
  struct adduce_value *map = value_map(scope);
  *report = map;
  return verify_all(scope, map, ledger, options == NULL ? &everything : options);
}
