/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "commands.h"
#include "shown.h"

static void line(const char *name, const char *value) {
  if (value[0] != '\0') printf("%-14s%s\n", name, value);
}

static const char *full_hex(const struct adduce_value *bytes) {
  if (bytes == NULL || adduce_value_bytes(bytes).size != 32) return "";
  return text_hex(adduce_value_bytes(bytes).data, 64);
}

static const char *size_text(int64_t bytes) {
  if (bytes < 10000) return text_format("%" PRId64 " bytes", bytes);
  if (bytes < 10000000) return text_format("%.0f kB", (double)bytes / 1e3);
  return text_format("%.1f MB", (double)bytes / 1e6);
}

static void print_stat(struct session *session, const struct adduce_value *stat) {
  const struct adduce_value *lock = adduce_value_get(stat, "head_lock");
  const struct adduce_value *oldest = adduce_value_get(stat, "oldest_reader");
  const char *why_not = shown_text(stat, "why_not");
  line("ledger", shown_text(stat, "origin"));
  line("folder", text_clean(session->folder));
  line("genesis", full_hex(adduce_value_get(stat, "genesis")));
  line("log key", shown_text(stat, "vkey"));
  line("entries", text_format("%" PRId64, shown_integer(stat, "size")));
  line("root", full_hex(adduce_value_get(stat, "root")));
  line("last recorded", shown_when(adduce_value_get(stat, "recorded_at")));
  line("writable", shown_flag(stat, "writable") ? "yes"
                   : why_not[0] == '\0'         ? "no"
                                                : text_format("no: %s", why_not));
  if (lock != NULL)
    line("head lock", adduce_value_get(lock, "size") == NULL
                          ? text_format("none (%s)", shown_text(lock, "path"))
                          : text_format("at %" PRId64 " entries (%s)", shown_integer(lock, "size"),
                                        shown_text(lock, "path")));
  line("files", text_format("%s, %s of it free", size_text(shown_integer(stat, "file_bytes")),
                            size_text(shown_integer(stat, "free_bytes"))));
  line("captures", text_format("%" PRId64, shown_integer(stat, "captures")));
  line("quarantine", text_format("%" PRId64, shown_integer(stat, "quarantined")));
  if (shown_flag(stat, "erasing"))
    line("erasing", "an erasure is not finished; `adduce compact` finishes it");
  line("readers", text_format("%" PRId64, shown_integer(stat, "readers")));
  if (oldest != NULL && shown_integer(oldest, "commits_behind") > 0)
    line("oldest reader",
         text_format("process %" PRId64 ", %" PRId64 " commits behind",
                     shown_integer(oldest, "pid"), shown_integer(oldest, "commits_behind")));
}

static enum adduce_err run(struct session *session) {
  const struct adduce_value *stat;
  TRY(session_open(session));
  TRY(adduce_stat(session->scope, session->ledger, &stat));
  return session_answer(session, stat, print_stat);
}

const struct command stat_command = {
    .name = "stat",
    .summary = "say what the ledger is and how it does",
    .usage = "",
    .text =
        "Says whose ledger it is, how many entries it has, whether it can be written and if not "
        "why, "
        "how large its files are and who reads them. --json has the projections as well.",
    .examples = "  adduce stat\n",
    .run = run,
};
