/* SPDX-License-Identifier: Apache-2.0 */
#include "query/snapshot.h"

#include <stdlib.h>

#include "query/believed.h"
#include "query/lineview.h"
#include "query/numbers.h"
#include "query/revised.h"

const char *snapshot_section_name(enum snapshot_section section) {
  static const char *const names[] = {"fact",   "relation",   "sanction", "release", "state",
                                      "bounds", "incomplete", "same",     "parted"};
  return names[section];
}

bool snapshot_is_local(const struct adduce_question *question) {
  return question->said_by == NULL && !question->indicative && question->without_count == 0 &&
         question->only_count == 0;
}

/* --- prints ------------------------------------------------------------------------------- */

static void put_number(struct buffer *bytes, uint64_t number) {
  uint8_t eight[8];
  bigendian_put64(eight, number);
  buffer_append(bytes, eight, sizeof eight);
}

static void put_span(struct buffer *bytes, struct adduce_span span) {
  put_number(bytes, span.size);
  buffer_span(bytes, span);
}

static void put_text(struct buffer *bytes, const char *text) {
  put_span(bytes, text == NULL ? span_of(NULL, 0) : span_text(text));
}

/* What a corrected claim reads now, field by field. */
static void put_reading(struct buffer *bytes, const struct told *told) {
  const struct parsed *parsed = &told->corrected.claim.parsed;
  buffer_byte(bytes, told->is_corrected);
  if (!told->is_corrected) return;
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    put_span(bytes, parsed->fields[i].key);
    put_span(bytes, parsed->fields[i].value);
  }
}

static enum adduce_err print_told(struct snapshot *snapshot, struct buffer *bytes,
                                  const struct told *told) {
  struct revised revised;
  put_number(bytes, told->index);
  buffer_byte(bytes, (uint8_t)told->status.state);
  put_number(bytes, told->status.marks);
  put_reading(bytes, told);
  TRY(revised_find(&snapshot->asked, &snapshot->sources, &revised, told));
  put_number(bytes, revised.count);
  for (size_t i = 0; i < revised.count; i++) put_number(bytes, revised.items[i]->index);
  return ADDUCE_OK;
}

/* As answers show them, with the claims that set each end. */
static enum adduce_err put_bounds(const struct asked *asked, struct buffer *bytes,
                                  struct bounds *bounds) {
  struct adduce_value *map = value_map(asked->scope);
  struct adduce_span encoded;
  bounds_render(asked, map, bounds);
  TRY(value_finish(asked->scope));
  TRY(value_encode(asked->scope, &encoded, map));
  put_span(bytes, encoded);
  return ADDUCE_OK;
}

/* --- growing ------------------------------------------------------------------------------ */

