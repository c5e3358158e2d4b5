/* SPDX-License-Identifier: Apache-2.0 */
/* Taking from a depot what is new. */
#include "adduce/sync.h"
#include "codec/value.h"
#include "exchange/equivocation.h"
#include "ledger/bundlefile.h"
#include "ledger/proof.h"
#include "ledger/recall.h"
#include "ledger/remotes.h"
#include "sys/file.h"
#include "sys/spool.h"

struct pull {
  struct adduce_ledger *ledger;
  const char *name;
  const struct adduce_depot *depot;
  struct adduce_import_options options;
  const struct signer *opens; /* what is sealed */
  struct policy policy;
  struct adduce_policy outside; /* the same for adduce_import */
  struct adduce_span note;      /* the checkpoint known; empty: none is */
  struct checkpoint known;      /* size 0 then */
  struct policy_verdict there;  /* of the depot's checkpoint */
  struct adduce_span there_note;
  uint64_t bundles, bytes;
  struct adduce_value *imports, *recalled;
};

/* --- what is known --------------------------------------------------------------------------*/

static enum adduce_err read_policy(struct adduce_scope *scope, struct pull *pull) {
  struct adduce_span text;
  TRY(remotes_read(scope, pull->ledger, &text, pull->name, "policy"));
  if (text.size == 0)
    return scope_fail(scope, ADDUCE_E_POLICY,
                      "%s has no policy: whose log is expected there? add it anew with --vkey or "
                      "--policy",
                      pull->name);
  TRY(policy_parse(scope, &pull->policy, text));
  pull->outside.policy = pull->policy;
  pull->options.policy = &pull->outside;
  return ADDUCE_OK;
}

static enum adduce_err read_known(struct adduce_scope *scope, struct pull *pull) {
  struct note note;
  TRY(remotes_read(scope, pull->ledger, &pull->note, pull->name, "pulled"));
  if (pull->note.size == 0) return ADDUCE_OK;
  return checkpoint_parse(scope, &pull->known, &note, pull->note);
}

static enum adduce_err accuse(struct adduce_scope *scope, struct pull *pull,
                              struct adduce_span *evidence, struct adduce_span note,
                              const struct adduce_hash *root, const struct merkle_proof *path) {
  TRY(equivocation_accuse(scope, evidence, &pull->there.log->verifier, pull->note, note, root,
                          path));
  TRY(remotes_write(scope, pull->ledger, pull->name, "equivocation", *evidence));
  return scope_fail(scope, ADDUCE_E_EQUIVOCATION,
                    "%.*s has signed two histories: the one pulled before, and the one there now",
                    SPAN_ARGS(pull->known.origin));
}

/* The depot's checkpoint, which must be of the policy's log and not contradict the one known. */
static enum adduce_err read_there(struct adduce_scope *scope, struct pull *pull,
                                  struct adduce_span *evidence) {
  const struct adduce_depot *depot = pull->depot;
  enum adduce_err err =
      depot->fetch(depot->context, scope, &pull->there_note, "checkpoint", NOTE_BYTES_MAX);
  if (err == ADDUCE_E_NO_FILE)
    return scope_fail(scope, err, "nothing was ever pushed there: %s", adduce_scope_detail(scope));
  if (err != ADDUCE_OK) return err;
  TRY(policy_evaluate(scope, &pull->there, &pull->policy, pull->there_note));
  const struct checkpoint *there = &pull->there.checkpoint;
  if (pull->known.size == 0) return ADDUCE_OK;
  if (!span_equal(there->origin, pull->known.origin))
    return scope_fail(scope, ADDUCE_E_OTHER_LEDGER, "there is %.*s now, and was %.*s before",
                      SPAN_ARGS(there->origin), SPAN_ARGS(pull->known.origin));
  if (there->size < pull->known.size)
    return scope_fail(scope, ADDUCE_E_ROLLBACK,
                      "the depot has %llu entries now, and had %llu before",
                      (unsigned long long)there->size, (unsigned long long)pull->known.size);
  if (there->size == pull->known.size && !hash_equal(&there->root, &pull->known.root))
    return accuse(scope, pull, evidence, pull->there_note, NULL, NULL);
  return ADDUCE_OK;
}

/* --- one bundle -----------------------------------------------------------------------------*/

/* Whether it is the next of the chain, before it is read as a whole. */
static enum adduce_err check_next(struct adduce_scope *scope, struct pull *pull,
                                  const struct bundle_manifest *manifest,
                                  struct adduce_span *evidence) {
  struct policy_verdict verdict;
  bool begins_here = manifest->is_complete && manifest->from == pull->known.size &&
                     manifest->has_since == (pull->known.size != 0) &&
                     (!manifest->has_since || manifest->since_size == pull->known.size);
  if (!begins_here || manifest->tree.size > pull->there.checkpoint.size)
    return scope_fail(scope, ADDUCE_E_FORM,
                      "bundle/%llu in the depot is not the next one: it does not give the entries "
                      "from there on",
                      (unsigned long long)pull->known.size);
  TRY(policy_open_checkpoint(scope, &verdict.checkpoint, &pull->policy, manifest->checkpoint));
  if (!manifest->has_since || hash_equal(&manifest->since_root, &pull->known.root))
    return ADDUCE_OK;
  return accuse(scope, pull, evidence, manifest->checkpoint, &manifest->since_root,
                &manifest->since_path);
}

static enum adduce_err remember(struct adduce_scope *scope, struct pull *pull,
                                const struct bundle_manifest *manifest) {
  struct note note;
  TRY(remotes_write(scope, pull->ledger, pull->name, "pulled", manifest->checkpoint));
  pull->note = scope_copy(scope, manifest->checkpoint);
  if (pull->note.data == NULL) return scope_no_memory(scope);
  return checkpoint_parse(scope, &pull->known, &note, pull->note);
}

