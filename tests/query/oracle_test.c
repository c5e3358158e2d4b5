/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a subject against an oracle: a full replay that knows nothing of rows, on random
 * ledgers full of retractions, corrections, judgements and their retractions, at random places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "codec/value.h"
#include "support/shelf.h"

#define LEDGERS 300
#define EVENTS 48
#define ASKS 6
#define AUTHORS 4
#define SUBJECTS 6
#define LINES 512

enum said_kind { FACT, DESCRIPTION, SAME, RETRACTION, CORRECTION, END, DISPUTE, ENDORSEMENT, RANK };

/* An event as the test said it. */
struct said {
  enum said_kind kind;
  struct adduce_value *content;
  size_t author;
  int target; /* -1: none */
};

static struct shelf shelf;
static struct said saids[EVENTS + 1];
static size_t said_count;
static uint64_t seed;

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

static struct adduce_value *some_value(void) {
  if (pick(3) == 0) return value_integer(shelf.scope, 50 + pick(5));
  return text(scope_format(shelf.scope, "%u", pick(5)));
}

static void add_mood(struct adduce_value *content) {
  static const char *const acts[] = {"states", "denies", "plans", "reports"};
  if (pick(4) == 0) set(content, "polarity", text("negative"));
  if (pick(4) == 0) set(content, "certainty", text("possible"));
  if (pick(3) != 0) return;
  struct adduce_value *chain = value_list(shelf.scope), *hop = value_map(shelf.scope);
  set(hop, "agent", text(subject_name(pick(SUBJECTS))));
  set(hop, "act", text(acts[pick(4)]));
  value_add(shelf.scope, chain, hop);
  set(content, "attribution", chain);
}

static void say(enum said_kind kind, const char *name, struct adduce_value *content, int target) {
  struct parsed_ref refs[2];
  size_t author = pick(AUTHORS), count = target >= 0 ? 1 : 0;
  if (target >= 0)
    refs[0] = (struct parsed_ref){span_text("target"), shelf.entries[target].id.bytes};
  if (kind == CORRECTION && adduce_value_get(content, "fields") == NULL)
    refs[count++] = (struct parsed_ref){span_text("replacement"), shelf.entries[0].id.bytes};
  saids[said_count++] = (struct said){kind, content, author, target};
  (void)shelf_say(&shelf, author, name, content, refs, count);
}

static void say_fact(struct adduce_value *content) {
  set(content, "subject", text(subject_name(pick(SUBJECTS))));
  set(content, "property", text(pick(2) == 0 ? "colour" : "size"));
  set(content, "value", some_value());
  add_mood(content);
  say(FACT, "fact.asserted", content, -1);
}

static void say_description(struct adduce_value *content) {
  struct adduce_value *names = value_list(shelf.scope);
  for (unsigned i = pick(2) + 1; i > 0; i--) value_add(shelf.scope, names, some_value());
  for (size_t i = 0; i < names->as.list.count; i++)
    if (names->as.list.items[i]->type != ADDUCE_TEXT) names->as.list.items[i] = text("n");
  set(content, "subject", text(subject_name(pick(SUBJECTS))));
  set(content, "name", names);
  if (pick(2) == 0) set(content, "place", text(pick(2) == 0 ? "Minsk" : "Vilnius"));
  say(DESCRIPTION, "entity.described", content, -1);
}

static void say_same(struct adduce_value *content) {
  static const char *const judgements[] = {"positive", "positive", "negative", "unsure"};
  unsigned left = pick(SUBJECTS);
  set(content, "left", text(subject_name(left)));
  set(content, "right", text(subject_name((left + 1 + pick(SUBJECTS - 1)) % SUBJECTS)));
  set(content, "judgement", text(judgements[pick(4)]));
  say(SAME, "same.judged", content, -1);
}

