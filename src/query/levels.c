/* SPDX-License-Identifier: Apache-2.0 */
#include "query/levels.h"

#include "query/cluster.h"
#include "query/origin.h"

#define PAGE_EVENTS 1024
#define SETTLED 2 /* added to a settled level; 1: it is being settled; 0: nothing is known */

struct levels_page {
  uint8_t levels[PAGE_EVENTS];
  uint32_t nodes[PAGE_EVENTS]; /* while it is being settled */
};

struct levels_voice {
  struct adduce_span subject;
  unsigned level;
  bool is_settled;
  uint32_t node; /* while it is being settled, plus one */
};

/* Why one node's level grows from another's. */
enum role {
  ROLE_SUPPORT,
  ROLE_TARGET,
  ROLE_HOP,
  ROLE_INNERMOST,
  ROLE_PUBLISHER,
  ROLE_ONE, /* a voice that is judged the same */
  ROLE_MADE,
  ROLE_SAME,
  ROLE_ACT,       /* by which the claim came to its chain */
  ROLE_OTHER_HOP, /* of the chains it had before */
  ROLE_OTHER_INNERMOST,
  ROLE_OTHER_ORIGIN,
};

struct levels_dep {
  uint32_t node;
  enum role role;
  uint64_t by; /* of links: the claim that says so */
};

struct levels_node {
  uint64_t index;             /* of an event */
  struct levels_voice *voice; /* NULL: it is an event */
  unsigned level;
  bool is_settled;
  size_t first_dep, dep_count;
  enum exclusion_reason reason; /* why the level is not 0 to begin with */
};

/* The first two nodes are always there: what is there and stays, and what is gone. */
enum { NODE_IN, NODE_GONE, NODES };

/* --- what is known ------------------------------------------------------------------------ */

static enum adduce_err find_page(struct levels *levels, struct levels_page **page, uint64_t index) {
  struct levels_page **slot = &levels->pages[index / PAGE_EVENTS];
  if (*slot == NULL) *slot = scope_new(levels->whole->scope, struct levels_page);
  *page = *slot;
  return *slot == NULL ? scope_no_memory(levels->whole->scope) : ADDUCE_OK;
}

static enum adduce_err find_voice(struct levels *levels, struct levels_voice **voice,
                                  struct adduce_span subject) {
  struct adduce_scope *scope = levels->whole->scope;
  *voice = cache_get(&levels->voices, subject);
  if (*voice != NULL) return ADDUCE_OK;
  *voice = scope_new(scope, struct levels_voice);
  if (*voice == NULL) return scope_no_memory(scope);
  (*voice)->subject = subject;
  return cache_put(scope, &levels->voices, subject, *voice);
}

/* --- gathering ---------------------------------------------------------------------------- */

