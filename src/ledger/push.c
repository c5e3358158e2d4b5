/* SPDX-License-Identifier: Apache-2.0 */
/* Leaving in a depot what is new. */
#include "adduce/sync.h"
#include "codec/value.h"
#include "ledger/bundlefile.h"
#include "ledger/proof.h"
#include "ledger/remotes.h"
#include "sys/file.h"
#include "sys/spool.h"

struct push {
  struct adduce_ledger *ledger;
  const char *name;
  const struct adduce_depot *depot;
  const struct adduce_export_options *options;
  uint64_t size; /* up to here it was pushed */
  uint64_t bundles, bytes, count;
};

/* --- what is there --------------------------------------------------------------------------*/

static enum adduce_err read_pushed(struct adduce_scope *scope, struct push *push) {
  struct checkpoint checkpoint;
  struct adduce_span note;
  struct note parsed;
  TRY(remotes_read(scope, push->ledger, &note, push->name, "pushed"));
  if (note.size == 0) return ADDUCE_OK;
  TRY(checkpoint_parse(scope, &checkpoint, &parsed, note));
  push->size = checkpoint.size;
  return ADDUCE_OK;
}

/* A checkpoint of ours is one of this log's history. */
static enum adduce_err require_ours(struct adduce_scope *scope, struct push *push,
                                    const struct checkpoint *checkpoint) {
  struct log_view view;
  struct adduce_hash root;
  TRY(log_view_open(scope, &view, push->ledger->log));
  struct merkle_reader tree = log_view_tree(&view);
  bool is_origin = span_equal(checkpoint->origin, rules_origin(view.rules));
  uint64_t size = view.size;
  enum adduce_err err = is_origin && checkpoint->size <= size
                            ? merkle_root(scope, &root, &tree, checkpoint->size)
                            : ADDUCE_OK;
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  if (!is_origin)
    return scope_fail(scope, ADDUCE_E_OTHER_LEDGER,
                      "the depot has the bundles of %.*s; push to one of your own",
                      SPAN_ARGS(checkpoint->origin));
  if (checkpoint->size > size)
    return scope_fail(scope, ADDUCE_E_FORK,
                      "%llu entries were pushed there, and this ledger has %llu: it is an older "
                      "copy, or another history",
                      (unsigned long long)checkpoint->size, (unsigned long long)size);
  if (hash_equal(&root, &checkpoint->root)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FORK, "what was pushed there is another history of %.*s",
                    SPAN_ARGS(checkpoint->origin));
}

/* How far somebody has pushed, by the depot's own word. */
static enum adduce_err read_there(struct adduce_scope *scope, struct push *push, uint64_t *size) {
  struct checkpoint checkpoint;
  struct adduce_span bytes;
  struct note note;
  *size = 0;
  enum adduce_err err =
      push->depot->fetch(push->depot->context, scope, &bytes, "checkpoint", NOTE_BYTES_MAX);
  if (err == ADDUCE_E_NO_FILE) return ADDUCE_OK;
  if (err != ADDUCE_OK) return err;
  TRY(checkpoint_parse(scope, &checkpoint, &note, bytes));
  TRY(require_ours(scope, push, &checkpoint));
  *size = checkpoint.size;
  return ADDUCE_OK;
}

/* --- a bundle that is there -----------------------------------------------------------------*/

static const char *bundle_path(struct adduce_scope *scope, uint64_t from) {
  return scope_format(scope, "bundle/%llu", (unsigned long long)from);
}

/* From now on, all before the end of this checkpoint was pushed. */
static enum adduce_err advance(struct adduce_scope *scope, struct push *push,
                               struct adduce_span note) {
  struct checkpoint checkpoint;
  struct note parsed;
  TRY(checkpoint_parse(scope, &checkpoint, &parsed, note));
  TRY(remotes_write(scope, push->ledger, push->name, "pushed", note));
  push->size = checkpoint.size;
  return ADDUCE_OK;
}

static enum adduce_err require_next(struct adduce_scope *scope, struct push *push,
                                    const struct bundle_manifest *manifest) {
  bool fits = manifest->is_complete && manifest->from == push->size &&
              memcmp(manifest->genesis.bytes, push->ledger->genesis.bytes, 32) == 0;
  if (fits) return require_ours(scope, push, &manifest->tree);
  return scope_fail(scope, ADDUCE_E_OTHER_LEDGER, "%s in the depot is no bundle of this ledger",
                    bundle_path(scope, push->size));
}

/* Somebody has pushed from here already. */
static enum adduce_err adopt(struct adduce_scope *scope, struct push *push, const char *path) {
  struct bundlefile file;
  const struct signer *author = ledger_signer(push->options->author);
  TRY(push->depot->get(push->depot->context, scope, path, bundle_path(scope, push->size),
                       REMOTES_BUNDLE_MAX));
  enum adduce_err err = bundlefile_look(scope, &file, path, author);
  if (err == ADDUCE_OK) err = require_next(scope, push, file.manifest);
  if (err == ADDUCE_OK) err = advance(scope, push, file.manifest->checkpoint);
  bundlefile_close(&file);
  return err;
}

/* --- sealing --------------------------------------------------------------------------------*/

static bool has_key(const struct adduce_export_options *options, const struct adduce_key *key) {
  for (size_t i = 0; i < options->seal_to_count; i++)
    if (memcmp(options->seal_to[i].bytes, key->bytes, sizeof key->bytes) == 0) return true;
  return false;
}

/* To the keys that are given, or those of the remote; and to our own, since whoever pushes from
 * another copy of this ledger goes on where this bundle ends. */
