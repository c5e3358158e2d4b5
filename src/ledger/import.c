/* SPDX-License-Identifier: Apache-2.0 */
/* Importing a bundle: incoming_read verifies all of it; here it is held against what this ledger
 * knows, judged by the policy in force, and entered. */
#include "codec/value.h"
#include "exchange/equivocation.h"
#include "ledger/foreign.h"
#include "ledger/incoming.h"
#include "ledger/proof.h"
#include "log/quarantine.h"
#include "sys/machine.h"

#define FUTURE_US (INT64_C(24) * 3600 * 1000000)

/* How the bundle stands to the last one from the same source. */
enum continuity { IS_FIRST, IS_SHOWN, IS_NOT_SHOWN };

/* An import under way. */
struct import {
  struct adduce_ledger *ledger;
  const struct adduce_import_options *options;
  struct incoming incoming;
  struct event *admitted;
  struct quarantine_item *waiting;
  size_t admitted_count, waiting_count, refused, present;
  size_t quarantined; /* of those that wait, how many did not wait already */
  size_t documents;   /* kept; when nothing is written, in the bundle */
  struct foreign_receipt receipt;
  struct adduce_value *report;
};

/* --- for whom and when ----------------------------------------------------------------------*/

static bool is_recipient(const struct bundle_manifest *manifest, const struct rules *rules) {
  if (manifest->recipient_count == 0 && manifest->key_count == 0) return true;
  for (size_t i = 0; i < manifest->recipient_count; i++)
    if (span_equal(manifest->recipients[i], rules_origin(rules))) return true;
  for (size_t i = 0; i < manifest->key_count; i++)
    if (rules_author(rules, &manifest->keys[i]) != NULL) return true;
  return false;
}

static enum adduce_err check_address(struct adduce_scope *scope, const struct import *import,
                                     const struct rules *rules) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  if (memcmp(manifest->genesis.bytes, import->ledger->genesis.bytes, 32) == 0)
    return scope_fail(scope, ADDUCE_E_REFUSED, "the bundle comes from this ledger");
  if (span_equal(manifest->origin, rules_origin(rules)))
    return scope_fail(scope, ADDUCE_E_OTHER_LEDGER,
                      "the bundle's ledger goes by the name of this one, %.*s, and is another",
                      SPAN_ARGS(manifest->origin));
  if (manifest->created_at_us > machine_now_us() + FUTURE_US)
    return scope_fail(scope, ADDUCE_E_CLOCK, "the bundle was made more than a day from now");
  if (import->options->accept_recipient || is_recipient(manifest, rules)) return ADDUCE_OK;
  const struct adduce_span other =
      manifest->recipient_count != 0 ? manifest->recipients[0] : span_text("the holder of a key");
  return scope_fail(scope, ADDUCE_E_REFUSED,
                    "the bundle is for %.*s and not for %.*s; --accept-recipient takes it all the "
                    "same",
                    SPAN_ARGS(other), SPAN_ARGS(rules_origin(rules)));
}

/* --- what was known of the source -----------------------------------------------------------*/

/* The checkpoint that came with an import. */
static enum adduce_err read_checkpoint(struct adduce_scope *scope, struct log_view *view,
                                       struct adduce_span *note, uint64_t index) {
  struct log_entry entry;
  struct event event;
  TRY(log_view_event(scope, view, &entry, &event, index));
  *note = parsed_text(&event.claim.parsed, "checkpoint");
  return ADDUCE_OK;
}

/* Two checkpoints of one log that cannot both be true become a file. */
static enum adduce_err accuse(struct adduce_scope *scope, struct import *import,
                              struct adduce_span *evidence, struct adduce_span known,
                              const struct adduce_hash *root, const struct merkle_proof *path) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  const struct note_verifier *verifier, *outgoing;
  rules_log_keys(import->incoming.rules, manifest->tree.size, &verifier, &outgoing);
  TRY(equivocation_accuse(scope, evidence, verifier, known, manifest->checkpoint, root, path));
  return scope_fail(
      scope, ADDUCE_E_EQUIVOCATION,
      "%.*s has signed two histories: this bundle's, and the one of an earlier import",
      SPAN_ARGS(manifest->origin));
}

/* What the bundle's tree had at the known size is known of one that begins there. */
static enum adduce_err compare_with(struct adduce_scope *scope, struct import *import,
                                    struct log_view *view, uint64_t index,
                                    struct adduce_span *evidence, enum continuity *continuity) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  struct checkpoint known;
  struct adduce_span note;
  struct note parsed;
  TRY(read_checkpoint(scope, view, &note, index));
  TRY(checkpoint_parse(scope, &known, &parsed, note));
  bool is_same_size = known.size == manifest->tree.size;
  if (is_same_size && !hash_equal(&known.root, &manifest->tree.root))
    return accuse(scope, import, evidence, note, NULL, NULL);
  bool is_start = manifest->has_since && manifest->since_size == known.size;
  if (is_start && !hash_equal(&known.root, &manifest->since_root))
    return accuse(scope, import, evidence, note, &manifest->since_root, &manifest->since_path);
  *continuity = is_same_size || is_start ? IS_SHOWN : IS_NOT_SHOWN;
  return ADDUCE_OK;
}

