/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/confine.h"

static struct adduce_scope *scope;
static const struct confine_limits limits = {(size_t)64 << 20, 2, 4};

static int start(void **state) {
  (void)state;
  return adduce_scope_open(&scope, 0) == ADDUCE_OK ? 0 : -1;
}

static int stop(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

/* As many bytes as are left, each its number. */
static enum adduce_err count_up(void *context, struct adduce_scope *own, uint8_t *out, size_t *got,
                                size_t capacity) {
  size_t *left = context;
  (void)own;
  *got = *left < capacity ? *left : capacity;
  for (size_t i = 0; i < *got; i++) out[i] = (uint8_t)(*left - i);
  *left -= *got;
  return ADDUCE_OK;
}

/* All that the child writes; its end. */
static enum adduce_err run(confine_fn *work, size_t input, size_t *size, uint64_t *sum) {
  struct confine confined;
  uint8_t bytes[8192];
  size_t got = 1;
  *size = 0;
  *sum = 0;
  enum adduce_err err = confine_start(scope, &confined, work, NULL, count_up, &input, &limits);
  while (err == ADDUCE_OK && got != 0) {
    err = confine_read(scope, &confined, bytes, &got, sizeof bytes);
    for (size_t i = 0; err == ADDUCE_OK && i < got; i++) *sum += bytes[i];
    if (err == ADDUCE_OK) *size += got;
  }
  confine_close(&confined);
  return err;
}

static void echo(void *context) {
  uint8_t bytes[5000];
  size_t got;
  (void)context;
  while ((got = confine_take(bytes, sizeof bytes)) != 0) confine_give(span_of(bytes, got));
}

static void what_goes_in_comes_out(void **state) {
  (void)state;
  static const size_t sizes[] = {0, 1, 4096, 3000000};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    size_t size;
    uint64_t sum, expected = 0;
    for (size_t k = sizes[i]; k > 0; k--) expected += (uint8_t)k;
    assert_int_equal(run(echo, sizes[i], &size, &sum), ADDUCE_OK);
    assert_int_equal(size, sizes[i]);
    assert_int_equal(sum, expected);
  }
}

/* Reads a little and ends: what is left of the input is nobody's fault. */
static void read_little(void *context) {
  uint8_t bytes[10];
  (void)context;
  confine_give(span_of(bytes, confine_take(bytes, sizeof bytes)));
}

static void a_child_need_not_read_everything(void **state) {
  (void)state;
  size_t size;
  uint64_t sum;
  assert_int_equal(run(read_little, 3000000, &size, &sum), ADDUCE_OK);
  assert_int_equal(size, 10);
}

/* --- what it may not ----------------------------------------------------------------------- */

/* Says 1 if something worked that must not. */
static void tell(bool worked) {
  const uint8_t byte = worked ? 1 : 0;
  confine_give(span_of(&byte, 1));
}

static void open_a_file(void *context) {
  (void)context;
  tell(open("/etc/passwd", O_RDONLY) >= 0);
}

static void make_a_file(void *context) {
  (void)context;
  tell(open("/tmp/adduce-confined", O_WRONLY | O_CREAT, 0600) >= 0);
}

static void make_a_socket(void *context) {
  (void)context;
  tell(socket(AF_INET, SOCK_STREAM, 0) >= 0);
}

static void become_a_program(void *context) {
  (void)context;
  tell(execl("/bin/true", "true", (char *)NULL) == 0);
}

static void make_a_process(void *context) {
  (void)context;
  pid_t child = fork();
  if (child == 0) _exit(0);
  tell(child > 0);
}

static void make_code(void *context) {
  (void)context;
  tell(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
       MAP_FAILED);
}

static void kill_its_parent(void *context) {
  (void)context;
  tell(kill(getppid(), 0) == 0);
}

/* Each is stopped by the kernel or fails; in no case does it say that it worked. */
static void nothing_else_can_be_done(void **state) {
  (void)state;
  static confine_fn *const tries[] = {open_a_file,    make_a_file, make_a_socket,  become_a_program,
                                      make_a_process, make_code,   kill_its_parent};
  struct confine probe;
  uint8_t byte;
  size_t got, none = 0;
  assert_int_equal(confine_start(scope, &probe, read_little, NULL, count_up, &none, &limits),
                   ADDUCE_OK);
  assert_int_equal(confine_read(scope, &probe, &byte, &got, 1), ADDUCE_OK);
  bool has_seccomp = probe.has_seccomp, has_landlock = probe.has_landlock;
  confine_close(&probe);
  if (!has_seccomp && !has_landlock) skip();
  for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
    size_t size;
    uint64_t sum;
    if (!has_seccomp && tries[i] != open_a_file && tries[i] != make_a_file) continue;
    enum adduce_err err = run(tries[i], 0, &size, &sum);
    assert_int_equal(sum, 0);
    if (!has_seccomp) continue;
    assert_int_equal(err, ADDUCE_E_REFUSED);
    assert_non_null(strstr(adduce_scope_detail(scope), "it tried what it may not"));
  }
}

/* --- memory, time, crashes ------------------------------------------------------------------ */

static void take_memory(void *context) {
  (void)context;
  char *taken = malloc((size_t)10 << 30);
  tell(taken != NULL);
  free(taken);
}

static void loop(void *context) {
  (void)context;
  for (volatile unsigned i = 0;; i++) continue;
}

static void crash(void *context) {
  (void)context;
  (void)raise(SIGSEGV);
  volatile int *volatile nowhere = NULL;
  *nowhere = 1;
}

static void memory_is_bounded(void **state) {
  (void)state;
  size_t size;
  uint64_t sum;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  skip();
#endif
  assert_int_equal(run(take_memory, 0, &size, &sum), ADDUCE_OK);
  assert_int_equal(size, 1);
  assert_int_equal(sum, 0);
}

static void time_is_bounded(void **state) {
  (void)state;
  size_t size;
  uint64_t sum;
  assert_int_equal(run(loop, 0, &size, &sum), ADDUCE_E_REFUSED);
}

static void a_crash_is_told(void **state) {
  (void)state;
  size_t size;
  uint64_t sum;
  assert_int_equal(run(crash, 0, &size, &sum), ADDUCE_E_REFUSED);
  assert_non_null(strstr(adduce_scope_detail(scope), "was ended"));
}

static enum adduce_err fail_at_once(void *context, struct adduce_scope *own, uint8_t *out,
                                    size_t *got, size_t capacity) {
  (void)context, (void)out, (void)capacity;
  *got = 0;
  return scope_fail(own, ADDUCE_E_IO, "the source is broken");
}

static void a_failing_source_is_told(void **state) {
  (void)state;
  struct confine confined;
  uint8_t bytes[16];
  size_t got;
  assert_int_equal(confine_start(scope, &confined, echo, NULL, fail_at_once, NULL, &limits),
                   ADDUCE_OK);
  assert_int_equal(confine_read(scope, &confined, bytes, &got, sizeof bytes), ADDUCE_E_IO);
  confine_close(&confined);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_goes_in_comes_out),
      cmocka_unit_test(a_child_need_not_read_everything),
      cmocka_unit_test(nothing_else_can_be_done),
      cmocka_unit_test(memory_is_bounded),
      cmocka_unit_test(time_is_bounded),
      cmocka_unit_test(a_crash_is_told),
      cmocka_unit_test(a_failing_source_is_told),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
