/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "commands.h"
#include "shown.h"

/* --- quarantine list -----------------------------------------------------------------------*/

static void print_items(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *items = adduce_value_get(answer, "items");
  struct columns columns;
  columns_init(&columns, 5);
  columns.is_right[0] = true;
  for (size_t i = 0; i < adduce_value_count(items); i++) {
    const struct adduce_value *item = adduce_value_at(items, i);
    bool is_refused = shown_flag(item, "refused");
    columns_add(&columns, (const char *const[]){
                              text_format("%" PRId64, shown_integer(item, "number")),
                              shown_id(session, adduce_value_get(item, "id")),
                              is_refused ? "refused" : shown_text(item, "kind"),
                              is_refused ? "" : shown_author(item), shown_text(item, "reason")});
  }
  columns_print(&session->screen, &columns, 0);
  if (columns.rows == 0) puts("nothing waits in quarantine");
}

static enum adduce_err run_list(struct session *session) {
  const struct adduce_value *answer;
  TRY(session_open(session));
  TRY(adduce_ask_quarantine(session->scope, session->ledger, &answer));
  return session_answer(session, answer, print_items);
}

const struct command quarantine_list_command = {
    .name = "quarantine list",
    .summary = "list what waits outside the log",
    .usage = "",
    .text =
        "Lists events that wait outside the log, and why: by keys that are not authorized here, "
        "where the policy keeps such events, and out of bundles, where no rule of the policy "
        "admits them. What was refused stands there too, by its id.",
    .examples = "  adduce quarantine list\n",
    .run = run_list,
};

/* --- numbers -------------------------------------------------------------------------------*/

/* The numbers among the operands. */
static enum adduce_err read_numbers(struct session *session, uint64_t **numbers, size_t *count) {
  *count = (size_t)session->options.operand_count;
  *numbers = text_allocate(*count * sizeof **numbers);
  for (size_t i = 0; i < *count; i++) {
    const char *text = session->options.operands[i];
    char *end;
    errno = 0;
    (*numbers)[i] = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0)
      return session_fail(session, ADDUCE_E_USAGE,
                          "\"%s\" is no number of `adduce quarantine list`", text);
  }
  return ADDUCE_OK;
}

/* The item with this number; NULL if there is none. */
static const struct adduce_value *find(const struct adduce_value *answer, uint64_t number) {
  const struct adduce_value *items = adduce_value_get(answer, "items");
  for (size_t i = 0; i < adduce_value_count(items); i++)
    if ((uint64_t)shown_integer(adduce_value_at(items, i), "number") == number)
      return adduce_value_at(items, i);
  return NULL;
}

/* --- quarantine show -----------------------------------------------------------------------*/

static void print_item(struct session *session, const struct adduce_value *item) {
  const struct adduce_value *content = adduce_value_get(item, "content");
  const char *json;
  printf("%s  number %" PRId64 "\n",
         screen_styled(&session->screen, STYLE_HEADING, shown_text(item, "kind")),
         shown_integer(item, "number"));
  printf("  id       %s\n", shown_id(session, adduce_value_get(item, "id")));
  printf("  waits    %s\n", shown_text(item, "reason"));
  if (shown_flag(item, "refused")) return;
  printf("  author   %s\n", shown_author(item));
  printf("  claimed  %s\n", shown_when(adduce_value_get(item, "claimed_at")));
  if (adduce_value_get(item, "manifest") != NULL)
    printf("  from     entry %" PRId64 " of the ledger that gave bundle %s\n",
           shown_integer(item, "source_index"),
           shown_id(session, adduce_value_get(item, "manifest")));
  if (content == NULL)
    puts("  content  none is held");
  else if (adduce_value_to_json(session->scope, &json, content, true) == ADDUCE_OK)
    printf("  content  %s\n", json);
}

