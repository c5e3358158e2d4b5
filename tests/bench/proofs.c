/* SPDX-License-Identifier: Apache-2.0 */
#include "proofs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "adduce.h"
#include "sys/file.h"
#include "table.h"

#define ORIGIN "bench.example/proofs"
#define BATCH 1000
#define PROOFS 10000
#define ROUNDS 5
#define SMALL 1000

/* A ledger with its keys. */
struct place {
  struct adduce_signer *founder, *log_key;
  struct adduce_ledger *ledger;
  const struct adduce_policy *policy;
  uint64_t said; /* claims so far */
};

static void make(struct adduce_scope *scope, struct place *place, const char *folder) {
  struct adduce_options options = {.headlock_folder = scope_format(scope, "%s-heads", folder)};
  const char *vkey;
  table_must(scope, adduce_signer_generate(scope, &place->founder), "key");
  table_must(scope, adduce_signer_generate(scope, &place->log_key), "key");
  options.log_signer = place->log_key;
  (void)mkdir(options.headlock_folder, 0700);
  table_must(
      scope,
      adduce_ledger_create(scope, &place->ledger, folder, ORIGIN, place->founder, NULL, &options),
      "create");
  struct adduce_key key = adduce_signer_key(place->log_key);
  table_must(scope, adduce_key_vkey(scope, &vkey, ORIGIN, &key), "vkey");
  table_must(scope, adduce_policy_of_key(scope, &place->policy, vkey), "policy");
  place->said = 1; /* the genesis */
}

static void leave(struct place *place) {
  adduce_ledger_close(&place->ledger);
  adduce_signer_close(&place->founder);
  adduce_signer_close(&place->log_key);
}

static void say(struct adduce_scope *step, struct place *place, struct adduce_writer *writer) {
  const struct adduce_value *claim;
  struct adduce_id id;
  char json[320];
  unsigned long long number = place->said++;
  int size = snprintf(json, sizeof json,
                      "{\"kind\":\"entity.described\",\"content\":{\"subject\":\"person/%llu\","
                      "\"schema\":\"Person\",\"name\":[\"Person %llu\"],"
                      "\"description\":\"one of those whom the list of number %llu names\"}}",
                      number, number, number % 77);
  table_must(step, adduce_value_from_json(step, &claim, json, (size_t)size), "claim");
  table_must(step, adduce_writer_add(step, writer, &id, claim, place->founder), "add");
}

static void grow(struct adduce_scope *scope, struct place *place, uint64_t size) {
  struct adduce_writer *writer;
  struct adduce_scope *step;
  struct adduce_receipt receipt;
  table_must(scope, adduce_scope_open(&step, 0), "scope");
  table_must(scope, adduce_writer_open(scope, &writer, place->ledger, NULL), "writer");
  while (place->said < size) {
    for (int i = 0; i < BATCH && place->said < size; i++) say(step, place, writer);
    table_must(step, adduce_writer_commit(step, writer, &receipt), "commit");
    adduce_scope_reset(step);
  }
  adduce_writer_close(&writer);
  adduce_scope_close(&step);
}

/* --- proofs --------------------------------------------------------------------------------- */

/* One proof after another, of entries here and there; microseconds of processor time for each. With
 * `prover` NULL each stands for itself, as of somebody who asks for one. */
static double prove_some(struct adduce_scope *step, const struct place *place,
                         struct adduce_prover *prover, uint64_t *random) {
  struct adduce_span file;
  double start = table_processor_seconds();
  for (int i = 0; i < PROOFS; i++) {
    char name[32];
    *random ^= *random << 13, *random ^= *random >> 7, *random ^= *random << 17;
    (void)snprintf(name, sizeof name, "#%llu", (unsigned long long)(*random % place->said));
    table_must(step,
               prover == NULL ? adduce_prove(step, place->ledger, &file, name, false)
                              : adduce_prover_prove(step, prover, &file, name, false),
               "prove");
    adduce_scope_reset(step);
  }
  return (table_processor_seconds() - start) / PROOFS * 1e6;
}

