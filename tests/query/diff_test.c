/* SPDX-License-Identifier: Apache-2.0 */
/* Differences and their causes, steps and histories, on random ledgers full of corrections,
 * retractions, judgements, revisions and revoked keys. The oracle asks for the whole state of every
 * subject at every position and compares the answers, line by line; it knows nothing of candidates,
 * touched subjects and prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "codec/value.h"
#include "query/ask_step.h"
#include "support/shelf.h"

#define LEDGERS 150
#define EVENTS 36
#define DIFFS 4
#define AUTHORS 4
#define SUBJECTS 5
#define SPEAKERS 2

static struct shelf shelf;
static uint64_t seed;
static int sources[EVENTS + 1], source_count;

static unsigned pick(unsigned below) {
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (unsigned)((seed >> 33) % below);
}

/* --- saying ------------------------------------------------------------------------------- */

static const char *subject_name(unsigned number) {
  return scope_format(shelf.scope, "monitor.example/thing/%u", number);
}

static struct adduce_value *text(const char *words) {
  return value_text(shelf.scope, words);
}

static void set(struct adduce_value *map, const char *key, struct adduce_value *value) {
  value_set(shelf.scope, map, key, value);
}

static void set_text(struct adduce_value *map, const char *key, const char *words) {
  set(map, key, text(words));
}

static struct adduce_value *some_quantity(void) {
  struct adduce_value *quantity = value_map(shelf.scope);
  switch (pick(4)) {
    case 0:
      set_text(quantity, "majority_of", subject_name(pick(SUBJECTS)));
      break;
    case 1:
      set_text(quantity, "of", subject_name(pick(SUBJECTS)));
      /* falls through */
    default:
      set(quantity, pick(2) == 0 ? "exact" : "at_least", value_integer(shelf.scope, 1 + pick(5)));
  }
  return quantity;
}

static struct adduce_value *some_period(void) {
  static const char *const times[] = {"2025-03", "2025-06-10", "2026", "2027-01-01"};
  struct adduce_value *period = value_map(shelf.scope);
  unsigned from = pick(4);
  if (pick(3) != 0) set_text(period, "from", times[from]);
  if (pick(2) == 0) set_text(period, "to", times[from + pick(4 - from)]);
  if (adduce_value_count(period) == 0) set_text(period, "from", times[from]);
  return period;
}

static void add_frame(struct adduce_value *content) {
  if (pick(5) == 0) set_text(content, "polarity", "negative");
  if (pick(3) == 0) set(content, "valid", some_period());
  if (pick(2) == 0) set(content, "quantity", some_quantity());
  if (pick(4) != 0) return;
  struct adduce_value *chain = value_list(shelf.scope), *hop = value_map(shelf.scope);
  set_text(hop, "agent", scope_format(shelf.scope, "monitor.example/speaker/%u", pick(SPEAKERS)));
  set_text(hop, "act", pick(2) == 0 ? "states" : "plans");
  value_add(shelf.scope, chain, hop);
  set(content, "attribution", chain);
}

static uint64_t say(const char *kind, struct adduce_value *content, const char *role, int target) {
  struct parsed_ref refs[3];
  size_t count = 0;
  if (source_count > 0 && pick(3) == 0 && strncmp(kind, "source", 6) != 0 &&
      strncmp(kind, "key", 3) != 0 && strncmp(kind, "policy", 6) != 0)
    refs[count++] = (struct parsed_ref){
        span_text("cites"), shelf.entries[sources[pick((unsigned)source_count)]].id.bytes};
  if (target >= 0)
    refs[count++] = (struct parsed_ref){span_text(role), shelf.entries[target].id.bytes};
  return shelf_say(&shelf, pick(AUTHORS), kind, content, refs, count);
}

static void say_claim(struct adduce_value *content) {
  switch (pick(5)) {
    case 0:
      set_text(content, "subject", subject_name(pick(SUBJECTS)));
      set_text(content, "place", pick(2) == 0 ? "Minsk" : "Vilnius");
      add_frame(content);
      say("entity.described", content, NULL, -1);
      return;
    case 1:
      set_text(content, "from", subject_name(pick(SUBJECTS)));
      set_text(content, "to", subject_name(pick(SUBJECTS)));
      set_text(content, "relation", pick(2) == 0 ? "part_of" : "follows");
      say("relation.asserted", content, NULL, -1);
      return;
    case 2:
      set_text(content, "target", subject_name(pick(SUBJECTS)));
      set_text(content, "issuer", subject_name(pick(SUBJECTS)));
      if (pick(2) == 0) set_text(content, "degree", pick(2) == 0 ? "full" : "partial");
      add_frame(content);
      say(adduce_value_get(content, "degree") != NULL ? "sanction.eased" : "sanction.imposed",
          content, NULL, -1);
      return;
    default:
      set_text(content, "subject", subject_name(pick(SUBJECTS)));
      set_text(content, "property",
               pick(9) == 0   ? "disjoint_by"
               : pick(2) == 0 ? "colour"
                              : "size");
      set_text(content, "value", pick(4) == 0 ? "colour" : pick(2) == 0 ? "red" : "blue");
      add_frame(content);
      say("fact.asserted", content, NULL, -1);
  }
}

