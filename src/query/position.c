/* SPDX-License-Identifier: Apache-2.0 */
#include "query/position.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/hex.h"
#include "tree/checkpoint.h"

/* --- indexes ------------------------------------------------------------------------------ */

static bool read_index(const char *text, uint64_t *index) {
  if (*text == '#') text++;
  if (*text == '\0' || strlen(text) > 19 || strspn(text, "0123456789") != strlen(text))
    return false;
  *index = strtoull(text, NULL, 10);
  return true;
}

static enum adduce_err refuse_index(struct adduce_scope *scope, const struct query_world *world,
                                    const char *position) {
  return scope_fail(scope, ADDUCE_E_POSITION, "\"%s\" lies beyond the last entry, #%llu", position,
                    (unsigned long long)world->size - 1);
}

/* --- times -------------------------------------------------------------------------------- */

static enum adduce_err find_time(struct adduce_scope *scope, const struct query_world *world,
                                 uint64_t *index, const char *position, int64_t time_us) {
  struct world_entry first;
  enum adduce_err err = world->at_time(world->context, scope, index, time_us);
  if (err == ADDUCE_OK && *index >= world->size) *index = world->size - 1;
  if (err != ADDUCE_E_POSITION) return err;
  TRY(world->entry(world->context, scope, &first, 0));
  return scope_fail(scope, ADDUCE_E_POSITION,
                    "nothing was recorded by \"%s\"; the first entry, #0, was recorded %s",
                    position, clock_format(first.recorded_at_us).text);
}

/* --- checkpoints -------------------------------------------------------------------------- */

static bool is_checkpoint(const char *position) {
  return strchr(position, '\n') != NULL;
}

static enum adduce_err find_checkpoint(struct adduce_scope *scope, const struct query_world *world,
                                       uint64_t *index, const char *position) {
  struct checkpoint checkpoint;
  struct adduce_hash root;
  struct note note;
  enum adduce_err err = checkpoint_parse(scope, &checkpoint, &note, span_text(position));
  if (err != ADDUCE_OK) return scope_wrap(scope, err, "the checkpoint: ");
  unsigned long long size = checkpoint.size, last = world->size - 1;
  if (!span_equal(checkpoint.origin, world->origin))
    return scope_fail(scope, ADDUCE_E_OTHER_LEDGER,
                      "the checkpoint is one of %.*s, and this is the log of %.*s",
                      SPAN_ARGS(checkpoint.origin), SPAN_ARGS(world->origin));
  if (size == 0)
    return scope_fail(scope, ADDUCE_E_POSITION,
                      "the checkpoint covers no entry; the first one is #0");
  if (size > world->size)
    return scope_fail(scope, ADDUCE_E_POSITION,
                      "the checkpoint covers %llu entries; the last one here is #%llu", size, last);
  TRY(world->root_at(world->context, scope, &root, checkpoint.size));
  if (memcmp(root.bytes, checkpoint.root.bytes, sizeof root.bytes) != 0)
    return scope_fail(
        scope, ADDUCE_E_FORK,
        "the checkpoint is of another history: of %llu entries it has the root %.16s..., "
        "and this log %.16s...",
        size, hex_text32(checkpoint.root.bytes).text, hex_text32(root.bytes).text);
  *index = checkpoint.size - 1;
  return ADDUCE_OK;
}

/* --- any of them -------------------------------------------------------------------------- */

enum adduce_err position_find(struct adduce_scope *scope, const struct query_world *world,
                              uint64_t *index, const char *position) {
  int64_t time_us;
  if (world->size == 0) return scope_fail(scope, ADDUCE_E_POSITION, "there is no entry yet");
  if (position == NULL) {
    *index = world->size - 1;
    return ADDUCE_OK;
  }
  if (read_index(position, index))
    return *index < world->size ? ADDUCE_OK : refuse_index(scope, world, position);
  if (is_checkpoint(position)) return find_checkpoint(scope, world, index, position);
  if (clock_parse(span_text(position), &time_us))
    return find_time(scope, world, index, position, time_us);
  return scope_fail(
      scope, ADDUCE_E_USAGE,
      "\"%s\" is no position: #INDEX, an index, 2025-12-13, 2025-12-13T10:00:00Z, or a "
      "checkpoint",
      position);
}
