/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/parsed.h"

#include "base/buffer.h"
#include "claim/parsed_content.h"
#include "claim/spelling.h"
#include "codec/canonical.h"
#include "codec/pack.h"

/* --- the event ---------------------------------------------------------------------------- */

static enum adduce_err refuse(struct adduce_scope *scope, const struct parsed *parsed,
                              const uint8_t *at, int item, const char *what) {
  static const char *const names[] = {"version", "kind",     "author",       "claimed_at",
                                      "refs",    "handling", "content root", "signature"};
  return scope_fail(scope, ADDUCE_E_FORM, "event, item %d (%s), byte %zu: %s", item, names[item],
                    (size_t)(at - parsed->event.data), what);
}

static bool is_role(struct adduce_span role) {
  if (role.size == 0 || role.size > PARSED_ROLE_BYTES) return false;
  for (size_t i = 0; i < role.size; i++)
    if ((role.data[i] < 'a' || role.data[i] > 'z') && role.data[i] != '_') return false;
  return true;
}

static int compare_refs(const struct parsed_ref *a, const struct parsed_ref *b) {
  int order = span_compare(a->role, b->role);
  return order != 0 ? order : memcmp(a->id32, b->id32, 32);
}

static enum adduce_err read_refs(struct adduce_scope *scope, struct parsed *parsed,
                                 struct cursor *cursor) {
  struct parsed_ref ref, last = {span_of(NULL, 0), NULL};
  const uint8_t *at = cursor->at;
  if (!cursor_array(cursor, &parsed->ref_count)) return refuse(scope, parsed, at, 4, "not a list");
  if (parsed->ref_count > PARSED_REFS)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "event, item 4 (refs), byte %zu: more than %d",
                      (size_t)(at - parsed->event.data), PARSED_REFS);
  parsed->refs = *cursor;
  for (uint32_t i = 0; i < parsed->ref_count; i++, last = ref) {
    at = cursor->at;
    if (!parsed_next_ref(cursor, &ref))
      return refuse(scope, parsed, at, 4, "a ref is [role, id of 32 bytes]");
    if (!is_role(ref.role))
      return refuse(scope, parsed, at, 4, "a role is [a-z_], at most 32 bytes");
    if (i > 0 && compare_refs(&last, &ref) >= 0)
      return refuse(scope, parsed, at, 4, "refs are not in ascending order of role and id");
  }
  parsed->refs.end = cursor->at;
  return ADDUCE_OK;
}

static enum adduce_err read_kind(struct adduce_scope *scope, struct parsed *parsed,
                                 struct cursor *cursor) {
  const uint8_t *at = cursor->at;
  if (!cursor_str(cursor, &parsed->kind)) return refuse(scope, parsed, at, 1, "not text");
  if (parsed->kind.size > PARSED_KIND_BYTES)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "event, item 1 (kind), byte %zu: over %d bytes",
                      (size_t)(at - parsed->event.data), PARSED_KIND_BYTES);
  if (!spelling_kind(parsed->kind, NULL))
    return refuse(scope, parsed, at, 1, "not noun.verb, noun.verb@N or AUTHORITY:noun.verb@N");
  return ADDUCE_OK;
}

static enum adduce_err read_items(struct adduce_scope *scope, struct parsed *parsed,
                                  struct cursor *cursor) {
  int64_t handling;
  TRY(read_kind(scope, parsed, cursor));
  const uint8_t *at = cursor->at;
  if (!cursor_bin_of(cursor, 32, &parsed->author32))
    return refuse(scope, parsed, at, 2, "not 32 bytes");
  at = cursor->at;
  if (!cursor_int(cursor, &parsed->claimed_at_us))
    return refuse(scope, parsed, at, 3, "not an integer");
  TRY(read_refs(scope, parsed, cursor));
  at = cursor->at;
  if (!cursor_int(cursor, &handling) || handling < ADDUCE_CLEAR || handling > ADDUCE_RED)
    return refuse(scope, parsed, at, 5, "not an integer from 0 (clear) to 4 (red)");
  parsed->handling = (enum adduce_handling)handling;
  at = cursor->at;
  if (!cursor_bin_of(cursor, 32, &parsed->content_root32))
    return refuse(scope, parsed, at, 6, "not 32 bytes");
  return ADDUCE_OK;
}

static enum adduce_err read_event(struct adduce_scope *scope, struct parsed *parsed,
                                  struct adduce_span event) {
  struct cursor cursor = cursor_of(event);
  uint32_t count;
  int64_t version;
  parsed->event = event;
  if (!cursor_array(&cursor, &count) || count == 0)
    return scope_fail(scope, ADDUCE_E_FORM, "event, byte 0: not an array of 8");
  const uint8_t *at = cursor.at;
  if (!cursor_int(&cursor, &version)) return refuse(scope, parsed, at, 0, "not an integer");
  if (version != 1)
    return scope_fail(scope, ADDUCE_E_VERSION, "event, item 0: version %lld is not known here",
                      (long long)version);
  if (count != 8)
    return scope_fail(scope, ADDUCE_E_FORM, "event, byte 0: an array of %u, not of 8", count);
  TRY(read_items(scope, parsed, &cursor));
  parsed->items = span_of(at, (size_t)(cursor.at - at));
  at = cursor.at;
  if (!cursor_bin_of(&cursor, 64, &parsed->signature64))
    return refuse(scope, parsed, at, 7, "not 64 bytes");
  return ADDUCE_OK;
}

