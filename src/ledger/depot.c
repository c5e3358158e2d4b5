/* SPDX-License-Identifier: Apache-2.0 */
/* A folder as a depot. */
#include "adduce/sync.h"
#include "ledger/ledger.h"
#include "sys/file.h"

static enum adduce_err fetch(void *context, struct adduce_scope *scope, struct adduce_span *bytes,
                             const char *path, size_t limit_bytes) {
  return file_read(scope, bytes, ledger_path(scope, context, path), limit_bytes);
}

static enum adduce_err get(void *context, struct adduce_scope *scope, const char *to,
                           const char *path, size_t limit_bytes) {
  const char *from = ledger_path(scope, context, path);
  uint64_t size = file_size(from);
  if (size > limit_bytes)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "%s has %llu bytes, more than the %zu allowed",
                      from, (unsigned long long)size, limit_bytes);
  return file_copy(scope, from, to, 0600);
}

static enum adduce_err put(void *context, struct adduce_scope *scope, const char *path,
                           const char *from, bool exclusive) {
  const char *to = ledger_path(scope, context, path);
  const char *coming = scope_format(scope, "%s.coming", to);
  TRY(file_make_parent(scope, to));
  if (exclusive && file_type(to) != FILE_NONE)
    return scope_fail(scope, ADDUCE_E_EXISTS, "%s is there already", to);
  enum adduce_err err = file_copy(scope, from, coming, 0644);
  if (err == ADDUCE_OK) err = file_rename(scope, coming, to, exclusive);
  if (err != ADDUCE_OK) file_discard(coming);
  return err;
}

struct adduce_depot adduce_depot_folder(const char *folder) {
  return (struct adduce_depot){fetch, get, put, (void *)(uintptr_t)folder};
}
