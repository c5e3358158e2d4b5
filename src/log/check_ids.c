/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
#include "log/check_priv.h"
#include "log/ids.h"

typedef unsigned long long number; /* what %llu takes */

/* --- all at once ----------------------------------------------------------------------------*/

/* Whoever wrote the log does not know the secret, so that no other set can be made to fit. */
void check_ids_add(struct check_sum *sum, const uint8_t *id32, uint64_t index,
                   const uint8_t *secret16) {
  uint8_t record[40], digest[16];
  memcpy(record, id32, 32);
  bigendian_put64(record + 32, index);
  hash_keyed128(digest, secret16, span_of(record, sizeof record));
  for (size_t i = 0; i < 2; i++) sum->lanes[i] += bigendian_get64(digest + 8 * i);
}

void check_ids_join(struct check_sum *sum, const struct check_sum *other) {
  for (size_t i = 0; i < 2; i++) sum->lanes[i] += other->lanes[i];
}

static enum adduce_err add_all(struct adduce_scope *scope, const struct check *check,
                               struct store_cursor *cursor, struct check_sum *sum) {
  enum adduce_err err = store_cursor_seek(scope, cursor, span_of(NULL, 0));
  for (; err == ADDUCE_OK; err = store_cursor_next(scope, cursor)) {
    if (cursor->key.size != 32 || cursor->value.size != 8)
      return scope_fail(scope, ADDUCE_E_FAILED, "the table ids has a record of a wrong size");
    check_ids_add(sum, cursor->key.data, bigendian_get64(cursor->value.data), check->secret);
  }
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err add_table(struct adduce_scope *scope, const struct check *check,
                                 struct check_sum *sum, unsigned i) {
  struct store_cursor cursor;
  uint64_t held;
  TRY(store_count(scope, check->txn, ids_table(i), &held));
  if (held > ids_most[i])
    return scope_fail(scope, ADDUCE_E_FAILED, "the table ids%s has %llu records, and may have %llu",
                      i == 0 ? "" : "2", (number)held, (number)ids_most[i]);
  TRY(store_cursor_open(scope, &cursor, check->txn, ids_table(i)));
  enum adduce_err err = add_all(scope, check, &cursor, sum);
  store_cursor_close(&cursor);
  return err;
}

enum adduce_err check_ids_finish(struct adduce_scope *scope, const struct check *check) {
  struct check_sum sum = {{0}};
  if (check->finds_ids) return ADDUCE_OK;
  for (unsigned i = 0; i < IDS_TABLES; i++) TRY(add_table(scope, check, &sum, i));
  if (memcmp(&sum, &check->ids, sizeof sum) == 0) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FAILED, "the table ids does not have the entries' events");
}

/* --- one by one -----------------------------------------------------------------------------*/

enum adduce_err check_ids_find(struct adduce_scope *scope, struct store_txn *txn,
                               const struct adduce_id *id, uint64_t index) {
  uint64_t found = 0;
  const struct hex64 shown = hex_text32(id->bytes);
  enum adduce_err err = ids_find(scope, txn, &found, id->bytes);
  if (err == ADDUCE_E_NOT_FOUND)
    return scope_fail(scope, ADDUCE_E_FAILED, "its event %s is not in the table of ids",
                      shown.text);
  if (err != ADDUCE_OK || found == index) return err;
  return scope_fail(scope, ADDUCE_E_FAILED, "the table of ids has its event %s at entry %llu",
                    shown.text, (number)found);
}

static struct check_seen *place_of(struct check_ids_seen *seen, const uint8_t *id32) {
  return &seen->refs[bigendian_get64(id32) % CHECK_SEEN];
}

/* Claims that stand together cite the same; what was found stays where it is. */
static enum adduce_err find_seen(struct adduce_scope *scope, struct store_txn *txn,
                                 struct check_ids_seen *seen, uint64_t *index,
                                 const uint8_t *id32) {
  if (seen == NULL) return ids_find(scope, txn, index, id32);
  struct check_seen *place = place_of(seen, id32);
  if (place->is_held && memcmp(place->id.bytes, id32, 32) == 0) {
    *index = place->index;
    return ADDUCE_OK;
  }
  TRY(ids_find(scope, txn, index, id32));
  memcpy(place->id.bytes, id32, 32);
  place->index = *index;
  place->is_held = true;
  return ADDUCE_OK;
}

static enum adduce_err find_ref(struct adduce_scope *scope, struct store_txn *txn,
                                struct check_ids_seen *seen, const struct parsed_ref *ref,
                                uint64_t index) {
  uint64_t found = 0;
  enum adduce_err err = find_seen(scope, txn, seen, &found, ref->id32);
  if (err == ADDUCE_OK && found < index) return ADDUCE_OK;
  if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  return scope_fail(scope, ADDUCE_E_REFERENCE, "ref %.*s leads to %s, which is not before it",
                    SPAN_ARGS(ref->role), hex_text32(ref->id32).text);
}

/* As at admission: what is not understood may speak of what is not here. */
enum adduce_err check_ids_find_refs(struct adduce_scope *scope, struct store_txn *txn,
                                    struct check_ids_seen *seen, const struct claim *claim,
                                    uint64_t index) {
  struct cursor cursor = claim->parsed.refs;
  struct parsed_ref ref;
  if (claim->standing == CLAIM_NOT_UNDERSTOOD) return ADDUCE_OK;
  while (parsed_next_ref(&cursor, &ref)) TRY(find_ref(scope, txn, seen, &ref, index));
  return ADDUCE_OK;
}
