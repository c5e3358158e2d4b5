/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#define TERMINAL "/dev/tty"

void secret_protect(void) {
  const struct rlimit none = {0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
  (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void secret_wipe(struct secret *secret) {
  explicit_bzero(secret, sizeof *secret);
  (void)munlock(secret, sizeof *secret);
}

/* Until there is something to read. Signals come in only while it waits: one that came between the
 * look at whether there was any and the wait would be noticed by nobody. False when one came. */
static bool await(int descriptor) {
  struct pollfd poll = {.fd = descriptor, .events = POLLIN};
  sigset_t all, before;
  int ready = -1;
  (void)sigfillset(&all);
  (void)sigprocmask(SIG_SETMASK, &all, &before);
  while (!bar_is_interrupted() && (ready = ppoll(&poll, 1, NULL, &before)) < 0 && errno == EINTR)
    continue;
  (void)sigprocmask(SIG_SETMASK, &before, NULL);
  return !bar_is_interrupted();
}

/* Reads one line, a byte at a time: what follows belongs to the next question. */
static enum adduce_err read_line(struct session *session, struct secret *secret, int descriptor) {
  secret->size = 0;
  for (;;) {
    char byte;
    if (!await(descriptor))
      return session_fail(session, ADDUCE_E_INTERRUPTED, "interrupted at the passphrase");
    ssize_t got = read(descriptor, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return session_fail(session, ADDUCE_E_PASSPHRASE, "no passphrase could be read: %s",
                          strerror(errno));
    if (got == 0 && secret->size == 0)
      return session_fail(session, ADDUCE_E_PASSPHRASE,
                          "a passphrase is needed, and there is none left to read");
    if (got == 0 || byte == '\n') return ADDUCE_OK;
    if (secret->size == SECRET_BYTES)
      return session_fail(session, ADDUCE_E_USAGE, "a passphrase has at most %d bytes",
                          SECRET_BYTES);
    secret->bytes[secret->size++] = byte;
  }
}

static enum adduce_err find_descriptor(struct session *session, int *descriptor) {
  uint64_t number;
  *descriptor = -1;
  if (!command_has(&session->options, "passphrase-fd")) return ADDUCE_OK;
  if (!command_number(&session->options, "passphrase-fd", &number, 0) || number > 65535 ||
      fcntl((int)number, F_GETFD) < 0)
    return session_fail(session, ADDUCE_E_USAGE, "--passphrase-fd: there is no descriptor %s",
                        command_argument(&session->options, "passphrase-fd"));
  *descriptor = (int)number;
  return ADDUCE_OK;
}

static enum adduce_err read_terminal(struct session *session, struct secret *secret,
                                     const char *prompt) {
  struct termios before, quiet;
  int terminal = open(TERMINAL, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0)
    return session_fail(session, ADDUCE_E_PASSPHRASE,
                        "a passphrase is needed, and there is no terminal to ask for it");
  enum adduce_err err;
  if (tcgetattr(terminal, &before) != 0) {
    err = session_fail(session, ADDUCE_E_PASSPHRASE, "the terminal cannot be set: %s",
                       strerror(errno));
  } else {
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
    (void)dprintf(terminal, "%s", prompt);
    (void)tcsetattr(terminal, TCSAFLUSH, &quiet);
    err = read_line(session, secret, terminal);
    (void)tcsetattr(terminal, TCSAFLUSH, &before);
    (void)dprintf(terminal, "\n");
  }
  close(terminal);
  return err;
}

static enum adduce_err ask(struct session *session, struct secret *secret, const char *prompt) {
  int descriptor;
  memset(secret, 0, sizeof *secret);
  (void)mlock(secret, sizeof *secret);
  enum adduce_err err = find_descriptor(session, &descriptor);
  if (err == ADDUCE_OK && descriptor >= 0) err = read_line(session, secret, descriptor);
  if (err == ADDUCE_OK && descriptor < 0) err = read_terminal(session, secret, prompt);
  if (err != ADDUCE_OK) secret_wipe(secret);
  return err;
}

enum adduce_err secret_ask(struct session *session, struct secret *secret, const char *whose) {
  return ask(session, secret, text_format("Passphrase of %s: ", whose));
}

enum adduce_err secret_ask_new(struct session *session, struct secret *secret, const char *whose) {
  struct secret again;
  bool is_same;
  do {
    TRY(ask(session, secret,
            text_format("New passphrase of %s (empty: the key is kept in the clear): ", whose)));
    if (command_has(&session->options, "passphrase-fd")) return ADDUCE_OK;
    enum adduce_err err = ask(session, &again, "The same once more: ");
    if (err != ADDUCE_OK) {
      secret_wipe(secret);
      return err;
    }
    is_same = again.size == secret->size && memcmp(again.bytes, secret->bytes, again.size) == 0;
    if (!is_same) {
      fputs("They differ.\n", stderr);
      secret_wipe(secret);
    }
    secret_wipe(&again);
  } while (!is_same);
  return ADDUCE_OK;
}

bool secret_can_ask(const struct session *session) {
  if (command_has(&session->options, "passphrase-fd")) return true;
  int terminal = open(TERMINAL, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) return false;
  close(terminal);
  return true;
}
