/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bulk.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "folder.h"

static void files_are_written_with_the_folders_above_them(void **state) {
  (void)state;
  struct bulk bulk;
  struct adduce_span bytes;
  assert_int_equal(bulk_open(scope, &bulk, folder), ADDUCE_OK);
  assert_int_equal(bulk_write(scope, &bulk, "a/b/c", span_text("one")), ADDUCE_OK);
  assert_int_equal(bulk_write(scope, &bulk, "a/b/c", span_text("two!")), ADDUCE_OK);
  assert_int_equal(bulk_write(scope, &bulk, "d", span_text("")), ADDUCE_OK);
  assert_int_equal(bulk_sync(scope, &bulk), ADDUCE_OK);
  assert_int_equal(file_read(scope, &bytes, in_folder("a/b/c"), 10), ADDUCE_OK);
  assert_true(span_is(bytes, "two!"));
  const char **names;
  size_t count;
  assert_int_equal(file_list(scope, &names, &count, in_folder("a/b")), ADDUCE_OK);
  assert_int_equal(count, 1);
  bulk_close(&bulk);
  bulk_close(&bulk);
}

static void what_cannot_be_written_leaves_nothing(void **state) {
  (void)state;
  struct bulk bulk;
  char long_path[400];
  assert_int_equal(bulk_open(scope, &bulk, in_folder("nowhere")), ADDUCE_E_NO_FILE);
  assert_int_equal(bulk_open(scope, &bulk, folder), ADDUCE_OK);
  assert_int_equal(bulk_write(scope, &bulk, "file", span_text("x")), ADDUCE_OK);
  assert_int_not_equal(bulk_write(scope, &bulk, "file/under", span_text("x")), ADDUCE_OK);
  assert_int_not_equal(bulk_write(scope, &bulk, "a", span_text("x")), ADDUCE_OK); /* a folder */
  assert_int_equal(file_type(in_folder("a.new")), FILE_NONE);
  memset(long_path, 'x', sizeof long_path - 1);
  long_path[sizeof long_path - 1] = '\0';
  assert_int_equal(bulk_write(scope, &bulk, long_path, span_text("x")), ADDUCE_E_USAGE);
  bulk_close(&bulk);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(files_are_written_with_the_folders_above_them),
      cmocka_unit_test(what_cannot_be_written_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, open_folder, close_folder);
}
