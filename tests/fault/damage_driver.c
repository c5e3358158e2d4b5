/* SPDX-License-Identifier: Apache-2.0 */
/* damage_driver TEMPLATE SCRATCH STRIDE BITS RANDOM SEED PART PARTS [unverified | only NUMBER]:
 * the files of a ledger, its head lock and its keys, damaged one way at a time, and then opened.
 *
 * Damages are: one bit of each STRIDEth byte, or all 8 where BITS is 8 (small files: always each of
 * every byte); each block of 512 and of 4,096 bytes zeroed, written over the next and over the one
 * before, exchanged with the next; RANDOM more pairs of blocks, copied and exchanged; the file cut
 * at each block and in its middle; something behind its end.
 *
 * Of each must be true: it is told, with an error, by `verify` (which opens a ledger as one that
 * may be damaged); or all that the log says (entries, contents, checkpoint) and all that the state
 * says are the same bytes as before. Nothing may end the program, nothing may take 5 s. With
 * `unverified` nobody verifies: some damage must then go by untold. Damages are numbered; `only`
 * replays one. */
#define _GNU_SOURCE
#include <adduce.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "log/log.h"

#define FILES_MAX 32
#define SMALL_BYTES 2048
#define LATE_SECONDS 5
#define SHOWN 10

enum how { BIT, ZERO, COPY, EXCHANGE, CUT, BEHIND };
static const char *const how_names[] = {"bit", "zeroed", "copied", "exchanged", "cut", "behind"};

struct damage {
  enum how how;
  size_t file;
  uint64_t at, to; /* bytes; of a bit, `to` is its number */
  uint64_t block;
};

struct file {
  char *path; /* below the folder */
  uint8_t *bytes;
  size_t size;
  bool is_key;
};

enum fate { NEXT, TOLD, SAME, OTHER, DIED, LATE, FATES };

/* What is shared with the child that looks: it may die of one. */
struct progress {
  uint64_t at, counts[FATES];
};

static struct {
  const char *template, *scratch;
  struct file files[FILES_MAX];
  size_t file_count;
  struct damage *damages;
  size_t count, room;
  uint64_t stride, bits, random, seed, part, parts, only;
  bool unverified;
  struct adduce_hash sound, sound_keys;
  struct progress *progress;
  struct adduce_scope *scope;
} lab;

static uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static const char *inside(const char *name) {
  return scope_format(lab.scope, "%s/%s", lab.scratch, name);
}

/* --- files ----------------------------------------------------------------------------------*/

static int remember(const char *path, const struct stat *status, int type, struct FTW *walk) {
  (void)walk;
  const char *name = path + strlen(lab.template) + 1;
  bool is_store = strncmp(name, "ledger/", 7) == 0 || strncmp(name, "heads/", 6) == 0;
  bool is_key = strncmp(name, "keys/", 5) == 0;
  if (type != FTW_F || (!is_store && !is_key) || strstr(name, "-lock") != NULL) return 0;
  if (lab.file_count == FILES_MAX) exit(2);
  struct file *file = &lab.files[lab.file_count++];
  *file = (struct file){strdup(name), malloc((size_t)status->st_size + 1), (size_t)status->st_size,
                        is_key};
  FILE *stream = fopen(path, "rb");
  if (stream == NULL || file->path == NULL || file->bytes == NULL) exit(2);
  if (fread(file->bytes, 1, file->size, stream) != file->size) exit(2);
  (void)fclose(stream);
  return 0;
}

