/* SPDX-License-Identifier: Apache-2.0 */
/* What is left out, against an oracle. The oracle reads the rules in query/exclusion.h straight
 * off: it looks at all events again and again until no rule raises a level, without rows, caches or
 * order. Then it replays what is left as if the rest had never been entered (only the places are
 * kept), and every answer must be the one that --without and --only give.
 *
 * So that this can fail, the oracle is also run with one rule missing at a time: each time some
 * answer must differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "base/hex.h"
#include "codec/value.h"
#include "query/support.h"
#include "support/replayed.h"

#define LEDGERS 167
#define SIZES 3  /* of a ledger, at which it is asked */
#define CASES 20 /* of a size: 10,020 in all */
#define SELECTORS 3

static const struct adduce_value *get(const struct adduce_value *map, const char *key) {
  return adduce_value_get(map, key);
}

static const char *word(const struct adduce_value *map, const char *key) {
  return adduce_value_text(get(map, key));
}

static bool is(const char *a, const char *b) {
  return strcmp(a, b) == 0;
}

/* --- the oracle: the ledger as it is ------------------------------------------------------- */

static size_t size; /* the entries that the question sees */
static bool holds[SAYINGS_EVENTS + 1];

static bool own(size_t a, size_t b) {
  return a == b || (a % 2 == 0 && b % 2 == 0);
}

static bool has_ref(size_t from, const char *role, size_t to) {
  for (size_t i = 0; i < sayings.said[from].ref_count; i++)
    if (sayings.said[from].refs[i].index == to && is(sayings.said[from].refs[i].role, role))
      return true;
  return false;
}

/* From the last to the first: what undoes an act comes after it. */
static void find_holds(void) {
  for (size_t i = size; i-- > 0;) {
    holds[i] = true;
    for (size_t j = i + 1; j < size; j++)
      if (is(sayings.said[j].kind, "claim.retracted") && has_ref(j, "target", i) && holds[j] &&
          own(sayings.said[j].author, sayings.said[i].author))
        holds[i] = false;
  }
}

static bool has_effect(size_t act, size_t target) {
  return has_ref(act, "target", target) && holds[act] &&
         own(sayings.said[act].author, sayings.said[target].author);
}

static const struct adduce_value *now(size_t index) {
  struct adduce_value *merged = value_map(sayings.shelf.scope);
  const struct adduce_value *content = sayings.said[index].content;
  for (size_t i = 0; i < adduce_value_count(content); i++)
    value_set(sayings.shelf.scope, merged, adduce_value_key(content, i),
              content->as.map.pairs[i].value);
  for (size_t i = index + 1; i < size; i++) {
    if (!is(sayings.said[i].kind, "claim.corrected") || !has_effect(i, index)) continue;
    const struct adduce_value *fields = get(now(i), "fields");
    for (size_t j = 0; j < adduce_value_count(fields); j++)
      value_set(sayings.shelf.scope, merged, adduce_value_key(fields, j),
                fields->as.map.pairs[j].value);
  }
  return merged;
}

static bool is_overlaid(size_t index) {
  for (size_t i = index + 1; i < size; i++)
    if (is(sayings.said[i].kind, "claim.corrected") && has_effect(i, index) &&
        adduce_value_count(get(now(i), "fields")) != 0)
      return true;
  return false;
}

/* Neither retracted nor ended, and if corrected, then in new words. */
static bool is_live(size_t index) {
  bool corrected = false;
  for (size_t i = index + 1; i < size; i++) {
    if (!has_effect(i, index)) continue;
    if (is(sayings.said[i].kind, "claim.retracted") || is(sayings.said[i].kind, "claim.ended"))
      return false;
    corrected |= is(sayings.said[i].kind, "claim.corrected");
  }
  return !corrected || is_overlaid(index);
}

static int number_of(const char *name) {
  for (unsigned i = 0; i < SAYINGS_NAMES; i++)
    if (is(name, sayings_name(i))) return (int)i;
  return -1;
}

/* -1, 0 or 1 as negative, undecided and positive are said. */
static int polarity_of(const char *words) {
  return is(words, "negative") ? -1 : is(words, "unknown") ? 0 : 1;
}

