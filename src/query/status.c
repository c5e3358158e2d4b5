/* SPDX-License-Identifier: Apache-2.0 */
#include "query/status.h"

#include <stdlib.h>

#include "codec/cursor.h"
#include "projection/key.h"
#include "query/people.h"
#include "query/range.h"

const char *status_name(enum status_state state) {
  static const char *const names[] = {"live",      "ended",      "corrected",
                                      "retracted", "incomplete", "not-understood"};
  return names[state];
}

const char *status_mark_name(enum status_mark mark) {
  static const char *const names[] = {
#define STATUS_MARK_NAME(symbol, name) name,
      STATUS_MARKS(STATUS_MARK_NAME)
#undef STATUS_MARK_NAME
  };
  return names[mark];
}

/* --- acts --------------------------------------------------------------------------------- */

struct gathering {
  struct asked *asked;
  struct status_act *acts;
  size_t count, capacity;
};

static const uint8_t *id_in(const struct row *row, const char *key) {
  const uint8_t *id32;
  struct cursor cursor = cursor_of(range_value(row, key));
  return cursor_bin_of(&cursor, 32, &id32) ? id32 : NULL;
}

static bool is_true(struct adduce_span encoded) {
  bool value = false;
  struct cursor cursor = cursor_of(encoded);
  return cursor_bool(&cursor, &value) && value;
}

static struct status_act *new_act(struct gathering *gathering) {
  struct status_act *grown = scope_room(gathering->asked->scope, &gathering->capacity,
                                        gathering->acts, gathering->count, sizeof *grown);
  if (grown == NULL) return NULL;
  gathering->acts = grown;
  return &gathering->acts[gathering->count++];
}

static enum adduce_err take_act(void *context, const struct row *row) {
  struct gathering *gathering = context;
  struct adduce_span rest = span_of(row->key.data + 32, row->key.size - 32), role;
  bool is_all_there;
  struct status_act *act = new_act(gathering);
  if (act == NULL) return scope_no_memory(gathering->asked->scope);
  *act = (struct status_act){
      .index = row->index,
      .id32 = id_in(row, "id"),
      .author32 = id_in(row, "author"),
      .state = range_text(row, "state"),
      .opinion = range_text(row, "opinion"),
      .rank = range_text(row, "rank"),
      .until = range_value(row, "until"),
      .whole = is_true(range_value(row, "whole")),
  };
  if (!key_take_text(&rest, &role, &is_all_there) || act->id32 == NULL || act->author32 == NULL)
    return scope_fail(gathering->asked->scope, ADDUCE_E_CORRUPT,
                      "projection life: the row of event %llu cannot be read",
                      (unsigned long long)row->index);
  act->role = scope_copy(gathering->asked->scope, role); /* keys do not last */
  return act->role.data == NULL ? scope_no_memory(gathering->asked->scope) : ADDUCE_OK;
}

static int by_index(const void *a, const void *b) {
  const struct status_act *left = a, *right = b;
  if (left->index != right->index) return left->index > right->index ? 1 : -1;
  return span_compare(left->role, right->role);
}

static enum adduce_err gather_acts(struct asked *asked, struct status_act **acts, size_t *count,
                                   const uint8_t *id32) {
  struct gathering gathering = {.asked = asked};
  TRY(range_each(asked, REGISTRY_LIFE, span_of(id32, 32), take_act, &gathering));
  if (gathering.count > 1) qsort(gathering.acts, gathering.count, sizeof *gathering.acts, by_index);
  *acts = gathering.acts;
  *count = gathering.count;
  return ADDUCE_OK;
}

/* --- whether an act holds ----------------------------------------------------------------- */

/* An act under examination, and the retractions of it that could undo it. */
struct frame {
  struct frame *outer;
  const uint8_t *id32;
  const struct status_act *acts;
  size_t count, next;
  char *verdict; /* in the cache: '?', 'y' or 'n' */
};

static char *verdict_of(const struct asked *asked, const uint8_t *id32) {
  return cache_get(&asked->effects, span_of(id32, 32));
}

static enum adduce_err push(struct asked *asked, struct frame **top, const uint8_t *id32,
                            const uint8_t *author32) {
  struct status_act *acts;
  size_t count, kept = 0;
  struct frame *frame = scope_new(asked->scope, struct frame);
  char *verdict = scope_alloc(asked->scope, 1);
  if (frame == NULL || verdict == NULL) return scope_no_memory(asked->scope);
  TRY(gather_acts(asked, &acts, &count, id32));
  for (size_t i = 0; i < count; i++) {
    bool own;
    if (!acts[i].whole || !span_is(acts[i].state, "retracted")) continue;
    TRY(people_own(asked, &own, acts[i].author32, author32));
    if (own) acts[kept++] = acts[i];
  }
  *verdict = '?';
  TRY(cache_put(asked->scope, &asked->effects, span_of(id32, 32), verdict));
  *frame = (struct frame){*top, id32, acts, kept, 0, verdict};
  *top = frame;
  return ADDUCE_OK;
}

