/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "filestream.h"
#include "place.h"
#include "shown.h"

/* --- files ---------------------------------------------------------------------------------*/

static enum adduce_err read_stream(struct session *session, struct adduce_span *bytes, FILE *stream,
                                   const char *path) {
  size_t size = 0, capacity = 65536;
  char *data = text_allocate(capacity);
  for (;;) {
    size_t got = fread(data + size, 1, capacity - size, stream);
    size += got;
    if (ferror(stream)) return session_fail_system(session, "read", path);
    if (size < capacity) break;
    if (capacity >= EVIDENCE_FILE_BYTES)
      return session_fail(session, ADDUCE_E_TOO_LARGE, "%s is larger than %zu bytes", path,
                          EVIDENCE_FILE_BYTES);
    char *larger = text_allocate(capacity * 2);
    memcpy(larger, data, size);
    data = larger;
    capacity *= 2;
  }
  *bytes = (struct adduce_span){(const uint8_t *)data, size};
  return ADDUCE_OK;
}

enum adduce_err evidence_read(struct session *session, struct adduce_span *bytes,
                              const char *path) {
  struct stat status;
  if (strcmp(path, "-") == 0) return read_stream(session, bytes, stdin, "standard input");
  FILE *stream = fopen(path, "rbe");
  if (stream == NULL) return session_fail_system(session, "open", path);
  enum adduce_err err;
  if (fstat(fileno(stream), &status) == 0 && S_ISDIR(status.st_mode))
    err = session_fail(session, ADDUCE_E_USAGE, "%s is a folder", path);
  else
    err = read_stream(session, bytes, stream, path);
  (void)fclose(stream);
  return err;
}

enum adduce_err evidence_write(struct session *session, const char *path,
                               struct adduce_span bytes) {
  const char *named = command_argument(&session->options, "output");
  if (named != NULL) path = named;
  if (strcmp(path, "-") == 0) {
    (void)fwrite(bytes.data, 1, bytes.size, stdout);
    return ADDUCE_OK;
  }
  TRY(filestream_save(session, path, bytes));
  if (session->is_json) {
    struct text json;
    text_begin(&json);
    fputs("{\"file\":", json.stream);
    text_json_loose(json.stream, path, strlen(path));
    fprintf(json.stream, ",\"bytes\":%zu}", bytes.size);
    return session_answer_json(session, text_end(&json));
  }
  printf("wrote %s, %zu bytes\n", text_clean(path), bytes.size);
  return ADDUCE_OK;
}

/* --- policies ------------------------------------------------------------------------------*/

/* "@SIZE": what the ledger here had logged as its policy when it had so many entries; "@": now. */
static enum adduce_err logged_policy(struct session *session, const struct adduce_policy **policy,
                                     const char *size_text) {
  char *end = NULL;
  const char *text;
  errno = 0;
  uint64_t size = *size_text == '\0' ? 0 : strtoull(size_text, &end, 10);
  if ((end != NULL && *end != '\0') || errno != 0 || *size_text == '-')
    return session_fail(session, ADDUCE_E_USAGE, "--policy @SIZE: a number of entries, or nothing");
  if (session->ledger == NULL) TRY(session_open(session));
  TRY(adduce_policy_of_ledger(session->scope, &text, session->ledger, size));
  if (text == NULL)
    return session_fail(session, ADDUCE_E_NOT_FOUND,
                        "the ledger had logged no tlog_policy by then");
  const struct adduce_span bytes = {(const uint8_t *)text, strlen(text)};
  return adduce_policy_parse(session->scope, policy, bytes);
}

enum adduce_err evidence_policy(struct session *session, const struct adduce_policy **policy) {
  const char *path = command_argument(&session->options, "policy");
  const char *vkey = command_argument(&session->options, "vkey");
  struct adduce_span text;
  *policy = NULL;
  if (path != NULL && vkey != NULL)
    return session_fail(session, ADDUCE_E_USAGE, "--policy and --vkey exclude each other");
  if (vkey != NULL) return adduce_policy_of_key(session->scope, policy, vkey);
  if (path == NULL) return ADDUCE_OK;
  if (path[0] == '@') return logged_policy(session, policy, path + 1);
  TRY(evidence_read(session, &text, path));
  return adduce_policy_parse(session->scope, policy, text);
}

