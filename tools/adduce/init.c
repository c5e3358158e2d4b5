/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "keys.h"
#include "place.h"

#define NOTE_BYTES 65536

/* The author's key: the one named, or, where there is none of any name, a new one. */
static enum adduce_err open_founder(struct session *session) {
  const char *name = keys_author_name(session), *path;
  const char *const *names;
  bool is_named = command_has(&session->options, "key") || strcmp(name, KEYS_DEFAULT) != 0;
  if (command_has(&session->options, "agent") || is_named) return keys_open_author(session);
  TRY(keys_path(session, &path, name));
  TRY(keys_list(session, &names));
  bool any_author = false;
  for (size_t i = 0; names[i] != NULL; i++)
    any_author = any_author || strncmp(names[i], "log-", 4) != 0;
  if (place_exists(path) || any_author) return keys_open_author(session);
  session->hint =
      "--no-passphrase makes the key in the clear; `adduce key new` makes it beforehand";
  TRY(keys_make(session, &session->author, path, ADDUCE_AUTHOR,
                !command_has(&session->options, "no-passphrase"), "your new key \"default\""));
  session->hint = NULL;
  if (!session->is_json) printf("made your key \"%s\" in %s\n", name, path);
  return ADDUCE_OK;
}

/* The last checkpoint of the ledger that this one continues, as text. */
static enum adduce_err read_note(struct session *session, const char **note, const char *file) {
  char *bytes = text_allocate(NOTE_BYTES + 1);
  FILE *input = fopen(file, "re");
  if (input == NULL) return session_fail_system(session, "read", file);
  size_t size = fread(bytes, 1, NOTE_BYTES, input);
  bool failed = ferror(input) != 0;
  fclose(input);
  if (failed) return session_fail_system(session, "read", file);
  *note = text_format("%.*s", (int)size, bytes);
  return ADDUCE_OK;
}

/* What the genesis says besides: {name, continues}; NULL if nothing. */
static enum adduce_err make_genesis(struct session *session, const struct adduce_value **genesis) {
  const char *name = command_argument(&session->options, "name"), *note = NULL;
  const char *continues = command_argument(&session->options, "continues");
  struct text json;
  *genesis = NULL;
  if (continues != NULL) TRY(read_note(session, &note, continues));
  if (name == NULL && note == NULL) return ADDUCE_OK;
  text_begin(&json);
  fputc('{', json.stream);
  if (name != NULL) {
    fputs("\"name\":", json.stream);
    text_json(json.stream, name, strlen(name));
  }
  if (note != NULL) {
    fprintf(json.stream, "%s\"continues\":", name == NULL ? "" : ",");
    text_json(json.stream, note, strlen(note));
  }
  fputc('}', json.stream);
  const char *whole = text_end(&json);
  return adduce_value_from_json(session->scope, genesis, whole, strlen(whole));
}

static enum adduce_err create(struct session *session, const char *folder, const char *origin,
                              const struct adduce_value *genesis, const char *log_path) {
  const char *heads = place_heads();
  if (heads == NULL)
    return session_fail(session, ADDUCE_E_NO_FILE,
                        "no folder for head locks: neither $ADDUCE_HEADS nor $HOME is set");
  if (!place_make(heads)) return session_fail_system(session, "make", heads);
  TRY(keys_make(session, &session->log_signer, log_path, ADDUCE_LOG,
                command_has(&session->options, "log-passphrase"),
                text_format("the log key of %s", origin)));
  const struct adduce_options options = {.headlock_folder = heads,
                                         .log_signer = session->log_signer};
  enum adduce_err err = adduce_ledger_create(session->scope, &session->ledger, folder, origin,
                                             session->author, genesis, &options);
  /* A key that has signed nothing is not kept; where anything is left in the folder, it may have.
   */
  if (err != ADDUCE_OK && (rmdir(folder) == 0 || errno == ENOENT)) (void)unlink(log_path);
  return err;
}