static void say_same(struct adduce_value *content) {
  static const char *const judgements[] = {"positive", "positive", "negative", "unsure"};
  unsigned left = pick(SUBJECTS);
  set_text(content, "left", subject_name(left));
  set_text(content, "right", subject_name((left + 1 + pick(SUBJECTS - 1)) % SUBJECTS));
  set_text(content, "judgement", judgements[pick(4)]);
  say("same.judged", content, NULL, -1);
}

static void say_source(struct adduce_value *content) {
  uint64_t index;
  set_text(content, "title", "a page");
  if (source_count == 0 || pick(2) == 0)
    index = say("source.cited", content, NULL, -1);
  else
    index = say("source.revised", content, "source", sources[pick((unsigned)source_count)]);
  sources[source_count++] = (int)index;
}

/* Corrects whatever field the target has; what does not fit is refused when it is signed, and so is
 * not said here. */
static struct adduce_value *some_fields(int target) {
  struct event event = shelf_event(&shelf, (uint64_t)target);
  struct adduce_value *fields = value_map(shelf.scope);
  struct adduce_span kind = event.claim.parsed.kind;
  if (span_is(kind, "fact.asserted")) set_text(fields, "value", "green");
  if (span_is(kind, "sanction.eased")) set_text(fields, "degree", "waiver");
  if (span_is(kind, "same.judged"))
    set_text(fields, "judgement", pick(2) == 0 ? "negative" : "positive");
  if (span_is(kind, "same.judged") && pick(3) == 0)
    set_text(fields, "left", subject_name(pick(SUBJECTS)));
  if (span_is(kind, "claim.corrected")) {
    struct adduce_value *inner = value_map(shelf.scope);
    set_text(inner, pick(2) == 0 ? "value" : "place", "Hrodna");
    set(fields, "fields", inner);
    return fields;
  }
  if ((span_is(kind, "fact.asserted") || span_is(kind, "entity.described")) && pick(3) == 0)
    set_text(fields, "subject", subject_name(pick(SUBJECTS)));
  if (span_is(kind, "entity.described") && pick(2) == 0) set(fields, "quantity", some_quantity());
  if (span_is(kind, "fact.asserted") && pick(4) == 0) set(fields, "valid", some_period());
  return fields;
}

static void say_act(struct adduce_value *content) {
  int target = 1 + (int)pick((unsigned)shelf.count - 1);
  set_text(content, "reason", "so it is");
  switch (pick(7)) {
    case 0:
    case 1:
      say("claim.retracted", content, "target", target);
      return;
    case 2:
    case 3: {
      struct adduce_value *fields = some_fields(target);
      if (adduce_value_count(fields) == 0) return;
      set(content, "fields", fields);
      say("claim.corrected", content, "target", target);
      return;
    }
    case 4:
      set_text(content, "until", "2026-02");
      say("claim.ended", content, "target", target);
      return;
    case 5:
      say("claim.disputed", content, "target", target);
      return;
    default:
      set_text(content, "rank", pick(2) == 0 ? "preferred" : "deprecated");
      say("claim.ranked", content, "target", target);
  }
}

static void revoke(void) {
  unsigned author = 1 + pick(AUTHORS - 1);
  struct adduce_value *content = value_map(shelf.scope);
  unsigned from = pick((unsigned)shelf.count);
  if (shelf.authors[author].revoked_index != WORLD_NEVER) return;
  set(content, "key", value_bytes(shelf.scope, span_of(shelf.authors[author].key.bytes, 32)));
  set_text(content, "reason", "compromised");
  set(content, "effective_from", value_integer(shelf.scope, from));
  shelf.authors[author].revoked_index = say("key.revoked", content, "ledger", 0);
  shelf.authors[author].suspect_from_index = from;
}

