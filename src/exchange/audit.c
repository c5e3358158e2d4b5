/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/audit.h"

#include "event/content.h"
#include "sys/workers.h"

#define SIGNATURES_AT_ONCE 16

struct walk {
  const struct audit *audit;
  struct audit_report *report;
  struct tilelog *log;
  uint64_t from;            /* the first index that counts */
  int64_t last_recorded_us; /* INT64_MIN before the first */
};

/* The entries of one bundle, of a log that is ours. */
struct bundle {
  uint64_t first; /* index */
  size_t count, begin;
  struct entry entries[MERKLE_TILE_WIDTH];
};

static enum adduce_err fail_at(struct adduce_scope *scope, enum adduce_err err, uint64_t index) {
  if (err == ADDUCE_E_MEMORY || err == ADDUCE_E_INTERRUPTED) return err;
  return scope_wrap(scope, ADDUCE_E_FAILED, "entry %llu: ", (unsigned long long)index);
}

/* The content, where it can be had; that of a control event must be. */
static enum adduce_err get_content(struct adduce_scope *scope, const struct walk *walk,
                                   struct adduce_span *content, uint64_t index, bool control) {
  const struct tiles_path path = {TILES_CONTROL, 0, index, MERKLE_TILE_WIDTH};
  struct tilelog_file file;
  *content = span_of(NULL, 0);
  if (!control && !walk->audit->all_contents) return ADDUCE_OK;
  enum adduce_err err =
      tilelog_fetch(scope, walk->log, &file, tiles_path_format(&path).text, PARSED_PARTIAL_BYTES);
  if (err == ADDUCE_E_NO_FILE && !control) return ADDUCE_OK;
  if (err == ADDUCE_E_NO_FILE || err == ADDUCE_E_TOO_LARGE)
    return scope_wrap(scope, ADDUCE_E_FAILED, "the content of a control event: ");
  if (err == ADDUCE_OK) *content = file.bytes;
  return err;
}

static enum adduce_err read_entry(struct adduce_scope *scope, struct walk *walk,
                                  struct entry *entry, struct adduce_span bytes, uint64_t index) {
  struct adduce_span content;
  bool control = entry_is_control(bytes);
  TRY(get_content(scope, walk, &content, index, control));
  TRY(entry_read(scope, entry, bytes, content));
  if (entry->recorded_at_us < walk->last_recorded_us)
    return scope_fail(scope, ADDUCE_E_FAILED, "it was recorded before the entry before it");
  walk->last_recorded_us = entry->recorded_at_us;
  return ADDUCE_OK;
}

static enum adduce_err verify_some(void *context, struct adduce_scope *scope, size_t begin,
                                   size_t end) {
  struct bundle *bundle = context;
  for (size_t i = bundle->begin + begin; i < bundle->begin + end; i++) {
    enum adduce_err err = entry_verify(scope, &bundle->entries[i]);
    if (err != ADDUCE_OK) return fail_at(scope, err, bundle->first + i);
  }
  return ADDUCE_OK;
}

static enum adduce_err count_and_visit(struct adduce_scope *scope, const struct walk *walk,
                                       const struct bundle *bundle) {
  struct audit_report *report = walk->report;
  for (size_t i = bundle->begin; i < bundle->count; i++) {
    const struct entry *entry = &bundle->entries[i];
    report->signatures++;
    report->controls += entry->control;
    report->contents += entry->parsed.form != PARSED_NO_CONTENT;
    if (walk->audit->visit == NULL) continue;
    enum adduce_err err = walk->audit->visit(walk->audit->context, scope, bundle->first + i, entry);
    if (err != ADDUCE_OK) return fail_at(scope, err, bundle->first + i);
  }
  return ADDUCE_OK;
}

static enum adduce_err audit_events(struct adduce_scope *scope, struct walk *walk, uint64_t first,
                                    struct adduce_span rest) {
  struct bundle *bundle = scope_new(scope, struct bundle);
  struct adduce_span bytes;
  if (bundle == NULL) return scope_no_memory(scope);
  bundle->first = first;
  while (tiles_bundle_next(&rest, &bytes)) {
    uint64_t index = first + bundle->count;
    enum adduce_err err = read_entry(scope, walk, &bundle->entries[bundle->count], bytes, index);
    if (err != ADDUCE_OK) return fail_at(scope, err, index);
    bundle->count++;
  }
  bundle->begin = walk->from > first ? (size_t)(walk->from - first) : 0;
  TRY(workers_run(scope, bundle->count - bundle->begin, SIGNATURES_AT_ONCE, walk->audit->threads,
                  verify_some, bundle));
  return count_and_visit(scope, walk, bundle);
}

static enum adduce_err audit_tile(struct adduce_scope *scope, struct walk *walk, unsigned level,
                                  uint64_t tile) {
  struct tilelog_file file;
  TRY(tilelog_tile_file(scope, walk->log, &file, level, tile));
  walk->report->tiles++;
  if (level != 0) return ADDUCE_OK;
  TRY(tilelog_bundle(scope, walk->log, &file, tile));
  uint64_t first = tile * MERKLE_TILE_WIDTH, size = walk->log->edge.size;
  uint64_t end = size - first < MERKLE_TILE_WIDTH ? size : first + MERKLE_TILE_WIDTH;
  walk->report->entries += end - (walk->from > first ? walk->from : first);
  return walk->report->ours ? audit_events(scope, walk, first, file.bytes) : ADDUCE_OK;
}

