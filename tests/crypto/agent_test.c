/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/agent.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* The system's sockets; ours have another name on purpose. */
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bigendian.h"
#include "base/buffer.h"
#include "crypto/keyfile.h"
#include "crypto/sign.h"
#include "sys/localsocket.h"
#include "sys/machine.h"

static struct adduce_scope *scope;
static struct signer *owner; /* whose key the fake agent claims to hold */
static char folder[64], path[96];

static int setup(void **state) {
  (void)state;
  strcpy(folder, "/tmp/adduce-fake-XXXXXX");
  if (mkdtemp(folder) == NULL) return -1;
  snprintf(path, sizeof path, "%s/socket", folder);
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) return -1;
  return signer_generate(scope, &owner) == ADDUCE_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  signer_close(&owner);
  adduce_scope_close(&scope);
  return rmdir(folder);
}

/* --- answers ------------------------------------------------------------------------------ */

static void put_u32(struct buffer *buffer, uint32_t value) {
  uint8_t bytes[4];
  bigendian_put32(bytes, value);
  buffer_append(buffer, bytes, 4);
}

static void put_string(struct buffer *buffer, const void *data, size_t size) {
  put_u32(buffer, (uint32_t)size);
  buffer_append(buffer, data, size);
}

static void put_blob(struct buffer *buffer, const char *name, const void *data, size_t size) {
  put_u32(buffer, (uint32_t)(8 + strlen(name) + size));
  put_string(buffer, name, strlen(name));
  put_string(buffer, data, size);
}

static struct adduce_span take(struct buffer *buffer) {
  struct adduce_span span;
  assert_int_equal(buffer_take(buffer, &span), ADDUCE_OK);
  return span;
}

/* Another kind of key, one that is no point, and the owner's with a wild comment. */
static struct adduce_span identities(void) {
  struct buffer buffer;
  uint8_t zero[32] = {0};
  buffer_init(&buffer, scope);
  buffer_byte(&buffer, 12);
  put_u32(&buffer, 3);
  put_blob(&buffer, "ssh-rsa", zero, 32);
  put_string(&buffer, "", 0);
  put_blob(&buffer, "ssh-ed25519", zero, 32);
  put_string(&buffer, "small order", 11);
  put_blob(&buffer, "ssh-ed25519", signer_key(owner), 32);
  put_string(&buffer, "M\xc3\xbcller\x1b[31m\xff\xc2\x9b\0\n", 17);
  return take(&buffer);
}

static struct adduce_span signature_answer(const struct adduce_signature *signature) {
  struct buffer buffer;
  buffer_init(&buffer, scope);
  buffer_byte(&buffer, 14);
  put_blob(&buffer, "ssh-ed25519", signature->bytes, 64);
  return take(&buffer);
}

static void keys_are_read_and_comments_tamed(void **state) {
  (void)state;
  const struct signer_agent_key *keys;
  size_t count;
  assert_int_equal(agent_parse_identities(scope, &keys, &count, identities()), ADDUCE_OK);
  assert_int_equal(count, 1);
  assert_memory_equal(&keys[0].key, signer_key(owner), 32);
  assert_string_equal(keys[0].comment, "M\xc3\xbcller?[31m????");
}

/* Every prefix, every added byte; every changed byte is read or refused, never worse. */
static void nothing_but_the_whole_answer_is_read(void **state) {
  (void)state;
  struct adduce_signature signature;
  assert_int_equal(signer_sign(scope, &signature, owner, span_text("m")), ADDUCE_OK);
  struct adduce_span answers[2] = {identities(), signature_answer(&signature)};
  for (size_t which = 0; which < 2; which++) {
    struct adduce_span good = answers[which];
    for (size_t size = 0; size <= good.size + 1; size++) {
      /* Exactly as large as the answer, so that a sanitizer sees a read beyond it. */
      uint8_t *bytes = malloc(size == 0 ? 1 : size);
      memset(bytes, 0, size == 0 ? 1 : size);
      memcpy(bytes, good.data, size < good.size ? size : good.size);
      const struct signer_agent_key *keys;
      size_t count;
      struct adduce_signature read;
      enum adduce_err err = which == 0
                                ? agent_parse_identities(scope, &keys, &count, span_of(bytes, size))
                                : agent_parse_signature(scope, &read, span_of(bytes, size));
      assert_int_equal(err, size == good.size ? ADDUCE_OK : ADDUCE_E_AGENT);
      free(bytes);
    }
  }
  assert_int_equal(answers[1].data[0], 14);
}