/* Whose claims count, from here on. */
static void say_policy(struct adduce_value *content) {
  static const char *const effects[] = {"apart", "ignored", "counts"};
  struct adduce_value *rules = value_list(shelf.scope), *rule = value_map(shelf.scope);
  set_text(rule, "effect", effects[pick(3)]);
  switch (pick(3)) {
    case 0:
      set_text(rule, "organization", pick(2) == 0 ? "Monitor" : "Agency");
      break;
    case 1:
      set_text(rule, "kind", pick(2) == 0 ? "fact." : "claim.retracted");
      break;
    default:
      set_text(rule, "origin", "monitor.example/speaker/1");
  }
  value_add(shelf.scope, rules, rule);
  set(content, "rules", rules);
  set_text(content, "unknown_authors", "refuse");
  say("policy.set", content, "ledger", 0);
}

static void say_something(void) {
  struct adduce_value *content = value_map(shelf.scope);
  switch (shelf.count < 5 ? pick(5) : pick(16)) {
    case 5:
    case 6:
      say_same(content);
      return;
    case 7:
      say_source(content);
      return;
    case 8:
      if (pick(3) == 0) revoke();
      if (pick(4) == 0) say_policy(content);
      return;
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 9:
      say_claim(content);
      return;
    default:
      say_act(content);
  }
}

static void make_ledger(uint64_t number) {
  seed = number * 7919 + 3;
  source_count = 0;
  shelf_empty(&shelf);
  for (size_t i = 0; i < AUTHORS; i++)
    shelf.authors[i].revoked_index = shelf.authors[i].suspect_from_index = WORLD_NEVER;
  shelf_found(&shelf);
  size_t wanted = 8 + pick(EVENTS - 8);
  shelf.step = pick(3) == 0 ? 0 : 1 + pick(4);
  while (shelf.count < wanted) say_something();
  for (unsigned i = pick(3); i > 0; i--) {
    uint64_t index = 1 + pick((unsigned)shelf.count - 1);
    struct event event = shelf_event(&shelf, index);
    static const char *const fields[] = {"value", "place", "valid", "subject", "judgement"};
    const char *field = fields[pick(5)];
    const struct parsed_field *held = parsed_field(&event.claim.parsed, field);
    if (held != NULL && held->slot == PARSED_VALUE &&
        !span_is(event.claim.parsed.kind, "key.revoked"))
      shelf_withhold(&shelf, index, field, -1);
  }
  shelf_fold(&shelf);
}

/* --- the oracle --------------------------------------------------------------------------- */

/* What is said of a subject: lines by key, with everything about them. */
struct said_line {
  const char *key, *all;
};
struct said {
  struct said_line lines[256];
  size_t count;
};

static const char *json(const struct adduce_value *value) {
  const char *words;
  assert_int_equal(adduce_value_to_json(shelf.scope, &words, value, false), ADDUCE_OK);
  return words;
}

static bool is_among(const char *word, const char *const *words) {
  for (; *words != NULL; words++)
    if (strcmp(*words, word) == 0) return true;
  return false;
}

/* A copy of a map without some of its keys. */
static struct adduce_value *without(const struct adduce_value *map, const char *const *keys) {
  struct adduce_value *rest = value_map(shelf.scope);
  for (size_t i = 0; i < adduce_value_count(map); i++)
    if (!is_among(adduce_value_key(map, i), keys))
      value_set(shelf.scope, rest, adduce_value_key(map, i), map->as.map.pairs[i].value);
  return rest;
}

/* In which mode a line is said, and how many independent origins it has, depends on who speaks for
 * whom, and is not compared. */
static const char *const states[] = {
    "state",    "degree",     "in_force",   "competing", "status",      "marks",      "original",
    "quantity", "bounds",     "other_name", "supports",  "support",     "sentence",   "origins",
    "disputes", "superseded", "mode",       "said_by",   "independent", "carried_by", "ties",
    "party",    "acts",       "section",    "field",     NULL};

static const char *key_of(const char *section, const char *field, const struct adduce_value *line) {
  return scope_format(shelf.scope, "%s|%s|%s", section, field == NULL ? "" : field,
                      json(without(line, states)));
}

static void put(struct said *said, const char *key, const char *all) {
  assert_true(said->count < 256);
  said->lines[said->count++] = (struct said_line){key, all};
}

/* Of the claims of a line, what is said of them and they say. */
static const char *claims_of(const struct adduce_value *line) {
  static const char *const shown[] = {
      "index", "status",   "marks",     "content",  "corrected_content", "withheld",
      "state", "degree",   "certainty", "polarity", "intended",          "from",
      "to",    "quantity", "citations", NULL};
  static const char *const lists[] = {"support", "acts", NULL};
  const char *all = "";
  for (const char *const *list = lists; *list != NULL; list++) {
    const struct adduce_value *claims = adduce_value_get(line, *list);
    for (size_t i = 0; i < adduce_value_count(claims); i++) {
      const struct adduce_value *claim = adduce_value_at(claims, i);
      for (size_t j = 0; shown[j] != NULL; j++) {
        const struct adduce_value *value = adduce_value_get(claim, shown[j]);
        if (value != NULL && strcmp(shown[j], "citations") != 0)
          all = scope_format(shelf.scope, "%s %s", all, json(value));
      }
    }
  }
  return all;
}