static bool is_indicative(const struct adduce_value *content) {
  const struct adduce_value *chain = get(content, "attribution");
  int polarity = polarity_of(word(content, "polarity")), inner = 1;
  for (size_t i = 0; i < adduce_value_count(chain); i++) {
    const char *act = word(adduce_value_at(chain, i), "act");
    if (is(act, "plans")) return false;
    if (inner != 1) polarity = 0;
    inner = is(act, "denies") ? -1 : 1;
  }
  return polarity * inner == 1 && !is(word(content, "certainty"), "possible");
}

/* The last standing judgement on a pair, if it is this one; -1 if not. */
static int find_judgement(int a, int b, const char *wanted) {
  int last = -1;
  bool is_wanted = false;
  for (size_t i = 0; i < size; i++) {
    if (!is(sayings.said[i].kind, "same.judged") || !is_live(i)) continue;
    const struct adduce_value *content = now(i);
    int left = number_of(word(content, "left")), right = number_of(word(content, "right"));
    if (left == right || !((left == a && right == b) || (left == b && right == a))) continue;
    last = (int)i;
    is_wanted = is(word(content, "judgement"), wanted);
  }
  return is_wanted ? last : -1;
}

static bool clusters[SAYINGS_NAMES]
                    [SAYINGS_NAMES]; /* whom each finds when it is asked who is one with it */

static void find_cluster(int subject) {
  int members[SAYINGS_NAMES];
  bool seen[SAYINGS_NAMES] = {false};
  size_t found = 1;
  members[0] = subject;
  seen[subject] = clusters[subject][subject] = true;
  for (size_t at = 0; at < found; at++) {
    for (int round = 0; round < (int)size; round++) {
      for (int other = 0; other < SAYINGS_NAMES; other++) {
        bool is_parted = false;
        if (seen[other] || find_judgement(members[at], other, "positive") != round) continue;
        for (size_t i = 0; i < found; i++)
          is_parted |= find_judgement(members[i], other, "negative") >= 0;
        seen[other] = true;
        if (is_parted) continue;
        members[found++] = other;
        clusters[subject][other] = true;
      }
    }
  }
}

/* --- the oracle: what is asked ------------------------------------------------------------- */

enum sort { SOURCE, SOURCE_EVENT, ORIGIN, UNNAMED, HOUSE, AUTHOR, KEY, EVENT, KIND, HANDLING };

struct selecting {
  enum sort sort;
  unsigned number;  /* a voice, an author or an event */
  const char *kind; /* or a description, or a house */
};

static const char *const kinds[] = {"fact.asserted",     "claim.",          "source.cited",
                                    "relation.asserted", "claim.retracted", "same.judged",
                                    "claim.corrected"};
static const char *const houses[] = {"Monitor", "Agency", "Monitor", "Outlet", "Monitor"};

static struct selecting some_selector(void) {
  struct selecting selecting = {.sort = (enum sort)sayings_pick(14)};
  if ((int)selecting.sort >= 10) selecting.sort = sayings_pick(3) == 0 ? ORIGIN : SOURCE;
  switch (selecting.sort) {
    case SOURCE:
    case ORIGIN:
      selecting.number = sayings_pick(SAYINGS_VOICES);
      break;
    case UNNAMED:
      selecting.kind = sayings_pick(2) == 0 ? "two officials" : "media";
      break;
    case HOUSE:
      selecting.kind = houses[sayings_pick(SAYINGS_AUTHORS)];
      break;
    case AUTHOR:
    case KEY:
      selecting.number = sayings_pick(SAYINGS_AUTHORS);
      break;
    case SOURCE_EVENT:
    case EVENT:
      selecting.number = 1 + sayings_pick((unsigned)sayings.count - 1);
      break;
    default:
      selecting.kind = kinds[sayings_pick(7)];
  }
  return selecting;
}

static const char *spell(const struct selecting *selecting) {
  switch (selecting->sort) {
    case SOURCE:
      return scope_format(sayings.shelf.scope, "source:%s", sayings_name(selecting->number));
    case SOURCE_EVENT:
      return scope_format(sayings.shelf.scope, "source:#%u", selecting->number);
    case ORIGIN:
      return scope_format(sayings.shelf.scope, "origin:%s", sayings_name(selecting->number));
    case UNNAMED:
    case HOUSE:
      return scope_format(sayings.shelf.scope, "origin:%s", selecting->kind);
    case AUTHOR:
      return scope_format(sayings.shelf.scope, "author:%s", houses[selecting->number]);
    case KEY:
      return scope_format(sayings.shelf.scope, "key:%s",
                          hex_text32(sayings.shelf.authors[selecting->number].key.bytes).text);
    case EVENT:
      return scope_format(sayings.shelf.scope, "event:#%u", selecting->number);
    case KIND:
      return scope_format(sayings.shelf.scope, "kind:%s", selecting->kind);
    default:
      return "handling:amber-and-above";
  }
}