static enum adduce_err tell(struct session *session, const char *folder, const char *log_path) {
  const struct adduce_value *stat;
  TRY(adduce_stat(session->scope, session->ledger, &stat));
  if (session->is_json) return session_answer(session, stat, NULL);
  const char *origin = session_operand(session, 0);
  const struct adduce_value *genesis = adduce_value_get(stat, "genesis");
  printf("made the ledger %s in %s\n", text_clean(origin), folder);
  if (genesis != NULL && adduce_value_bytes(genesis).size == 32)
    printf("  its identity  %s\n", text_hex(adduce_value_bytes(genesis).data, 64));
  printf("  its log key   %s\n", log_path);
  printf("  its head lock in %s: not to be copied with the ledger\n", place_heads());
  return ADDUCE_OK;
}

/* Whether the folder holds nothing, or only what an init that was broken off left: the library
 * makes a ledger in log.new and clears that away itself. */
static bool is_unfinished(const char *folder) {
  DIR *opened = opendir(folder);
  if (opened == NULL) return false;
  bool is_so = true;
  for (const struct dirent *entry; is_so && (entry = readdir(opened)) != NULL;)
    is_so = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            strncmp(entry->d_name, "log.new", 7) == 0;
  (void)closedir(opened);
  return is_so;
}

static enum adduce_err run(struct session *session) {
  const char *origin = session_operand(session, 0), *log_path;
  const char *above = command_argument(&session->options, "C");
  const char *folder = place_new_ledger(above);
  const char *log_name = command_argument(&session->options, "log-key");
  const struct adduce_value *genesis;
  if (place_exists(folder) && !is_unfinished(folder))
    return session_fail(session, ADDUCE_E_EXISTS, "%s is there already", folder);
  if (above != NULL && mkdir(above, 0777) != 0 && errno != EEXIST)
    return session_fail_system(session, "make", above);
  TRY(keys_path(session, &log_path, log_name == NULL ? keys_log_name(origin) : log_name));
  if (place_exists(log_path)) {
    session->hint =
        "choose another origin or --log-key NAME: a key that signs two histories of one "
        "name makes both worthless";
    return session_fail(session, ADDUCE_E_EXISTS, "there is a log key of %s already, %s", origin,
                        log_path);
  }
  TRY(make_genesis(session, &genesis));
  TRY(open_founder(session));
  TRY(create(session, folder, origin, genesis, log_path));
  return tell(session, folder, log_path);
}

static const struct command_option options[] = {
    {0, "name", "TEXT", "what people call the ledger", NULL, NULL},
    {0, "continues", "FILE", "the last checkpoint of the ledger that this one continues", NULL,
     NULL},
    {0, "no-passphrase", NULL, "if your key must be made, keep it in the clear, and ask nothing",
     NULL, NULL},
    {0, "log-passphrase", NULL,
     "protect the log's key with a passphrase; without it, it is kept in "
     "the clear, for you alone",
     NULL, NULL},
    {0, "log-key", "NAME", "the name of the log's key; \"log-ORIGIN\" without it", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command init_command = {
    .name = "init",
    .summary = "make a ledger",
    .usage = "ORIGIN [OPTION...]",
    .text =
        "Makes a ledger in ./.adduce. ORIGIN is its name, like monitor.example or "
        "monitor.example/east: subjects with bare names belong to it, and its log signs under it. "
        "The founder is the key of --key; where you have no key at all, \"default\" is made, under "
        "a passphrase that is asked for twice and may be empty. The log gets a key of its own, "
        "and a head lock outside the ledger by which a ledger put back from a copy is noticed.",
    .examples =
        "  adduce init monitor.example\n"
        "  adduce -C cases/minsk init monitor.example/minsk --name 'The Minsk release'\n"
        "  adduce init test.example --no-passphrase\n",
    .groups = COMMAND_SIGNING,
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
