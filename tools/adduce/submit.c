/* SPDX-License-Identifier: Apache-2.0 */
#include "submit.h"

#include <inttypes.h>
#include <string.h>

#include "shown.h"

enum adduce_err submit_open(struct session *session, struct adduce_writer **writer, bool dry_run) {
  const struct adduce_write_options options = {
      .dry_run = dry_run || command_has(&session->options, "dry-run"),
      .accept_clock = command_has(&session->options, "accept-clock"),
  };
  return adduce_writer_open(session->scope, writer, session->ledger, &options);
}

enum adduce_err submit_commit(struct session *session, struct adduce_writer *writer,
                              struct adduce_receipt *receipt) {
  enum adduce_err err = adduce_writer_commit(session->scope, writer, receipt);
  /* If that fails too, it is as unknown as before. */
  if (err == ADDUCE_E_OUTCOME_UNKNOWN &&
      adduce_writer_commit(session->scope, writer, receipt) == ADDUCE_OK)
    err = ADDUCE_OK;
  return err;
}

enum adduce_err submit_claim(struct session *session, struct adduce_receipt *receipt,
                             const struct adduce_value *claim, bool dry_run) {
  struct adduce_writer *writer = NULL;
  struct adduce_id id;
  TRY(submit_open(session, &writer, dry_run));
  enum adduce_err err = adduce_writer_add(session->scope, writer, &id, claim, session->author);
  if (err == ADDUCE_OK) err = submit_commit(session, writer, receipt);
  adduce_writer_close(&writer);
  return err;
}

static void write_items(FILE *stream, const struct adduce_receipt *receipt) {
  for (size_t i = 0; i < receipt->count; i++) {
    const struct adduce_appended *each = &receipt->appended[i];
    fprintf(stream, "%s{", i > 0 ? "," : "");
    fprintf(stream, "\"index\":%" PRIu64 ",\"id\":{\"$id\":\"%s\"}%s}", each->index,
            text_hex(each->id.bytes, 64), each->duplicate ? ",\"duplicate\":true" : "");
  }
}

static const char *receipt_json(const struct session *session,
                                const struct adduce_receipt *receipt) {
  struct text json;
  text_begin(&json);
  fputs("{\"appended\":[", json.stream);
  write_items(json.stream, receipt);
  fprintf(json.stream, "],\"size\":%" PRIu64 ",\"root\":{\"$id\":\"%s\"},\"recorded_at\":%" PRId64,
          receipt->size, text_hex(receipt->root.bytes, 64), receipt->recorded_at_us);
  if (command_has(&session->options, "dry-run")) fputs(",\"dry_run\":true", json.stream);
  fputc('}', json.stream);
  return text_end(&json);
}

enum adduce_err submit_print(struct session *session, const struct adduce_receipt *receipt,
                             const char *kind) {
  const char *after = command_has(&session->options, "dry-run") ? "  (dry run: not written)" : "";
  if (session->is_json) return session_answer_json(session, receipt_json(session, receipt));
  bar_clear(&session->bar);
  for (size_t i = 0; i < receipt->count; i++) {
    const struct adduce_appended *each = &receipt->appended[i];
    printf("#%" PRIu64 "  %s  %s%s\n", each->index,
           screen_styled(&session->screen, STYLE_ID, text_hex(each->id.bytes, SHOWN_DIGITS)),
           text_clean(kind),
           each->duplicate ? "  (was there already; nothing was written)" : after);
  }
  return ADDUCE_OK;
}

enum adduce_err submit_composed(struct compose *compose) {
  const struct adduce_value *claim;
  struct adduce_receipt receipt;
  TRY(compose_end(compose, &claim));
  TRY(session_open_signers(compose->session));
  TRY(submit_claim(compose->session, &receipt, claim, false));
  return submit_print(compose->session, &receipt, compose->kind);
}

enum adduce_err submit_run(struct session *session, const char *kind, const char *role) {
  struct compose compose;
  TRY(session_open_files(session));
  TRY(compose_begin(&compose, session, kind));
  for (int i = 0; i < session->options.operand_count; i++) {
    const char *word = session_operand(session, i);
    if (compose_is_field(word))
      TRY(compose_word(&compose, word));
    else
      TRY(compose_ref(&compose, role, word));
  }
  TRY(compose_options(&compose));
  return submit_composed(&compose);
}