/* Every earlier import is compared: a small old bundle between two must not hide that they part.
 * The continuity is that with the last. */
static enum adduce_err check_known(struct adduce_scope *scope, struct import *import,
                                   struct log_view *view, struct adduce_span *evidence,
                                   enum continuity *continuity) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  *continuity = IS_FIRST;
  for (size_t i = 0; i < rules_import_count(view->rules); i++) {
    const struct rules_import *each = rules_import_at(view->rules, i);
    if (memcmp(each->source.bytes, manifest->genesis.bytes, 32) == 0)
      TRY(compare_with(scope, import, view, each->index, evidence, continuity));
    else if (span_equal(each->origin, manifest->origin))
      return scope_fail(scope, ADDUCE_E_OTHER_LEDGER,
                        "%.*s was another ledger at entry %llu: two ledgers go by one name",
                        SPAN_ARGS(manifest->origin), (unsigned long long)each->index);
  }
  return ADDUCE_OK;
}

/* --- judging --------------------------------------------------------------------------------*/

static enum trust_admission decide(const struct import *import, const struct rules *rules,
                                   const struct event *event) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  const struct trust_rule *rule;
  enum trust_admission admission =
      rules_judge_foreign(rules, &manifest->genesis, manifest->origin, event, &rule);
  if (admission == TRUST_QUARANTINE && import->options->admit) return TRUST_ADMIT;
  if (admission == TRUST_ADMIT && import->options->quarantine) return TRUST_QUARANTINE;
  return admission;
}

static void put_waiting(struct import *import, size_t i) {
  import->waiting[import->waiting_count++] = (struct quarantine_item){
      .event = &import->incoming.events[i],
      .reason = "no rule of the policy admits it from there",
      .is_foreign = true,
      .manifest = import->incoming.manifest->digest,
      .source_index = import->incoming.indexes[i],
  };
}

/* Control events of a source never act here; they come with what of it is admitted. */
static enum adduce_err sort_events(struct adduce_scope *scope, struct import *import,
                                   struct log_view *view) {
  const struct incoming *incoming = &import->incoming;
  uint8_t *decisions = scope_alloc(scope, incoming->count);
  import->admitted = scope_array(scope, incoming->count, sizeof *import->admitted);
  import->waiting = scope_array(scope, incoming->count, sizeof *import->waiting);
  if (decisions == NULL || import->admitted == NULL || import->waiting == NULL)
    return scope_no_memory(scope);
  bool any = false;
  for (size_t i = 0; i < incoming->count; i++) {
    decisions[i] = (uint8_t)decide(import, view->rules, &incoming->events[i]);
    any = any || decisions[i] == TRUST_ADMIT;
  }
  for (size_t i = 0; i < incoming->count; i++) {
    const struct event *event = &incoming->events[i];
    bool comes_along =
        any && vocabulary_control_name(event->claim.parsed.kind) && decisions[i] != TRUST_REFUSE;
    if (decisions[i] == TRUST_ADMIT || comes_along)
      import->admitted[import->admitted_count++] = *event;
    else if (decisions[i] == TRUST_QUARANTINE)
      put_waiting(import, i);
    else
      import->refused++;
  }
  return ADDUCE_OK;
}

/* --- entering -------------------------------------------------------------------------------*/

/* A bundle of which nothing comes in leaves nothing here. */
static enum adduce_err enter(struct adduce_scope *scope, struct import *import,
                             struct log_view *view) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  const struct foreign_source source = {manifest->genesis, manifest->origin, manifest->checkpoint,
                                        manifest->digest};
  const struct adduce_import_options *options = import->options;
  bool comes_in = import->admitted_count + import->waiting_count != 0;
  if (comes_in && options->dry_run)
    import->documents = bundle_capture_count(manifest);
  else if (comes_in)
    TRY(incoming_keep(scope, &import->incoming, view, &import->documents));
  const struct foreign_batch batch = {&source, import->admitted, import->admitted_count,
                                      ledger_signer(options->author), options->dry_run};
  if (batch.count != 0) TRY(foreign_append(scope, import->ledger, &import->receipt, &batch));
  import->present = import->admitted_count - import->receipt.entered;
  import->quarantined = import->waiting_count;
  if (options->dry_run) return ADDUCE_OK;
  if (import->admitted_count != 0) TRY(log_quarantine_settle(scope, import->ledger->log));
  if (import->waiting_count == 0) return ADDUCE_OK;
  return log_quarantine(scope, import->ledger->log, import->waiting, import->waiting_count,
                        &import->quarantined);
}

/* --- the report -----------------------------------------------------------------------------*/