static void say_correction(struct adduce_value *content, int target) {
  struct adduce_value *fields = value_map(shelf.scope);
  set(content, "reason", text("wrong"));
  switch (saids[target].kind) {
    case FACT:
      if (pick(2) == 0) set(fields, "value", some_value());
      if (pick(4) == 0) set(fields, "subject", text(subject_name(pick(SUBJECTS))));
      if (pick(4) == 0) set(fields, "polarity", text("negative"));
      break;
    case DESCRIPTION:
      if (pick(2) == 0) set(fields, "place", text("Hrodna"));
      if (pick(3) == 0) set(fields, "subject", text(subject_name(pick(SUBJECTS))));
      break;
    case SAME:
      set(fields, "judgement", text(pick(2) == 0 ? "negative" : "positive"));
      if (pick(3) == 0) set(fields, "left", text(subject_name(pick(SUBJECTS))));
      break;
    case CORRECTION:
      set(fields, "fields", value_map(shelf.scope));
      set((struct adduce_value *)value_get(fields, span_text("fields")), "value", some_value());
      break;
    default:
      break;
  }
  if (adduce_value_count(fields) != 0 && pick(5) != 0) set(content, "fields", fields);
  say(CORRECTION, "claim.corrected", content, target);
}

static void say_act(struct adduce_value *content) {
  static const char *const opinions[] = {"agree", "disagree", "neutral", "strongly_agree"};
  static const char *const ranks[] = {"preferred", "normal", "deprecated"};
  int target = (int)(1 + pick((unsigned)said_count - 1));
  switch (pick(8)) {
    case 0:
    case 1:
    case 2:
      set(content, "reason", text("withdrawn"));
      say(RETRACTION, "claim.retracted", content, target);
      return;
    case 3:
    case 4:
      say_correction(content, target);
      return;
    case 5:
      set(content, "until", text("2025-12"));
      say(END, "claim.ended", content, target);
      return;
    case 6:
      set(content, "reason", text("no"));
      say(DISPUTE, "claim.disputed", content, target);
      return;
    default:
      if (pick(2) == 0) {
        set(content, "opinion", text(opinions[pick(4)]));
        say(ENDORSEMENT, "claim.endorsed", content, target);
      } else {
        set(content, "rank", text(ranks[pick(3)]));
        say(RANK, "claim.ranked", content, target);
      }
  }
}

static void say_something(void) {
  struct adduce_value *content = value_map(shelf.scope);
  switch (said_count < 4 ? pick(4) : pick(10)) {
    case 0:
    case 1:
    case 2:
      say_fact(content);
      return;
    case 3:
      say_description(content);
      return;
    case 4:
    case 5:
      say_same(content);
      return;
    default:
      say_act(content);
  }
}

/* --- the oracle --------------------------------------------------------------------------- */

enum { LIVE, ENDED, CORRECTED, RETRACTED };
static const char *const states[] = {"live", "ended", "corrected", "retracted"};

struct oracle {
  size_t size;
  bool holds[EVENTS + 1];
};

static bool own(size_t a, size_t b) {
  return a == b || (a % 2 == 0 && b % 2 == 0);
}

/* From the last to the first: what undoes an act comes after it. */
static void find_holds(struct oracle *oracle) {
  for (size_t i = oracle->size; i-- > 0;) {
    oracle->holds[i] = true;
    for (size_t j = i + 1; j < oracle->size; j++)
      if (saids[j].kind == RETRACTION && saids[j].target == (int)i && oracle->holds[j] &&
          own(saids[j].author, saids[i].author))
        oracle->holds[i] = false;
  }
}

static bool acts_on(const struct oracle *oracle, size_t act, size_t target) {
  const struct said *said = &saids[act];
  bool needs_own = said->kind == RETRACTION || said->kind == CORRECTION || said->kind == END;
  return said->target == (int)target && oracle->holds[act] &&
         (!needs_own || own(said->author, saids[target].author));
}

