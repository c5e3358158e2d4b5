/* SPDX-License-Identifier: Apache-2.0 */
#include "query/selector.h"

#include "base/hex.h"
#include "claim/spelling.h"
#include "projection/key.h"
#include "query/ask_event.h"
#include "query/cluster.h"
#include "query/origin.h"
#include "query/range.h"
#include "query/resemblance.h"

static const char *const sorts[] = {"source", "origin", "author",  "key",
                                    "event",  "kind",   "handling"};
#define SORTS (sizeof sorts / sizeof *sorts)

static void set_text(struct asked *asked, struct selector *selector, struct adduce_span word) {
  selector->text =
      span_text(scope_format(asked->scope, "%s:%.*s", sorts[selector->sort], SPAN_ARGS(word)));
}

/* --- subjects ----------------------------------------------------------------------------- */

static enum adduce_err add_voices(struct asked *asked, struct selector *selector,
                                  struct adduce_span subject) {
  struct cluster cluster;
  TRY(cluster_find(asked, &cluster, subject));
  selector->voices = scope_array(asked->scope, cluster.count, sizeof *selector->voices);
  if (selector->voices == NULL) return scope_no_memory(asked->scope);
  for (size_t i = 0; i < cluster.count; i++) selector->voices[i] = cluster.members[i].subject;
  selector->voice_count = cluster.count;
  return ADDUCE_OK;
}

/* Whether a row says that its subject stands in one of these fields of the claim. */
static bool is_in(const struct row *row, const char *first, const char *second) {
  struct cursor list = cursor_of(range_value(row, "in"));
  struct adduce_span field;
  uint32_t count;
  if (!cursor_array(&list, &count)) return false;
  while (count-- > 0 && cursor_str(&list, &field))
    if (span_is(field, first) || span_is(field, second)) return true;
  return false;
}

struct search {
  struct asked *asked;
  bool is_found;
};

static enum adduce_err take_mention(void *context, const struct row *row) {
  struct search *search = context;
  search->is_found = is_in(row, "attribution", "publisher_subject");
  return search->is_found ? ADDUCE_E_NOT_FOUND : ADDUCE_OK;
}

static enum adduce_err take_about(void *context, const struct row *row) {
  struct search *search = context;
  struct profile profile;
  TRY(profile_read(search->asked, &profile, row->index));
  search->is_found = profile_is_source(&profile);
  return search->is_found ? ADDUCE_E_NOT_FOUND : ADDUCE_OK;
}

/* Whether anybody speaks by this id, or a source has it, or it publishes one. */
static enum adduce_err is_heard(struct search *search, struct adduce_span subject) {
  struct key key;
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, REGISTRY_MENTIONED);
  TRY(range_each(search->asked, REGISTRY_SUBJECTS, key_span(&key), take_mention, search));
  if (search->is_found) return ADDUCE_OK;
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, REGISTRY_ABOUT);
  return range_each(search->asked, REGISTRY_SUBJECTS, key_span(&key), take_about, search);
}

static enum adduce_err find_voices(struct asked *asked, struct selector *selector, bool *is_found) {
  struct search search = {asked, false};
  struct adduce_span subject =
      asked_subject(asked, scope_format(asked->scope, "%.*s", SPAN_ARGS(selector->word)));
  TRY(add_voices(asked, selector, subject));
  for (size_t i = 0; i < selector->voice_count && !search.is_found; i++)
    TRY(is_heard(&search, selector->voices[i]));
  *is_found = search.is_found;
  if (search.is_found) set_text(asked, selector, subject);
  return ADDUCE_OK;
}

/* --- events ------------------------------------------------------------------------------- */

static bool looks_like_event(struct adduce_span word) {
  static const char digits[] = "0123456789abcdefABCDEF";
  if (word.size != 0 && word.data[0] == '#') return true;
  for (size_t i = 0; i < word.size; i++)
    if (memchr(digits, word.data[i], sizeof digits - 1) == NULL) return false;
  return word.size != 0;
}