static void report_source(struct adduce_scope *scope, const struct import *import) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  struct adduce_value *report = import->report;
  proof_report_checkpoint(scope, report, &manifest->tree);
  value_set(scope, report, "genesis", value_bytes(scope, span_of(manifest->genesis.bytes, 32)));
  value_set(scope, report, "manifest", value_bytes(scope, span_of(manifest->digest.bytes, 32)));
  value_set(scope, report, "exporter", value_bytes(scope, span_of(manifest->exporter.bytes, 32)));
  value_set_integer(scope, report, "count", (int64_t)manifest->count);
  value_set_text(scope, report, "confined_by", unwrap_guards(import->incoming.unwrap));
  if (!manifest->is_complete) return;
  struct adduce_value *range = value_list(scope);
  value_add(scope, range, value_integer(scope, (int64_t)manifest->from));
  value_add(scope, range, value_integer(scope, (int64_t)manifest->to));
  value_set(scope, report, "complete", range);
}

static void report_entering(struct adduce_scope *scope, const struct import *import) {
  struct adduce_value *report = import->report;
  const struct foreign_receipt *receipt = &import->receipt;
  value_set_integer(scope, report, "admitted", (int64_t)receipt->entered);
  value_set_integer(scope, report, "present", (int64_t)import->present);
  value_set_integer(scope, report, "quarantined", (int64_t)import->quarantined);
  value_set_integer(scope, report, "not_again",
                    (int64_t)(import->waiting_count - import->quarantined));
  value_set_integer(scope, report, "refused", (int64_t)import->refused);
  value_set_integer(scope, report, "captures", (int64_t)import->documents);
  if (receipt->entered == 0) return;
  value_set_integer(scope, report, "index", (int64_t)receipt->index);
  value_set(scope, report, "id", value_bytes(scope, span_of(receipt->id.bytes, 32)));
  value_set_integer(scope, report, "first", (int64_t)receipt->index + 1);
}

static void conclude(struct adduce_scope *scope, const struct import *import,
                     enum continuity continuity) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  struct adduce_value *proven = value_list(scope), *not_proven = value_list(scope);
  proof_say(scope, proven,
            "Every event was signed by its author, whose key was good at its place in "
            "the source, as far as the control entries given show.");
  proof_say(scope, proven, "Every entry is in the tree that %.*s has signed.",
            SPAN_ARGS(manifest->origin));
  if (continuity == IS_SHOWN)
    proof_say(scope, proven, "That tree begins with the one of the last import from there.");
  if (continuity == IS_NOT_SHOWN)
    proof_say(scope, not_proven,
              "That this tree and the one of the last import from there are of one history: the "
              "bundle does not begin where that one ended.");
  if (manifest->is_complete)
    proof_say(scope, proven, "Nothing is left out of the entries %llu to %llu.",
              (unsigned long long)manifest->from, (unsigned long long)manifest->to - 1);
  else
    proof_say(scope, not_proven, "That nothing was left out: it is a selection.");
  if (import->options->policy == NULL)
    proof_say(scope, not_proven,
              "Whose log it is: the key is the one that the bundle names. Compare it with one you "
              "know, or say --policy or --vkey.");
  proof_say(scope, not_proven, "That what is claimed is true.");
  value_set(scope, import->report, "proven", proven);
  value_set(scope, import->report, "not_proven", not_proven);
}

/* --- the whole ------------------------------------------------------------------------------*/

static enum adduce_err judge_all(struct adduce_scope *scope, struct import *import,
                                 struct log_view *view, const struct adduce_source *source,
                                 struct adduce_span *evidence) {
  const struct adduce_import_options *options = import->options;
  enum continuity continuity;
  TRY(incoming_read(scope, &import->incoming, import->ledger, rules_vocabulary(view->rules), source,
                    options->policy, !options->dry_run));
  report_source(scope, import);
  TRY(check_address(scope, import, view->rules));
  TRY(check_known(scope, import, view, evidence, &continuity));
  TRY(sort_events(scope, import, view));
  conclude(scope, import, continuity);
  return enter(scope, import, view);
}

/* The view stays open: the events point into its vocabulary. */
static enum adduce_err run(struct adduce_scope *scope, struct import *import,
                           const struct adduce_source *source, struct adduce_span *evidence) {
  struct log_view view;
  TRY(sign_start(scope));
  if (!import->options->dry_run) TRY(log_writable(scope, import->ledger->log));
  TRY(log_view_open(scope, &view, import->ledger->log));
  enum adduce_err err = judge_all(scope, import, &view, source, evidence);
  log_view_close(&view);
  return err;
}

enum adduce_err adduce_import(struct adduce_scope *scope, struct adduce_ledger *ledger,
                              const struct adduce_value **report, struct adduce_span *evidence,
                              const struct adduce_source *source,
                              const struct adduce_import_options *options) {
  struct import import = {
      .ledger = ledger,
      .options = options,
      .incoming = {.skeleton = {.fd = -1}, .capture = {.fd = -1}},
      .report = value_map(scope),
  };
  *evidence = span_of(NULL, 0);
  *report = import.report;
  enum adduce_err err = run(scope, &import, source, evidence);
  if (err == ADDUCE_OK) report_entering(scope, &import);
  incoming_close(&import.incoming);
  return err == ADDUCE_OK ? value_finish(scope) : err;
}