static bool is_source(size_t index) {
  return strncmp(sayings.said[index].kind, "source.", 7) == 0 ||
         is(sayings.said[index].kind, "capture.taken");
}

/* Whether it can be said on somebody's word. */
static bool has_frame(size_t index) {
  static const char *const framed[] = {"fact.asserted",     "entity.described",
                                       "release.announced", "relation.asserted",
                                       "claim.disputed",    "claim.corroborated"};
  for (size_t i = 0; i < sizeof framed / sizeof *framed; i++)
    if (is(sayings.said[index].kind, framed[i])) return true;
  return false;
}

/* Whether a name is one of those a selector of sources or origins means. */
static bool means(const struct selecting *selecting, const char *name) {
  int number = number_of(name);
  if (number < 0) return false;
  if (selecting->sort != SOURCE_EVENT) return clusters[selecting->number][number];
  int subject = number_of(word(sayings.said[selecting->number].content, "subject"));
  return is_source(selecting->number) && subject >= 0 && clusters[subject][number];
}

static bool is_that_source(const struct selecting *selecting, size_t index) {
  if ((selecting->sort != SOURCE && selecting->sort != SOURCE_EVENT) || !is_source(index))
    return false;
  return (selecting->sort == SOURCE_EVENT && index == selecting->number) ||
         means(selecting, word(sayings.said[index].content, "subject")) ||
         means(selecting, word(sayings.said[index].content, "publisher_subject"));
}

static bool goes_back(const struct selecting *selecting, size_t index,
                      const struct adduce_value *chain) {
  size_t hops = adduce_value_count(chain);
  if (!has_frame(index)) return false;
  if (hops == 0)
    return selecting->sort == HOUSE && is(houses[sayings.said[index].author], selecting->kind);
  const struct adduce_value *hop = adduce_value_at(chain, hops - 1);
  if (get(hop, "agent") != NULL)
    return selecting->sort == ORIGIN && means(selecting, word(hop, "agent"));
  return selecting->sort == UNNAMED &&
         is(word(get(hop, "anonymous"), "description"), selecting->kind);
}

static bool takes(const struct selecting *selecting, size_t index) {
  const char *kind = sayings.said[index].kind;
  switch (selecting->sort) {
    case AUTHOR:
      return is(houses[sayings.said[index].author], houses[selecting->number]);
    case KEY:
      return sayings.said[index].author == selecting->number;
    case EVENT:
      return index == selecting->number;
    case KIND:
      return is(selecting->kind, "claim.") ? strncmp(kind, "claim.", 6) == 0
                                           : is(kind, selecting->kind);
    case HANDLING:
      return sayings.said[index].handling >= 2;
    default:
      return false;
  }
}

/* --- the oracle: what --only keeps --------------------------------------------------------- */

struct asking {
  struct selecting without[SELECTORS], only[SELECTORS];
  size_t without_count, only_count;
};

static bool in_chain(const struct selecting *selecting, const struct adduce_value *chain) {
  for (size_t i = 0; i < adduce_value_count(chain); i++)
    if (means(selecting, word(adduce_value_at(chain, i), "agent"))) return true;
  return false;
}

static bool selects(const struct selecting *selecting, size_t index) {
  const struct adduce_value *chain = has_frame(index) ? get(now(index), "attribution") : NULL;
  if (takes(selecting, index) || goes_back(selecting, index, chain)) return true;
  if (selecting->sort != SOURCE && selecting->sort != SOURCE_EVENT) return false;
  if (is_that_source(selecting, index) || in_chain(selecting, chain)) return true;
  for (size_t i = 0; i < size; i++)
    if (has_ref(index, "cites", i) && is_that_source(selecting, i)) return true;
  return false;
}

static bool is_own_act(size_t act, size_t target) {
  return (is(sayings.said[act].kind, "claim.retracted") ||
          is(sayings.said[act].kind, "claim.corrected") ||
          is(sayings.said[act].kind, "claim.ended")) &&
         has_ref(act, "target", target) &&
         own(sayings.said[act].author, sayings.said[target].author);
}