/* So that numbers of damages mean the same in every copy of a ledger. */
static int compare_files(const void *a, const void *b) {
  return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

static void write_file(const struct file *file, const uint8_t *bytes, size_t size) {
  int fd = open(inside(file->path), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || pwrite(fd, bytes, size, 0) != (ssize_t)size || ftruncate(fd, (off_t)size) != 0)
    exit(2);
  (void)close(fd);
}

static void write_damaged(const struct damage *damage) {
  const struct file *file = &lab.files[damage->file];
  size_t size = file->size, block = damage->block;
  uint8_t *bytes = malloc(size + 4096);
  if (bytes == NULL) exit(2);
  memcpy(bytes, file->bytes, size);
  if (damage->at + block > size) block = size - damage->at;
  if (damage->to + block > size && damage->how != BIT) block = size - damage->to;
  switch (damage->how) {
    case BIT:
      bytes[damage->at] ^= (uint8_t)(1u << damage->to);
      break;
    case ZERO:
      memset(bytes + damage->at, 0, block);
      break;
    case EXCHANGE:
      memcpy(bytes + damage->at, file->bytes + damage->to, block);
      memcpy(bytes + damage->to, file->bytes + damage->at, block);
      break;
    case COPY:
      memcpy(bytes + damage->to, file->bytes + damage->at, block);
      break;
    case CUT:
      size = damage->at;
      break;
    case BEHIND:
      for (size_t i = 0; i < damage->to; i++) bytes[size + i] = (uint8_t)mix(i);
      size += damage->to;
      break;
  }
  write_file(file, bytes, size);
  free(bytes);
}

/* --- what can be done to a file -------------------------------------------------------------- */

static void add(size_t file, enum how how, uint64_t at, uint64_t to, uint64_t block) {
  if (lab.count == lab.room) {
    lab.room = lab.room == 0 ? 4096 : 2 * lab.room;
    lab.damages = realloc(lab.damages, lab.room * sizeof *lab.damages);
    if (lab.damages == NULL) exit(2);
  }
  lab.damages[lab.count++] = (struct damage){how, file, at, to, block};
}

static void add_bits(size_t number, bool is_small) {
  uint64_t stride = is_small ? 1 : lab.stride;
  for (uint64_t at = 0; at < lab.files[number].size; at += stride) {
    if (is_small || lab.bits == 8)
      for (uint64_t bit = 0; bit < 8; bit++) add(number, BIT, at, bit, 1);
    else
      add(number, BIT, at + mix(lab.seed + at) % stride, mix(lab.seed ^ at) % 8, 1);
  }
}

static void add_blocks(size_t number, uint64_t block) {
  uint64_t blocks = lab.files[number].size / block;
  for (uint64_t i = 0; i < blocks; i++) {
    uint64_t at = i * block;
    add(number, ZERO, at, at, block);
    add(number, CUT, at, 0, 0);
    add(number, CUT, at + block / 2 - 1, 0, 0);
    if (i + 1 == blocks) break;
    add(number, COPY, at, at + block, block);
    add(number, COPY, at + block, at, block);
    add(number, EXCHANGE, at, at + block, block);
  }
  for (uint64_t i = 0; blocks > 1 && i < lab.random; i++) {
    uint64_t x = mix(lab.seed * 31 + i) % blocks * block, y = mix(lab.seed * 37 + i) % blocks;
    add(number, i % 2 == 0 ? COPY : EXCHANGE, x, y * block, block);
  }
}

static void add_all(size_t number) {
  const struct file *file = &lab.files[number];
  bool is_small = file->size <= SMALL_BYTES;
  add_bits(number, is_small);
  if (is_small)
    for (uint64_t at = 0; at < file->size; at++) add(number, CUT, at, 0, 0);
  if (!file->is_key) add_blocks(number, 512);
  if (!is_small) add_blocks(number, 4096);
  for (uint64_t more = 1; more <= 4096; more *= 8) add(number, BEHIND, 0, more, 0);
}

/* --- what is then said -----------------------------------------------------------------------*/

static enum adduce_err hash_log(struct adduce_hash *digest) {
  const struct log_options options = {.headlock_folder = inside("heads"), .read_only = true};
  struct log *log = NULL;
  struct log_view view;
  struct log_entry entry;
  struct adduce_span note;
  struct hash hash;
  hash_init(&hash);
  TRY(log_open(lab.scope, &log, inside("ledger/log"), &options));
  enum adduce_err err = log_view_open(lab.scope, &view, log);
  if (err != ADDUCE_OK) goto out;
  for (uint64_t i = 0; i < view.size && err == ADDUCE_OK; i++) {
    err = log_view_entry(lab.scope, &view, &entry, i);
    if (err != ADDUCE_OK) break;
    hash_span(&hash, entry.entry);
    hash_span(&hash, entry.content);
  }
  if (err == ADDUCE_OK) err = log_view_checkpoint(lab.scope, &view, &note);
  if (err == ADDUCE_OK) hash_span(&hash, note);
  log_view_close(&view);
  hash_final(&hash, digest);
out:
  log_close(&log);
  return err;
}

static enum adduce_err hash_answer(struct hash *hash, const struct adduce_value *answer) {
  const char *json;
  TRY(adduce_value_to_json(lab.scope, &json, answer, false));
  hash_span(hash, span_text(json));
  return ADDUCE_OK;
}

static enum adduce_err hash_state(struct hash *hash) {
  const struct adduce_options options = {.headlock_folder = inside("heads"),
                                         .pages_first = !lab.unverified};
  const struct adduce_verify_options how = {.threads = 1};
  const struct adduce_value *answer;
  struct adduce_ledger *ledger = NULL;
  enum adduce_err err = adduce_ledger_open(lab.scope, &ledger, inside("ledger"), &options);
  if (err == ADDUCE_OK && !lab.unverified) err = adduce_verify(lab.scope, ledger, &answer, &how);
  if (err == ADDUCE_OK) err = adduce_ask_state(lab.scope, ledger, &answer, NULL, NULL);
  if (err == ADDUCE_OK) err = hash_answer(hash, answer);
  if (err == ADDUCE_OK) err = adduce_ask_timeline(lab.scope, ledger, &answer, NULL, NULL);
  if (err == ADDUCE_OK) err = hash_answer(hash, answer);
  adduce_ledger_close(&ledger);
  return err;
}

static enum adduce_err hash_keys(struct hash *hash) {
  for (size_t i = 0; i < lab.file_count; i++) {
    struct adduce_signer *signer;
    if (!lab.files[i].is_key) continue;
    TRY(adduce_signer_open(lab.scope, &signer, inside(lab.files[i].path), NULL, 0));
    struct adduce_key key = adduce_signer_key(signer);
    hash_span(hash, span_of(key.bytes, sizeof key.bytes));
    adduce_signer_close(&signer);
  }
  return ADDUCE_OK;
}

/* All that a ledger says, or its keys: an error where something is told. */
static enum adduce_err hash_all(struct adduce_hash *digest, bool is_key) {
  struct adduce_hash log = {{0}};
  struct hash hash;
  hash_init(&hash);
  if (is_key) {
    TRY(hash_keys(&hash));
  } else {
    TRY(hash_state(&hash));
    TRY(hash_log(&log));
  }
  hash_span(&hash, span_of(log.bytes, sizeof log.bytes));
  hash_final(&hash, digest);
  return ADDUCE_OK;
}

/* --- one after the other ---------------------------------------------------------------------*/

static void restore(void) {
  for (size_t i = 0; i < lab.file_count; i++)
    write_file(&lab.files[i], lab.files[i].bytes, lab.files[i].size);
}

static void show(uint64_t number, const char *what) {
  const struct damage *damage = &lab.damages[number];
  uint64_t shown =
      lab.progress->counts[OTHER] + lab.progress->counts[DIED] + lab.progress->counts[LATE];
  if (shown >= SHOWN || lab.unverified) return;
  fprintf(stderr, "damage %" PRIu64 " (%s of %s, %" PRIu64 " %" PRIu64 ", %" PRIu64 "): %s\n",
          number, how_names[damage->how], lab.files[damage->file].path, damage->at, damage->to,
          damage->block, what);
}

static void look(uint64_t number) {
  const struct damage *damage = &lab.damages[number];
  struct adduce_hash digest;
  adduce_scope_reset(lab.scope);
  restore();
  write_damaged(damage);
  (void)alarm(LATE_SECONDS);
  bool is_key = lab.files[damage->file].is_key;
  enum adduce_err err = hash_all(&digest, is_key);
  (void)alarm(0);
  bool is_same = hash_equal(&digest, is_key ? &lab.sound_keys : &lab.sound);
  enum fate fate = err != ADDUCE_OK ? TOLD : is_same ? SAME : OTHER;
  if (lab.only != UINT64_MAX)
    fprintf(stderr, "damage %" PRIu64 ": %s: %s\n", number, adduce_error_name(err),
            adduce_scope_detail(lab.scope));
  if (fate == OTHER) show(number, "it is not told, and something else is said");
  lab.progress->counts[fate]++;
}

static bool is_chosen(uint64_t number) {
  return lab.only == UINT64_MAX ? number % lab.parts == lab.part : number == lab.only;
}

static void look_at_all(void) {
  for (uint64_t number = lab.progress->at; number < lab.count; number++) {
    lab.progress->at = number + 1;
    if (is_chosen(number)) look(number);
  }
}

/* In children, so that what ends one is counted, and the next damage looked at. */
static void look_in_children(void) {
  for (;;) {
    int status;
    pid_t child = fork();
    if (child == 0) {
      look_at_all();
      _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) exit(2);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    bool is_late = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    show(lab.progress->at - 1,
         is_late ? "not done after 5 s"
                 : scope_format(lab.scope, "it ended the program, with %d",
                                WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)));
    lab.progress->counts[is_late ? LATE : DIED]++;
  }
}

