/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_state.h"
#include "query/erased.h"

#include "projection/key.h"
#include "query/believed.h"
#include "query/lineview.h"
#include "query/modefilter.h"
#include "query/range.h"

/* --- one subject -------------------------------------------------------------------------- */

static enum adduce_err set_cluster(struct asked *asked, struct adduce_value *answer,
                                   const struct cluster *cluster) {
  struct adduce_value *ids = value_list(asked->scope), *parted = value_list(asked->scope);
  for (size_t i = 0; i < cluster->count; i++)
    value_add(asked->scope, ids, value_str(asked->scope, cluster->members[i].subject));
  asked_set(asked, answer, "cluster", ids);
  for (size_t i = 0; i < cluster->parted_count; i++) {
    struct adduce_value *one = value_map(asked->scope);
    asked_set_str(asked, one, "subject", cluster->parted[i].subject);
    asked_set_id(asked, one, "judgement", cluster->parted[i].judgement->event.id.bytes);
    value_add(asked->scope, parted, one);
  }
  if (cluster->parted_count != 0) asked_set(asked, answer, "parted", parted);
  return value_finish(asked->scope);
}

/* Name and schema of the first member that has them. */
static enum adduce_err set_names(struct asked *asked, struct adduce_value *answer,
                                 const struct cluster *cluster) {
  struct adduce_span name = {NULL, 0}, schema = {NULL, 0};
  for (size_t i = 0; i < cluster->count; i++) {
    const struct names_entry *entry;
    TRY(names_find(asked, &entry, cluster->members[i].subject));
    if (name.size == 0) name = entry->name;
    if (schema.size == 0) schema = entry->schema;
  }
  asked_set_str(asked, answer, "name", name);
  asked_set_str(asked, answer, "schema", schema);
  return value_finish(asked->scope);
}

enum adduce_err ask_state_head(struct asked *asked, struct adduce_value *answer,
                               struct adduce_span subject, const struct cluster *cluster) {
  asked_set_str(asked, answer, "subject", subject);
  TRY(set_cluster(asked, answer, cluster));
  return set_names(asked, answer, cluster);
}

/* Whether lines of one field compete: a field that has one value, and more than one that holds. */
static bool competes(const struct line *lines, size_t count) {
  size_t holding = 0;
  for (size_t i = 0; i < count; i++) {
    const struct claim *claim = &told_event(lines[i].supports[0].told)->claim;
    const struct vocabulary_field *rule = vocabulary_field(claim->kind, lines[i].field);
    if (rule == NULL || (rule->flags & FIELD_REPEATED) != 0) return false;
    holding += lines_holds(&lines[i]);
  }
  return holding > 1;
}

/* The lines of one field: {field, values: [...], bounds?, competing?}. */
static enum adduce_err add_field(struct asked *asked, struct adduce_value *facts,
                                 const struct line *lines, size_t count, struct asked_page *page) {
  struct adduce_value *map = value_map(asked->scope), *values = value_list(asked->scope);
  struct bounds bounds = {.count = 0};
  bool is_shown = false;
  for (size_t i = 0; i < count; i++) {
    enum asked_turn turn = asked_turn(asked, page);
    if (turn == ASKED_STOP) break;
    if (turn == ASKED_SKIP) continue;
    struct adduce_value *value = value_map(asked->scope);
    TRY(lineview_line(asked, value, &lines[i]));
    TRY(lineview_support(asked, value, &lines[i], RENDER_LINE));
    value_add(asked->scope, values, value);
    is_shown = true;
  }
  if (!is_shown) return value_finish(asked->scope);
  asked_set_str(asked, map, "field", lines->field);
  asked_set(asked, map, "values", values);
  asked_set_flag(asked, map, "competing", competes(lines, count));
  for (size_t i = 0; i < count && span_is(lines->field, "quantity"); i++)
    TRY(bounds_add_line(asked, &bounds, &lines[i]));
  if (span_is(lines->field, "quantity")) TRY(numbers_bound_total(asked, &bounds));
  bounds_render(asked, map, &bounds);
  value_add(asked->scope, facts, map);
  return value_finish(asked->scope);
}

static size_t count_field(const struct lines *lines, size_t at) {
  size_t count = 1;
  while (at + count < lines->count && lines->items[at + count].section == LINES_FACT &&
         span_equal(lines->items[at + count].field, lines->items[at].field))
    count++;
  return count;
}

