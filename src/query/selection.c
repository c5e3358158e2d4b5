/* SPDX-License-Identifier: Apache-2.0 */
#include "query/selection.h"

#include "claim/spelling.h"
#include "projection/key.h"
#include "query/range.h"
#include "query/told.h"
#include "query/words.h"

struct visiting {
  struct asked *asked;
  selection_visit_fn *visit;
  void *context;
  bool is_over;
};

static enum adduce_err visit(struct visiting *visiting, uint64_t index) {
  enum adduce_err err = visiting->visit(visiting->context, index);
  visiting->is_over = err == ADDUCE_E_NOT_FOUND;
  return err;
}

static enum adduce_err take_row(void *context, const struct row *row) {
  return visit(context, row->index);
}

static enum adduce_err each_row(struct visiting *visiting, enum registry_number table,
                                struct adduce_span prefix) {
  if (visiting->is_over) return ADDUCE_OK;
  return range_each(visiting->asked, table, prefix, take_row, visiting);
}

/* --- voices ------------------------------------------------------------------------------- */

static enum adduce_err take_mention(void *context, const struct row *row) {
  struct cursor list = cursor_of(range_value(row, "in"));
  struct adduce_span field;
  uint32_t count;
  if (!cursor_array(&list, &count)) return ADDUCE_OK;
  while (count-- > 0 && cursor_str(&list, &field))
    if (span_is(field, "attribution") || span_is(field, "publisher_subject"))
      return visit(context, row->index);
  return ADDUCE_OK;
}

static enum adduce_err take_about(void *context, const struct row *row) {
  struct visiting *visiting = context;
  struct profile profile;
  TRY(profile_read(visiting->asked, &profile, row->index));
  return profile_is_source(&profile) ? visit(visiting, row->index) : ADDUCE_OK;
}

static enum adduce_err each_of_voice(struct visiting *visiting, struct adduce_span subject) {
  struct key key;
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, REGISTRY_MENTIONED);
  if (!visiting->is_over)
    TRY(range_each(visiting->asked, REGISTRY_SUBJECTS, key_span(&key), take_mention, visiting));
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, REGISTRY_ABOUT);
  if (visiting->is_over) return ADDUCE_OK;
  return range_each(visiting->asked, REGISTRY_SUBJECTS, key_span(&key), take_about, visiting);
}

/* --- corrected chains --------------------------------------------------------------------- */

static enum adduce_err visit_targets(struct visiting *visiting, const struct event *correction) {
  struct cursor refs = correction->claim.parsed.refs;
  struct parsed_ref ref;
  while (!visiting->is_over && parsed_next_role(&refs, &ref, "target")) {
    uint64_t index;
    enum adduce_err err = told_index(visiting->asked, &index, ref.id32);
    if (err == ADDUCE_OK) err = visit(visiting, index);
    if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  }
  return ADDUCE_OK;
}

static enum adduce_err note_row(void *context, const struct row *row) {
  (void)row;
  *(bool *)context = false;
  return ADDUCE_E_NOT_FOUND;
}

/* Whether nothing acts on an event. */
static enum adduce_err is_left_alone(struct asked *asked, bool *is_plain,
                                     const struct adduce_id *id) {
  *is_plain = true;
  return range_each(asked, REGISTRY_LIFE, span_of(id->bytes, 32), note_row, is_plain);
}

/* A correction of a correction may bring in the chain: so whatever is corrected at all is looked at
 * when what corrects it is. */
static enum adduce_err take_correction(void *context, const struct row *row) {
  struct visiting *visiting = context;
  struct world_entry entry;
  struct scope_mark mark = scope_mark(visiting->asked->scope);
  const struct told *told;
  struct words_chain chain;
  TRY(told_read(visiting->asked, &entry, row->index));
  const struct parsed_field *fields = parsed_field(&entry.event.claim.parsed, "fields");
  bool is_plain = fields == NULL || fields->slot != PARSED_VALUE ||
                  !words_corrected(&entry.event.claim.parsed, &chain);
  scope_rewind(visiting->asked->scope, mark);
  if (is_plain) TRY(is_left_alone(visiting->asked, &is_plain, &entry.event.id));
  if (is_plain) return ADDUCE_OK;
  TRY(told_get(visiting->asked, &told, row->index));
  TRY(visit_targets(visiting, &told->event));
  return visiting->is_over ? ADDUCE_E_NOT_FOUND : ADDUCE_OK;
}

static enum adduce_err each_rechained(struct visiting *visiting) {
  struct key key;
  key_init(&key);
  key_text(&key, span_text("claim.corrected"));
  if (visiting->is_over) return ADDUCE_OK;
  return range_each(visiting->asked, REGISTRY_BYKIND, key_span(&key), take_correction, visiting);
}

