/* SPDX-License-Identifier: Apache-2.0 */
/* Importing a bundle: incoming_read verifies all of it while each event is judged by the policy in
 * force and put aside; then the bundle is held against what this ledger knows, and entered in runs.
 */
#include "base/hex.h"
#include "base/invariant.h"
#include "codec/value.h"
#include "exchange/equivocation.h"
#include "ledger/arrivals.h"
#include "ledger/foreign.h"
#include "ledger/incoming.h"
#include "ledger/proof.h"
#include "log/plan.h"
#include "log/quarantine.h"
#include "sys/machine.h"

#define FUTURE_US (INT64_C(24) * 3600 * 1000000)
/* A run: as much as a transaction may hold in memory. */
#define RUN_EVENTS ((size_t)1 << 14)
#define RUN_BYTES ((size_t)16 << 20)

/* How the bundle stands to the last one from the same source. */
enum continuity { IS_FIRST, IS_SHOWN, IS_NOT_SHOWN };

/* An import under way. */
struct import {
  struct adduce_ledger *ledger;
  const struct adduce_import_options *options;
  struct log_view *view;
  struct incoming incoming;
  struct arrivals arrivals;
  size_t fates[ARRIVALS_FATES];   /* how many have each */
  size_t present[ARRIVALS_FATES]; /* and how many of them are in the log; counted in a dry run */
  const char *acting;             /* why nothing can come in; NULL: nothing that would act here */
  size_t entered;
  size_t quarantined;                /* of those that wait, how many did not wait already */
  size_t documents;                  /* kept; when nothing is written, in the bundle */
  struct adduce_scope *report_scope; /* holds the two */
  struct adduce_value *report, *runs;
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
                                    uint64_t index, struct adduce_span *evidence,
                                    enum continuity *continuity) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  struct checkpoint known;
  struct adduce_span note;
  struct note parsed;
  TRY(read_checkpoint(scope, import->view, &note, index));
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
                                   struct adduce_span *evidence, enum continuity *continuity) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  const struct rules *rules = import->view->rules;
  *continuity = IS_FIRST;
  for (size_t i = 0; i < rules_import_count(rules); i++) {
    const struct rules_import *each = rules_import_at(rules, i);
    if (memcmp(each->source.bytes, manifest->genesis.bytes, 32) == 0)
      TRY(compare_with(scope, import, each->index, evidence, continuity));
    else if (span_equal(each->origin, manifest->origin))
      return scope_fail(scope, ADDUCE_E_OTHER_LEDGER,
                        "%.*s was another ledger at entry %llu: two ledgers go by one name",
                        SPAN_ARGS(manifest->origin), (unsigned long long)each->index);
  }
  return ADDUCE_OK;
}

/* --- judging --------------------------------------------------------------------------------*/

static enum trust_admission admit(const struct import *import, const struct event *event,
                                  const struct trust_rule **rule) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  return rules_judge_foreign(import->view->rules, &manifest->genesis, manifest->origin, event,
                             rule);
}

/* Control events of a source never act here; they come with what of it is admitted. */
static enum arrivals_fate decide(const struct import *import, const struct event *event) {
  const struct trust_rule *rule;
  enum trust_admission admission = admit(import, event, &rule);
  if (admission == TRUST_REFUSE) return ARRIVALS_STAYS_OUT;
  if (admission == TRUST_ADMIT ? !import->options->quarantine : import->options->admit)
    return ARRIVALS_ENTERS;
  return vocabulary_control_name(event->claim.parsed.kind) ? ARRIVALS_COMES_ALONG : ARRIVALS_WAITS;
}