static enum adduce_err set_keys(struct adduce_scope *scope, const struct push *push,
                                struct adduce_export_options *options) {
  if (options->seal_to_count == 0)
    TRY(remotes_keys(scope, push->ledger, &options->seal_to, &options->seal_to_count, push->name));
  const struct adduce_key *own = signer_key(ledger_signer(options->author));
  if (options->seal_to_count == 0 || has_key(options, own)) return ADDUCE_OK;
  struct adduce_key *keys = scope_array(scope, options->seal_to_count + 1, sizeof *keys);
  if (keys == NULL) return scope_no_memory(scope);
  memcpy(keys, options->seal_to, options->seal_to_count * sizeof *keys);
  keys[options->seal_to_count++] = *own;
  options->seal_to = keys;
  return ADDUCE_OK;
}

/* --- one bundle of ours ---------------------------------------------------------------------*/

/* `*note` is the checkpoint up to which it goes. */
static enum adduce_err export_to(struct adduce_scope *scope, struct push *push,
                                 struct adduce_span *note, const char *path) {
  struct adduce_export_options options = *push->options;
  const struct adduce_value *report;
  struct spool spool;
  TRY(set_keys(scope, push, &options));
  TRY(spool_open(scope, &spool, path));
  const struct adduce_sink sink = spool_sink(&spool);
  options.filter = NULL;
  options.withhold_may_miss = true; /* not every push has something of it */
  options.all = push->size == 0;
  options.since =
      push->size == 0 ? NULL : scope_format(scope, "%llu", (unsigned long long)push->size);
  options.selection = push->size == 0 ? "all" : scope_format(scope, "since %s", options.since);
  enum adduce_err err = adduce_export(scope, push->ledger, &report, &sink, &options);
  if (err == ADDUCE_OK) err = spool_keep(scope, &spool, path);
  spool_close(&spool);
  if (err != ADDUCE_OK) return err;
  push->bundles++;
  push->bytes += (uint64_t)adduce_value_integer(adduce_value_get(report, "bytes"));
  push->count += (uint64_t)adduce_value_integer(adduce_value_get(report, "count"));
  *note = span_text(adduce_value_text(adduce_value_get(report, "checkpoint")));
  return ADDUCE_OK;
}

static enum adduce_err leave(struct adduce_scope *scope, struct push *push, const char *path) {
  const struct adduce_depot *depot = push->depot;
  struct adduce_span note;
  TRY(export_to(scope, push, &note, path));
  TRY(depot->put(depot->context, scope, bundle_path(scope, push->size), path, true));
  return advance(scope, push, note);
}

/* The checkpoint that speaks of the bundles comes after them. */
static enum adduce_err speak(struct adduce_scope *scope, const struct push *push) {
  const char *note = remotes_path(scope, push->ledger, push->name, "pushed");
  return push->depot->put(push->depot->context, scope, "checkpoint", note, false);
}

/* --- the whole ------------------------------------------------------------------------------*/

/* That something was given is itself an entry; by itself it is not worth a bundle. */
static enum adduce_err has_news(struct adduce_scope *scope, const struct push *push, bool *any) {
  struct log_view view;
  enum adduce_err err = log_view_open(scope, &view, push->ledger->log);
  *any = false;
  if (err != ADDUCE_OK) return err;
  for (uint64_t i = push->size; i < view.size && !*any && err == ADDUCE_OK; i++) {
    struct log_entry entry;
    struct event event;
    struct scope_mark mark = scope_mark(scope);
    err = log_view_event(scope, &view, &entry, &event, i);
    if (err != ADDUCE_OK) break;
    *any = !span_is(event.claim.parsed.kind, "bundle.exported");
    scope_rewind(scope, mark);
  }
  log_view_close(&view);
  return err;
}

/* Bundles that a push has left, and was broken off before the checkpoint that speaks of them. */
static enum adduce_err adopt_silent(struct adduce_scope *scope, struct push *push,
                                    const char *path) {
  enum adduce_err err = ADDUCE_OK;
  while (err == ADDUCE_OK) err = adopt(scope, push, path);
  return err == ADDUCE_E_NO_FILE ? ADDUCE_OK : err;
}

static enum adduce_err run(struct adduce_scope *scope, struct push *push, const char *path) {
  uint64_t there;
  bool any;
  TRY(read_there(scope, push, &there));
  while (push->size < there) TRY(adopt(scope, push, path));
  TRY(has_news(scope, push, &any));
  if (any) TRY(adopt_silent(scope, push, path));
  if (any) TRY(has_news(scope, push, &any));
  if (any) TRY(leave(scope, push, path));
  return push->size > there ? speak(scope, push) : ADDUCE_OK;
}

enum adduce_err adduce_push(struct adduce_scope *scope, struct adduce_ledger *ledger,
                            const struct adduce_value **report, const char *name,
                            const struct adduce_depot *depot,
                            const struct adduce_export_options *options) {
  struct push push = {.ledger = ledger, .name = name, .depot = depot, .options = options};
  struct adduce_value *map = value_map(scope);
  *report = map;
  TRY(sign_start(scope));
  TRY(remotes_find(scope, ledger, name));
  TRY(read_pushed(scope, &push));
  uint64_t from = push.size;
  const char *path = spool_temporary(scope, ledger->folder);
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  enum adduce_err err = run(scope, &push, path);
  file_discard(path);
  if (err != ADDUCE_OK) return err;
  value_set_text(scope, map, "name", name);
  value_set_integer(scope, map, "from", (int64_t)from);
  value_set_integer(scope, map, "to", (int64_t)push.size);
  value_set_integer(scope, map, "bundles", (int64_t)push.bundles);
  value_set_integer(scope, map, "bytes", (int64_t)push.bytes);
  value_set_integer(scope, map, "count", (int64_t)push.count);
  return value_finish(scope);
}
