/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/rowsort.h"

#define SMALL 12 /* rows that are inserted rather than divided */

/* Eight bytes of the key from `depth` on, as a number; zeros beyond its end. */
static uint64_t load(const struct rows_item *item, size_t depth) {
  uint8_t bytes[8] = {0};
  if (item->key_size >= depth + 8) return bigendian_get64(item->bytes + depth);
  if (item->key_size > depth) memcpy(bytes, item->bytes + depth, item->key_size - depth);
  return bigendian_get64(bytes);
}

static void load_all(struct rows_item *items, size_t count, size_t depth) {
  for (size_t i = 0; i < count; i++) items[i].cache = load(&items[i], depth);
}

static void swap(struct rows_item *a, struct rows_item *b) {
  struct rows_item kept = *a;
  *a = *b;
  *b = kept;
}

static bool is_less(const struct rows_item *a, const struct rows_item *b, size_t depth) {
  if (a->cache != b->cache) return a->cache < b->cache;
  return span_compare(span_of(a->bytes + depth, a->key_size - depth),
                      span_of(b->bytes + depth, b->key_size - depth)) < 0;
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

void rowsort(struct rows_item *items, size_t count) {
  load_all(items, count, 0);
  sort(items, count, 0);
}
