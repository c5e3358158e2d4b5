/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/rowsort.h"

#define SMALL 12 /* rows that are inserted rather than divided */
#define AHEAD 8  /* rows that are fetched into the cache before their turn */

/* --- a multikey quicksort -----------------------------------------------------------------*/

/* Eight bytes of the key from `depth` on, as a number; zeros beyond its end. */
static uint64_t load(const struct rows_item *item, size_t depth) {
  uint8_t bytes[8] = {0};
  if (item->key_size >= depth + 8) return bigendian_get64(item->bytes + depth);
  if (item->key_size > depth) memcpy(bytes, item->bytes + depth, item->key_size - depth);
  return bigendian_get64(bytes);
}

static void load_all(struct rows_item *items, size_t count, size_t depth) {
  for (size_t i = 0; i < count; i++) {
    if (i + AHEAD < count) __builtin_prefetch(items[i + AHEAD].bytes + depth);
    items[i].cache = load(&items[i], depth);
  }
}

static void swap(struct rows_item *a, struct rows_item *b) {
  struct rows_item kept = *a;
  *a = *b;
  *b = kept;
}

/* What follows the first `depth` bytes. */
static struct adduce_span rest_of(const struct rows_item *item, size_t depth) {
  return depth < item->key_size ? span_of(item->bytes + depth, item->key_size - depth)
                                : span_of(NULL, 0);
}

static bool is_less(const struct rows_item *a, const struct rows_item *b, size_t depth) {
  if (a->cache != b->cache) return a->cache < b->cache;
  return span_compare(rest_of(a, depth), rest_of(b, depth)) < 0;
}

static void insert_all(struct rows_item *items, size_t count, size_t depth) {
  for (size_t i = 1; i < count; i++) {
    struct rows_item moved = items[i];
    size_t at = i;
    for (; at > 0 && is_less(&moved, &items[at - 1], depth); at--) items[at] = items[at - 1];
    items[at] = moved;
  }
}

static uint64_t middle(uint64_t a, uint64_t b, uint64_t c) {
  if (a > b) return a < c ? a : (b > c ? b : c);
  return a > c ? a : (b < c ? b : c);
}

static uint64_t choose_pivot(const struct rows_item *items, size_t count) {
  size_t eighth = count / 8, half = count / 2;
  uint64_t low = middle(items[0].cache, items[eighth].cache, items[2 * eighth].cache);
  uint64_t mid = middle(items[half - 1].cache, items[half].cache, items[half + 1].cache);
  uint64_t high = middle(items[count - 1].cache, items[count - 1 - eighth].cache,
                         items[count - 1 - 2 * eighth].cache);
  return middle(low, mid, high);
}

/* Sorts rows whose keys agree in the first `depth` bytes and whose caches are loaded there. Each
 * turn divides them into those before, at and after a pivot, and goes on with the largest part
 * itself, so that recursion is never deeper than the logarithm of `count`. */
static void sort(struct rows_item *items, size_t count, size_t depth) {
  while (count > SMALL) {
    uint64_t pivot = choose_pivot(items, count);
    size_t less = 0, at = 0, more = count;
    while (at < more) {
      if (items[at].cache < pivot) {
        swap(&items[less++], &items[at++]);
      } else if (items[at].cache > pivot) {
        swap(&items[at], &items[--more]);
      } else {
        at++;
      }
    }
    struct rows_item *same = items + less, *after = items + more;
    size_t same_count = more - less, after_count = count - more;
    load_all(same, same_count, depth + 8);
    if (same_count >= less && same_count >= after_count) {
      sort(items, less, depth);
      sort(after, after_count, depth);
      items = same;
      count = same_count;
      depth += 8;
    } else {
      struct rows_item *larger = less >= after_count ? items : after;
      sort(same, same_count, depth + 8);
      if (larger == items)
        sort(after, after_count, depth);
      else
        sort(items, less, depth);
      count = larger == items ? less : after_count;
      items = larger;
    }
  }
  insert_all(items, count, depth);
}

/* --- stems -------------------------------------------------------------------------------- */

/* The rows of one stem. */
struct group {
  const struct rows_item *first;
  uint32_t count;
  uint32_t at; /* where its next row goes */
};

struct groups {
  struct group *items;
  uint32_t count;
  uint32_t *slots; /* group number plus one; 0: free */
  uint32_t mask;
  uint32_t *of;  /* the group of each row */
  size_t common; /* how many bytes all stems begin with */
};

static bool same_stem(const struct rows_item *a, const struct rows_item *b) {
  return a->cache == b->cache && a->key_size == b->key_size &&
         memcmp(a->bytes, b->bytes, a->key_size - KEY_INDEX_BYTES) == 0;
}

/* A stem that is seen for the first time. */
static void narrow(struct groups *groups, const struct rows_item *item) {
  const uint8_t *first = groups->items[0].first->bytes;
  size_t size = item->key_size - (size_t)KEY_INDEX_BYTES;
  if (groups->count == 1 || size < groups->common) groups->common = size;
  if (memcmp(first, item->bytes, groups->common) == 0) return;
  for (groups->common = 0; first[groups->common] == item->bytes[groups->common];) groups->common++;
}

