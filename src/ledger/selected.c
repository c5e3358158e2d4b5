/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/selected.h"

#include "base/hex.h"
#include "codec/value.h"
#include "ledger/notice.h"
#include "ledger/proof.h"

#define PAGE 1000 /* entries asked for at a time */

bool selected_add(struct selected *selected, uint64_t index) {
  uint8_t bit = (uint8_t)(1u << (index % 8));
  bool is_new = (selected->bits[index / 8] & bit) == 0;
  selected->bits[index / 8] |= bit;
  return is_new;
}

bool selected_is_recalled(const struct selected *selected, uint64_t index) {
  for (size_t i = 0; i < selected->recall_count; i++)
    if (selected->recalls[i].index == index) return true;
  return false;
}

/* --- by a filter ----------------------------------------------------------------------------*/

/* Marks a page of the answer; `*more` is whether others follow. */
static enum adduce_err add_page(struct adduce_scope *scope, struct selected *selected,
                                struct adduce_ledger *ledger,
                                const struct adduce_export_options *options, uint64_t skip,
                                uint64_t *count, bool *more) {
  static const struct adduce_log_filter everything = {0};
  const struct adduce_log_filter *filter = options->filter == NULL ? &everything : options->filter;
  struct adduce_question question = ADDUCE_QUESTION_DEFAULT;
  const struct adduce_value *answer;
  if (options->question != NULL) question = *options->question;
  question.limit = PAGE;
  question.skip = skip;
  TRY(adduce_ask_log(scope, ledger, &answer, filter, &question));
  const struct adduce_value *entries = adduce_value_get(answer, "entries");
  for (size_t i = 0; i < adduce_value_count(entries); i++) {
    int64_t index = adduce_value_integer(adduce_value_get(adduce_value_at(entries, i), "index"));
    if ((uint64_t)index < selected->size) (void)selected_add(selected, (uint64_t)index);
  }
  *count += adduce_value_count(entries);
  *more = adduce_value_boolean(adduce_value_get(answer, "more"));
  return ADDUCE_OK;
}

static enum adduce_err add_filtered(struct adduce_scope *scope, struct selected *selected,
                                    struct adduce_ledger *ledger,
                                    const struct adduce_export_options *options) {
  uint64_t count = 0;
  bool more = true;
  while (more) {
    struct scope_mark mark = scope_mark(scope);
    TRY(add_page(scope, selected, ledger, options, count, &count, &more));
    scope_rewind(scope, mark);
  }
  if (count != 0) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_NOT_FOUND, "nothing fits: there is nothing to give");
}

/* --- what belongs to it ---------------------------------------------------------------------*/

bool selected_acts(const struct event *event, struct adduce_span role) {
  const struct vocabulary_kind *kind = event->claim.kind;
  return kind != NULL && kind->acts_role != NULL && span_is(role, kind->acts_role);
}

/* What the entry refers to; and the entry itself, if it acts on one that is selected. */
static enum adduce_err follow(struct adduce_scope *scope, struct selected *selected,
                              struct log_view *view, uint64_t index, bool *changed) {
  struct log_entry entry;
  struct event event;
  struct parsed_ref ref;
  TRY(log_view_event(scope, view, &entry, &event, index));
  struct cursor refs = event.claim.parsed.refs;
  while (parsed_next_ref(&refs, &ref)) {
    struct adduce_id id;
    uint64_t found;
    memcpy(id.bytes, ref.id32, 32);
    bool is_selected = selected_has(selected, index);
    if (!is_selected && !selected_acts(&event, ref.role)) continue;
    enum adduce_err err = log_view_find(scope, view, &found, &id);
    if (err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && found >= selected->size)) continue;
    if (err != ADDUCE_OK) return err;
    if (is_selected)
      *changed |= selected_add(selected, found);
    else if (selected_has(selected, found))
      *changed |= selected_add(selected, index);
  }
  return ADDUCE_OK;
}

/* References lead backwards and acts forwards, so a few walks in turn find all. */
static enum adduce_err close_selection(struct adduce_scope *scope, struct selected *selected,
                                       struct log_view *view) {
  for (bool changed = true; changed;) {
    changed = false;
    for (uint64_t i = 0; i < selected->size; i++) {
      struct scope_mark mark = scope_mark(scope);
      TRY(follow(scope, selected, view, i, &changed));
      scope_rewind(scope, mark);
      if (i % 4096 == 0) TRY(scope_progress(scope, "selecting", i, selected->size));
    }
  }
  return ADDUCE_OK;
}

