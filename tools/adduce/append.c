/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "ingest.h"
#include "place.h"
#include "submit.h"

static enum adduce_err append_by_hand(struct session *session) {
  struct compose compose;
  TRY(session_open_files(session));
  TRY(compose_begin(&compose, session, session_operand(session, 0)));
  for (int i = 1; i < session->options.operand_count; i++) {
    const char *word = session_operand(session, i);
    if (!compose_is_field(word))
      return session_fail(session, ADDUCE_E_USAGE, "\"%s\" is no FIELD=VALUE", word);
    TRY(compose_word(&compose, word));
  }
  TRY(compose_options(&compose));
  return submit_composed(&compose);
}

static enum adduce_err append_files(struct session *session) {
  char dash[] = "-", *standard_input[] = {dash};
  const struct options *options = &session->options;
  bool any = options->operand_count > 0;
  uint64_t batch;
  if (!command_number(options, "batch", &batch, INGEST_BATCH) || batch == 0)
    return session_fail(session, ADDUCE_E_USAGE, "--batch needs a number from 1, not \"%s\"",
                        command_argument(options, "batch"));
  static const char *const by_hand[] = {"cite", "said", "ref", "handling", "claimed-at"};
  for (size_t i = 0; i < sizeof by_hand / sizeof *by_hand; i++)
    if (command_has(options, by_hand[i]))
      return session_fail(session, ADDUCE_E_USAGE, "--%s is for a claim by hand, not for a file",
                          by_hand[i]);
  if (!any && isatty(STDIN_FILENO) == 1)
    return session_fail(session, ADDUCE_E_USAGE,
                        "name a file of claims, a kind, or - to type them");
  TRY(session_open_files(session));
  TRY(session_open_signers(session));
  return ingest_run(session, any ? options->operands : standard_input,
                    any ? options->operand_count : 1, batch);
}

/* A first word is a file if there is one of that name, and a kind if a field follows it or if it
 * looks like one: noun.verb. */
static bool names_kind(const struct session *session) {
  const char *first = session_operand(session, 0), *second = session_operand(session, 1);
  if (first == NULL || strcmp(first, "-") == 0) return false;
  if (second != NULL && compose_is_field(second)) return true;
  return !place_exists(first) && strchr(first, '/') == NULL && strchr(first, '.') != NULL &&
         strstr(first, "json") == NULL;
}

static enum adduce_err run(struct session *session) {
  return names_kind(session) ? append_by_hand(session) : append_files(session);
}

static const struct command_option options[] = {
    {'b', "batch", "N", "claims of a file to a transaction; 1000 without it", NULL, NULL},
    {'v', "verbose", NULL, "of a file: list every claim with its index and id", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command append_command = {
    .name = "append",
    .summary = "append claims: from a file, or one by hand",
    .usage =
        "[OPTION...] [FILE...|-]\n"
        "[OPTION...] KIND FIELD=VALUE...",
    .text =
        "Signs claims and appends them. A file holds one claim a line, as JSON; up to 1000 of them "
        "are one transaction, written whole or not at all, and every error is said with its line. "
        "By hand, FIELD=VALUE takes the value as the field's type reads it, FIELD:=JSON any "
        "value, FIELD:unknown and FIELD:none what is not known or not there; a field that "
        "repeats may be given again. `adduce kinds KIND` lists the fields.",
    .examples =
        "  adduce append claims.ndjson\n"
        "  adduce append --dry-run - <claims.ndjson\n"
        "  adduce append meeting.held subject=meeting/talks place=Minsk duration=P2D closed=true\n"
        "  adduce append fact.asserted subject=group/detainees property=nationality value=by \\\n"
        "    quantity=majority:123 --said reports=outlet.example/news --cite 1:120-184\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = options,
    .operands_min = 0,
    .operands_max = -1,
    .run = run,
};