static const struct adduce_value *effective(const struct oracle *oracle, size_t index) {
  struct adduce_value *merged = value_map(shelf.scope);
  const struct adduce_value *content = saids[index].content;
  for (size_t i = 0; i < adduce_value_count(content); i++)
    value_set(shelf.scope, merged, adduce_value_key(content, i), content->as.map.pairs[i].value);
  for (size_t i = index + 1; i < oracle->size; i++) {
    if (saids[i].kind != CORRECTION || !acts_on(oracle, i, index)) continue;
    const struct adduce_value *fields = adduce_value_get(effective(oracle, i), "fields");
    for (size_t j = 0; j < adduce_value_count(fields); j++)
      value_set(shelf.scope, merged, adduce_value_key(fields, j), fields->as.map.pairs[j].value);
  }
  return merged;
}

static bool is_overlaid(const struct oracle *oracle, size_t index) {
  for (size_t i = index + 1; i < oracle->size; i++)
    if (saids[i].kind == CORRECTION && acts_on(oracle, i, index) &&
        adduce_value_count(adduce_value_get(effective(oracle, i), "fields")) != 0)
      return true;
  return false;
}

static int state_of(const struct oracle *oracle, size_t index, bool *is_ended) {
  int state = LIVE;
  *is_ended = false;
  for (size_t i = index + 1; i < oracle->size; i++) {
    int said = saids[i].kind == RETRACTION   ? RETRACTED
               : saids[i].kind == CORRECTION ? CORRECTED
               : saids[i].kind == END        ? ENDED
                                             : LIVE;
    if (said == LIVE || !acts_on(oracle, i, index)) continue;
    if (said > state) state = said;
    if (said == ENDED) *is_ended = true;
  }
  return state;
}

static int effective_state(const struct oracle *oracle, size_t index) {
  bool is_ended;
  int state = state_of(oracle, index, &is_ended);
  if (state != CORRECTED || !is_overlaid(oracle, index)) return state;
  return is_ended ? ENDED : LIVE;
}

static const char *marks_of(const struct oracle *oracle, size_t index) {
  bool disputed = false, endorsed = false, preferred = false, deprecated = false;
  for (size_t author = 0; author < AUTHORS; author++) {
    const char *rank = "normal";
    for (size_t i = index + 1; i < oracle->size; i++)
      if (saids[i].kind == RANK && saids[i].author == author && acts_on(oracle, i, index))
        rank = adduce_value_text(adduce_value_get(saids[i].content, "rank"));
    preferred |= strcmp(rank, "preferred") == 0;
    deprecated |= strcmp(rank, "deprecated") == 0;
  }
  for (size_t i = index + 1; i < oracle->size; i++) {
    if (!acts_on(oracle, i, index)) continue;
    const char *opinion = adduce_value_text(adduce_value_get(saids[i].content, "opinion"));
    disputed |= saids[i].kind == DISPUTE ||
                (saids[i].kind == ENDORSEMENT && strcmp(opinion, "disagree") == 0);
    endorsed |= saids[i].kind == ENDORSEMENT && strstr(opinion, "agree") != NULL &&
                strcmp(opinion, "disagree") != 0;
  }
  return scope_format(shelf.scope, "%s%s%s%s", disputed ? "disputed " : "",
                      endorsed ? "endorsed " : "", preferred ? "preferred " : "",
                      deprecated ? "deprecated " : "");
}

/* --- clusters ----------------------------------------------------------------------------- */

static int number_of(const struct adduce_value *subject) {
  const char *words = adduce_value_text(subject);
  return words[0] == '\0' ? -1 : words[strlen(words) - 1] - '0';
}

/* The index of the last standing judgement on a pair, -1 if none, and whether it is positive. */
static int find_judgement(const struct oracle *oracle, int a, int b, const char *wanted) {
  int last = -1;
  bool is_wanted = false;
  for (size_t i = 0; i < oracle->size; i++) {
    if (saids[i].kind != SAME || effective_state(oracle, i) != LIVE) continue;
    const struct adduce_value *content = effective(oracle, i);
    int left = number_of(adduce_value_get(content, "left"));
    int right = number_of(adduce_value_get(content, "right"));
    if (!((left == a && right == b) || (left == b && right == a)) || left == right) continue;
    last = (int)i;
    is_wanted = strcmp(adduce_value_text(adduce_value_get(content, "judgement")), wanted) == 0;
  }
  return is_wanted ? last : -1;
}