static enum adduce_err find_event(struct asked *asked, struct selector *selector,
                                  struct profile *profile) {
  struct adduce_id id;
  TRY(ask_event_resolve(asked->scope, asked->world, &id, &selector->index,
                        scope_format(asked->scope, "%.*s", SPAN_ARGS(selector->word))));
  if (selector->index >= asked->size)
    return scope_fail(asked->scope, ADDUCE_E_POSITION, "event #%llu is not there yet at #%llu",
                      (unsigned long long)selector->index, (unsigned long long)asked->size - 1);
  set_text(asked, selector, span_text(scope_format(asked->scope, "%s", hex_text32(id.bytes).text)));
  return profile_read(asked, profile, selector->index);
}

static enum adduce_err resolve_event(struct asked *asked, struct selector *selector) {
  struct profile profile;
  TRY(find_event(asked, selector, &profile));
  if (!profile.is_control) return ADDUCE_OK;
  unsigned long long index = profile.index;
  return scope_fail(
      asked->scope, ADDUCE_E_USAGE,
      "#%llu is %.*s, by whose rules this ledger was written: it is never left out%s", index,
      SPAN_ARGS(profile.kind_name),
      index == 0 ? "" : scope_format(asked->scope, " (--at #%llu asks before it)", index - 1));
}

static enum adduce_err resolve_source(struct asked *asked, struct selector *selector) {
  struct profile profile;
  bool is_found;
  TRY(find_voices(asked, selector, &is_found));
  if (is_found) return ADDUCE_OK;
  selector->voice_count = 0;
  if (!looks_like_event(selector->word)) return resemblance_refuse(asked, selector);
  TRY(find_event(asked, selector, &profile));
  if (!profile_is_source(&profile))
    return scope_fail(asked->scope, ADDUCE_E_USAGE,
                      "#%llu is %.*s and no source; event:#%llu leaves it out",
                      (unsigned long long)profile.index, SPAN_ARGS(profile.kind_name),
                      (unsigned long long)profile.index);
  return profile.subject.size == 0 ? ADDUCE_OK : add_voices(asked, selector, profile.subject);
}

/* --- keys --------------------------------------------------------------------------------- */

static bool begins(const uint8_t *key32, struct adduce_span digits) {
  struct hex64 hex = hex_text32(key32);
  if (digits.size < 4 || digits.size > 64) return false;
  for (size_t i = 0; i < digits.size; i++) {
    uint8_t digit = digits.data[i];
    if (digit >= 'A' && digit <= 'F') digit = (uint8_t)(digit - 'A' + 'a');
    if (digit != (uint8_t)hex.text[i]) return false;
  }
  return true;
}

static bool has_key(const struct selector *selector, const uint8_t *key32) {
  for (size_t i = 0; i < selector->key_count; i++)
    if (memcmp(selector->keys[i].bytes, key32, 32) == 0) return true;
  return false;
}

/* Room is made whenever the count is a power of two. */
static enum adduce_err add_key(struct asked *asked, struct selector *selector,
                               const uint8_t *key32) {
  size_t count = selector->key_count;
  if (has_key(selector, key32)) return ADDUCE_OK;
  if ((count & (count - 1)) == 0) {
    struct adduce_key *grown = scope_grow(asked->scope, selector->keys, count * sizeof *grown,
                                          (count == 0 ? 1 : 2 * count) * sizeof *grown);
    if (grown == NULL) return scope_no_memory(asked->scope);
    selector->keys = grown;
  }
  memcpy(selector->keys[selector->key_count++].bytes, key32, 32);
  return ADDUCE_OK;
}

struct described {
  const uint8_t *key32;
  struct adduce_span organization;
};

/* What a key says of itself. */
static enum adduce_err take_described(void *context, const struct row *row) {
  struct described *described = context;
  const uint8_t *by32;
  struct cursor cursor = cursor_of(range_value(row, "by"));
  if (!span_is(range_text(row, "act"), "described") || !cursor_bin_of(&cursor, 32, &by32) ||
      memcmp(by32, described->key32, 32) != 0)
    return ADDUCE_OK;
  described->organization = range_text(row, "organization");
  return ADDUCE_OK;
}

/* Whether a key is of this organization, by its authorization or its own description; or, if names
 * count, of an author of this name. */
static enum adduce_err is_of(struct asked *asked, bool *is_so, const uint8_t *key32,
                             struct adduce_span word, bool names_count) {
  const struct person *person;
  struct described described = {.key32 = key32};
  TRY(people_get(asked, &person, key32));
  *is_so = (person->known && person->author.organization.size != 0 &&
            span_equal(person->author.organization, word)) ||
           (names_count && person->name.size != 0 && span_equal(person->name, word));
  if (*is_so || !names_count) return ADDUCE_OK;
  TRY(range_each(asked, REGISTRY_AUTHORS, span_of(key32, 32), take_described, &described));
  *is_so = described.organization.size != 0 && span_equal(described.organization, word);
  return ADDUCE_OK;
}

