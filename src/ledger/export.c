/* SPDX-License-Identifier: Apache-2.0 */
/* Exporting: a walk over the selected entries to count what the manifest says, then one over the
 * tree that writes. */
#include "base/bigendian.h"
#include "claim/spelling.h"
#include "codec/value.h"
#include "crypto/sealed.h"
#include "exchange/bundlewriter.h"
#include "ledger/bundlefile.h"
#include "ledger/capture.h"
#include "ledger/notice.h"
#include "ledger/proof.h"
#include "sys/file.h"
#include "sys/machine.h"
#include "sys/reader.h"

struct export {
  struct adduce_ledger *ledger;
  const struct adduce_export_options *options;
  struct log_view *view;
  struct selected selected;
  enum adduce_handling handling;
  struct bundle_manifest manifest;
  struct buffer indexes, captures;
  struct adduce_hash *documents; /* of sources that are selected, ascending */
  size_t document_count, document_capacity;
  const char **withhold; /* the paths, as they are written */
  uint64_t withheld, left_out, bytes;
  struct adduce_span encoded; /* the manifest */
};

/* --- what of an entry is sent ---------------------------------------------------------------*/

/* The content as it is sent; empty if none is. Lives in the scope or the view. */
static enum adduce_err content_of(struct adduce_scope *scope, struct export *export,
                                  const struct log_entry *entry, const struct event *event,
                                  struct adduce_span *content, uint64_t *withheld) {
  const struct parsed *parsed = &event->claim.parsed;
  bool is_control = vocabulary_control_name(parsed->kind);
  *withheld = 0;
  *content = span_of(NULL, 0);
  if (entry->content.size == 0 || selected_is_recalled(&export->selected, entry->index) ||
      (!is_control && parsed->handling > export->handling))
    return ADDUCE_OK;
  *content = entry->content;
  if (export->selected.path_count == 0) return ADDUCE_OK;
  struct content_path *paths =
      scope_array(scope, export->selected.path_count + SELECTED_BESIDES, sizeof *paths);
  if (paths == NULL) return scope_no_memory(scope);
  *withheld = selected_paths(&export->selected, event, entry->index, paths);
  return *withheld == 0 ? ADDUCE_OK : content_withhold(scope, content, parsed, paths, *withheld);
}

/* --- counting -------------------------------------------------------------------------------*/