/* Revisions that stand, of the sources that the claims of a line cite. */
static const char *revisions_of(const struct query_world *world, const struct adduce_value *line,
                                const struct adduce_question *wanted) {
  const struct adduce_value *claims = adduce_value_get(line, "support"), *answer, *entries;
  const char *all = "";
  for (size_t i = 0; i < adduce_value_count(claims); i++) {
    struct event event = shelf_event(&shelf, (uint64_t)adduce_value_integer(adduce_value_get(
                                                 adduce_value_at(claims, i), "index")));
    struct cursor refs = event.claim.parsed.refs;
    struct parsed_ref ref;
    while (parsed_next_ref(&refs, &ref)) {
      if (!span_is(ref.role, "cites")) continue;
      for (uint64_t j = 0; j < shelf.count; j++) {
        struct event other = shelf_event(&shelf, j);
        struct parsed_ref source;
        struct adduce_question question = {.at = wanted->at,
                                           .without = wanted->without,
                                           .without_count = wanted->without_count,
                                           .only = wanted->only,
                                           .only_count = wanted->only_count};
        if (!span_is(other.claim.parsed.kind, "source.revised") ||
            !parsed_find_ref(&other.claim.parsed, "source", &source) ||
            memcmp(source.id32, ref.id32, 32) != 0)
          continue;
        struct adduce_log_filter filter = {.kind = "source.revised"};
        assert_int_equal(query_log(shelf.scope, world, &answer, &filter, &question), ADDUCE_OK);
        entries = adduce_value_get(answer, "entries");
        for (size_t k = 0; k < adduce_value_count(entries); k++) {
          const struct adduce_value *entry = adduce_value_at(entries, k);
          if ((uint64_t)adduce_value_integer(adduce_value_get(entry, "index")) == j &&
              strcmp(adduce_value_text(adduce_value_get(entry, "status")), "retracted") != 0)
            all = scope_format(shelf.scope, "%s r%d", all, (int)j);
        }
      }
    }
  }
  return all;
}

static void put_ids(struct said *said, const char *section, const struct adduce_value *ids,
                    const char *own) {
  for (size_t i = 0; i < adduce_value_count(ids); i++) {
    const struct adduce_value *one = adduce_value_at(ids, i);
    const char *id = adduce_value_text(
        adduce_value_type(one) == ADDUCE_MAP ? adduce_value_get(one, "subject") : one);
    if (strcmp(id, own) == 0) continue;
    put(said, scope_format(shelf.scope, "%s|%s", section, id), "");
  }
}

static void put_incomplete(struct said *said, const struct adduce_value *claims) {
  for (size_t i = 0; i < adduce_value_count(claims); i++) {
    const struct adduce_value *claim = adduce_value_at(claims, i);
    const struct adduce_value *marks = adduce_value_get(claim, "marks");
    put(said,
        scope_format(shelf.scope, "incomplete|%d",
                     (int)adduce_value_integer(adduce_value_get(claim, "index"))),
        scope_format(shelf.scope, "%s %s", adduce_value_text(adduce_value_get(claim, "status")),
                     marks == NULL ? "" : json(marks)));
  }
}

/* What is left out at a position: what names nothing there yet leaves nothing out. False if, by
 * `only`, nothing is left. */
static bool leave_out(const struct query_world *world, struct adduce_question *question) {
  const struct adduce_value *answer;
  struct adduce_question one = {.at = question->at, .without = question->without};
  for (; question->without_count != 0; question->without_count--) {
    one.without_count = question->without_count;
    if (query_state(shelf.scope, world, &answer, NULL, &one) == ADDUCE_OK) break;
  }
  one = (struct adduce_question){
      .at = question->at, .only = question->only, .only_count = question->only_count};
  return query_state(shelf.scope, world, &answer, NULL, &one) == ADDUCE_OK;
}

