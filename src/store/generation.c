/* SPDX-License-Identifier: Apache-2.0 */
#include "store/generation.h"

#include "sys/file.h"

#define DIGITS_MAX 15

const char *generation_current_path(struct adduce_scope *scope, const char *folder) {
  return scope_format(scope, "%s/CURRENT", folder);
}

const char *generation_data_path(struct adduce_scope *scope, const char *folder,
                                 uint64_t generation) {
  return scope_format(scope, "%s/data-%llu.mdb", folder, (unsigned long long)generation);
}

/* Digits, and a newline after them. */
static bool parse(struct adduce_span text, uint64_t *generation) {
  size_t digits = text.size - 1;
  *generation = 0;
  if (text.size < 2 || digits > DIGITS_MAX || text.data[digits] != '\n') return false;
  for (size_t i = 0; i < digits; i++) {
    if (text.data[i] < '0' || text.data[i] > '9') return false;
    *generation = *generation * 10 + (uint64_t)(text.data[i] - '0');
  }
  return true;
}

enum adduce_err generation_read(struct adduce_scope *scope, uint64_t *generation,
                                const char *folder) {
  struct adduce_span text;
  const char *path = generation_current_path(scope, folder);
  enum adduce_err err = file_read(scope, &text, path, 64);
  if (err == ADDUCE_E_NO_FILE) return scope_wrap(scope, ADDUCE_E_NOT_A_LEDGER, "no store here: ");
  if (err != ADDUCE_OK && err != ADDUCE_E_TOO_LARGE) return err;
  if (err == ADDUCE_OK && parse(text, generation)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_CORRUPT, "%s does not hold the number of a generation", path);
}

enum adduce_err generation_write(struct adduce_scope *scope, const char *folder,
                                 uint64_t generation) {
  const char *text = scope_format(scope, "%llu\n", (unsigned long long)generation);
  return file_write(scope, generation_current_path(scope, folder), span_text(text), 0666, false);
}

/* "data-12.mdb" and "data-12.mdb-lock" for 12. */
static bool belongs_to(const char *name, const char *data_name) {
  size_t size = strlen(data_name);
  return strncmp(name, data_name, size) == 0 &&
         (name[size] == '\0' || strcmp(name + size, "-lock") == 0);
}

enum adduce_err generation_remove(struct adduce_scope *scope, const char *folder,
                                  uint64_t generation) {
  const char *path = generation_data_path(scope, folder, generation);
  TRY(file_remove(scope, path));
  return file_remove(scope, scope_format(scope, "%s-lock", path));
}

enum adduce_err generation_remove_others(struct adduce_scope *scope, const char *folder,
                                         uint64_t generation) {
  const char **names;
  size_t count;
  const char *kept = scope_format(scope, "data-%llu.mdb", (unsigned long long)generation);
  TRY(file_list(scope, &names, &count, folder));
  for (size_t i = 0; i < count; i++)
    if ((strncmp(names[i], "data-", 5) == 0 && !belongs_to(names[i], kept)) ||
        strncmp(names[i], ".CURRENT.", 9) == 0)
      TRY(file_remove(scope, scope_format(scope, "%s/%s", folder, names[i])));
  return ADDUCE_OK;
}
