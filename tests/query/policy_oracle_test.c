/* SPDX-License-Identifier: Apache-2.0 */
/* Whose claims count, against an oracle. The oracle reads the rules of a random policy straight off
 * (claim/trust.h): for each event of a random ledger, the first rule whose every condition fits.
 * Then it replays what counts as if the rest had never been entered, and every answer must be the
 * one that is given under the policy; what the lists say was kept out must be what the oracle kept
 * out, by rule.
 *
 * Where a rule wants several to say so, the oracle counts who does in a replay of what the rules
 * without a quorum leave, from what `show` says of each event there.
 *
 * So that this can fail, the oracle is also run with one of its readings wrong at a time: each time
 * some answer must differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "base/hex.h"
#include "codec/value.h"
#include "support/replayed.h"

#define LEDGERS 120
#define POLICIES 15 /* of a ledger, each at a size of its own, with 6 questions: 10,800 in all */
#define RULES_MAX 3
#define MEMBERS_MAX 3

enum { AUTHOR = 1, ORGANIZATION = 2, KIND = 4, SUBJECT = 8, ORIGIN = 16, CONDITIONS = 5 };
enum effect { COUNTS, APART, IGNORED };

struct member {
  unsigned sort; /* AUTHOR, ORGANIZATION or ORIGIN */
  unsigned author;
  const char *organization, *origin;
};

struct rule {
  enum effect effect;
  unsigned quorum; /* 0: none */
  struct member members[MEMBERS_MAX];
  unsigned member_count;
  bool has_otherwise;
  enum effect otherwise;
  unsigned conditions; /* a bit for each of the above */
  unsigned author;
  const char *organization, *kind, *subject, *origin;
};

struct policy {
  struct rule rules[RULES_MAX];
  size_t count;
};

static size_t size; /* the entries that the question sees */
static struct policy policy;
static int decided[SAYINGS_EVENTS + 2]; /* of each event: the rule that fits, or -1 */
static bool out[SAYINGS_EVENTS + 2];
static bool plain_out[SAYINGS_EVENTS + 2];                   /* without quorums */
static const struct adduce_value *shown[SAYINGS_EVENTS + 2]; /* in that world; NULL: out */

/* A reading of the rules that is wrong. */
enum wrong {
  RIGHT,
  LAST_FITS,
  ANY_FITS,
  APART_COUNTS,
  BEGINNINGS,
  RULES_COUNT,
  OTHER_END,
  QUORUM_MET,          /* always */
  ONE_FIELD_IS_ENOUGH, /* the one by which it is found */
  MOOD_IS_ANY,
  ACTS_SAY_NOTHING,
  RETRACTED_SAYS,
  STANDS_FOR_ALL, /* of the members that he is */
  WRONGS
};
static enum wrong wrong;

static const char *word(const struct adduce_value *map, const char *key) {
  return adduce_value_text(adduce_value_get(map, key));
}

static bool is(const char *a, const char *b) {
  return strcmp(a, b) == 0;
}

/* --- policies ------------------------------------------------------------------------------ */

static const char *const houses[] = {"Monitor", "Agency", "Monitor", "Outlet", "Monitor"};
static const char *const kinds[] = {
    "fact.asserted", "claim.",  "claim.retracted", "source.",   "same.judged", "source.cited",
    "author.",       "ledger.", "claim.corrected", "relation.", "fact"};

static const char *some_origin(void) {
  static const char *const origins[] = {"two officials", "media", "Monitor", "Agency"};
  return sayings_pick(3) == 0 ? origins[sayings_pick(4)]
                              : sayings_name(sayings_pick(SAYINGS_VOICES));
}