static void ask(const struct query_world *world, struct said *said, const char *subject,
                uint64_t index, const struct adduce_question *wanted) {
  static const char *const nothing[] = {"sentence",   "origins", "disputes",   "superseded",
                                        "support",    "acts",    "other_name", "independent",
                                        "carried_by", "ties",    NULL};
  const struct adduce_value *answer;
  struct adduce_question question = *wanted;
  question.at = scope_format(shelf.scope, "#%d", (int)index);
  said->count = 0;
  if (!leave_out(world, &question)) return;
  enum adduce_err err = query_explain(shelf.scope, world, &answer, subject, &question);
  if (err == ADDUCE_E_NOT_FOUND) return;
  assert_int_equal(err, ADDUCE_OK);
  const struct adduce_value *lines = adduce_value_get(answer, "lines");
  for (size_t i = 0; i < adduce_value_count(lines); i++) {
    const struct adduce_value *line = adduce_value_at(lines, i);
    put(said,
        key_of(adduce_value_text(adduce_value_get(line, "section")),
               adduce_value_text(adduce_value_get(line, "field")), line),
        scope_format(shelf.scope, "%s%s%s", json(without(line, nothing)), claims_of(line),
                     revisions_of(world, line, &question)));
  }
  if (adduce_value_get(answer, "bounds") != NULL)
    put(said, "bounds|quantity", json(adduce_value_get(answer, "bounds")));
  put_ids(said, "same", adduce_value_get(answer, "cluster"), subject);
  put_ids(said, "parted", adduce_value_get(answer, "parted"), subject);
  assert_int_equal(query_state(shelf.scope, world, &answer, subject, &question), ADDUCE_OK);
  put_incomplete(said, adduce_value_get(answer, "incomplete"));
}

static const char *find(const struct said *said, const char *key) {
  for (size_t i = 0; i < said->count; i++)
    if (strcmp(said->lines[i].key, key) == 0) return said->lines[i].all;
  return NULL;
}

static bool differs(const struct said *a, const struct said *b, const char *key) {
  const char *before = find(a, key), *after = find(b, key);
  if (before == NULL || after == NULL) return before != after;
  return strcmp(before, after) != 0;
}

/* --- comparing ---------------------------------------------------------------------------- */

static void show_ledger(void) {
  for (uint64_t i = 0; i < shelf.count; i++) {
    struct event event = shelf_event(&shelf, i);
    struct adduce_value *content = NULL;
    struct cursor refs = event.claim.parsed.refs;
    struct parsed_ref ref;
    print_message("#%d %.*s", (int)i, SPAN_ARGS(event.claim.parsed.kind));
    while (parsed_next_ref(&refs, &ref))
      for (uint64_t j = 0; j < i; j++)
        if (memcmp(shelf.entries[j].id.bytes, ref.id32, 32) == 0)
          print_message(" %.*s #%d", SPAN_ARGS(ref.role), (int)j);
    if (value_decode(shelf.scope, &content, shelf.entries[i].content) == ADDUCE_OK)
      print_message(" %s", json(content));
    print_message("\n");
  }
}

static void fail_with(const struct adduce_value *answer, const char *what, const char *key) {
  show_ledger();
  (void)fprintf(stderr, "%s\n%s: %s\n", shelf_json(&shelf, answer), what, key);
  fail();
}

static const char *key_of_change(const struct adduce_value *change) {
  const char *section = adduce_value_text(adduce_value_get(change, "section"));
  const struct adduce_value *line = adduce_value_get(change, "after");
  if (line == NULL) line = adduce_value_get(change, "before");
  if (strcmp(section, "bounds") == 0) return "bounds|quantity";
  if (strcmp(section, "same") == 0 || strcmp(section, "parted") == 0)
    return scope_format(shelf.scope, "%s|%s", section,
                        adduce_value_text(adduce_value_get(change, "other")));
  if (strcmp(section, "incomplete") == 0)
    return scope_format(shelf.scope, "incomplete|%d",
                        (int)adduce_value_integer(adduce_value_get(
                            adduce_value_at(adduce_value_get(line, "support"), 0), "index")));
  return key_of(section, adduce_value_text(adduce_value_get(change, "field")), line);
}

/* The group of an answer that holds a subject; NULL if none does. */
static const struct adduce_value *find_group(const struct adduce_value *groups,
                                             const char *subject) {
  for (size_t i = 0; i < adduce_value_count(groups); i++) {
    const struct adduce_value *group = adduce_value_at(groups, i);
    const struct adduce_value *also = adduce_value_get(group, "also");
    if (strcmp(adduce_value_text(adduce_value_get(group, "subject")), subject) == 0) return group;
    for (size_t j = 0; j < adduce_value_count(also); j++)
      if (strcmp(adduce_value_text(adduce_value_at(also, j)), subject) == 0) return group;
  }
  return NULL;
}

/* A group names the other ids of its first subject: seen from another, these are others. */
static bool is_of_group(const char *key, const struct adduce_value *group, const char *subject) {
  bool is_other = strncmp(key, "same|", 5) == 0 || strncmp(key, "parted|", 7) == 0;
  return is_other && strcmp(adduce_value_text(adduce_value_get(group, "subject")), subject) != 0;
}