static void find_kept(const struct asking *asking, bool *kept) {
  bool claims[SAYINGS_EVENTS + 1] = {false};
  for (size_t i = 0; i < size; i++)
    for (size_t j = 0; j < asking->only_count; j++) claims[i] |= selects(&asking->only[j], i);
  for (size_t i = 0; i < size; i++) /* targets come first */
    for (size_t j = 0; j < i; j++) claims[i] |= claims[j] && is_own_act(i, j);
  memcpy(kept, claims, sizeof claims);
  for (size_t i = size; i-- > 0;) { /* revisions come later */
    for (size_t j = i + 1; j < size; j++) {
      if (!is_source(i) || is(sayings.said[i].kind, "capture.taken")) continue;
      kept[i] |= claims[j] && has_ref(j, "cites", i);
      kept[i] |= kept[j] && is(sayings.said[j].kind, "source.revised") && has_ref(j, "source", i);
    }
  }
  for (size_t i = 0; i < size; i++) {
    for (size_t j = 0; j < i; j++) {
      if (!kept[j] || !is_source(j)) continue;
      kept[i] |= is(sayings.said[i].kind, "capture.taken") && has_ref(i, "source", j);
    }
  }
  for (size_t i = 0; i < size; i++)
    for (size_t j = 0; j < i; j++) kept[i] |= kept[j] && is_own_act(i, j);
}

/* --- the oracle: levels -------------------------------------------------------------------- */

enum rule {
  NO_RULE,
  CHAIN,
  INNERMOST,
  OTHER_CHAINS,
  PUBLISHER,
  SUPPORT,
  SUPPORT_LEVEL,
  ACT,
  MADE,
  SAME,
  ONE,
  ALONE, /* that a claim stands on one source that is left */
  RULES,
};

static enum rule missing;
static int levels[SAYINGS_EVENTS + 1], voices[SAYINGS_NAMES];

static int most(int a, int b) {
  return a > b ? a : b;
}

static int of_chain(const struct asking *asking, size_t index, const struct adduce_value *chain) {
  size_t hops = adduce_value_count(chain);
  int level = 0;
  for (size_t i = 0; i < asking->without_count; i++)
    if (goes_back(&asking->without[i], index, chain)) level = 3;
  for (size_t i = 0; i < hops; i++) {
    int voice = number_of(word(adduce_value_at(chain, i), "agent"));
    if (voice < 0 || voices[voice] < 2) continue;
    bool is_innermost = i == hops - 1 && missing != INNERMOST;
    if (missing != CHAIN) level = most(level, is_innermost ? 3 : 2);
  }
  return level;
}

/* Whether an act is one by which the claim came to its chain, or acts on one that is. */
static void find_ways(size_t index, bool *ways) {
  for (size_t i = index + 1; i < size; i++) {
    if (!is(sayings.said[i].kind, "claim.corrected") || !has_ref(i, "target", index) ||
        !own(sayings.said[i].author, sayings.said[index].author))
      continue;
    ways[i] = get(get(sayings.said[i].content, "fields"), "attribution") != NULL ||
              get(get(now(i), "fields"), "attribution") != NULL;
  }
  for (size_t i = index + 1; i < size; i++)
    for (size_t j = index + 1; j < i; j++)
      ways[i] |= ways[j] && (has_ref(i, "target", j) || has_ref(i, "replacement", j)) &&
                 strncmp(sayings.said[i].kind, "claim.", 6) == 0;
}

static int of_words(const struct asking *asking, size_t index) {
  bool ways[SAYINGS_EVENTS + 1] = {false}, is_lost = false;
  int level = of_chain(asking, index, get(now(index), "attribution"));
  if (missing == OTHER_CHAINS) return level;
  find_ways(index, ways);
  for (size_t i = 0; i < size; i++) is_lost |= ways[i] && levels[i] != 0;
  if (!is_lost) return level;
  level = most(level, of_chain(asking, index, get(sayings.said[index].content, "attribution")));
  for (size_t i = index + 1; i < size; i++) {
    if (!ways[i] || !is(sayings.said[i].kind, "claim.corrected") || !has_ref(i, "target", index) ||
        !own(sayings.said[i].author, sayings.said[index].author))
      continue;
    const struct adduce_value *as_signed =
        get(get(sayings.said[i].content, "fields"), "attribution");
    const struct adduce_value *as_now = get(get(now(i), "fields"), "attribution");
    if (as_signed != NULL) level = most(level, of_chain(asking, index, as_signed));
    if (as_now != NULL) level = most(level, of_chain(asking, index, as_now));
  }
  return level;
}

