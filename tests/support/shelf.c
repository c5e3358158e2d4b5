/* SPDX-License-Identifier: Apache-2.0 */
#include "support/shelf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bigendian.h"
#include "base/hex.h"
#include "codec/value.h"
#include "sys/file.h"

#define HOUR_US INT64_C(3600000000)

static void must(struct shelf *shelf, enum adduce_err err, const char *what) {
  if (err == ADDUCE_OK) return;
  (void)fprintf(stderr, "shelf: %s: %s: %s\n", what, adduce_error_name(err),
                adduce_scope_detail(shelf->scope));
  abort();
}

/* --- opening ------------------------------------------------------------------------------ */

static void make_author(struct shelf *shelf, size_t number) {
  static const char *const others[] = {"Agency", "Outlet", "Ministry", "Viasna"};
  uint8_t seed[32] = {0};
  seed[0] = (uint8_t)(number + 1);
  must(shelf, signer_from_seed(shelf->scope, &shelf->signers[number], seed), "signer");
  shelf->authors[number] = (struct world_author){
      .key = *signer_key(shelf->signers[number]),
      .organization = span_text(number % 2 == 0 ? "Monitor" : others[number / 2 % 4]),
      .rights = number == 0 ? 0xff : 1,
      .revoked_index = WORLD_NEVER,
      .suspect_from_index = WORLD_NEVER,
  };
}

static void make_folder(struct shelf *shelf) {
  const char *base = getenv("TMPDIR");
  (void)snprintf(shelf->folder, sizeof shelf->folder, "%.40s/adduce-XXXXXX",
                 base == NULL ? "/tmp" : base);
  if (mkdtemp(shelf->folder) == NULL) abort();
}

void shelf_open(struct shelf *shelf, size_t authors) {
  *shelf = (struct shelf){.author_count = authors};
  if (adduce_scope_open(&shelf->scope, (size_t)4 << 30) != ADDUCE_OK) abort();
  make_folder(shelf);
  const char *folder = scope_format(shelf->scope, "%s/projections", shelf->folder);
  must(shelf, fold_create(shelf->scope, folder), "create");
  must(shelf, fold_open(shelf->scope, &shelf->store, folder, STORE_READ_WRITE), "open");
  for (size_t i = 0; i < authors; i++) make_author(shelf, i);
  shelf->empty = scope_mark(shelf->scope);
  must(shelf, vocabulary_open(shelf->scope, &shelf->vocabulary), "vocabulary");
}

void shelf_empty(struct shelf *shelf) {
  shelf_unsee(shelf);
  scope_rewind(shelf->scope, shelf->empty);
  shelf->entries = NULL;
  shelf->count = shelf->capacity = 0;
  must(shelf, vocabulary_open(shelf->scope, &shelf->vocabulary), "vocabulary");
}

void shelf_close(struct shelf *shelf) {
  shelf_unsee(shelf);
  store_close(&shelf->store);
  for (size_t i = 0; i < shelf->author_count; i++) signer_close(&shelf->signers[i]);
  must(shelf, file_remove_tree(shelf->scope, shelf->folder), "remove");
  adduce_scope_close(&shelf->scope);
}

/* --- filling ------------------------------------------------------------------------------ */

uint64_t shelf_put(struct shelf *shelf, const struct event *event) {
  if (shelf->count == shelf->capacity) {
    size_t capacity = shelf->capacity == 0 ? 256 : 2 * shelf->capacity;
    struct shelf_entry *grown = scope_alloc(shelf->scope, capacity * sizeof *grown);
    if (grown == NULL) abort();
    if (shelf->count != 0) memcpy(grown, shelf->entries, shelf->count * sizeof *grown);
    shelf->entries = grown;
    shelf->capacity = capacity;
  }
  struct shelf_entry *entry = &shelf->entries[shelf->count];
  entry->recorded_at_us = SHELF_START_US + (int64_t)shelf->count * HOUR_US;
  entry->event = scope_copy(shelf->scope, event->claim.parsed.event);
  entry->content = scope_copy(shelf->scope, event->claim.parsed.content);
  entry->id = event->id;
  if (shelf->count == 0) shelf->genesis = event->id;
  if (span_is(event->claim.parsed.kind, "kind.declared"))
    must(shelf,
         vocabulary_declare(shelf->scope, shelf->vocabulary, &event->claim.parsed, event->id.bytes),
         "declare");
  return shelf->count++;
}

uint64_t shelf_say(struct shelf *shelf, size_t author, const char *kind,
                   const struct adduce_value *content, const struct parsed_ref *refs,
                   size_t ref_count) {
  struct event event;
  struct event_draft draft = {
      .kind = span_text(kind),
      .claimed_at_us = SHELF_START_US + (int64_t)shelf->count * HOUR_US,
      .refs = refs,
      .ref_count = ref_count,
      .content = content,
  };
  must(shelf, event_sign(shelf->scope, &event, &draft, shelf->vocabulary, shelf->signers[author]),
       kind);
  return shelf_put(shelf, &event);
}

