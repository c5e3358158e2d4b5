/* SPDX-License-Identifier: Apache-2.0 */
#include "shown.h"

#include <inttypes.h>
#include <string.h>

#include "words.h"

const char *shown_raw(const struct adduce_value *map, const char *key) {
  const struct adduce_value *value = adduce_value_get(map, key);
  if (value == NULL || adduce_value_type(value) != ADDUCE_TEXT) return NULL;
  return adduce_value_text(value)[0] == '\0' ? NULL : adduce_value_text(value);
}

const char *shown_text(const struct adduce_value *map, const char *key) {
  const char *raw = shown_raw(map, key);
  return raw == NULL ? "" : text_clean(raw);
}

bool shown_flag(const struct adduce_value *map, const char *key) {
  const struct adduce_value *value = adduce_value_get(map, key);
  return value != NULL && adduce_value_boolean(value);
}

int64_t shown_integer(const struct adduce_value *map, const char *key) {
  const struct adduce_value *value = adduce_value_get(map, key);
  return value == NULL ? 0 : adduce_value_integer(value);
}

const char *shown_value(const struct adduce_value *value) {
  struct text text;
  text_begin(&text);
  words_write(text.stream, value);
  return text_end(&text);
}

const char *shown_list(const struct adduce_value *list) {
  struct text text;
  text_begin(&text);
  for (size_t i = 0; i < adduce_value_count(list); i++)
    fprintf(text.stream, "%s%s", i == 0 ? "" : ", ", shown_value(adduce_value_at(list, i)));
  return text_end(&text);
}

/* --- events --------------------------------------------------------------------------------*/

const char *shown_id(const struct session *session, const struct adduce_value *id) {
  if (id == NULL || adduce_value_bytes(id).size != 32) return "";
  return screen_styled(&session->screen, STYLE_ID,
                       text_hex(adduce_value_bytes(id).data, SHOWN_DIGITS));
}

const char *shown_event(const struct session *session, const struct adduce_value *event) {
  const struct adduce_value *index = adduce_value_get(event, "index");
  const char *id = shown_id(session, adduce_value_get(event, "id"));
  if (id[0] == '\0') id = shown_id(session, adduce_value_get(event, "source"));
  if (index == NULL) return id;
  return text_format("#%" PRId64 "%s%s", adduce_value_integer(index), id[0] == '\0' ? "" : " ", id);
}

/* An instant of a machine's clock, to the microsecond, as the library writes it. */
static bool is_instant(const char *text) {
  static const char form[] = "dddd-dd-ddTdd:dd:dd.ddddddZ";
  if (strlen(text) != sizeof form - 1) return false;
  for (size_t i = 0; form[i] != '\0'; i++)
    if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return false;
  return true;
}

const char *shown_when(const struct adduce_value *when) {
  if (when == NULL) return "";
  if (adduce_value_type(when) == ADDUCE_INTEGER) return text_time(adduce_value_integer(when), true);
  const char *text = adduce_value_text(when);
  return is_instant(text) ? text_format("%.10s %.5sZ", text, text + 11) : shown_value(when);
}

const char *shown_author(const struct adduce_value *event) {
  const struct adduce_value *key = adduce_value_get(event, "author");
  if (shown_raw(event, "author_name") != NULL) return shown_text(event, "author_name");
  return key == NULL ? "" : shown_value(key);
}

static enum style style_of(const char *word) {
  static const struct {
    const char *word;
    enum style style;
  } styles[] = {{"live", STYLE_GOOD},
                {"corroborated", STYLE_GOOD},
                {"endorsed", STYLE_GOOD},
                {"preferred", STYLE_GOOD},
                {"corrected", STYLE_WARN},
                {"ended", STYLE_QUIET},
                {"incomplete", STYLE_WARN},
                {"not-understood", STYLE_WARN},
                {"retracted", STYLE_BAD},
                {"disputed", STYLE_BAD},
                {"author-revoked", STYLE_BAD},
                {"revoked-at-source", STYLE_BAD},
                {"claimed-in-future", STYLE_WARN},
                {"erased", STYLE_QUIET},
                {"deprecated", STYLE_QUIET}};
  for (size_t i = 0; i < sizeof styles / sizeof *styles; i++)
    if (strcmp(word, styles[i].word) == 0) return styles[i].style;
  return STYLE_PLAIN;
}

