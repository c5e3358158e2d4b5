/* SPDX-License-Identifier: Apache-2.0 */
/* A fresh folder for each test group, and its scope. */
#ifndef TESTS_SYS_FOLDER_H
#define TESTS_SYS_FOLDER_H

#include <stdio.h>
#include <stdlib.h>

#include "sys/file.h"

static struct adduce_scope *scope;
static char folder[64];

static inline int open_folder(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR");
  (void)snprintf(folder, sizeof folder, "%.40s/adduce-XXXXXX", base == NULL ? "/tmp" : base);
  if (mkdtemp(folder) == NULL) return 1;
  return adduce_scope_open(&scope, 0) == ADDUCE_OK ? 0 : 1;
}

static inline int close_folder(void **state) {
  (void)state;
  enum adduce_err err = file_remove_tree(scope, folder);
  adduce_scope_close(&scope);
  return err == ADDUCE_OK ? 0 : 1;
}

/* A path in the folder. */
static inline const char *in_folder(const char *name) {
  return scope_format(scope, "%s/%s", folder, name);
}

#endif