static void measure_proofs(struct adduce_scope *scope, const struct place *place) {
  struct adduce_scope *step;
  struct adduce_prover *prover;
  uint64_t random = 88172645463325252u;
  double single[ROUNDS], many[ROUNDS];
  table_must(scope, adduce_scope_open(&step, 0), "scope");
  table_must(scope, adduce_prover_open(scope, &prover, place->ledger), "prover");
  for (int round = 0; round < ROUNDS; round++) {
    single[round] = prove_some(step, place, NULL, &random);
    many[round] = prove_some(step, place, prover, &random);
  }
  table_below("one proof (adduce_prove)", table_median(single, ROUNDS), "us", 100,
              "processor time; random entries, event and content in it");
  table_below("one of many proofs (adduce_prover_prove)", table_median(many, ROUNDS), "us", 100,
              "the same");
  adduce_prover_close(&prover);
  adduce_scope_close(&step);
}

/* --- publishing ----------------------------------------------------------------------------- */

static double publish(struct adduce_scope *scope, const struct place *place, const char *folder,
                      int64_t *files, double *processor_seconds) {
  const struct adduce_value *report;
  struct adduce_scope *step;
  table_must(scope, adduce_scope_open(&step, 0), "scope");
  double start = table_seconds(), processor = table_processor_seconds();
  table_must(step, adduce_publish(step, place->ledger, &report, folder), "publish");
  double seconds = table_seconds() - start;
  *processor_seconds = table_processor_seconds() - processor;
  *files = adduce_value_integer(adduce_value_get(report, "files"));
  adduce_scope_close(&step);
  return seconds;
}

/* By the clock, with all the flushes; beside it what of that was ours and not the disk's or the
 * others' on the machine. The second run and the first one of a little ledger are compared by
 * processor time, since a flush takes as long as it takes. */
static void measure_publishing(struct adduce_scope *scope, struct place *place,
                               const char *folder) {
  double rates[ROUNDS], processor, again[ROUNDS], ratios[ROUNDS];
  int64_t files;
  for (int round = 0; round < 3; round++) {
    const char *fresh = scope_format(scope, "%s-%d", folder, round);
    rates[round] = (double)place->said / publish(scope, place, fresh, &files, &processor);
    table_note("publish: %lld files; %.0f events a second of processor time", (long long)files,
               (double)place->said / processor);
  }
  table_rate("publish, events a second", rates, 3, 200000);
  struct place other;
  make(scope, &other, scope_format(scope, "%s-little", folder));
  grow(scope, &other, BATCH);
  for (int round = 0; round < ROUNDS; round++) {
    double little;
    grow(scope, place, place->said + BATCH);
    (void)publish(scope, place, scope_format(scope, "%s-0", folder), &files, &again[round]);
    const char *fresh = scope_format(scope, "%s-little-www-%d", folder, round);
    (void)publish(scope, &other, fresh, &files, &little);
    ratios[round] = again[round] / little;
  }
  table_below("publish 1,000 more, beside a first publishing of 1,000",
              table_median(ratios, ROUNDS), "x", 2, "processor time");
  leave(&other);
}

/* --- audits --------------------------------------------------------------------------------- */

static double audit(struct adduce_scope *scope, const struct place *place, struct adduce_span since,
                    struct adduce_span *statement) {
  const struct adduce_value *report;
  const struct adduce_published published = adduce_published_ledger(place->ledger);
  const struct adduce_audit_options options = {
      .policy = place->policy,
      .since = since,
      .auditor_name = "auditor.example",
      .auditor = place->founder,
  };
  double start = table_processor_seconds();
  table_must(scope, adduce_audit(scope, &published, &report, &options), "audit");
  double seconds = table_processor_seconds() - start;
  *statement = adduce_value_bytes(adduce_value_get(report, "statement"));
  return seconds;
}