static size_t find_cluster(const struct oracle *oracle, int subject, int *members) {
  bool seen[SUBJECTS] = {false};
  size_t count = 1;
  members[0] = subject;
  seen[subject] = true;
  for (size_t at = 0; at < count; at++) {
    for (int round = -1; round < (int)oracle->size; round++) {
      for (int other = 0; other < SUBJECTS; other++) {
        bool is_parted = false;
        if (seen[other] || find_judgement(oracle, members[at], other, "positive") != round ||
            round < 0)
          continue;
        for (size_t i = 0; i < count; i++)
          is_parted |= find_judgement(oracle, members[i], other, "negative") >= 0;
        seen[other] = true;
        if (!is_parted) members[count++] = other;
      }
    }
  }
  return count;
}

/* --- lines -------------------------------------------------------------------------------- */

struct expected {
  const char *key; /* field, value, mood */
  int state;
  bool support[EVENTS + 1];
  int support_state[EVENTS + 1];
};

static struct expected lines[LINES];
static size_t line_count;

static void expect(const char *key, int state, size_t index) {
  size_t at = 0;
  while (at < line_count && strcmp(lines[at].key, key) != 0) at++;
  if (at == line_count) {
    assert_true(line_count < LINES);
    memset(&lines[at], 0, sizeof lines[at]);
    lines[at].key = key;
    lines[at].state = RETRACTED + 1;
    line_count++;
  }
  if (!lines[at].support[index] || state < lines[at].support_state[index])
    lines[at].support_state[index] = state;
  lines[at].support[index] = true;
  if (state < lines[at].state) lines[at].state = state;
}

static const char *json(const struct adduce_value *value) {
  const char *words;
  assert_int_equal(adduce_value_to_json(shelf.scope, &words, value, false), ADDUCE_OK);
  return words;
}

static const char *mood_key(const struct adduce_value *content) {
  const char *act = adduce_value_text(
      adduce_value_get(adduce_value_at(adduce_value_get(content, "attribution"), 0), "act"));
  bool negative = strcmp(adduce_value_text(adduce_value_get(content, "polarity")), "negative") == 0;
  if (strcmp(act, "denies") == 0) negative = !negative;
  return scope_format(shelf.scope, "%s/%s/%s", negative ? "negative" : "",
                      adduce_value_text(adduce_value_get(content, "certainty")),
                      strcmp(act, "plans") == 0 ? "intended" : "");
}

static void expect_field(const char *field, const struct adduce_value *value, const char *mood,
                         int state, size_t index) {
  if (adduce_value_type(value) == ADDUCE_LIST) {
    for (size_t i = 0; i < adduce_value_count(value); i++)
      expect(scope_format(shelf.scope, "%s|%s|%s", field, json(adduce_value_at(value, i)), mood),
             state, index);
    return;
  }
  expect(scope_format(shelf.scope, "%s|%s|%s", field, json(value), mood), state, index);
}

static bool same(const struct adduce_value *a, const struct adduce_value *b) {
  if (a == NULL || b == NULL) return a == b;
  return value_equal(a, b);
}