enum adduce_err evidence_policy_needed(struct session *session, const struct adduce_policy **policy,
                                       struct adduce_ledger *ledger) {
  const struct adduce_value *stat;
  TRY(evidence_policy(session, policy));
  if (*policy != NULL) return ADDUCE_OK;
  if (ledger == NULL)
    return session_fail(session, ADDUCE_E_USAGE,
                        "whose log is this to be? say --policy FILE or --vkey VKEY");
  TRY(adduce_stat(session->scope, ledger, &stat));
  return adduce_policy_of_key(session->scope, policy,
                              adduce_value_text(adduce_value_get(stat, "vkey")));
}

/* --- logs ----------------------------------------------------------------------------------*/

static enum adduce_err fetch_url(void *context, struct adduce_scope *scope,
                                 struct adduce_span *bytes, const char *path, size_t limit_bytes) {
  struct evidence_log *log = context;
  struct http_answer answer;
  struct text_kept *mark = text_mark();
  const char *url = text_format("%s/%s", log->url, path);
  enum adduce_err err = http_get(log->http, scope, &answer, url, limit_bytes);
  if (err == ADDUCE_OK && (answer.status == 404 || answer.status == 410))
    err = adduce_fetch_fail(scope, ADDUCE_E_NO_FILE, text_format("%s is not there", url));
  else if (err == ADDUCE_OK && answer.status != 200)
    err = adduce_fetch_fail(scope, ADDUCE_E_REMOTE,
                            text_format("%s answers %ld", url, answer.status));
  if (err == ADDUCE_OK) *bytes = answer.body;
  text_rewind(mark);
  return err;
}

/* Only a checkpoint, in a file of its own. */
static enum adduce_err fetch_file(void *context, struct adduce_scope *scope,
                                  struct adduce_span *bytes, const char *path, size_t limit_bytes) {
  struct evidence_log *log = context;
  char *slash = strrchr(log->file, '/');
  const char *folder =
      slash == NULL ? "." : text_format("%.*s", (int)(slash - log->file), log->file);
  if (strcmp(path, "checkpoint") != 0)
    return adduce_fetch_fail(scope, ADDUCE_E_NO_FILE,
                             text_format("%s is a checkpoint and nothing more", log->file));
  struct adduce_published in = adduce_published_folder(folder);
  return in.fetch(in.context, scope, bytes, slash == NULL ? log->file : slash + 1, limit_bytes);
}

static enum adduce_err open_url(struct session *session, struct evidence_log *log,
                                const char *name) {
  size_t size = strlen(name);
  while (size > 0 && name[size - 1] == '/') size--;
  log->url = text_format("%.*s", (int)size, name);
  log->http = http_open();
  if (log->http == NULL) return session_fail(session, ADDUCE_E_IO, "libcurl does not start");
  log->published = (struct adduce_published){fetch_url, log};
  return ADDUCE_OK;
}

static enum adduce_err open_ledger(struct session *session, struct evidence_log *log,
                                   const char *folder) {
  const struct adduce_options options = {.headlock_folder = place_heads(), .read_only = true};
  TRY(adduce_ledger_open(session->scope, &log->ledger, folder, &options));
  log->published = adduce_published_ledger(log->ledger);
  return ADDUCE_OK;
}