static int of_refs(size_t index) {
  int support = 4, worst = 0, target = 4;
  for (size_t i = 0; i < sayings.said[index].ref_count; i++) {
    const struct said_ref *ref = &sayings.said[index].refs[i];
    int level = levels[ref->index];
    if (is(ref->role, "cites") || is(ref->role, "evidence")) {
      if (level < support) support = level;
      worst = most(worst, level);
    }
    bool acts = (is(ref->role, "target") && strncmp(sayings.said[index].kind, "claim.", 6) == 0) ||
                (is(ref->role, "source") && is_source(index));
    if (acts && level < target) target = level;
  }
  if (support == 4 || missing == SUPPORT) support = 0;
  if (missing == ALONE) support = worst;
  if (missing == SUPPORT_LEVEL && support > 1) support = 1;
  if (target == 4 || missing == ACT) target = 0;
  return most(support > 2 ? 2 : support, target);
}

static int of_source(size_t index) {
  int level = 0;
  const char *const fields[] = {"subject", "publisher_subject"};
  for (size_t i = 0; i < 2 && is_source(index) && missing != PUBLISHER; i++) {
    int voice = number_of(word(sayings.said[index].content, fields[i]));
    if (voice >= 0 && voices[voice] >= 2) level = 3;
  }
  return level;
}

/* The level of an end of a link. */
static int of_end(const char *end) {
  int voice = number_of(end);
  if (voice >= 0) return voices[voice];
  for (size_t i = 0; i < size; i++)
    if (strncmp(end, "event:", 6) == 0 &&
        is(end + 6, hex_text32(sayings.shelf.entries[i].id.bytes).text))
      return levels[i];
  return 0;
}

static bool is_end(const char *end, int event, int voice) {
  if (voice >= 0) return is(end, sayings_name((unsigned)voice));
  return strncmp(end, "event:", 6) == 0 &&
         is(end + 6, hex_text32(sayings.shelf.entries[event].id.bytes).text);
}

/* What the links of an event or voice make of it. */
static int of_links(int event, int voice) {
  int level = 0;
  for (size_t i = 0; i < size; i++) {
    if (!is(sayings.said[i].kind, "relation.asserted") || !is_live(i) || !is_indicative(now(i)))
      continue;
    const char *from = word(now(i), "from"), *to = word(now(i), "to");
    const char *relation = word(now(i), "relation");
    bool is_from = is_end(from, event, voice), is_to = is_end(to, event, voice);
    if (is_from == is_to) continue;
    if (is(relation, "same_statement_as") && of_end(is_from ? to : from) == 3 && missing != SAME)
      level = 3;
    bool is_made =
        is(relation, "quotes") || is(relation, "translates") || is(relation, "summarises");
    if (is_made && is_from && of_end(to) >= 2 && missing != MADE)
      level = most(level, voice >= 0 ? 3 : of_end(to));
  }
  return level;
}

static int of_corroborations(size_t index) {
  for (size_t i = 0; i < size; i++) {
    const char *opinion = word(now(i), "opinion");
    if (!is(sayings.said[i].kind, "claim.corroborated") || !is_live(i) || is(opinion, "disagree") ||
        !is(word(now(i), "independence"), "same_origin"))
      continue;
    for (size_t j = 0; j < sayings.said[i].ref_count; j++) {
      const struct said_ref *ref = &sayings.said[i].refs[j];
      bool is_tied = (has_ref(i, "target", index) && is(ref->role, "evidence")) ||
                     (has_ref(i, "evidence", index) && is(ref->role, "target"));
      if (is_tied && levels[ref->index] == 3 && missing != SAME) return 3;
    }
  }
  return 0;
}

static bool raise_levels(const struct asking *asking) {
  bool is_raised = false;
  for (int i = 0; i < SAYINGS_NAMES; i++) {
    int level = most(voices[i], of_links(-1, i));
    for (int j = 0; j < SAYINGS_NAMES; j++)
      if (clusters[i][j] && missing != ONE) level = most(level, voices[j]);
    is_raised |= level != voices[i];
    voices[i] = level;
  }
  for (size_t i = 1; i < size; i++) {
    int level = most(levels[i], of_refs(i));
    if (has_frame(i)) level = most(level, of_words(asking, i));
    level = most(level, of_source(i));
    level = most(level, of_links((int)i, -1));
    level = most(level, of_corroborations(i));
    is_raised |= level != levels[i];
    levels[i] = level;
  }
  return is_raised;
}

