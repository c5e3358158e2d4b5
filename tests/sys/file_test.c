/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/file.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"

#define NOBODY 65534

static void write_text(const char *path, const char *text) {
  assert_int_equal(file_write(scope, path, span_text(text), 0644, false), ADDUCE_OK);
}

static void expect_text(const char *path, const char *text) {
  struct adduce_span bytes;
  assert_int_equal(file_read(scope, &bytes, path, 1 << 20), ADDUCE_OK);
  assert_string_equal((const char *)bytes.data, text);
  assert_int_equal(bytes.size, strlen(text));
}

/* How many names there are in a folder: a temporary left over would be one more. */
static size_t count_names(const char *path) {
  const char **names;
  size_t count;
  assert_int_equal(file_list(scope, &names, &count, path), ADDUCE_OK);
  return count;
}

static const char *make_folder(const char *name) {
  const char *path = in_folder(name);
  assert_int_equal(file_make_folder(scope, path, 0755), ADDUCE_OK);
  return path;
}

static void what_was_written_is_read(void **state) {
  const char *path = in_folder("file");
  static uint8_t block[100000];
  struct adduce_span bytes;
  (void)state;
  write_text(path, "");
  expect_text(path, "");
  write_text(path, "first");
  expect_text(path, "first");
  write_text(path, "the second is longer");
  expect_text(path, "the second is longer");
  for (size_t i = 0; i < sizeof block; i++) block[i] = (uint8_t)(i * i >> 3);
  assert_int_equal(file_write(scope, path, span_of(block, sizeof block), 0600, false), ADDUCE_OK);
  assert_int_equal(file_read(scope, &bytes, path, sizeof block), ADDUCE_OK);
  assert_true(span_equal(bytes, span_of(block, sizeof block)));
  assert_int_equal(file_size(path), sizeof block);
  assert_int_equal(file_read(scope, &bytes, path, sizeof block - 1), ADDUCE_E_TOO_LARGE);
  assert_int_equal(bytes.size, 0);
}

static void a_file_whose_size_is_not_known_is_read_whole(void **state) {
  struct adduce_span bytes;
  (void)state;
  if (file_type("/proc/self/status") != FILE_REGULAR) skip();
  assert_int_equal(file_read(scope, &bytes, "/proc/self/status", 1 << 20), ADDUCE_OK);
  assert_true(bytes.size > 100 && span_starts(bytes, "Name:"));
  assert_int_equal(file_read(scope, &bytes, "/proc/self/status", 50), ADDUCE_E_TOO_LARGE);
}

static void only_regular_files_are_read(void **state) {
  const char *fifo = in_folder("fifo");
  struct adduce_span bytes;
  (void)state;
  assert_int_equal(mkfifo(fifo, 0600), 0);
  assert_int_equal(file_read(scope, &bytes, fifo, 100), ADDUCE_E_IO);
  assert_int_equal(file_read(scope, &bytes, folder, 100), ADDUCE_E_IO);
  assert_int_equal(file_read(scope, &bytes, "/dev/zero", 100), ADDUCE_E_IO);
  assert_int_equal(file_read(scope, &bytes, in_folder("none"), 100), ADDUCE_E_NO_FILE);
  assert_string_equal(adduce_scope_detail(scope),
                      scope_format(scope, "open %s/none: No such file or directory", folder));
}

static void an_exclusive_write_keeps_what_is_there(void **state) {
  const char *inner = make_folder("exclusive"), *path = in_folder("exclusive/file");
  (void)state;
  assert_int_equal(file_write(scope, path, span_text("one"), 0644, true), ADDUCE_OK);
  assert_int_equal(file_write(scope, path, span_text("two"), 0644, true), ADDUCE_E_EXISTS);
  expect_text(path, "one");
  assert_int_equal(count_names(inner), 1);
}

static void a_write_replaces_a_link_and_not_its_target(void **state) {
  const char *target = in_folder("target"), *link = in_folder("link");
  struct stat status;
  (void)state;
  write_text(target, "target");
  assert_int_equal(symlink(target, link), 0);
  write_text(link, "new");
  assert_int_equal(lstat(link, &status), 0);
  assert_true(S_ISREG(status.st_mode));
  expect_text(target, "target");
  expect_text(link, "new");
}