/* The sorts take turns, so that no member is there twice. */
static void some_quorum(struct rule *rule) {
  static const unsigned sorts[] = {AUTHOR, ORGANIZATION, ORIGIN};
  unsigned first = sayings_pick(3);
  rule->effect = COUNTS;
  rule->member_count = 1 + sayings_pick(MEMBERS_MAX);
  rule->quorum = 1 + sayings_pick(rule->member_count);
  rule->has_otherwise = sayings_pick(2) == 0;
  rule->otherwise = rule->has_otherwise && sayings_pick(2) == 0 ? IGNORED : APART;
  for (unsigned i = 0; i < rule->member_count; i++)
    rule->members[i] = (struct member){.sort = sorts[(first + i) % 3],
                                       .author = sayings_pick(SAYINGS_AUTHORS),
                                       .organization = houses[sayings_pick(SAYINGS_AUTHORS)],
                                       .origin = some_origin()};
}

static struct rule some_rule(void) {
  struct rule rule = {.effect = (enum effect)sayings_pick(3), .conditions = 1U << sayings_pick(5)};
  if (sayings_pick(3) == 0) rule.conditions |= 1U << sayings_pick(CONDITIONS);
  rule.author = sayings_pick(SAYINGS_AUTHORS);
  rule.organization = houses[sayings_pick(SAYINGS_AUTHORS)];
  rule.kind = kinds[sayings_pick(sizeof kinds / sizeof *kinds)];
  rule.subject =
      sayings_pick(4) == 0 ? SHELF_ORIGIN "/thing/" : sayings_name(sayings_pick(SAYINGS_NAMES));
  rule.origin = some_origin();
  if (sayings_pick(5) < 2) some_quorum(&rule);
  return rule;
}

static void make_policy(void) {
  policy.count = 1 + sayings_pick(RULES_MAX);
  for (size_t i = 0; i < policy.count; i++) policy.rules[i] = some_rule();
}

static const char *const effects[] = {"counts", "apart", "ignored"};

static const char *spell_author(unsigned author) {
  return scope_format(sayings.shelf.scope, "%s",
                      hex_text32(sayings.shelf.authors[author].key.bytes).text);
}

static const char *spell_member(const struct member *member) {
  return scope_format(sayings.shelf.scope, "{\"%s\":\"%s\"}",
                      member->sort == AUTHOR         ? "author"
                      : member->sort == ORGANIZATION ? "organization"
                                                     : "origin",
                      member->sort == AUTHOR         ? spell_author(member->author)
                      : member->sort == ORGANIZATION ? member->organization
                                                     : member->origin);
}

static const char *spell_quorum(const struct rule *rule, const char *json) {
  struct adduce_scope *scope = sayings.shelf.scope;
  if (rule->quorum == 0) return json;
  json = scope_format(scope, "%s,\"quorum\":%u,\"of\":[", json, rule->quorum);
  for (unsigned i = 0; i < rule->member_count; i++)
    json = scope_format(scope, "%s%s%s", json, i == 0 ? "" : ",", spell_member(&rule->members[i]));
  json = scope_format(scope, "%s]", json);
  if (!rule->has_otherwise) return json;
  return scope_format(scope, "%s,\"otherwise\":\"%s\"", json, effects[rule->otherwise]);
}

static const char *spell(const struct rule *rule) {
  struct adduce_scope *scope = sayings.shelf.scope;
  const char *json = scope_format(scope, "{\"effect\":\"%s\"", effects[rule->effect]);
  const char *const names[] = {"author", "organization", "kind", "subject", "origin"};
  const char *const values[] = {spell_author(rule->author), rule->organization, rule->kind,
                                rule->subject, rule->origin};
  for (unsigned i = 0; i < CONDITIONS; i++)
    if ((rule->conditions >> i & 1) != 0)
      json = scope_format(scope, "%s,\"%s\":\"%s\"", json, names[i], values[i]);
  return scope_format(scope, "%s}", spell_quorum(rule, json));
}

static const char *spell_policy(void) {
  const char *json = "[";
  for (size_t i = 0; i < policy.count; i++)
    json = scope_format(sayings.shelf.scope, "%s%s%s", json, i == 0 ? "" : ",",
                        spell(&policy.rules[i]));
  return scope_format(sayings.shelf.scope, "%s]", json);
}

/* --- the oracle ----------------------------------------------------------------------------- */