static const struct adduce_value *find_change(const struct adduce_value *changes, const char *key) {
  for (size_t i = 0; i < adduce_value_count(changes); i++)
    if (strcmp(key_of_change(adduce_value_at(changes, i)), key) == 0)
      return adduce_value_at(changes, i);
  return NULL;
}

/* What changed between two states must be what is told, no less and no more. */
static void compare(const struct adduce_value *answer, const struct adduce_value *group,
                    const struct adduce_value *changes, const char *subject, const struct said *a,
                    const struct said *b) {
  for (size_t i = 0; i < a->count; i++)
    if (differs(a, b, a->lines[i].key) && !is_of_group(a->lines[i].key, group, subject) &&
        find_change(changes, a->lines[i].key) == NULL)
      fail_with(answer, subject,
                scope_format(shelf.scope, "not told: %s\nbefore %s\nafter %s", a->lines[i].key,
                             a->lines[i].all, find(b, a->lines[i].key)));
  for (size_t i = 0; i < b->count; i++)
    if (find(a, b->lines[i].key) == NULL && !is_of_group(b->lines[i].key, group, subject) &&
        find_change(changes, b->lines[i].key) == NULL)
      fail_with(answer, subject,
                scope_format(shelf.scope, "appearing not told: %s", b->lines[i].key));
  for (size_t i = 0; i < adduce_value_count(changes); i++) {
    const char *key = key_of_change(adduce_value_at(changes, i));
    if (!is_of_group(key, group, subject) && !differs(a, b, key))
      fail_with(answer, subject,
                scope_format(shelf.scope, "told, and the same: %s\n%s", key, find(b, key)));
  }
}

static struct said states_at[EVENTS + 1][SUBJECTS];

static void ask_all(const struct query_world *world, const struct adduce_question *wanted) {
  for (uint64_t i = 0; i < shelf.count; i++)
    for (unsigned j = 0; j < SUBJECTS; j++)
      ask(world, &states_at[i][j], subject_name(j), i, wanted);
}

static bool names_event(const struct adduce_value *causes, uint64_t index) {
  for (size_t i = 0; i < adduce_value_count(causes); i++) {
    const struct adduce_value *at = adduce_value_get(adduce_value_at(causes, i), "index");
    if (at != NULL && (uint64_t)adduce_value_integer(at) == index) return true;
  }
  return false;
}

/* The causes of a line are the events at which it changed. */
static void compare_causes(const struct adduce_value *answer, const struct adduce_value *change,
                           unsigned subject, uint64_t from, uint64_t to) {
  const struct adduce_value *causes = adduce_value_get(change, "causes");
  const char *key = key_of_change(change);
  size_t expected = 0;
  for (uint64_t i = from + 1; i <= to; i++) {
    if (!differs(&states_at[i - 1][subject], &states_at[i][subject], key)) continue;
    expected++;
    if (!names_event(causes, i))
      fail_with(answer, key, scope_format(shelf.scope, "does not name #%d", (int)i));
  }
  if (expected == 0 || adduce_value_count(causes) != expected)
    fail_with(answer, key, "names other events");
}

static void check_diff(const struct query_world *world, uint64_t from, uint64_t to,
                       const struct adduce_question *wanted) {
  const struct adduce_value *answer;
  struct adduce_sides sides = {.from = scope_format(shelf.scope, "#%d", (int)from),
                               .to = scope_format(shelf.scope, "#%d", (int)to)};
  assert_int_equal(query_diff(shelf.scope, world, &answer, &sides, NULL, wanted), ADDUCE_OK);
  for (unsigned i = 0; i < SUBJECTS; i++) {
    const struct adduce_value *group =
        find_group(adduce_value_get(answer, "subjects"), subject_name(i));
    const struct adduce_value *changes = adduce_value_get(group, "differences");
    compare(answer, group, changes, subject_name(i), &states_at[from][i], &states_at[to][i]);
    if (group == NULL ||
        strcmp(adduce_value_text(adduce_value_get(group, "subject")), subject_name(i)) != 0)
      continue;
    for (size_t j = 0; j < adduce_value_count(changes); j++)
      compare_causes(answer, adduce_value_at(changes, j), i, from, to);
  }
}

