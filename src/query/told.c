/* SPDX-License-Identifier: Apache-2.0 */
#include "query/told.h"

#include "base/bigendian.h"
#include "query/believed.h"
#include "query/correction.h"
#include "query/erased.h"
#include "query/exclusion.h"

#define LATE_US (INT64_C(5) * 60 * 1000000)

/* A claim that stands before the declaration of its kind was not understood at its place, and is
 * not now (projection/batch.c does the same). */
static enum adduce_err judge_declared(struct asked *asked, struct event *event, uint64_t index) {
  const struct query_world *world = asked->world;
  struct adduce_id id;
  uint64_t declared;
  if (event->claim.kind == NULL || event->claim.kind->declared_by32 == NULL) return ADDUCE_OK;
  memcpy(id.bytes, event->claim.kind->declared_by32, sizeof id.bytes);
  TRY(world->find(world->context, asked->scope, &declared, &id));
  if (declared < index) return ADDUCE_OK;
  event->claim.kind = NULL;
  event->claim.standing = CLAIM_NOT_UNDERSTOOD;
  return ADDUCE_OK;
}

static void add_standing(struct told *told) {
  struct status *status = &told->status;
  if (told->disowned_by != WORLD_NEVER) status->marks |= 1u << STATUS_REVOKED_AT_SOURCE;
  if (people_suspect(told->author, told->index)) status->marks |= 1u << STATUS_AUTHOR_REVOKED;
  if (told_late(told)) status->marks |= 1u << STATUS_CLAIMED_IN_FUTURE;
  if (status->state == STATUS_RETRACTED) return;
  if (told->event.claim.standing == CLAIM_INCOMPLETE) status->state = STATUS_INCOMPLETE;
  if (told->event.claim.standing == CLAIM_NOT_UNDERSTOOD) status->state = STATUS_NOT_UNDERSTOOD;
}

enum adduce_err told_read(struct asked *asked, struct world_entry *entry, uint64_t index) {
  const struct query_world *world = asked->world;
  TRY(world->entry(world->context, asked->scope, entry, index));
  return judge_declared(asked, &entry->event, index);
}

static enum adduce_err read(struct asked *asked, struct told *told, uint64_t index) {
  struct world_entry entry;
  TRY(told_read(asked, &entry, index));
  told->index = index;
  told->recorded_at_us = entry.recorded_at_us;
  told->entry = entry.entry;
  told->event = entry.event;
  const uint8_t *author32 = told->event.claim.parsed.author32;
  TRY(people_get(asked, &told->author, author32));
  TRY(status_find(asked, &told->status, told->event.id.bytes, author32));
  TRY(people_disowned(asked, &told->disowned_by, told->author, index));
  add_standing(told);
  bool was_erased;
  TRY(erased_any(asked, &was_erased, &told->event));
  if (was_erased) told->status.marks |= 1u << STATUS_ERASED;
  return ADDUCE_OK;
}

enum adduce_err told_get(struct asked *asked, const struct told **told, uint64_t index) {
  uint8_t number[8];
  bigendian_put64(number, index);
  struct told *found = cache_get(&asked->claims, span_of(number, sizeof number));
  if (found == NULL) {
    if (index >= asked->size)
      return scope_fail(asked->scope, ADDUCE_E_POSITION, "event #%llu is not there yet at #%llu",
                        (unsigned long long)index, (unsigned long long)asked->size - 1);
    found = scope_new(asked->scope, struct told);
    if (found == NULL) return scope_no_memory(asked->scope);
    TRY(read(asked, found, index));
    TRY(correction_apply(asked, found, 0));
    TRY(cache_put(asked->scope, &asked->claims, span_of(number, sizeof number), found));
  }
  *told = found;
  return ADDUCE_OK;
}

enum adduce_err told_index(struct asked *asked, uint64_t *index, const uint8_t *id32) {
  const struct query_world *world = asked->world;
  struct adduce_id id;
  bool is_out = false;
  memcpy(id.bytes, id32, sizeof id.bytes);
  TRY(world->find(world->context, asked->scope, index, &id));
  if (*index >= asked->size) return ADDUCE_E_NOT_FOUND;
  if (asked->exclusion != NULL) TRY(exclusion_has(asked->exclusion, &is_out, *index));
  if (!is_out) TRY(believed_has(asked->believed, &is_out, *index));
  return is_out ? ADDUCE_E_NOT_FOUND : ADDUCE_OK;
}

enum adduce_err told_find(struct asked *asked, const struct told **told, const uint8_t *id32) {
  uint64_t index;
  TRY(told_index(asked, &index, id32));
  return told_get(asked, told, index);
}

bool told_late(const struct told *told) {
  return told->event.claim.parsed.claimed_at_us > told->recorded_at_us + LATE_US;
}

enum status_state told_state(const struct told *told) {
  if (told->status.state != STATUS_CORRECTED || !told->is_corrected) return told->status.state;
  return told->status.is_ended ? STATUS_ENDED : STATUS_LIVE;
}

/* --- validity ----------------------------------------------------------------------------- */

static bool find_valid(const struct parsed *parsed, struct cursor *valid) {
  const struct parsed_field *field = parsed_field(parsed, "valid");
  if (field == NULL || field->slot != PARSED_VALUE) return false;
  *valid = cursor_of(field->value);
  return true;
}

struct adduce_span told_valid(const struct parsed *parsed, const char *end) {
  struct cursor valid;
  struct adduce_span encoded, text;
  if (!find_valid(parsed, &valid) || !cursor_find(&valid, end, &encoded)) return span_of(NULL, 0);
  struct cursor cursor = cursor_of(encoded);
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

/* Whether `flag` of the period says false: it was so then, and may have been before or after. */
static bool is_open(const struct parsed *parsed, const char *flag) {
  struct cursor valid;
  struct adduce_span encoded;
  bool value = true;
  if (!find_valid(parsed, &valid) || !cursor_find(&valid, flag, &encoded)) return false;
  struct cursor cursor = cursor_of(encoded);
  return cursor_bool(&cursor, &value) && !value;
}

static bool ended_before(const struct asked *asked, const struct told *told) {
  struct worldtime until;
  struct adduce_span text;
  struct cursor cursor = cursor_of(told->status.until);
  if (!told->status.is_ended || !cursor_str(&cursor, &text)) return false;
  return worldtime_parse(text, &until) && until.last_us < asked->valid_at.first_us;
}

bool told_may_hold(const struct asked *asked, const struct told *told) {
  const struct parsed *parsed = told_parsed(told);
  struct worldtime time;
  if (!asked->has_valid_at) return true;
  if (worldtime_parse(told_valid(parsed, "from"), &time) && !is_open(parsed, "from_is_start") &&
      time.first_us > asked->valid_at.last_us)
    return false;
  if (worldtime_parse(told_valid(parsed, "to"), &time) && !is_open(parsed, "to_is_end") &&
      time.last_us < asked->valid_at.first_us)
    return false;
  return !ended_before(asked, told);
}