/* --- selectors ---------------------------------------------------------------------------- */

static enum adduce_err each_naming(struct visiting *visiting, const uint8_t *id32) {
  return each_row(visiting, REGISTRY_REFERENCES, span_of(id32, 32));
}

/* A source, and what names it. */
static enum adduce_err visit_source(struct visiting *visiting, uint64_t index) {
  struct profile profile;
  TRY(profile_read(visiting->asked, &profile, index));
  TRY(visiting->visit(visiting->context, index));
  return profile_is_source(&profile) ? each_naming(visiting, profile.id.bytes) : ADDUCE_OK;
}

struct sources {
  struct visiting *visiting;
};

static enum adduce_err take_source(void *context, uint64_t index) {
  struct visiting *visiting = ((struct sources *)context)->visiting;
  enum adduce_err err = visit_source(visiting, index);
  visiting->is_over |= err == ADDUCE_E_NOT_FOUND;
  return visiting->is_over ? ADDUCE_E_NOT_FOUND : err;
}

static enum adduce_err each_of_source(struct visiting *visiting, const struct selector *selector) {
  struct sources sources = {visiting};
  struct visiting inner = {visiting->asked, take_source, &sources, false};
  if (selector->index != WORLD_NEVER) {
    enum adduce_err err = take_source(&sources, selector->index);
    if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  }
  for (size_t i = 0; i < selector->voice_count && !visiting->is_over; i++)
    TRY(each_of_voice(&inner, selector->voices[i]));
  return visiting->is_over ? ADDUCE_OK : each_rechained(visiting);
}

static enum adduce_err each_of_key(struct visiting *visiting, const struct selector *selector) {
  for (size_t i = 0; i < selector->key_count; i++)
    TRY(each_row(visiting, REGISTRY_BYAUTHOR, span_of(selector->keys[i].bytes, 32)));
  return ADDUCE_OK;
}

static enum adduce_err each_event(struct visiting *visiting) {
  for (uint64_t i = 0; i < visiting->asked->size && !visiting->is_over; i++) {
    enum adduce_err err = visit(visiting, i);
    if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  }
  return ADDUCE_OK;
}

/* A word that is a whole subject id describes nobody. */
static enum adduce_err each_of_origin(struct visiting *visiting, const struct selector *selector) {
  if (!spelling_subject(selector->word)) return each_event(visiting);
  for (size_t i = 0; i < selector->voice_count; i++)
    TRY(each_of_voice(visiting, selector->voices[i]));
  TRY(each_of_key(visiting, selector));
  return each_rechained(visiting);
}

static enum adduce_err each_of_kind(struct visiting *visiting, const struct selector *selector) {
  struct adduce_span word = selector->word;
  struct key key;
  uint8_t last = word.size == 0 ? '\0' : word.data[word.size - 1];
  if (last == '.' || last == ':') return each_row(visiting, REGISTRY_BYKIND, word);
  key_init(&key);
  key_text(&key, word);
  return each_row(visiting, REGISTRY_BYKIND, key_span(&key));
}

enum adduce_err selection_each(struct asked *asked, const struct selector *selector,
                               selection_visit_fn *visit_fn, void *context) {
  struct visiting visiting = {asked, visit_fn, context, false};
  enum adduce_err err;
  switch (selector->sort) {
    case SELECTOR_SOURCE:
      return each_of_source(&visiting, selector);
    case SELECTOR_ORIGIN:
      return each_of_origin(&visiting, selector);
    case SELECTOR_AUTHOR:
    case SELECTOR_KEY:
      return each_of_key(&visiting, selector);
    case SELECTOR_KIND:
      return each_of_kind(&visiting, selector);
    case SELECTOR_HANDLING:
      return each_event(&visiting);
    case SELECTOR_EVENT:
      break;
  }
  err = visit_fn(context, selector->index);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

enum adduce_err selection_each_of_voice(struct asked *asked, struct adduce_span subject,
                                        selection_visit_fn *visit_fn, void *context) {
  struct visiting visiting = {asked, visit_fn, context, false};
  return each_of_voice(&visiting, subject);
}

enum adduce_err selection_each_rechained(struct asked *asked, selection_visit_fn *visit_fn,
                                         void *context) {
  struct visiting visiting = {asked, visit_fn, context, false};
  return each_rechained(&visiting);
}

enum adduce_err selection_each_naming(struct asked *asked, const struct adduce_id *id,
                                      selection_visit_fn *visit_fn, void *context) {
  struct visiting visiting = {asked, visit_fn, context, false};
  return each_naming(&visiting, id->bytes);
}