uint64_t shelf_add(struct shelf *shelf, size_t author, const char *kind, const char *json, ...) {
  const struct adduce_value *content;
  struct parsed_ref refs[16];
  size_t count = 0;
  va_list pairs;
  must(shelf, adduce_value_from_json(shelf->scope, &content, json, strlen(json)), json);
  va_start(pairs, json);
  for (;;) {
    const char *role = va_arg(pairs, const char *);
    if (role == NULL) break;
    int index = va_arg(pairs, int);
    refs[count++] = (struct parsed_ref){span_text(role), shelf->entries[index].id.bytes};
  }
  va_end(pairs);
  return shelf_say(shelf, author, kind, content, refs, count);
}

void shelf_found(struct shelf *shelf) {
  (void)shelf_add(shelf, 0, "ledger.created",
                  "{\"origin\":\"" SHELF_ORIGIN "\",\"vkey\":\"" SHELF_ORIGIN "+0f1e2d3c+AQ\"}",
                  (char *)NULL);
}

struct event shelf_event(struct shelf *shelf, uint64_t index) {
  struct parsed parsed;
  struct event event;
  const struct shelf_entry *entry = &shelf->entries[index];
  must(shelf, parsed_read_stored(shelf->scope, &parsed, entry->event, entry->content), "read");
  event_recall(&event, &parsed, shelf->vocabulary);
  return event;
}

void shelf_withhold(struct shelf *shelf, uint64_t index, const char *field, int64_t element) {
  struct event event = shelf_event(shelf, index);
  struct content_path path = {span_text(field), element};
  must(
      shelf,
      content_withhold(shelf->scope, &shelf->entries[index].content, &event.claim.parsed, &path, 1),
      "withhold");
}

/* --- folding ------------------------------------------------------------------------------ */

static enum adduce_err feed_open(void *context, struct adduce_scope *scope,
                                 struct fold_reader *reader) {
  struct shelf *shelf = context;
  (void)scope;
  *reader = (struct fold_reader){shelf, shelf->count, shelf->vocabulary};
  return ADDUCE_OK;
}

static void feed_close(void *context, struct fold_reader *reader) {
  (void)context;
  reader->handle = NULL;
}

static enum adduce_err feed_entry(void *context, struct adduce_scope *scope,
                                  struct fold_reader *reader, int64_t *recorded_at_us,
                                  struct claim *claim, uint64_t index) {
  struct shelf *shelf = context;
  struct parsed parsed;
  const struct shelf_entry *entry = &shelf->entries[index];
  TRY(parsed_read_stored(scope, &parsed, entry->event, entry->content));
  claim_recall(claim, &parsed, reader->vocabulary);
  *recorded_at_us = entry->recorded_at_us;
  return ADDUCE_OK;
}

/* Not the root of a tree, but it says as much. */
static enum adduce_err see_root(void *context, struct adduce_scope *scope, struct adduce_hash *root,
                                uint64_t size) {
  struct shelf *shelf = context;
  (void)scope;
  *root = hash_bytes(span_of(&size, sizeof size));
  if (size > 0)
    for (size_t i = 0; i < 32; i++) root->bytes[i] ^= shelf->entries[size - 1].id.bytes[i];
  return ADDUCE_OK;
}

static enum adduce_err feed_root(void *context, struct adduce_scope *scope,
                                 struct fold_reader *reader, struct adduce_hash *root,
                                 uint64_t size) {
  (void)reader;
  return see_root(context, scope, root, size);
}

static enum adduce_err find(struct shelf *shelf, uint64_t *index, const uint8_t *id, size_t size) {
  size_t found = 0;
  for (size_t i = 0; i < shelf->count; i++) {
    if (memcmp(shelf->entries[i].id.bytes, id, size) != 0) continue;
    *index = i;
    found++;
  }
  return found == 0 ? ADDUCE_E_NOT_FOUND : found == 1 ? ADDUCE_OK : ADDUCE_E_AMBIGUOUS;
}

static enum adduce_err feed_find(void *context, struct adduce_scope *scope,
                                 struct fold_reader *reader, uint64_t *index,
                                 const struct adduce_id *id) {
  (void)scope;
  (void)reader;
  return find(context, index, id->bytes, 32);
}

struct fold_feed shelf_feed(struct shelf *shelf) {
  return (struct fold_feed){.context = shelf,
                            .genesis = shelf->genesis,
                            .step = shelf->step,
                            .threads = shelf->threads,
                            .open = feed_open,
                            .close = feed_close,
                            .entry = feed_entry,
                            .root_at = feed_root,
                            .find = feed_find};
}

void shelf_fold(struct shelf *shelf) {
  struct fold_feed feed = shelf_feed(shelf);
  must(shelf, fold_catch_up(shelf->scope, shelf->store, &feed), "fold");
}

/* --- asking ------------------------------------------------------------------------------- */

static enum adduce_err see_entry(void *context, struct adduce_scope *scope,
                                 struct world_entry *entry, uint64_t index) {
  struct shelf *shelf = context;
  struct fold_reader reader = {shelf, shelf->count, shelf->vocabulary};
  if (index >= shelf->count) return scope_fail(scope, ADDUCE_E_POSITION, "beyond the end");
  entry->index = index;
  entry->entry = shelf->entries[index].event;
  TRY(feed_entry(context, scope, &reader, &entry->recorded_at_us, &entry->event.claim, index));
  entry->event.id = event_id(&entry->event.claim.parsed);
  return ADDUCE_OK;
}

