/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "commands.h"
#include "media.h"
#include "place.h"
#include "submit.h"

#define NO_DIGEST "0000000000000000000000000000000000000000000000000000000000000000"

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

/* What the system says of the file. The digest comes last, from the bytes. */
static enum adduce_err describe_file(struct session *session, struct compose *compose,
                                     const char *file) {
  struct stat status;
  if (stat(file, &status) != 0) return session_fail_system(session, "read", file);
  if (!S_ISREG(status.st_mode))
    return session_fail(session, ADDUCE_E_USAGE, "%s is no file that could be captured", file);
  bool by_mtime = command_has(&session->options, "mtime");
  const char *when = world_time(by_mtime ? status.st_mtime : time(NULL));
  if (!compose_has(compose, "retrieved_at") && when != NULL)
    TRY(compose_text(compose, "retrieved_at", when));
  if (!compose_has(compose, "media_type"))
    TRY(compose_text(compose, "media_type", media_type(file)));
  return ADDUCE_OK;
}

/* The claim with a digest and a size, as it will be. */
static enum adduce_err finish(struct compose *compose, const struct adduce_value **claim,
                              const char *digest, uint64_t size_bytes) {
  struct compose copy = *compose;
  if (digest != NULL) {
    TRY(compose_json(&copy, "digest", text_format("{\"$id\":\"%s\"}", digest)));
    TRY(compose_json(&copy, "size_bytes", text_format("%" PRIu64, size_bytes)));
  }
  return compose_end(&copy, claim);
}

/* A claim that is refused must leave nothing behind: it is judged before its capture is kept. */
static enum adduce_err capture(struct session *session, struct compose *compose,
                               const struct adduce_value **claim, const char *file) {
  struct adduce_hash digest;
  struct adduce_receipt judged;
  uint64_t size_bytes;
  TRY(finish(compose, claim, NO_DIGEST, 0));
  TRY(submit_claim(session, &judged, *claim, true));
  if (command_has(&session->options, "no-keep"))
    TRY(adduce_capture_digest(session->scope, &digest, &size_bytes, file));
  else
    TRY(adduce_capture_keep(session->scope, session->ledger, &digest, &size_bytes, file,
                            (struct adduce_span){NULL, 0}));
  return finish(compose, claim, text_hex(digest.bytes, 64), size_bytes);
}

static enum adduce_err run(struct session *session) {
  struct compose compose;
  struct adduce_receipt receipt;
  const struct adduce_value *claim;
  const char *file;
  bool is_dry = command_has(&session->options, "dry-run");
  TRY(session_open_files(session));
  TRY(compose_begin(&compose, session, "source.cited"));
  TRY(take_operands(session, &compose, &file));
  TRY(compose_options(&compose));
  if (file != NULL) TRY(describe_file(session, &compose, file));
  TRY(session_open_signers(session));
  if (file == NULL || is_dry)
    TRY(finish(&compose, &claim, file == NULL ? NULL : NO_DIGEST, 0));
  else
    TRY(capture(session, &compose, &claim, file));
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
