/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "example.h"
#include "place.h"
#include "shown.h"

/* A row of fields: name, type, what it must be, what it is. */
static void add_field(const struct session *session, struct columns *columns,
                      const struct adduce_value *field) {
  const char *choices = shown_value(adduce_value_get(field, "choices"));
  const char *text = shown_text(field, "text");
  const char *marks = text_format("%s%s", shown_flag(field, "required") ? "required" : "",
                                  shown_flag(field, "repeated")
                                      ? (shown_flag(field, "required") ? ", repeats" : "repeats")
                                      : "");
  const char *name =
      screen_styled(&session->screen, shown_flag(field, "required") ? STYLE_HEADING : STYLE_PLAIN,
                    shown_text(field, "name"));
  columns_add(columns, (const char *const[]){
                           name, shown_text(field, "type"), marks,
                           choices[0] == '\0' ? text : text_format("%s: %s", text, choices)});
}

static void print_fields(struct session *session, const char *heading,
                         const struct adduce_value *fields) {
  struct columns columns;
  if (adduce_value_count(fields) == 0) return;
  columns_init(&columns, 4);
  columns.is_wrapped = true;
  for (size_t i = 0; i < adduce_value_count(fields); i++)
    if (adduce_value_type(adduce_value_at(fields, i)) == ADDUCE_MAP)
      add_field(session, &columns, adduce_value_at(fields, i));
  if (columns.rows == 0) return;
  shown_heading(session, heading);
  columns_print(&session->screen, &columns, 2);
}

/* The example as a command that can be pasted. */
static void print_example(struct session *session, const struct adduce_value *kind) {
  const struct adduce_value *example = adduce_value_get(kind, "example");
  const char *json = shown_raw(kind, "example");
  if (example != NULL && json == NULL &&
      adduce_value_to_json(session->scope, &json, example, false) != ADDUCE_OK)
    return;
  if (json == NULL) return;
  shown_heading(session, "Example");
  printf("adduce append - <<'END'\n%s\nEND\n", example_to_paste(json));
}

static void print_kind(struct session *session, const struct adduce_value *kind) {
  const char *const keys[] = {"family", "effect", "subject", "right"};
  printf("%s\n", screen_styled(&session->screen, STYLE_HEADING, shown_text(kind, "kind")));
  screen_prose(&session->screen, "", 0, shown_text(kind, "text"));
  putchar('\n');
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (shown_raw(kind, keys[i]) != NULL) printf("%-9s%s\n", keys[i], shown_text(kind, keys[i]));
  if (shown_flag(kind, "control"))
    puts("control  it changes rules or rights, and acts in the ledger that it names");
  print_fields(session, "Fields", adduce_value_get(kind, "fields"));
  print_fields(session, "Every claim about the world", adduce_value_get(kind, "frame"));
  print_example(session, kind);
}

static void print_list(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *kinds = adduce_value_get(answer, "kinds");
  const char *family = "";
  struct columns columns;
  if (kinds == NULL) kinds = answer;
  columns_init(&columns, 2);
  columns.is_wrapped = true;
  for (size_t i = 0; i < adduce_value_count(kinds); i++) {
    const struct adduce_value *kind = adduce_value_at(kinds, i);
    const char *its = shown_text(kind, "family");
    if (strcmp(its, family) != 0) {
      columns_print(&session->screen, &columns, 2);
      columns_init(&columns, 2);
      printf("%s%s\n", i > 0 ? "\n" : "", screen_styled(&session->screen, STYLE_HEADING, its));
      family = its;
    }
    columns_add(&columns,
                (const char *const[]){shown_text(kind, "kind"), shown_text(kind, "text")});
  }
  columns_print(&session->screen, &columns, 2);
}

static enum adduce_err run(struct session *session) {
  const struct adduce_value *answer;
  const char *kind = session_operand(session, 0);
  /* The built-in kinds need no ledger; one that was named must be there. */
  bool is_named = command_has(&session->options, "C") || place_ledger(NULL) != NULL;
  if (is_named) TRY(session_open(session));
  TRY(adduce_ask_kinds(session->scope, session->ledger, &answer, kind));
  return session_answer(session, answer, kind == NULL ? print_list : print_kind);
}

const struct command kinds_command = {
    .name = "kinds",
    .summary = "list the kinds of claim, or the fields of one",
    .usage = "[KIND]",
    .text =
        "Lists the vocabulary: the built-in kinds and those the ledger has declared. With KIND, "
        "its "
        "fields, those that every claim of its sort can have, and an example to paste.",
    .examples =
        "  adduce kinds\n"
        "  adduce kinds release.announced\n",
    .operands_max = 1,
    .run = run,
};