static void other_answers_are_refused(void **state) {
  (void)state;
  const struct signer_agent_key *keys;
  struct adduce_signature signature = {{0}};
  size_t count;
  struct buffer buffer;
  assert_int_equal(agent_parse_identities(scope, &keys, &count, span_of("\x05", 1)),
                   ADDUCE_E_AGENT);
  assert_int_equal(agent_parse_signature(scope, &signature, span_of("\x05", 1)), ADDUCE_E_AGENT);
  assert_int_equal(agent_parse_identities(scope, &keys, &count, span_of("\x0c\xff\xff\xff\xff", 5)),
                   ADDUCE_E_AGENT);
  assert_false(scope_exhausted(scope));
  buffer_init(&buffer, scope);
  buffer_byte(&buffer, 14);
  put_blob(&buffer, "ssh-ed25519", signature.bytes, 63);
  assert_int_equal(agent_parse_signature(scope, &signature, take(&buffer)), ADDUCE_E_AGENT);
  buffer_reset(&buffer);
  buffer_byte(&buffer, 14);
  put_blob(&buffer, "ssh-rsa", signature.bytes, 64);
  assert_int_equal(agent_parse_signature(scope, &signature, take(&buffer)), ADDUCE_E_AGENT);
}

/* --- a fake agent behind a socket --------------------------------------------------------- */

/* Answers one connection after another with the answers it was given, as raw bytes. */
struct fake {
  int listener;
  size_t count;
  struct adduce_span answers[3];
  unsigned pause_us; /* between the bytes of an answer; 0 sends it at once */
  pthread_t thread;
};

static void read_request(int fd) {
  uint8_t bytes[4096];
  size_t have = 0, need = 4;
  while (have < need && have < sizeof bytes) {
    ssize_t got = recv(fd, bytes + have, need - have, 0);
    if (got <= 0) return;
    have += (size_t)got;
    if (have == 4) need = 4 + bigendian_get32(bytes);
  }
}

static void *serve(void *context) {
  struct fake *fake = context;
  for (size_t i = 0; i < fake->count; i++) {
    int fd = accept(fake->listener, NULL, NULL);
    if (fd < 0) return NULL;
    read_request(fd);
    struct adduce_span rest = fake->answers[i];
    size_t step = fake->pause_us == 0 ? rest.size : 1;
    while (rest.size != 0 && send(fd, rest.data, step, MSG_NOSIGNAL) == (ssize_t)step) {
      rest = span_of(rest.data + step, rest.size - step);
      if (fake->pause_us != 0) usleep(fake->pause_us);
    }
    close(fd);
  }
  return NULL;
}

static void start_fake(struct fake *fake) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strcpy(address.sun_path, path);
  fake->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(fake->listener >= 0);
  assert_int_equal(bind(fake->listener, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(fake->listener, 4), 0);
  assert_int_equal(pthread_create(&fake->thread, NULL, serve, fake), 0);
}

static void stop_fake(struct fake *fake) {
  pthread_join(fake->thread, NULL);
  close(fake->listener);
  unlink(path);
}

static struct adduce_span framed(struct adduce_span body) {
  struct buffer buffer;
  buffer_init(&buffer, scope);
  put_string(&buffer, body.data, body.size);
  return take(&buffer);
}

static void garbage_from_an_agent_is_an_error(void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    size_t size;
  } cases[] = {
      {"", 0},                             /* hangs up */
      {"\0\0", 2},                         /* in the length */
      {"\0\0\0\0", 4},                     /* empty */
      {"\0\0\0\x05\x0c\0\0", 7},           /* in the answer */
      {"\xff\xff\xff\xff", 4},             /* 4 GiB */
      {"\0\x04\0\x01", 4},                 /* one byte over the limit */
      {"\0\0\0\x01\x05", 5},               /* refused */
      {"\0\0\0\x05\x0c\0\0\0\x09", 9},     /* nine keys of none */
      {"HTTP/1.1 400 Bad Request\r\n", 26} /* somebody else */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct fake fake = {.count = 1, .answers = {span_of(cases[i].bytes, cases[i].size)}};
    const struct signer_agent_key *keys = NULL;
    size_t count = 7;
    start_fake(&fake);
    assert_int_equal(signer_list_agent(scope, &keys, &count, path), ADDUCE_E_AGENT);
    assert_null(keys);
    assert_int_equal(count, 0);
    stop_fake(&fake);
  }
}

