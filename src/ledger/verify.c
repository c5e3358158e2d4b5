/* SPDX-License-Identifier: Apache-2.0 */
/* Verification of everything a ledger holds, and what that proves. */
#include "adduce/ledger.h"

#include "ledger/capture.h"
#include "ledger/digested.h"

static void say(struct adduce_scope *scope, struct adduce_value *list, const char *sentence) {
  value_add(scope, list, value_text(scope, sentence));
}

/* What the digests on the log come to, where there are any. */
static void conclude_digested(struct adduce_scope *scope, const struct adduce_value *report,
                              struct adduce_value *proven, struct adduce_value *not_proven) {
  const struct adduce_value *digested = adduce_value_get(report, "digested");
  long long same = (long long)adduce_value_integer(adduce_value_get(digested, "same"));
  long long rest = (long long)adduce_value_integer(adduce_value_get(digested, "not_comparable"));
  if (same != 0)
    say(scope, proven,
        scope_format(scope, "%lld digest%s of the state on the log %s what a fresh replay gives.",
                     same, same == 1 ? "" : "s", same == 1 ? "is" : "are"));
  if (rest != 0)
    say(scope, not_proven,
        scope_format(scope,
                     "%lld digest%s of the state on the log cannot be compared here, which says "
                     "nothing against %s.",
                     rest, rest == 1 ? "" : "s", rest == 1 ? "it" : "them"));
}

/* What a check of this depth shows, and what no check of a ledger by itself can show. */
static void conclude(struct adduce_scope *scope, struct adduce_value *report,
                     const struct adduce_verify_options *options) {
  struct adduce_value *proven = value_list(scope), *not_proven = value_list(scope);
  say(scope, proven, "Every entry is in the tree that the checkpoint signs, in this order.");
  if (!options->entries_only) {
    say(scope, proven, "Every content held here is the one its author committed to.");
    say(scope, proven, "Every author was authorized at the position of the claim.");
    say(scope, proven, "The state shown is the one a fresh replay of the entries gives.");
  }
  if (!options->entries_only && !options->no_signatures)
    say(scope, proven, "Every claim was signed by the key that it names as its author.");
  else
    say(scope, not_proven, "That claims were signed by their authors: not checked this time.");
  conclude_digested(scope, report, proven, not_proven);
  say(scope, not_proven, "That what is claimed is true.");
  say(scope, not_proven, "That the times authors give are right; recorded times are this log's.");
  say(scope, not_proven,
      "That nobody was shown another history: for that, compare checkpoints with others.");
  value_set(scope, report, "proven", proven);
  value_set(scope, report, "not_proven", not_proven);
}

static void report_counts(struct adduce_scope *scope, struct adduce_value *report,
                          const struct log_check_report *counts) {
  value_set_integer(scope, report, "entries", (int64_t)counts->entries);
  value_set_integer(scope, report, "contents", (int64_t)counts->contents);
  value_set_integer(scope, report, "withheld", (int64_t)counts->withheld);
  value_set_integer(scope, report, "signatures", (int64_t)counts->signatures);
  value_set_integer(scope, report, "controls", (int64_t)counts->controls);
  value_set_integer(scope, report, "checkpoints", (int64_t)counts->checkpoints);
  value_set_integer(scope, report, "quarantined", (int64_t)counts->quarantined);
  value_set(scope, report, "root", value_bytes(scope, span_of(counts->root.bytes, 32)));
}

static enum adduce_err verify_projections(struct adduce_scope *scope, struct adduce_value *report,
                                          struct adduce_ledger *ledger, unsigned threads) {
  struct ledger_world world;
  struct fold_feed feed = world_feed(ledger);
  TRY(world_open(scope, &world, ledger));
  enum adduce_err err = fold_check(scope, world.query.rows, &feed);
  if (err == ADDUCE_OK) err = digested_check(scope, &world, report, threads);
  world_close(&world);
  return err;
}

static enum adduce_err report_checkpoint(struct adduce_scope *scope, struct adduce_value *report,
                                         struct adduce_ledger *ledger) {
  struct log_view view;
  struct adduce_span note;
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = log_view_checkpoint(scope, &view, &note);
  if (err == ADDUCE_OK) value_set(scope, report, "checkpoint", value_str(scope, note));
  log_view_close(&view);
  return err;
}

static enum adduce_err verify_all(struct adduce_scope *scope, struct adduce_value *report,
                                  struct adduce_ledger *ledger,
                                  const struct adduce_verify_options *options) {
  struct log_check_report counts = {0};
  const struct log_check_options check = {
      .no_signatures = options->no_signatures,
      .entries_only = options->entries_only,
      .threads = options->threads,
  };
  uint64_t captures = 0;
  enum adduce_err err = log_check(scope, ledger->log, &counts, &check);
  report_counts(scope, report, &counts);
  if (err != ADDUCE_OK) return err;
  TRY(report_checkpoint(scope, report, ledger));
  if (!options->entries_only) {
    TRY(capture_check_all(scope, ledger, &captures));
    TRY(verify_projections(scope, report, ledger, options->threads));
  }
  value_set_integer(scope, report, "captures", (int64_t)captures);
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
