/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "shown.h"

/* "name/2" of the command line is "name.2" in a claim. */
static const char *path_of(const char *word) {
  const char *slash = strchr(word, '/');
  if (slash == NULL) return word;
  return text_format("%.*s.%s", (int)(slash - word), word, slash + 1);
}

static void read_paths(struct session *session, struct adduce_erasure *erasure) {
  size_t count = (size_t)session->options.operand_count - 1;
  const char **paths = text_allocate((count + 1) * sizeof *paths);
  for (size_t i = 0; i < count; i++) paths[i] = path_of(session_operand(session, (int)i + 1));
  erasure->paths = paths;
  erasure->path_count = count;
}

/* --- what is said ---------------------------------------------------------------------------*/

static void print_captures(const struct session *session, const struct adduce_value *captures,
                           bool is_done) {
  for (size_t i = 0; i < adduce_value_count(captures); i++) {
    const struct adduce_value *each = adduce_value_at(captures, i);
    const char *digest = shown_id(session, adduce_value_get(each, "digest"));
    if (shown_flag(each, "removed"))
      printf("  captured document %s: %s\n", digest, is_done ? "removed" : "would be removed");
    else
      printf(
          "  captured document %s: kept, and what is erased stands in it; --capture on the source "
          "that names it removes it\n",
          digest);
  }
}

static void print_rows(const struct adduce_value *rows) {
  for (size_t i = 0; i < adduce_value_count(rows); i++) {
    const struct adduce_value *each = adduce_value_at(rows, i);
    printf("  rows in %s: %" PRId64 ", before %" PRId64 "\n", shown_text(each, "projection"),
           shown_integer(each, "after"), shown_integer(each, "before"));
  }
}

static void print_report(struct session *session, const struct adduce_value *report) {
  const struct adduce_value *event = adduce_value_get(report, "event");
  const struct adduce_value *paths = adduce_value_get(report, "paths");
  const struct adduce_value *standing = adduce_value_get(report, "standing");
  bool is_dry = shown_flag(report, "dry_run");
  printf("%s %s of %s, %s\n", is_dry ? "would erase" : "erased",
         paths == NULL ? "all content" : shown_value(paths), shown_event(session, event),
         shown_text(event, "kind"));
  if (strcmp(shown_text(standing, "before"), shown_text(standing, "after")) != 0)
    printf("  the claim %s incomplete: it says nothing any more\n", is_dry ? "becomes" : "is");
  print_rows(adduce_value_get(report, "rows"));
  print_captures(session, adduce_value_get(report, "captures"), !is_dry);
  if (adduce_value_count(adduce_value_get(report, "disclosures")) != 0)
    puts("  it was given away, and stays there: `adduce export --recall` asks to take it back");
  shown_disclosures(session, report, "    ");
  if (is_dry)
    puts("  (dry run: nothing was written)");
  else
    printf("  said by %s; backups and what was given away are out of reach\n",
           shown_event(session, adduce_value_get(report, "erasure")));
}

/* --- asking ---------------------------------------------------------------------------------*/

/* Whoever is at the terminal is shown what goes, and asked; without one, --yes must say it. */
static enum adduce_err confirm(struct session *session, const struct adduce_erasure *erasure) {
  struct adduce_erasure rehearsal = *erasure;
  const struct adduce_value *report;
  char answer[8];
  rehearsal.dry_run = true;
  TRY(adduce_erase(session->scope, session->ledger, &report, &rehearsal, session->author));
  if (command_has(&session->options, "yes")) return ADDUCE_OK;
  if (isatty(STDIN_FILENO) != 1 || session->is_json)
    return session_fail(
        session, ADDUCE_E_USAGE,
        "what is erased cannot come back; say --yes, or --dry-run to see what goes");
  print_report(session, report);
  fputs("Erase this for good? [y/N] ", stdout);
  fflush(stdout);
  if (fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y'))
    return ADDUCE_OK;
  return session_fail(session, ADDUCE_E_INTERRUPTED, "nothing was erased");
}

static enum adduce_err run(struct session *session) {
  struct adduce_erasure erasure = {
      .event = session_operand(session, 0),
      .reason = command_argument(&session->options, "reason"),
      .basis = command_argument(&session->options, "basis"),
      .captures = command_has(&session->options, "capture"),
      .dry_run = command_has(&session->options, "dry-run"),
  };
  const struct adduce_value *report;
  if (erasure.reason == NULL)
    return session_fail(session, ADDUCE_E_USAGE, "--reason is missing: say why, not what");
  read_paths(session, &erasure);
  TRY(session_open_files(session));
  TRY(session_open_signers(session));
  if (!erasure.dry_run) TRY(confirm(session, &erasure));
  TRY(adduce_erase(session->scope, session->ledger, &report, &erasure, session->author));
  return session_answer(session, report, print_report);
}

static const struct command_option options[] = {
    {'r', "reason", "TEXT", "why, without saying what is erased (required)", NULL, NULL},
    {0, "basis", "TEXT", "under which rule: GDPR 17", NULL, NULL},
    {0, "capture", NULL, "remove the captured document that this source names, too", NULL, NULL},
    {'n', "dry-run", NULL, "say what would go, and write nothing", NULL, NULL},
    {'y', "yes", NULL, "do not ask", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command erase_command = {
    .name = "erase",
    .summary = "take content out of this ledger for good",
    .usage = "ID [FIELD[/INDEX]...] --reason TEXT [OPTION...]",
    .text =
        "Erases fields of a claim, or one element of a list, or all of its content: value and salt "
        "leave the log, the projections and the free pages of both files, and cannot come back. A "
        "signed content.erased says who did it and why; signatures, proofs and the author's "
        "commitment still verify. Claims that change rules or rights cannot be erased, nor what a "
        "hold keeps. After a crash the next command that writes, or `adduce compact`, finishes it. "
        "Copies that were given away, backups and snapshots are out of reach.",
    .examples =
        "  adduce erase 12 birth_date --reason 'asked for by the person' --basis 'GDPR 17'\n"
        "  adduce erase 12 name/1 --reason 'safety' --dry-run\n"
        "  adduce erase 7 --capture --reason 'published by mistake' --yes\n",
    .groups = COMMAND_SIGNING,
    .options = options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run,
};
