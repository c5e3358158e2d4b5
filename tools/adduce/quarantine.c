/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "commands.h"
#include "shown.h"

static void print_items(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *items = adduce_value_get(answer, "items");
  struct columns columns;
  columns_init(&columns, 5);
  columns.is_right[0] = true;
  for (size_t i = 0; i < adduce_value_count(items); i++) {
    const struct adduce_value *item = adduce_value_at(items, i);
    columns_add(&columns,
                (const char *const[]){text_format("%" PRId64, shown_integer(item, "number")),
                                      shown_id(session, adduce_value_get(item, "id")),
                                      shown_text(item, "kind"), shown_author(item),
                                      shown_text(item, "reason")});
  }
  columns_print(&session->screen, &columns, 0);
  if (columns.rows == 0) puts("nothing waits in quarantine");
}

static enum adduce_err run(struct session *session) {
  const struct adduce_value *answer;
  TRY(session_open(session));
  TRY(adduce_ask_quarantine(session->scope, session->ledger, &answer));
  return session_answer(session, answer, print_items);
}

const struct command quarantine_command = {
    .name = "quarantine",
    .summary = "list what waits outside the log",
    .usage = "",
    .text =
        "Lists events by keys that are not authorized here, kept outside the log where the "
        "ledger's policy says so, and why each waits.",
    .examples = "  adduce quarantine\n",
    .run = run,
};