static enum adduce_err run_show(struct session *session) {
  const struct adduce_value *answer, *item;
  uint64_t *numbers;
  size_t count;
  TRY(read_numbers(session, &numbers, &count));
  TRY(session_open(session));
  TRY(adduce_ask_quarantine(session->scope, session->ledger, &answer));
  item = find(answer, numbers[0]);
  if (item == NULL)
    return session_fail(session, ADDUCE_E_NOT_FOUND,
                        "nothing in quarantine has the number %" PRIu64, numbers[0]);
  return session_answer(session, item, print_item);
}

const struct command quarantine_show_command = {
    .name = "quarantine show",
    .summary = "show an event that waits outside the log",
    .usage = "NUMBER",
    .text = "Shows what an event says that waits, who signed it, and where it came from.",
    .examples = "  adduce quarantine show 3\n",
    .operands_min = 1,
    .operands_max = 1,
    .run = run_show,
};

/* --- quarantine admit ----------------------------------------------------------------------*/

static void print_admitted(struct session *session, const struct adduce_value *report) {
  const struct adduce_value *imports = adduce_value_get(report, "imports");
  (void)session;
  printf("admitted %" PRId64 "\n", shown_integer(report, "admitted"));
  if (shown_integer(report, "present") != 0)
    printf("  %" PRId64 " were in the log already\n", shown_integer(report, "present"));
  for (size_t i = 0; i < adduce_value_count(imports); i++) {
    const struct adduce_value *import = adduce_value_at(imports, i);
    printf("  %s brings %" PRId64 " of %s\n", shown_event(session, import),
           shown_integer(import, "entered"), shown_text(import, "origin"));
  }
}

static enum adduce_err run_admit(struct session *session) {
  const struct adduce_value *report;
  uint64_t *numbers;
  size_t count;
  TRY(read_numbers(session, &numbers, &count));
  TRY(session_open_files(session));
  TRY(session_open_signers(session));
  TRY(adduce_quarantine_admit(session->scope, session->ledger, &report, numbers, count,
                              session->author));
  return session_answer(session, report, print_admitted);
}

const struct command quarantine_admit_command = {
    .name = "quarantine admit",
    .summary = "take events that wait into the log, by hand",
    .usage = "NUMBER...",
    .text =
        "Enters events that wait into the log: what came with a bundle behind a bundle.imported "
        "that you sign, which shows that it was you who admitted them and not a rule. Events by "
        "keys that were not authorized here enter if they are by now.",
    .examples = "  adduce quarantine admit 3 4\n",
    .groups = COMMAND_SIGNING,
    .operands_min = 1,
    .operands_max = -1,
    .run = run_admit,
};

/* --- quarantine refuse ---------------------------------------------------------------------*/

static enum adduce_err run_refuse(struct session *session) {
  const char *reason = command_argument(&session->options, "reason");
  uint64_t *numbers;
  size_t count;
  TRY(read_numbers(session, &numbers, &count));
  if (reason == NULL || *reason == '\0')
    return session_fail(session, ADDUCE_E_USAGE, "--reason says why they are refused");
  TRY(session_open_files(session));
  TRY(adduce_quarantine_refuse(session->scope, session->ledger, numbers, count, reason));
  if (session->is_json)
    return session_answer_json(session, text_format("{\"refused\":%zu}", count));
  printf("refused %zu; their bytes leave the file with the next `adduce compact`\n", count);
  return ADDUCE_OK;
}

static const struct command_option refuse_options[] = {
    {0, "reason", "TEXT", "why; kept with their ids", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command quarantine_refuse_command = {
    .name = "quarantine refuse",
    .summary = "drop events that wait, for good",
    .usage = "NUMBER... --reason TEXT",
    .text =
        "Removes events that wait and keeps their ids with the reason, so that no bundle brings "
        "them again.",
    .examples = "  adduce quarantine refuse 3 --reason 'not ours to keep'\n",
    .options = refuse_options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run_refuse,
};