/* A relation, or a state: the line, its first claim beside it and all of them as support. */
static enum adduce_err add_line(struct asked *asked, struct adduce_value *list,
                                const struct line *line, struct asked_page *page) {
  enum asked_turn turn = asked_turn(asked, page);
  struct adduce_value *map = value_map(asked->scope);
  if (turn != ASKED_SHOW) return ADDUCE_OK;
  TRY(lineview_line(asked, map, line));
  if (line->section == LINES_RELATION) TRY(lineview_support(asked, map, line, RENDER_LINE));
  value_add(asked->scope, list, map);
  return value_finish(asked->scope);
}

static enum adduce_err set_lines(struct asked *asked, struct adduce_value *answer,
                                 const struct lines *lines) {
  static const char *const names[] = {[LINES_FACT] = "facts",
                                      [LINES_RELATION] = "relations",
                                      [LINES_SANCTION] = "sanctions",
                                      [LINES_RELEASE] = "releases",
                                      [LINES_STATE] = "states"};
  struct adduce_value *lists[5];
  struct asked_page page = {.seen = 0};
  for (size_t i = 0; i < 5; i++) {
    lists[i] = value_list(asked->scope);
    asked_set(asked, answer, names[i], lists[i]);
  }
  for (size_t at = 0; at < lines->count && !page.more;) {
    const struct line *line = &lines->items[at];
    size_t count = line->section == LINES_FACT ? count_field(lines, at) : 1;
    if (line->section == LINES_FACT)
      TRY(add_field(asked, lists[LINES_FACT], line, count, &page));
    else
      TRY(add_line(asked, lists[line->section], line, &page));
    at += count;
  }
  asked_more(asked, answer, &page);
  return value_finish(asked->scope);
}

/* What is missing: claims that say nothing any more, and those of which something was erased. */
static enum adduce_err set_incomplete(struct asked *asked, struct adduce_value *answer,
                                      const struct gathered *gathered) {
  struct adduce_value *list = value_list(asked->scope);
  for (size_t i = 0; i < gathered->incomplete_count; i++)
    TRY(render_add_claim(asked, list, gathered->incomplete[i], RENDER_BODY));
  asked_set(asked, answer, "incomplete", list);
  return erased_claims(asked, answer, NULL, gathered, span_of(NULL, 0));
}

/* Nothing about it is an error, unless something is there and does not count. */
enum adduce_err ask_state_gather(struct asked *asked, struct gathered *gathered,
                                 struct adduce_span subject) {
  enum adduce_err err = gather_subject(asked, gathered, subject);
  bool misses = false;
  if (err != ADDUCE_E_NOT_FOUND) return err;
  TRY(believed_misses(asked, &misses, &gathered->cluster));
  return misses ? ADDUCE_OK : err;
}

enum adduce_err ask_state_subject(struct asked *asked, struct adduce_value *answer,
                                  struct adduce_span subject) {
  struct gathered gathered;
  struct lines lines;
  TRY(believed_open(asked));
  TRY(ask_state_gather(asked, &gathered, subject));
  TRY(numbers_prepare(asked, &gathered.cluster));
  TRY(lines_find(asked, &lines, &gathered, span_of(NULL, 0)));
  TRY(ask_state_head(asked, answer, subject, &gathered.cluster));
  asked_set_number(asked, answer, "claims", gathered.claims);
  TRY(set_lines(asked, answer, &lines));
  modefilter_render(asked, answer);
  TRY(believed_render(asked, answer, &gathered.cluster));
  return set_incomplete(asked, answer, &gathered);
}

/* --- all subjects ------------------------------------------------------------------------- */

/* The id of a subject, of which a row's key may have the head alone: then the claim has it, as its
 * subject or as its other end. */
static enum adduce_err read_subject(struct asked *asked, const struct row *row,
                                    struct adduce_span *subject, uint8_t *role) {
  static const char *const ends[] = {"to", "right"};
  struct adduce_span rest = row->key;
  const struct told *told;
  struct key key;
  bool is_whole;
  *role = 0;
  if (!key_take_text(&rest, subject, &is_whole) || rest.size == 0)
    return scope_fail(asked->scope, ADDUCE_E_CORRUPT, "projection subjects: a key cannot be read");
  *role = *rest.data;
  if (is_whole) return ADDUCE_OK;
  TRY(told_get(asked, &told, row->index));
  *subject = claim_subject(&told->event.claim);
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    struct adduce_span end = parsed_text(&told->event.claim.parsed, ends[i]);
    key_init(&key);
    key_text(&key, end);
    if (key.size < row->key.size && memcmp(key.bytes, row->key.data, key.size) == 0) *subject = end;
  }
  return ADDUCE_OK;
}