static enum adduce_err read_both(struct adduce_scope *scope, struct parsed *parsed,
                                 struct adduce_span event, struct adduce_span content,
                                 bool is_stored) {
  *parsed = (struct parsed){.form = PARSED_NO_CONTENT};
  if (event.size > PARSED_EVENT_BYTES)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "an event of %zu bytes; at most %d are allowed",
                      event.size, PARSED_EVENT_BYTES);
  if (content.size > PARSED_PARTIAL_BYTES)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "a content of %zu bytes; too large in any form",
                      content.size);
  if (event.size != 0) {
    if (!is_stored) TRY(canonical_require(scope, event, "event"));
    TRY(read_event(scope, parsed, event));
  }
  if (content.size == 0) return ADDUCE_OK;
  if (!is_stored) TRY(canonical_require(scope, content, "content"));
  return parsed_content_read(scope, parsed, content, is_stored);
}

enum adduce_err parsed_read(struct adduce_scope *scope, struct parsed *parsed,
                            struct adduce_span event, struct adduce_span content) {
  return read_both(scope, parsed, event, content, false);
}

enum adduce_err parsed_read_stored(struct adduce_scope *scope, struct parsed *parsed,
                                   struct adduce_span event, struct adduce_span content) {
  return read_both(scope, parsed, event, content, true);
}

/* --- reading what was parsed -------------------------------------------------------------- */

bool parsed_next_ref(struct cursor *cursor, struct parsed_ref *ref) {
  uint32_t count;
  return cursor_array(cursor, &count) && count == 2 && cursor_str(cursor, &ref->role) &&
         cursor_bin_of(cursor, 32, &ref->id32);
}

bool parsed_next_role(struct cursor *cursor, struct parsed_ref *ref, const char *role) {
  while (parsed_next_ref(cursor, ref))
    if (span_is(ref->role, role)) return true;
  return false;
}

bool parsed_find_ref(const struct parsed *parsed, const char *role, struct parsed_ref *ref) {
  struct cursor refs = parsed->refs;
  struct adduce_span sought = span_text(role);
  while (parsed_next_ref(&refs, ref)) {
    int order = span_compare(ref->role, sought);
    if (order >= 0) return order == 0;
  }
  return false;
}

bool parsed_elements(const struct parsed_field *field, struct cursor *elements, uint32_t *count) {
  *count = 0;
  if (field == NULL) return false;
  *elements = cursor_of(field->value);
  return cursor_array(elements, count);
}

bool parsed_next_element(const struct parsed *parsed, struct cursor *elements,
                         struct parsed_element *element) {
  uint32_t count;
  *element = (struct parsed_element){.salt16 = NULL};
  if (parsed->form != PARSED_PARTIAL) return cursor_value(elements, &element->value);
  if (cursor_bin_of(elements, 32, &element->hash32)) return true;
  return cursor_array(elements, &count) && count == 2 &&
         cursor_bin_of(elements, 16, &element->salt16) && cursor_value(elements, &element->value);
}

static struct adduce_span join_elements(struct adduce_scope *scope, const struct parsed *parsed,
                                        const struct parsed_field *field) {
  struct buffer buffer;
  struct adduce_span joined = {NULL, 0};
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  buffer_init(&buffer, scope);
  (void)!parsed_elements(field, &elements, &count);
  pack_array(&buffer, count);
  while (parsed_next_element(parsed, &elements, &element)) pack_encoded(&buffer, element.value);
  return buffer_take(&buffer, &joined) == ADDUCE_OK ? joined : span_of(NULL, 0);
}

struct adduce_span parsed_value(struct adduce_scope *scope, const struct parsed *parsed,
                                const char *key) {
  const struct parsed_field *field = parsed_field(parsed, key);
  if (field == NULL || field->slot != PARSED_VALUE) return span_of(NULL, 0);
  bool is_joined = parsed->form == PARSED_PARTIAL && field->is_list;
  return is_joined ? join_elements(scope, parsed, field) : field->value;
}

struct adduce_span parsed_text(const struct parsed *parsed, const char *key) {
  const struct parsed_field *field = parsed_field(parsed, key);
  struct adduce_span text, encoded;
  if (field == NULL || field->slot != PARSED_VALUE) return span_of(NULL, 0);
  struct cursor cursor = cursor_of(field->value);
  if (cursor_find(&cursor, "v", &encoded)) cursor = cursor_of(encoded);
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

bool parsed_has_withheld(const struct parsed *parsed) {
  if (parsed->form == PARSED_NO_CONTENT) return true;
  for (uint32_t i = 0; i < parsed->field_count; i++)
    if (parsed->fields[i].slot != PARSED_VALUE) return true;
  return false;
}