static void an_agents_false_signature_does_not_leave(void **state) {
  (void)state;
  struct adduce_signature other;
  assert_int_equal(signer_sign(scope, &other, owner, span_text("something else")), ADDUCE_OK);
  struct fake fake = {.count = 2,
                      .answers = {framed(identities()), framed(signature_answer(&other))}};
  struct signer *signer;
  struct adduce_signature signature, zero = {{0}};
  start_fake(&fake);
  assert_int_equal(signer_from_agent(scope, &signer, path, signer_key(owner)), ADDUCE_OK);
  memset(&signature, 1, sizeof signature);
  assert_int_equal(signer_sign(scope, &signature, signer, span_text("m")), ADDUCE_E_AGENT);
  assert_memory_equal(&signature, &zero, sizeof zero);
  stop_fake(&fake);
  assert_int_equal(signer_sign(scope, &signature, signer, span_text("m")), ADDUCE_E_AGENT);
  signer_close(&signer);
}

static void an_agents_true_signature_does(void **state) {
  (void)state;
  struct adduce_signature expected, signature;
  assert_int_equal(signer_sign(scope, &expected, owner, span_text("m")), ADDUCE_OK);
  struct fake fake = {.count = 2,
                      .answers = {framed(identities()), framed(signature_answer(&expected))},
                      .pause_us = 100};
  struct signer *signer;
  start_fake(&fake);
  assert_int_equal(signer_from_agent(scope, &signer, path, signer_key(owner)), ADDUCE_OK);
  assert_int_equal(signer_sign(scope, &signature, signer, span_text("m")), ADDUCE_OK);
  assert_memory_equal(&signature, &expected, sizeof signature);
  /* And the key stays where it is. */
  uint8_t seed[32];
  assert_false(signer_seed(scope, signer, seed) == ADDUCE_OK);
  assert_int_equal(
      keyfile_create(scope, "unwritten", signer, KEYFILE_AUTHOR, span_text(""), KEYFILE_MODERATE),
      ADDUCE_E_USAGE);
  stop_fake(&fake);
  signer_close(&signer);
}

static void too_large_a_message_is_not_even_sent(void **state) {
  (void)state;
  static uint8_t large[(128 << 10) + 1];
  struct adduce_signature signature;
  assert_int_equal(
      agent_sign(scope, &signature, path, signer_key(owner), span_of(large, sizeof large)),
      ADDUCE_E_AGENT);
}

/* A byte now and then does not stretch the time allowed. */
static void a_slow_answer_runs_out_of_time(void **state) {
  (void)state;
  struct fake fake = {.count = 1, .answers = {framed(identities())}, .pause_us = 20000};
  struct adduce_span reply;
  start_fake(&fake);
  uint64_t start_ns = machine_monotonic_ns();
  assert_int_equal(localsocket_exchange(scope, &reply, path, span_of("\x0b", 1), 1000, 200),
                   ADDUCE_E_IO);
  assert_in_range((machine_monotonic_ns() - start_ns) / 1000000, 190, 2000);
  assert_int_equal(reply.size, 0);
  stop_fake(&fake);
}

static void nobody_at_the_socket_is_an_error(void **state) {
  (void)state;
  struct adduce_span reply;
  assert_int_equal(localsocket_exchange(scope, &reply, path, span_of("\x0b", 1), 1000, 200),
                   ADDUCE_E_NO_FILE);
  struct fake fake = {.count = 0};
  start_fake(&fake);
  pthread_join(fake.thread, NULL);
  close(fake.listener);
  assert_int_equal(localsocket_exchange(scope, &reply, path, span_of("\x0b", 1), 1000, 200),
                   ADDUCE_E_IO);
  unlink(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keys_are_read_and_comments_tamed),
      cmocka_unit_test(nothing_but_the_whole_answer_is_read),
      cmocka_unit_test(other_answers_are_refused),
      cmocka_unit_test(garbage_from_an_agent_is_an_error),
      cmocka_unit_test(an_agents_false_signature_does_not_leave),
      cmocka_unit_test(an_agents_true_signature_does),
      cmocka_unit_test(too_large_a_message_is_not_even_sent),
      cmocka_unit_test(a_slow_answer_runs_out_of_time),
      cmocka_unit_test(nobody_at_the_socket_is_an_error),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