/* Whether it is in the log; looked up where that matters before events are entered. */
static enum adduce_err find(struct adduce_scope *scope, const struct import *import,
                            const struct event *event, bool *is_present) {
  struct scope_mark mark = scope_mark(scope);
  uint64_t index;
  enum adduce_err err = log_view_find(scope, import->view, &index, &event->id);
  scope_rewind(scope, mark);
  *is_present = err == ADDUCE_OK;
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

/* What the log would refuse of this event, known before any is entered. */
static enum adduce_err check_entry(struct adduce_scope *scope, struct import *import,
                                   const struct event *event, uint64_t index) {
  struct scope_mark mark = scope_mark(scope);
  struct adduce_span entry;
  TRY(plan_entry_encode(scope, &entry, machine_now_us(), event->claim.parsed.event));
  scope_rewind(scope, mark);
  if (import->acting != NULL || !rules_acts_here(import->view->rules, event)) return ADDUCE_OK;
  bool is_present;
  TRY(find(scope, import, event, &is_present));
  if (is_present) return ADDUCE_OK;
  import->acting = scope_format(
      scope, "entry %llu of the source, %.*s, names this ledger: what acts here is not imported",
      (unsigned long long)index, SPAN_ARGS(event->claim.parsed.kind));
  return import->acting == NULL ? scope_no_memory(scope) : ADDUCE_OK;
}

/* What would wait, and was refused by hand before, is not taken again. */
static enum adduce_err find_refused(struct adduce_scope *scope, const struct import *import,
                                    const struct event *event, bool *is_refused) {
  struct log_quarantined item;
  *is_refused = false;
  for (uint64_t from = 0; !*is_refused; from = item.number + 1) {
    struct scope_mark mark = scope_mark(scope);
    enum adduce_err err = log_view_quarantined(scope, import->view, &item, from);
    if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
    scope_rewind(scope, mark);
    if (err != ADDUCE_OK) break;
    *is_refused = item.is_refused && memcmp(item.id.bytes, event->id.bytes, 32) == 0;
  }
  return ADDUCE_OK;
}

/* A document comes in with an event that names it. */
static enum adduce_err judge_document(struct adduce_scope *scope, struct import *import,
                                      const struct event *event, enum arrivals_fate fate) {
  if (!incoming_names(&import->incoming, event)) return ADDUCE_OK;
  bool stays_out = fate == ARRIVALS_STAYS_OUT;
  if (fate == ARRIVALS_WAITS) TRY(find_refused(scope, import, event, &stays_out));
  if (stays_out) incoming_pass_over(&import->incoming, event);
  return ADDUCE_OK;
}

static enum adduce_err judge(void *context, struct adduce_scope *scope, const struct event *event,
                             uint64_t index) {
  struct import *import = context;
  enum arrivals_fate fate = decide(import, event);
  import->fates[fate]++;
  TRY(judge_document(scope, import, event, fate));
  if (fate != ARRIVALS_STAYS_OUT) TRY(check_entry(scope, import, event, index));
  if (!import->options->dry_run) return arrivals_add(scope, &import->arrivals, event, index, fate);
  bool is_present;
  TRY(find(scope, import, event, &is_present));
  import->present[fate] += is_present;
  return ADDUCE_OK;
}

/* What becomes of it, now that all are known. */
static enum arrivals_fate settle(const struct import *import, enum arrivals_fate fate) {
  if (fate != ARRIVALS_COMES_ALONG) return fate;
  return import->fates[ARRIVALS_ENTERS] != 0 ? ARRIVALS_ENTERS : ARRIVALS_WAITS;
}

static size_t count_fate(const struct import *import, const size_t *counts,
                         enum arrivals_fate fate) {
  bool along = settle(import, ARRIVALS_COMES_ALONG) == fate;
  return counts[fate] + (along ? counts[ARRIVALS_COMES_ALONG] : 0);
}

/* --- entering -------------------------------------------------------------------------------*/

/* Events of one fate that are written in one transaction; each run's memory is given back. */
struct run {
  struct adduce_scope *scope;
  struct event *events;
  uint64_t *indexes;
  size_t count;
};

typedef enum adduce_err run_fn(struct adduce_scope *scope, struct import *import,
                               const struct run *run);

/* The next run. */
static enum adduce_err fill(struct import *import, struct run *run, enum arrivals_fate fate) {
  struct adduce_scope *scope = run->scope;
  size_t bytes = 0;
  bool is_end = false;
  run->count = 0;
  run->events = scope_array(scope, RUN_EVENTS, sizeof *run->events);
  run->indexes = scope_array(scope, RUN_EVENTS, sizeof *run->indexes);
  if (run->events == NULL || run->indexes == NULL) return scope_no_memory(scope);
  while (!is_end && run->count < RUN_EVENTS && bytes < RUN_BYTES) {
    struct scope_mark mark = scope_mark(scope);
    struct arrival arrival;
    TRY(arrivals_next(scope, &import->arrivals, &arrival, rules_vocabulary(import->view->rules),
                      &is_end));
    if (is_end || settle(import, arrival.fate) != fate) {
      scope_rewind(scope, mark);
      continue;
    }
    run->events[run->count] = arrival.event;
    run->indexes[run->count++] = arrival.index;
    bytes += arrival.bytes;
  }
  return ADDUCE_OK;
}

static enum adduce_err each_run(struct adduce_scope *scope, struct import *import,
                                enum arrivals_fate fate, run_fn *fn) {
  struct run run = {.count = 0};
  uint64_t done = 0;
  size_t all = count_fate(import, import->fates, fate);
  if (all == 0) return ADDUCE_OK;
  TRY(arrivals_rewind(scope, &import->arrivals));
  if (adduce_scope_open(&run.scope, 0) != ADDUCE_OK) return scope_no_memory(scope);
  enum adduce_err err = ADDUCE_OK;
  while (err == ADDUCE_OK && done < all) {
    adduce_scope_reset(run.scope);
    err = fill(import, &run, fate);
    INVARIANT(err != ADDUCE_OK || run.count != 0);
    if (err == ADDUCE_OK) err = fn(run.scope, import, &run);
    if (err != ADDUCE_OK) {
      err = scope_relay(scope, err, run.scope);
      break;
    }
    done += run.count;
    err = scope_progress(scope, "entering", done, all);
  }
  adduce_scope_close(&run.scope);
  if (err == ADDUCE_OK || done == 0) return err;
  return scope_wrap(scope, err, "%llu of %zu are in; the same import again enters the rest: ",
                    (unsigned long long)done, all);
}

static enum adduce_err enter_run(struct adduce_scope *scope, struct import *import,
                                 const struct run *run) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  const struct foreign_source source = {manifest->genesis, manifest->origin, manifest->checkpoint,
                                        manifest->digest};
  const struct foreign_batch batch = {&source, run->events, run->count,
                                      ledger_signer(import->options->author)};
  struct adduce_scope *kept = import->report_scope;
  struct foreign_receipt receipt;
  TRY(foreign_append(scope, import->ledger, &receipt, &batch));
  import->entered += receipt.entered;
  if (receipt.entered == 0) return ADDUCE_OK;
  struct adduce_value *map = value_map(kept);
  value_set_integer(kept, map, "index", (int64_t)receipt.index);
  value_set_bytes32(kept, map, "id", receipt.id.bytes);
  value_set_integer(kept, map, "entered", (int64_t)receipt.entered);
  value_add(kept, import->runs, map);
  return ADDUCE_OK;
}