static enum adduce_err add_controls(struct adduce_scope *scope, struct selected *selected,
                                    struct log_view *view) {
  for (uint64_t index = 0;; index++) {
    enum adduce_err err = log_view_next_control(scope, view, &index, index);
    if (err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && index >= selected->size))
      return ADDUCE_OK;
    if (err != ADDUCE_OK) return err;
    (void)selected_add(selected, index);
  }
}

/* --- a complete range -----------------------------------------------------------------------*/

/* The size that `since` names: decimal, or that of a checkpoint of ours. */
static enum adduce_err read_since(struct adduce_scope *scope, struct log_view *view,
                                  const char *since, uint64_t *size) {
  struct checkpoint checkpoint;
  struct note note;
  struct adduce_hash root;
  struct merkle_reader tree = log_view_tree(view);
  size_t digits = strspn(since, "0123456789");
  *size = 0;
  if (since[digits] == '\0' && digits > 0 && digits <= 16) {
    for (size_t i = 0; i < digits; i++) *size = *size * 10 + (uint64_t)(since[i] - '0');
    return ADDUCE_OK;
  }
  TRY(checkpoint_parse(scope, &checkpoint, &note, span_text(since)));
  *size = checkpoint.size;
  if (*size > view->size) return ADDUCE_OK; /* refused below */
  TRY(merkle_root(scope, &root, &tree, *size));
  if (hash_equal(&root, &checkpoint.root)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FORK,
                    "the checkpoint of %llu entries is not one of this log's history",
                    (unsigned long long)*size);
}

static enum adduce_err select_range(struct adduce_scope *scope, struct selected *selected,
                                    struct log_view *view, const char *since) {
  selected->is_complete = true;
  if (since != NULL) TRY(read_since(scope, view, since, &selected->from));
  selected->has_since = selected->from != 0;
  if (selected->from >= selected->size)
    return scope_fail(scope, ADDUCE_E_POSITION,
                      "there is nothing since %llu entries: the log has %llu",
                      (unsigned long long)selected->from, (unsigned long long)selected->size);
  for (uint64_t i = selected->from; i < selected->size; i++) (void)selected_add(selected, i);
  return ADDUCE_OK;
}

/* --- paths ----------------------------------------------------------------------------------*/

static enum adduce_err refuse_path(struct adduce_scope *scope, const char *path) {
  return scope_fail(
      scope, ADDUCE_E_USAGE,
      "\"%s\" names no field: it is FIELD, FIELD/INDEX, or one of these after ID:", path);
}

static enum adduce_err find_event(struct adduce_scope *scope, struct log_view *view,
                                  struct selected_path *path, struct adduce_span id) {
  struct log_entry entry;
  struct event event;
  const char *name = scope_format(scope, "%.*s", SPAN_ARGS(id));
  path->of_one = true;
  TRY(proof_find(scope, view, &path->index, name));
  TRY(log_view_event(scope, view, &entry, &event, path->index));
  path->id = event.id;
  if (vocabulary_control_name(event.claim.parsed.kind))
    return scope_fail(scope, ADDUCE_E_REFUSED, "%.*s changes rules and is never withheld",
                      SPAN_ARGS(event.claim.parsed.kind));
  const char *key = scope_format(scope, "%.*s", SPAN_ARGS(path->path.key));
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  if (parsed_field(&event.claim.parsed, key) != NULL) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_NOT_FOUND, "%.*s has no field %s", SPAN_ARGS(id), key);
}

static enum adduce_err read_path(struct adduce_scope *scope, struct log_view *view,
                                 struct selected_path *path, const char *text) {
  const char *colon = strrchr(text, ':');
  const char *field = colon == NULL ? text : colon + 1;
  size_t size = strspn(field, "abcdefghijklmnopqrstuvwxyz0123456789_");
  *path = (struct selected_path){.path = {span_of(field, size), -1}};
  if (size == 0 || size > PARSED_KEY_BYTES) return refuse_path(scope, text);
  if (field[size] == '.' || field[size] == '/') {
    const char *digits = field + size + 1;
    size_t count = strspn(digits, "0123456789");
    if (count == 0 || count > 4 || digits[count] != '\0') return refuse_path(scope, text);
    path->path.element = 0;
    for (size_t i = 0; i < count; i++)
      path->path.element = path->path.element * 10 + (digits[i] - '0');
  } else if (field[size] != '\0') {
    return refuse_path(scope, text);
  }
  return colon == NULL ? ADDUCE_OK
                       : find_event(scope, view, path, span_of(text, (size_t)(colon - text)));
}