struct keys {
  struct asked *asked;
  struct selector *selector;
  bool by_name, names_count, by_line;
};

/* One key that the ledger knows. */
static enum adduce_err try_key(struct keys *keys, const uint8_t *key32) {
  const struct person *one, *other;
  struct selector *selector = keys->selector;
  bool is_so = !keys->by_name && !keys->by_line && begins(key32, selector->word);
  if (keys->by_name) TRY(is_of(keys->asked, &is_so, key32, selector->word, keys->names_count));
  if (keys->by_line && selector->key_count != 0) {
    TRY(people_get(keys->asked, &one, key32));
    TRY(people_get(keys->asked, &other, selector->keys[0].bytes));
    is_so = memcmp(one->root.bytes, other->root.bytes, 32) == 0;
  }
  return is_so ? add_key(keys->asked, selector, key32) : ADDUCE_OK;
}

/* The keys that have signed something: of foreign ones the rules may know nothing. */
static enum adduce_err walk_signers(struct keys *keys) {
  struct range range;
  TRY(range_open(keys->asked, &range, REGISTRY_BYAUTHOR, span_of(NULL, 0)));
  enum adduce_err err = range_next(&range);
  while (err == ADDUCE_OK) {
    err = try_key(keys, range.row.key.data);
    if (err == ADDUCE_OK) err = range_next_stem(&range);
  }
  range_close(&range);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err walk_keys(struct keys *keys) {
  const struct query_world *world = keys->asked->world;
  struct adduce_scope *scope = keys->asked->scope;
  size_t count;
  TRY(world->author_count(world->context, scope, &count, keys->asked->size));
  for (size_t i = 0; i < count; i++) {
    struct world_author author;
    TRY(world->author_at(world->context, scope, &author, i, keys->asked->size));
    TRY(try_key(keys, author.key.bytes));
  }
  return walk_signers(keys);
}

static enum adduce_err resolve_key(struct asked *asked, struct selector *selector) {
  struct keys keys = {.asked = asked, .selector = selector};
  TRY(walk_keys(&keys));
  if (selector->key_count == 0) return resemblance_refuse(asked, selector);
  if (selector->key_count > 1)
    return scope_fail(
        asked->scope, ADDUCE_E_AMBIGUOUS, "%.*s begins %zu keys; give more digits: %s, %s%s",
        SPAN_ARGS(selector->word), selector->key_count, hex_text32(selector->keys[0].bytes).text,
        hex_text32(selector->keys[1].bytes).text, selector->key_count > 2 ? " ..." : "");
  set_text(asked, selector,
           span_text(scope_format(asked->scope, "%s", hex_text32(selector->keys[0].bytes).text)));
  return ADDUCE_OK;
}

/* A name, an organization, or else the beginning of a key, with the line that it is of. */
static enum adduce_err resolve_author(struct asked *asked, struct selector *selector) {
  struct keys keys = {.asked = asked, .selector = selector, .by_name = true, .names_count = true};
  TRY(walk_keys(&keys));
  if (selector->key_count != 0) return ADDUCE_OK;
  TRY(resolve_key(asked, selector));
  keys = (struct keys){.asked = asked, .selector = selector, .by_line = true};
  return walk_keys(&keys);
}

/* --- origins ------------------------------------------------------------------------------ */

struct origins {
  struct asked *asked;
  struct selector *selector;
  bool is_found;
};

static enum adduce_err look_at(struct origins *origins, uint64_t index) {
  struct profile profile;
  struct origin origin;
  TRY(profile_read(origins->asked, &profile, index));
  TRY(origin_of(origins->asked, &origin, &profile, NULL));
  origins->is_found = origin_is(&origin, origins->selector);
  return origins->is_found ? ADDUCE_E_NOT_FOUND : ADDUCE_OK;
}

static enum adduce_err take_origin(void *context, const struct row *row) {
  return is_in(row, "attribution", "attribution") ? look_at(context, row->index) : ADDUCE_OK;
}

static enum adduce_err take_signed(void *context, const struct row *row) {
  return look_at(context, row->index);
}

/* By rows as far as they can tell; whoever is unnamed, and a chain put right later, is found in the
 * events alone. */
static enum adduce_err search_origin(struct origins *origins) {
  struct asked *asked = origins->asked;
  const struct selector *selector = origins->selector;
  for (size_t i = 0; i < selector->voice_count && !origins->is_found; i++) {
    struct key key;
    key_init(&key);
    key_text(&key, selector->voices[i]);
    key_byte(&key, REGISTRY_MENTIONED);
    TRY(range_each(asked, REGISTRY_SUBJECTS, key_span(&key), take_origin, origins));
  }
  for (size_t i = 0; i < selector->key_count && !origins->is_found; i++)
    TRY(range_each(asked, REGISTRY_BYAUTHOR, span_of(selector->keys[i].bytes, 32), take_signed,
                   origins));
  for (uint64_t i = 0; i < asked->size && !origins->is_found; i++) {
    enum adduce_err err = look_at(origins, i);
    if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  }
  return ADDUCE_OK;
}

static enum adduce_err resolve_origin(struct asked *asked, struct selector *selector) {
  struct keys keys = {.asked = asked, .selector = selector, .by_name = true};
  struct origins origins = {asked, selector, false};
  const char *word = scope_format(asked->scope, "%.*s", SPAN_ARGS(selector->word));
  struct adduce_span subject = asked_subject(asked, word);
  if (spelling_subject(subject)) TRY(add_voices(asked, selector, subject));
  TRY(walk_keys(&keys));
  keys.by_name = false;
  if (selector->key_count == 0 && selector->word.size == 64) TRY(walk_keys(&keys));
  TRY(search_origin(&origins));
  return origins.is_found ? ADDUCE_OK : resemblance_refuse(asked, selector);
}

/* --- kinds and handling ------------------------------------------------------------------- */

static bool is_beginning(struct adduce_span kind) {
  uint8_t last = kind.size == 0 ? '\0' : kind.data[kind.size - 1];
  return last == '.' || last == ':';
}

static bool is_kind(const struct selector *selector, struct adduce_span kind) {
  struct adduce_span word = selector->word;
  if (!is_beginning(word)) return span_equal(kind, word);
  return kind.size >= word.size && memcmp(kind.data, word.data, word.size) == 0;
}

/* Whether there is an event of the kind, and one that can be left out. */
static enum adduce_err find_kind(struct asked *asked, const struct selector *selector,
                                 bool *is_there, bool *is_free) {
  struct range range;
  *is_there = *is_free = false;
  TRY(range_open(asked, &range, REGISTRY_BYKIND, span_of(NULL, 0)));
  enum adduce_err err = range_next(&range);
  for (; err == ADDUCE_OK; err = range_next_stem(&range)) {
    struct adduce_span rest = range.row.key, kind;
    bool is_whole;
    if (!key_take_text(&rest, &kind, &is_whole) || !is_kind(selector, kind)) continue;
    *is_there = true;
    *is_free |= !vocabulary_control_name(kind);
  }
  range_close(&range);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err resolve_kind(struct asked *asked, struct selector *selector) {
  bool is_there, is_free;
  TRY(find_kind(asked, selector, &is_there, &is_free));
  if (!is_there) return resemblance_refuse(asked, selector);
  if (is_free) return ADDUCE_OK;
  return scope_fail(asked->scope, ADDUCE_E_USAGE,
                    "%.*s: events of this kind are the rules by which this ledger was written, "
                    "and are never left out",
                    SPAN_ARGS(selector->word));
}

static enum adduce_err resolve_handling(struct asked *asked, struct selector *selector) {
  static const char above[] = "-and-above";
  struct adduce_span word = selector->word;
  size_t size = sizeof above - 1;
  bool is_open = word.size > size && memcmp(word.data + word.size - size, above, size) == 0;
  if (is_open) word.size -= size;
  if (spelling_handling_of(word, &selector->least)) {
    selector->most = is_open ? ADDUCE_RED : selector->least;
    return ADDUCE_OK;
  }
  return scope_fail(asked->scope, ADDUCE_E_USAGE,
                    "handling:%.*s: the levels are clear, green, amber, amber+strict and red; "
                    "handling:amber-and-above takes what is stricter as well",
                    SPAN_ARGS(selector->word));
}

/* --- the selector ------------------------------------------------------------------------- */

/* What a word without a sort may mean: a name that is known here. */
static enum adduce_err guess_sort(struct asked *asked, struct selector *selector,
                                  const char **sort) {
  struct keys keys = {.asked = asked, .selector = selector, .by_name = true, .names_count = true};
  bool is_there, is_free;
  *sort = NULL;
  TRY(find_voices(asked, selector, &is_there));
  if (is_there) *sort = "source";
  if (*sort == NULL) TRY(find_kind(asked, selector, &is_there, &is_free));
  if (*sort == NULL && is_there) *sort = "kind";
  if (*sort == NULL) TRY(walk_keys(&keys));
  if (*sort == NULL && selector->key_count != 0) *sort = "author";
  keys.by_name = false;
  if (*sort == NULL) TRY(walk_keys(&keys));
  if (*sort == NULL && selector->key_count != 0) *sort = "key";
  return ADDUCE_OK;
}

/* A word without a sort: what it would select with one. */
static enum adduce_err refuse_bare(struct asked *asked, struct selector *selector,
                                   const char *text) {
  static const char without_sort[] = "does not say what it selects";
  const char *sort = NULL;
  struct profile profile;
  selector->word = span_text(text);
  if (strchr(text, ':') == NULL && *text != '\0' && *text != '#')
    TRY(guess_sort(asked, selector, &sort));
  if (sort != NULL)
    return scope_fail(asked->scope, ADDUCE_E_USAGE, "\"%s\" %s; there is %s:%s", text, without_sort,
                      sort, text);
  if (!looks_like_event(selector->word))
    return scope_fail(asked->scope, ADDUCE_E_USAGE,
                      "\"%s\" selects nothing: source:X, origin:X, author:WHO, key:HEX, event:ID, "
                      "kind:K or handling:LEVEL",
                      text);
  TRY(find_event(asked, selector, &profile));
  bool is_source = profile_is_source(&profile);
  return scope_fail(asked->scope, ADDUCE_E_USAGE, "\"%s\" %s; event:%s is #%llu, %.*s%s%s%s", text,
                    without_sort, text, (unsigned long long)profile.index,
                    SPAN_ARGS(profile.kind_name), is_source ? ", and source:" : "",
                    is_source ? text : "", is_source ? " all that came through it" : "");
}

enum adduce_err selector_resolve(struct asked *asked, struct selector *selector, const char *text) {
  static enum adduce_err (*const resolve[])(struct asked *, struct selector *) = {
      resolve_source, resolve_origin, resolve_author,  resolve_key,
      resolve_event,  resolve_kind,   resolve_handling};
  const char *colon = strchr(text, ':');
  *selector = (struct selector){.text = span_text(text), .index = WORLD_NEVER};
  for (size_t i = 0; colon != NULL && i < SORTS; i++) {
    if (strlen(sorts[i]) != (size_t)(colon - text) ||
        strncmp(text, sorts[i], strlen(sorts[i])) != 0)
      continue;
    selector->sort = (enum selector_sort)i;
    selector->word = span_text(colon + 1);
    if (selector->word.size == 0)
      return scope_fail(asked->scope, ADDUCE_E_USAGE, "\"%s\" does not say which", text);
    return resolve[i](asked, selector);
  }
  return refuse_bare(asked, selector, text);
}

bool selector_takes(const struct selector *selector, const struct profile *profile) {
  switch (selector->sort) {
    case SELECTOR_AUTHOR:
    case SELECTOR_KEY:
      return has_key(selector, profile->author32);
    case SELECTOR_EVENT:
      return profile->index == selector->index;
    case SELECTOR_KIND:
      return is_kind(selector, profile->kind_name);
    case SELECTOR_HANDLING:
      return profile->handling >= selector->least && profile->handling <= selector->most;
    default:
      return false;
  }
}

bool selector_has_voice(const struct selector *selector, struct adduce_span subject) {
  for (size_t i = 0; subject.size != 0 && i < selector->voice_count; i++)
    if (span_equal(selector->voices[i], subject)) return true;
  return false;
}

bool selector_is_source(const struct selector *selector, const struct profile *profile) {
  return profile_is_source(profile) &&
         (profile->index == selector->index || selector_has_voice(selector, profile->subject) ||
          selector_has_voice(selector, profile->publisher));
}
