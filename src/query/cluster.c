/* SPDX-License-Identifier: Apache-2.0 */
#include "query/cluster.h"

#include "projection/key.h"
#include "query/range.h"

/* A pair's deciding judgement, seen from one of the two. */
struct edge {
  struct adduce_span other;
  const struct told *told;
  bool positive, negative;
};

struct edges {
  struct asked *asked;
  struct adduce_span one;
  struct edge *items;
  size_t count, capacity;
};

static enum adduce_err add_edge(struct edges *edges, const struct edge *edge) {
  for (size_t i = 0; i < edges->count; i++) {
    if (!span_equal(edges->items[i].other, edge->other)) continue;
    if (edge->told->index > edges->items[i].told->index) edges->items[i] = *edge;
    return ADDUCE_OK;
  }
  struct edge *grown =
      scope_room(edges->asked->scope, &edges->capacity, edges->items, edges->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(edges->asked->scope);
  edges->items = grown;
  edges->items[edges->count++] = *edge;
  return ADDUCE_OK;
}

/* What a judgement says now; a correction may have turned it. */
static enum adduce_err take_judgement(struct edges *edges, uint64_t index) {
  struct edge edge = {.told = NULL};
  TRY(told_get(edges->asked, &edge.told, index));
  if (told_state(edge.told) != STATUS_LIVE) return ADDUCE_OK;
  const struct parsed *parsed = told_parsed(edge.told);
  struct adduce_span left = parsed_text(parsed, "left");
  struct adduce_span right = parsed_text(parsed, "right");
  struct adduce_span judgement = parsed_text(parsed, "judgement");
  if (!span_equal(left, edges->one) && !span_equal(right, edges->one)) return ADDUCE_OK;
  edge.other = span_equal(left, edges->one) ? right : left;
  edge.positive = span_is(judgement, "positive");
  edge.negative = span_is(judgement, "negative");
  if (edge.other.size == 0 || span_equal(edge.other, edges->one)) return ADDUCE_OK;
  return add_edge(edges, &edge);
}

static enum adduce_err take_row(void *context, const struct row *row) {
  return take_judgement(context, row->index);
}

/* A correction may have put this subject into a judgement on others. */
static enum adduce_err take_corrected(void *context, const struct row *row) {
  struct edges *edges = context;
  const struct told *correction, *target;
  struct parsed_ref ref;
  TRY(told_get(edges->asked, &correction, row->index));
  struct cursor refs = correction->event.claim.parsed.refs;
  while (parsed_next_role(&refs, &ref, "target")) {
    enum adduce_err err = told_find(edges->asked, &target, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    const struct vocabulary_kind *kind = target->event.claim.kind;
    if (kind != NULL && kind->effect == EFFECT_SAME && target->is_corrected)
      TRY(take_judgement(edges, target->index));
  }
  return ADDUCE_OK;
}

static int by_index(const struct edge *a, const struct edge *b) {
  return a->told->index < b->told->index ? -1 : a->told->index > b->told->index;
}

static void sort(struct edges *edges) {
  for (size_t i = 1; i < edges->count; i++) {
    struct edge moved = edges->items[i];
    size_t at = i;
    for (; at > 0 && by_index(&moved, &edges->items[at - 1]) < 0; at--)
      edges->items[at] = edges->items[at - 1];
    edges->items[at] = moved;
  }
}

static enum adduce_err read_edges(struct asked *asked, struct edges *edges,
                                  struct adduce_span one) {
  struct key key;
  *edges = (struct edges){.asked = asked, .one = one};
  key_init(&key);
  key_text(&key, one);
  key_byte(&key, 2);
  TRY(range_each(asked, REGISTRY_ENTITIES, key_span(&key), take_row, edges));
  key_init(&key);
  key_text(&key, one);
  key_byte(&key, REGISTRY_CORRECTED);
  TRY(range_each(asked, REGISTRY_SUBJECTS, key_span(&key), take_corrected, edges));
  sort(edges);
  return ADDUCE_OK;
}

/* The same subjects are met again and again: as speakers, as parties, as members. */
static enum adduce_err find_edges(struct asked *asked, const struct edges **found,
                                  struct adduce_span one) {
  struct edges *edges = cache_get(&asked->edges, one);
  *found = edges;
  if (edges != NULL) return ADDUCE_OK;
  *found = edges = scope_new(asked->scope, struct edges);
  if (edges == NULL) return scope_no_memory(asked->scope);
  TRY(read_edges(asked, edges, one));
  return cache_put(asked->scope, &asked->edges, one, edges);
}

/* --- walking ------------------------------------------------------------------------------ */

static bool has(const struct cluster_member *members, size_t count, struct adduce_span subject) {
  for (size_t i = 0; i < count; i++)
    if (span_equal(members[i].subject, subject)) return true;
  return false;
}

/* Room is made whenever the count is a power of two. */
static enum adduce_err add(struct asked *asked, struct cluster_member **members, size_t *count,
                           struct adduce_span subject, const struct told *judgement) {
  if ((*count & (*count - 1)) == 0) {
    size_t room = *count == 0 ? 1 : 2 * *count;
    struct cluster_member *grown = scope_alloc(asked->scope, room * sizeof *grown);
    if (grown == NULL) return scope_no_memory(asked->scope);
    if (*count != 0) memcpy(grown, *members, *count * sizeof *grown);
    *members = grown;
  }
  (*members)[(*count)++] = (struct cluster_member){subject, judgement};
  return ADDUCE_OK;
}

/* The judgement that parts `edges` (of a candidate) from a member, if there is one. */
static const struct told *find_parting(const struct cluster *cluster, const struct edges *edges) {
  for (size_t i = 0; i < edges->count; i++)
    if (edges->items[i].negative && has(cluster->members, cluster->count, edges->items[i].other))
      return edges->items[i].told;
  return NULL;
}

static enum adduce_err try_candidate(struct asked *asked, struct cluster *cluster,
                                     const struct edge *edge) {
  const struct edges *edges;
  if (has(cluster->members, cluster->count, edge->other) ||
      has(cluster->parted, cluster->parted_count, edge->other))
    return ADDUCE_OK;
  TRY(find_edges(asked, &edges, edge->other));
  const struct told *parting = find_parting(cluster, edges);
  if (parting != NULL)
    return add(asked, &cluster->parted, &cluster->parted_count, edge->other, parting);
  return add(asked, &cluster->members, &cluster->count, edge->other, edge->told);
}

enum adduce_err cluster_find(struct asked *asked, struct cluster *cluster,
                             struct adduce_span subject) {
  *cluster = (struct cluster){.count = 0};
  TRY(add(asked, &cluster->members, &cluster->count, subject, NULL));
  for (size_t at = 0; at < cluster->count; at++) {
    const struct edges *edges;
    TRY(find_edges(asked, &edges, cluster->members[at].subject));
    for (size_t i = 0; i < edges->count; i++)
      if (edges->items[i].positive) TRY(try_candidate(asked, cluster, &edges->items[i]));
  }
  return ADDUCE_OK;
}

enum adduce_err cluster_least(struct asked *asked, struct adduce_span *least,
                              struct adduce_span subject) {
  struct cluster cluster;
  TRY(cluster_find(asked, &cluster, subject));
  *least = subject;
  for (size_t i = 0; i < cluster.count; i++)
    if (span_compare(cluster.members[i].subject, *least) < 0) *least = cluster.members[i].subject;
  return ADDUCE_OK;
}
