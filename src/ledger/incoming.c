/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/incoming.h"

#include "ledger/bundlefile.h"
#include "ledger/capture.h"
#include "ledger/proof.h"
#include "log/erase.h"
#include "sys/file.h"

#define OWN_BYTES ((size_t)4 << 30)

/* --- files ----------------------------------------------------------------------------------*/

static const char *temporary(const struct incoming *incoming) {
  return spool_temporary(incoming->own, incoming->ledger->folder);
}

static enum adduce_err end_capture(struct adduce_scope *scope, struct incoming *incoming) {
  if (incoming->capture.fd < 0) return ADDUCE_OK;
  return spool_keep(scope, &incoming->capture, incoming->capture.path);
}

static enum adduce_err begin_capture(struct adduce_scope *scope, struct incoming *incoming,
                                     const struct bundle_capture *capture) {
  TRY(end_capture(scope, incoming));
  const char *path = temporary(incoming);
  if (scope_exhausted(incoming->own)) return scope_no_memory(scope);
  incoming->captures[incoming->capture_count++] = (struct incoming_capture){capture->digest, path};
  return spool_open(incoming->own, &incoming->capture, path);
}

static enum adduce_err take_capture(void *context, struct adduce_scope *scope,
                                    const struct bundlereader_item *item) {
  struct incoming *incoming = context;
  if (incoming->ledger == NULL) return ADDUCE_OK;
  if (item->type == BUNDLEREADER_CHUNK) return spool_write(scope, &incoming->capture, item->chunk);
  enum adduce_err err = begin_capture(scope, incoming, &item->capture);
  return err == ADDUCE_OK ? err : scope_relay(scope, err, incoming->own);
}

static enum adduce_err keep_file(struct adduce_scope *scope, const char *from, const char *to) {
  TRY(file_make_parent(scope, to));
  return file_rename(scope, from, to, false);
}

static void drop_capture(struct incoming *incoming, const struct adduce_hash *digest) {
  for (size_t i = incoming->capture_count; i-- > 0;) {
    if (!hash_equal(&incoming->captures[i].digest, digest)) continue;
    file_discard(incoming->captures[i].path);
    incoming->captures[i] = incoming->captures[--incoming->capture_count];
  }
}

static bool is_named(const struct incoming *incoming, const struct adduce_hash *digest) {
  for (size_t i = 0; i < incoming->name_count; i++)
    if (hash_equal(&incoming->names[i].digest, digest)) return true;
  return false;
}

/* A document that nothing names which comes in: no erasure here would reach it. */
static void drop_unnamed(struct incoming *incoming) {
  for (size_t i = incoming->capture_count; i-- > 0;)
    if (!is_named(incoming, &incoming->captures[i].digest))
      drop_capture(incoming, &incoming->captures[i].digest);
}

/* What was erased with its source, for good, does not come back with a bundle. */
static enum adduce_err drop_erased(void *context, struct adduce_scope *scope,
                                   const struct erase_target *target) {
  struct incoming *incoming = context;
  struct cursor flag = cursor_of(parsed_value(scope, &target->erasure->claim.parsed, "captures"));
  bool captures;
  if (!cursor_bool(&flag, &captures) || !captures) return ADDUCE_OK;
  for (size_t i = 0; i < incoming->name_count; i++)
    if (memcmp(incoming->names[i].id.bytes, target->target_id.bytes, 32) == 0)
      drop_capture(incoming, &incoming->names[i].digest);
  return ADDUCE_OK;
}

enum adduce_err incoming_keep(struct adduce_scope *scope, struct incoming *incoming,
                              struct log_view *view, size_t *documents) {
  const char *skeleton =
      bundlefile_skeleton_path(scope, incoming->ledger, &incoming->manifest->digest);
  const char *written = incoming->skeleton.path;
  if (incoming->ledger == NULL) return ADDUCE_OK;
  TRY(end_capture(scope, incoming));
  drop_unnamed(incoming);
  TRY(erase_each(scope, view, 0, view->size, drop_erased, incoming));
  *documents = incoming->capture_count;
  TRY(spool_keep(scope, &incoming->skeleton, written));
  TRY(keep_file(scope, written, skeleton));
  while (incoming->capture_count != 0) {
    const struct incoming_capture *last = &incoming->captures[incoming->capture_count - 1];
    TRY(keep_file(scope, last->path, capture_path(scope, incoming->ledger, &last->digest)));
    incoming->capture_count--;
  }
  return ADDUCE_OK;
}

/* --- entries --------------------------------------------------------------------------------*/

/* Whether the source could admit it there, by its own rules. */
static enum adduce_err judge(struct adduce_scope *scope, struct incoming *incoming,
                             const struct bundlewalk_entry *entry) {
  struct event event;
  event_recall(&event, &entry->entry.parsed, rules_vocabulary(incoming->rules));
  if (entry->index == 0 && !entry->entry.control)
    return scope_fail(scope, ADDUCE_E_VALUE, "a ledger begins with ledger.created");
  if (entry->index != 0)
    TRY(rules_admit(scope, incoming->rules, entry->index, entry->entry.recorded_at_us, &event));
  if (!entry->entry.control) return ADDUCE_OK;
  return rules_apply(scope, incoming->rules, entry->index, entry->entry.recorded_at_us, &event);
}

