/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/vocabulary.h"

#include "claim/declaration.h"
#include "claim/kinds.h"
#include "claim/shapes.h"
#include "claim/spelling.h"

/* Invariants
 *   1. slot_count is a power of two and at least twice the number of kinds.
 *   2. Every kind, built in or declared, stands in the first slot from its hash on that was free
 *      when it came.
 *   3. declared[i] is the kind of the i-th declaration that added one. */
struct vocabulary {
  struct adduce_scope *scope;
  const struct vocabulary_kind **slots; /* NULL: free */
  size_t slot_count;
  size_t kind_count;
  const struct vocabulary_kind **declared;
  size_t declared_count, declared_capacity;
};

/* --- the tables --------------------------------------------------------------------------- */

struct name_text {
  const char *name;
  const char *text;
};

static const struct name_text types[] = {
#define TYPE_ROW(symbol, name, text) [symbol] = {name, text},
    FIELD_TYPES(TYPE_ROW)
#undef TYPE_ROW
};

static const struct name_text effects[] = {
#define EFFECT_ROW(symbol, name, text) [symbol] = {name, text},
    KIND_EFFECTS(EFFECT_ROW)
#undef EFFECT_ROW
};

static const char *const families[] = {
#define FAMILY_ROW(symbol, name) [symbol] = name,
    KIND_FAMILIES(FAMILY_ROW)
#undef FAMILY_ROW
};

static const struct vocabulary_role roles[] = {
#define ROLE_ROW(name, text) {name, text},
    VOCABULARY_ROLES(ROLE_ROW)
#undef ROLE_ROW
};

const char *vocabulary_type_name(enum field_type type) {
  return types[type].name;
}

const char *vocabulary_type_text(enum field_type type) {
  return types[type].text;
}

bool vocabulary_type_find(struct adduce_span name, enum field_type *type) {
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    if (!span_is(name, types[i].name)) continue;
    *type = (enum field_type)i;
    return true;
  }
  return false;
}

const char *vocabulary_effect_name(enum kind_effect effect) {
  return effects[effect].name;
}

const char *vocabulary_effect_text(enum kind_effect effect) {
  return effects[effect].text;
}

const char *vocabulary_family_name(enum kind_family family) {
  return families[family];
}

const struct vocabulary_role *vocabulary_roles(size_t *count) {
  *count = sizeof roles / sizeof roles[0];
  return roles;
}

const struct vocabulary_field *vocabulary_frame(size_t *count) {
  return shapes_frame(count);
}

const struct vocabulary_field *vocabulary_shape(enum field_type type, size_t *count) {
  return shapes_find(type, count);
}

const struct vocabulary_kind *vocabulary_builtin(size_t *count) {
  *count = kinds_count;
  return kinds_table;
}

/* --- names -------------------------------------------------------------------------------- */

/* True iff NUL-terminated `name` is `text`, which may have a NUL in it; decided by the first byte
 * nearly always. */
static inline bool names(const char *name, struct adduce_span text) {
  return text.size != 0 && (uint8_t)name[0] == text.data[0] && strlen(name) == text.size &&
         memcmp(name, text.data, text.size) == 0;
}

static const struct vocabulary_field *find_field(const struct vocabulary_field *fields,
                                                 size_t count, struct adduce_span name) {
  for (size_t i = 0; i < count; i++)
    if (names(fields[i].name, name)) return &fields[i];
  return NULL;
}

const struct vocabulary_field *vocabulary_field(const struct vocabulary_kind *kind,
                                                struct adduce_span name) {
  const struct vocabulary_field *field = find_field(kind->fields, kind->field_count, name);
  if (field != NULL || !kind->has_frame) return field;
  size_t count;
  const struct vocabulary_field *frame = shapes_frame(&count);
  return find_field(frame, count, name);
}

/* Asked of every event several times, and nearly always decided by the first byte: a name without
 * an authority begins with its noun. */
bool vocabulary_control_name(struct adduce_span name) {
  static const char *const nouns[] = {"ledger", "key", "policy", "kind", "hold"};
  struct spelling_kind kind;
  if (name.size == 0 || memchr("lkphcb", name.data[0], 6) == NULL) return false;
  if (!spelling_kind(name, &kind) || kind.authority.size != 0) return false;
  for (size_t i = 0; i < sizeof nouns / sizeof nouns[0]; i++)
    if (span_is(kind.noun, nouns[i])) return true;
  return (span_is(kind.noun, "content") && span_is(kind.verb, "erased")) ||
         (span_is(kind.noun, "bundle") && span_is(kind.verb, "imported"));
}