static bool fits_text(const char *condition, const char *text) {
  size_t length = strlen(condition);
  bool is_beginning = wrong == BEGINNINGS || strchr(".:/", condition[length - 1]) != NULL;
  return is_beginning ? strncmp(condition, text, length) == 0 : is(condition, text);
}

static bool fits_subject(const struct rule *rule, const struct said *said) {
  const char *ends[] = {word(said->content, "subject"), ""};
  if (is(said->kind, "relation.asserted")) {
    ends[0] = word(said->content, "from");
    ends[1] = word(said->content, "to");
  }
  if (is(said->kind, "same.judged")) {
    ends[0] = word(said->content, "left");
    ends[1] = word(said->content, "right");
  }
  if (wrong == OTHER_END) ends[1] = "";
  return fits_text(rule->subject, ends[0]) || fits_text(rule->subject, ends[1]);
}

/* Whose word it is in the end. */
static bool has_origin(const char *origin, const struct said *said,
                       const struct adduce_value *content) {
  static const char *const framed[] = {"fact.asserted",     "entity.described",
                                       "release.announced", "relation.asserted",
                                       "claim.disputed",    "claim.corroborated"};
  const struct adduce_value *chain = adduce_value_get(content, "attribution");
  size_t hops = adduce_value_count(chain);
  bool has_frame = false;
  for (size_t i = 0; i < sizeof framed / sizeof *framed; i++)
    has_frame |= is(said->kind, framed[i]);
  if (!has_frame) return false;
  if (hops == 0) return is(origin, houses[said->author]);
  const struct adduce_value *hop = adduce_value_at(chain, hops - 1);
  if (adduce_value_get(hop, "agent") != NULL) return is(origin, word(hop, "agent"));
  return is(origin, word(adduce_value_get(hop, "anonymous"), "description"));
}

/* A rule with a quorum bears also on what a correction made a claim about the subject. */
static bool fits_corrected(const struct rule *rule, size_t index) {
  const struct adduce_value *now = adduce_value_get(shown[index], "corrected_content");
  if (rule->quorum == 0 || now == NULL) return false;
  const char *key = is(sayings.said[index].kind, "relation.asserted") ? "from" : "subject";
  if (is(sayings.said[index].kind, "same.judged")) key = "left";
  const char *subject = word(now, key);
  return subject != NULL && fits_text(rule->subject, subject);
}

static bool fits(const struct rule *rule, size_t index) {
  const struct said *said = &sayings.said[index];
  unsigned met = 0;
  if (said->author == rule->author) met |= AUTHOR;
  if (is(houses[said->author], rule->organization)) met |= ORGANIZATION;
  if (fits_text(rule->kind, said->kind)) met |= KIND;
  if (fits_subject(rule, said) || fits_corrected(rule, index)) met |= SUBJECT;
  if (has_origin(rule->origin, said, said->content)) met |= ORIGIN;
  return wrong == ANY_FITS ? (met & rule->conditions) != 0
                           : (met & rule->conditions) == rule->conditions;
}

static bool makes_rules(const struct said *said) {
  return strncmp(said->kind, "ledger.", 7) == 0 || strncmp(said->kind, "author.", 7) == 0 ||
         strncmp(said->kind, "policy.", 7) == 0;
}

/* --- who says the same ---------------------------------------------------------------------- */

struct mood {
  int certainty, polarity; /* the more the less certain; 0 negative, 1 positive, 2 undecided */
  bool intended;
};

static struct mood mood_of(const struct adduce_value *content) {
  const struct adduce_value *chain = adduce_value_get(content, "attribution");
  struct mood mood = {.polarity = adduce_value_get(content, "polarity") == NULL,
                      .certainty = adduce_value_get(content, "certainty") != NULL};
  for (size_t i = 0; i < adduce_value_count(chain); i++) {
    const char *act = word(adduce_value_at(chain, i), "act");
    mood.intended |= is(act, "plans");
    if (!is(act, "denies")) continue;
    bool is_innermost = i + 1 == adduce_value_count(chain);
    mood.polarity = is_innermost && mood.polarity != 2 ? !mood.polarity : 2;
  }
  return mood;
}