static void the_mode_is_as_asked(void **state) {
  const char *path = in_folder("mode");
  struct stat status;
  (void)state;
  assert_int_equal(file_write(scope, path, span_text("x"), 0600, false), ADDUCE_OK);
  assert_int_equal(stat(path, &status), 0);
  assert_int_equal(status.st_mode & 07777, 0600);
}

static void remains_of_a_crash_are_in_nobodys_way(void **state) {
  const char *inner = make_folder("crash"), *path = in_folder("crash/file");
  (void)state;
  for (int i = 0; i < 3; i++)
    write_text(scope_format(scope, "%s/.file.%ld.%d.tmp", inner, (long)getpid(), i), "remains");
  write_text(path, "whole");
  expect_text(path, "whole");
  assert_int_equal(count_names(inner), 4);
}

/* With at most `limit` bytes a file, as a full disk would have it. */
static enum adduce_err write_within(const char *path, size_t size, rlim_t limit) {
  static const uint8_t zeroes[10000];
  struct rlimit before, small;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  small = before;
  small.rlim_cur = limit;
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  enum adduce_err err = file_write(scope, path, span_of(zeroes, size), 0600, false);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  return err;
}

static void a_write_that_fails_leaves_the_old_file_and_nothing_else(void **state) {
  const char *inner = make_folder("full"), *path = in_folder("full/file");
  (void)state;
  write_text(path, "old");
  assert_int_equal(write_within(path, 10000, 4096), ADDUCE_E_DISK_FULL);
  expect_text(path, "old");
  assert_int_equal(count_names(inner), 1);
  assert_int_equal(write_within(path, 4096, 4096), ADDUCE_OK);
  assert_int_equal(file_size(path), 4096);
}

static void a_write_where_there_is_no_folder_fails(void **state) {
  (void)state;
  assert_int_equal(file_write(scope, in_folder("no/file"), span_text("x"), 0600, false),
                   ADDUCE_E_NO_FILE);
  const char *path = make_folder("taken");
  assert_int_not_equal(file_write(scope, path, span_text("x"), 0600, false), ADDUCE_OK);
  assert_int_equal(file_type(path), FILE_FOLDER);
}

/* --- secrets --- */

static enum adduce_err read_secret(const char *path, size_t capacity, const char *text) {
  uint8_t out[16];
  size_t size;
  memset(out, 0xee, sizeof out);
  enum adduce_err err = file_read_secret(scope, out, &size, path, capacity);
  assert_int_equal(size, err == ADDUCE_OK ? strlen(text) : 0);
  if (err == ADDUCE_OK) assert_memory_equal(out, text, size);
  if (err == ADDUCE_E_TOO_LARGE)
    for (size_t i = 0; i < capacity; i++) assert_int_equal(out[i], 0);
  return err;
}

static void a_secret_is_read_only_if_nobody_else_can(void **state) {
  const char *path = in_folder("secret"), *link = in_folder("secret-link");
  (void)state;
  assert_int_equal(file_write(scope, path, span_text("sesame"), 0600, false), ADDUCE_OK);
  assert_int_equal(read_secret(path, 16, "sesame"), ADDUCE_OK);
  assert_int_equal(read_secret(path, 6, "sesame"), ADDUCE_OK);
  assert_int_equal(read_secret(path, 5, ""), ADDUCE_E_TOO_LARGE);
  assert_int_equal(symlink(path, link), 0);
  assert_int_equal(read_secret(link, 16, ""), ADDUCE_E_KEY_FILE);
  for (mode_t bit = 1; bit <= 0040; bit <<= 1) {
    assert_int_equal(chmod(path, 0600 | bit), 0);
    assert_int_equal(read_secret(path, 16, ""), ADDUCE_E_KEY_FILE);
  }
  assert_int_equal(read_secret(in_folder("none"), 16, ""), ADDUCE_E_NO_FILE);
  assert_int_equal(read_secret(folder, 16, ""), ADDUCE_E_IO);
}

