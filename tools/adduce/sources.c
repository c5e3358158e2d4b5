/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "commands.h"
#include "shown.h"

static void print_source(struct session *session, const struct adduce_value *source) {
  static const char *const keys[] = {"publisher", "url", "published_at", "retrieved_at"};
  const struct adduce_value *digest = adduce_value_get(source, "digest");
  const struct adduce_value *title = adduce_value_get(source, "title");
  int64_t cited = shown_integer(source, "cited_by");
  const char *heading = title == NULL ? "no title given" : shown_value(title);
  if (title != NULL && adduce_value_type(title) == ADDUCE_MAP &&
      adduce_value_get(title, "?") != NULL)
    heading = "title unknown";
  screen_prose(&session->screen, "", 2,
               text_format("%s  %s", shown_event(session, source),
                           screen_styled(&session->screen, STYLE_HEADING, heading)));
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (adduce_value_get(source, keys[i]) != NULL)
      screen_prose(&session->screen, text_format("    %s", keys[i]), 18,
                   shown_when(adduce_value_get(source, keys[i])));
  if (digest != NULL && adduce_value_bytes(digest).size == 32)
    printf("    %-14s%s%s\n", "digest", text_hex(adduce_value_bytes(digest).data, SHOWN_DIGITS),
           shown_flag(source, "held") ? ", its bytes are kept here" : ", its bytes are not here");
  if (cited == 0)
    puts("    not cited");
  else
    printf("    %-14s%" PRId64 " claim%s\n", "cited by", cited, cited == 1 ? "" : "s");
}

static void print_sources(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *sources = adduce_value_get(answer, "sources");
  shown_at(session, answer);
  for (size_t i = 0; i < adduce_value_count(sources); i++) {
    if (i > 0) putchar('\n');
    print_source(session, adduce_value_at(sources, i));
  }
  if (adduce_value_count(sources) == 0) puts("no sources are cited yet; `adduce cite` records one");
  shown_not_counted(session, answer);
  shown_left_out(session, answer);
  shown_more(session, answer);
}

static enum adduce_err run(struct session *session) {
  struct adduce_question question;
  const struct adduce_value *answer;
  TRY(session_question(session, &question));
  TRY(session_open(session));
  TRY(adduce_ask_sources(session->scope, session->ledger, &answer, &question));
  return session_answer(session, answer, print_sources);
}

const struct command sources_command = {
    .name = "sources",
    .summary = "list the sources, and what cites them",
    .usage = "",
    .text =
        "Lists the sources that were recorded: what they are, whether their bytes are kept here, "
        "and how many claims cite them: of how they are said only those that are asked for. All "
        "count, unless --policy says otherwise.",
    .examples = "  adduce sources\n",
    .groups = COMMAND_QUESTION | COMMAND_MANNER | COMMAND_POLICY,
    .run = run,
};
