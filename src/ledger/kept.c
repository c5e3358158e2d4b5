/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/kept.h"

#include "base/hex.h"
#include "sys/file.h"

#define FOLDER "checkpoints"
#define DIGITS 16

static const char *note_path(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                             uint64_t size) {
  return scope_format(scope, "%s/" FOLDER "/%016llu.note", ledger->folder,
                      (unsigned long long)size);
}

enum adduce_err kept_read(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                          struct adduce_span *note, uint64_t size) {
  return file_read(scope, note, note_path(scope, ledger, size), NOTE_BYTES_MAX);
}

static enum adduce_err make_folder(struct adduce_scope *scope, const struct adduce_ledger *ledger) {
  return file_make_folder(scope, scope_format(scope, "%s/" FOLDER, ledger->folder), 0777);
}

enum adduce_err kept_write(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                           struct adduce_span note, uint64_t size) {
  TRY(make_folder(scope, ledger));
  return file_write(scope, note_path(scope, ledger, size), note, 0666, false);
}

/* Reads the size at the head of a name, which goes on with `after`. */
static bool read_size(const char *name, uint64_t *size, const char *after) {
  *size = 0;
  for (int i = 0; i < DIGITS; i++) {
    if (name[i] < '0' || name[i] > '9') return false;
    *size = *size * 10 + (uint64_t)(name[i] - '0');
  }
  return strncmp(name + DIGITS, after, strlen(after)) == 0;
}

static enum adduce_err list(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                            const char ***names, size_t *count) {
  *count = 0;
  enum adduce_err err =
      file_list(scope, names, count, scope_format(scope, "%s/" FOLDER, ledger->folder));
  return err == ADDUCE_E_NO_FILE ? ADDUCE_OK : err;
}

enum adduce_err kept_largest(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                             uint64_t *size, bool *found, uint64_t at_least) {
  const char **names;
  size_t count;
  *found = false;
  TRY(list(scope, ledger, &names, &count));
  while (count-- > 0 && !*found)
    *found = read_size(names[count], size, ".note") && names[count][DIGITS + 5] == '\0' &&
             *size >= at_least;
  return ADDUCE_OK;
}

enum adduce_err kept_stamps(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                            const struct kept_stamp **stamps, size_t *count) {
  const char **names;
  size_t name_count;
  *count = 0;
  TRY(list(scope, ledger, &names, &name_count));
  struct kept_stamp *found = scope_array(scope, name_count, sizeof *found);
  if (found == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < name_count; i++) {
    const char *dot = strrchr(names[i], '.');
    if (dot == NULL || strcmp(dot, ".tsr") != 0 || !read_size(names[i], &found[*count].size, "-"))
      continue;
    found[(*count)++].path = scope_format(scope, "%s/" FOLDER "/%s", ledger->folder, names[i]);
  }
  *stamps = found;
  return ADDUCE_OK;
}

enum adduce_err kept_write_stamp(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                                 struct adduce_span stamp, uint64_t size) {
  struct adduce_hash digest = hash_bytes(stamp);
  const char *path = scope_format(scope, "%s/" FOLDER "/%016llu-%.16s.tsr", ledger->folder,
                                  (unsigned long long)size, hex_text32(digest.bytes).text);
  TRY(make_folder(scope, ledger));
  return file_write(scope, path, stamp, 0666, false);
}
