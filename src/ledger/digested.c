/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/digested.h"

#include <stdlib.h>

#include "base/hex.h"
#include "projection/key.h"
#include "projection/rowcursor.h"
#include "query/status.h"

#define KIND "state.digested"
#define SIZES_AT_ONCE 256 /* digests under way in one walk over the rows */

/* --- reading one ---------------------------------------------------------------------------- */

static bool take_number(const struct parsed *parsed, const char *key, uint64_t *number) {
  const struct parsed_field *field = parsed_field(parsed, key);
  int64_t integer;
  if (field == NULL || field->slot != PARSED_VALUE) return false;
  struct cursor cursor = cursor_of(field->value);
  if (!cursor_int(&cursor, &integer) || integer < 0) return false;
  *number = (uint64_t)integer;
  return true;
}

static bool take_hash(const struct parsed *parsed, const char *key, struct adduce_hash *hash) {
  const struct parsed_field *field = parsed_field(parsed, key);
  const uint8_t *bytes32;
  if (field == NULL || field->slot != PARSED_VALUE) return false;
  struct cursor cursor = cursor_of(field->value);
  if (!cursor_bin_of(&cursor, 32, &bytes32)) return false;
  memcpy(hash->bytes, bytes32, 32);
  return true;
}

/* False where a field that is needed is not available here. */
static bool take_state(struct statedigest *state, struct statedigest_part *part,
                       const struct parsed *parsed) {
  part->name = parsed_text(parsed, "projection");
  return part->name.size != 0 && take_number(parsed, "size", &state->size) &&
         take_hash(parsed, "root", &state->root) &&
         take_number(parsed, "projection_version", &part->version) &&
         take_number(parsed, "vocabulary_version", &state->vocabulary_version) &&
         (parsed_field(parsed, "policy") == NULL || take_hash(parsed, "policy", &state->policy)) &&
         take_hash(parsed, "view", &state->view) && take_hash(parsed, "digest", &part->digest);
}

/* In the scope, whatever becomes of the event's bytes. */
static enum adduce_err keep_part(struct adduce_scope *scope, struct digested *said,
                                 const struct statedigest_part *part) {
  struct statedigest_part *kept = scope_new(scope, struct statedigest_part);
  if (kept == NULL) return scope_no_memory(scope);
  *kept = *part;
  kept->name = scope_copy(scope, part->name);
  if (kept->name.data == NULL) return scope_no_memory(scope);
  said->state.parts = kept;
  said->state.part_count = 1;
  return ADDUCE_OK;
}

enum adduce_err digested_read(struct adduce_scope *scope, struct ledger_world *world,
                              struct digested *said, uint64_t index) {
  struct world_entry entry;
  struct statedigest_part part = {.rows = 0};
  TRY(world->query.entry(world, scope, &entry, index));
  const struct parsed *parsed = &entry.event.claim.parsed;
  *said = (struct digested){.index = index, .id = entry.event.id};
  memcpy(said->author.bytes, parsed->author32, 32);
  if (!span_is(parsed->kind, KIND))
    return scope_fail(scope, ADDUCE_E_REFERENCE, "#%llu is no " KIND " but %.*s",
                      (unsigned long long)index, SPAN_ARGS(parsed->kind));
  if (!take_state(&said->state, &part, parsed)) {
    said->problem = "part of what it says is not available here";
  } else if (said->state.size == 0 || said->state.size > index) {
    said->problem = scope_format(scope,
                                 "it speaks of %llu entries and stands itself at #%llu, and no "
                                 "digest covers itself",
                                 (unsigned long long)said->state.size, (unsigned long long)index);
  } else {
    return keep_part(scope, said, &part);
  }
  said->state = (struct statedigest){.size = 0};
  return scope_exhausted(scope) ? scope_no_memory(scope) : ADDUCE_OK;
}

void digested_put(struct adduce_scope *scope, struct adduce_value *map,
                  const struct digested *said) {
  value_set_integer(scope, map, "index", (int64_t)said->index);
  value_set_bytes32(scope, map, "id", said->id.bytes);
  value_set_bytes32(scope, map, "author", said->author.bytes);
}

/* --- finding all ---------------------------------------------------------------------------- */

struct all {
  struct digested *items;
  size_t count, capacity;
};

