/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"

static void any_part_is_read_exactly(void **state) {
  (void)state;
  struct reader reader;
  uint8_t out[8];
  const char *path = in_folder("parts");
  assert_int_equal(file_write(scope, path, span_text("0123456789"), 0600, true), ADDUCE_OK);
  assert_int_equal(reader_open(scope, &reader, path), ADDUCE_OK);
  uint64_t bytes = 0;
  assert_int_equal(reader_size(scope, &reader, &bytes), ADDUCE_OK);
  assert_int_equal(bytes, 10);
  assert_int_equal(reader_read(scope, &reader, out, 4, 6), ADDUCE_OK);
  assert_memory_equal(out, "6789", 4);
  assert_int_equal(reader_read(scope, &reader, out, 8, 0), ADDUCE_OK);
  assert_memory_equal(out, "01234567", 8);
  assert_int_equal(reader_read(scope, &reader, out, 0, 10), ADDUCE_OK);
  reader_close(&reader);
  reader_close(&reader);
}

static void the_end_of_the_file_is_an_error(void **state) {
  (void)state;
  struct reader reader;
  uint8_t out[8];
  const char *path = in_folder("end");
  assert_int_equal(file_write(scope, path, span_text("0123456789"), 0600, true), ADDUCE_OK);
  assert_int_equal(reader_open(scope, &reader, path), ADDUCE_OK);
  assert_int_equal(reader_read(scope, &reader, out, 4, 7), ADDUCE_E_CORRUPT);
  assert_non_null(strstr(adduce_scope_detail(scope), "byte 11"));
  assert_int_equal(truncate(path, 3), 0);
  uint64_t bytes = 0;
  assert_int_equal(reader_size(scope, &reader, &bytes), ADDUCE_OK);
  assert_int_equal(bytes, 3);
  assert_int_equal(reader_read(scope, &reader, out, 4, 0), ADDUCE_E_CORRUPT);
  reader_close(&reader);
}

static void only_regular_files_are_opened(void **state) {
  (void)state;
  struct reader reader;
  const char *pipe_path = in_folder("pipe");
  assert_int_equal(mkfifo(pipe_path, 0600), 0);
  assert_int_equal(reader_open(scope, &reader, in_folder("none")), ADDUCE_E_NO_FILE);
  assert_int_equal(reader_open(scope, &reader, folder), ADDUCE_E_IO);
  assert_int_equal(reader_open(scope, &reader, pipe_path), ADDUCE_E_IO);
  assert_int_equal(reader.fd, -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_part_is_read_exactly),
      cmocka_unit_test(the_end_of_the_file_is_an_error),
      cmocka_unit_test(only_regular_files_are_opened),
  };
  return cmocka_run_group_tests_name("reader", tests, open_folder, close_folder);
}
