/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "commands.h"
#include "shown.h"

static void print_report(struct session *session, const struct adduce_value *report) {
  const struct adduce_value *projections = adduce_value_get(report, "projections");
  struct columns columns;
  printf("rebuilt from %" PRId64 " entries\n", shown_integer(report, "entries"));
  columns_init(&columns, 3);
  columns.is_right[1] = true;
  for (size_t i = 0; i < adduce_value_count(projections); i++) {
    const struct adduce_value *each = adduce_value_at(projections, i);
    columns_add(&columns,
                (const char *const[]){shown_text(each, "name"),
                                      text_format("%" PRId64 " rows", shown_integer(each, "rows")),
                                      shown_id(session, adduce_value_get(each, "digest"))});
  }
  columns_print(&session->screen, &columns, 2);
}

static enum adduce_err run(struct session *session) {
  const struct adduce_value *report;
  TRY(session_open_files(session));
  TRY(adduce_rebuild(session->scope, session->ledger, &report));
  return session_answer(session, report, print_report);
}

const struct command rebuild_command = {
    .name = "rebuild",
    .summary = "build the projections anew, from nothing",
    .usage = "",
    .text =
        "Drops the projections and folds them anew from the log. They come out the same, to the "
        "last "
        "bit: their digests say so. Interrupted, it goes on at the next use.",
    .examples = "  adduce rebuild\n",
    .run = run,
};
