/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shown.h"
#include "submit.h"

#define LINE_BYTES ((size_t)16 << 20)
#define ERRORS_SHOWN 50

/* Where a claim of the batch came from. */
struct origin {
  const char *file; /* NULL when there is only one */
  uint64_t line;
};

struct ingest {
  struct session *session;
  struct adduce_scope *work; /* emptied after each line and each batch */
  struct adduce_writer *writer;
  uint64_t batch;

  FILE *input;
  const char *file; /* its name in messages; NULL: there is only one */
  uint64_t line, bytes, total_bytes;
  char *text;
  size_t size, capacity;
  const char *detail; /* our own, of a line; NULL: the scope's counts */

  struct origin *origins; /* of the claims in the batch */
  size_t pending, origin_capacity;
  struct origin first; /* line of the batch */
  uint64_t errors;
  enum adduce_err first_error;

  uint64_t appended, duplicates, first_index, last_index, log_size;
  struct text json; /* items of the receipt, with --json */
  struct text list; /* lines of the receipt, with --verbose */
};

/* --- errors, line by line ------------------------------------------------------------------*/

static const char *name_line(const struct origin *origin) {
  if (origin->file == NULL) return text_format("line %" PRIu64, origin->line);
  return text_format("%s line %" PRIu64, origin->file, origin->line);
}

static void say(struct ingest *ingest, const struct origin *origin, enum adduce_err err,
                const char *detail) {
  struct text_kept *mark = text_mark();
  const char *where = name_line(origin);
  if (ingest->errors++ == 0) ingest->first_error = err;
  if (ingest->errors > ERRORS_SHOWN) return;
  bar_clear(&ingest->session->bar);
  if (detail[0] == '\0') detail = adduce_error_sentence(err);
  if (ingest->session->is_json) {
    struct text json;
    text_begin(&json);
    text_json_loose(json.stream, detail, strlen(detail));
    fprintf(stderr, "{\"error\": \"%s\", \"line\": %" PRIu64 ", \"detail\": %s, \"exit\": %d}\n",
            adduce_error_name(err), origin->line, text_end(&json), adduce_error_exit(err));
  } else {
    text_isolate(isatty(STDERR_FILENO) == 1);
    fprintf(stderr, "adduce: %s: %s\n", text_clean(where), text_clean(detail));
    text_isolate(ingest->session->screen.is_terminal);
  }
  text_rewind(mark);
}

/* The detail of a commit begins with "claim N: "; the line takes its place. */
static void say_commit(struct ingest *ingest, enum adduce_err err) {
  const char *detail = adduce_scope_detail(ingest->work);
  unsigned long long number = 0;
  int taken = 0;
  if (sscanf(detail, "claim %llu: %n", &number, &taken) == 1 && taken > 0 && number >= 1 &&
      number <= ingest->pending)
    say(ingest, &ingest->origins[number - 1], err, detail + taken);
  else
    say(ingest, &ingest->first, err, detail);
}

/* --- lines ---------------------------------------------------------------------------------*/

/* Passes what is left of a line that is too long. */
static void pass_line(struct ingest *ingest) {
  for (int byte = 0; byte != EOF && byte != '\n';) {
    byte = getc_unlocked(ingest->input);
    ingest->bytes++;
  }
}

/* Reads a line into `text`, without its newline. False at the end. */
static bool read_line(struct ingest *ingest) {
  int byte = EOF;
  ingest->size = 0;
  while (ingest->size <= LINE_BYTES && (byte = getc_unlocked(ingest->input)) != EOF &&
         byte != '\n') {
    if (ingest->size == ingest->capacity) {
      size_t capacity = ingest->capacity == 0 ? 4096 : ingest->capacity * 2;
      char *grown = realloc(ingest->text, capacity);
      if (grown == NULL) text_out_of_memory();
      ingest->text = grown;
      ingest->capacity = capacity;
    }
    ingest->text[ingest->size++] = (char)byte;
  }
  ingest->bytes += ingest->size + 1;
  if (byte == EOF && ingest->size == 0) return false;
  ingest->line++;
  return true;
}

static bool is_blank(const struct ingest *ingest) {
  for (size_t i = 0; i < ingest->size; i++)
    if (strchr(" \t\r", ingest->text[i]) == NULL || ingest->text[i] == '\0') return false;
  return true;
}

static struct adduce_span bytes_of(const struct adduce_value *map, const char *key) {
  const struct adduce_value *value = adduce_value_get(map, key);
  return value == NULL ? (struct adduce_span){NULL, 0} : adduce_value_bytes(value);
}

/* What can be said of a line before it is read as JSON. */
static enum adduce_err check_line(struct ingest *ingest) {
  size_t invalid = text_invalid_at(ingest->text, ingest->size);
  if (ingest->size > LINE_BYTES) {
    ingest->detail = "longer than 16 MiB";
    pass_line(ingest);
    return ADDUCE_E_TOO_LARGE;
  }
  if (invalid == ingest->size) return ADDUCE_OK;
  ingest->detail =
      text_format("byte %zu (0x%02x) is not UTF-8", invalid, (unsigned char)ingest->text[invalid]);
  return ADDUCE_E_TEXT;
}