static enum adduce_err audit_level(struct adduce_scope *scope, struct walk *walk, unsigned level) {
  uint64_t before = merkle_level_count(walk->from, level);
  uint64_t count = merkle_level_count(walk->log->edge.size, level);
  if (before == count) return ADDUCE_OK;
  for (uint64_t tile = before / MERKLE_TILE_WIDTH; tile * MERKLE_TILE_WIDTH < count; tile++) {
    struct scope_mark mark = scope_mark(scope);
    TRY(audit_tile(scope, walk, level, tile));
    scope_rewind(scope, mark);
    if (level == 0)
      TRY(scope_progress(scope, "entries audited", walk->report->entries, count - before));
  }
  return ADDUCE_OK;
}

/* Whether entry 0 makes this a log of ours. */
static enum adduce_err look_at_genesis(struct adduce_scope *scope, const struct walk *walk) {
  struct tilelog_file file;
  struct adduce_span bytes;
  struct entry entry;
  if (walk->log->edge.size == 0) return ADDUCE_OK;
  TRY(tilelog_bundle(scope, walk->log, &file, 0));
  if (!tiles_bundle_next(&file.bytes, &bytes)) return ADDUCE_OK;
  enum adduce_err err = entry_read(scope, &entry, bytes, span_of(NULL, 0));
  if (err == ADDUCE_E_MEMORY) return err;
  walk->report->ours = err == ADDUCE_OK && span_is(entry.parsed.kind, "ledger.created");
  if (walk->report->ours) walk->report->genesis = entry.id;
  return ADDUCE_OK;
}

/* --- what an earlier audit had --------------------------------------------------------------- */

/* The bundle that was read last, and how far in it we are. */
struct place {
  struct scope_mark mark;
  bool held;
  uint64_t tile, next;
  struct adduce_span rest;
};

/* The entry at an index that is above the one before; it lives until one of another bundle. */
static enum adduce_err read_at(struct adduce_scope *scope, const struct walk *walk,
                               struct place *place, struct adduce_span *bytes, uint64_t index) {
  uint64_t tile = index / MERKLE_TILE_WIDTH;
  struct tilelog_file file;
  if (!place->held || place->tile != tile) {
    scope_rewind(scope, place->mark);
    TRY(tilelog_bundle(scope, walk->log, &file, tile));
    *place = (struct place){place->mark, true, tile, tile * MERKLE_TILE_WIDTH, file.bytes};
  }
  for (; place->next <= index; place->next++)
    if (!tiles_bundle_next(&place->rest, bytes))
      return scope_fail(scope, ADDUCE_E_POSITION, "there is no entry");
  return ADDUCE_OK;
}

static enum adduce_err visit_known(struct adduce_scope *scope, struct walk *walk,
                                   struct place *place, uint64_t index) {
  struct adduce_span bytes;
  struct entry entry;
  TRY(read_at(scope, walk, place, &bytes, index));
  TRY(read_entry(scope, walk, &entry, bytes, index));
  if (!entry.control)
    return scope_fail(scope, ADDUCE_E_FAILED,
                      "the statement has it as a control entry, and it is none");
  TRY(entry_verify(scope, &entry));
  walk->report->known++;
  return walk->audit->visit(walk->audit->context, scope, index, &entry);
}

static enum adduce_err visit_all_known(struct adduce_scope *scope, struct walk *walk,
                                       const struct ranges *known) {
  struct place place = {.mark = scope_mark(scope)};
  for (size_t i = 0; i < known->count; i++)
    for (uint64_t index = known->items[i].first; index <= known->items[i].last; index++) {
      enum adduce_err err = visit_known(scope, walk, &place, index);
      if (err != ADDUCE_OK) return fail_at(scope, err, index);
    }
  scope_rewind(scope, place.mark);
  return ADDUCE_OK;
}

/* The recorded time of the entry before the first new one, if its bundle is not read anyway. */
static enum adduce_err look_before(struct adduce_scope *scope, struct walk *walk) {
  struct place place = {.mark = scope_mark(scope)};
  struct adduce_span bytes;
  struct entry entry;
  walk->last_recorded_us = INT64_MIN;
  if (walk->from == 0 || walk->from % MERKLE_TILE_WIDTH != 0) return ADDUCE_OK;
  TRY(read_at(scope, walk, &place, &bytes, walk->from - 1));
  enum adduce_err err = entry_read(scope, &entry, bytes, span_of(NULL, 0));
  if (err != ADDUCE_OK) return fail_at(scope, err, walk->from - 1);
  walk->last_recorded_us = entry.recorded_at_us;
  scope_rewind(scope, place.mark);
  return ADDUCE_OK;
}

enum adduce_err audit_run(struct adduce_scope *scope, struct audit_report *report,
                          const struct audit *audit) {
  struct walk walk = {.audit = audit, .report = report, .last_recorded_us = INT64_MIN};
  memset(report, 0, sizeof *report);
  TRY(tilelog_open(scope, &walk.log, NULL, audit->source, audit->checkpoint));
  if (audit->since != NULL) {
    TRY(tilelog_extends(scope, walk.log, audit->checkpoint, audit->since));
    walk.from = audit->since->size;
  }
  TRY(look_at_genesis(scope, &walk));
  if (report->ours && audit->since != NULL && audit->known != NULL)
    TRY(visit_all_known(scope, &walk, audit->known));
  if (report->ours) TRY(look_before(scope, &walk));
  for (unsigned level = MERKLE_LEVELS; level-- > 0;) TRY(audit_level(scope, &walk, level));
  return ADDUCE_OK;
}
