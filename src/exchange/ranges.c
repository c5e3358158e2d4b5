/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/ranges.h"

#include "base/invariant.h"
#include "exchange/textlines.h"

static bool reserve(struct ranges *ranges) {
  struct range *items =
      scope_room(ranges->scope, &ranges->capacity, ranges->items, ranges->count, sizeof *items);
  if (items == NULL) return false;
  ranges->items = items;
  return true;
}

enum adduce_err ranges_add(struct ranges *ranges, uint64_t index) {
  struct range *last = ranges->count == 0 ? NULL : &ranges->items[ranges->count - 1];
  INVARIANT(last == NULL || index > last->last);
  if (last != NULL && last->last + 1 == index) {
    last->last = index;
    return ADDUCE_OK;
  }
  if (!reserve(ranges)) return scope_no_memory(ranges->scope);
  ranges->items[ranges->count++] = (struct range){index, index};
  return ADDUCE_OK;
}

void ranges_put(struct buffer *out, const struct ranges *ranges) {
  for (size_t i = 0; i < ranges->count; i++) {
    const struct range *range = &ranges->items[i];
    buffer_format(out, i == 0 ? "%llu" : " %llu", (unsigned long long)range->first);
    if (range->last != range->first) buffer_format(out, "-%llu", (unsigned long long)range->last);
  }
}

/* What stands before the first `byte` of `text`, which is taken off with it. */
static struct adduce_span take_until(struct adduce_span *text, char byte, bool *found) {
  const uint8_t *at = text->size == 0 ? NULL : memchr(text->data, byte, text->size);
  size_t size = at == NULL ? text->size : (size_t)(at - text->data);
  struct adduce_span head = span_of(text->data, size);
  *found = at != NULL;
  size_t skip = *found ? size + 1 : size;
  *text = span_of(text->data + skip, text->size - skip);
  return head;
}

static bool parse_range(struct range *range, struct adduce_span text) {
  bool is_pair;
  struct adduce_span first = take_until(&text, '-', &is_pair);
  if (!textlines_decimal(first, &range->first)) return false;
  range->last = range->first;
  return !is_pair || (textlines_decimal(text, &range->last) && range->last > range->first);
}

bool ranges_parse(struct ranges *ranges, struct adduce_span line, uint64_t size) {
  bool more;
  do {
    struct range range;
    if (!parse_range(&range, take_until(&line, ' ', &more)) || range.last >= size) return false;
    if (ranges->count != 0 && range.first <= ranges->items[ranges->count - 1].last + 1)
      return false;
    if (!reserve(ranges)) return false;
    ranges->items[ranges->count++] = range;
  } while (more);
  return true;
}