static enum adduce_err look_for_recalls(struct adduce_scope *scope, struct pull *pull,
                                        const struct adduce_value *report) {
  const struct adduce_value *runs = adduce_value_get(report, "runs");
  for (size_t i = 0; i < adduce_value_count(runs); i++) {
    const struct adduce_value *each = adduce_value_at(runs, i);
    uint64_t first = (uint64_t)adduce_value_integer(adduce_value_get(each, "index")) + 1;
    uint64_t entered = (uint64_t)adduce_value_integer(adduce_value_get(each, "entered"));
    TRY(recall_find(scope, pull->ledger, pull->recalled, first, first + entered));
  }
  return ADDUCE_OK;
}

static enum adduce_err import_file(struct adduce_scope *scope, struct pull *pull,
                                   struct adduce_span *evidence, const char *path) {
  struct bundlefile file;
  struct adduce_source source;
  const struct adduce_value *report;
  enum adduce_err err = bundlefile_unsealed(scope, &file, &source, path, pull->opens);
  if (err == ADDUCE_OK)
    err = adduce_import(scope, pull->ledger, &report, evidence, &source, &pull->options);
  bundlefile_close(&file);
  if (err != ADDUCE_OK) return err;
  struct adduce_value *kept = value_map(scope);
  for (size_t i = 0; i < adduce_value_count(report); i++) {
    const char *key = adduce_value_key(report, i);
    if (strcmp(key, "proven") == 0 || strcmp(key, "not_proven") == 0) continue;
    value_share(scope, kept, key, adduce_value_at(report, i));
  }
  value_add(scope, pull->imports, kept);
  return look_for_recalls(scope, pull, report);
}

static enum adduce_err take_next(struct adduce_scope *scope, struct pull *pull,
                                 struct adduce_span *evidence, const char *path) {
  const char *from = scope_format(scope, "bundle/%llu", (unsigned long long)pull->known.size);
  struct bundlefile file = {.file = {.fd = -1}};
  enum adduce_err got =
      pull->depot->get(pull->depot->context, scope, path, from, REMOTES_BUNDLE_MAX);
  if (got == ADDUCE_E_NO_FILE)
    return scope_fail(scope, got,
                      "the depot has no %s, where what was pulled ends: the chain has a gap, or "
                      "goes another way",
                      from);
  if (got != ADDUCE_OK) return got;
  enum adduce_err err = bundlefile_look(scope, &file, path, pull->opens);
  if (err == ADDUCE_OK) err = check_next(scope, pull, file.manifest, evidence);
  if (err == ADDUCE_OK) err = import_file(scope, pull, evidence, path);
  if (err == ADDUCE_OK) {
    pull->bundles++;
    pull->bytes += file.size;
    err = remember(scope, pull, file.manifest);
  }
  bundlefile_close(&file);
  return err;
}

/* --- the whole ------------------------------------------------------------------------------*/

static enum adduce_err run(struct adduce_scope *scope, struct pull *pull,
                           struct adduce_span *evidence, const char *path) {
  TRY(read_there(scope, pull, evidence));
  while (pull->known.size < pull->there.checkpoint.size)
    TRY(take_next(scope, pull, evidence, path));
  return ADDUCE_OK;
}

static void set_sum(struct adduce_scope *scope, struct adduce_value *map, const char *key,
                    const struct adduce_value *imports) {
  int64_t sum = 0;
  for (size_t i = 0; i < adduce_value_count(imports); i++)
    sum += adduce_value_integer(adduce_value_get(adduce_value_at(imports, i), key));
  value_set_integer(scope, map, key, sum);
}

static void report_all(struct adduce_scope *scope, struct adduce_value *map,
                       const struct pull *pull, uint64_t from) {
  static const char *const sums[] = {"admitted", "quarantined", "not_again", "refused", "present"};
  value_set_text(scope, map, "name", pull->name);
  value_set(scope, map, "origin", value_str(scope, pull->there.checkpoint.origin));
  value_set_integer(scope, map, "from", (int64_t)from);
  value_set_integer(scope, map, "to", (int64_t)pull->known.size);
  value_set_integer(scope, map, "bundles", (int64_t)pull->bundles);
  value_set_integer(scope, map, "bytes", (int64_t)pull->bytes);
  for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
    set_sum(scope, map, sums[i], pull->imports);
  value_set(scope, map, "imports", pull->imports);
  value_set(scope, map, "recalled", pull->recalled);
}

enum adduce_err adduce_pull(struct adduce_scope *scope, struct adduce_ledger *ledger,
                            const struct adduce_value **report, struct adduce_span *evidence,
                            const char *name, const struct adduce_depot *depot,
                            const struct adduce_import_options *options) {
  struct pull pull = {
      .ledger = ledger,
      .name = name,
      .depot = depot,
      .options = *options,
      .opens = ledger_signer(options->open_with != NULL ? options->open_with : options->author),
      .imports = value_list(scope),
      .recalled = value_list(scope)};
  struct adduce_value *map = value_map(scope);
  *report = map;
  *evidence = span_of(NULL, 0);
  TRY(sign_start(scope));
  TRY(remotes_find(scope, ledger, name));
  TRY(read_policy(scope, &pull));
  TRY(read_known(scope, &pull));
  uint64_t from = pull.known.size;
  const char *path = spool_temporary(scope, ledger->folder);
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  enum adduce_err err = run(scope, &pull, evidence, path);
  file_discard(path);
  if (err != ADDUCE_OK) return err;
  report_all(scope, map, &pull, from);
  return value_finish(scope);
}