enum adduce_err evidence_open(struct session *session, struct evidence_log *log, const char *name) {
  *log = (struct evidence_log){.is_borrowed = name == NULL};
  if (name == NULL) {
    TRY(session_open(session));
    log->ledger = session->ledger;
    log->published = adduce_published_ledger(session->ledger);
    return ADDUCE_OK;
  }
  if (strncmp(name, "http://", 7) == 0 || strncmp(name, "https://", 8) == 0)
    return open_url(session, log, name);
  if (!place_exists(name)) return session_fail(session, ADDUCE_E_NO_FILE, "there is no %s", name);
  if (!place_is_folder(name)) {
    log->file = name;
    log->published = (struct adduce_published){fetch_file, log};
    return ADDUCE_OK;
  }
  const char *inner = text_format("%s/.adduce", name);
  if (place_is_folder(text_format("%s/log", inner))) return open_ledger(session, log, inner);
  if (place_is_folder(text_format("%s/log", name))) return open_ledger(session, log, name);
  log->folder = name;
  log->published = adduce_published_folder(name);
  return ADDUCE_OK;
}

void evidence_close(struct evidence_log *log) {
  if (!log->is_borrowed) adduce_ledger_close(&log->ledger);
  http_close(&log->http);
}

/* --- reports -------------------------------------------------------------------------------*/

static void print_rules(struct session *session, const struct adduce_value *policy) {
  const struct adduce_value *rules = adduce_value_get(policy, "rules");
  const struct adduce_value *witnesses = adduce_value_get(policy, "witnesses");
  bool met = shown_flag(policy, "met");
  printf("policy: quorum %s %s\n", shown_text(policy, "quorum"),
         screen_styled(&session->screen, met ? STYLE_GOOD : STYLE_BAD, met ? "met" : "missed"));
  for (size_t i = 0; i < adduce_value_count(rules); i++) {
    const struct adduce_value *rule = adduce_value_at(rules, i);
    printf("  group %s: %lld of %lld, needs %lld: %s\n", shown_text(rule, "name"),
           (long long)shown_integer(rule, "has"), (long long)shown_integer(rule, "of"),
           (long long)shown_integer(rule, "needs"), shown_flag(rule, "met") ? "met" : "missed");
  }
  for (size_t i = 0; i < adduce_value_count(witnesses); i++) {
    const struct adduce_value *witness = adduce_value_at(witnesses, i);
    bool cosigned = shown_flag(witness, "cosigned");
    const char *why_not = shown_text(witness, "why_not");
    printf("  witness %s: %s%s%s%s\n", shown_text(witness, "name"),
           cosigned             ? "cosigned at "
           : why_not[0] != '\0' ? "does not count"
                                : "did not cosign",
           cosigned ? shown_text(witness, "at") : "", why_not[0] == '\0' ? "" : ": ", why_not);
  }
  if (shown_integer(policy, "unknown_signatures") != 0)
    printf("  signatures by keys that the policy does not name, passed over: %lld\n",
           (long long)shown_integer(policy, "unknown_signatures"));
}

static void print_sentences(struct session *session, const char *heading, enum style style,
                            const char *sign, const struct adduce_value *sentences) {
  if (adduce_value_count(sentences) == 0) return;
  shown_heading(session, heading);
  for (size_t i = 0; i < adduce_value_count(sentences); i++)
    screen_prose(&session->screen,
                 text_format("  %s", screen_styled(&session->screen, style, sign)), 4,
                 shown_value(adduce_value_at(sentences, i)));
}

void evidence_print(struct session *session, const struct adduce_value *report) {
  const struct adduce_value *policy = adduce_value_get(report, "policy");
  if (policy != NULL) print_rules(session, policy);
  print_sentences(session, "Proven", STYLE_GOOD, "✓", adduce_value_get(report, "proven"));
  print_sentences(session, "Not proven", STYLE_QUIET, "·", adduce_value_get(report, "not_proven"));
}

enum adduce_err evidence_answer(struct session *session, const struct adduce_value *report,
                                session_print_fn *print, enum adduce_err err) {
  if (report == NULL) return err;
  if (err == ADDUCE_OK) return session_answer(session, report, print);
  const char *detail = text_format("%s", session_detail(session, err));
  if (!session->is_json) print(session, report);
  return session_fail(session, err, "%s", detail);
}
