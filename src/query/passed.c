/* SPDX-License-Identifier: Apache-2.0 */
#include "query/passed.h"

#include "projection/key.h"
#include "query/range.h"

struct passing {
  struct worklist events;
  const struct asked *from, *to;
};

/* Whether the time of a question lies before, or after, a time that was said. */
static int side_of(const struct asked *asked, const struct worldtime *time) {
  if (time->first_us > asked->valid_at.last_us) return -1;
  return time->last_us < asked->valid_at.first_us;
}

static bool lies_between(const struct passing *passing, struct adduce_span text) {
  struct worldtime time;
  return worldtime_parse(text, &time) &&
         side_of(passing->from, &time) != side_of(passing->to, &time);
}

static enum adduce_err take_time(void *context, const struct row *row) {
  struct passing *passing = context;
  if (!lies_between(passing, range_text(row, "from")) &&
      !lies_between(passing, range_text(row, "to")))
    return ADDUCE_OK;
  return worklist_put_index(&passing->events, row->index);
}

static enum adduce_err take_event(void *context, const struct row *row) {
  struct passing *passing = context;
  return worklist_put_index(&passing->events, row->index);
}

static enum adduce_err take_kind(struct passing *passing, const char *kind) {
  struct key key;
  key_init(&key);
  key_text(&key, span_text(kind));
  return range_each(passing->to, REGISTRY_BYKIND, key_span(&key), take_event, passing);
}

enum adduce_err passed_touch(struct touch *touch, const struct asked *from,
                             const struct asked *to) {
  struct passing passing = {.from = from, .to = to};
  worklist_init(&passing.events, touch->asked->scope);
  TRY(range_each(to, REGISTRY_TIMELINE, span_of("\1", 1), take_time, &passing));
  TRY(take_kind(&passing, "claim.ended"));
  TRY(take_kind(&passing, "claim.corrected"));
  for (size_t i = 0; i < passing.events.count; i++)
    TRY(touch_event(touch, worklist_index(&passing.events, i)));
  return ADDUCE_OK;
}
