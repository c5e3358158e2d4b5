/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_authors.h"

#include "query/believed.h"
#include "query/modefilter.h"
#include "query/people.h"
#include "query/range.h"

static void set_rights(const struct asked *asked, struct adduce_value *map, unsigned rights) {
  struct adduce_value *list = value_list(asked->scope);
  for (size_t i = 0; i < asked->world->right_count; i++)
    if ((rights >> i & 1) != 0)
      value_add(asked->scope, list, value_text(asked->scope, asked->world->right_names[i]));
  asked_set(asked, map, "rights", list);
}

static void set_revocation(const struct asked *asked, struct adduce_value *map,
                           const struct world_author *author) {
  if (author->revoked_index == WORLD_NEVER) return;
  asked_set_number(asked, map, "revoked_index", author->revoked_index);
  if (author->suspect_from_index != WORLD_NEVER)
    asked_set_number(asked, map, "suspect_from", author->suspect_from_index);
  if (author->reason != NULL) asked_set_text(asked, map, "reason", author->reason);
}

/* That of the authorization; without one, what the key says of itself, which is said as well. */
static void set_organization(const struct asked *asked, struct adduce_value *map,
                             const struct world_author *author, const struct person *person) {
  bool is_own = author->organization.size == 0 && person->described.size != 0;
  asked_set_str(asked, map, "organization", is_own ? person->described : author->organization);
  asked_set_flag(asked, map, "self_described", is_own);
}

struct counting {
  struct asked *asked;
  uint64_t claims;
};

static enum adduce_err take_signed(void *context, const struct row *row) {
  struct counting *counting = context;
  bool is_in;
  TRY(believed_admit(counting->asked, &is_in, row->index));
  counting->claims += is_in;
  return ADDUCE_OK;
}

/* Under a policy those that count; the others are counted by their rules. */
static enum adduce_err count_claims(struct asked *asked, uint64_t *claims, const uint8_t *key32) {
  struct counting counting = {asked, 0};
  struct adduce_span prefix = span_of(key32, 32);
  if (asked->believed == NULL) return range_count(asked, claims, REGISTRY_BYAUTHOR, prefix);
  TRY(range_each(believed_whole(asked), REGISTRY_BYAUTHOR, prefix, take_signed, &counting));
  *claims = counting.claims;
  return ADDUCE_OK;
}

static enum adduce_err add_author(struct asked *asked, struct adduce_value *list,
                                  const struct world_author *author) {
  struct adduce_value *map = value_map(asked->scope);
  const struct person *person;
  uint64_t claims;
  TRY(people_get(asked, &person, author->key.bytes));
  TRY(count_claims(asked, &claims, author->key.bytes));
  asked_set_id(asked, map, "key", author->key.bytes);
  asked_set_str(asked, map, "name", person->name);
  set_organization(asked, map, author, person);
  set_rights(asked, map, author->rights);
  asked_set_number(asked, map, "authorized_index", author->authorized_index);
  set_revocation(asked, map, author);
  if (memcmp(person->root.bytes, author->key.bytes, 32) != 0)
    asked_set_id(asked, map, "line", person->root.bytes);
  asked_set_number(asked, map, "claims", claims);
  value_add(asked->scope, list, map);
  return value_finish(asked->scope);
}

enum adduce_err ask_authors(struct asked *asked, struct adduce_value *answer) {
  const struct query_world *world = asked->world;
  struct adduce_value *list = value_list(asked->scope);
  struct asked_page page = {.seen = 0};
  size_t count;
  TRY(modefilter_refuse(asked, "keys are authorized, not said; `log` and `sources` take these"));
  TRY(believed_open_tried(asked));
  TRY(world->author_count(world->context, asked->scope, &count, asked->size));
  for (size_t i = 0; i < count && !page.more; i++) {
    struct world_author author;
    TRY(world->author_at(world->context, asked->scope, &author, i, asked->size));
    if (asked_turn(asked, &page) == ASKED_SHOW) TRY(add_author(asked, list, &author));
  }
  asked_set(asked, answer, "authors", list);
  TRY(believed_render_admitted(asked, answer));
  asked_more(asked, answer, &page);
  return value_finish(asked->scope);
}