static void a_secret_of_another_user_is_refused(void **state) {
  const char *path = in_folder("foreign");
  (void)state;
  if (geteuid() != 0) skip();
  assert_int_equal(file_write(scope, path, span_text("sesame"), 0600, false), ADDUCE_OK);
  assert_int_equal(chown(path, NOBODY, NOBODY), 0);
  assert_int_equal(read_secret(path, 16, ""), ADDUCE_E_KEY_FILE);
}

/* --- folders --- */

static void folders_are_made_with_those_above(void **state) {
  const char *path = in_folder("a//b/c/");
  (void)state;
  assert_int_equal(file_make_folder(scope, path, 0700), ADDUCE_OK);
  assert_int_equal(file_make_folder(scope, path, 0700), ADDUCE_OK);
  assert_int_equal(file_type(in_folder("a/b/c")), FILE_FOLDER);
  write_text(in_folder("a/file"), "x");
  assert_int_equal(file_make_folder(scope, in_folder("a/file"), 0700), ADDUCE_E_EXISTS);
  assert_int_not_equal(file_make_folder(scope, in_folder("a/file/d"), 0700), ADDUCE_OK);
  assert_int_equal(file_make_folder(scope, "/", 0700), ADDUCE_OK);
}

static void types_follow_links(void **state) {
  (void)state;
  write_text(in_folder("t-file"), "12345");
  assert_int_equal(symlink(in_folder("t-file"), in_folder("t-link")), 0);
  assert_int_equal(symlink(in_folder("t-none"), in_folder("t-dangling")), 0);
  assert_int_equal(mkfifo(in_folder("t-fifo"), 0600), 0);
  assert_int_equal(file_type(in_folder("t-file")), FILE_REGULAR);
  assert_int_equal(file_type(in_folder("t-link")), FILE_REGULAR);
  assert_int_equal(file_type(in_folder("t-dangling")), FILE_NONE);
  assert_int_equal(file_type(in_folder("t-fifo")), FILE_OTHER);
  assert_int_equal(file_type(folder), FILE_FOLDER);
  assert_int_equal(file_size(in_folder("t-link")), 5);
  assert_int_equal(file_size(in_folder("t-none")), 0);
  assert_int_equal(file_size(folder), 0);
}

static void names_are_listed_in_order(void **state) {
  const char *path = make_folder("names"), **names;
  size_t count;
  (void)state;
  assert_int_equal(count_names(path), 0);
  for (int i = 0; i < 100; i++) write_text(scope_format(scope, "%s/n%02d", path, i * 7 % 100), "");
  write_text(in_folder("names/.hidden"), "");
  assert_int_equal(file_list(scope, &names, &count, path), ADDUCE_OK);
  assert_int_equal(count, 101);
  assert_string_equal(names[0], ".hidden");
  for (int i = 0; i < 100; i++) assert_string_equal(names[i + 1], scope_format(scope, "n%02d", i));
  assert_int_equal(file_list(scope, &names, &count, in_folder("none")), ADDUCE_E_NO_FILE);
  assert_int_equal(file_list(scope, &names, &count, in_folder("names/n00")), ADDUCE_E_NO_FILE);
  assert_int_equal(count, 0);
}

static void a_tree_is_removed_without_following_links(void **state) {
  (void)state;
  make_folder("kept");
  write_text(in_folder("kept/file"), "kept");
  make_folder("tree/one/two/three");
  write_text(in_folder("tree/one/file"), "x");
  assert_int_equal(symlink(in_folder("kept"), in_folder("tree/one/two/link")), 0);
  assert_int_equal(symlink("/none", in_folder("tree/dangling")), 0);
  assert_int_equal(file_remove_tree(scope, in_folder("tree")), ADDUCE_OK);
  assert_int_equal(file_type(in_folder("tree")), FILE_NONE);
  assert_int_equal(file_remove_tree(scope, in_folder("tree")), ADDUCE_OK);
  expect_text(in_folder("kept/file"), "kept");
  assert_int_equal(symlink(in_folder("kept"), in_folder("kept-link")), 0);
  assert_int_equal(file_remove_tree(scope, in_folder("kept-link")), ADDUCE_OK);
  expect_text(in_folder("kept/file"), "kept");
}

