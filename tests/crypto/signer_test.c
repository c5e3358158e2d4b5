/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/signer.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/hex.h"
#include "crypto/sign.h"

static struct adduce_scope *scope;

static int setup(void **state) {
  (void)state;
  return adduce_scope_open(&scope, 0) == ADDUCE_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

/* RFC 8032, 7.1: tests 1, 2, 3 and SHA(abc). */
static const struct {
  const char *seed, *key, *message, *signature;
} rfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "4"
     "6bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d"
     "8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6"
     "594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "b"
     "bd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e"
     "0"
     "303dca179c138ac17ad9bef1177331a704"},
};

static void signatures_are_those_of_rfc_8032(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rfc8032 / sizeof *rfc8032; i++) {
    uint8_t seed[32], message[64], copy[32];
    struct adduce_signature signature;
    struct signer *signer;
    char hex[129];
    size_t size = strlen(rfc8032[i].message) / 2;
    assert_true(hex_decode(span_text(rfc8032[i].seed), seed, 32));
    assert_true(hex_decode(span_text(rfc8032[i].message), message, size));
    assert_int_equal(signer_from_seed(scope, &signer, seed), ADDUCE_OK);
    assert_string_equal(hex_text32(signer_key(signer)->bytes).text, rfc8032[i].key);
    assert_int_equal(signer_sign(scope, &signature, signer, span_of(message, size)), ADDUCE_OK);
    hex_encode(span_of(signature.bytes, 64), hex);
    assert_string_equal(hex, rfc8032[i].signature);
    assert_true(sign_verify(signer_key(signer), span_of(message, size), &signature));
    assert_true(signer_seed(scope, signer, copy) == ADDUCE_OK);
    assert_memory_equal(copy, seed, 32);
    signer_close(&signer);
    assert_null(signer);
    signer_close(&signer);
  }
}

static void generated_keys_are_acceptable_and_differ(void **state) {
  (void)state;
  struct signer *one, *two;
  assert_int_equal(signer_generate(scope, &one), ADDUCE_OK);
  assert_int_equal(signer_generate(scope, &two), ADDUCE_OK);
  assert_true(sign_key_acceptable(signer_key(one)));
  assert_true(memcmp(signer_key(one), signer_key(two), 32) != 0);
  signer_close(&one);
  signer_close(&two);
}

/* Not through the scope, whose reset must not touch it. */
static void a_signer_outlives_the_scope_it_was_made_with(void **state) {
  (void)state;
  struct signer *signer;
  struct adduce_signature signature;
  assert_int_equal(signer_generate(scope, &signer), ADDUCE_OK);
  adduce_scope_reset(scope);
  assert_int_equal(signer_sign(scope, &signature, signer, span_text("m")), ADDUCE_OK);
  signer_close(&signer);
}

static void *sign_often(void *shared) {
  struct adduce_scope *own;
  const struct signer *signer = shared;
  if (adduce_scope_open(&own, 0) != ADDUCE_OK) return NULL;
  size_t good = 0;
  for (int i = 0; i < 300; i++) {
    struct adduce_signature signature;
    good += signer_sign(own, &signature, signer, span_text("m")) == ADDUCE_OK;
  }
  adduce_scope_close(&own);
  return good == 300 ? shared : NULL;
}

static void threads_may_share_a_signer(void **state) {
  (void)state;
  struct signer *signer;
  pthread_t threads[4];
  assert_int_equal(signer_generate(scope, &signer), ADDUCE_OK);
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, sign_often, signer), 0);
  for (size_t i = 0; i < 4; i++) {
    void *result;
    pthread_join(threads[i], &result);
    assert_non_null(result);
  }
  signer_close(&signer);
}

/* --- a real ssh-agent --------------------------------------------------------------------- */

struct agent {
  char folder[64], socket[96], command[512];
  pid_t pid;
};

static bool start_agent(struct agent *agent) {
  strcpy(agent->folder, "/tmp/adduce-agent-XXXXXX");
  assert_non_null(mkdtemp(agent->folder));
  snprintf(agent->socket, sizeof agent->socket, "%s/socket", agent->folder);
  agent->pid = fork();
  assert_true(agent->pid >= 0);
  if (agent->pid == 0) {
    if (freopen("/dev/null", "w", stdout) == NULL) _exit(126);
    execlp("ssh-agent", "ssh-agent", "-D", "-a", agent->socket, (char *)NULL);
    _exit(127);
  }
  for (int i = 0; i < 500 && access(agent->socket, F_OK) != 0; i++) {
    if (waitpid(agent->pid, NULL, WNOHANG) == agent->pid) return false;
    usleep(10000);
  }
  return access(agent->socket, F_OK) == 0;
}