/* --- kinds by name ------------------------------------------------------------------------ */

/* FNV-1a. */
static size_t hash_name(struct adduce_span name) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < name.size; i++) hash = (hash ^ name.data[i]) * UINT64_C(0x100000001b3);
  return (size_t)(hash ^ (hash >> 32));
}

/* The slot where `name` stands or would stand. */
static const struct vocabulary_kind **slot_of(const struct vocabulary *vocabulary,
                                              struct adduce_span name) {
  size_t mask = vocabulary->slot_count - 1;
  size_t at = hash_name(name) & mask;
  while (vocabulary->slots[at] != NULL && !names(vocabulary->slots[at]->name, name))
    at = (at + 1) & mask;
  return &vocabulary->slots[at];
}

static void place(struct vocabulary *vocabulary, const struct vocabulary_kind *kind) {
  *slot_of(vocabulary, span_text(kind->name)) = kind;
  vocabulary->kind_count++;
}

/* Makes slots for the built-in kinds, those declared and `more`; leaves the vocabulary as it is
 * when memory is out. */
static bool make_slots(struct vocabulary *vocabulary, size_t more) {
  size_t needed = 2 * (kinds_count + vocabulary->declared_count + more);
  if (needed <= vocabulary->slot_count) return true;
  size_t count = 128;
  while (count < 2 * needed) count *= 2;
  const struct vocabulary_kind **slots = scope_array(vocabulary->scope, count, sizeof *slots);
  if (slots == NULL) return false;
  vocabulary->slots = slots;
  vocabulary->slot_count = count;
  vocabulary->kind_count = 0;
  for (size_t i = 0; i < kinds_count; i++) place(vocabulary, &kinds_table[i]);
  for (size_t i = 0; i < vocabulary->declared_count; i++)
    place(vocabulary, vocabulary->declared[i]);
  return true;
}

static bool make_room(struct vocabulary *vocabulary) {
  if (!make_slots(vocabulary, 1)) return false;
  void *grown = scope_room(vocabulary->scope, &vocabulary->declared_capacity, vocabulary->declared,
                           vocabulary->declared_count, sizeof *vocabulary->declared);
  if (grown == NULL) return false;
  vocabulary->declared = grown;
  return true;
}

enum adduce_err vocabulary_open(struct adduce_scope *scope, struct vocabulary **vocabulary) {
  struct vocabulary *made = scope_new(scope, struct vocabulary);
  *vocabulary = NULL;
  if (made == NULL) return scope_no_memory(scope);
  made->scope = scope;
  if (!make_slots(made, 16)) return scope_no_memory(scope);
  *vocabulary = made;
  return ADDUCE_OK;
}

const struct vocabulary_kind *vocabulary_find(const struct vocabulary *vocabulary,
                                              struct adduce_span name) {
  return name.size == 0 ? NULL : *slot_of(vocabulary, name);
}

/* --- declared kinds ----------------------------------------------------------------------- */

enum adduce_err vocabulary_declaration_validate(struct adduce_scope *scope,
                                                const struct parsed *declaration) {
  struct vocabulary_kind kind;
  return declaration_read(scope, scope, &kind, declaration);
}

enum adduce_err vocabulary_declare(struct adduce_scope *scope, struct vocabulary *vocabulary,
                                   const struct parsed *declaration, const uint8_t *id32) {
  struct vocabulary_kind *kind = scope_new(vocabulary->scope, struct vocabulary_kind);
  if (kind == NULL) return scope_no_memory(scope);
  TRY(declaration_read(scope, vocabulary->scope, kind, declaration));
  const struct vocabulary_kind *present = vocabulary_find(vocabulary, span_text(kind->name));
  if (present != NULL) {
    if (declaration_equal(present, kind)) return ADDUCE_OK;
    return scope_fail(scope, ADDUCE_E_VALUE,
                      "kind.declared: %s is declared already and differently; a changed kind takes "
                      "the next version (@N)",
                      kind->name);
  }
  kind->declared_by32 = scope_copy(vocabulary->scope, span_of(id32, 32)).data;
  if (kind->declared_by32 == NULL || !make_room(vocabulary)) return scope_no_memory(scope);
  vocabulary->declared[vocabulary->declared_count++] = kind;
  place(vocabulary, kind);
  return ADDUCE_OK;
}

size_t vocabulary_declared_count(const struct vocabulary *vocabulary) {
  return vocabulary->declared_count;
}

const struct vocabulary_kind *vocabulary_declared(const struct vocabulary *vocabulary,
                                                  size_t index) {
  return index < vocabulary->declared_count ? vocabulary->declared[index] : NULL;
}
