/* SPDX-License-Identifier: Apache-2.0 */
#include "query/names.h"

#include "projection/key.h"
#include "query/range.h"

struct search {
  struct asked *asked;
  struct names_entry *entry;
};

struct adduce_span names_text(struct adduce_span encoded) {
  struct adduce_span inner, text;
  struct cursor cursor = cursor_of(encoded);
  if (cursor_find(&cursor, "v", &inner)) cursor = cursor_of(inner);
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

static bool is_english(struct adduce_span encoded) {
  struct adduce_span lang, text;
  struct cursor cursor = cursor_of(encoded);
  if (!cursor_find(&cursor, "lang", &lang)) return false;
  cursor = cursor_of(lang);
  return cursor_str(&cursor, &text) && (span_is(text, "en") || span_starts(text, "en-"));
}

/* The first English one of a list of names, or the first. */
static struct adduce_span choose_name(struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span first = span_of(NULL, 0), element;
  uint32_t count;
  if (!cursor_array(&cursor, &count)) return names_text(encoded);
  for (uint32_t i = 0; i < count && cursor_value(&cursor, &element); i++) {
    struct adduce_span text = names_text(element);
    if (is_english(element) && text.size != 0) return text;
    if (first.size == 0) first = text;
  }
  return first;
}

static enum adduce_err take_row(void *context, const struct row *row) {
  const struct search *search = context;
  const struct told *told;
  TRY(told_get(search->asked, &told, row->index));
  if (told_state(told) != STATUS_LIVE) return ADDUCE_OK;
  const struct parsed *parsed = told_parsed(told);
  const struct parsed_field *name = parsed_field(parsed, "name");
  struct adduce_span chosen = choose_name(range_value(row, "name"));
  if (told->is_corrected && name != NULL && name->slot == PARSED_VALUE)
    chosen = choose_name(name->value);
  if (search->entry->name.size == 0) search->entry->name = chosen;
  if (search->entry->schema.size == 0) search->entry->schema = parsed_text(parsed, "schema");
  bool is_known = search->entry->name.size != 0 && search->entry->schema.size != 0;
  return is_known ? ADDUCE_E_NOT_FOUND : ADDUCE_OK;
}

enum adduce_err names_find(struct asked *asked, const struct names_entry **entry,
                           struct adduce_span subject) {
  struct names_entry *found = cache_get(&asked->names, subject);
  struct key key;
  if (found == NULL) {
    found = scope_new(asked->scope, struct names_entry);
    if (found == NULL) return scope_no_memory(asked->scope);
    /* Put first: a description's own life may lead back to this subject. */
    TRY(cache_put(asked->scope, &asked->names, subject, found));
    /* From the last description back, until name and schema are known: the famous are described
     * often, and reading their events is what costs. */
    struct search search = {asked, found};
    key_init(&key);
    key_text(&key, subject);
    key_byte(&key, 1);
    TRY(range_each_back(asked, REGISTRY_ENTITIES, key_span(&key), take_row, &search));
  }
  *entry = found;
  return ADDUCE_OK;
}

enum adduce_err names_show(struct asked *asked, struct adduce_span *text,
                           struct adduce_span subject) {
  const struct names_entry *entry;
  struct adduce_span origin = asked->world->origin;
  TRY(names_find(asked, &entry, subject));
  *text = entry->name.size != 0 ? entry->name : subject;
  if (entry->name.size != 0) return ADDUCE_OK;
  if (subject.size > origin.size + 1 && subject.data[origin.size] == '/' &&
      memcmp(subject.data, origin.data, origin.size) == 0)
    *text = span_of(subject.data + origin.size + 1, subject.size - origin.size - 1);
  return ADDUCE_OK;
}