/* What content says of a field, unless `other` says the same in the same mood of this subject. */
static void expect_content(enum said_kind kind, const struct adduce_value *content,
                           const struct adduce_value *other, int state, size_t index) {
  static const char *const described[] = {"name", "place"};
  const char *mood = mood_key(content);
  bool is_same = other != NULL && strcmp(mood, mood_key(other)) == 0 &&
                 same(adduce_value_get(content, "subject"), adduce_value_get(other, "subject")) &&
                 (adduce_value_get(content, "attribution") != NULL) ==
                     (adduce_value_get(other, "attribution") != NULL);
  if (kind == FACT) {
    const struct adduce_value *value = adduce_value_get(content, "value");
    if (is_same && same(value, adduce_value_get(other, "value"))) return;
    expect_field(adduce_value_text(adduce_value_get(content, "property")), value, mood, state,
                 index);
    return;
  }
  for (size_t i = 0; i < 2; i++) {
    const struct adduce_value *value = adduce_value_get(content, described[i]);
    if (value == NULL || (is_same && same(value, adduce_value_get(other, described[i])))) continue;
    expect_field(described[i], value, mood, state, index);
  }
}

static bool is_member(const struct adduce_value *content, const int *members, size_t count) {
  int number = number_of(adduce_value_get(content, "subject"));
  for (size_t i = 0; i < count; i++)
    if (members[i] == number) return true;
  return false;
}

static void expect_lines(const struct oracle *oracle, const int *members, size_t count) {
  line_count = 0;
  for (size_t i = 0; i < oracle->size; i++) {
    bool is_ended;
    if (saids[i].kind != FACT && saids[i].kind != DESCRIPTION) continue;
    const struct adduce_value *now = effective(oracle, i);
    bool overlaid = is_overlaid(oracle, i);
    int state = state_of(oracle, i, &is_ended);
    if (is_member(now, members, count))
      expect_content(saids[i].kind, now, NULL, effective_state(oracle, i), i);
    if (overlaid && is_member(saids[i].content, members, count))
      expect_content(saids[i].kind, saids[i].content, now,
                     state == RETRACTED ? RETRACTED : CORRECTED, i);
  }
}

/* --- comparing ---------------------------------------------------------------------------- */

static void fail_with(const struct adduce_value *answer, const char *what, const char *key) {
  print_message("%s: %s\n%s\n", what, key, shelf_json(&shelf, answer));
  for (size_t i = 0; i < line_count; i++)
    print_message("expected %s %s\n", lines[i].key, states[lines[i].state]);
  for (size_t i = 0; i < said_count; i++)
    print_message("#%zu by %zu kind %d target %d %s\n", i, saids[i].author, (int)saids[i].kind,
                  saids[i].target, saids[i].content == NULL ? "" : json(saids[i].content));
  fail();
}

static const char *expected_marks(const struct oracle *oracle, const struct expected *line) {
  static const char *const names[] = {"disputed", "endorsed", "preferred", "deprecated"};
  bool has[4] = {false};
  for (size_t i = 0; i < oracle->size; i++) {
    if (!line->support[i] || line->support_state[i] != line->state) continue;
    const char *marks = marks_of(oracle, i);
    for (size_t j = 0; j < 4; j++) has[j] |= strstr(marks, names[j]) != NULL;
  }
  const char *all = "";
  for (size_t j = 0; j < 4; j++)
    if (has[j]) all = scope_format(shelf.scope, "%s%s ", all, names[j]);
  return all;
}

static const char *answered_marks(const struct adduce_value *line) {
  const struct adduce_value *marks = adduce_value_get(line, "marks");
  const char *all = "";
  for (size_t i = 0; i < adduce_value_count(marks); i++)
    all = scope_format(shelf.scope, "%s%s ", all, adduce_value_text(adduce_value_at(marks, i)));
  return all;
}