static const struct adduce_value *content_now(size_t index) {
  const struct adduce_value *now = adduce_value_get(shown[index], "corrected_content");
  return now != NULL ? now : adduce_value_get(shown[index], "content");
}

static const char *text_of(const struct adduce_value *value) {
  return shelf_json(&sayings.shelf, value);
}

static bool has_all(const struct adduce_value *list, const struct adduce_value *of) {
  for (size_t i = 0; i < adduce_value_count(of); i++) {
    bool is_there = false;
    for (size_t j = 0; j < adduce_value_count(list) && !is_there; j++)
      is_there = is(text_of(adduce_value_at(list, j)), text_of(adduce_value_at(of, i)));
    if (!is_there) return false;
  }
  return true;
}

static bool acts_on_all(const struct said *said, const struct said *of) {
  for (size_t i = 0; i < of->ref_count; i++) {
    bool is_there = !is(of->refs[i].role, "target") && !is(of->refs[i].role, "source");
    for (size_t j = 0; j < said->ref_count; j++)
      is_there |=
          said->refs[j].index == of->refs[i].index && is(said->refs[j].role, of->refs[i].role);
    if (!is_there) return false;
  }
  return true;
}

/* Whether the event at `other` says at least what that at `index` says. What has no subject is
 * said by itself alone. */
static bool says(size_t other, size_t index) {
  static const char *const how[] = {"attribution", "citations", "polarity", "certainty"};
  if (other == index) return true;
  const struct adduce_value *theirs = content_now(other), *ours = content_now(index);
  const struct said *said = &sayings.said[index];
  struct mood their_mood = mood_of(theirs), mood = mood_of(ours);
  if (!is(sayings.said[other].kind, said->kind)) return false;
  if (adduce_value_get(ours, "subject") == NULL && adduce_value_get(ours, "left") == NULL &&
      adduce_value_get(ours, "from") == NULL)
    return false;
  for (size_t i = 0; i < adduce_value_count(ours); i++) {
    const char *key = adduce_value_key(ours, i);
    bool is_how = false;
    for (size_t j = 0; j < sizeof how / sizeof *how; j++) is_how |= is(key, how[j]);
    bool is_found_by = is(key, "subject") || is(key, "left") || is(key, "from");
    if (is_how || (wrong == ONE_FIELD_IS_ENOUGH && !is_found_by)) continue;
    const struct adduce_value *value = adduce_value_at(ours, i),
                              *there = adduce_value_get(theirs, key);
    if (there == NULL) return false;
    if (adduce_value_type(value) == ADDUCE_LIST ? !has_all(there, value)
                                                : !is(text_of(there), text_of(value)))
      return false;
  }
  bool is_mood = their_mood.polarity == mood.polarity && their_mood.certainty <= mood.certainty &&
                 (!their_mood.intended || mood.intended);
  return (is_mood || wrong == MOOD_IS_ANY) && acts_on_all(&sayings.said[other], said);
}

/* --- how many say it ------------------------------------------------------------------------ */

static bool is_member(const struct member *member, size_t index) {
  const struct said *said = &sayings.said[index];
  if (member->sort == AUTHOR) return said->author == member->author;
  if (member->sort == ORGANIZATION) return is(houses[said->author], member->organization);
  return has_origin(member->origin, said, content_now(index));
}

static bool stands(size_t index) {
  const char *status = word(shown[index], "status");
  bool is_put_right = adduce_value_get(shown[index], "corrected_content") != NULL;
  return is(status, "live") || is(status, "ended") || (is(status, "corrected") && is_put_right) ||
         wrong == RETRACTED_SAYS;
}

static void add_member(const struct rule *rule, bool *said, size_t index) {
  if (!stands(index)) return;
  for (unsigned i = 0; i < rule->member_count; i++) {
    if (!is_member(&rule->members[i], index)) continue;
    said[i] = true;
    if (wrong != STANDS_FOR_ALL) return;
  }
}