static enum adduce_err add_line(struct ingest *ingest) {
  const struct adduce_value *claim;
  struct adduce_id id;
  ingest->detail = NULL;
  TRY(check_line(ingest));
  TRY(adduce_value_from_json(ingest->work, &claim, ingest->text, ingest->size));
  if (adduce_value_get(claim, "event") != NULL)
    return adduce_writer_add_signed(ingest->work, ingest->writer, bytes_of(claim, "event"),
                                    bytes_of(claim, "content"));
  return adduce_writer_add(ingest->work, ingest->writer, &id, claim, ingest->session->author);
}

static void remember(struct ingest *ingest) {
  if (ingest->pending == ingest->origin_capacity) {
    size_t capacity = ingest->origin_capacity == 0 ? 64 : ingest->origin_capacity * 2;
    struct origin *grown = text_allocate(capacity * sizeof *grown);
    if (ingest->pending > 0) memcpy(grown, ingest->origins, ingest->pending * sizeof *grown);
    ingest->origins = grown;
    ingest->origin_capacity = capacity;
  }
  ingest->origins[ingest->pending++] = (struct origin){ingest->file, ingest->line};
}

/* --- batches -------------------------------------------------------------------------------*/

static void note_receipt(struct ingest *ingest, const struct adduce_receipt *receipt) {
  for (size_t i = 0; i < receipt->count; i++) {
    const struct adduce_appended *each = &receipt->appended[i];
    const char *hex = text_hex(each->id.bytes, 64);
    if (ingest->session->is_json)
      fprintf(ingest->json.stream,
              "%s{\"line\":%" PRIu64 ",\"index\":%" PRIu64 ",\"id\":{\"$id\":\"%s\"}%s}",
              ingest->appended + ingest->duplicates > 0 ? "," : "", ingest->origins[i].line,
              each->index, hex, each->duplicate ? ",\"duplicate\":true" : "");
    if (command_has(&ingest->session->options, "verbose"))
      fprintf(ingest->list.stream, "#%" PRIu64 "  %.*s  %s%s\n", each->index, SHOWN_DIGITS, hex,
              name_line(&ingest->origins[i]), each->duplicate ? "  (was there already)" : "");
    if (each->duplicate) {
      ingest->duplicates++;
      continue;
    }
    if (ingest->appended++ == 0) ingest->first_index = each->index;
    ingest->last_index = each->index;
  }
  ingest->log_size = receipt->size;
}

static enum adduce_err commit(struct ingest *ingest) {
  struct adduce_receipt receipt;
  struct text_kept *mark = text_mark();
  if (ingest->errors > 0) return ingest->first_error;
  if (ingest->pending == 0) return ADDUCE_OK;
  enum adduce_err err = adduce_writer_commit(ingest->work, ingest->writer, &receipt);
  /* If that fails too, it is as unknown as before. */
  if (err == ADDUCE_E_OUTCOME_UNKNOWN &&
      adduce_writer_commit(ingest->work, ingest->writer, &receipt) == ADDUCE_OK)
    err = ADDUCE_OK;
  if (err == ADDUCE_OK)
    note_receipt(ingest, &receipt);
  else
    say_commit(ingest, err);
  text_rewind(mark);
  ingest->pending = 0;
  adduce_scope_reset(ingest->work);
  return err;
}

/* The line within the JSON is always the first: which line it is we say ourselves. */
static const char *line_detail(const struct ingest *ingest) {
  static const char first[] = "line 1, ";
  const char *detail = ingest->detail != NULL ? ingest->detail : adduce_scope_detail(ingest->work);
  return strncmp(detail, first, sizeof first - 1) == 0 ? detail + sizeof first - 1 : detail;
}

static enum adduce_err take_lines(struct ingest *ingest) {
  while (read_line(ingest)) {
    struct origin here = {ingest->file, ingest->line};
    if (bar_is_interrupted()) return ADDUCE_E_INTERRUPTED;
    bar_show(&ingest->session->bar, "appending", ingest->bytes, ingest->total_bytes);
    if (is_blank(ingest) && ingest->size <= LINE_BYTES) continue;
    if (ingest->pending == 0 && ingest->errors == 0) ingest->first = here;
    enum adduce_err err = add_line(ingest);
    if (err != ADDUCE_OK) say(ingest, &here, err, line_detail(ingest));
    adduce_scope_reset(ingest->work);
    remember(ingest);
    if (ingest->pending >= ingest->batch) TRY(commit(ingest));
  }
  if (bar_is_interrupted()) return ADDUCE_E_INTERRUPTED;
  if (ferror(ingest->input)) {
    say(ingest, &(struct origin){ingest->file, ingest->line + 1}, ADDUCE_E_IO, strerror(errno));
    return ADDUCE_E_IO;
  }
  return ADDUCE_OK;
}