const char *shown_status(const struct session *session, const struct adduce_value *claim) {
  const struct adduce_value *marks = adduce_value_get(claim, "marks");
  const char *status = shown_raw(claim, "status");
  size_t shown = 0;
  struct text text;
  text_begin(&text);
  /* That a claim lives goes without saying where more is to be said. */
  if (status != NULL && (strcmp(status, "live") != 0 || adduce_value_count(marks) == 0)) {
    fputs(screen_styled(&session->screen, style_of(status), status), text.stream);
    shown++;
  }
  for (size_t i = 0; i < adduce_value_count(marks); i++) {
    const char *mark = adduce_value_text(adduce_value_at(marks, i));
    fprintf(text.stream, "%s%s", shown++ > 0 ? ", " : "",
            screen_styled(&session->screen, style_of(mark), mark));
  }
  return text_end(&text);
}

/* --- citations -----------------------------------------------------------------------------*/

const char *shown_citation(const struct session *session, const struct adduce_value *citation) {
  const struct adduce_value *selectors = adduce_value_get(citation, "selector");
  const struct adduce_value *title = adduce_value_get(citation, "title");
  const char *event = shown_event(session, citation);
  struct text text;
  text_begin(&text);
  if (shown_raw(citation, "quote") != NULL)
    fprintf(text.stream, "“%s”, ", shown_text(citation, "quote"));
  if (adduce_value_count(selectors) > 0 ||
      (selectors != NULL && adduce_value_type(selectors) != ADDUCE_LIST)) {
    words_write_selectors(text.stream, selectors);
    fputs(" of ", text.stream);
  }
  if (title != NULL && adduce_value_type(title) != ADDUCE_MAP)
    fprintf(text.stream, "%s", shown_value(title));
  else if (shown_raw(citation, "url") != NULL)
    fprintf(text.stream, "%s", shown_text(citation, "url"));
  else
    fputs("an untitled source", text.stream);
  if (event[0] != '\0') fprintf(text.stream, " (%s)", event);
  return text_end(&text);
}

/* --- around an answer ----------------------------------------------------------------------*/

/* What is left out stands above whatever is answered without it. */
static void show_selectors(const struct session *session, const struct adduce_value *answer,
                           const char *name) {
  const struct adduce_value *selectors = adduce_value_get(answer, name);
  for (size_t i = 0; i < adduce_value_count(selectors); i++)
    puts(screen_styled(&session->screen, STYLE_QUIET,
                       text_format("%s %s", name, shown_value(adduce_value_at(selectors, i)))));
}

void shown_at(const struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *at = adduce_value_get(answer, "at");
  show_selectors(session, answer, "without");
  show_selectors(session, answer, "only");
  const struct adduce_value *index = adduce_value_get(at, "index");
  if (index == NULL || !command_has(&session->options, "at")) return;
  puts(screen_styled(&session->screen, STYLE_QUIET,
                     text_format("as of #%" PRId64 ", recorded %s", adduce_value_integer(index),
                                 shown_when(adduce_value_get(at, "recorded_at")))));
}

void shown_left_out(const struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *left_out = adduce_value_get(answer, "left_out");
  const struct adduce_value *modes = adduce_value_get(left_out, "modes");
  int64_t claims = shown_integer(left_out, "claims");
  struct text text;
  if (left_out == NULL) return;
  text_begin(&text);
  fprintf(text.stream, "left out: %" PRId64 " claim%s", claims, claims == 1 ? "" : "s");
  for (size_t i = 0; i < adduce_value_count(modes); i++)
    fprintf(text.stream, "%s%" PRId64 " %s", i == 0 ? ", " : ", ",
            adduce_value_integer(adduce_value_at(modes, i)), adduce_value_key(modes, i));
  printf("\n%s\n", screen_styled(&session->screen, STYLE_QUIET, text_end(&text)));
}

static const char *name_policy(const struct session *session, const struct adduce_value *policy) {
  bool is_tried = strcmp(shown_text(policy, "used"), "tried") == 0;
  const char *event = shown_event(session, policy);
  if (event[0] == '\0') return "the policy tried";
  return text_format("policy %s%s", event, is_tried ? ", tried" : "");
}

/* --- several who say the same ---------------------------------------------------------------*/