/* One subject that is asked for: what is looked at on the way is found from its own candidates. */
static void check_diff_of(const struct query_world *world, unsigned subject, uint64_t from,
                          uint64_t to, const struct adduce_question *wanted) {
  const struct adduce_value *answer;
  struct adduce_sides sides = {.from = scope_format(shelf.scope, "#%d", (int)from),
                               .to = scope_format(shelf.scope, "#%d", (int)to)};
  enum adduce_err err =
      query_diff(shelf.scope, world, &answer, &sides, subject_name(subject), wanted);
  if (err == ADDUCE_E_NOT_FOUND) return;
  assert_int_equal(err, ADDUCE_OK);
  const struct adduce_value *group =
      find_group(adduce_value_get(answer, "subjects"), subject_name(subject));
  const struct adduce_value *changes = adduce_value_get(group, "differences");
  compare(answer, group, changes, subject_name(subject), &states_at[from][subject],
          &states_at[to][subject]);
  for (size_t i = 0; i < adduce_value_count(changes); i++)
    compare_causes(answer, adduce_value_at(changes, i), subject, from, to);
}

/* Between two times of the world: what differs is told, every cause has its claims, and where no
 * entry lies between, only time is one. */
static void check_time(const struct query_world *world, uint64_t from, uint64_t to,
                       const struct adduce_question *wanted) {
  static struct said before[SUBJECTS], after[SUBJECTS];
  const struct adduce_value *answer;
  struct adduce_question then = *wanted, now = *wanted, none = *wanted;
  struct adduce_sides sides = {.from = scope_format(shelf.scope, "#%d", (int)from),
                               .to = scope_format(shelf.scope, "#%d", (int)to),
                               .from_valid_at = "2025-04",
                               .to_valid_at = pick(2) == 0 ? "2026-06" : "2027-06"};
  then.valid_at = sides.from_valid_at;
  now.valid_at = sides.to_valid_at;
  none.valid_at = NULL;
  assert_int_equal(query_diff(shelf.scope, world, &answer, &sides, NULL, &none), ADDUCE_OK);
  for (unsigned i = 0; i < SUBJECTS; i++) {
    ask(world, &before[i], subject_name(i), from, &then);
    ask(world, &after[i], subject_name(i), to, &now);
    const struct adduce_value *group =
        find_group(adduce_value_get(answer, "subjects"), subject_name(i));
    const struct adduce_value *changes = adduce_value_get(group, "differences");
    compare(answer, group, changes, subject_name(i), &before[i], &after[i]);
    for (size_t j = 0; j < adduce_value_count(changes); j++) {
      const struct adduce_value *causes = adduce_value_get(adduce_value_at(changes, j), "causes");
      if (adduce_value_count(causes) == 0) fail_with(answer, "no cause", subject_name(i));
      for (size_t k = 0; k < adduce_value_count(causes); k++) {
        const struct adduce_value *cause = adduce_value_at(causes, k);
        bool is_time =
            strcmp(adduce_value_text(adduce_value_get(cause, "cause")), "time-passed") == 0;
        if (is_time != (adduce_value_get(cause, "index") == NULL) || (from == to && !is_time))
          fail_with(answer, "another cause", subject_name(i));
        if (is_time && adduce_value_count(adduce_value_get(cause, "bounds")) == 0)
          fail_with(answer, "no bound that passed", key_of_change(adduce_value_at(changes, j)));
      }
    }
  }
}

static void check_step(const struct query_world *world, uint64_t index,
                       const struct adduce_question *wanted) {
  static const struct said nothing;
  const struct adduce_value *answer;
  assert_int_equal(ask_step(shelf.scope, world, &answer, index, NULL, 0, wanted), ADDUCE_OK);
  for (unsigned i = 0; i < SUBJECTS; i++) {
    const struct adduce_value *group =
        find_group(adduce_value_get(answer, "changes"), subject_name(i));
    compare(answer, group, adduce_value_get(group, "changes"), subject_name(i),
            index == 0 ? &nothing : &states_at[index - 1][i], &states_at[index][i]);
  }
}

static void check_history(const struct query_world *world, unsigned subject,
                          const struct adduce_question *wanted) {
  static const struct said nothing;
  const struct adduce_value *answer;
  size_t next = 0;
  enum adduce_err err = query_history(shelf.scope, world, &answer, subject_name(subject), wanted);
  if (err == ADDUCE_E_NOT_FOUND) return;
  assert_int_equal(err, ADDUCE_OK);
  const struct adduce_value *events = adduce_value_get(answer, "events");
  for (uint64_t i = 0; i < shelf.count; i++) {
    const struct said *before = i == 0 ? &nothing : &states_at[i - 1][subject];
    const struct adduce_value *event = adduce_value_at(events, next);
    const struct adduce_value *at = adduce_value_get(event, "index"), *changes = NULL;
    if (at != NULL && (uint64_t)adduce_value_integer(at) == i) {
      changes = adduce_value_get(event, "changes");
      if (adduce_value_count(changes) == 0) fail_with(answer, "no change", "");
      next++;
    }
    compare(answer, NULL, changes, subject_name(subject), before, &states_at[i][subject]);
  }
  if (next != adduce_value_count(events)) fail_with(answer, "other events", "");
}