static void removing_what_is_not_there_is_fine(void **state) {
  const char *path = in_folder("removed");
  (void)state;
  write_text(path, "x");
  assert_int_equal(file_remove(scope, path), ADDUCE_OK);
  assert_int_equal(file_type(path), FILE_NONE);
  assert_int_equal(file_remove(scope, path), ADDUCE_OK);
  assert_int_not_equal(file_remove(scope, folder), ADDUCE_OK);
}

static void renaming_replaces_unless_it_is_exclusive(void **state) {
  const char *a = in_folder("rename-a"), *b = in_folder("rename-b");
  (void)state;
  write_text(a, "a");
  write_text(b, "b");
  assert_int_equal(file_rename(scope, a, b, true), ADDUCE_E_EXISTS);
  expect_text(b, "b");
  assert_int_equal(file_rename(scope, a, b, false), ADDUCE_OK);
  expect_text(b, "a");
  assert_int_equal(file_type(a), FILE_NONE);
  assert_int_equal(file_rename(scope, b, a, true), ADDUCE_OK);
  expect_text(a, "a");
  assert_int_equal(file_rename(scope, b, a, true), ADDUCE_E_NO_FILE);
  make_folder("rename-f/inner");
  make_folder("rename-g/inner");
  assert_int_equal(file_rename(scope, in_folder("rename-f"), in_folder("rename-g"), false),
                   ADDUCE_E_EXISTS);
  assert_int_equal(file_rename(scope, in_folder("rename-f"), in_folder("rename-h"), true),
                   ADDUCE_OK);
  assert_int_equal(file_type(in_folder("rename-h/inner")), FILE_FOLDER);
}

static void a_copy_is_the_same(void **state) {
  const char *from = in_folder("copy-from"), *to = in_folder("copy-to");
  static uint8_t block[200001];
  struct adduce_span bytes;
  (void)state;
  for (size_t i = 0; i < sizeof block; i++) block[i] = (uint8_t)(i * 31 >> 2);
  assert_int_equal(file_write(scope, from, span_of(block, sizeof block), 0600, false), ADDUCE_OK);
  assert_int_equal(file_copy(scope, from, to, 0600), ADDUCE_OK);
  assert_int_equal(file_read(scope, &bytes, to, 1 << 20), ADDUCE_OK);
  assert_true(span_equal(bytes, span_of(block, sizeof block)));
  assert_int_equal(file_copy(scope, in_folder("none"), to, 0600), ADDUCE_E_NO_FILE);
  assert_int_equal(file_copy(scope, folder, to, 0600), ADDUCE_E_IO);
  assert_int_equal(file_size(to), sizeof block);
}

static void files_and_folders_can_be_synced(void **state) {
  const char *path = in_folder("synced");
  (void)state;
  write_text(path, "x");
  assert_int_equal(file_sync(scope, path), ADDUCE_OK);
  assert_int_equal(file_sync(scope, folder), ADDUCE_OK);
  assert_int_equal(file_sync(scope, in_folder("none")), ADDUCE_E_NO_FILE);
}

/* --- the file system --- */

static void a_local_file_system_has_room(void **state) {
  (void)state;
  assert_int_equal(file_check_room(scope, folder, 1), ADDUCE_OK);
  assert_int_equal(file_check_room(scope, in_folder("not-yet"), 1), ADDUCE_OK);
  assert_int_equal(file_check_room(scope, folder, UINT64_MAX), ADDUCE_E_DISK_FULL);
  assert_int_not_equal(file_check_room(scope, in_folder("no/not-yet"), 1), ADDUCE_OK);
  assert_int_equal(file_check_filesystem(scope, in_folder("none")), ADDUCE_E_NO_FILE);
  if (file_type("/dev/shm") == FILE_FOLDER)
    assert_int_equal(file_check_filesystem(scope, "/dev/shm"), ADDUCE_OK);
}

