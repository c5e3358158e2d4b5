/* SPDX-License-Identifier: Apache-2.0 */
#include "query/resemblance.h"

#include "base/hex.h"
#include "projection/key.h"
#include "query/people.h"
#include "query/range.h"

#define SHOWN 4
#define NAME_BYTES 64    /* of a name that is compared; of a longer one its end */
#define LOOKED_AT 50000u /* names, at most: it is only a hint */
#define FAR 3u           /* letters apart that still resemble */

/* --- how far apart ------------------------------------------------------------------------ */

struct letters {
  uint8_t bytes[NAME_BYTES];
  size_t size;
};

/* The last part of an id, or a name, in small letters. */
static struct letters letters_of(struct adduce_span name) {
  struct letters letters = {.size = 0};
  size_t begin = 0;
  for (size_t i = 0; i + 1 < name.size; i++)
    if (name.data[i] == '/') begin = i + 1;
  if (name.size - begin > NAME_BYTES) begin = name.size - NAME_BYTES;
  for (size_t i = begin; i < name.size; i++) {
    uint8_t byte = name.data[i];
    letters.bytes[letters.size++] = byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte - 'A' + 'a') : byte;
  }
  return letters;
}

static bool stands_in(const struct letters *small, const struct letters *large) {
  if (small->size < 3 || small->size > large->size) return false;
  for (size_t at = 0; at + small->size <= large->size; at++)
    if (memcmp(large->bytes + at, small->bytes, small->size) == 0) return true;
  return false;
}

static unsigned least(unsigned a, unsigned b, unsigned c) {
  unsigned both = a < b ? a : b;
  return both < c ? both : c;
}

unsigned resemblance_distance(struct adduce_span a, struct adduce_span b, unsigned limit) {
  struct letters left = letters_of(a), right = letters_of(b);
  unsigned row[NAME_BYTES + 1];
  if (stands_in(&left, &right) || stands_in(&right, &left)) return 0;
  for (size_t j = 0; j <= right.size; j++) row[j] = (unsigned)j;
  for (size_t i = 1; i <= left.size; i++) {
    unsigned corner = row[0];
    row[0] = (unsigned)i;
    for (size_t j = 1; j <= right.size; j++) {
      unsigned above = row[j];
      row[j] =
          least(row[j] + 1, row[j - 1] + 1, corner + (left.bytes[i - 1] != right.bytes[j - 1]));
      corner = above;
    }
  }
  return row[right.size] > limit ? limit + 1 : row[right.size];
}

/* --- what there is ------------------------------------------------------------------------ */

struct pool {
  struct asked *asked;
  const struct selector *selector;
  struct {
    struct adduce_span name;
    unsigned distance;
  } best[SHOWN];
  size_t count;
  uint64_t looked_at;
};

static bool is_offered(const struct pool *pool, struct adduce_span name) {
  for (size_t i = 0; i < pool->count; i++)
    if (span_equal(pool->best[i].name, name)) return true;
  return false;
}

/* Keeps the nearest; of equal ones those that came first. */
static void offer(struct pool *pool, struct adduce_span name) {
  unsigned distance = resemblance_distance(pool->selector->word, name, FAR);
  size_t at = pool->count;
  pool->looked_at++;
  if (name.size == 0 || is_offered(pool, name)) return;
  if (at == SHOWN && pool->best[at - 1].distance <= distance) return;
  if (at == SHOWN) at--;
  for (; at > 0 && pool->best[at - 1].distance > distance; at--)
    pool->best[at] = pool->best[at - 1];
  pool->best[at].name = scope_copy(pool->asked->scope, name);
  pool->best[at].distance = distance;
  if (pool->count < SHOWN) pool->count++;
}

static bool speaks(const struct row *row) {
  struct cursor list = cursor_of(range_value(row, "in"));
  struct adduce_span field;
  uint32_t count;
  if (!cursor_array(&list, &count)) return false;
  while (count-- > 0 && cursor_str(&list, &field))
    if (span_is(field, "attribution") || span_is(field, "publisher_subject")) return true;
  return false;
}