static void measure_audits(struct adduce_scope *scope, struct place *place, const char *folder) {
  const struct adduce_span none = {NULL, 0};
  struct adduce_span statement, later;
  struct place small;
  double ratios[ROUNDS], start = audit(scope, place, none, &statement);
  table_note("audit of %llu events: %.1f s of processor time", (unsigned long long)place->said,
             start);
  make(scope, &small, scope_format(scope, "%s-small", folder));
  grow(scope, &small, SMALL);
  for (int round = 0; round < ROUNDS; round++) {
    grow(scope, place, place->said + SMALL);
    double whole = audit(scope, &small, none, &later);
    double more = audit(scope, place, statement, &later);
    statement = later;
    ratios[round] = more / whole;
  }
  table_below("audit of 1,000 more, beside that of a ledger of 1,000", table_median(ratios, ROUNDS),
              "x", 2, "processor time");
  leave(&small);
}

/* --- damage --------------------------------------------------------------------------------- */

static const char *const damaged[] = {"checkpoint",      "control/000",      "tile/0/000",
                                      "tile/1/000",      "tile/entries/000", "tile/0/001",
                                      "tile/entries/002"};

/* True iff the audit of the folder finds the bit, and names the entry (of the checkpoint: its
 * signature). */
static bool finds(struct adduce_scope *step, const struct place *place, const char *folder,
                  const char *path) {
  const struct adduce_value *report;
  const struct adduce_published published = adduce_published_folder(folder);
  const struct adduce_audit_options options = {.policy = place->policy};
  enum adduce_err err = adduce_audit(step, &published, &report, &options);
  const char *detail = adduce_scope_detail(step);
  if (strcmp(path, "checkpoint") == 0) return err == ADDUCE_E_SIGNATURE || err == ADDUCE_E_NOTE;
  if (strncmp(path, "control/", 8) == 0) return strstr(detail, "entry 0: ") != NULL;
  return err == ADDUCE_E_FAILED && strstr(detail, path) != NULL && strstr(detail, " entr") != NULL;
}

/* A bit of the middle of some files, one at a time; tests/flow/damage_test.c does it to every bit
 * of a small log. What a log of this size does not have is passed over. */
static void measure_damage(struct adduce_scope *scope, const struct place *place,
                           const char *folder) {
  struct adduce_scope *step;
  int changed = 0, found = 0;
  table_must(scope, adduce_scope_open(&step, 0), "scope");
  for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
    struct adduce_span bytes;
    const char *path = scope_format(scope, "%s/%s", folder, damaged[i]);
    adduce_scope_reset(step);
    if (file_read(step, &bytes, path, (size_t)32 << 20) != ADDUCE_OK || bytes.size == 0) continue;
    uint8_t *copy = adduce_fetch_allocate(step, bytes.size);
    memcpy(copy, bytes.data, bytes.size);
    copy[bytes.size / 2] ^= 0x10;
    table_must(step, file_write(step, path, span_of(copy, bytes.size), 0666, false), "damage");
    bool is_found = finds(step, place, folder, damaged[i]);
    if (!is_found) table_note("NOT FOUND: %s: %s", damaged[i], adduce_scope_detail(step));
    changed++, found += is_found;
    table_must(step, file_write(step, path, bytes, 0666, false), "repair");
  }
  table_below("changed bits in published files that audit missed", changed - found, "", 1,
              scope_format(scope, "of %d, each named by index", changed));
  adduce_scope_close(&step);
}

void proofs_measure(struct adduce_scope *scope, const char *folder, uint64_t events) {
  struct place place;
  const char *ledger = scope_format(scope, "%s/proofs", folder);
  make(scope, &place, ledger);
  grow(scope, &place, events);
  measure_proofs(scope, &place);
  measure_publishing(scope, &place, scope_format(scope, "%s/www", folder));
  measure_audits(scope, &place, ledger);
  measure_damage(scope, &place, scope_format(scope, "%s/www-0", folder));
  leave(&place);
}