static const char *name_member(const struct adduce_value *member) {
  static const char *const keys[] = {"author", "organization", "origin"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const struct adduce_value *value = adduce_value_get(member, keys[i]);
    if (value != NULL) return text_format("%s %s", keys[i], shown_value(value));
  }
  return "";
}

const char *shown_members(const struct adduce_value *rule) {
  const struct adduce_value *members = adduce_value_get(rule, "of");
  struct text text;
  if (adduce_value_count(members) == 0) return "";
  text_begin(&text);
  fprintf(text.stream, "%" PRId64 " of:", shown_integer(rule, "quorum"));
  for (size_t i = 0; i < adduce_value_count(members); i++)
    fprintf(text.stream, "%s %s", i == 0 ? "" : ",", name_member(adduce_value_at(members, i)));
  return text_end(&text);
}

static void add_members(const struct session *session, FILE *out, const char *before,
                        const struct adduce_value *members) {
  for (size_t i = 0; i < adduce_value_count(members); i++) {
    const struct adduce_value *member = adduce_value_at(members, i);
    const char *event = shown_event(session, member);
    fprintf(out, "%s%s%s%s", i == 0 ? before : ", ", name_member(member),
            event[0] == '\0' ? "" : " in ", event);
  }
}

const char *shown_quorum(const struct session *session, const struct adduce_value *claim) {
  const struct adduce_value *quorum = adduce_value_get(claim, "quorum");
  struct text text;
  if (quorum == NULL || adduce_value_type(quorum) != ADDUCE_MAP) return "";
  text_begin(&text);
  if (adduce_value_get(claim, "rule") != NULL)
    fprintf(text.stream, "rule %" PRId64 ": ", shown_integer(claim, "rule"));
  fprintf(text.stream, "%" PRId64 " of %" PRId64 " say so and %" PRId64 " %s needed",
          shown_integer(quorum, "count"), shown_integer(quorum, "members"),
          shown_integer(quorum, "needed"), shown_integer(quorum, "needed") == 1 ? "is" : "are");
  add_members(session, text.stream, ": ", adduce_value_get(quorum, "said"));
  add_members(session, text.stream, "; not ", adduce_value_get(quorum, "missing"));
  return text_end(&text);
}

const char *shown_revocation(const struct session *session, const struct adduce_value *claim) {
  const struct adduce_value *revocation = adduce_value_get(claim, "revoked_at_source");
  if (revocation == NULL) return "";
  return text_format("%s, recorded %s: %s", shown_event(session, revocation),
                     shown_when(adduce_value_get(revocation, "recorded_at")),
                     shown_text(revocation, "reason"));
}

/* --- what does not count --------------------------------------------------------------------*/

/* Of a list that does not show what is set apart, only that it is. */
static const char *name_effect(const struct adduce_value *rule) {
  if (strcmp(shown_text(rule, "effect"), "apart") != 0) return "ignored";
  return adduce_value_get(rule, "list") == NULL ? "set apart" : "shown apart";
}

void shown_not_counted(const struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *policy = adduce_value_get(answer, "policy");
  const struct adduce_value *rules = adduce_value_get(answer, "not_counted");
  if (shown_raw(policy, "unreadable") != NULL)
    screen_prose(&session->screen, "", 0,
                 text_format("the rules of %s cannot be read and apply to nothing: %s",
                             name_policy(session, policy), shown_text(policy, "unreadable")));
  if (rules == NULL) return;
  if (adduce_value_count(rules) > 0)
    shown_heading(session, text_format("Not counted, by %s", name_policy(session, policy)));
  else
    printf("\n%s\n", screen_styled(&session->screen, STYLE_QUIET,
                                   text_format("counted by %s", name_policy(session, policy))));
  for (size_t i = 0; i < adduce_value_count(rules); i++) {
    const struct adduce_value *rule = adduce_value_at(rules, i);
    const struct adduce_value *list = adduce_value_get(rule, "list");
    int64_t claims = shown_integer(rule, "claims");
    const char *why = shown_text(rule, "text");
    screen_prose(&session->screen, " ", 2,
                 text_format("%" PRId64 " claim%s %s by rule %" PRId64 "%s%s", claims,
                             claims == 1 ? "" : "s", name_effect(rule), shown_integer(rule, "rule"),
                             why[0] == '\0' ? "" : ": ", why));
    for (size_t j = 0; j < adduce_value_count(list); j++) {
      const struct adduce_value *claim = adduce_value_at(list, j);
      screen_prose(&session->screen, "   ", 4,
                   text_format("%s  %s", shown_event(session, claim), shown_text(claim, "label")));
      if (shown_quorum(session, claim)[0] != '\0')
        screen_prose(&session->screen, "     ", 6, shown_quorum(session, claim));
    }
  }
}