static enum adduce_err see_id(void *context, struct adduce_scope *scope, uint64_t *index,
                              const struct adduce_id *id) {
  (void)scope;
  return find(context, index, id->bytes, 32);
}

static enum adduce_err see_prefix(void *context, struct adduce_scope *scope, uint64_t *index,
                                  struct adduce_span digits) {
  uint8_t id[32];
  if (digits.size < 4 ||
      !hex_decode(span_of(digits.data, digits.size & ~(size_t)1), id, digits.size / 2))
    return scope_fail(scope, ADDUCE_E_USAGE, "no prefix");
  return find(context, index, id, digits.size / 2);
}

static enum adduce_err see_time(void *context, struct adduce_scope *scope, uint64_t *index,
                                int64_t time_us) {
  struct shelf *shelf = context;
  if (shelf->count == 0 || time_us < shelf->entries[0].recorded_at_us)
    return scope_fail(scope, ADDUCE_E_POSITION, "before the first entry");
  *index = 0;
  while (*index + 1 < shelf->count && shelf->entries[*index + 1].recorded_at_us <= time_us)
    ++*index;
  return ADDUCE_OK;
}

static struct world_author author_of(const struct shelf *shelf, size_t number, uint64_t size) {
  struct world_author author = shelf->authors[number];
  if (author.revoked_index != WORLD_NEVER && author.revoked_index >= size) {
    author.revoked_index = author.suspect_from_index = WORLD_NEVER;
    author.reason = NULL;
  }
  return author;
}

static enum adduce_err see_author(void *context, struct adduce_scope *scope,
                                  struct world_author *author, const struct adduce_key *key,
                                  uint64_t size) {
  struct shelf *shelf = context;
  (void)scope;
  for (size_t i = 0; i < shelf->author_count; i++) {
    if (memcmp(shelf->authors[i].key.bytes, key->bytes, 32) != 0) continue;
    *author = author_of(shelf, i, size);
    return ADDUCE_OK;
  }
  return ADDUCE_E_NOT_FOUND;
}

static enum adduce_err see_author_count(void *context, struct adduce_scope *scope, size_t *count,
                                        uint64_t size) {
  struct shelf *shelf = context;
  (void)scope;
  (void)size;
  *count = shelf->author_count;
  return ADDUCE_OK;
}

static enum adduce_err see_author_at(void *context, struct adduce_scope *scope,
                                     struct world_author *author, size_t position, uint64_t size) {
  (void)scope;
  *author = author_of(context, position, size);
  return ADDUCE_OK;
}

static enum adduce_err see_import(void *context, struct adduce_scope *scope,
                                  struct world_import *import, uint64_t index) {
  (void)context;
  (void)scope;
  (void)import;
  (void)index;
  return ADDUCE_E_NOT_FOUND; /* nothing comes from elsewhere */
}

static bool see_capture(void *context, const struct adduce_hash *digest) {
  (void)context;
  return digest->bytes[0] == 0;
}

static enum adduce_err see_quarantined(void *context, struct adduce_scope *scope,
                                       struct world_quarantined *item, uint64_t from) {
  struct shelf *shelf = context;
  (void)scope;
  if (from > 1 || shelf->count == 0) return ADDUCE_E_NOT_FOUND;
  *item = (struct world_quarantined){
      .number = 1,
      .reason = span_text("an unknown author"),
      .event = shelf->entries[0].event,
      .content = shelf->entries[0].content,
  };
  return ADDUCE_OK;
}

struct query_world shelf_see(struct shelf *shelf) {
  static const char *const rights[] = {"append", "found",   "authorize", "revoke",
                                       "erase",  "declare", "policy",    "sign"};
  shelf_unsee(shelf);
  must(shelf, store_begin_read(shelf->scope, shelf->store, &shelf->rows), "read");
  return (struct query_world){.context = shelf,
                              .size = shelf->count,
                              .genesis = shelf->genesis,
                              .origin = span_text(SHELF_ORIGIN),
                              .vocabulary = shelf->vocabulary,
                              .rows = shelf->rows,
                              .right_names = rights,
                              .right_count = 8,
                              .entry = see_entry,
                              .find = see_id,
                              .find_prefix = see_prefix,
                              .at_time = see_time,
                              .root_at = see_root,
                              .author = see_author,
                              .author_count = see_author_count,
                              .author_at = see_author_at,
                              .import = see_import,
                              .capture_held = see_capture,
                              .quarantined = see_quarantined};
}

void shelf_unsee(struct shelf *shelf) {
  if (shelf->rows != NULL) store_end_read(&shelf->rows);
}

const char *shelf_json(struct shelf *shelf, const struct adduce_value *value) {
  const char *json;
  must(shelf, adduce_value_to_json(shelf->scope, &json, value, true), "json");
  return json;
}
