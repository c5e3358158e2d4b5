/* SPDX-License-Identifier: Apache-2.0 */
/* crash_driver TRACE SCRATCH COUNT SEED PART PARTS [no-sync | only NUMBER]: what crashes leave of
 * the files that a trace tells of (tests/fault/lab.h), opened and checked.
 *
 * The power fails before each operation that syncs, before each acknowledgement, and at the end. Of
 * what is pending then the disk has kept: nothing; all; one operation; all but one; all, with one
 * write torn at 512 bytes; and, as often as COUNT asks for, a random part with random sectors.
 * Every state must open, hold each entry that was acknowledged, no other than those that were
 * appended, in their order, and pass the log's own check; a sample is verified whole, projections
 * too. Before the ledger was acknowledged there may be none.
 *
 * COUNT states are chosen of all there are, by SEED, and shared out among PARTS processes. With
 * `no-sync` nothing that synced is believed: losses must be found then. States are numbered; `only`
 * replays one. */
#define _GNU_SOURCE
#include <adduce.h>
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scope.h"
#include "log/log.h"
#include "support/disk.h"

#define ENTRIES_MAX 1024
#define PENDING_MAX 4096
#define VERIFIED_ONE_IN 50
#define ALL_SECTORS UINT64_MAX
#define SHOWN 10

/* What is shared with the child that looks at the states: it may die of one. */
struct progress {
  uint64_t next, passed, lost, invented, damaged, refused, died;
};

static struct {
  struct disk_trace trace;
  const char *scratch;
  uint64_t seed, count, total, part, parts, only, random_rounds;
  bool no_sync;
  struct progress *progress;
  struct adduce_scope *scope;
  struct adduce_span reference[ENTRIES_MAX];
  size_t reference_count;
} lab;

static uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/* --- one state ------------------------------------------------------------------------------*/

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk) {
  (void)status;
  (void)type;
  (void)walk;
  return remove(path);
}