/* Settles the act on top, or puts a retraction of it on top that must be settled first. */
static enum adduce_err turn(struct asked *asked, struct frame **top) {
  struct frame *frame = *top;
  for (; frame->next < frame->count; frame->next++) {
    const struct status_act *retraction = &frame->acts[frame->next];
    const char *verdict = verdict_of(asked, retraction->id32);
    if (verdict == NULL) return push(asked, top, retraction->id32, retraction->author32);
    if (*verdict != 'n') break;
  }
  *frame->verdict = frame->next < frame->count ? 'n' : 'y';
  *top = frame->outer;
  return ADDUCE_OK;
}

static enum adduce_err find_holds(struct asked *asked, bool *holds, const uint8_t *id32,
                                  const uint8_t *author32) {
  struct frame *top = NULL;
  if (verdict_of(asked, id32) == NULL) TRY(push(asked, &top, id32, author32));
  while (top != NULL) TRY(turn(asked, &top));
  *holds = *verdict_of(asked, id32) == 'y';
  return ADDUCE_OK;
}

/* --- status ------------------------------------------------------------------------------- */

static enum status_state state_of(const struct status_act *act) {
  if (span_is(act->state, "retracted")) return STATUS_RETRACTED;
  if (span_is(act->state, "corrected")) return STATUS_CORRECTED;
  if (span_is(act->state, "ended")) return STATUS_ENDED;
  return STATUS_LIVE;
}

static void set_mark(struct status *status, enum status_mark mark) {
  status->marks |= 1u << mark;
}

static bool is_against(struct adduce_span opinion) {
  return span_is(opinion, "disagree") || span_is(opinion, "strongly_disagree");
}

static bool is_for(struct adduce_span opinion) {
  return span_is(opinion, "agree") || span_is(opinion, "strongly_agree");
}

static void mark(struct status *status, const struct status_act *act) {
  if (span_is(act->state, "disputed")) {
    set_mark(status, STATUS_DISPUTED);
  } else if (span_is(act->state, "corroborated")) {
    set_mark(status, is_against(act->opinion) ? STATUS_DISPUTED : STATUS_CORROBORATED);
  } else if (span_is(act->state, "endorsed")) {
    if (is_against(act->opinion)) set_mark(status, STATUS_DISPUTED);
    if (is_for(act->opinion)) set_mark(status, STATUS_ENDORSED);
  } else if (span_is(act->state, "erased")) {
    set_mark(status, STATUS_ERASED);
  }
}

bool status_bears_out(const struct status_act *act) {
  if (!act->effective) return false;
  return span_is(act->state, "endorsed")
             ? is_for(act->opinion)
             : span_is(act->state, "corroborated") && !is_against(act->opinion);
}

/* The last rank each author gave. */
static void mark_ranks(struct status *status) {
  for (size_t i = 0; i < status->act_count; i++) {
    const struct status_act *act = &status->acts[i];
    bool is_last = act->effective && act->rank.size != 0;
    for (size_t j = i + 1; is_last && j < status->act_count; j++)
      is_last = !status->acts[j].effective || status->acts[j].rank.size == 0 ||
                memcmp(status->acts[j].author32, act->author32, 32) != 0;
    if (!is_last) continue;
    if (span_is(act->rank, "preferred")) set_mark(status, STATUS_PREFERRED);
    if (span_is(act->rank, "deprecated")) set_mark(status, STATUS_DEPRECATED);
  }
}

static enum adduce_err judge_act(struct asked *asked, struct status *status, struct status_act *act,
                                 const uint8_t *author32) {
  enum status_state state = state_of(act);
  TRY(people_own(asked, &act->own, act->author32, author32));
  TRY(find_holds(asked, &act->holds, act->id32, act->author32));
  act->effective = act->holds && act->whole && span_is(act->role, "target") &&
                   (state == STATUS_LIVE || act->own);
  if (!act->effective) return ADDUCE_OK;
  if (state > status->state) status->state = state;
  if (state == STATUS_ENDED) {
    status->is_ended = true;
    status->until = act->until;
  }
  mark(status, act);
  return ADDUCE_OK;
}

enum adduce_err status_find(struct asked *asked, struct status *status, const uint8_t *id32,
                            const uint8_t *author32) {
  *status = (struct status){.state = STATUS_LIVE};
  TRY(gather_acts(asked, &status->acts, &status->act_count, id32));
  for (size_t i = 0; i < status->act_count; i++)
    TRY(judge_act(asked, status, &status->acts[i], author32));
  mark_ranks(status);
  return ADDUCE_OK;
}
