/* SPDX-License-Identifier: Apache-2.0 */
#include "log/headlock.h"

#include "base/hex.h"
#include "codec/canonical.h"
#include "codec/cursor.h"
#include "codec/pack.h"
#include "sys/slots.h"

#define SUMMED_BYTES 480

const char *headlock_path(struct adduce_scope *scope, const char *folder,
                          const struct adduce_id *genesis) {
  return scope_format(scope, "%s/%s.head", folder, hex_text32(genesis->bytes).text);
}

/* --- the payload -------------------------------------------------------------------------- */

static void checksum(const uint8_t *bytes480, uint8_t *out32) {
  struct adduce_hash digest = hash_bytes(span_of(bytes480, SUMMED_BYTES));
  memcpy(out32, digest.bytes, sizeof digest.bytes);
}

static enum adduce_err encode(struct adduce_scope *scope, struct adduce_span *payload,
                              const struct headlock_head *head) {
  struct buffer buffer;
  buffer_init(&buffer, scope);
  pack_array(&buffer, 4);
  pack_str(&buffer, head->origin);
  pack_int(&buffer, (int64_t)head->size);
  pack_bin(&buffer, head->root.bytes, 32);
  pack_bin(&buffer, head->note_digest.bytes, 32);
  return buffer_take(&buffer, payload);
}

static enum adduce_err decode(struct adduce_scope *scope, struct headlock_head *head,
                              struct adduce_span payload, const char *path) {
  struct canonical_fault fault;
  const uint8_t *root32, *digest32;
  uint32_t count;
  int64_t size;
  struct cursor cursor = cursor_of(payload);
  if (!canonical_check(payload, &fault) || !cursor_array(&cursor, &count) || count != 4 ||
      !cursor_str(&cursor, &head->origin) || !cursor_int(&cursor, &size) || size < 0 ||
      !cursor_bin_of(&cursor, 32, &root32) || !cursor_bin_of(&cursor, 32, &digest32))
    return scope_fail(scope, ADDUCE_E_CORRUPT,
                      "%s: its payload is not [origin, size, root, note digest]", path);
  head->size = (uint64_t)size;
  memcpy(head->root.bytes, root32, 32);
  memcpy(head->note_digest.bytes, digest32, 32);
  return ADDUCE_OK;
}

static enum adduce_err explain(struct adduce_scope *scope, enum adduce_err err, const char *path) {
  if (err != ADDUCE_E_NO_FILE) return err;
  return scope_fail(scope, ADDUCE_E_NO_LOCK, "there is no head lock at %s", path);
}

enum adduce_err headlock_create(struct adduce_scope *scope, const char *path,
                                const struct headlock_head *head) {
  struct adduce_span payload;
  TRY(encode(scope, &payload, head));
  return slots_create(scope, path, payload, checksum);
}

enum adduce_err headlock_read(struct adduce_scope *scope, struct headlock_head *head,
                              const char *path) {
  struct adduce_span payload;
  enum adduce_err err = slots_read(scope, &payload, path, checksum);
  if (err != ADDUCE_OK) return explain(scope, err, path);
  return decode(scope, head, payload, path);
}

/* --- comparing ---------------------------------------------------------------------------- */

static enum adduce_err refuse_fork(struct adduce_scope *scope, const struct headlock_head *lock,
                                   const struct adduce_hash *root) {
  return scope_fail(scope, ADDUCE_E_FORK,
                    "at size %llu the head lock has root %s, this ledger %s: they are two "
                    "histories of %.*s",
                    (unsigned long long)lock->size, hex_text32(lock->root.bytes).text,
                    hex_text32(root->bytes).text, SPAN_ARGS(lock->origin));
}

/* Whether the tree behind `reader`, of at least lock->size leaves, extends the lock. */
static enum adduce_err require_extends(struct adduce_scope *scope, const struct headlock_head *lock,
                                       const struct merkle_reader *reader) {
  struct adduce_hash root;
  if (lock->size == 0) return ADDUCE_OK; /* everything extends nothing */
  TRY(merkle_root(scope, &root, reader, lock->size));
  return hash_equal(&root, &lock->root) ? ADDUCE_OK : refuse_fork(scope, lock, &root);
}

static bool is_known(const struct headlock_head *lock, const struct headlock_head *known) {
  return known != NULL && known->size == lock->size && hash_equal(&known->root, &lock->root);
}

/* Decides under the lock; `*write` says that it is to be advanced. */
static enum adduce_err compare(struct adduce_scope *scope, bool *write,
                               const struct headlock_head *lock, const struct headlock_head *head,
                               const struct headlock_head *known,
                               const struct merkle_reader *reader) {
  *write = false;
  if (!span_equal(lock->origin, head->origin))
    return scope_fail(scope, ADDUCE_E_FORK, "the head lock is of the log %.*s, this one is %.*s",
                      SPAN_ARGS(lock->origin), SPAN_ARGS(head->origin));
  if (lock->size == head->size)
    return hash_equal(&lock->root, &head->root) ? ADDUCE_OK : refuse_fork(scope, lock, &head->root);
  if (!is_known(lock, known)) TRY(require_extends(scope, lock, reader));
  *write = true;
  return ADDUCE_OK;
}

static enum adduce_err refuse_rollback(struct adduce_scope *scope, const struct headlock_head *lock,
                                       uint64_t size) {
  return scope_fail(scope, ADDUCE_E_ROLLBACK,
                    "the head lock stands at size %llu, this ledger has %llu entries: it is an "
                    "older copy, and reads only until it has caught up",
                    (unsigned long long)lock->size, (unsigned long long)size);
}

enum adduce_err headlock_advance(struct adduce_scope *scope, const char *path,
                                 const struct headlock_head *head,
                                 const struct merkle_reader *reader,
                                 const struct headlock_head *known, headlock_grown_fn *grown,
                                 void *context) {
  struct slots slots;
  struct adduce_span payload;
  struct headlock_head lock;
  bool write = false;
  enum adduce_err err = slots_open(scope, &slots, &payload, path, checksum);
  if (err != ADDUCE_OK) return explain(scope, err, path);
  err = decode(scope, &lock, payload, path);
  if (err == ADDUCE_OK && lock.size > head->size)
    err = grown != NULL ? grown(context, scope, &lock) : refuse_rollback(scope, &lock, head->size);
  else if (err == ADDUCE_OK)
    err = compare(scope, &write, &lock, head, known, reader);
  if (err == ADDUCE_OK && write) err = encode(scope, &payload, head);
  if (err == ADDUCE_OK && write) err = slots_write(scope, &slots, payload, checksum);
  slots_close(&slots);
  return err;
}

enum adduce_err headlock_judge(struct adduce_scope *scope, const struct headlock_head *lock,
                               const struct merkle_reader *reader, uint64_t size) {
  if (size < lock->size) return refuse_rollback(scope, lock, size);
  return require_extends(scope, lock, reader);
}