/* Keeps them ascending, each once. */
static enum adduce_err add_document(struct adduce_scope *scope, struct export *export,
                                    const struct adduce_hash *digest) {
  size_t at = export->document_count;
  while (at > 0 && memcmp(export->documents[at - 1].bytes, digest->bytes, 32) >= 0) at--;
  if (at < export->document_count && hash_equal(&export->documents[at], digest)) return ADDUCE_OK;
  struct adduce_hash *grown = scope_room(scope, &export->document_capacity, export->documents,
                                         export->document_count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  export->documents = grown;
  memmove(&export->documents[at + 1], &export->documents[at],
          (export->document_count - at) * sizeof *export->documents);
  export->documents[at] = *digest;
  export->document_count++;
  return ADDUCE_OK;
}

/* The document of a source whose digest is sent, if it is held. */
static enum adduce_err find_document(struct adduce_scope *scope, struct export *export,
                                     const struct parsed *sent) {
  struct adduce_hash digest;
  struct scope_mark mark = scope_mark(scope);
  bool is_held = export->options->captures && capture_named(scope, &digest, sent) &&
                 adduce_capture_path(scope, export->ledger, &digest) != NULL;
  scope_rewind(scope, mark);
  return is_held ? add_document(scope, export, &digest) : ADDUCE_OK;
}

static enum adduce_err count_entry(struct adduce_scope *scope, struct export *export,
                                   struct adduce_scope *step, uint64_t index) {
  struct log_entry entry;
  struct event event;
  struct adduce_span content;
  struct parsed sent;
  uint64_t withheld;
  TRY(log_view_event(step, export->view, &entry, &event, index));
  TRY(content_of(step, export, &entry, &event, &content, &withheld));
  export->withheld += withheld;
  export->left_out += entry.content.size != 0 && content.size == 0 &&
                      !selected_is_recalled(&export->selected, index);
  if (content.size == 0) return ADDUCE_OK;
  export->manifest.contents++;
  TRY(parsed_read_stored(step, &sent, entry.event, content));
  return find_document(scope, export, &sent);
}

/* Counts go into `scope`, what a step needs into a scope that is emptied. */
static enum adduce_err count_all(struct adduce_scope *scope, struct export *export,
                                 struct adduce_scope *step) {
  struct indexes_writer writer = indexes_writer_of(&export->indexes);
  for (uint64_t i = 0; i < export->selected.size; i++) {
    if (!selected_has(&export->selected, i)) continue;
    enum adduce_err err = count_entry(scope, export, step, i);
    if (err != ADDUCE_OK) return scope_relay(scope, err, step);
    adduce_scope_reset(step);
    TRY(indexes_put(scope, &writer, i));
    export->manifest.count++;
  }
  TRY(indexes_finish(scope, &writer));
  return buffer_take(&export->indexes, &export->manifest.indexes);
}

/* --- the manifest ---------------------------------------------------------------------------*/

static enum adduce_err list_documents(struct adduce_scope *scope, struct export *export) {
  for (size_t i = 0; i < export->document_count; i++) {
    uint8_t size8[8];
    struct scope_mark mark = scope_mark(scope);
    const char *path = adduce_capture_path(scope, export->ledger, &export->documents[i]);
    bigendian_put64(size8, path == NULL ? 0 : file_size(path));
    scope_rewind(scope, mark);
    buffer_append(&export->captures, export->documents[i].bytes, 32);
    buffer_append(&export->captures, size8, 8);
  }
  return buffer_take(&export->captures, &export->manifest.captures);
}

static enum adduce_err set_since(struct adduce_scope *scope, struct export *export) {
  struct merkle_reader tree = log_view_tree(export->view);
  struct bundle_manifest *manifest = &export->manifest;
  if (!export->selected.has_since) return ADDUCE_OK;
  manifest->has_since = true;
  manifest->since_size = export->selected.from;
  TRY(merkle_root(scope, &manifest->since_root, &tree, manifest->since_size));
  return merkle_prove_consistency(scope, &manifest->since_path, &tree, manifest->since_size,
                                  export->selected.size);
}

/* The paths as they are written, each event by its whole id. */
static enum adduce_err write_paths(struct adduce_scope *scope, struct export *export) {
  const struct selected *selected = &export->selected;
  export->withhold = scope_array(scope, selected->path_count, sizeof *export->withhold);
  if (export->withhold == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < selected->path_count; i++)
    export->withhold[i] = selected_path_text(scope, &selected->paths[i]);
  return scope_exhausted(scope) ? scope_no_memory(scope) : ADDUCE_OK;
}

static enum adduce_err copy_texts(struct adduce_scope *scope, const struct adduce_span **texts,
                                  size_t *count, const char *const *from, size_t from_count) {
  struct adduce_span *spans = scope_array(scope, from_count, sizeof *spans);
  if (spans == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < from_count; i++) spans[i] = span_text(from[i]);
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  *texts = spans;
  *count = from_count;
  return ADDUCE_OK;
}

static enum adduce_err set_recalls(struct adduce_scope *scope, struct export *export) {
  const struct selected *selected = &export->selected;
  struct adduce_id *ids = scope_array(scope, selected->recall_count, sizeof *ids);
  if (ids == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < selected->recall_count; i++) ids[i] = selected->recalls[i].id;
  export->manifest.recalls = ids;
  export->manifest.recall_count = selected->recall_count;
  return ADDUCE_OK;
}

static enum adduce_err make_manifest(struct adduce_scope *scope, struct export *export) {
  struct bundle_manifest *manifest = &export->manifest;
  const struct adduce_export_options *options = export->options;
  struct checkpoint checkpoint;
  manifest->origin = rules_origin(export->view->rules);
  manifest->genesis = export->ledger->genesis;
  manifest->exporter = *signer_key(ledger_signer(options->author));
  manifest->created_at_us = machine_now_us();
  manifest->handling = export->handling;
  manifest->purpose = span_text(options->purpose == NULL ? "" : options->purpose);
  manifest->selection = span_text(options->selection == NULL ? "" : options->selection);
  manifest->is_complete = export->selected.is_complete;
  manifest->keys = options->seal_to;
  manifest->key_count = options->seal_to_count;
  manifest->from = export->selected.from;
  manifest->to = export->selected.size;
  TRY(proof_head(scope, export->ledger, export->view, &manifest->checkpoint, &checkpoint));
  TRY(copy_texts(scope, &manifest->recipients, &manifest->recipient_count, options->recipients,
                 options->recipient_count));
  TRY(copy_texts(scope, &manifest->withheld, &manifest->withheld_count, export->withhold,
                 options->withhold_count));
  TRY(set_recalls(scope, export));
  TRY(set_since(scope, export));
  return list_documents(scope, export);
}

/* --- writing --------------------------------------------------------------------------------*/

static enum adduce_err write_step(struct adduce_scope *step, struct export *export,
                                  struct bundlewriter *writer, const struct multiproof_step *at) {
  struct merkle_reader tree = log_view_tree(export->view);
  struct adduce_hash root;
  struct log_entry entry;
  struct event event;
  struct adduce_span content;
  uint64_t withheld;
  if (!at->is_leaf) {
    TRY(merkle_subtree(step, &root, &tree, at->first, at->end));
    return bundlewriter_hash(step, writer, &root);
  }
  TRY(log_view_event(step, export->view, &entry, &event, at->first));
  TRY(content_of(step, export, &entry, &event, &content, &withheld));
  return bundlewriter_entry(step, writer, entry.entry, content);
}

static enum adduce_err write_document(struct adduce_scope *scope, struct bundlewriter *writer,
                                      const char *path) {
  struct reader file;
  uint64_t size = 0;
  uint8_t *chunk = scope_alloc(scope, BUNDLE_CHUNK_BYTES);
  if (chunk == NULL) return scope_no_memory(scope);
  TRY(reader_open(scope, &file, path));
  enum adduce_err err = reader_size(scope, &file, &size);
  for (uint64_t at = 0; err == ADDUCE_OK && at < size;) {
    size_t part = size - at < BUNDLE_CHUNK_BYTES ? (size_t)(size - at) : BUNDLE_CHUNK_BYTES;
    err = reader_read(scope, &file, chunk, part, at);
    if (err == ADDUCE_OK) err = bundlewriter_chunk(scope, writer, span_of(chunk, part));
    at += part;
  }
  reader_close(&file);
  return err;
}

static enum adduce_err write_all(struct adduce_scope *scope, struct export *export,
                                 struct bundlewriter *writer, struct adduce_scope *step) {
  struct multiproof_step at;
  enum adduce_err err = ADDUCE_OK;
  while (err == ADDUCE_OK && bundlewriter_step(writer, &at)) {
    err = write_step(step, export, writer, &at);
    if (err != ADDUCE_OK) return scope_relay(scope, err, step);
    adduce_scope_reset(step);
    if (at.first % 1024 == 0)
      err = scope_progress(scope, "writing the bundle", at.first, export->selected.size);
  }
  for (size_t i = 0; err == ADDUCE_OK && i < export->document_count; i++) {
    struct scope_mark mark = scope_mark(scope);
    err = write_document(scope, writer,
                         adduce_capture_path(scope, export->ledger, &export->documents[i]));
    if (err == ADDUCE_OK) scope_rewind(scope, mark);
  }
  if (err != ADDUCE_OK) return err;
  return bundlewriter_finish(scope, writer, ledger_signer(export->options->author));
}

/* Counts what goes through. */
struct counted {
  const struct adduce_sink *sink;
  uint64_t *bytes;
};

static enum adduce_err write_counted(void *context, struct adduce_scope *scope,
                                     struct adduce_span bytes) {
  const struct counted *counted = context;
  *counted->bytes += bytes.size;
  return counted->sink->write(counted->sink->context, scope, bytes);
}

static enum adduce_err write_open(struct adduce_scope *scope, struct export *export,
                                  const struct adduce_sink *sink, struct adduce_scope *step) {
  struct bundlewriter *writer = NULL;
  /* The checkpoint is on its way out: the log remembers it. */
  if (!export->ledger->read_only) TRY(log_keep_checkpoint(scope, export->ledger->log));
  TRY(bundlewriter_open(scope, &writer, sink, &export->manifest));
  export->encoded = scope_copy(scope, bundlewriter_manifest(writer, &export->manifest.digest));
  enum adduce_err err = export->encoded.data == NULL ? scope_no_memory(scope)
                                                     : write_all(scope, export, writer, step);
  bundlewriter_close(&writer);
  return err;
}

static enum adduce_err write_bundle(struct adduce_scope *scope, struct export *export,
                                    const struct adduce_sink *sink, struct adduce_scope *step) {
  struct counted counted = {sink, &export->bytes};
  const struct adduce_sink through = {write_counted, &counted};
  const struct adduce_export_options *options = export->options;
  struct sealed_writer *sealed;
  if (options->seal_to_count == 0) return write_open(scope, export, &through, step);
  TRY(sealed_writer_open(scope, &sealed, &through, options->seal_to, options->seal_to_count));
  const struct adduce_sink inside = sealed_writer_sink(sealed);
  enum adduce_err err = write_open(scope, export, &inside, step);
  if (err == ADDUCE_OK) err = sealed_writer_finish(scope, sealed);
  sealed_writer_close(&sealed);
  return err;
}

/* --- what stays of it -----------------------------------------------------------------------*/

static enum adduce_err keep_manifest(struct adduce_scope *scope, const struct export *export) {
  const char *path = bundlefile_manifest_path(scope, export->ledger, &export->manifest.digest);
  TRY(file_make_parent(scope, path));
  return file_write(scope, path, export->encoded, 0444, false);
}

/* A list of texts, without what stands before a colon: the path of a field names no event. */
static struct adduce_value *texts_of(struct adduce_scope *scope, const char *const *texts,
                                     size_t count) {
  struct adduce_value *list = value_list(scope);
  for (size_t i = 0; i < count; i++) {
    const char *colon = strrchr(texts[i], ':');
    value_add(scope, list, value_text(scope, colon == NULL ? texts[i] : colon + 1));
  }
  return list;
}

static struct adduce_value *record_of(struct adduce_scope *scope, const struct export *export) {
  const struct adduce_export_options *options = export->options;
  struct adduce_value *claim = value_map(scope), *content = value_map(scope);
  struct adduce_value *recipients = value_list(scope);
  for (size_t i = 0; i < options->recipient_count; i++)
    value_add(scope, recipients, value_text(scope, options->recipients[i]));
  if (options->recipient_count == 0)
    value_add(scope, recipients, value_text(scope, options->recorded_for));
  value_set(scope, content, "recipient", recipients);
  value_set_bytes32(scope, content, "manifest", export->manifest.digest.bytes);
  value_set_integer(scope, content, "count", (int64_t) export->manifest.count);
  value_set_text(scope, content, "handling", spelling_handling(export->handling));
  if (options->purpose != NULL) value_set_text(scope, content, "purpose", options->purpose);
  if (options->withhold_count != 0)
    value_set(scope, content, "withheld",
              texts_of(scope, export->withhold, options->withhold_count));
  value_set_text(scope, claim, "kind", "bundle.exported");
  /* No other recipient is to know to whom else we give. */
  value_set_text(scope, claim, "handling", "amber+strict");
  value_set(scope, claim, "content", content);
  return claim;
}

/* Logs to whom it was given. */
static enum adduce_err record(struct adduce_scope *scope, struct export *export,
                              struct adduce_value *report) {
  struct adduce_receipt receipt;
  TRY(keep_manifest(scope, export));
  TRY(ledger_append_claim(scope, export->ledger, &receipt, record_of(scope, export),
                          export->options->author));
  value_set_integer(scope, report, "index", (int64_t)receipt.appended[0].index);
  return ADDUCE_OK;
}

/* --- the whole ------------------------------------------------------------------------------*/

/* What nobody allowed does not go out by oversight: TLP 2.0 lets amber leave an organization for
 * one that needs it, amber+strict and red not, and anything above clear not to just anybody. */
static enum adduce_err read_handling(struct adduce_scope *scope,
                                     const struct adduce_export_options *options,
                                     enum adduce_handling *handling) {
  const char *text = options->handling;
  bool is_addressed = options->recipient_count != 0 || options->recorded_for != NULL;
  *handling = is_addressed ? ADDUCE_AMBER : ADDUCE_CLEAR;
  if (text == NULL || spelling_handling_of(span_text(text), handling)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_USAGE,
                    "\"%s\" is no handling: clear, green, amber, amber+strict or red", text);
}

static void report_all(struct adduce_scope *scope, const struct export *export,
                       struct adduce_value *report) {
  const struct bundle_manifest *manifest = &export->manifest;
  struct adduce_value *range = value_list(scope), *recipients = value_list(scope);
  value_set(scope, report, "origin", value_str(scope, manifest->origin));
  value_set_integer(scope, report, "size", (int64_t) export->selected.size);
  value_set(scope, report, "checkpoint", value_str(scope, manifest->checkpoint));
  value_set_bytes32(scope, report, "manifest", manifest->digest.bytes);
  value_set_integer(scope, report, "count", (int64_t)manifest->count);
  value_set_integer(scope, report, "contents", (int64_t)manifest->contents);
  value_set_integer(scope, report, "withheld", (int64_t) export->withheld);
  value_set_integer(scope, report, "left_out", (int64_t) export->left_out);
  value_set_integer(scope, report, "captures", (int64_t) export->document_count);
  value_set_integer(scope, report, "bytes", (int64_t) export->bytes);
  for (size_t i = 0; i < export->options->recipient_count; i++)
    value_add(scope, recipients, value_text(scope, export->options->recipients[i]));
  if (export->options->recipient_count != 0) value_set(scope, report, "recipients", recipients);
  if (!manifest->is_complete) return;
  value_add(scope, range, value_integer(scope, (int64_t)manifest->from));
  value_add(scope, range, value_integer(scope, (int64_t)manifest->to));
  value_set(scope, report, "complete", range);
}

static enum adduce_err run(struct adduce_scope *scope, struct export *export,
                           const struct adduce_sink *sink, struct adduce_scope *step) {
  TRY(selected_find(scope, &export->selected, export->ledger, export->view, export->options));
  TRY(count_all(scope, export, step));
  if (!export->options->withhold_may_miss) TRY(selected_require_met(scope, &export->selected));
  TRY(write_paths(scope, export));
  TRY(make_manifest(scope, export));
  return write_bundle(scope, export, sink, step);
}

static enum adduce_err run_in_view(struct adduce_scope *scope, struct export *export,
                                   const struct adduce_sink *sink) {
  struct log_view view;
  struct adduce_scope *step = NULL;
  if (adduce_scope_open(&step, 0) != ADDUCE_OK) return scope_no_memory(scope);
  enum adduce_err err = log_view_open(scope, &view, export->ledger->log);
  if (err == ADDUCE_OK) {
    export->view = &view;
    err = run(scope, export, sink, step);
    export->manifest.origin = scope_copy(scope, export->manifest.origin);
    log_view_close(&view);
  }
  adduce_scope_close(&step);
  return err;
}

enum adduce_err adduce_export(struct adduce_scope *scope, struct adduce_ledger *ledger,
                              const struct adduce_value **report, const struct adduce_sink *sink,
                              const struct adduce_export_options *given) {
  struct adduce_export_options copy = *given, *options = &copy;
  struct export export = {.ledger = ledger, .options = options};
  struct adduce_value *map = value_map(scope);
  *report = map;
  TRY(sign_start(scope));
  if (options->recall_count != 0 && options->recipient_count == 0)
    TRY(notice_recipients(scope, ledger, options));
  TRY(read_handling(scope, options, &export.handling));
  TRY(sealed_check_keys(scope, "a bundle", options->seal_to, options->seal_to_count,
                        SEALED_RECIPIENTS_MAX));
  if (!options->no_record && options->recipient_count == 0 && options->recorded_for == NULL)
    return scope_fail(scope, ADDUCE_E_USAGE,
                      "to whom is it given? say --to NAME, or --no-record to log nothing");
  if (!options->no_record) TRY(log_writable(scope, ledger->log));
  buffer_init(&export.indexes, scope);
  buffer_init(&export.captures, scope);
  TRY(run_in_view(scope, &export, sink));
  report_all(scope, &export, map);
  if (!options->no_record) TRY(record(scope, &export, map));
  return value_finish(scope);
}
