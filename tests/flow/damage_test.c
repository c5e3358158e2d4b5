/* SPDX-License-Identifier: Apache-2.0 */
/* Every bit of every file of a small published log, earlier partial tiles too, is changed by
 * itself: the audit of the folder must find it, and name the file and the entry. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "adduce.h"
#include "base/scope.h"

#define ORIGIN "monitor.example"
#define FILES_MAX 64
#define BYTES_MAX 16384
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STRIDE 7 /* where it is slow, a bit of every byte */
#else
#define STRIDE 1
#endif

static struct adduce_scope *scope;
static struct adduce_signer *founder, *log_key;
static const struct adduce_policy *policy;
static char folder[64];

struct file {
  const char *path; /* in the published folder */
  long size;
};
static struct file files[FILES_MAX];
static size_t file_count;

#define OK(call)                                                                      \
  do {                                                                                \
    enum adduce_err ok_err = (call);                                                  \
    if (ok_err != ADDUCE_OK)                                                          \
      print_error("%s: %s\n", adduce_error_name(ok_err), adduce_scope_detail(scope)); \
    assert_int_equal(ok_err, ADDUCE_OK);                                              \
  } while (0)

static const char *in(const char *name) {
  static char paths[4][256];
  static unsigned turn;
  char *path = paths[turn++ % 4];
  (void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

static void append(struct adduce_ledger *to, int first, int count) {
  struct adduce_writer *writer;
  struct adduce_receipt receipt;
  OK(adduce_writer_open(scope, &writer, to, NULL));
  for (int i = first; i < first + count; i++) {
    const struct adduce_value *claim;
    struct adduce_id id;
    char json[128];
    (void)snprintf(json, sizeof json,
                   "{\"kind\":\"entity.described\",\"content\":{\"subject\":\"person/%d\","
                   "\"schema\":\"Person\"}}",
                   i);
    OK(adduce_value_from_json(scope, &claim, json, strlen(json)));
    OK(adduce_writer_add(scope, writer, &id, claim, founder));
  }
  OK(adduce_writer_commit(scope, writer, &receipt));
  adduce_writer_close(&writer);
}

static void list(const char *below) {
  struct dirent *entry;
  DIR *opened = opendir(scope_format(scope, "%s/%s", in("www"), below));
  assert_non_null(opened);
  while ((entry = readdir(opened)) != NULL) {
    struct stat status;
    if (entry->d_name[0] == '.') continue;
    const char *path =
        scope_format(scope, "%s%s%s", below, *below == '\0' ? "" : "/", entry->d_name);
    assert_int_equal(stat(scope_format(scope, "%s/%s", in("www"), path), &status), 0);
    if (S_ISDIR(status.st_mode)) {
      list(path);
      continue;
    }
    assert_true(file_count < FILES_MAX);
    files[file_count++] = (struct file){path, (long)status.st_size};
  }
  (void)closedir(opened);
}

static int setup(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR"), *vkey;
  const struct adduce_value *report;
  struct adduce_ledger *ledger;
  (void)snprintf(folder, sizeof folder, "%.40s/adduce-XXXXXX", base == NULL ? "/tmp" : base);
  if (mkdtemp(folder) == NULL || adduce_scope_open(&scope, 0) != ADDUCE_OK) return -1;
  OK(adduce_signer_generate(scope, &founder));
  OK(adduce_signer_generate(scope, &log_key));
  struct adduce_key key = adduce_signer_key(log_key);
  OK(adduce_key_vkey(scope, &vkey, ORIGIN, &key));
  OK(adduce_policy_of_key(scope, &policy, vkey));
  char heads[256];
  (void)snprintf(heads, sizeof heads, "%s", in("heads"));
  const struct adduce_options options = {.headlock_folder = heads, .log_signer = log_key};
  OK(adduce_ledger_create(scope, &ledger, in("ledger"), ORIGIN, founder, NULL, &options));
  append(ledger, 0, 2);
  OK(adduce_publish(scope, ledger, &report, in("www")));
  append(ledger, 2, 2);
  OK(adduce_publish(scope, ledger, &report, in("www")));
  adduce_ledger_close(&ledger);
  list("");
  return 0;
}

static int teardown(void **state) {
  (void)state;
  char command[96];
  adduce_signer_close(&founder);
  adduce_signer_close(&log_key);
  adduce_scope_close(&scope);
  (void)snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command);
}

static void write_file(const char *path, const uint8_t *bytes, size_t size) {
  FILE *stream = fopen(path, "wb");
  assert_non_null(stream);
  assert_int_equal(fwrite(bytes, 1, size, stream), size);
  assert_int_equal(fclose(stream), 0);
}

/* As `adduce audit DIR` does it. */
static enum adduce_err audit(struct adduce_scope *step) {
  const struct adduce_value *report;
  const struct adduce_published published = adduce_published_folder(in("www"));
  const struct adduce_audit_options options = {.policy = policy};
  uint64_t ahead;
  enum adduce_err err = adduce_audit(step, &published, &report, &options);
  if (err != ADDUCE_OK) return err;
  return adduce_audit_folder(
      step, in("www"), (uint64_t)adduce_value_integer(adduce_value_get(report, "size")), &ahead);
}

/* The checkpoint's own bytes are of no entry: its signature, or its form, tells. */
static bool is_named(enum adduce_err err, const char *path, const char *detail) {
  if (strcmp(path, "checkpoint") == 0)
    return err == ADDUCE_E_NOTE || err == ADDUCE_E_SIGNATURE || err == ADDUCE_E_TEXT;
  if (err != ADDUCE_E_FAILED) return false;
  if (strncmp(path, "control/", 8) == 0) return strncmp(detail, "entry 0: ", 9) == 0;
  return strstr(detail, path) != NULL && strstr(detail, " entr") != NULL;
}

static void change_every_bit(struct adduce_scope *step, const struct file *file) {
  uint8_t bytes[BYTES_MAX];
  const char *path = scope_format(scope, "%s/%s", in("www"), file->path);
  assert_true(file->size > 0 && file->size <= BYTES_MAX);
  FILE *stream = fopen(path, "rb");
  assert_non_null(stream);
  assert_int_equal(fread(bytes, 1, sizeof bytes, stream), file->size);
  assert_int_equal(fclose(stream), 0);
  for (long bit = 0; bit < file->size * 8; bit += STRIDE) {
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    write_file(path, bytes, (size_t)file->size);
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    enum adduce_err err = audit(step);
    if (!is_named(err, file->path, adduce_scope_detail(step)))
      fail_msg("bit %ld of %s: %s: %s", bit, file->path, adduce_error_name(err),
               adduce_scope_detail(step));
    adduce_scope_reset(step);
  }
  write_file(path, bytes, (size_t)file->size);
}

static void every_changed_bit_is_found_and_named(void **state) {
  (void)state;
  struct adduce_scope *step;
  OK(adduce_scope_open(&step, 0));
  OK(audit(step));
  /* checkpoint, control/000, two widths of the tile and of its entries */
  assert_int_equal(file_count, 6);
  for (size_t i = 0; i < file_count; i++) change_every_bit(step, &files[i]);
  OK(audit(step));
  adduce_scope_close(&step);
}

/* The folders above a file, where they are not there. */
static void make_folders(const char *file) {
  for (const char *at = strchr(file, '/'); at != NULL; at = strchr(at + 1, '/'))
    (void)mkdir(scope_format(scope, "%s/%.*s", in("www"), (int)(at - file), file), 0700);
}

static void files_that_are_cut_gone_or_too_many_are_found(void **state) {
  (void)state;
  struct adduce_scope *step;
  uint8_t bytes[BYTES_MAX];
  OK(adduce_scope_open(&step, 0));
  for (size_t i = 0; i < file_count; i++) {
    const char *path = scope_format(scope, "%s/%s", in("www"), files[i].path);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    size_t size = fread(bytes, 1, sizeof bytes - 1, stream);
    assert_int_equal(fclose(stream), 0);
    for (size_t cut = 0; cut < size; cut++) {
      write_file(path, bytes, cut);
      assert_int_not_equal(audit(step), ADDUCE_OK);
      adduce_scope_reset(step);
    }
    bytes[size] = '\n';
    write_file(path, bytes, size + 1);
    assert_int_not_equal(audit(step), ADDUCE_OK);
    assert_int_equal(remove(path), 0);
    bool is_earlier = strstr(files[i].path, ".p/3") != NULL; /* which nobody needs any more */
    assert_int_equal(audit(step) == ADDUCE_OK, is_earlier);
    write_file(path, bytes, size);
  }
  static const char *const strays[] = {
      "x",           "tile/0/001",      "tile/0/000.p/6", "tile/0/000.p/05", "tile/1/000.p/1",
      "control/001", "tile/entries/000"};
  for (size_t i = 0; i < sizeof strays / sizeof strays[0]; i++) {
    make_folders(strays[i]);
    const char *path = scope_format(scope, "%s/%s", in("www"), strays[i]);
    write_file(path, (const uint8_t *)"x", 1);
    enum adduce_err err = audit(step);
    if (err != ADDUCE_E_FAILED || strstr(adduce_scope_detail(step), strays[i]) == NULL)
      fail_msg("%s: %s", strays[i], adduce_scope_detail(step));
    assert_int_equal(remove(path), 0);
    adduce_scope_reset(step);
  }
  OK(audit(step));
  adduce_scope_close(&step);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_changed_bit_is_found_and_named),
      cmocka_unit_test(files_that_are_cut_gone_or_too_many_are_found),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