/* --- tests -------------------------------------------------------------------------------- */

/* What names something at the last position; it need not at others. */
static const char *some_selector(const struct query_world *world) {
  static const char *const authors[] = {"author:Monitor", "author:Agency"};
  const struct adduce_value *answer;
  const char *selector;
  switch (pick(5)) {
    case 0:
      selector = authors[pick(2)];
      break;
    case 1:
      selector = scope_format(shelf.scope, "event:#%u", 1 + pick((unsigned)shelf.count - 1));
      break;
    case 2:
      selector = pick(2) == 0 ? "kind:fact.asserted" : "kind:claim.corrected";
      break;
    default:
      selector = scope_format(shelf.scope, "%s:monitor.example/speaker/%u",
                              pick(2) == 0 ? "origin" : "source", pick(SPEAKERS));
  }
  struct adduce_question question = {.without = &selector, .without_count = 1};
  return query_state(shelf.scope, world, &answer, NULL, &question) == ADDUCE_OK ? selector : NULL;
}

static void run_without(uint64_t number) {
  make_ledger(number);
  struct query_world world = shelf_see(&shelf);
  const char *selector = some_selector(&world);
  const struct adduce_value *answer;
  struct adduce_question question = {.without = &selector, .without_count = selector != NULL};
  if (selector == NULL) return;
  if (pick(3) == 0) {
    question = (struct adduce_question){.only = &selector, .only_count = 1};
    if (query_state(shelf.scope, &world, &answer, NULL, &question) != ADDUCE_OK) return;
  }
  if (pick(4) == 0) question.policy = "none";
  ask_all(&world, &question);
  uint64_t from = pick((unsigned)shelf.count), to = shelf.count - 1;
  check_diff(&world, from, to, &question);
  check_diff_of(&world, pick(SUBJECTS), from, to, &question);
  check_step(&world, from, &question);
  check_time(&world, from, to, &question);
  for (unsigned i = 0; i < SUBJECTS; i++) check_history(&world, i, &question);
}

static void run_ledger(uint64_t number) {
  static const char *const times[] = {NULL, "2025-06", "2026-06-01"};
  make_ledger(number);
  struct query_world world = shelf_see(&shelf);
  struct adduce_question question = {.valid_at = times[pick(3)]};
  if (pick(6) == 0) question.said_by = "primary";
  if (pick(8) == 0) question.indicative = true;
  if (pick(6) == 0) question.certainty = "probable";
  if (pick(8) == 0) question.policy = "none";
  const struct adduce_question *wanted = &question;
  ask_all(&world, wanted);
  for (unsigned i = 0; i < DIFFS; i++) {
    uint64_t from = pick((unsigned)shelf.count), to = from + pick((unsigned)(shelf.count - from));
    check_diff(&world, i == 0 ? 0 : from, i == 0 ? shelf.count - 1 : to, wanted);
    check_diff_of(&world, pick(SUBJECTS), from, to, wanted);
  }
  for (uint64_t i = 0; i < shelf.count; i += 1 + pick(3)) check_step(&world, i, wanted);
  uint64_t last = shelf.count - 1, middle = pick((unsigned)shelf.count);
  check_time(&world, last, last, wanted);
  check_time(&world, middle, last, wanted);
  for (unsigned i = 0; i < SUBJECTS; i++) check_history(&world, i, wanted);
}

/* Candidates that are too few are made good for by diff, and said so: that is a fault. */
static void fail_at_trace(void *context, const char *line) {
  (void)context;
  if (strstr(line, "explain too little") == NULL) return;
  show_ledger();
  fail_msg("%s", line);
}

static void what_is_told_is_what_changed(void **state) {
  (void)state;
  shelf_open(&shelf, AUTHORS);
  adduce_scope_trace(shelf.scope, fail_at_trace, NULL);
  for (uint64_t i = 0; i < LEDGERS; i++) run_ledger(i);
  shelf_close(&shelf);
}

static void what_is_left_out_is_so_at_every_position(void **state) {
  (void)state;
  shelf_open(&shelf, AUTHORS);
  for (uint64_t i = 0; i < LEDGERS; i++) run_without(i);
  shelf_close(&shelf);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_told_is_what_changed),
      cmocka_unit_test(what_is_left_out_is_so_at_every_position),
  };
  return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