static uint32_t find_group(struct groups *groups, const struct rows_item *item) {
  uint32_t at = (uint32_t)item->cache & groups->mask;
  while (groups->slots[at] != 0) {
    uint32_t number = groups->slots[at] - 1;
    if (same_stem(groups->items[number].first, item)) return number;
    at = (at + 1) & groups->mask;
  }
  groups->items[groups->count] = (struct group){.first = item};
  groups->slots[at] = ++groups->count;
  narrow(groups, item);
  return groups->count - 1;
}

/* Where everything is: groups, heads to be sorted, the sorted rows, slots, the group of each. */
struct parts {
  struct groups groups;
  struct rows_item *heads, *sorted;
};

static size_t round_up(size_t size) {
  return (size + 63) & ~(size_t)63;
}

static uint8_t *cut(uint8_t **bytes, size_t size) {
  uint8_t *part = *bytes;
  *bytes += round_up(size);
  return part;
}

static uint32_t slots_for(size_t count) {
  uint32_t slots = 16;
  while (slots < 2 * count) slots *= 2;
  return slots;
}

static size_t size_for(size_t count) {
  return round_up(count * sizeof(struct group)) + 2 * round_up(count * sizeof(struct rows_item)) +
         round_up(slots_for(count) * sizeof(uint32_t)) + round_up(count * sizeof(uint32_t));
}

static bool make_room(struct rowsort_room *room, size_t count) {
  size_t size = size_for(count > room->most ? count : room->most);
  if (size_for(count) <= room->size) return true;
  room->bytes = room->pool == NULL ? NULL : pages_pool_take(room->pool, size);
  if (room->bytes == NULL) room->bytes = scope_alloc(room->scope, size);
  room->size = room->bytes == NULL ? 0 : size;
  return room->bytes != NULL;
}

static enum adduce_err take_parts(struct rowsort_room *room, struct parts *parts, size_t count) {
  uint32_t slots = slots_for(count);
  if (!make_room(room, count)) return scope_no_memory(room->scope);
  uint8_t *bytes = room->bytes;
  parts->groups = (struct groups){.mask = slots - 1};
  parts->groups.items = (void *)cut(&bytes, count * sizeof *parts->groups.items);
  parts->heads = (void *)cut(&bytes, count * sizeof *parts->heads);
  parts->sorted = (void *)cut(&bytes, count * sizeof *parts->sorted);
  parts->groups.slots = (void *)cut(&bytes, slots * sizeof(uint32_t));
  parts->groups.of = (void *)cut(&bytes, count * sizeof(uint32_t));
  memset(parts->groups.slots, 0, slots * sizeof(uint32_t));
  return ADDUCE_OK;
}

static void make_groups(struct groups *groups, const struct rows_list *const *lists,
                        size_t list_count) {
  uint32_t *of = groups->of;
  for (size_t i = 0; i < list_count; i++) {
    for (size_t j = 0; j < lists[i]->count; j++) {
      *of = find_group(groups, &lists[i]->items[j]);
      groups->items[*of++].count++;
    }
  }
}

/* --- sorting ------------------------------------------------------------------------------ */

static void place_row(struct parts *parts, struct group *group, const struct rows_item *item) {
  struct rows_item *placed = &parts->sorted[group->at++];
  *placed = *item;
  placed->starts = item == group->first;
}

/* Gives each group its place, in the order of the stems, and each row its place in its group. */
static void place(struct parts *parts, const struct rows_list *const *lists, size_t list_count) {
  struct groups *groups = &parts->groups;
  const uint32_t *of = groups->of;
  uint32_t at = 0;
  for (uint32_t i = 0; i < groups->count; i++) {
    struct group *group = &groups->items[parts->heads[i].size];
    group->at = at;
    at += group->count;
  }
  for (size_t i = 0; i < list_count; i++)
    for (size_t j = 0; j < lists[i]->count; j++)
      place_row(parts, &groups->items[*of++], &lists[i]->items[j]);
}

enum adduce_err rowsort(struct rowsort_room *room, struct rows_item **sorted, size_t *count,
                        const struct rows_list *const *lists, size_t list_count) {
  struct parts parts = {.heads = NULL};
  *count = 0;
  for (size_t i = 0; i < list_count; i++) *count += lists[i]->count;
  if (*count == 0) return ADDUCE_OK;
  if (*count > UINT32_MAX / 4) return scope_no_memory(room->scope);
  TRY(take_parts(room, &parts, *count));
  struct groups *groups = &parts.groups;
  make_groups(groups, lists, list_count);
  for (uint32_t i = 0; i < groups->count; i++) {
    parts.heads[i] = *groups->items[i].first;
    parts.heads[i].key_size = (uint16_t)(parts.heads[i].key_size - KEY_INDEX_BYTES); /* the stem, */
    parts.heads[i].size = i; /* and whose it is */
  }
  load_all(parts.heads, groups->count, groups->common);
  sort(parts.heads, groups->count, groups->common);
  place(&parts, lists, list_count);
  *sorted = parts.sorted;
  return ADDUCE_OK;
}
