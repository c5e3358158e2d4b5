/* SPDX-License-Identifier: Apache-2.0 */
#include "query/people.h"

#include "codec/cursor.h"
#include "query/range.h"

#define ROTATIONS_MAX 4096

/* What the rows about a key come to. */
struct said {
  const struct asked *asked;
  struct person *person; /* whose key it is; NULL: a key before it in the line */
  const uint8_t *key32;
  const uint8_t *old32; /* the key it was rotated from; NULL if none */
  struct adduce_span given, own, described;
};

static const uint8_t *id_in(const struct row *row, const char *key) {
  const uint8_t *id32;
  struct cursor cursor = cursor_of(range_value(row, key));
  return cursor_bin_of(&cursor, 32, &id32) ? id32 : NULL;
}

static bool is_here(const struct said *said, const struct row *row) {
  const uint8_t *ledger32 = id_in(row, "ledger");
  return ledger32 != NULL && memcmp(ledger32, said->asked->world->genesis.bytes, 32) == 0;
}

static enum adduce_err add_revocation(const struct said *said, uint64_t index) {
  struct person *person = said->person;
  uint64_t *grown = scope_room(said->asked->scope, &person->revocation_capacity,
                               person->revocations, person->revocation_count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(said->asked->scope);
  person->revocations = grown;
  person->revocations[person->revocation_count++] = index;
  return ADDUCE_OK;
}

static enum adduce_err take_row(void *context, const struct row *row) {
  struct said *said = context;
  struct adduce_span act = range_text(row, "act");
  struct adduce_span name = range_text(row, "name");
  const uint8_t *by32 = id_in(row, "by");
  if (span_is(act, "described")) {
    struct adduce_span organization = range_text(row, "organization");
    if (by32 == NULL || memcmp(by32, said->key32, 32) != 0) return ADDUCE_OK;
    if (name.size != 0) said->own = name;
    if (organization.size != 0) said->described = organization;
    return ADDUCE_OK;
  }
  if (!is_here(said, row))
    return span_is(act, "revoked") && said->person != NULL ? add_revocation(said, row->index)
                                                           : ADDUCE_OK;
  if (span_is(act, "authorized") && name.size != 0) said->given = name;
  if (span_is(act, "rotated")) said->old32 = id_in(row, "old_key");
  return ADDUCE_OK;
}

static enum adduce_err ask_key(const struct asked *asked, struct said *said, struct person *person,
                               const uint8_t *key32) {
  bool is_own = memcmp(person->key.bytes, key32, 32) == 0;
  *said = (struct said){.asked = asked, .key32 = key32, .person = is_own ? person : NULL};
  return range_each(asked, REGISTRY_AUTHORS, span_of(key32, 32), take_row, said);
}

/* The rows of the key, then those of the keys before it, which lend it a name if it has none. */
static enum adduce_err ask_line(struct asked *asked, struct person *person) {
  const uint8_t *key32 = person->key.bytes;
  for (unsigned i = 0; i < ROTATIONS_MAX; i++) {
    struct said said;
    TRY(ask_key(asked, &said, person, key32));
    if (person->name.size == 0) person->name = said.given.size != 0 ? said.given : said.own;
    if (person->described.size == 0) person->described = said.described;
    memcpy(person->root.bytes, key32, 32);
    if (said.old32 == NULL) break;
    key32 = said.old32;
  }
  person->name = scope_copy(asked->scope, person->name);
  person->described = scope_copy(asked->scope, person->described);
  return scope_exhausted(asked->scope) ? scope_no_memory(asked->scope) : ADDUCE_OK;
}

static enum adduce_err ask_world(struct asked *asked, struct person *person) {
  const struct query_world *world = asked->world;
  enum adduce_err err =
      world->author(world->context, asked->scope, &person->author, &person->key, asked->size);
  if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
  person->known = err == ADDUCE_OK;
  return err;
}

enum adduce_err people_get(struct asked *asked, const struct person **person,
                           const uint8_t *key32) {
  struct person *found = cache_get(&asked->people, span_of(key32, 32));
  if (found == NULL) {
    found = scope_new(asked->scope, struct person);
    if (found == NULL) return scope_no_memory(asked->scope);
    memcpy(found->key.bytes, key32, 32);
    TRY(ask_line(asked, found));
    TRY(ask_world(asked, found));
    TRY(cache_put(asked->scope, &asked->people, span_of(key32, 32), found));
  }
  *person = found;
  return ADDUCE_OK;
}

enum adduce_err people_own(struct asked *asked, bool *own, const uint8_t *actor32,
                           const uint8_t *author32) {
  const struct person *actor, *author;
  *own = memcmp(actor32, author32, 32) == 0;
  if (*own) return ADDUCE_OK;
  TRY(people_get(asked, &actor, actor32));
  TRY(people_get(asked, &author, author32));
  *own = memcmp(actor->root.bytes, author->root.bytes, 32) == 0 ||
         (actor->known && author->known && actor->author.organization.size != 0 &&
          span_equal(actor->author.organization, author->author.organization));
  return ADDUCE_OK;
}

/* --- keys revoked where their claims come from ------------------------------------------------*/

static enum adduce_err find_import(struct asked *asked, struct world_import *import, bool *is_there,
                                   uint64_t index) {
  const struct query_world *world = asked->world;
  enum adduce_err err = world->import(world->context, asked->scope, import, index);
  *is_there = err == ADDUCE_OK;
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

/* Whether a revocation is one by the source of an import, from within what came with it on. */
static enum adduce_err disowns(struct asked *asked, bool *is, const struct world_import *import,
                               uint64_t index) {
  const struct query_world *world = asked->world;
  struct world_import its_own;
  struct world_entry entry;
  struct parsed_ref ledger;
  int64_t from;
  TRY(find_import(asked, &its_own, is, index));
  *is = *is && memcmp(its_own.source.bytes, import->source.bytes, 32) == 0;
  if (!*is) return ADDUCE_OK;
  TRY(world->entry(world->context, asked->scope, &entry, index));
  const struct parsed *parsed = &entry.event.claim.parsed;
  const struct parsed_field *field = parsed_field(parsed, "effective_from");
  *is = field != NULL && field->slot == PARSED_VALUE &&
        parsed_find_ref(parsed, "ledger", &ledger) &&
        memcmp(ledger.id32, import->source.bytes, 32) == 0;
  if (!*is) return ADDUCE_OK;
  struct cursor cursor = cursor_of(field->value);
  *is = cursor_int(&cursor, &from) && from >= 0 && (uint64_t)from < import->source_size;
  return ADDUCE_OK;
}

enum adduce_err people_disowned(struct asked *asked, uint64_t *revocation,
                                const struct person *person, uint64_t index) {
  struct world_import import;
  bool is = false;
  *revocation = WORLD_NEVER;
  if (person->revocation_count == 0) return ADDUCE_OK;
  TRY(find_import(asked, &import, &is, index));
  if (!is) return ADDUCE_OK;
  for (size_t i = 0; i < person->revocation_count && *revocation == WORLD_NEVER; i++) {
    TRY(disowns(asked, &is, &import, person->revocations[i]));
    if (is) *revocation = person->revocations[i];
  }
  return ADDUCE_OK;
}

bool people_suspect(const struct person *person, uint64_t index) {
  return person->known && person->author.revoked_index != WORLD_NEVER &&
         index >= person->author.suspect_from_index;
}