static void find_levels(const struct asking *asking) {
  bool kept[SAYINGS_EVENTS + 1] = {false};
  bool has_words = false;
  memset(levels, 0, sizeof levels);
  memset(voices, 0, sizeof voices);
  if (asking->only_count != 0) find_kept(asking, kept);
  for (size_t j = 0; j < asking->without_count; j++) {
    const struct selecting *selecting = &asking->without[j];
    has_words |= selecting->sort <= HOUSE;
    for (size_t i = 1; i < size; i++) {
      if (takes(selecting, i)) levels[i] = most(levels[i], 1);
      if (is_that_source(selecting, i)) levels[i] = 3;
    }
    for (int i = 0; i < SAYINGS_NAMES; i++)
      if (selecting->sort <= SOURCE_EVENT && means(selecting, sayings_name((unsigned)i)))
        voices[i] = 3;
  }
  for (size_t i = 1; i < size && asking->only_count != 0; i++)
    if (!kept[i]) levels[i] = most(levels[i], 1);
  (void)has_words;
  while (raise_levels(asking)) continue;
}

/* --- comparing ---------------------------------------------------------------------------- */

static const char *ask(struct shelf *of, const struct query_world *world,
                       enum replayed_question what, unsigned number,
                       const struct adduce_question *question) {
  static const char *const dropped[] = {"without", "only", "carried_by", NULL}; /* compare_sets
                                                        looks at what carries a line */
  const struct adduce_value *answer;
  enum adduce_err err = replayed_ask(of, world, &answer, what, number, size, question);
  return replayed_text(of, what, err, answer, dropped);
}

static void tell(const struct asking *asking, const char *left, const char *right, unsigned what) {
  const char *json;
  for (size_t i = 0; i < asking->without_count; i++)
    print_message("without %s\n", spell(&asking->without[i]));
  for (size_t i = 0; i < asking->only_count; i++)
    print_message("only %s\n", spell(&asking->only[i]));
  for (size_t i = 0; i < size; i++) {
    assert_int_equal(
        adduce_value_to_json(sayings.shelf.scope, &json, sayings.said[i].content, false),
        ADDUCE_OK);
    print_message("#%zu level %d by %zu %s %s", i, levels[i], sayings.said[i].author,
                  sayings.said[i].kind, json);
    for (size_t j = 0; j < sayings.said[i].ref_count; j++)
      print_message(" %s #%zu", sayings.said[i].refs[j].role, sayings.said[i].refs[j].index);
    print_message(" %s\n", hex_text32(sayings.shelf.entries[i].id.bytes).text);
  }
  (void)fprintf(stderr, "question %u\n--- left out\n%s\n--- replayed\n%s\n", what, left, right);
}

struct spelled {
  const char *without[SELECTORS], *only[SELECTORS];
  struct adduce_question question;
};

static void spell_all(struct spelled *spelled, const struct asking *asking) {
  spelled->question =
      (struct adduce_question){.at = scope_format(sayings.shelf.scope, "#%zu", size - 1),
                               .without = spelled->without,
                               .without_count = asking->without_count,
                               .only = spelled->only,
                               .only_count = asking->only_count};
  for (size_t i = 0; i < asking->without_count; i++)
    spelled->without[i] = spell(&asking->without[i]);
  for (size_t i = 0; i < asking->only_count; i++) spelled->only[i] = spell(&asking->only[i]);
}

static const char *ask_left_out(const struct query_world *world, enum replayed_question what,
                                unsigned number, const struct asking *asking) {
  struct spelled spelled;
  spell_all(&spelled, asking);
  return ask(&sayings.shelf, world, what, number, &spelled.question);
}

/* Selectors that select nothing are refused, and so is what leaves nothing. */
static bool is_refused(const char *answer) {
  return strncmp(answer, "usage: ", 7) == 0 || strncmp(answer, "position: ", 10) == 0 ||
         strstr(answer, "nobody cites") != NULL || strstr(answer, "no claim goes back") != NULL ||
         strstr(answer, "there is no ") != NULL || strstr(answer, "no key here") != NULL;
}

/* Whether something that --only selects is left; true without --only. */
static bool is_something_left(const struct asking *asking) {
  for (size_t i = 1; i < size; i++)
    for (size_t j = 0; j < asking->only_count; j++)
      if (levels[i] == 0 && selects(&asking->only[j], i)) return true;
  return asking->only_count == 0;
}