static void each_errno_has_its_error(void **state) {
  static const struct {
    int value;
    enum adduce_err err;
  } cases[] = {
      {ENOENT, ADDUCE_E_NO_FILE},   {ENOTDIR, ADDUCE_E_NO_FILE}, {EACCES, ADDUCE_E_PERMISSION},
      {EPERM, ADDUCE_E_PERMISSION}, {EROFS, ADDUCE_E_READ_ONLY}, {ENOSPC, ADDUCE_E_DISK_FULL},
      {EDQUOT, ADDUCE_E_DISK_FULL}, {EFBIG, ADDUCE_E_DISK_FULL}, {EEXIST, ADDUCE_E_EXISTS},
      {ENOMEM, ADDUCE_E_MEMORY},    {EIO, ADDUCE_E_IO},          {ELOOP, ADDUCE_E_IO},
      {ENAMETOOLONG, ADDUCE_E_IO},  {99999, ADDUCE_E_IO},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(file_fail(scope, cases[i].value, "read", "path"), cases[i].err);
  (void)file_fail(scope, ENOSPC, "write", "some/path");
  assert_string_equal(adduce_scope_detail(scope), "write some/path: No space left on device");
}

/* In a child that is no longer root: 0 when everything was refused. */
static int try_as_nobody(const char *closed, const char *inner) {
  struct adduce_span bytes;
  const char **names;
  size_t count;
  if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0) return 1;
  if (file_read(scope, &bytes, inner, 100) != ADDUCE_E_PERMISSION) return 2;
  if (file_write(scope, inner, span_text("x"), 0600, false) != ADDUCE_E_PERMISSION) return 3;
  if (file_list(scope, &names, &count, closed) != ADDUCE_E_PERMISSION) return 4;
  if (file_remove_tree(scope, closed) != ADDUCE_E_PERMISSION) return 5;
  if (file_make_folder(scope, inner, 0700) != ADDUCE_E_PERMISSION) return 6;
  return 0;
}

static void what_the_system_forbids_is_permission(void **state) {
  const char *closed = make_folder("closed"), *inner = in_folder("closed/file");
  int status;
  (void)state;
  if (geteuid() != 0) skip();
  write_text(inner, "x");
  assert_int_equal(chmod(closed, 0700), 0);
  assert_int_equal(chmod(folder, 0755), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) _exit(try_as_nobody(closed, inner));
  assert_true(waitpid(child, &status, 0) == child && WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
  expect_text(inner, "x");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_written_is_read),
      cmocka_unit_test(a_file_whose_size_is_not_known_is_read_whole),
      cmocka_unit_test(only_regular_files_are_read),
      cmocka_unit_test(an_exclusive_write_keeps_what_is_there),
      cmocka_unit_test(a_write_replaces_a_link_and_not_its_target),
      cmocka_unit_test(the_mode_is_as_asked),
      cmocka_unit_test(remains_of_a_crash_are_in_nobodys_way),
      cmocka_unit_test(a_write_that_fails_leaves_the_old_file_and_nothing_else),
      cmocka_unit_test(a_write_where_there_is_no_folder_fails),
      cmocka_unit_test(a_secret_is_read_only_if_nobody_else_can),
      cmocka_unit_test(a_secret_of_another_user_is_refused),
      cmocka_unit_test(folders_are_made_with_those_above),
      cmocka_unit_test(types_follow_links),
      cmocka_unit_test(names_are_listed_in_order),
      cmocka_unit_test(a_tree_is_removed_without_following_links),
      cmocka_unit_test(removing_what_is_not_there_is_fine),
      cmocka_unit_test(renaming_replaces_unless_it_is_exclusive),
      cmocka_unit_test(a_copy_is_the_same),
      cmocka_unit_test(files_and_folders_can_be_synced),
      cmocka_unit_test(a_local_file_system_has_room),
      cmocka_unit_test(each_errno_has_its_error),
      cmocka_unit_test(what_the_system_forbids_is_permission),
  };
  return cmocka_run_group_tests(tests, open_folder, close_folder);
}