static enum adduce_err read_paths(struct adduce_scope *scope, struct selected *selected,
                                  struct log_view *view,
                                  const struct adduce_export_options *options) {
  selected->paths = scope_array(scope, options->withhold_count, sizeof *selected->paths);
  if (selected->paths == NULL) return scope_no_memory(scope);
  for (; selected->path_count < options->withhold_count; selected->path_count++)
    TRY(read_path(scope, view, &selected->paths[selected->path_count],
                  options->withhold[selected->path_count]));
  return ADDUCE_OK;
}

static bool has_path(const struct parsed *parsed, const struct content_path *path) {
  struct cursor elements;
  uint32_t count;
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    const struct parsed_field *field = &parsed->fields[i];
    if (!span_equal(field->key, path->key)) continue;
    if (path->element < 0) return true;
    return parsed_elements(field, &elements, &count) && path->element < (int64_t)count;
  }
  return false;
}

/* Whether the field `map` of the event has something for the field `key`. */
static bool speaks_of(const struct parsed *parsed, const char *map, struct adduce_span key) {
  const struct parsed_field *field = parsed_field(parsed, map);
  struct adduce_span found;
  uint32_t count;
  if (field == NULL || field->slot != PARSED_VALUE) return false;
  struct cursor cursor = cursor_of(field->value);
  if (!cursor_map(&cursor, &count)) return false;
  while (count-- > 0) {
    if (!cursor_str(&cursor, &found)) return false;
    if (span_equal(found, key)) return true;
    if (!cursor_value(&cursor, &found)) return false;
  }
  return false;
}

size_t selected_paths(struct selected *selected, const struct event *event, uint64_t index,
                      struct content_path *paths) {
  static const char *const besides[SELECTED_BESIDES] = {"original", "fields"};
  const struct parsed *parsed = &event->claim.parsed;
  bool are_told[SELECTED_BESIDES] = {false};
  size_t count = 0;
  if (vocabulary_control_name(parsed->kind)) return 0;
  for (size_t i = 0; i < selected->path_count; i++) {
    struct selected_path *each = &selected->paths[i];
    if (each->of_one && each->index != index) continue;
    for (size_t k = 0; k < SELECTED_BESIDES; k++)
      are_told[k] = are_told[k] || speaks_of(parsed, besides[k], each->path.key);
    if (!has_path(parsed, &each->path)) continue;
    each->is_met = true;
    paths[count++] = each->path;
  }
  for (size_t k = 0; k < SELECTED_BESIDES; k++)
    if (are_told[k]) paths[count++] = (struct content_path){span_text(besides[k]), -1};
  return count;
}

const char *selected_path_text(struct adduce_scope *scope, const struct selected_path *path) {
  const char *one = path->of_one ? scope_format(scope, "%s:", hex_text32(path->id.bytes).text) : "";
  return path->path.element < 0 ? scope_format(scope, "%s%.*s", one, SPAN_ARGS(path->path.key))
                                : scope_format(scope, "%s%.*s.%lld", one, SPAN_ARGS(path->path.key),
                                               (long long)path->path.element);
}

enum adduce_err selected_require_met(struct adduce_scope *scope, const struct selected *selected) {
  for (size_t i = 0; i < selected->path_count; i++) {
    if (selected->paths[i].is_met) continue;
    return scope_fail(scope, ADDUCE_E_NOT_FOUND,
                      "nothing that would be given has the field or element %s; look whether it is "
                      "spelled so (`adduce kinds` lists the fields)",
                      selected_path_text(scope, &selected->paths[i]));
  }
  return ADDUCE_OK;
}

/* --- the whole ------------------------------------------------------------------------------*/

enum adduce_err selected_find(struct adduce_scope *scope, struct selected *selected,
                              struct adduce_ledger *ledger, struct log_view *view,
                              const struct adduce_export_options *options) {
  bool is_range = options->all || options->since != NULL;
  *selected = (struct selected){.size = view->size};
  selected->bits = scope_array(scope, (size_t)(view->size / 8 + 1), 1);
  if (selected->bits == NULL) return scope_no_memory(scope);
  if (is_range && options->filter != NULL)
    return scope_fail(scope, ADDUCE_E_USAGE, "a complete range leaves nothing out: no filter");
  if (options->recall_count != 0 && (is_range || options->filter != NULL))
    return scope_fail(scope, ADDUCE_E_USAGE, "a notice has what takes events back, and no more");
  TRY(read_paths(scope, selected, view, options));
  if (options->recall_count != 0) {
    TRY(notice_select(scope, selected, view, options));
  } else if (is_range) {
    TRY(select_range(scope, selected, view, options->all ? NULL : options->since));
  } else {
    TRY(add_filtered(scope, selected, ledger, options));
    TRY(close_selection(scope, selected, view));
  }
  return add_controls(scope, selected, view);
}