void shown_unknown_bundles(const struct adduce_value *answer, const char *before) {
  int64_t unknown = shown_integer(answer, "unknown");
  if (unknown == 1)
    printf("%s1 bundle was given whose manifest is not kept here: what was in it is not known\n",
           before);
  if (unknown > 1)
    printf("%s%" PRId64
           " bundles were given whose manifests are not kept here: what was in them is not known\n",
           before, unknown);
}

void shown_more(const struct session *session, const struct adduce_value *answer) {
  if (shown_flag(answer, "more"))
    puts(screen_styled(&session->screen, STYLE_QUIET, "there are more; --skip passes over these"));
}

void shown_heading(const struct session *session, const char *heading) {
  printf("\n%s\n", screen_styled(&session->screen, STYLE_HEADING, heading));
}

void shown_map(const struct session *session, const struct adduce_value *map, size_t indent) {
  size_t widest = 0;
  for (size_t i = 0; i < adduce_value_count(map); i++) {
    size_t width = text_width(text_clean(adduce_value_key(map, i)));
    if (width > widest) widest = width;
  }
  for (size_t i = 0; i < adduce_value_count(map); i++) {
    const struct adduce_value *value = adduce_value_at(map, i);
    const char *key = text_format("%*s%s", (int)indent, "", text_clean(adduce_value_key(map, i)));
    bool is_list = value != NULL && adduce_value_type(value) == ADDUCE_LIST;
    size_t lines = is_list ? adduce_value_count(value) : 1;
    for (size_t line = 0; line < lines; line++)
      screen_prose(&session->screen, line == 0 ? key : "", indent + widest + 2,
                   shown_value(is_list ? adduce_value_at(value, line) : value));
  }
}

const char *shown_erasure(const struct session *session, const struct adduce_value *erasure) {
  const struct adduce_value *paths = adduce_value_get(erasure, "paths");
  const char *basis = shown_text(erasure, "legal_basis");
  bool is_all =
      adduce_value_count(paths) == 1 && strcmp(shown_value(adduce_value_at(paths, 0)), "*") == 0;
  return text_format("%s in %s by %s, %s: %s%s%s%s", is_all ? "all content" : shown_value(paths),
                     shown_event(session, erasure), shown_author(erasure),
                     shown_when(adduce_value_get(erasure, "recorded_at")),
                     shown_text(erasure, "reason"), basis[0] == '\0' ? "" : " (", basis,
                     basis[0] == '\0' ? "" : ")");
}

void shown_erased(const struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *claims = adduce_value_get(answer, "erased");
  if (adduce_value_count(claims) == 0) return;
  shown_heading(session, "Erased here");
  for (size_t i = 0; i < adduce_value_count(claims); i++) {
    const struct adduce_value *claim = adduce_value_at(claims, i);
    const struct adduce_value *erasures = adduce_value_get(claim, "erased");
    for (size_t k = 0; k < adduce_value_count(erasures); k++)
      screen_prose(&session->screen, text_format("  %s ", shown_event(session, claim)), 4,
                   shown_erasure(session, adduce_value_at(erasures, k)));
  }
}

void shown_disclosures(const struct session *session, const struct adduce_value *answer,
                       const char *before) {
  const struct adduce_value *list = adduce_value_get(answer, "disclosures");
  for (size_t i = 0; i < adduce_value_count(list); i++) {
    const struct adduce_value *each = adduce_value_at(list, i);
    const char *withheld = shown_list(adduce_value_get(each, "withheld"));
    printf("%s%s  %s  to %s%s%s\n", before, shown_event(session, each),
           shown_when(adduce_value_get(each, "at")),
           shown_list(adduce_value_get(each, "recipients")),
           withheld[0] == '\0' ? "" : ", without ", withheld);
  }
  shown_unknown_bundles(answer, before);
}