/* What keeps an event waiting: a rule, that there is none, or whoever imports. */
static const char *why_waiting(struct adduce_scope *scope, const struct import *import,
                               const struct event *event) {
  const struct trust_rule *rule;
  (void)admit(import, event, &rule);
  if (rule == NULL) return "no rule of the policy admits it from there";
  if (rule->admission == TRUST_ADMIT) return "it was kept waiting by hand when it was imported";
  return scope_format(scope, "rule %u of policy %.12s keeps it waiting", rule->place,
                      hex_text32(rules_policy(import->view->rules)->bytes).text);
}

static enum adduce_err put_waiting(struct adduce_scope *scope, struct import *import,
                                   const struct run *run) {
  struct quarantine_item *items = scope_array(scope, run->count, sizeof *items);
  size_t added;
  if (items == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < run->count; i++)
    items[i] = (struct quarantine_item){
        .event = &run->events[i],
        .reason = why_waiting(scope, import, &run->events[i]),
        .is_foreign = true,
        .manifest = import->incoming.manifest->digest,
        .source_index = run->indexes[i],
    };
  TRY(log_quarantine(scope, import->ledger->log, items, run->count, &added));
  import->quarantined += added;
  return ADDUCE_OK;
}

/* A bundle of which nothing comes in leaves nothing here. */
static enum adduce_err enter(struct adduce_scope *scope, struct import *import) {
  size_t enters = count_fate(import, import->fates, ARRIVALS_ENTERS);
  if (enters != 0 && import->acting != NULL)
    return scope_fail(scope, ADDUCE_E_REFUSED, "%s", import->acting);
  if (enters + count_fate(import, import->fates, ARRIVALS_WAITS) == 0) return ADDUCE_OK;
  if (import->options->dry_run) {
    import->documents = bundle_capture_count(import->incoming.manifest);
    return ADDUCE_OK;
  }
  TRY(incoming_keep(scope, &import->incoming, import->view, &import->documents));
  TRY(each_run(scope, import, ARRIVALS_ENTERS, enter_run));
  if (enters != 0) TRY(log_quarantine_settle(scope, import->ledger->log));
  return each_run(scope, import, ARRIVALS_WAITS, put_waiting);
}

