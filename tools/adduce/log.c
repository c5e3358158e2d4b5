/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "commands.h"
#include "keys.h"
#include "moment.h"
#include "shown.h"
#include "tally.h"

#define PAGE 500 /* lines asked for at a time, so that a long log needs little memory */

static void add_row(const struct session *session, struct columns *columns,
                    const struct adduce_value *entry) {
  const char *status = shown_status(session, entry);
  const char *label = shown_text(entry, "label");
  bool is_plain = status[0] == '\0' || strcmp(shown_text(entry, "status"), "") == 0 ||
                  (strstr(status, "live") != NULL && strchr(status, ',') == NULL);
  columns_add(columns, (const char *const[]){
                           text_format("#%" PRId64, shown_integer(entry, "index")),
                           shown_id(session, adduce_value_get(entry, "id")),
                           screen_styled(&session->screen, STYLE_QUIET,
                                         shown_when(adduce_value_get(entry, "recorded_at"))),
                           shown_text(entry, "kind"),
                           is_plain ? label : text_format("%s  [%s]", label, status)});
}

static void print_page(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *entries = adduce_value_get(answer, "entries");
  struct columns columns;
  columns_init(&columns, 5);
  columns.is_right[0] = true;
  for (size_t i = 0; i < adduce_value_count(entries); i++)
    add_row(session, &columns, adduce_value_at(entries, i));
  columns_print(&session->screen, &columns, 0);
}

/* One value of an answer, moved in under its key. */
static enum adduce_err print_json(struct session *session, const char *before,
                                  const struct adduce_value *value, size_t indent) {
  const char *json;
  TRY(adduce_value_to_json(session->scope, &json, value, true));
  fputs(before, stdout);
  for (; *json != '\0'; json++) {
    putchar(*json);
    if (*json == '\n') printf("%*s", (int)indent, ""); /* text has no line end of its own in JSON */
  }
  return ADDUCE_OK;
}