static void add_saying(const struct rule *rule, bool *said, size_t index) {
  const struct adduce_value *acts = adduce_value_get(shown[index], "acts");
  if (!stands(index)) return;
  add_member(rule, said, index);
  for (size_t i = 0; i < adduce_value_count(acts) && wrong != ACTS_SAY_NOTHING; i++) {
    const struct adduce_value *act = adduce_value_at(acts, i);
    if (is(word(act, "act"), "corroborated") && adduce_value_get(act, "opinion") == NULL &&
        adduce_value_boolean(adduce_value_get(act, "effective")))
      add_member(rule, said, (size_t)adduce_value_integer(adduce_value_get(act, "index")));
  }
}

static bool is_met(const struct rule *rule, size_t index) {
  bool said[MEMBERS_MAX] = {false};
  unsigned count = 0;
  if (wrong == QUORUM_MET) return true;
  for (size_t i = 0; i < size; i++)
    if (shown[i] != NULL && says(i, index)) add_saying(rule, said, i);
  for (unsigned i = 0; i < rule->member_count; i++) count += said[i];
  return count >= rule->quorum;
}

/* --- deciding ------------------------------------------------------------------------------- */

static enum effect effect_of(const struct rule *rule, size_t index, bool is_plain) {
  if (rule->quorum == 0 || is_plain) return rule->effect;
  return is_met(rule, index) ? COUNTS : rule->otherwise;
}

static void decide_all(bool *kept_out, bool is_plain) {
  for (size_t i = 0; i < size; i++) {
    decided[i] = -1;
    for (size_t j = 0; j < policy.count; j++)
      if ((decided[i] < 0 || wrong == LAST_FITS) && fits(&policy.rules[j], i)) decided[i] = (int)j;
    bool is_rule = i == 0 || (makes_rules(&sayings.said[i]) && wrong != RULES_COUNT);
    kept_out[i] = false;
    if (is_rule || decided[i] < 0) continue;
    enum effect effect = effect_of(&policy.rules[decided[i]], i, is_plain);
    kept_out[i] = effect != COUNTS && !(wrong == APART_COUNTS && effect == APART);
  }
}

/* What there is to see of each event where no quorum is asked for. */
static void see_plain(void) {
  struct query_world world = shelf_see(&replayed);
  struct adduce_question question = {.at = scope_format(replayed.scope, "#%zu", size - 1),
                                     .policy = "none"};
  for (size_t i = 1; i < size; i++)
    if (!plain_out[i])
      assert_int_equal(query_event(sayings.shelf.scope, &world, &shown[i],
                                   scope_format(replayed.scope, "#%zu", i), &question),
                       ADDUCE_OK);
}

static void decide(void) {
  bool has_quorum = false;
  for (size_t i = 0; i < policy.count; i++) has_quorum |= policy.rules[i].quorum != 0;
  memset(shown, 0, sizeof shown);
  decide_all(has_quorum ? plain_out : out, true);
  if (!has_quorum) return;
  replayed_fold(plain_out, size);
  see_plain();
  decide_all(out, false);
}

/* --- comparing ------------------------------------------------------------------------------ */

/* What a claim that counts refers to is named as the log has it, whether that counts or not; in the
 * replay it is not there. So what is said of the other end of a reference is left away. */
static bool names_others(const struct adduce_value *map, struct adduce_span key) {
  bool is_act = strncmp(word(map, "kind"), "claim.", 6) == 0;
  if (span_is(key, "rule") || span_is(key, "quorum")) return true; /* of the policy */
  return span_is(key, "citations") || span_is(key, "refs") || span_is(key, "acts_on") ||
         (is_act &&
          (span_is(key, "label") || span_is(key, "sentence") || span_is(key, "attribution")));
}