static enum adduce_err new_line(struct snapshot *snapshot, struct snapshot_line **line,
                                enum snapshot_section section) {
  struct adduce_scope *scope = snapshot->asked.scope;
  struct snapshot_line *grown =
      scope_room(scope, &snapshot->capacity, snapshot->items, snapshot->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  snapshot->items = grown;
  *line = &snapshot->items[snapshot->count++];
  **line = (struct snapshot_line){.section = section};
  return ADDUCE_OK;
}

static enum adduce_err add_support(struct snapshot *snapshot, struct snapshot_line *line,
                                   const struct told *told, struct buffer *print) {
  struct adduce_scope *scope = snapshot->asked.scope;
  struct snapshot_support *grown =
      scope_room(scope, &line->capacity, line->supports, line->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  line->supports = grown;
  struct snapshot_support *support = &line->supports[line->count++];
  *support = (struct snapshot_support){.told = told};
  return buffer_take(print, &support->print);
}

/* A claim of a line that has nothing to say of it but itself. */
static enum adduce_err add_plain(struct snapshot *snapshot, struct snapshot_line *line,
                                 const struct told *told) {
  struct buffer print;
  buffer_init(&print, snapshot->asked.scope);
  TRY(print_told(snapshot, &print, told));
  return add_support(snapshot, line, told, &print);
}

/* Section, and what distinguishes it there. */
static enum adduce_err identify(struct snapshot *snapshot, struct snapshot_line *line,
                                struct adduce_span what) {
  struct buffer bytes;
  buffer_init(&bytes, snapshot->asked.scope);
  buffer_byte(&bytes, (uint8_t)line->section);
  buffer_span(&bytes, what);
  return buffer_take(&bytes, &line->identity);
}

/* The print of a line is that of its supports after `head`. */
static enum adduce_err finish_print(struct snapshot_line *line, struct buffer *head) {
  put_number(head, line->count);
  for (size_t i = 0; i < line->count; i++) put_span(head, line->supports[i].print);
  return buffer_take(head, &line->print);
}

/* --- lines of the state ------------------------------------------------------------------- */

static enum adduce_err take_support(struct snapshot *snapshot, struct snapshot_line *line,
                                    const struct lines_support *support) {
  struct buffer print;
  const struct parsed *parsed = told_parsed(support->told);
  bool is_move = line->line->section >= LINES_SANCTION;
  /* What says the same before and after it was corrected is one claim; acts stand by themselves. */
  if (!is_move && line->count > 0 && line->supports[line->count - 1].told == support->told)
    return ADDUCE_OK;
  buffer_init(&print, snapshot->asked.scope);
  TRY(print_told(snapshot, &print, support->told));
  buffer_byte(&print, (uint8_t)support->mood.certainty);
  buffer_byte(&print, (uint8_t)support->mood.polarity);
  buffer_byte(&print, support->mood.intended);
  put_span(&print,
           line->line->section >= LINES_SANCTION ? support->item->value : support->quantity);
  put_span(&print, told_valid(parsed, "from"));
  put_span(&print, told_valid(parsed, "to"));
  return add_support(snapshot, line, support->told, &print);
}

static enum adduce_err put_standing(struct snapshot *snapshot, struct buffer *head,
                                    struct snapshot_line *own) {
  const struct line *line = own->line;
  struct standing standing;
  if (line->section >= LINES_SANCTION) {
    TRY(standing_find(&snapshot->asked, &standing, line));
    put_span(head, standing.state);
    put_span(head, standing.degree);
    put_text(head, standing.in_force);
    buffer_byte(head, standing.competing);
  }
  if (line->section != LINES_FACT || span_is(line->field, "quantity")) return ADDUCE_OK;
  TRY(bounds_add_line(&snapshot->asked, &own->bounds, line));
  TRY(numbers_bound_part(&snapshot->asked, &own->bounds, line));
  return put_bounds(&snapshot->asked, head, &own->bounds);
}

static enum adduce_err take_line(struct snapshot *snapshot, const struct line *line) {
  struct snapshot_line *own;
  struct buffer head;
  struct adduce_span identity;
  TRY(new_line(snapshot, &own, (enum snapshot_section)line->section));
  own->line = line;
  own->field = line->field;
  TRY(lines_identify(&snapshot->asked, line, &identity));
  TRY(identify(snapshot, own, identity));
  for (size_t i = 0; i < line->count; i++) TRY(take_support(snapshot, own, &line->supports[i]));
  buffer_init(&head, snapshot->asked.scope);
  buffer_byte(&head, (uint8_t)line->state);
  put_number(&head, line->marks);
  put_span(&head, line->original);
  TRY(put_standing(snapshot, &head, own));
  return finish_print(own, &head);
}

/* What the lines of `quantity` bound together. */
static enum adduce_err take_bounds(struct snapshot *snapshot, const struct lines *lines) {
  struct snapshot_line *own;
  struct bounds bounds = {.count = 0};
  struct buffer head;
  for (size_t i = 0; i < lines->count; i++)
    if (lines->items[i].section == LINES_FACT && span_is(lines->items[i].field, "quantity"))
      TRY(bounds_add_line(&snapshot->asked, &bounds, &lines->items[i]));
  TRY(numbers_bound_total(&snapshot->asked, &bounds));
  bounds_settle(&bounds);
  if (bounds.at_least == 0 && bounds.at_most == QUANTITY_UNBOUNDED) return ADDUCE_OK;
  TRY(new_line(snapshot, &own, SNAPSHOT_BOUNDS));
  own->bounds = bounds;
  own->field = span_text("quantity");
  TRY(identify(snapshot, own, own->field));
  buffer_init(&head, snapshot->asked.scope);
  TRY(put_bounds(&snapshot->asked, &head, &own->bounds));
  return buffer_take(&head, &own->print);
}

/* --- the other lines ---------------------------------------------------------------------- */

static enum adduce_err take_incomplete(struct snapshot *snapshot, const struct told *told) {
  struct snapshot_line *own;
  struct buffer head;
  uint8_t number[8];
  bigendian_put64(number, told->index);
  TRY(new_line(snapshot, &own, SNAPSHOT_INCOMPLETE));
  TRY(identify(snapshot, own, span_of(number, sizeof number)));
  TRY(add_plain(snapshot, own, told));
  buffer_init(&head, snapshot->asked.scope);
  return finish_print(own, &head);
}

/* That another id is the subject's, or is kept apart. Which judgement says so is shown and in no
 * print: of several, that depends on which of the ids was asked for. */
static enum adduce_err take_member(struct snapshot *snapshot, enum snapshot_section section,
                                   const struct cluster_member *member) {
  struct snapshot_line *own;
  struct buffer head;
  TRY(new_line(snapshot, &own, section));
  own->other = member->subject;
  TRY(identify(snapshot, own, member->subject));
  buffer_init(&head, snapshot->asked.scope);
  TRY(finish_print(own, &head));
  return member->judgement == NULL ? ADDUCE_OK : add_plain(snapshot, own, member->judgement);
}

static enum adduce_err take_others(struct snapshot *snapshot, const struct gathered *gathered) {
  const struct cluster *cluster = &gathered->cluster;
  for (size_t i = 0; i < gathered->incomplete_count; i++)
    TRY(take_incomplete(snapshot, gathered->incomplete[i]));
  for (size_t i = 1; i < cluster->count; i++)
    TRY(take_member(snapshot, SNAPSHOT_SAME, &cluster->members[i]));
  for (size_t i = 0; i < cluster->parted_count; i++)
    TRY(take_member(snapshot, SNAPSHOT_PARTED, &cluster->parted[i]));
  return ADDUCE_OK;
}

static int by_identity(const void *a, const void *b) {
  const struct snapshot_line *left = a, *right = b;
  return span_compare(left->identity, right->identity);
}

/* A claim that is incomplete under two ids of the subject stands there once. */
static void sort(struct snapshot *snapshot) {
  size_t kept = 0;
  if (snapshot->count > 1)
    qsort(snapshot->items, snapshot->count, sizeof *snapshot->items, by_identity);
  for (size_t i = 0; i < snapshot->count; i++)
    if (kept == 0 || !span_equal(snapshot->items[kept - 1].identity, snapshot->items[i].identity))
      snapshot->items[kept++] = snapshot->items[i];
  snapshot->count = kept;
}

void snapshot_empty(struct snapshot *snapshot, struct adduce_scope *scope,
                    const struct query_world *world) {
  *snapshot = (struct snapshot){.asked = {.scope = scope, .world = world}};
}

enum adduce_err snapshot_take(struct snapshot *snapshot, struct adduce_scope *scope,
                              const struct query_world *world,
                              const struct adduce_question *question, uint64_t index,
                              struct adduce_span subject, struct adduce_span field,
                              const struct focus *focus) {
  struct adduce_question here = *question;
  struct gathered *gathered = scope_new(scope, struct gathered);
  struct lines *lines = scope_new(scope, struct lines);
  snapshot_empty(snapshot, scope, world);
  if (gathered == NULL || lines == NULL) return scope_no_memory(scope);
  here.at = scope_format(scope, "#%llu", (unsigned long long)index);
  TRY(asked_open_on_way(&snapshot->asked, scope, world, &here));
  TRY(believed_open(&snapshot->asked));
  snapshot->asked.focus = focus;
  enum adduce_err err = gather_subject(&snapshot->asked, gathered, subject);
  if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  snapshot->cluster = gathered->cluster;
  TRY(numbers_prepare(&snapshot->asked, &gathered->cluster));
  TRY(lines_find(&snapshot->asked, lines, gathered, field));
  for (size_t i = 0; i < lines->count; i++) TRY(take_line(snapshot, &lines->items[i]));
  if (field.size == 0 || span_is(field, "quantity")) TRY(take_bounds(snapshot, lines));
  if (field.size == 0) TRY(take_others(snapshot, gathered));
  sort(snapshot);
  return ADDUCE_OK;
}

const struct snapshot_line *snapshot_find(const struct snapshot *snapshot,
                                          struct adduce_span identity) {
  struct snapshot_line wanted = {.identity = identity};
  if (snapshot->count == 0) return NULL;
  return bsearch(&wanted, snapshot->items, snapshot->count, sizeof *snapshot->items, by_identity);
}

/* --- as answers show it ------------------------------------------------------------------- */

static bool has_print(const struct snapshot_line *line, struct adduce_span print) {
  for (size_t i = 0; line != NULL && i < line->count; i++)
    if (span_equal(line->supports[i].print, print)) return true;
  return false;
}

static enum adduce_err set_revised(struct snapshot *snapshot, struct adduce_value *map,
                                   const struct told *told) {
  struct asked *asked = &snapshot->asked;
  struct revised revised;
  struct adduce_value *list = value_list(asked->scope);
  TRY(revised_find(asked, &snapshot->sources, &revised, told));
  for (size_t i = 0; i < revised.count; i++) {
    struct adduce_value *one = value_map(asked->scope);
    asked_set_id(asked, one, "id", revised.items[i]->event.id.bytes);
    asked_set_number(asked, one, "index", revised.items[i]->index);
    value_add(asked->scope, list, one);
  }
  if (revised.count != 0) asked_set(asked, map, "revised", list);
  return ADDUCE_OK;
}

static enum adduce_err set_support(struct snapshot *snapshot, struct adduce_value *map,
                                   const struct snapshot_line *line,
                                   const struct snapshot_line *beside) {
  struct asked *asked = &snapshot->asked;
  struct adduce_value *list = value_list(asked->scope);
  for (size_t i = 0; i < line->count; i++) {
    const struct told *told = line->supports[i].told;
    struct adduce_value *one = value_map(asked->scope);
    if (has_print(beside, line->supports[i].print)) continue;
    asked_set_id(asked, one, "id", told->event.id.bytes);
    asked_set_number(asked, one, "index", told->index);
    asked_set_text(asked, one, "status", status_name(told->status.state));
    render_marks(asked, one, told->status.marks);
    TRY(set_revised(snapshot, one, told));
    value_add(asked->scope, list, one);
  }
  asked_set_number(asked, map, "supports", line->count);
  if (adduce_value_count(list) != 0) asked_set(asked, map, "support", list);
  return value_finish(asked->scope);
}

/* A map without one of its keys. */
static struct adduce_value *leave_out(struct adduce_scope *scope, const struct adduce_value *map,
                                      const char *key) {
  struct adduce_value *rest = value_map(scope);
  for (size_t i = 0; i < map->as.map.count; i++)
    if (!span_is(map->as.map.pairs[i].key, key))
      value_append(scope, rest, map->as.map.pairs[i].key, map->as.map.pairs[i].value);
  return rest;
}

static enum adduce_err render_state(struct snapshot *snapshot, struct adduce_value **map,
                                    const struct line *line) {
  struct adduce_value *full = value_map(snapshot->asked.scope);
  TRY(lineview_line(&snapshot->asked, full, line));
  *map = leave_out(snapshot->asked.scope, full, "acts");
  return ADDUCE_OK;
}

enum adduce_err snapshot_render(struct snapshot *snapshot, struct adduce_value **map,
                                const struct snapshot_line *line,
                                const struct snapshot_line *beside) {
  struct asked *asked = &snapshot->asked;
  struct bounds bounds = line->bounds;
  *map = value_map(asked->scope);
  if (line->line != NULL) TRY(render_state(snapshot, map, line->line));
  if (line->section == SNAPSHOT_BOUNDS) {
    bounds_render(asked, *map, &bounds);
    return value_finish(asked->scope);
  }
  if (line->section == SNAPSHOT_INCOMPLETE) {
    const struct told *told = line->supports[0].told;
    asked_set_str(asked, *map, "kind", told->event.claim.parsed.kind);
    asked_set_text(asked, *map, "status", status_name(told->status.state));
    render_marks(asked, *map, told->status.marks);
  }
  asked_set_str(asked, *map, "other", line->other);
  return set_support(snapshot, *map, line, beside);
}