/* What of an answer does not stand in that of the whole as the first page has it. */
static bool is_of_page(const char *key) {
  static const char *const keys[] = {"entries", "more", "next", "left_out", "not_counted"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (strcmp(key, keys[i]) == 0) return true;
  return false;
}

static enum adduce_err print_json_end(struct session *session, const struct adduce_value *answer,
                                      const struct adduce_value *sum) {
  static const char *const keys[] = {"left_out", "not_counted"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (adduce_value_get(sum, keys[i]) != NULL)
      TRY(print_json(session, text_format(",\n  \"%s\": ", keys[i]), adduce_value_get(sum, keys[i]),
                     2));
  printf(",\n  \"more\": %s", shown_flag(answer, "more") ? "true" : "false");
  if (adduce_value_get(answer, "next") != NULL)
    printf(",\n  \"next\": %" PRId64, shown_integer(answer, "next"));
  puts("\n}");
  return ADDUCE_OK;
}

/* The answer of one call, put together from pages: their entries follow each other, what they kept
 * out is summed, and what else is in it comes from the first and the last. */
static enum adduce_err print_json_page(struct session *session, const struct adduce_value *answer,
                                       bool is_first, const struct adduce_value *sum) {
  const struct adduce_value *entries = adduce_value_get(answer, "entries");
  for (size_t i = 0; is_first && i < adduce_value_count(answer); i++) {
    const char *key = adduce_value_key(answer, i);
    if (is_of_page(key)) continue;
    const char *before = text_format("%s\n  \"%s\": ", i == 0 ? "{" : ",", key);
    TRY(print_json(session, before, adduce_value_at(answer, i), 2));
  }
  if (is_first) fputs(",\n  \"entries\": [", stdout);
  for (size_t i = 0; i < adduce_value_count(entries); i++)
    TRY(print_json(session, is_first && i == 0 ? "\n    " : ",\n    ", adduce_value_at(entries, i),
                   4));
  if (sum == NULL) return ADDUCE_OK;
  fputs(is_first && adduce_value_count(entries) == 0 ? "]" : "\n  ]", stdout);
  return print_json_end(session, answer, sum);
}

/* `sum` is there with the last page. */
static enum adduce_err give_page(struct session *session, const struct adduce_value *answer,
                                 bool is_first, const struct adduce_value *sum) {
  if (session->is_json) return print_json_page(session, answer, is_first, sum);
  if (is_first) shown_at(session, answer);
  print_page(session, answer);
  if (sum == NULL) return ADDUCE_OK;
  shown_not_counted(session, sum);
  shown_left_out(session, sum);
  return ADDUCE_OK;
}

/* Where the next page begins, and that all pages are of the moment of the first. */
struct pages {
  char at[32], place[32];
  const char *sum; /* of what they kept out */
};

static void turn_page(struct pages *pages, struct adduce_log_filter *filter,
                      struct adduce_question *question, const struct adduce_value *answer) {
  int64_t now = shown_integer(adduce_value_get(answer, "at"), "index");
  snprintf(pages->at, sizeof pages->at, "#%" PRId64, now);
  snprintf(pages->place, sizeof pages->place, "#%" PRId64, shown_integer(answer, "next"));
  question->at = pages->at;
  question->skip = 0;
  *(filter->newest_first ? &filter->until : &filter->since) = pages->place;
}

/* All of it, page by page: each begins where the one before ended. */
static enum adduce_err print_all(struct session *session, struct adduce_log_filter *filter,
                                 struct adduce_question *question) {
  uint64_t wanted = question->limit == 0 ? UINT64_MAX : question->limit;
  bool is_first = true, has_more = true;
  struct pages pages = {.sum = ""};
  while (has_more && wanted > 0 && !bar_is_interrupted()) {
    const struct adduce_value *answer, *sum = NULL;
    question->limit = wanted < PAGE ? wanted : PAGE;
    TRY(adduce_ask_log(session->scope, session->ledger, &answer, filter, question));
    TRY(tally_add(session, &pages.sum, answer));
    struct text_kept *mark = text_mark(); /* the sum outlives the page */
    size_t count = adduce_value_count(adduce_value_get(answer, "entries"));
    has_more = shown_flag(answer, "more");
    wanted -= count < wanted ? count : wanted;
    if (!has_more || wanted == 0) TRY(tally_read(session, &sum, pages.sum));
    TRY(give_page(session, answer, is_first, sum));
    if (has_more) turn_page(&pages, filter, question, answer);
    is_first = false;
    text_rewind(mark);
    adduce_scope_reset(session->scope);
  }
  return bar_is_interrupted() ? ADDUCE_E_INTERRUPTED : ADDUCE_OK;
}

static enum adduce_err run(struct session *session) {
  const struct options *given = &session->options;
  struct adduce_question question;
  struct adduce_log_filter filter = {
      .kind = command_argument(given, "kind"),
      .author = command_argument(given, "author"),
      .subject = command_argument(given, "subject"),
      .refers_to = command_argument(given, "refers-to"),
      .newest_first = command_has(given, "newest-first"),
  };
  TRY(moment_read(session, &filter.since, command_argument(given, "since")));
  TRY(session_question(session, &question));
  TRY(session_open(session));
  TRY(keys_of_filter(session, &filter.author));
  bar_clear(&session->bar);
  return print_all(session, &filter, &question);
}

static const struct command_option options[] = {
    {0, "kind", "KIND", "only this kind, or all that begin so: \"sanction.\"", NULL, NULL},
    {0, "author", "KEY", "only by this key: its first digits, or the name of a key of yours", NULL,
     NULL},
    {'s', "subject", "ID", "only about this subject", NULL, NULL},
    {0, "refers-to", "ID", "only what refers to this event", NULL, NULL},
    {0, "since", MOMENT, "from this entry, this time, or this checkpoint's last entry on", NULL,
     NULL},
    {'r', "newest-first", NULL, "the last entry first", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command log_command = {
    .name = "log",
    .summary = "list the entries",
    .usage = "[OPTION...]",
    .text =
        "Lists the entries of the log: index, id, when it was recorded, kind, what it says, and "
        "what "
        "has become of it since.",
    .examples =
        "  adduce log -r -n 20\n"
        "  adduce log --kind sanction. --subject belarus/belavia\n"
        "  adduce log --refers-to 12\n",
    .groups = COMMAND_QUESTION | COMMAND_MANNER | COMMAND_POLICY,
    .options = options,
    .run = run,
};