static struct asking some_asking(void) {
  struct asking asking = {.without_count = sayings_pick(6) == 0 ? 0 : 1 + (sayings_pick(3) == 0)};
  asking.only_count =
      asking.without_count == 0 || sayings_pick(5) == 0 ? 1 + (sayings_pick(3) == 0) : 0;
  for (size_t i = 0; i < asking.without_count; i++) asking.without[i] = some_selector();
  for (size_t i = 0; i < asking.only_count; i++) asking.only[i] = some_selector();
  return asking;
}

struct tried {
  struct asking asking;
  bool out[SAYINGS_EVENTS + 1];
  bool is_done;
};

/* A question that is not refused. What is refused for want of anything left must be so by the
 * oracle as well. */
static bool find_case(const struct query_world *world, struct tried *tried) {
  for (size_t i = 0; i < 100; i++) {
    struct scope_mark mark = scope_mark(sayings.shelf.scope);
    tried->asking = some_asking();
    tried->is_done = false;
    const char *first = ask_left_out(world, REPLAYED_LIST, 0, &tried->asking);
    bool is_refused_here = is_refused(first);
    bool is_empty = strstr(first, "nothing is left") != NULL;
    if (is_refused_here && !is_empty) continue;
    find_levels(&tried->asking);
    bool is_left = is_something_left(&tried->asking);
    for (size_t j = 0; j < size; j++) tried->out[j] = levels[j] != 0;
    scope_rewind(sayings.shelf.scope, mark);
    if (is_left == is_refused_here) return false;
    if (!is_refused_here) return true;
  }
  fail_msg("no question is answered");
  return false;
}

/* Whether all answers agree. */
static bool compare(const struct query_world *world, const struct query_world *other,
                    const struct asking *asking, bool is_told) {
  struct adduce_question question = {.at = scope_format(sayings.shelf.scope, "#%zu", size - 1)};
  unsigned list = REPLAYED_SOURCES + sayings_pick(REPLAYED_QUESTIONS - REPLAYED_SOURCES),
           any = sayings_pick(1000);
  for (unsigned i = 0; i < 5; i++) {
    struct scope_mark mark = scope_mark(sayings.shelf.scope);
    struct scope_mark other_mark = scope_mark(replayed.scope);
    enum replayed_question what = i < 4 ? (enum replayed_question)i : (enum replayed_question)list;
    const char *left = ask_left_out(world, what, any + 7 * i, asking);
    const char *right = ask(&replayed, other, what, any + 7 * i, &question);
    if (is(left, right)) {
      scope_rewind(sayings.shelf.scope, mark);
      scope_rewind(replayed.scope, other_mark);
      continue;
    }
    if (is_told) tell(asking, left, right, what);
    return false;
  }
  return true;
}

/* --- the whole ledger ---------------------------------------------------------------------- */

static bool has_index(const struct adduce_value *claims, size_t index) {
  for (size_t i = 0; i < adduce_value_count(claims); i++)
    if ((size_t)adduce_value_integer(get(adduce_value_at(claims, i), "index")) == index)
      return true;
  return false;
}

/* What `without` finds by going from what is selected to what rests on it is what is out. */
static bool compare_whole(const struct query_world *world, const struct tried *tried) {
  const struct adduce_value *answer;
  size_t out = 0;
  struct scope_mark mark = scope_mark(sayings.shelf.scope);
  struct spelled spelled;
  spell_all(&spelled, &tried->asking);
  if (query_without(sayings.shelf.scope, world, &answer, &spelled.question) != ADDUCE_OK)
    return false;
  bool is_same = true;
  for (size_t i = 0; i < size; i++) {
    bool is_listed = has_index(get(answer, "selected"), i) || has_index(get(answer, "falls"), i);
    is_same &= is_listed == tried->out[i];
    out += tried->out[i];
  }
  is_same &= (size_t)adduce_value_integer(get(get(answer, "counts"), "out")) == out;
  if (!is_same) tell(&tried->asking, shelf_json(&sayings.shelf, answer), "", REPLAYED_QUESTIONS);
  scope_rewind(sayings.shelf.scope, mark);
  return is_same;
}