static void forget_others(struct adduce_value *value) {
  size_t kept = 0;
  if (value->type == ADDUCE_LIST)
    for (size_t i = 0; i < value->as.list.count; i++) forget_others(value->as.list.items[i]);
  if (value->type != ADDUCE_MAP) return;
  for (size_t i = 0; i < value->as.map.count; i++) {
    if (names_others(value, value->as.map.pairs[i].key)) continue;
    forget_others(value->as.map.pairs[i].value);
    value->as.map.pairs[kept++] = value->as.map.pairs[i];
  }
  value->as.map.count = kept;
}

/* An answer that says nothing about a subject is an error where nothing was kept out. */
static bool says_nothing(enum replayed_question what, enum adduce_err err,
                         const struct adduce_value *answer) {
  if (what > REPLAYED_TIMELINE) return false;
  if (err == ADDUCE_E_NOT_FOUND) return true;
  if (err != ADDUCE_OK) return false;
  if (what == REPLAYED_EXPLAIN) return adduce_value_count(adduce_value_get(answer, "lines")) == 0;
  if (what == REPLAYED_TIMELINE)
    return adduce_value_count(adduce_value_get(answer, "events")) == 0 &&
           adduce_value_count(adduce_value_get(answer, "undated")) == 0;
  return adduce_value_integer(adduce_value_get(answer, "claims")) == 0;
}

static const char *ask(struct shelf *of, const struct query_world *world,
                       const struct adduce_value **answer, enum replayed_question what,
                       unsigned number, const char *used) {
  static const char *const dropped[] = {"policy", "not_counted", NULL};
  struct adduce_question question = {.at = scope_format(of->scope, "#%zu", size - 1),
                                     .policy = used};
  enum adduce_err err = replayed_ask(of, world, answer, what, number, size, &question);
  if (says_nothing(what, err, *answer)) return "nothing";
  struct adduce_value *copy = NULL;
  if (err == ADDUCE_OK) { /* not_counted is looked at later */
    struct adduce_span encoded;
    assert_int_equal(value_encode(of->scope, &encoded, *answer), ADDUCE_OK);
    assert_int_equal(value_decode(of->scope, &copy, encoded), ADDUCE_OK);
    forget_others(copy);
  }
  return replayed_text(of, what, err, copy, dropped);
}

/* Of all entries, what each rule kept out; a list names each rule that kept something out. */
static bool counts_agree(const struct adduce_value *answer) {
  const struct adduce_value *list = adduce_value_get(answer, "not_counted");
  size_t named = 0;
  for (int rule = 0; rule < (int)policy.count; rule++) {
    int64_t wanted = 0, found = 0;
    for (size_t i = 0; i < size; i++) wanted += out[i] && decided[i] == rule;
    for (size_t i = 0; i < adduce_value_count(list); i++) {
      const struct adduce_value *kept = adduce_value_at(list, i);
      if (adduce_value_integer(adduce_value_get(kept, "rule")) == rule)
        found = adduce_value_integer(adduce_value_get(kept, "claims"));
    }
    if (wanted != found) return false;
    named += wanted != 0;
  }
  return list == NULL || adduce_value_count(list) == named;
}

/* Whether one answer under the policy is that of the replay. */
static bool agrees(const struct query_world *world, const struct query_world *other,
                   enum replayed_question what, unsigned number, bool is_told) {
  const struct adduce_value *answer, *ignored;
  if (what == REPLAYED_SHOW && out[number % size]) return true; /* it is shown all the same */
  const char *under = ask(&sayings.shelf, world, &answer, what, number, spell_policy());
  const char *without = ask(&replayed, other, &ignored, what, number, "none");
  bool is_whole = what == REPLAYED_LOG || what == REPLAYED_PEOPLE;
  if (is(under, without) && (!is_whole || counts_agree(answer))) return true;
  if (!is_told) return false;
  print_message("policy %s\n", spell_policy());
  for (size_t i = 0; i < size; i++)
    print_message("#%zu %s by %zu %s %s\n", i, out[i] ? "out" : "in", sayings.said[i].author,
                  sayings.said[i].kind, shelf_json(&sayings.shelf, sayings.said[i].content));
  (void)fprintf(stderr, "question %d\n--- under the policy\n%s\n--- replayed\n%s\n", (int)what,
                under, without);
  return false;
}

