/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "commands.h"
#include "shown.h"

static void line(const struct session *session, const char *name, const char *value) {
  if (value[0] != '\0') screen_prose(&session->screen, text_format("  %s", name), 16, value);
}

static const char *full_hex(const struct adduce_value *bytes) {
  if (bytes == NULL || adduce_value_bytes(bytes).size != 32) return "";
  return text_hex(adduce_value_bytes(bytes).data, 64);
}

/* Of an entry of another ledger: where it stands there, and why it is here. */
static void print_import(const struct session *session, const struct adduce_value *event) {
  const struct adduce_value *imported = adduce_value_get(event, "imported");
  const char *admitted = shown_text(imported, "admitted");
  if (imported == NULL) return;
  line(session, "comes from",
       text_format(
           "%s%s", shown_text(imported, "origin"),
           adduce_value_get(imported, "source_index") == NULL
               ? ""
               : text_format(", its entry %" PRId64, shown_integer(imported, "source_index"))));
  line(session, "imported",
       text_format("by #%" PRId64 " with the bundle %s", shown_integer(imported, "by"),
                   shown_id(session, adduce_value_get(imported, "manifest"))));
  line(session, "admitted",
       strcmp(admitted, "policy") == 0
           ? text_format("by rule %" PRId64 " of the policy %s", shown_integer(imported, "rule"),
                         shown_id(session, adduce_value_get(imported, "policy")))
       : strcmp(admitted, "along") == 0
           ? "as a control entry of its ledger, which does not act here"
           : "by hand: no rule of the policy in force admitted it");
}

static void print_heading(const struct session *session, const struct adduce_value *event) {
  printf("%s  #%" PRId64 "\n",
         screen_styled(&session->screen, STYLE_HEADING, shown_text(event, "kind")),
         shown_integer(event, "index"));
  line(session, "id",
       screen_styled(&session->screen, STYLE_ID, full_hex(adduce_value_get(event, "id"))));
  if (shown_raw(event, "label") != NULL) line(session, "says", shown_text(event, "label"));
  line(session, "author",
       text_format("%s%s", shown_author(event),
                   shown_raw(event, "author_name") == NULL
                       ? ""
                       : text_format(" (%s)", shown_value(adduce_value_get(event, "author")))));
  line(session, "recorded", shown_when(adduce_value_get(event, "recorded_at")));
  line(session, "claimed",
       text_format(
           "%s%s", shown_when(adduce_value_get(event, "claimed_at")),
           shown_flag(event, "claimed_late") ? ", which is later than it was recorded" : ""));
  line(session, "status", shown_status(session, event));
  line(session, "key revoked", shown_revocation(session, event));
  line(session, "handling", shown_text(event, "handling"));
  if (shown_raw(event, "attribution") != NULL)
    line(session, "on the word", shown_text(event, "attribution"));
}

/* A ref is [role, id] or {role, id, index...}. */
static void print_refs(const struct session *session, const struct adduce_value *refs) {
  for (size_t i = 0; i < adduce_value_count(refs); i++) {
    const struct adduce_value *ref = adduce_value_at(refs, i);
    bool is_pair = adduce_value_type(ref) == ADDUCE_LIST;
    const struct adduce_value *role =
        is_pair ? adduce_value_at(ref, 0) : adduce_value_get(ref, "role");
    const char *named =
        is_pair ? shown_id(session, adduce_value_at(ref, 1)) : shown_event(session, ref);
    const char *kind = is_pair ? "" : shown_text(ref, "kind");
    line(session, i == 0 ? "refs" : "",
         text_format("%s %s%s%s", shown_value(role), named, kind[0] == '\0' ? "" : " ", kind));
  }
}

static void print_acts(const struct session *session, const char *name,
                       const struct adduce_value *acts) {
  for (size_t i = 0; i < adduce_value_count(acts); i++) {
    const struct adduce_value *act = adduce_value_at(acts, i);
    const char *what = shown_text(act, shown_raw(act, "act") != NULL ? "act" : "kind");
    const char *reason = shown_text(act, "reason");
    const char *author = shown_author(act);
    line(session, i == 0 ? name : "",
         text_format("%s  %s%s%s%s%s", shown_event(session, act), what,
                     author[0] == '\0' ? "" : " by ", author, reason[0] == '\0' ? "" : ": ",
                     reason));
  }
}

static void print_proof(const struct session *session, const struct adduce_value *event) {
  const struct adduce_value *commitments = adduce_value_get(event, "commitments");
  const struct adduce_value *signature = adduce_value_get(event, "signature");
  const char *root = full_hex(adduce_value_get(commitments, "root"));
  if (root[0] == '\0' && adduce_value_get(event, "leaf") == NULL) return;
  shown_heading(session, "Bytes");
  line(session, "content root", root);
  line(session, "form", shown_value(adduce_value_get(commitments, "form")));
  if (signature != NULL && adduce_value_bytes(signature).size == 64) {
    const uint8_t *bytes = adduce_value_bytes(signature).data;
    line(session, "signature", text_format("%s %s", text_hex(bytes, 64), text_hex(bytes + 32, 64)));
  }
  line(session, "leaf", full_hex(adduce_value_get(event, "leaf")));
}

static void print_event(struct session *session, const struct adduce_value *event) {
  const struct adduce_value *citations = adduce_value_get(event, "citations");
  const struct adduce_value *withheld = adduce_value_get(event, "withheld");
  const struct adduce_value *erased = adduce_value_get(event, "erased");
  shown_at(session, event);
  print_heading(session, event);
  print_import(session, event);
  print_refs(session, adduce_value_get(event, "refs"));
  for (size_t i = 0; i < adduce_value_count(citations); i++)
    line(session, i == 0 ? "cites" : "", shown_citation(session, adduce_value_at(citations, i)));
  print_acts(session, "acted on by", adduce_value_get(event, "acts"));
  print_acts(session, "acts on", adduce_value_get(event, "acts_on"));
  if (adduce_value_count(adduce_value_get(event, "content")) > 0) {
    shown_heading(session, "Content");
    shown_map(session, adduce_value_get(event, "content"), 2);
  }
  if (adduce_value_count(withheld) > 0)
    line(session, "withheld", screen_styled(&session->screen, STYLE_WARN, shown_value(withheld)));
  for (size_t i = 0; i < adduce_value_count(erased); i++)
    line(session, i == 0 ? "erased" : "",
         screen_styled(&session->screen, STYLE_WARN,
                       shown_erasure(session, adduce_value_at(erased, i))));
  if (shown_quorum(session, event)[0] != '\0')
    line(session, "counts by", shown_quorum(session, event));
  shown_not_counted(session, event);
  print_proof(session, event);
}

static enum adduce_err run(struct session *session) {
  struct adduce_question question;
  const struct adduce_value *answer;
  TRY(session_question(session, &question));
  TRY(session_open(session));
  TRY(adduce_ask_event(session->scope, session->ledger, &answer, session_operand(session, 0),
                       &question));
  return session_answer(session, answer, print_event);
}

const struct command show_command = {
    .name = "show",
    .summary = "show everything about one event",
    .usage = "ID|INDEX",
    .text =
        "Shows an event: what it says, who signed it and when, what it refers to, what was done to "
        "it since, and the bytes that prove it. An event is named by its index, or by at least "
        "four digits of its id. With --policy it says which rule does not count it, if one does, "
        "and what was done to it is what counts.",
    .examples =
        "  adduce show 12\n"
        "  adduce show 3f9a1c --json\n",
    .groups = COMMAND_QUESTION | COMMAND_POLICY,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