static enum adduce_err add(struct adduce_scope *scope, struct ledger_world *world, struct all *all,
                           uint64_t index) {
  struct digested *grown = scope_room(scope, &all->capacity, all->items, all->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  all->items = grown;
  return digested_read(scope, world, &all->items[all->count++], index);
}

static int by_size(const void *a, const void *b) {
  const struct digested *one = a, *other = b;
  if (one->state.size != other->state.size) return one->state.size < other->state.size ? -1 : 1;
  return 0;
}

static int by_index(const void *a, const void *b) {
  const struct digested *one = a, *other = b;
  return one->index < other->index ? -1 : one->index > other->index;
}

static enum adduce_err gather(struct adduce_scope *scope, struct ledger_world *world,
                              struct all *all) {
  struct rowcursor rows;
  struct runs runs;
  struct key key;
  key_init(&key);
  key_text(&key, span_text(KIND));
  TRY(run_load(scope, world->query.rows, &runs));
  TRY(rowcursor_open(scope, &rows, world->query.rows, &runs, REGISTRY_BYKIND, key_span(&key),
                     world->query.size));
  enum adduce_err err = rowcursor_seek(&rows, key_span(&key));
  while (err == ADDUCE_OK && span_equal(key_stem(rows.row.key), key_span(&key))) {
    err = add(scope, world, all, rows.row.index);
    if (err == ADDUCE_OK) err = rowcursor_next(&rows);
  }
  rowcursor_close(&rows);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

/* --- the replay's side ---------------------------------------------------------------------- */

struct ours {
  struct statedigest *states; /* of every size that is spoken of, and at last of all entries */
  struct viewid *views;
  size_t count;
};

static enum adduce_err find_ours(struct adduce_scope *scope, struct ledger_world *world,
                                 struct ours *ours, const struct all *all) {
  uint64_t *sizes = scope_array(scope, all->count + 1, sizeof *sizes);
  ours->states = scope_array(scope, all->count + 1, sizeof *ours->states);
  ours->views = scope_array(scope, all->count + 1, sizeof *ours->views);
  if (sizes == NULL || ours->states == NULL || ours->views == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < all->count; i++) {
    uint64_t size = all->items[i].state.size;
    if (size != 0 && (ours->count == 0 || sizes[ours->count - 1] != size))
      sizes[ours->count++] = size;
  }
  if (ours->count == 0 || sizes[ours->count - 1] != world->query.size)
    sizes[ours->count++] = world->query.size;
  return digest_grounds(scope, world, ours->states, ours->views, sizes, ours->count);
}

static struct statedigest *ours_of(const struct ours *ours, uint64_t size) {
  size_t begin = 0, end = ours->count;
  while (begin < end) {
    size_t middle = begin + (end - begin) / 2;
    if (ours->states[middle].size < size)
      begin = middle + 1;
    else
      end = middle;
  }
  return begin < ours->count && ours->states[begin].size == size ? &ours->states[begin] : NULL;
}

/* Walks the rows for those sizes at which something can be compared, and for all entries. */
static enum adduce_err find_parts(struct adduce_scope *scope, struct ledger_world *world,
                                  const struct ours *ours, const struct all *all,
                                  unsigned threads) {
  struct statedigest *wanted = scope_array(scope, SIZES_AT_ONCE, sizeof *wanted);
  bool *is_wanted = scope_array(scope, ours->count, sizeof *is_wanted);
  size_t count = 0, first = 0;
  if (wanted == NULL || is_wanted == NULL) return scope_no_memory(scope);
  is_wanted[ours->count - 1] = true;
  for (size_t i = 0; i < all->count; i++) {
    const struct statedigest *said = &all->items[i].state;
    const struct statedigest *own = ours_of(ours, said->size);
    if (own != NULL && statedigest_same_grounds(said, own)) is_wanted[own - ours->states] = true;
  }
  for (size_t i = 0; i < ours->count; i++) {
    if (is_wanted[i]) wanted[count++] = ours->states[i];
    if (count != SIZES_AT_ONCE && i + 1 != ours->count) continue;
    TRY(digest_parts(scope, world, wanted, count, threads));
    for (size_t k = 0; first <= i; first++)
      if (is_wanted[first]) ours->states[first] = wanted[k++];
    count = 0;
  }
  return ADDUCE_OK;
}

/* --- comparing ------------------------------------------------------------------------------ */

struct judging {
  struct adduce_scope *scope;
  struct asked asked;
  const struct ours *ours;
  struct adduce_value *lines;
  int64_t same, different, retracted, not_comparable;
  const struct digested *wrong; /* the first that is different and stands */
  struct adduce_hash wrong_ours;
};

static struct adduce_value *begin_line(struct judging *judging, const struct digested *said) {
  struct adduce_scope *scope = judging->scope;
  struct adduce_value *line = value_map(scope);
  digested_put(scope, line, said);
  if (said->problem != NULL) return line;
  value_set_integer(scope, line, "size", (int64_t)said->state.size);
  value_set(scope, line, "projection", value_str(scope, said->state.parts[0].name));
  return line;
}

static void end_line(struct judging *judging, struct adduce_value *line, const char *verdict,
                     const char *because) {
  value_set_text(judging->scope, line, "verdict", verdict);
  if (because != NULL) value_set_text(judging->scope, line, "because", because);
  value_add(judging->scope, judging->lines, line);
}

/* The first reason of a comparison. */
static const char *reason_of(const struct adduce_value *compared) {
  const struct adduce_value *because = adduce_value_get(compared, "because");
  const struct adduce_value *part = adduce_value_at(adduce_value_get(compared, "projections"), 0);
  if (adduce_value_count(because) != 0)
    return adduce_value_text(adduce_value_get(adduce_value_at(because, 0), "text"));
  return adduce_value_text(adduce_value_get(part, "because"));
}

static enum adduce_err judge_different(struct judging *judging, const struct digested *said,
                                       const struct adduce_value *compared) {
  struct status status;
  struct adduce_scope *scope = judging->scope;
  const struct adduce_value *part = adduce_value_at(adduce_value_get(compared, "projections"), 0);
  const struct adduce_value *own = adduce_value_get(part, "ours");
  TRY(status_find(&judging->asked, &status, said->id.bytes, said->author.bytes));
  bool is_retracted = status.state == STATUS_RETRACTED;
  struct adduce_value *line = begin_line(judging, said);
  value_set(scope, line, "theirs",
            value_bytes(scope, adduce_value_bytes(adduce_value_get(part, "theirs"))));
  value_set(scope, line, "ours", value_bytes(scope, adduce_value_bytes(own)));
  end_line(judging, line, "different", is_retracted ? "it was retracted" : NULL);
  if (is_retracted) {
    judging->retracted++;
    return ADDUCE_OK;
  }
  judging->different++;
  if (judging->wrong != NULL) return ADDUCE_OK;
  judging->wrong = said;
  memcpy(judging->wrong_ours.bytes, adduce_value_bytes(own).data, 32);
  return ADDUCE_OK;
}

static enum adduce_err judge(struct judging *judging, const struct digested *said) {
  struct adduce_scope *scope = judging->scope;
  struct scope_mark mark = scope_mark(scope);
  const char *not_comparable = statedigest_verdict_name(STATEDIGEST_NOT_COMPARABLE);
  if (said->problem != NULL) {
    judging->not_comparable++;
    end_line(judging, begin_line(judging, said), not_comparable, said->problem);
    return ADDUCE_OK;
  }
  struct adduce_value *compared = value_map(scope);
  enum statedigest_verdict verdict =
      statedigest_compare(scope, compared, &said->state, ours_of(judging->ours, said->state.size));
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  if (verdict == STATEDIGEST_SAME) {
    judging->same++;
    scope_rewind(scope, mark);
    return ADDUCE_OK;
  }
  if (verdict == STATEDIGEST_DIFFERENT) return judge_different(judging, said, compared);
  judging->not_comparable++;
  end_line(judging, begin_line(judging, said), not_comparable, reason_of(compared));
  return ADDUCE_OK;
}

static void put_counts(struct adduce_scope *scope, struct adduce_value *map,
                       const struct judging *judging) {
  struct adduce_value *digested = value_map(scope);
  value_set_integer(scope, digested, "same", judging->same);
  value_set_integer(scope, digested, "different", judging->different);
  value_set_integer(scope, digested, "retracted", judging->retracted);
  value_set_integer(scope, digested, "not_comparable", judging->not_comparable);
  value_set(scope, digested, "lines", judging->lines);
  value_set(scope, map, "digested", digested);
}

static enum adduce_err conclude(const struct judging *judging) {
  const struct digested *wrong = judging->wrong;
  if (wrong == NULL) return value_finish(judging->scope);
  const struct statedigest_part *part = &wrong->state.parts[0];
  return scope_fail(judging->scope, ADDUCE_E_FAILED,
                    "#%llu says that %.*s had the digest %.16s... at %llu entries; a replay here, "
                    "of the same entries under the same view, gives %.16s.... One of the two "
                    "programs was wrong; if it is the one that signed, its author can retract it",
                    (unsigned long long)wrong->index, SPAN_ARGS(part->name),
                    hex_text32(part->digest.bytes).text, (unsigned long long)wrong->state.size,
                    hex_text32(judging->wrong_ours.bytes).text);
}

enum adduce_err digested_check(struct adduce_scope *scope, struct ledger_world *world,
                               struct adduce_value *map, unsigned threads) {
  struct all all = {.count = 0};
  struct ours ours = {.count = 0};
  struct judging judging = {.scope = scope, .ours = &ours, .lines = value_list(scope)};
  TRY(gather(scope, world, &all));
  if (all.count > 1) qsort(all.items, all.count, sizeof *all.items, by_size);
  TRY(find_ours(scope, world, &ours, &all));
  TRY(find_parts(scope, world, &ours, &all, threads));
  digest_put(scope, map, &ours.states[ours.count - 1], &ours.views[ours.count - 1]);
  TRY(asked_open(&judging.asked, scope, &world->query, NULL));
  if (all.count > 1) qsort(all.items, all.count, sizeof *all.items, by_index);
  for (size_t i = 0; i < all.count; i++) TRY(judge(&judging, &all.items[i]));
  put_counts(scope, map, &judging);
  return conclude(&judging);
}
