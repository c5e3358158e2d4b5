/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "media.h"
#include "place.h"
#include "submit.h"

/* ISO 8601, to the second. */
static const char *world_time(time_t seconds) {
  char written[32];
  struct tm utc;
  if (gmtime_r(&seconds, &utc) == NULL || strftime(written, sizeof written, "%FT%TZ", &utc) == 0)
    return NULL;
  return text_format("%s", written);
}

/* The file that was captured, if one of the operands is one; URLs are text and never fetched. */
static enum adduce_err take_operands(struct session *session, struct compose *compose,
                                     const char **file) {
  *file = NULL;
  for (int i = 0; i < session->options.operand_count; i++) {
    const char *word = session_operand(session, i);
    if (strstr(word, "://") != NULL && !compose_is_field(word))
      TRY(compose_text(compose, "url", word));
    else if (compose_is_field(word))
      TRY(compose_word(compose, word));
    else if (*file == NULL)
      *file = word;
    else
      return session_fail(session, ADDUCE_E_USAGE, "one source is one file; \"%s\" is another",
                          word);
  }
  return ADDUCE_OK;
}

/* What the system says of the file. */
static enum adduce_err describe_file(struct session *session, struct compose *compose,
                                     const char *file, struct adduce_hash *digest) {
  struct stat status;
  uint64_t size_bytes;
  if (stat(file, &status) != 0) return session_fail_system(session, "read", file);
  if (!S_ISREG(status.st_mode))
    return session_fail(session, ADDUCE_E_USAGE, "%s is no file that could be captured", file);
  bool by_mtime = command_has(&session->options, "mtime");
  const char *when = world_time(by_mtime ? status.st_mtime : time(NULL));
  if (!compose_has(compose, "retrieved_at") && when != NULL)
    TRY(compose_text(compose, "retrieved_at", when));
  if (!compose_has(compose, "media_type"))
    TRY(compose_text(compose, "media_type", media_type(file)));
  TRY(adduce_capture_digest(session->scope, digest, &size_bytes, file));
  TRY(compose_json(compose, "digest",
                   text_format("{\"$id\":\"%s\"}", text_hex(digest->bytes, 64))));
  return compose_json(compose, "size_bytes", text_format("%" PRIu64, size_bytes));
}

/* Keeps the file's bytes. `*path` is where they are if they were not there before, else NULL. */
static enum adduce_err keep(struct session *session, const char **path, const char *file,
                            const struct adduce_hash *digest) {
  struct adduce_hash kept;
  uint64_t size_bytes;
  *path = NULL;
  bool was_there = adduce_capture_path(session->scope, session->ledger, digest) != NULL;
  TRY(adduce_capture_keep(session->scope, session->ledger, &kept, &size_bytes, file,
                          (struct adduce_span){NULL, 0}));
  if (!was_there) *path = adduce_capture_path(session->scope, session->ledger, &kept);
  if (memcmp(kept.bytes, digest->bytes, sizeof kept.bytes) == 0) return ADDUCE_OK;
  return session_fail(session, ADDUCE_E_IO, "%s was changed while it was read", file);
}

/* A source that is refused leaves nothing behind: it is judged before its bytes are kept, and if
 * it cannot be written after all, they are removed. */
static enum adduce_err submit_with_capture(struct session *session, struct adduce_receipt *receipt,
                                           const struct adduce_value *claim, const char *file,
                                           const struct adduce_hash *digest) {
  const char *added = NULL;
  TRY(submit_claim(session, receipt, claim, true));
  enum adduce_err err = keep(session, &added, file, digest);
  if (err == ADDUCE_OK) err = submit_claim(session, receipt, claim, false);
  if (err != ADDUCE_OK && err != ADDUCE_E_OUTCOME_UNKNOWN && added != NULL) (void)unlink(added);
  return err;
}

static enum adduce_err run(struct session *session) {
  struct compose compose;
  struct adduce_receipt receipt;
  struct adduce_hash digest;
  const struct adduce_value *claim;
  const char *file;
  const struct options *options = &session->options;
  TRY(session_open_files(session));
  TRY(compose_begin(&compose, session, "source.cited"));
  TRY(take_operands(session, &compose, &file));
  TRY(compose_options(&compose));
  if (file != NULL) TRY(describe_file(session, &compose, file, &digest));
  TRY(compose_end(&compose, &claim));
  TRY(session_open_signers(session));
  if (file != NULL && !command_has(options, "no-keep") && !command_has(options, "dry-run"))
    TRY(submit_with_capture(session, &receipt, claim, file, &digest));
  else
    TRY(submit_claim(session, &receipt, claim, false));
  return submit_print(session, &receipt, compose.kind);
}

static const struct command_option options[] = {
    {'t', "title", "TEXT", "its title", "title", NULL},
    {'p', "publisher", "TEXT", "who published it", "publisher", NULL},
    {'a', "author", "TEXT", "who wrote it; may be repeated", "author", NULL},
    {'l', "language", "TAG", "the language it is in, as a BCP 47 tag; may be repeated", "language",
     NULL},
    {'m', "medium", "WORD", "Article, PressRelease, LegalAct, Broadcast, WebPage ...", "medium",
     NULL},
    {0, "published-at", "TIME", "when it was published", "published_at", NULL},
    {0, "retrieved-at", "TIME", "when the bytes were fetched; now without it", "retrieved_at",
     NULL},
    {0, "mtime", NULL, "take the file's modification time for that", NULL, NULL},
    {0, "media-type", "TYPE", "its media type; without it, as its first bytes or its name say",
     "media_type", NULL},
    {0, "subject", "ID", "the source's own subject id, for attributions", "subject", NULL},
    {0, "archive-url", "URL", "where an archive keeps it; may be repeated", "archive_url", NULL},
    {0, "access", "WORD", "open, restricted or protected", "access", NULL},
    {0, "note", "TEXT", "a remark", "note", NULL},
    {0, "no-keep", NULL, "record the digest, and keep no copy of the bytes", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command cite_command = {
    .name = "cite",
    .summary = "record a source, and keep the bytes captured of it",
    .usage = "[FILE] [URL...] [OPTION...] [FIELD=VALUE...]",
    .text =
        "Records a source. Of a FILE it takes the SHA-256 digest, the size, the media type and the "
        "time, and keeps the bytes in the ledger by that digest. A URL is text: nothing is "
        "fetched. What is not said of a source is not known; FIELD:unknown says so in the claim.",
    .examples =
        "  adduce cite article.html https://outlet.example/a/1 --title 'Detainees freed' \\\n"
        "    --publisher Outlet --language en --published-at 2025-12-13\n"
        "  adduce cite letter.pdf --mtime title:unknown --handling amber\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run,
};
