/* SPDX-License-Identifier: Apache-2.0 */
#include "query/gather.h"

#include "base/numbers.h"
#include "projection/key.h"
#include "projection/moves.h"
#include "query/focus.h"
#include "query/range.h"

/* --- which claims ------------------------------------------------------------------------- */

struct indexes {
  struct asked *asked;
  struct adduce_span member; /* whose they are */
  uint64_t *items;
  size_t count, capacity;
};

static enum adduce_err add_index(struct indexes *indexes, uint64_t index) {
  if (!focus_has(indexes->asked->focus, indexes->member, index)) return ADDUCE_OK;
  uint64_t *grown = scope_room(indexes->asked->scope, &indexes->capacity, indexes->items,
                               indexes->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(indexes->asked->scope);
  indexes->items = grown;
  indexes->items[indexes->count++] = index;
  return ADDUCE_OK;
}

static enum adduce_err take_index(void *context, const struct row *row) {
  return add_index(context, row->index);
}

/* A correction that names the subject may have made its targets claims about it. */
static enum adduce_err take_corrected(void *context, const struct row *row) {
  struct indexes *indexes = context;
  struct asked *asked = indexes->asked;
  const struct told *correction, *target;
  struct parsed_ref ref;
  TRY(told_get(asked, &correction, row->index));
  struct cursor refs = correction->event.claim.parsed.refs;
  while (parsed_next_role(&refs, &ref, "target")) {
    enum adduce_err err = told_find(asked, &target, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    TRY(add_index(indexes, target->index));
  }
  return ADDUCE_OK;
}

static void sort_indexes(struct indexes *indexes) {
  size_t kept = 0;
  numbers_sort(indexes->items, indexes->count);
  for (size_t i = 0; i < indexes->count; i++)
    if (i == 0 || indexes->items[i] != indexes->items[i - 1])
      indexes->items[kept++] = indexes->items[i];
  indexes->count = kept;
}

static enum adduce_err walk(struct asked *asked, enum registry_number table,
                            struct adduce_span subject, uint8_t role, range_visit_fn *visit,
                            void *context) {
  struct key key;
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, role);
  return range_each(asked, table, key_span(&key), visit, context);
}

static enum adduce_err find_about(struct indexes *indexes, struct adduce_span subject) {
  struct asked *asked = indexes->asked;
  TRY(walk(asked, REGISTRY_SUBJECTS, subject, REGISTRY_ABOUT, take_index, indexes));
  return walk(asked, REGISTRY_SUBJECTS, subject, REGISTRY_CORRECTED, take_corrected, indexes);
}

/* Claims about others that concern this one: it was released, the sanction is its own. */
static enum adduce_err find_concerned(struct indexes *indexes, struct adduce_span subject) {
  struct asked *asked = indexes->asked;
  TRY(walk(asked, REGISTRY_RELEASES, subject, MOVES_OTHER, take_index, indexes));
  return walk(asked, REGISTRY_SANCTIONS, subject, MOVES_OTHER, take_index, indexes);
}

enum adduce_err gather_claims(struct asked *asked, uint64_t **indexes, size_t *count,
                              struct adduce_span subject) {
  struct indexes found = {.asked = asked, .member = subject};
  TRY(find_about(&found, subject));
  sort_indexes(&found);
  *indexes = found.items;
  *count = found.count;
  return ADDUCE_OK;
}

/* --- what they say ------------------------------------------------------------------------ */

static enum adduce_err add_item(struct asked *asked, struct gathered *gathered,
                                const struct gather_item *item) {
  struct gather_item *grown = scope_room(asked->scope, &gathered->capacity, gathered->items,
                                         gathered->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(asked->scope);
  gathered->items = grown;
  gathered->items[gathered->count++] = *item;
  return ADDUCE_OK;
}

/* Whose row it is: its key begins with one of the members. */
static bool find_member(const struct cluster *cluster, struct adduce_span stem,
                        struct gather_item *item) {
  for (size_t i = 0; i < cluster->count; i++) {
    struct key key;
    key_init(&key);
    key_text(&key, cluster->members[i].subject);
    if (stem.size < key.size || memcmp(stem.data, key.bytes, key.size) != 0) continue;
    item->member = i;
    item->rest = span_of(stem.data + key.size, stem.size - key.size);
    return true;
  }
  return false;
}

static bool same_row(const struct rows_item *a, const struct rows_item *b) {
  return a->key_size == b->key_size && a->size == b->size &&
         memcmp(a->bytes, b->bytes, a->size) == 0;
}

static bool has_row(const struct rows_list *list, const struct rows_item *item) {
  for (size_t i = 0; list != NULL && i < list->count; i++)
    if (same_row(&list->items[i], item)) return true;
  return false;
}

/* The rows of one table, but those that stand in `except`. */
static enum adduce_err add_rows(struct asked *asked, struct gathered *gathered,
                                enum registry_number table, const struct rows_list *list,
                                const struct rows_list *except, const struct told *told,
                                const struct event *event, enum status_state state) {
  for (size_t i = 0; i < list->count; i++) {
    const struct rows_item *row = &list->items[i];
    struct gather_item item = {.table = table, .told = told, .event = event, .state = state};
    struct adduce_span key = span_of(row->bytes, row->key_size);
    if (has_row(except, row) || !find_member(&gathered->cluster, key_stem(key), &item)) continue;
    item.value = rows_item_value(row);
    TRY(add_item(asked, gathered, &item));
  }
  return ADDUCE_OK;
}

/* The tables whose rows make lines, in the order of sections. */
static const enum registry_number tables[] = {REGISTRY_FACTS, REGISTRY_RELATIONS, REGISTRY_RELEASES,
                                              REGISTRY_SANCTIONS, REGISTRY_STATES};
#define TABLES (sizeof tables / sizeof tables[0])

static enum adduce_err project(struct asked *asked, struct rows *rows, const struct told *told,
                               const struct event *event) {
  struct projection_input input = {told->index, told->recorded_at_us, event};
  uint32_t which = 0;
  for (size_t i = 0; i < TABLES; i++) which |= UINT32_C(1) << tables[i];
  rows_init(rows, asked->scope, false);
  return rows_project(rows, which, &input);
}

static enum adduce_err add_told(struct asked *asked, const struct told ***list, size_t *count,
                                size_t *capacity, const struct told *told) {
  const struct told **grown = scope_room(asked->scope, capacity, *list, *count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(asked->scope);
  *list = grown;
  (*list)[(*count)++] = told;
  return ADDUCE_OK;
}

/* What a claim says now, and what it said before it was corrected. */
static enum adduce_err add_claim(struct asked *asked, struct gathered *gathered, uint64_t index) {
  const struct told *told;
  struct rows now, before;
  TRY(told_get(asked, &told, index));
  gathered->claims++;
  if (status_has(&told->status, STATUS_ERASED))
    TRY(add_told(asked, &gathered->erased, &gathered->erased_count, &gathered->erased_capacity,
                 told));
  if (!told_may_hold(asked, told)) return ADDUCE_OK;
  TRY(project(asked, &now, told, told_event(told)));
  for (size_t i = 0; i < TABLES; i++)
    TRY(add_rows(asked, gathered, tables[i], &now.lists[tables[i]], NULL, told, told_event(told),
                 told_state(told)));
  if (!told->is_corrected) return ADDUCE_OK;
  TRY(project(asked, &before, told, &told->event));
  enum status_state state =
      told->status.state == STATUS_RETRACTED ? STATUS_RETRACTED : STATUS_CORRECTED;
  for (size_t i = 0; i < TABLES; i++)
    TRY(add_rows(asked, gathered, tables[i], &before.lists[tables[i]], &now.lists[tables[i]], told,
                 &told->event, state));
  return ADDUCE_OK;
}

/* --- the subject -------------------------------------------------------------------------- */

struct incomplete {
  struct asked *asked;
  struct gathered *gathered;
};

static enum adduce_err take_incomplete(void *context, const struct row *row) {
  struct incomplete *incomplete = context;
  struct gathered *gathered = incomplete->gathered;
  const struct told *told;
  TRY(told_get(incomplete->asked, &told, row->index));
  return add_told(incomplete->asked, &gathered->incomplete, &gathered->incomplete_count,
                  &gathered->incomplete_capacity, told);
}

static enum adduce_err refuse(const struct asked *asked, struct adduce_span subject) {
  uint64_t mentions;
  struct key key;
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, REGISTRY_MENTIONED);
  TRY(range_count(asked, &mentions, REGISTRY_SUBJECTS, key_span(&key)));
  if (mentions == 0)
    return scope_fail(asked->scope, ADDUCE_E_NOT_FOUND, "nothing is said about %.*s at #%llu",
                      SPAN_ARGS(subject), (unsigned long long)asked->size - 1);
  return scope_fail(asked->scope, ADDUCE_E_NOT_FOUND,
                    "no claim is about %.*s at #%llu; %llu mention it (`adduce log --subject`)",
                    SPAN_ARGS(subject), (unsigned long long)asked->size - 1,
                    (unsigned long long)mentions);
}

enum adduce_err gather_subject(struct asked *asked, struct gathered *gathered,
                               struct adduce_span subject) {
  struct indexes indexes = {.asked = asked};
  struct incomplete incomplete = {asked, gathered};
  *gathered = (struct gathered){.count = 0};
  TRY(cluster_find(asked, &gathered->cluster, subject));
  for (size_t i = 0; i < gathered->cluster.count; i++) {
    struct adduce_span member = gathered->cluster.members[i].subject;
    indexes.member = member;
    TRY(find_about(&indexes, member));
    TRY(find_concerned(&indexes, member));
    TRY(walk(asked, REGISTRY_SUBJECTS, member, REGISTRY_INCOMPLETE, take_incomplete, &incomplete));
  }
  sort_indexes(&indexes);
  for (size_t i = 0; i < indexes.count; i++) TRY(add_claim(asked, gathered, indexes.items[i]));
  if (gathered->claims == 0 && gathered->incomplete_count == 0) return refuse(asked, subject);
  return ADDUCE_OK;
}