static enum adduce_err new_node(struct levels *levels, uint32_t *number,
                                const struct levels_node *node) {
  struct adduce_scope *scope = levels->whole->scope;
  struct levels_node *grown =
      scope_room(scope, &levels->node_capacity, levels->nodes, levels->node_count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  levels->nodes = grown;
  *number = (uint32_t)levels->node_count;
  levels->nodes[levels->node_count++] = *node;
  return ADDUCE_OK;
}

static enum adduce_err node_of_event(struct levels *levels, uint32_t *number, uint64_t index) {
  struct levels_page *page;
  TRY(find_page(levels, &page, index));
  uint8_t *known = &page->levels[index % PAGE_EVENTS];
  if (*known == 1) {
    *number = page->nodes[index % PAGE_EVENTS];
    return ADDUCE_OK;
  }
  struct levels_node node = {.index = index, .is_settled = *known >= SETTLED};
  if (node.is_settled) node.level = *known - SETTLED;
  TRY(new_node(levels, number, &node));
  if (*known != 0) return ADDUCE_OK;
  *known = 1;
  page->nodes[index % PAGE_EVENTS] = *number;
  return ADDUCE_OK;
}

static enum adduce_err node_of_voice(struct levels *levels, uint32_t *number,
                                     struct adduce_span subject) {
  struct levels_voice *voice;
  TRY(find_voice(levels, &voice, subject));
  if (voice->node != 0) {
    *number = voice->node - 1;
    return ADDUCE_OK;
  }
  struct levels_node node = {
      .voice = voice, .level = voice->level, .is_settled = voice->is_settled};
  TRY(new_node(levels, number, &node));
  voice->node = *number + 1;
  return ADDUCE_OK;
}

/* An event by its id: what is not here, or not yet, is not left out. */
static enum adduce_err node_of_id(struct levels *levels, uint32_t *number, const uint8_t *id32) {
  uint64_t index;
  enum adduce_err err = told_index(levels->whole, &index, id32);
  *number = NODE_IN;
  if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
  if (err != ADDUCE_OK) return err;
  return node_of_event(levels, number, index);
}

static enum adduce_err add_dep(struct levels *levels, uint32_t node, enum role role, uint64_t by) {
  struct adduce_scope *scope = levels->whole->scope;
  struct levels_dep *grown =
      scope_room(scope, &levels->dep_capacity, levels->deps, levels->dep_count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  levels->deps = grown;
  levels->deps[levels->dep_count++] = (struct levels_dep){node, role, by};
  return ADDUCE_OK;
}

/* --- what an event grows from ------------------------------------------------------------- */

static void raise(struct levels *levels, size_t at, unsigned level, enum exclusion_reason reason) {
  struct levels_node *node = &levels->nodes[at];
  if (level <= node->level) return;
  if (node->level == 0) node->reason = reason;
  node->level = level;
}

/* What the selectors say of the event itself. */
static enum adduce_err judge_itself(struct levels *levels, size_t at,
                                    const struct profile *profile) {
  bool is_kept = true;
  for (size_t i = 0; i < levels->without_count; i++) {
    const struct selector *selector = &levels->without[i];
    if (selector->sort == SELECTOR_SOURCE && selector_is_source(selector, profile))
      raise(levels, at, EXCLUSION_GONE, EXCLUSION_SELECTED);
    if (selector_takes(selector, profile)) raise(levels, at, EXCLUSION_OUT, EXCLUSION_SELECTED);
  }
  if (levels->keeping != NULL) TRY(keeping_has(levels->keeping, &is_kept, profile));
  if (!is_kept) raise(levels, at, EXCLUSION_OUT, EXCLUSION_NOT_KEPT);
  return ADDUCE_OK;
}

static enum adduce_err add_refs(struct levels *levels, const struct profile *profile) {
  struct cursor refs = profile->refs;
  struct parsed_ref ref;
  while (parsed_next_ref(&refs, &ref)) {
    uint32_t node;
    bool is_support = profile_rests_on(&ref), is_target = profile_acts_on(profile, &ref);
    if (!is_support && !is_target) continue;
    TRY(node_of_id(levels, &node, ref.id32));
    if (is_support) TRY(add_dep(levels, node, ROLE_SUPPORT, 0));
    if (is_target) TRY(add_dep(levels, node, ROLE_TARGET, 0));
  }
  return ADDUCE_OK;
}

static enum adduce_err add_hops(struct levels *levels, const struct words_chain *chain,
                                enum role outer, enum role innermost) {
  struct profile_hops hops;
  struct profile_hop hop;
  words_hops(&hops, chain);
  while (profile_hops_next(&hops, &hop)) {
    uint32_t node;
    if (hop.agent.size == 0) continue;
    TRY(node_of_voice(levels, &node, hop.agent));
    TRY(add_dep(levels, node, hop.is_innermost ? innermost : outer, 0));
  }
  return ADDUCE_OK;
}

/* Whether a chain goes back to what a selector of origins names. */
static enum adduce_err goes_back(struct levels *levels, bool *is_so, const struct profile *profile,
                                 const struct words_chain *chain) {
  struct origin origin;
  *is_so = false;
  TRY(origin_of(levels->whole, &origin, profile, chain));
  for (size_t i = 0; i < levels->without_count && !*is_so; i++)
    *is_so = levels->without[i].sort == SELECTOR_ORIGIN && origin_is(&origin, &levels->without[i]);
  return ADDUCE_OK;
}

static enum adduce_err add_words(struct levels *levels, size_t at, const struct profile *profile) {
  struct words words;
  bool is_so;
  TRY(words_find(levels->whole, &words, profile));
  TRY(goes_back(levels, &is_so, profile, &words.now));
  if (is_so) raise(levels, at, EXCLUSION_GONE, EXCLUSION_ORIGIN);
  TRY(add_hops(levels, &words.now, ROLE_HOP, ROLE_INNERMOST));
  for (size_t i = 0; i < words.act_count; i++) {
    uint32_t node;
    TRY(node_of_event(levels, &node, words.acts[i]));
    TRY(add_dep(levels, node, ROLE_ACT, 0));
  }
  for (size_t i = 0; i < words.other_count; i++) {
    TRY(add_hops(levels, &words.others[i], ROLE_OTHER_HOP, ROLE_OTHER_INNERMOST));
    TRY(goes_back(levels, &is_so, profile, &words.others[i]));
    if (is_so) TRY(add_dep(levels, NODE_GONE, ROLE_OTHER_ORIGIN, 0));
  }
  return ADDUCE_OK;
}

static enum adduce_err add_publisher(struct levels *levels, const struct profile *profile) {
  uint32_t node;
  if (profile->subject.size != 0) {
    TRY(node_of_voice(levels, &node, profile->subject));
    TRY(add_dep(levels, node, ROLE_PUBLISHER, 0));
  }
  if (profile->publisher.size == 0) return ADDUCE_OK;
  TRY(node_of_voice(levels, &node, profile->publisher));
  return add_dep(levels, node, ROLE_PUBLISHER, 0);
}

static enum adduce_err add_links(struct levels *levels, const struct links *links) {
  for (size_t i = 0; i < links->count; i++) {
    const struct link *link = &links->items[i];
    struct adduce_id id;
    uint32_t node;
    if (links_event(link->other, &id))
      TRY(node_of_id(levels, &node, id.bytes));
    else
      TRY(node_of_voice(levels, &node, link->other));
    TRY(add_dep(levels, node, link->is_same ? ROLE_SAME : ROLE_MADE, link->index));
  }
  return ADDUCE_OK;
}

static enum adduce_err read_event(struct levels *levels, size_t at) {
  struct profile profile;
  struct links links = {.count = 0};
  TRY(profile_read(levels->whole, &profile, levels->nodes[at].index));
  levels->nodes[at].first_dep = levels->dep_count;
  if (profile.is_control) return ADDUCE_OK;
  TRY(judge_itself(levels, at, &profile));
  unsigned highest = levels->has_words ? EXCLUSION_GONE : EXCLUSION_OUT;
  if (levels->nodes[at].level == highest) return ADDUCE_OK;
  TRY(add_refs(levels, &profile));
  if (levels->has_words) {
    TRY(add_words(levels, at, &profile));
    TRY(add_publisher(levels, &profile));
    if (levels->has_links) TRY(links_of_event(levels->whole, &links, &profile.id, LINKS_DOWN));
    TRY(add_links(levels, &links));
  }
  levels->nodes[at].dep_count = levels->dep_count - levels->nodes[at].first_dep;
  return ADDUCE_OK;
}

/* Every subject is a voice of its own, that has the level of any it is judged the same as: which
 * those are is found from each, and need not be the same from all. */
static enum adduce_err read_voice(struct levels *levels, size_t at) {
  struct adduce_span subject = levels->nodes[at].voice->subject;
  struct links links = {.count = 0};
  struct cluster cluster;
  levels->nodes[at].first_dep = levels->dep_count;
  if (levels->nodes[at].level == EXCLUSION_GONE) return ADDUCE_OK;
  TRY(cluster_find(levels->whole, &cluster, subject));
  for (size_t i = 1; i < cluster.count; i++) {
    uint32_t node;
    TRY(node_of_voice(levels, &node, cluster.members[i].subject));
    TRY(add_dep(levels, node, ROLE_ONE, 0));
  }
  TRY(links_find(levels->whole, &links, subject, LINKS_DOWN));
  TRY(add_links(levels, &links));
  levels->nodes[at].dep_count = levels->dep_count - levels->nodes[at].first_dep;
  return ADDUCE_OK;
}

/* --- settling ----------------------------------------------------------------------------- */

/* What the levels of others come to, for one node. */
struct sum {
  unsigned support, target; /* the least; 4: there are none */
  unsigned level;           /* the most of the rest */
  bool is_lost;             /* an act by which it has its chain is left out */
  unsigned others;          /* what the chains it had before would make of it */
};

static unsigned most(unsigned a, unsigned b) {
  return a > b ? a : b;
}

static unsigned of_speaker(unsigned voice, bool is_innermost) {
  if (voice < EXCLUSION_UNTOLD) return EXCLUSION_IN;
  return is_innermost ? EXCLUSION_GONE : EXCLUSION_UNTOLD;
}

static void add(const struct levels *levels, struct sum *sum, const struct levels_node *node,
                const struct levels_dep *dep) {
  unsigned level = levels->nodes[dep->node].level;
  switch (dep->role) {
    case ROLE_SUPPORT:
      if (level < sum->support) sum->support = level;
      break;
    case ROLE_TARGET:
      if (level < sum->target) sum->target = level;
      break;
    case ROLE_HOP:
    case ROLE_INNERMOST:
      sum->level = most(sum->level, of_speaker(level, dep->role == ROLE_INNERMOST));
      break;
    case ROLE_PUBLISHER:
      sum->level = most(sum->level, of_speaker(level, true));
      break;
    case ROLE_ONE:
      sum->level = most(sum->level, level);
      break;
    case ROLE_MADE:
      if (level >= EXCLUSION_UNTOLD)
        sum->level = most(sum->level, node->voice == NULL ? level : EXCLUSION_GONE);
      break;
    case ROLE_SAME:
      if (level == EXCLUSION_GONE) sum->level = EXCLUSION_GONE;
      break;
    case ROLE_ACT:
      sum->is_lost |= level != EXCLUSION_IN;
      break;
    case ROLE_OTHER_HOP:
    case ROLE_OTHER_INNERMOST:
    case ROLE_OTHER_ORIGIN:
      sum->others = most(sum->others, of_speaker(level, dep->role != ROLE_OTHER_HOP));
      break;
  }
}

static unsigned level_now(const struct levels *levels, const struct levels_node *node) {
  struct sum sum = {.support = 4, .target = 4};
  for (size_t i = 0; i < node->dep_count; i++)
    add(levels, &sum, node, &levels->deps[node->first_dep + i]);
  unsigned level = most(node->level, sum.level);
  if (sum.support < 4)
    level = most(level, sum.support < EXCLUSION_UNTOLD ? sum.support : EXCLUSION_UNTOLD);
  if (sum.target < 4) level = most(level, sum.target);
  return sum.is_lost ? most(level, sum.others) : level;
}

/* Those found last are what the others grow from, so it begins with them. */
static void raise_all(struct levels *levels) {
  for (bool is_raised = true; is_raised;) {
    is_raised = false;
    for (size_t at = levels->node_count; at-- > NODES;) {
      struct levels_node *node = &levels->nodes[at];
      if (node->is_settled) continue;
      unsigned level = level_now(levels, node);
      is_raised |= level != node->level;
      node->level = level;
    }
  }
}

static enum adduce_err begin(struct levels *levels) {
  const struct levels_node in = {.is_settled = true}, gone = {.level = 3, .is_settled = true};
  uint32_t number;
  levels->node_count = levels->dep_count = 0;
  TRY(new_node(levels, &number, &in));
  return new_node(levels, &number, &gone);
}

static enum adduce_err gather(struct levels *levels) {
  for (size_t at = NODES; at < levels->node_count; at++) {
    if (levels->nodes[at].is_settled) continue;
    if (levels->nodes[at].voice == NULL)
      TRY(read_event(levels, at));
    else
      TRY(read_voice(levels, at));
  }
  return ADDUCE_OK;
}

static enum adduce_err finish(struct levels *levels) {
  for (size_t at = NODES; at < levels->node_count; at++) {
    struct levels_node *node = &levels->nodes[at];
    struct levels_page *page;
    if (node->voice != NULL) {
      node->voice->level = node->level;
      node->voice->is_settled = true;
      node->voice->node = 0;
      continue;
    }
    TRY(find_page(levels, &page, node->index));
    page->levels[node->index % PAGE_EVENTS] = (uint8_t)(node->level + SETTLED);
  }
  return ADDUCE_OK;
}

/* An error leaves events half settled; the question ends with it. */
static enum adduce_err settle(struct levels *levels) {
  TRY(gather(levels));
  raise_all(levels);
  return finish(levels);
}

enum adduce_err levels_find(struct levels *levels, unsigned *level, uint64_t index) {
  struct levels_page *page;
  uint32_t number;
  TRY(find_page(levels, &page, index));
  const uint8_t *known = &page->levels[index % PAGE_EVENTS];
  if (*known < SETTLED) {
    TRY(begin(levels));
    TRY(node_of_event(levels, &number, index));
    TRY(settle(levels));
  }
  *level = *known - SETTLED;
  return ADDUCE_OK;
}

enum adduce_err levels_find_voice(struct levels *levels, unsigned *level,
                                  struct adduce_span subject) {
  struct levels_voice *voice;
  uint32_t number;
  TRY(find_voice(levels, &voice, subject));
  if (!voice->is_settled) {
    TRY(begin(levels));
    TRY(node_of_voice(levels, &number, subject));
    TRY(settle(levels));
  }
  *level = voice->level;
  return ADDUCE_OK;
}

/* --- opening ------------------------------------------------------------------------------ */

static enum adduce_err take_voices(struct levels *levels, const struct selector *selector) {
  for (size_t i = 0; i < selector->voice_count; i++) {
    struct levels_voice *voice;
    TRY(find_voice(levels, &voice, selector->voices[i]));
    voice->level = EXCLUSION_GONE;
  }
  return ADDUCE_OK;
}

enum adduce_err levels_open(struct levels *levels, struct asked *whole,
                            const struct selector *without, size_t without_count,
                            struct keeping *keeping) {
  *levels = (struct levels){
      .whole = whole, .without = without, .without_count = without_count, .keeping = keeping};
  levels->pages =
      scope_array(whole->scope, (size_t)(whole->size / PAGE_EVENTS) + 1, sizeof *levels->pages);
  if (levels->pages == NULL) return scope_no_memory(whole->scope);
  for (size_t i = 0; i < without_count; i++) {
    levels->has_words |= selector_is_word(&without[i]);
    if (without[i].sort == SELECTOR_SOURCE) TRY(take_voices(levels, &without[i]));
  }
  return levels->has_words ? links_of_events(whole, &levels->has_links) : ADDUCE_OK;
}

/* --- why ---------------------------------------------------------------------------------- */

static enum adduce_err add_via(struct levels *levels, struct exclusion_why *why, uint64_t index) {
  struct adduce_scope *scope = levels->whole->scope;
  size_t count = why->via_count;
  if ((count & (count - 1)) == 0) {
    why->via = scope_grow(scope, why->via, count * sizeof *why->via,
                          (count == 0 ? 1 : 2 * count) * sizeof *why->via);
    if (why->via == NULL) return scope_no_memory(scope);
  }
  why->via[why->via_count++] = index;
  return ADDUCE_OK;
}

/* What one dep alone would make of the node; 0 for those that only count together. */
static unsigned alone(const struct levels *levels, const struct levels_node *node,
                      const struct levels_dep *dep) {
  struct sum sum = {.support = 4, .target = 4};
  add(levels, &sum, node, dep);
  return sum.level;
}

static enum exclusion_reason reason_of(enum role role) {
  static const enum exclusion_reason reasons[] = {[ROLE_SUPPORT] = EXCLUSION_SUPPORT,
                                                  [ROLE_TARGET] = EXCLUSION_ACT,
                                                  [ROLE_HOP] = EXCLUSION_CHAIN,
                                                  [ROLE_INNERMOST] = EXCLUSION_CHAIN,
                                                  [ROLE_PUBLISHER] = EXCLUSION_PUBLISHER,
                                                  [ROLE_ONE] = EXCLUSION_SAME,
                                                  [ROLE_MADE] = EXCLUSION_MADE,
                                                  [ROLE_SAME] = EXCLUSION_SAME,
                                                  [ROLE_ACT] = EXCLUSION_CHAIN,
                                                  [ROLE_OTHER_HOP] = EXCLUSION_CHAIN,
                                                  [ROLE_OTHER_INNERMOST] = EXCLUSION_CHAIN,
                                                  [ROLE_OTHER_ORIGIN] = EXCLUSION_ORIGIN};
  return reasons[role];
}

static enum adduce_err take_dep(struct levels *levels, struct exclusion_why *why,
                                const struct levels_dep *dep) {
  const struct levels_node *other = &levels->nodes[dep->node];
  why->reason = reason_of(dep->role);
  if (dep->role == ROLE_MADE || dep->role == ROLE_SAME) TRY(add_via(levels, why, dep->by));
  if (other->voice != NULL) why->voice = other->voice->subject;
  return other->voice == NULL && dep->node >= NODES ? add_via(levels, why, other->index)
                                                    : ADDUCE_OK;
}

/* All of what it rests on, or acts on. */
static enum adduce_err take_all(struct levels *levels, struct exclusion_why *why,
                                const struct levels_node *node, enum role role) {
  for (size_t i = 0; i < node->dep_count; i++)
    if (levels->deps[node->first_dep + i].role == role)
      TRY(take_dep(levels, why, &levels->deps[node->first_dep + i]));
  return ADDUCE_OK;
}

static enum adduce_err explain(struct levels *levels, struct exclusion_why *why,
                               const struct levels_node *node) {
  struct sum sum = {.support = 4, .target = 4};
  for (size_t i = 0; i < node->dep_count; i++) {
    const struct levels_dep *dep = &levels->deps[node->first_dep + i];
    if (alone(levels, node, dep) != 0) return take_dep(levels, why, dep);
    add(levels, &sum, node, dep);
  }
  if (sum.is_lost && sum.others != 0) {
    for (size_t i = 0; i < node->dep_count; i++)
      if (levels->deps[node->first_dep + i].role > ROLE_ACT &&
          levels->nodes[levels->deps[node->first_dep + i].node].level != 0)
        TRY(take_dep(levels, why, &levels->deps[node->first_dep + i]));
    return take_all(levels, why, node, ROLE_ACT);
  }
  return take_all(levels, why, node, sum.target < 4 && sum.target > 0 ? ROLE_TARGET : ROLE_SUPPORT);
}

/* The event is read again, beside its neighbours, which are settled. */
enum adduce_err levels_find_why(struct levels *levels, struct exclusion_why *why, uint64_t index) {
  struct levels_node node = {.index = index};
  uint32_t number;
  unsigned level;
  *why = (struct exclusion_why){.reason = EXCLUSION_SELECTED};
  TRY(levels_find(levels, &level, index));
  TRY(begin(levels));
  TRY(new_node(levels, &number, &node));
  TRY(read_event(levels, number));
  for (size_t at = number + 1; at < levels->node_count; at++)
    if (levels->nodes[at].voice != NULL) levels->nodes[at].voice->node = 0;
  node = levels->nodes[number];
  why->reason = node.reason;
  return node.level != 0 ? ADDUCE_OK : explain(levels, why, &node);
}