static void compare_line(const struct oracle *oracle, const struct adduce_value *answer,
                         const char *field, const struct adduce_value *line) {
  const char *polarity = adduce_value_text(adduce_value_get(line, "polarity"));
  const char *key =
      scope_format(shelf.scope, "%s|%s|%s/%s/%s", field, json(adduce_value_get(line, "value")),
                   polarity, adduce_value_text(adduce_value_get(line, "certainty")),
                   adduce_value_boolean(adduce_value_get(line, "intended")) ? "intended" : "");
  size_t at = 0, supports = 0;
  while (at < line_count && strcmp(lines[at].key, key) != 0) at++;
  if (at == line_count) fail_with(answer, "not expected", key);
  if (strcmp(states[lines[at].state], adduce_value_text(adduce_value_get(line, "status"))) != 0)
    fail_with(answer, "another status", key);
  const struct adduce_value *support = adduce_value_get(line, "support");
  for (size_t i = 0; i < adduce_value_count(support); i++) {
    const struct adduce_value *claim = adduce_value_at(support, i);
    size_t index = (size_t)adduce_value_integer(adduce_value_get(claim, "index"));
    if (!lines[at].support[index]) fail_with(answer, "another support", key);
  }
  for (size_t i = 0; i < oracle->size; i++) supports += lines[at].support[i];
  if (supports != adduce_value_count(support)) fail_with(answer, "supports are missing", key);
  if (strcmp(expected_marks(oracle, &lines[at]), answered_marks(line)) != 0)
    fail_with(answer, "other marks", key);
}

static void compare_cluster(const struct adduce_value *answer, const int *members, size_t count) {
  const struct adduce_value *cluster = adduce_value_get(answer, "cluster");
  if (adduce_value_count(cluster) != count) fail_with(answer, "cluster", "another size");
  for (size_t i = 0; i < count; i++)
    if (number_of(adduce_value_at(cluster, i)) != members[i])
      fail_with(answer, "cluster", "another member");
}

static void ask(const struct query_world *world, int subject, size_t size) {
  const struct adduce_value *answer;
  struct oracle oracle = {.size = size};
  int members[SUBJECTS];
  size_t seen = 0;
  struct adduce_question question = {.at = scope_format(shelf.scope, "#%zu", size - 1)};
  find_holds(&oracle);
  size_t count = find_cluster(&oracle, subject, members);
  expect_lines(&oracle, members, count);
  enum adduce_err err =
      query_state(shelf.scope, world, &answer, subject_name((unsigned)subject), &question);
  if (err == ADDUCE_E_NOT_FOUND) {
    assert_int_equal(line_count, 0);
    return;
  }
  assert_int_equal(err, ADDUCE_OK);
  compare_cluster(answer, members, count);
  const struct adduce_value *facts = adduce_value_get(answer, "facts");
  for (size_t i = 0; i < adduce_value_count(facts); i++) {
    const struct adduce_value *fact = adduce_value_at(facts, i);
    const struct adduce_value *values = adduce_value_get(fact, "values");
    for (size_t j = 0; j < adduce_value_count(values); j++, seen++)
      compare_line(&oracle, answer, adduce_value_text(adduce_value_get(fact, "field")),
                   adduce_value_at(values, j));
  }
  if (seen != line_count) fail_with(answer, "lines are missing", "");
}

/* --- tests -------------------------------------------------------------------------------- */

static void run_ledger(uint64_t number) {
  seed = number * 7919 + 1;
  said_count = 0;
  shelf_empty(&shelf);
  shelf_found(&shelf);
  saids[said_count++] = (struct said){RANK, value_map(shelf.scope), 0, -1};
  size_t wanted = 8 + pick(EVENTS - 8);
  shelf.step = pick(3) == 0 ? 0 : 1 + pick(4); /* rows in the tail, or in runs as well */
  while (said_count < wanted) {
    say_something();
    if (pick(25) == 0) shelf_fold(&shelf);
  }
  shelf_fold(&shelf);
  struct query_world world = shelf_see(&shelf);
  for (unsigned i = 0; i < ASKS; i++)
    ask(&world, (int)pick(SUBJECTS), i == 0 ? said_count : 1 + pick((unsigned)said_count));
}

static void the_state_is_that_of_a_full_replay(void **state) {
  (void)state;
  shelf_open(&shelf, AUTHORS);
  for (uint64_t i = 0; i < LEDGERS; i++) run_ledger(i);
  shelf_close(&shelf);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_state_is_that_of_a_full_replay),
  };
  return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