/* Who speaks in some chain, or publishes a source. */
static enum adduce_err offer_speakers(struct pool *pool) {
  struct range range;
  TRY(range_open(pool->asked, &range, REGISTRY_SUBJECTS, span_of(NULL, 0)));
  enum adduce_err err = range_next(&range);
  for (; err == ADDUCE_OK && pool->looked_at < LOOKED_AT; err = range_next_stem(&range)) {
    struct adduce_span rest = range.row.key, name;
    bool is_whole;
    if (!key_take_text(&rest, &name, &is_whole) || rest.size == 0) continue;
    if (*rest.data == REGISTRY_MENTIONED && is_whole && speaks(&range.row)) offer(pool, name);
  }
  range_close(&range);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err offer_source(void *context, const struct row *row) {
  struct pool *pool = context;
  offer(pool, range_text(row, "subject"));
  return pool->looked_at < LOOKED_AT ? ADDUCE_OK : ADDUCE_E_NOT_FOUND;
}

static enum adduce_err offer_authors(struct pool *pool) {
  const struct query_world *world = pool->asked->world;
  struct adduce_scope *scope = pool->asked->scope;
  size_t count;
  TRY(world->author_count(world->context, scope, &count, pool->asked->size));
  for (size_t i = 0; i < count && pool->looked_at < LOOKED_AT; i++) {
    struct world_author author;
    const struct person *person;
    TRY(world->author_at(world->context, scope, &author, i, pool->asked->size));
    TRY(people_get(pool->asked, &person, author.key.bytes));
    bool is_named = author.organization.size != 0 || person->name.size != 0;
    if (pool->selector->sort == SELECTOR_KEY || !is_named)
      offer(pool, span_text(scope_format(scope, "%.16s", hex_text32(author.key.bytes).text)));
    if (pool->selector->sort == SELECTOR_KEY) continue;
    offer(pool, author.organization);
    offer(pool, person->name);
  }
  return ADDUCE_OK;
}

static enum adduce_err offer_kinds(struct pool *pool) {
  struct range range;
  TRY(range_open(pool->asked, &range, REGISTRY_BYKIND, span_of(NULL, 0)));
  enum adduce_err err = range_next(&range);
  for (; err == ADDUCE_OK; err = range_next_stem(&range)) {
    struct adduce_span rest = range.row.key, kind;
    bool is_whole;
    if (key_take_text(&rest, &kind, &is_whole) && !vocabulary_control_name(kind)) offer(pool, kind);
  }
  range_close(&range);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err fill(struct pool *pool) {
  static const uint8_t registered[] = {1};
  switch (pool->selector->sort) {
    case SELECTOR_SOURCE:
      TRY(offer_speakers(pool));
      return range_each(pool->asked, REGISTRY_SOURCES, span_of(registered, 1), offer_source, pool);
    case SELECTOR_ORIGIN:
      TRY(offer_speakers(pool));
      return offer_authors(pool);
    case SELECTOR_KIND:
      return offer_kinds(pool);
    default:
      return offer_authors(pool);
  }
}

/* --- refusing ----------------------------------------------------------------------------- */

static const char *say_no(const struct selector *selector) {
  switch (selector->sort) {
    case SELECTOR_SOURCE:
      return "nobody cites or quotes";
    case SELECTOR_ORIGIN:
      return "no claim goes back to";
    case SELECTOR_KIND:
      return "there is no event of kind";
    case SELECTOR_KEY:
      return "no key here begins with";
    default:
      return "there is no author, organization or key";
  }
}

enum adduce_err resemblance_refuse(struct asked *asked, const struct selector *selector) {
  struct pool pool = {.asked = asked, .selector = selector};
  struct buffer names;
  struct adduce_span text;
  buffer_init(&names, asked->scope);
  TRY(fill(&pool));
  unsigned far = selector->word.size > 2 * FAR ? FAR : (unsigned)selector->word.size / 2;
  bool is_near = pool.count > 0 && pool.best[0].distance <= far;
  for (size_t i = 0; i < pool.count; i++)
    if (!is_near || pool.best[i].distance <= far)
      buffer_format(&names, "%s%.*s", i == 0 ? "" : ", ", SPAN_ARGS(pool.best[i].name));
  TRY(buffer_take(&names, &text));
  return scope_fail(asked->scope, ADDUCE_E_NOT_FOUND, "%s \"%.*s\" at #%llu; %s %.*s",
                    say_no(selector), SPAN_ARGS(selector->word),
                    (unsigned long long)asked->size - 1,
                    is_near ? "it resembles" : "there are, among others,",
                    SPAN_ARGS(text.size == 0 ? span_text("nothing of the sort") : text));
}