static void stop_agent(struct agent *agent) {
  kill(agent->pid, SIGTERM);
  waitpid(agent->pid, NULL, 0);
  snprintf(agent->command, sizeof agent->command, "rm -r %s", agent->folder);
  assert_int_equal(system(agent->command), 0);
}

static void run(struct agent *agent, const char *what) {
  snprintf(agent->command, sizeof agent->command,
           "cd %s && export SSH_AUTH_SOCK=%s && { %s; } >/dev/null 2>&1", agent->folder,
           agent->socket, what);
  assert_int_equal(system(agent->command), 0);
}

static void use_agent(struct agent *agent) {
  const struct signer_agent_key *keys;
  size_t count;
  run(agent, "true");
  assert_int_equal(signer_list_agent(scope, &keys, &count, agent->socket), ADDUCE_OK);
  assert_int_equal(count, 0);
  run(agent, "ssh-keygen -q -t ecdsa -N '' -C other -f other && ssh-add other");
  run(agent, "ssh-keygen -q -t ed25519 -N '' -C 'a comment' -f key && ssh-add key");
  assert_int_equal(signer_list_agent(scope, &keys, &count, agent->socket), ADDUCE_OK);
  assert_int_equal(count, 1);
  assert_string_equal(keys[0].comment, "a comment");
  assert_int_equal(setenv("SSH_AUTH_SOCK", agent->socket, 1), 0);
  struct signer *signer;
  assert_int_equal(signer_from_agent(scope, &signer, NULL, &keys[0].key), ADDUCE_OK);
  static uint8_t large[65535];
  const size_t sizes[] = {0, 1, 1000, sizeof large};
  for (size_t i = 0; i < 4; i++) {
    struct adduce_signature signature;
    struct adduce_span message = span_of(large, sizes[i]);
    assert_int_equal(signer_sign(scope, &signature, signer, message), ADDUCE_OK);
    assert_true(sign_verify(signer_key(signer), message, &signature));
  }
  uint8_t seed[32];
  assert_false(signer_seed(scope, signer, seed) == ADDUCE_OK);
  struct adduce_key other = keys[0].key;
  other.bytes[0] ^= 1;
  struct signer *none;
  assert_int_equal(signer_from_agent(scope, &none, agent->socket, &other), ADDUCE_E_AGENT);
  assert_null(none);
  run(agent, "ssh-add -D");
  struct adduce_signature signature;
  assert_int_equal(signer_sign(scope, &signature, signer, span_text("m")), ADDUCE_E_AGENT);
  signer_close(&signer);
}

static void a_real_ssh_agent_signs(void **state) {
  (void)state;
  if (system("command -v ssh-agent >/dev/null && command -v ssh-keygen >/dev/null") != 0) {
    print_message("skipped: openssh-client is not installed\n");
    skip();
  }
  struct agent agent;
  assert_true(start_agent(&agent));
  use_agent(&agent);
  stop_agent(&agent);
}

static void without_an_agent_the_error_says_so(void **state) {
  (void)state;
  const struct signer_agent_key *keys;
  size_t count;
  assert_int_equal(unsetenv("SSH_AUTH_SOCK"), 0);
  assert_int_equal(signer_list_agent(scope, &keys, &count, NULL), ADDUCE_E_AGENT);
  assert_non_null(strstr(adduce_scope_detail(scope), "SSH_AUTH_SOCK"));
  assert_int_equal(signer_list_agent(scope, &keys, &count, "/nonexistent/socket"), ADDUCE_E_AGENT);
  assert_non_null(strstr(adduce_scope_detail(scope), "/nonexistent/socket"));
  char path[200];
  memset(path, 'x', sizeof path);
  path[sizeof path - 1] = '\0';
  assert_int_equal(signer_list_agent(scope, &keys, &count, path), ADDUCE_E_AGENT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(signatures_are_those_of_rfc_8032),
      cmocka_unit_test(generated_keys_are_acceptable_and_differ),
      cmocka_unit_test(a_signer_outlives_the_scope_it_was_made_with),
      cmocka_unit_test(threads_may_share_a_signer),
      cmocka_unit_test(a_real_ssh_agent_signs),
      cmocka_unit_test(without_an_agent_the_error_says_so),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
