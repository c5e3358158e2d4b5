/* SPDX-License-Identifier: Apache-2.0 */
/* Push and pull. */
#include <inttypes.h>
#include <string.h>

#include "commands.h"
#include "depot.h"
#include "filestream.h"
#include "intake.h"
#include "keys.h"
#include "shown.h"

#define LIST_MAX 256 /* of --to, and of --withhold */

/* --- push ----------------------------------------------------------------------------------*/

static void print_pushed(struct session *session, const struct adduce_value *report) {
  (void)session;
  if (shown_integer(report, "bundles") == 0) {
    printf("%s is up to date: %" PRId64 " entries\n", shown_text(report, "name"),
           shown_integer(report, "to"));
    return;
  }
  printf("pushed entries %" PRId64 " to %" PRId64 " to %s, %" PRId64 " bytes\n",
         shown_integer(report, "from"), shown_integer(report, "to") - 1, shown_text(report, "name"),
         shown_integer(report, "bytes"));
}

static enum adduce_err push(struct session *session, struct depot *depot) {
  const struct adduce_value *report;
  const char *name = session_operand(session, 0), *recipients[LIST_MAX], *withhold[LIST_MAX];
  struct adduce_key keys[KEYS_SEAL_MAX];
  struct adduce_export_options options = {
      .seal_to = keys,
      .recipients = recipients,
      .recorded_for = name,
      .withhold = withhold,
      .handling = command_argument(&session->options, "handling"),
      .purpose = command_argument(&session->options, "purpose"),
      .captures = command_has(&session->options, "captures"),
      .no_record = command_has(&session->options, "no-record"),
      .author = session->author,
  };
  TRY(session_list(session, recipients, &options.recipient_count, LIST_MAX, "to"));
  TRY(session_list(session, withhold, &options.withhold_count, LIST_MAX, "withhold"));
  TRY(keys_to_seal(session, keys, &options.seal_to_count));
  TRY(adduce_push(session->scope, session->ledger, &report, name, &depot->means, &options));
  return session_answer(session, report, print_pushed);
}

static enum adduce_err run_push(struct session *session) {
  struct depot depot;
  TRY(session_open_files(session));
  TRY(depot_of_remote(session, &depot, session_operand(session, 0)));
  enum adduce_err err = session_open_signers(session);
  if (err == ADDUCE_OK) err = push(session, &depot);
  depot_close(&depot);
  return err;
}

static const struct command_option push_options[] = {
    {0, "to", "NAME",
     "for whom alone; without it, whoever gets it may import it. May be given more than once", NULL,
     NULL},
    {0, "withhold", "[ID:]FIELD[/INDEX]", "leave a field or an element out, as for export", NULL,
     NULL},
    {0, "seal", "KEY",
     "so that only the holder of this key can read it, and you; instead of the remote's keys. May "
     "be "
     "given more than once",
     NULL, NULL},
    {0, "handling", "LEVEL", "leave out contents of a higher level; amber if not said", NULL, NULL},
    {0, "captures", NULL, "with the captured documents of the sources", NULL, NULL},
    {0, "purpose", "TEXT", "what for", NULL, NULL},
    {0, "no-record", NULL, "do not log that it was given", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command push_command = {
    .name = "push",
    .summary = "leave at a remote what is new",
    .usage = "NAME [OPTION...]",
    .text =
        "Writes a bundle of every entry since the last push, puts it into the remote's depot, and "
        "after it the checkpoint. Bundles are never replaced. Over HTTP they are PUT, and only "
        "where there is none.",
    .examples = "  adduce push outbox --to partner.example\n",
    .groups = COMMAND_SIGNING,
    .options = push_options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run_push,
};

/* --- pull ----------------------------------------------------------------------------------*/

static void print_recalled(struct session *session, const struct adduce_value *recalled) {
  for (size_t i = 0; i < adduce_value_count(recalled); i++) {
    const struct adduce_value *each = adduce_value_at(recalled, i);
    const struct adduce_value *rests = adduce_value_get(each, "rests");
    printf("  recalled  %s %s, by the %s #%" PRId64 "%s\n", shown_event(session, each),
           shown_text(each, "kind"), shown_text(each, "act"), shown_integer(each, "by"),
           shown_flag(each, "marked") ? ", and marked as such" : "");
    for (size_t k = 0; k < adduce_value_count(rests); k++)
      printf("            %s rests on it, %s\n", shown_event(session, adduce_value_at(rests, k)),
             shown_text(adduce_value_at(rests, k), "kind"));
  }
}

static void print_pulled(struct session *session, const struct adduce_value *report) {
  if (shown_integer(report, "bundles") == 0) {
    printf("nothing is new: %" PRId64 " entries of %s\n", shown_integer(report, "to"),
           shown_text(report, "origin"));
    return;
  }
  printf("pulled entries %" PRId64 " to %" PRId64 " of %s, %" PRId64 " bytes\n",
         shown_integer(report, "from"), shown_integer(report, "to") - 1,
         shown_text(report, "origin"), shown_integer(report, "bytes"));
  intake_print_count(report, "admitted", "admitted");
  intake_print_others(report);
  print_recalled(session, adduce_value_get(report, "recalled"));
}

static enum adduce_err pull(struct session *session, struct depot *depot) {
  const struct adduce_value *report;
  struct adduce_span evidence;
  struct adduce_import_options options;
  struct adduce_signer *opens;
  TRY(intake_options(session, &options));
  TRY(keys_to_open(session, &opens));
  options.open_with = opens;
  enum adduce_err err = adduce_pull(session->scope, session->ledger, &report, &evidence,
                                    session_operand(session, 0), &depot->means, &options);
  adduce_signer_close(&opens);
  if (evidence.size != 0) return intake_keep_evidence(session, "pull.equivocation", evidence, err);
  if (err == ADDUCE_E_ROLLBACK)
    session->hint =
        "ask who keeps it: an older state is no proof of a wrong one, and hides what "
        "came since";
  return err == ADDUCE_OK ? session_answer(session, report, print_pulled) : err;
}

static enum adduce_err run_pull(struct session *session) {
  struct depot depot;
  TRY(session_open_files(session));
  TRY(depot_of_remote(session, &depot, session_operand(session, 0)));
  enum adduce_err err = session_open_signers(session);
  if (err == ADDUCE_OK) err = pull(session, &depot);
  depot_close(&depot);
  return err;
}

static const struct command_option pull_options[] = {
    FILESTREAM_OPTIONS,
    {0, "accept-recipient", NULL, "take what is for somebody else", NULL, NULL},
    {0, "admit", NULL, "admit by hand what the policy would keep waiting", NULL, NULL},
    {0, "quarantine", NULL, "keep waiting what the policy would admit", NULL, NULL},
    {'o', "output", "FILE", "where evidence of two histories goes, if there is any", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command pull_command = {
    .name = "pull",
    .summary = "take from a remote what is new",
    .usage = "NAME [OPTION...]",
    .text =
        "Takes the bundles since the last pull from the remote's depot, each verified and imported "
        "before the next. Says what the source has taken back since: what it retracted, corrected "
        "or erased, or whose author's key it revoked, of what came before, and what rests on that "
        "here; claims of a revoked key are marked revoked-at-source in answers from then on. A "
        "checkpoint that does not extend the one pulled last is refused, and becomes a "
        "file of evidence.",
    .examples = "  adduce pull partner\n",
    .groups = COMMAND_SIGNING,
    .options = pull_options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run_pull,
};