/* Whether all sets that carry an event have something in common with what was struck. */
static bool is_uncarried(const struct support *support, const bool *struck) {
  for (size_t i = 0; i < support->count; i++) {
    bool is_struck = false;
    for (size_t j = 0; j < support->sets[i].count; j++)
      is_struck |= struck[support->sets[i].events[j]];
    if (!is_struck) return false;
  }
  return true;
}

/* To leave out is a test of sets: of what is selected itself, or whose word is gone. */
static bool compare_sets(const struct query_world *world, const struct asking *asking) {
  struct adduce_question question = {.at = scope_format(sayings.shelf.scope, "#%zu", size - 1)};
  bool kept[SAYINGS_EVENTS + 1] = {false}, struck[SAYINGS_EVENTS + 1] = {false};
  struct scope_mark mark = scope_mark(sayings.shelf.scope);
  struct asked asked;
  assert_int_equal(asked_open(&asked, sayings.shelf.scope, world, &question), ADDUCE_OK);
  find_levels(asking);
  find_kept(asking, kept);
  for (size_t i = 1; i < size; i++) {
    struck[i] = levels[i] >= 2 || (asking->only_count != 0 && !kept[i]);
    for (size_t j = 0; j < asking->without_count; j++) struck[i] |= takes(&asking->without[j], i);
  }
  bool is_same = true;
  for (size_t i = 1; i < size && is_same; i++) {
    struct support support;
    assert_int_equal(support_of_event(&asked, &support, i), ADDUCE_OK);
    bool is_out = is_uncarried(&support, struck);
    is_same = is_out == (levels[i] != 0) || (support.more && is_out);
    if (!is_same)
      tell(asking, scope_format(sayings.shelf.scope, "sets of #%zu", i), "", REPLAYED_QUESTIONS);
  }
  scope_rewind(sayings.shelf.scope, mark);
  return is_same;
}

/* Compares cases of one ledger at one size, those together that leave the same. */
static bool compare_all(const struct query_world *world, struct tried *tried, bool is_told) {
  for (size_t i = 0; i < CASES; i++)
    if (!find_case(world, &tried[i])) return false;
  for (size_t i = 0; i < CASES; i++) {
    if (tried[i].is_done) continue;
    replayed_fold(tried[i].out, size);
    struct query_world other = shelf_see(&replayed);
    for (size_t j = i; j < CASES; j++) {
      if (memcmp(tried[i].out, tried[j].out, size * sizeof tried[i].out[0]) != 0) continue;
      tried[j].is_done = true;
      if (!compare(world, &other, &tried[j].asking, is_told)) return false;
      if (is_told && j % 4 == 0 &&
          (!compare_whole(world, &tried[j]) || !compare_sets(world, &tried[j].asking)))
        return false;
    }
  }
  return true;
}

static void look_at_ledger(void) {
  memset(clusters, 0, sizeof clusters);
  find_holds();
  for (int i = 0; i < SAYINGS_NAMES; i++) find_cluster(i);
}

/* --- tests -------------------------------------------------------------------------------- */

static void every_answer_is_that_of_a_replay(void **state) {
  static struct tried tried[CASES];
  (void)state;
  for (uint64_t number = 0; number < LEDGERS; number++) {
    sayings_ledger(number);
    struct query_world world = shelf_see(&sayings.shelf);
    for (size_t i = 0; i < SIZES; i++) {
      size = i == 0 ? sayings.count : 3 + sayings_pick((unsigned)sayings.count - 3);
      look_at_ledger();
      if (!compare_all(&world, tried, true))
        fail_msg("ledger %llu at size %zu", (unsigned long long)number, size);
    }
  }
}

static bool finds_a_difference(uint64_t number) {
  static struct tried tried[CASES];
  sayings_ledger(number);
  struct query_world world = shelf_see(&sayings.shelf);
  size = sayings.count;
  look_at_ledger();
  return !compare_all(&world, tried, false);
}

static void each_rule_is_missed(void **state) {
  (void)state;
  for (int rule = NO_RULE + 1; rule < RULES; rule++) {
    bool is_missed = false;
    missing = (enum rule)rule;
    for (uint64_t number = 0; number < 60 && !is_missed; number++)
      is_missed = finds_a_difference(number);
    missing = NO_RULE;
    if (!is_missed) fail_msg("nothing differs without rule %d", rule);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_answer_is_that_of_a_replay),
      cmocka_unit_test(each_rule_is_missed),
  };
  return cmocka_run_group_tests(tests, replayed_open, replayed_close);
}