static enum adduce_err take_file(struct ingest *ingest, const char *file) {
  bool is_stdin = strcmp(file, "-") == 0;
  struct stat status;
  ingest->input = is_stdin ? stdin : fopen(file, "re");
  ingest->line = 0;
  if (ingest->input != NULL && fstat(fileno(ingest->input), &status) == 0 &&
      S_ISDIR(status.st_mode)) {
    fclose(ingest->input);
    ingest->input = NULL;
    errno = EISDIR;
  }
  if (ingest->input == NULL) return session_fail_system(ingest->session, "read", file);
  enum adduce_err err = take_lines(ingest);
  if (!is_stdin) fclose(ingest->input);
  return err;
}

/* --- the end -------------------------------------------------------------------------------*/

/* What became of it all, when not all of it was appended. */
static enum adduce_err tell_refusal(struct ingest *ingest, enum adduce_err err) {
  struct session *session = ingest->session;
  const char *before =
      err == ADDUCE_E_OUTCOME_UNKNOWN || err == ADDUCE_E_ROLLBACK || err == ADDUCE_E_FORK
          ? "`adduce log` shows whether it is in the log"
      : ingest->appended == 0
          ? "nothing was written"
          : text_format("the %" PRIu64 " claims before it are in the log", ingest->appended);
  if (ingest->errors > ERRORS_SHOWN && !session->is_json)
    fprintf(stderr, "adduce: and %" PRIu64 " more\n", ingest->errors - ERRORS_SHOWN);
  if (ingest->errors == 0 && session->detail != NULL) return err;
  if (err == ADDUCE_E_INTERRUPTED) return session_fail(session, err, "interrupted; %s", before);
  if (err == ADDUCE_E_QUARANTINED)
    return session_fail(session, err,
                        "the batch from %s on waits in quarantine (see `adduce "
                        "quarantine`); %s",
                        name_line(&ingest->first), before);
  return session_fail(session, err, "the batch from %s on was refused, %" PRIu64 " error%s; %s",
                      name_line(&ingest->first), ingest->errors, ingest->errors == 1 ? "" : "s",
                      before);
}

static enum adduce_err print_json(struct ingest *ingest) {
  return session_answer_json(
      ingest->session,
      text_format("{\"appended\":[%s],\"count\":%" PRIu64 ",\"duplicates\":%" PRIu64
                  ",\"size\":%" PRIu64 "%s}",
                  text_end(&ingest->json), ingest->appended, ingest->duplicates, ingest->log_size,
                  command_has(&ingest->session->options, "dry-run") ? ",\"dry_run\":true" : ""));
}

static void print_receipt(struct ingest *ingest) {
  bool dry_run = command_has(&ingest->session->options, "dry-run");
  const char *list = text_end(&ingest->list);
  bar_clear(&ingest->session->bar);
  fputs(list, stdout);
  if (ingest->appended > 0 && dry_run)
    printf("%" PRIu64 " claim%s can be appended (dry run: nothing was written)\n", ingest->appended,
           ingest->appended == 1 ? "" : "s");
  else if (ingest->appended > 0)
    printf("appended %" PRIu64 " claim%s, #%" PRIu64 " to #%" PRIu64 "; the log has %" PRIu64
           " entries\n",
           ingest->appended, ingest->appended == 1 ? "" : "s", ingest->first_index,
           ingest->last_index, ingest->log_size);
  if (ingest->duplicates > 0)
    printf("%" PRIu64 " %s there already; nothing was written for %s\n", ingest->duplicates,
           ingest->duplicates == 1 ? "was" : "were", ingest->duplicates == 1 ? "it" : "them");
  if (ingest->appended + ingest->duplicates == 0) puts("there was nothing to append");
}

static enum adduce_err take_all(struct ingest *ingest, char *const *files, int count) {
  for (int i = 0; i < count; i++) {
    struct stat status;
    if (stat(files[i], &status) == 0 && S_ISREG(status.st_mode))
      ingest->total_bytes += (uint64_t)status.st_size;
    else
      ingest->total_bytes = 0;
  }
  for (int i = 0; i < count; i++) {
    ingest->file = count > 1 ? files[i] : NULL;
    TRY(take_file(ingest, files[i]));
  }
  return commit(ingest);
}

enum adduce_err ingest_run(struct session *session, char *const *files, int count, uint64_t batch) {
  struct ingest ingest = {.session = session, .batch = batch};
  /* What is not written cannot be referred to by the next batch. */
  if (command_has(&session->options, "dry-run")) ingest.batch = UINT64_MAX;
  TRY(adduce_scope_open(&ingest.work, 0));
  adduce_scope_progress(ingest.work, bar_progress, &session->bar);
  session->bar.is_ours = true;
  text_begin(&ingest.json);
  text_begin(&ingest.list);
  enum adduce_err err = submit_open(session, &ingest.writer, false);
  if (err == ADDUCE_OK) {
    err = take_all(&ingest, files, count);
    if (err != ADDUCE_OK) err = tell_refusal(&ingest, err);
  }
  bar_clear(&session->bar);
  if (err == ADDUCE_OK && session->is_json)
    err = print_json(&ingest);
  else if (err == ADDUCE_OK)
    print_receipt(&ingest);
  adduce_writer_close(&ingest.writer);
  adduce_scope_close(&ingest.work);
  free(ingest.text);
  return err;
}