static void remove_all(const char *path) {
  (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *inside(const char *name) {
  return scope_format(lab.scope, "%s/%s", lab.scratch, name);
}

/* The log as it is opened by every command. */
static enum adduce_err open_log(struct log **log) {
  const struct log_options options = {.headlock_folder = inside("heads")};
  return log_open(lab.scope, log, inside("ledger/log"), &options);
}

/* Compares with the entries that were appended; returns what is wrong, or NULL. */
static const char *compare(struct log *log, uint64_t acknowledged, uint64_t **kind) {
  struct log_view view;
  struct log_entry entry;
  const struct log_check_options check = {.no_signatures = true, .threads = 1};
  struct log_check_report report;
  *kind = &lab.progress->damaged;
  if (log_view_open(lab.scope, &view, log) != ADDUCE_OK) return adduce_scope_detail(lab.scope);
  const char *problem = NULL;
  for (uint64_t i = 0; i < view.size && problem == NULL; i++) {
    if (log_view_entry(lab.scope, &view, &entry, i) != ADDUCE_OK)
      problem = adduce_scope_detail(lab.scope);
    else if (i >= lab.reference_count || !span_equal(entry.entry, lab.reference[i]))
      problem = scope_format(lab.scope, "entry %" PRIu64 " was never appended", i);
    if (problem != NULL && problem != adduce_scope_detail(lab.scope))
      *kind = &lab.progress->invented;
  }
  if (problem == NULL && view.size < acknowledged) {
    *kind = &lab.progress->lost;
    problem =
        scope_format(lab.scope, "%" PRIu64 " entries were acknowledged, %" PRIu64 " are there",
                     acknowledged, view.size);
  }
  log_view_close(&view);
  if (problem == NULL && log_check(lab.scope, log, &report, &check) != ADDUCE_OK)
    problem = adduce_scope_detail(lab.scope);
  if (problem == NULL && log_writable(lab.scope, log) != ADDUCE_OK)
    problem = adduce_scope_detail(lab.scope);
  return problem;
}

/* As `adduce verify` does it: with captures and projections. */
static const char *verify(void) {
  const struct adduce_options options = {.headlock_folder = inside("heads")};
  const struct adduce_verify_options how = {.no_signatures = true, .threads = 1};
  const struct adduce_value *report;
  struct adduce_ledger *ledger = NULL;
  enum adduce_err err = adduce_ledger_open(lab.scope, &ledger, inside("ledger"), &options);
  if (err == ADDUCE_OK) err = adduce_verify(lab.scope, ledger, &report, &how);
  adduce_ledger_close(&ledger);
  return err == ADDUCE_OK ? NULL : adduce_scope_detail(lab.scope);
}

static const char *judge(uint64_t number, uint64_t acknowledged, uint64_t **kind) {
  struct stat status;
  struct log *log = NULL;
  *kind = acknowledged > 0 ? &lab.progress->lost : &lab.progress->refused;
  if (stat(inside("ledger/log"), &status) != 0)
    return acknowledged > 0 ? "the ledger is gone" : NULL;
  const char *const keys[] = {"keys/default.key", "keys/log-monitor.example.key"};
  for (size_t i = 0; i < 2; i++)
    if (stat(inside(keys[i]), &status) != 0 || status.st_size != 160)
      return "there is a ledger, and a key of it is gone";
  if (open_log(&log) != ADDUCE_OK) return adduce_scope_detail(lab.scope);
  const char *problem = compare(log, acknowledged, kind);
  log_close(&log);
  if (problem == NULL && mix(number) % VERIFIED_ONE_IN == 0) problem = verify();
  return problem;
}

static void look_at(const struct disk *disk, uint64_t number, uint64_t acknowledged) {
  uint64_t *kind;
  adduce_scope_reset(lab.scope);
  remove_all(lab.scratch);
  disk_write(disk, lab.scratch);
  const char *problem = judge(number, acknowledged, &kind);
  if (problem == NULL) {
    lab.progress->passed++;
    return;
  }
  struct progress *so_far = lab.progress;
  uint64_t shown = so_far->lost + so_far->invented + so_far->damaged + so_far->refused;
  ++*kind;
  if (shown < SHOWN && !lab.no_sync)
    fprintf(stderr, "crash: state %" PRIu64 " (%" PRIu64 " entries acknowledged): %s\n", number,
            acknowledged, problem);
}

/* --- all states -----------------------------------------------------------------------------*/

/* The moment of a crash: what is durable, and what is pending, in order. */
struct moment {
  struct disk durable;
  const struct disk_op *pending[PENDING_MAX];
  size_t pending_count;
  uint64_t acknowledged;
};

/* What becomes of the pending operation `i` in the `way`th state of a moment. */
static uint64_t kept(const struct moment *moment, uint64_t way, uint64_t number, size_t i) {
  size_t n = moment->pending_count;
  bool is_write = moment->pending[i]->op == LAB_OP_WRITE;
  uint64_t random = mix(lab.seed * 31 + number * 1000003 + i);
  if (way == 0) return 0;
  if (way == 1) return ALL_SECTORS;
  if (way < 2 + n) return i == way - 2 ? ALL_SECTORS : 0;
  if (way < 2 + 2 * n) return i == way - 2 - n ? 0 : ALL_SECTORS;
  if (way < 2 + 3 * n) return i == way - 2 - 2 * n && is_write ? random : ALL_SECTORS;
  return random % 3 == 0 ? 0 : is_write && random % 3 == 1 ? mix(random) : ALL_SECTORS;
}

static uint64_t ways_of(const struct moment *moment) {
  return moment->pending_count == 0 ? 1 : 2 + 3 * moment->pending_count + lab.random_rounds;
}

static bool is_chosen(uint64_t number) {
  if (lab.only != UINT64_MAX) return number == lab.only;
  if (number < lab.progress->next || number % lab.parts != lab.part) return false;
  return lab.count == 0 || lab.count >= lab.total ||
         mix(lab.seed ^ mix(number)) % lab.total < lab.count;
}

static void crash(const struct moment *moment, uint64_t *number, bool only_count) {
  uint64_t ways = ways_of(moment);
  for (uint64_t way = 0; way < ways; way++, ++*number) {
    struct disk disk;
    if (only_count || !is_chosen(*number)) continue;
    lab.progress->next = *number + 1;
    disk_copy(&disk, &moment->durable);
    for (size_t i = 0; i < moment->pending_count; i++) {
      uint64_t sectors = kept(moment, way, *number, i);
      if (sectors != 0) disk_apply(&disk, moment->pending[i], sectors);
    }
    look_at(&disk, *number, moment->acknowledged);
    disk_release(&disk);
  }
}

static bool written_later(const struct moment *moment, size_t i) {
  for (size_t j = i + 1; j < moment->pending_count; j++)
    if (moment->pending[j]->op == LAB_OP_WRITE &&
        moment->pending[j]->inode == moment->pending[i]->inode)
      return true;
  return false;
}

static void settle(struct moment *moment, const struct disk_op *sync) {
  bool durable[PENDING_MAX];
  size_t left = 0;
  for (size_t i = 0; i < moment->pending_count; i++)
    durable[i] = disk_makes_durable(sync, moment->pending[i], written_later(moment, i));
  for (size_t i = 0; i < moment->pending_count; i++) {
    if (durable[i])
      disk_apply(&moment->durable, moment->pending[i], ALL_SECTORS);
    else
      moment->pending[left++] = moment->pending[i];
  }
  moment->pending_count = left;
}

/* Plays the trace and looks at states; returns how many there are. */
static uint64_t play(bool only_count) {
  static struct moment moment;
  uint64_t number = 0;
  moment = (struct moment){.pending_count = 0};
  for (size_t i = 0; i < lab.trace.count; i++) {
    const struct disk_op *op = &lab.trace.ops[i];
    bool syncs = op->op == LAB_OP_SYNC || op->op == LAB_OP_SYNC_LAST;
    if (syncs || op->op == LAB_OP_SAID) {
      crash(&moment, &number, only_count);
      if (syncs && !lab.no_sync) settle(&moment, op);
      if (op->op == LAB_OP_SAID) moment.acknowledged = strtoull((const char *)op->data, NULL, 10);
    } else if (moment.pending_count < PENDING_MAX) {
      moment.pending[moment.pending_count++] = op;
    }
  }
  crash(&moment, &number, only_count);
  disk_release(&moment.durable);
  return number;
}

/* What was appended: the entries that are there when nothing is lost. */
static void remember_entries(void) {
  static struct disk whole;
  struct log *log = NULL;
  struct log_view view;
  struct log_entry entry;
  for (size_t i = 0; i < lab.trace.count; i++) disk_apply(&whole, &lab.trace.ops[i], ALL_SECTORS);
  remove_all(lab.scratch);
  disk_write(&whole, lab.scratch);
  if (open_log(&log) != ADDUCE_OK || log_view_open(lab.scope, &view, log) != ADDUCE_OK) {
    fprintf(stderr, "crash: the whole trace is no ledger: %s\n", adduce_scope_detail(lab.scope));
    exit(2);
  }
  for (uint64_t i = 0; i < view.size && i < ENTRIES_MAX; i++) {
    if (log_view_entry(lab.scope, &view, &entry, i) != ADDUCE_OK) exit(2);
    uint8_t *copy = malloc(entry.entry.size);
    if (copy == NULL) exit(2);
    memcpy(copy, entry.entry.data, entry.entry.size);
    lab.reference[lab.reference_count++] = span_of(copy, entry.entry.size);
  }
  log_view_close(&view);
  log_close(&log);
  disk_release(&whole);
}

/* In children, so that a state that kills is counted and the next one looked at. */
static void play_in_children(void) {
  for (;;) {
    int status;
    pid_t child = fork();
    if (child == 0) {
      (void)play(false);
      _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) exit(2);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    fprintf(stderr, "crash: state %" PRIu64 " ended the program, with %d\n", lab.progress->next - 1,
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    lab.progress->died++;
  }
}

int main(int count, char **arguments) {
  if (count < 7) {
    fprintf(stderr, "usage: crash_driver TRACE SCRATCH COUNT SEED PART PARTS [no-sync | only N]\n");
    return 2;
  }
  lab.trace = disk_trace_read(arguments[1]);
  lab.scratch = arguments[2];
  lab.count = strtoull(arguments[3], NULL, 10);
  lab.seed = strtoull(arguments[4], NULL, 10);
  lab.part = strtoull(arguments[5], NULL, 10);
  lab.parts = strtoull(arguments[6], NULL, 10);
  lab.no_sync = count == 8 && strcmp(arguments[7], "no-sync") == 0;
  lab.only = count == 9 ? strtoull(arguments[8], NULL, 10) : UINT64_MAX;
  lab.progress =
      mmap(NULL, sizeof *lab.progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (lab.progress == MAP_FAILED || adduce_scope_open(&lab.scope, 0) != ADDUCE_OK) return 2;
  remember_entries();
  lab.total = play(true);
  if (lab.count > lab.total) {
    /* Random parts make up for what the moments do not have. */
    lab.random_rounds = (lab.count - lab.total) / (lab.trace.count / 4 + 1) + 1;
    while (lab.total < lab.count) {
      lab.total = play(true);
      lab.random_rounds *= 2;
    }
    lab.random_rounds /= 2;
  }
  play_in_children();
  const struct progress *so_far = lab.progress;
  printf("states %" PRIu64 " passed %" PRIu64 " lost %" PRIu64 " invented %" PRIu64
         " damaged %" PRIu64 " refused %" PRIu64 " died %" PRIu64 "\n",
         lab.total, so_far->passed, so_far->lost, so_far->invented, so_far->damaged,
         so_far->refused, so_far->died);
  remove_all(lab.scratch);
  adduce_scope_close(&lab.scope);
  return 0;
}