/* --- the report -----------------------------------------------------------------------------*/

static void report_source(struct adduce_scope *scope, const struct import *import) {
  const struct bundle_manifest *manifest = import->incoming.manifest;
  struct adduce_value *report = import->report;
  proof_report_checkpoint(scope, report, &manifest->tree);
  value_set_bytes32(scope, report, "genesis", manifest->genesis.bytes);
  value_set_bytes32(scope, report, "manifest", manifest->digest.bytes);
  value_set_bytes32(scope, report, "exporter", manifest->exporter.bytes);
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
  size_t enters = count_fate(import, import->fates, ARRIVALS_ENTERS);
  size_t waits = count_fate(import, import->fates, ARRIVALS_WAITS);
  bool dry_run = import->options->dry_run;
  size_t present =
      dry_run ? count_fate(import, import->present, ARRIVALS_ENTERS) : enters - import->entered;
  size_t quarantined = dry_run ? waits : import->quarantined;
  value_set_integer(scope, report, "admitted", (int64_t)(enters - present));
  value_set_integer(scope, report, "present", (int64_t)present);
  value_set_integer(scope, report, "quarantined", (int64_t)quarantined);
  value_set_integer(scope, report, "not_again", (int64_t)(waits - quarantined));
  value_set_integer(scope, report, "refused", (int64_t)import->fates[ARRIVALS_STAYS_OUT]);
  value_set_integer(scope, report, "captures", (int64_t)import->documents);
  value_set(scope, report, "runs", import->runs);
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

static enum adduce_err read_and_enter(struct adduce_scope *scope, struct import *import,
                                      const struct adduce_source *source,
                                      struct adduce_span *evidence) {
  const struct adduce_import_options *options = import->options;
  const struct rules *rules = import->view->rules;
  enum continuity continuity;
  if (!options->dry_run) {
    const char *path = spool_temporary(scope, import->ledger->folder);
    if (path == NULL) return scope_no_memory(scope);
    TRY(arrivals_open(scope, &import->arrivals, path));
  }
  TRY(incoming_read(scope, &import->incoming, options->dry_run ? NULL : import->ledger,
                    rules_vocabulary(rules), source, options->policy, judge, import));
  report_source(scope, import);
  TRY(check_address(scope, import, rules));
  TRY(check_known(scope, import, evidence, &continuity));
  conclude(scope, import, continuity);
  return enter(scope, import);
}

/* The view stays open: the events point into its vocabulary. */
static enum adduce_err run(struct adduce_scope *scope, struct import *import,
                           const struct adduce_source *source, struct adduce_span *evidence) {
  struct log_view view;
  TRY(sign_start(scope));
  if (!import->options->dry_run) TRY(log_writable(scope, import->ledger->log));
  TRY(log_view_open(scope, &view, import->ledger->log));
  import->view = &view;
  enum adduce_err err = read_and_enter(scope, import, source, evidence);
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
      .arrivals = {.spool = {.fd = -1}, .reader = {.fd = -1}},
      .report_scope = scope,
      .report = value_map(scope),
      .runs = value_list(scope),
  };
  *evidence = span_of(NULL, 0);
  *report = import.report;
  enum adduce_err err = run(scope, &import, source, evidence);
  if (err == ADDUCE_OK) report_entering(scope, &import);
  arrivals_close(&import.arrivals);
  incoming_close(&import.incoming);
  return err == ADDUCE_OK ? value_finish(scope) : err;
}
