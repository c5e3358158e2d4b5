/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include <string.h>

#include "commands.h"
#include "evidence.h"
#include "shown.h"

#define DIGESTED_SHOWN 15

static void print_projections(struct session *session, const struct adduce_value *projections) {
  struct columns columns;
  if (adduce_value_count(projections) == 0) return;
  columns_init(&columns, 3);
  columns.is_right[1] = true;
  for (size_t i = 0; i < adduce_value_count(projections); i++) {
    const struct adduce_value *each = adduce_value_at(projections, i);
    columns_add(&columns,
                (const char *const[]){shown_text(each, "name"),
                                      text_format("%" PRId64 " rows", shown_integer(each, "rows")),
                                      shown_id(session, adduce_value_get(each, "digest"))});
  }
  shown_heading(session, "Projections");
  columns_print(&session->screen, &columns, 2);
}

static void print_digested(struct session *session, const struct adduce_value *digested) {
  static const char *const counts[] = {"same", "different", "retracted", "not_comparable"};
  const struct adduce_value *lines = adduce_value_get(digested, "lines");
  int64_t total = 0;
  for (size_t i = 0; i < 4; i++) total += shown_integer(digested, counts[i]);
  if (total == 0) return;
  shown_heading(session, "Digests of the state on the log");
  printf("  %" PRId64 " same, %" PRId64 " different, %" PRId64 " not comparable\n",
         shown_integer(digested, "same"),
         shown_integer(digested, "different") + shown_integer(digested, "retracted"),
         shown_integer(digested, "not_comparable"));
  for (size_t i = 0; i < adduce_value_count(lines) && i < DIGESTED_SHOWN; i++) {
    const struct adduce_value *each = adduce_value_at(lines, i);
    const char *why = shown_text(each, "because");
    screen_prose(&session->screen, text_format("  %s ", shown_event(session, each)), 4,
                 text_format("%s %s%s%s", shown_text(each, "projection"),
                             shown_text(each, "verdict"), why[0] == '\0' ? "" : ", because ", why));
  }
  if (adduce_value_count(lines) > DIGESTED_SHOWN)
    printf("  and %zu more; --json has all\n", adduce_value_count(lines) - DIGESTED_SHOWN);
}

static void print_report(struct session *session, const struct adduce_value *report) {
  static const char *const counts[] = {"entries",     "contents",   "withheld",
                                       "erasures",    "signatures", "controls",
                                       "checkpoints", "captures",   "quarantined"};
  const struct adduce_value *root = adduce_value_get(report, "root");
  struct columns columns;
  columns_init(&columns, 2);
  columns.is_right[1] = true;
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
    if (adduce_value_get(report, counts[i]) != NULL)
      columns_add(&columns, (const char *const[]){
                                counts[i], shown_value(adduce_value_get(report, counts[i]))});
  columns_print(&session->screen, &columns, 0);
  if (shown_flag(report, "erasing"))
    puts("an erasure is not finished; `adduce compact` finishes it");
  if (root != NULL && adduce_value_bytes(root).size == 32)
    printf("root  %s\n", text_hex(adduce_value_bytes(root).data, 64));
  if (adduce_value_get(report, "state") != NULL)
    printf("state %s\n", text_hex(adduce_value_bytes(adduce_value_get(report, "state")).data, 64));
  print_projections(session, adduce_value_get(report, "projections"));
  print_digested(session, adduce_value_get(report, "digested"));
  evidence_print(session, report);
}

/* The policy, over the checkpoint of this size with the cosignatures that are kept for it. */
static enum adduce_err judge_policy(struct session *session, const struct adduce_value *verified,
                                    const struct adduce_policy *policy) {
  const struct adduce_value *report, *entries = adduce_value_get(verified, "entries");
  const struct adduce_span none = {NULL, 0};
  const char *note, *before, *after;
  TRY(adduce_cosigned(session->scope, session->ledger, &note,
                      (uint64_t)adduce_value_integer(entries)));
  if (note == NULL) TRY(adduce_checkpoint(session->scope, session->ledger, &note));
  const struct adduce_span file = {(const uint8_t *)note, strlen(note)};
  enum adduce_err err = adduce_check_file(session->scope, &report, file, policy, none);
  if (!session->is_json || err != ADDUCE_OK)
    return evidence_answer(session, report, evidence_print, err);
  TRY(adduce_value_to_json(session->scope, &before, verified, false));
  TRY(adduce_value_to_json(session->scope, &after, report, false));
  return session_answer_json(session,
                             text_format("{\"verified\":%s,\"policy\":%s}", before, after));
}

static enum adduce_err run(struct session *session) {
  const struct adduce_policy *policy;
  struct adduce_verify_options how = {
      .no_signatures = command_has(&session->options, "no-signatures"),
      .entries_only = command_has(&session->options, "entries-only"),
  };
  const struct adduce_value *report = NULL;
  uint64_t threads;
  if (!command_number(&session->options, "threads", &threads, 0) || threads > 1024)
    return session_fail(session, ADDUCE_E_USAGE, "--threads needs a number up to 1024, not \"%s\"",
                        command_argument(&session->options, "threads"));
  how.threads = (unsigned)threads;
  session->pages_first = true;
  TRY(session_open(session));
  TRY(evidence_policy(session, &policy));
  enum adduce_err err = adduce_verify(session->scope, session->ledger, &report, &how);
  if (err == ADDUCE_OK && (policy == NULL || !session->is_json))
    TRY(session_answer(session, report, print_report));
  if (err == ADDUCE_OK) return policy == NULL ? err : judge_policy(session, report, policy);
  /* What is wrong comes first in importance, so last; before it, how far the check came. */
  if (report != NULL && !session->is_json) {
    bar_clear(&session->bar);
    print_report(session, report);
    fflush(stdout);
  }
  return err;
}

static const struct command_option options[] = {
    {0, "no-signatures", NULL, "check everything but the signatures", NULL, NULL},
    {0, "entries-only", NULL, "check the entries and their tree, and nothing else", NULL, NULL},
    EVIDENCE_TRUST_OPTIONS,
    {'j', "threads", "N", "with so many threads; without it, one a processor", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command verify_command = {
    .name = "verify",
    .summary = "check everything",
    .usage = "[OPTION...]",
    .text =
        "Checks everything: encoding, signatures, commitments, the tree, the checkpoint, each key "
        "at "
        "its position, the index of ids, captures against their digests, and the projections "
        "against a fresh replay. It says what that proves and what it cannot prove. It ends with 1 "
        "or 6, and the first place that is wrong, if anything is. With --policy it also says which "
        "of its "
        "rules the latest checkpoint meets or misses, by the cosignatures that are kept.",
    .examples =
        "  adduce verify\n"
        "  adduce -C backup-2025-12 verify --no-signatures\n",
    .options = options,
    .run = run,
};