/* Which of the bundle's documents the event names. */
static enum adduce_err note_name(struct adduce_scope *scope, struct incoming *incoming,
                                 const struct event *event) {
  struct incoming_name name = {.id = event->id};
  if (bundle_capture_count(incoming->manifest) == 0 ||
      !capture_named(scope, &name.digest, &event->claim.parsed))
    return ADDUCE_OK;
  struct incoming_name *names = scope_room(incoming->own, &incoming->name_capacity, incoming->names,
                                           incoming->name_count, sizeof *names);
  if (names == NULL) return scope_no_memory(scope);
  incoming->names = names;
  incoming->names[incoming->name_count++] = name;
  return ADDUCE_OK;
}

bool incoming_names(const struct incoming *incoming, const struct event *event) {
  if (incoming->name_count == 0) return false;
  const struct incoming_name *last = &incoming->names[incoming->name_count - 1];
  return memcmp(last->id.bytes, event->id.bytes, 32) == 0;
}

void incoming_pass_over(struct incoming *incoming, const struct event *event) {
  if (incoming_names(incoming, event)) incoming->name_count--;
}

static enum adduce_err visit(void *context, struct adduce_scope *scope,
                             const struct bundlewalk_entry *entry) {
  struct incoming *incoming = context;
  struct scope_mark mark = scope_mark(scope);
  struct event event = {.id = entry->entry.id};
  TRY(judge(scope, incoming, entry));
  TRY(claim_validate(scope, &event.claim, &entry->entry.parsed, incoming->vocabulary,
                     CLAIM_FOREIGN));
  scope_rewind(scope, mark);
  TRY(note_name(scope, incoming, &event));
  return incoming->look(incoming->look_context, scope, &event, entry->index);
}

/* --- the whole ------------------------------------------------------------------------------*/

static enum adduce_err open_reader(struct adduce_scope *scope, struct incoming *incoming,
                                   const struct adduce_source *source) {
  const struct adduce_sink skeleton = spool_sink(&incoming->skeleton);
  if (incoming->ledger != NULL) {
    TRY(file_make_folder(scope, scope_format(scope, "%s/bundles", incoming->ledger->folder), 0777));
    TRY(spool_sweep(scope, incoming->ledger->folder));
    const char *path = temporary(incoming);
    if (path == NULL) return scope_no_memory(scope);
    enum adduce_err err = spool_open(incoming->own, &incoming->skeleton, path);
    if (err != ADDUCE_OK) return scope_relay(scope, err, incoming->own);
  }
  TRY(unwrap_open(scope, &incoming->unwrap, source, incoming->ledger != NULL ? &skeleton : NULL));
  incoming->manifest = unwrap_manifest(incoming->unwrap);
  if (!unwrap_is_skeleton(incoming->unwrap)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_REFUSED,
                    "this is the skeleton of a bundle: it proves what was given, and has none of "
                    "it to import");
}

/* The log key that the source's own entries name, and whatever the caller asks for. */
static enum adduce_err check_checkpoint(struct adduce_scope *scope, const struct incoming *incoming,
                                        const struct adduce_policy *policy) {
  const struct bundle_manifest *manifest = incoming->manifest;
  const struct note_verifier *verifier, *outgoing;
  struct checkpoint checkpoint;
  struct policy_verdict verdict;
  rules_log_keys(incoming->rules, manifest->tree.size, &verifier, &outgoing);
  if (verifier == NULL)
    return scope_fail(scope, ADDUCE_E_MISSING, "the bundle lacks the source's ledger.created");
  if (!span_equal(rules_origin(incoming->rules), manifest->origin))
    return scope_fail(scope, ADDUCE_E_OTHER_LEDGER, "the manifest names %.*s, its entries %.*s",
                      SPAN_ARGS(manifest->origin), SPAN_ARGS(rules_origin(incoming->rules)));
  TRY(checkpoint_open(scope, &checkpoint, manifest->checkpoint, verifier));
  if (policy == NULL) return ADDUCE_OK;
  return policy_evaluate(scope, &verdict, &policy->policy, manifest->checkpoint);
}

static enum adduce_err read_all(struct adduce_scope *scope, struct incoming *incoming,
                                const struct adduce_source *source,
                                const struct adduce_policy *policy) {
  TRY(open_reader(scope, incoming, source));
  incoming->captures = scope_array(incoming->own, bundle_capture_count(incoming->manifest),
                                   sizeof *incoming->captures);
  if (incoming->captures == NULL) return scope_no_memory(scope);
  const struct bundlewalk walk = {
      .unwrap = incoming->unwrap, .visit = visit, .capture = take_capture, .context = incoming};
  TRY(bundlewalk_run(scope, &walk));
  return check_checkpoint(scope, incoming, policy);
}

enum adduce_err incoming_read(struct adduce_scope *scope, struct incoming *incoming,
                              struct adduce_ledger *ledger, const struct vocabulary *vocabulary,
                              const struct adduce_source *source,
                              const struct adduce_policy *policy, incoming_look_fn *look,
                              void *context) {
  *incoming = (struct incoming){
      .ledger = ledger,
      .vocabulary = vocabulary,
      .skeleton = {.fd = -1},
      .capture = {.fd = -1},
      .look = look,
      .look_context = context,
  };
  if (adduce_scope_open(&incoming->own, OWN_BYTES) != ADDUCE_OK) return scope_no_memory(scope);
  TRY(rules_open(scope, &incoming->rules));
  return read_all(scope, incoming, source, policy);
}

void incoming_close(struct incoming *incoming) {
  for (size_t i = 0; i < incoming->capture_count; i++) file_discard(incoming->captures[i].path);
  spool_close(&incoming->skeleton);
  spool_close(&incoming->capture);
  unwrap_close(&incoming->unwrap);
  rules_close(&incoming->rules);
  adduce_scope_close(&incoming->own);
}