int main(int count, char **arguments) {
  if (count < 9) {
    fprintf(stderr,
            "usage: damage_driver TEMPLATE SCRATCH STRIDE BITS RANDOM SEED PART PARTS "
            "[unverified | only N]\n");
    return 2;
  }
  uint64_t *const numbers[] = {&lab.stride, &lab.bits, &lab.random,
                               &lab.seed,   &lab.part, &lab.parts};
  lab.template = arguments[1];
  lab.scratch = arguments[2];
  for (size_t i = 0; i < 6; i++) *numbers[i] = strtoull(arguments[3 + i], NULL, 10);
  lab.unverified = count == 10 && strcmp(arguments[9], "unverified") == 0;
  lab.only = count == 11 ? strtoull(arguments[10], NULL, 10) : UINT64_MAX;
  lab.progress =
      mmap(NULL, sizeof *lab.progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (lab.progress == MAP_FAILED || adduce_scope_open(&lab.scope, 0) != ADDUCE_OK) return 2;
  if (nftw(lab.template, remember, 16, FTW_PHYS) != 0 || lab.file_count < 6) return 2;
  qsort(lab.files, lab.file_count, sizeof *lab.files, compare_files);
  for (size_t i = 0; i < lab.file_count; i++) add_all(i);
  restore();
  if (hash_all(&lab.sound, false) != ADDUCE_OK || hash_all(&lab.sound_keys, true) != ADDUCE_OK) {
    fprintf(stderr, "damage: the ledger is not sound: %s\n", adduce_scope_detail(lab.scope));
    return 2;
  }
  look_in_children();
  const uint64_t *counts = lab.progress->counts;
  printf("damages %zu told %" PRIu64 " same %" PRIu64 " other %" PRIu64 " died %" PRIu64
         " late %" PRIu64 "\n",
         lab.count, counts[TOLD], counts[SAME], counts[OTHER], counts[DIED], counts[LATE]);
  adduce_scope_close(&lab.scope);
  return 0;
}
