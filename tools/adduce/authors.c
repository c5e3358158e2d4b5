/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "commands.h"
#include "shown.h"

static const char *standing(const struct adduce_value *author) {
  struct text text;
  if (adduce_value_get(author, "revoked_index") == NULL) return "";
  text_begin(&text);
  fprintf(text.stream, "revoked at #%" PRId64, shown_integer(author, "revoked_index"));
  if (shown_raw(author, "reason") != NULL)
    fprintf(text.stream, ", %s", shown_text(author, "reason"));
  if (adduce_value_get(author, "suspect_from") != NULL)
    fprintf(text.stream, ", doubtful from #%" PRId64, shown_integer(author, "suspect_from"));
  return text_end(&text);
}

/* "Desk of the Monitor, Monitor"; what a key says of itself is marked. */
static const char *whose(const struct adduce_value *author) {
  const char *organization = shown_text(author, "organization");
  const char *name = shown_text(author, "name");
  if (organization[0] == '\0') return name;
  return text_format("%s%s%s%s", name, name[0] == '\0' ? "" : ", ", organization,
                     shown_flag(author, "self_described") ? " (says the key)" : "");
}

static void print_authors(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *authors = adduce_value_get(answer, "authors");
  struct columns columns;
  shown_at(session, answer);
  columns_init(&columns, 6);
  columns.is_right[2] = true;
  for (size_t i = 0; i < adduce_value_count(authors); i++) {
    const struct adduce_value *author = adduce_value_at(authors, i);
    int64_t claims = shown_integer(author, "claims");
    columns_add(&columns,
                (const char *const[]){
                    shown_id(session, adduce_value_get(author, "key")), whose(author),
                    text_format("%" PRId64 " claim%s", claims, claims == 1 ? "" : "s"),
                    adduce_value_get(author, "authorized_index") == NULL
                        ? ""
                        : text_format("from #%" PRId64, shown_integer(author, "authorized_index")),
                    shown_value(adduce_value_get(author, "rights")),
                    screen_styled(&session->screen, STYLE_BAD, standing(author))});
  }
  columns_print(&session->screen, &columns, 0);
  shown_not_counted(session, answer);
  shown_more(session, answer);
}

static enum adduce_err run(struct session *session) {
  struct adduce_question question;
  const struct adduce_value *answer;
  TRY(session_question(session, &question));
  TRY(session_open(session));
  TRY(adduce_ask_authors(session->scope, session->ledger, &answer, &question));
  return session_answer(session, answer, print_authors);
}

const struct command authors_command = {
    .name = "authors",
    .summary = "list the keys that sign here, and who is behind them",
    .usage = "",
    .text =
        "Lists the keys that the ledger knows: who is behind them, since when they may do what, "
        "and which were revoked, why, and from where on their claims are doubtful. Their claims "
        "are "
        "counted all, unless --policy says which count.",
    .examples =
        "  adduce authors\n"
        "  adduce authors --at 100\n",
    .groups = COMMAND_QUESTION | COMMAND_POLICY,
    .run = run,
};