static bool compare_policy(const struct query_world *world, bool is_told) {
  bool is_same = true;
  unsigned number = sayings_pick(1000);
  size = 2 + sayings_pick((unsigned)sayings.count - 1);
  make_policy();
  decide();
  replayed_fold(out, size);
  struct query_world other = shelf_see(&replayed);
  for (unsigned i = 0; i < 6 && is_same; i++) {
    struct scope_mark mark = scope_mark(sayings.shelf.scope), rest = scope_mark(replayed.scope);
    enum replayed_question what =
        i < 4 ? (enum replayed_question)i
              : (enum replayed_question)(REPLAYED_SOURCES +
                                         sayings_pick(REPLAYED_QUESTIONS - REPLAYED_SOURCES));
    is_same = agrees(world, &other, what, number + 7 * i, is_told);
    if (!is_same) break;
    scope_rewind(sayings.shelf.scope, mark);
    scope_rewind(replayed.scope, rest);
  }
  return is_same;
}

/* --- tests ---------------------------------------------------------------------------------- */

static void every_answer_is_that_of_what_counts(void **state) {
  (void)state;
  for (uint64_t number = 0; number < LEDGERS; number++) {
    sayings_ledger(1000 + number);
    struct query_world world = shelf_see(&sayings.shelf);
    for (unsigned i = 0; i < POLICIES; i++)
      if (!compare_policy(&world, true))
        fail_msg("ledger %llu, policy %u", (unsigned long long)number, i);
  }
}

/* The same rules, set by a logged policy: in force from its entry on, and tried by its name. */
static void a_policy_that_is_set_is_one_that_is_tried(void **state) {
  (void)state;
  for (uint64_t number = 0; number < 40; number++) {
    sayings_ledger(2000 + number);
    make_policy();
    uint64_t at =
        shelf_add(&sayings.shelf, 0, "policy.set",
                  scope_format(sayings.shelf.scope, "{\"unknown_authors\":\"refuse\",\"rules\":%s}",
                               spell_policy()),
                  "ledger", 0, (char *)NULL);
    shelf_fold(&sayings.shelf);
    struct query_world world = shelf_see(&sayings.shelf);
    size = (size_t)at + 1;
    const char *names[] = {NULL, "in-force", scope_format(sayings.shelf.scope, "#%zu", (size_t)at)};
    for (unsigned i = 0; i < 30; i++) {
      const struct adduce_value *ignored;
      enum replayed_question what = (enum replayed_question)(i % REPLAYED_QUESTIONS);
      bool is_list = what >= REPLAYED_SHOW && what <= REPLAYED_PEOPLE;
      const char *tried = ask(&sayings.shelf, &world, &ignored, what, i, spell_policy());
      for (size_t j = is_list ? 1 : 0; j < 3; j++)
        assert_string_equal(tried, ask(&sayings.shelf, &world, &ignored, what, i, names[j]));
      if (is_list) /* what lists entries lists all of them */
        assert_string_equal(ask(&sayings.shelf, &world, &ignored, what, i, NULL),
                            ask(&sayings.shelf, &world, &ignored, what, i, "none"));
    }
  }
}

static void each_wrong_reading_is_found(void **state) {
  (void)state;
  for (int each = RIGHT + 1; each < WRONGS; each++) {
    bool is_found = false;
    wrong = (enum wrong)each;
    for (uint64_t number = 0; number < 60 && !is_found; number++) {
      sayings_ledger(1000 + number);
      struct query_world world = shelf_see(&sayings.shelf);
      for (unsigned i = 0; i < POLICIES && !is_found; i++)
        is_found = !compare_policy(&world, false);
    }
    wrong = RIGHT;
    if (!is_found) fail_msg("nothing differs with reading %d", each);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_answer_is_that_of_what_counts),
      cmocka_unit_test(a_policy_that_is_set_is_one_that_is_tried),
      cmocka_unit_test(each_wrong_reading_is_found),
  };
  return cmocka_run_group_tests(tests, replayed_open, replayed_close);
}