static enum adduce_err count_fields(struct asked *asked, uint64_t *fields,
                                    struct adduce_span subject) {
  struct range range;
  struct key key;
  *fields = 0;
  key_init(&key);
  key_text(&key, subject);
  TRY(range_open(asked, &range, REGISTRY_FACTS, key_span(&key)));
  enum adduce_err err = range_next(&range);
  for (; err == ADDUCE_OK; err = range_next_stem(&range)) ++*fields;
  range_close(&range);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

/* Whether each claim must be looked at to be counted. */
static bool is_choosy(const struct asked *asked) {
  return asked->has_valid_at || asked->modefilter != NULL;
}

/* How many claims are about a subject; at a time of the world, those that may hold then, and in a
 * manner that is asked for those that are said so. */
static enum adduce_err count_claims(struct asked *asked, uint64_t *claims, const struct row *row,
                                    struct adduce_span subject) {
  uint64_t *indexes;
  size_t count;
  if (!is_choosy(asked)) return range_count(asked, claims, REGISTRY_SUBJECTS, key_stem(row->key));
  *claims = 0;
  TRY(gather_claims(asked, &indexes, &count, subject));
  for (size_t i = 0; i < count; i++) {
    const struct told *told;
    bool is_in;
    TRY(told_get(asked, &told, indexes[i]));
    if (!told_may_hold(asked, told)) continue;
    TRY(modefilter_admit(asked, &is_in, told, told_event(told)));
    *claims += is_in;
  }
  return ADDUCE_OK;
}

static enum adduce_err add_subject(struct asked *asked, struct adduce_value *list, uint64_t claims,
                                   struct adduce_span subject) {
  struct adduce_value *map = value_map(asked->scope);
  const struct names_entry *entry;
  uint64_t fields;
  TRY(names_find(asked, &entry, subject));
  TRY(count_fields(asked, &fields, subject));
  asked_set_str(asked, map, "subject", subject);
  asked_set_str(asked, map, "name", entry->name);
  asked_set_str(asked, map, "schema", entry->schema);
  asked_set_number(asked, map, "claims", claims);
  asked_set_number(asked, map, "fields", fields);
  value_add(asked->scope, list, map);
  return value_finish(asked->scope);
}

/* Goes from subject to subject, passing over the rows of each in one step. */
static enum adduce_err walk_subjects(struct asked *asked, struct range *range,
                                     struct adduce_value *list, struct asked_page *page) {
  enum adduce_err err = range_next(range);
  for (; err == ADDUCE_OK; err = range_next_stem(range)) {
    struct adduce_span subject;
    uint8_t role = 0;
    TRY(read_subject(asked, &range->row, &subject, &role));
    if (role != REGISTRY_ABOUT || subject.size == 0) continue;
    uint64_t claims = 1;
    if (is_choosy(asked)) TRY(count_claims(asked, &claims, &range->row, subject));
    if (claims == 0) continue;
    enum asked_turn turn = asked_turn(asked, page);
    if (turn == ASKED_STOP) return ADDUCE_OK;
    if (turn == ASKED_SKIP) continue;
    if (!is_choosy(asked)) TRY(count_claims(asked, &claims, &range->row, subject));
    TRY(add_subject(asked, list, claims, subject));
  }
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

enum adduce_err ask_state_list(struct asked *asked, struct adduce_value *answer) {
  struct adduce_value *list = value_list(asked->scope);
  struct asked_page page = {.seen = 0};
  struct range range;
  TRY(believed_open(asked));
  TRY(believed_render(asked, answer, &(struct cluster){.count = 0}));
  TRY(range_open(asked, &range, REGISTRY_SUBJECTS, span_of(NULL, 0)));
  enum adduce_err err = walk_subjects(asked, &range, list, &page);
  range_close(&range);
  if (err != ADDUCE_OK) return err;
  asked_set(asked, answer, "subjects", list);
  modefilter_render(asked, answer);
  asked_more(asked, answer, &page);
  return value_finish(asked->scope);
}
