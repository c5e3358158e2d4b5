/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include <string.h>

#include "commands.h"
#include "evidence.h"
#include "moment.h"
#include "place.h"
#include "shown.h"
#include "submit.h"

static const char *full_hex(const struct adduce_value *bytes) {
  if (bytes == NULL || adduce_value_bytes(bytes).size != 32) return "";
  return text_hex(adduce_value_bytes(bytes).data, 64);
}

/* --- stating -------------------------------------------------------------------------------- */

static void print_view(const struct adduce_value *view) {
  int64_t events = shown_integer(view, "events"), paths = shown_integer(view, "paths");
  printf("view        %s\n", full_hex(adduce_value_get(view, "id")));
  if (paths == 0)
    printf("            all content is available here\n");
  else
    printf("            %" PRId64 " path%s of %" PRId64 " event%s %s not available here\n", paths,
           paths == 1 ? "" : "s", events, events == 1 ? "" : "s", paths == 1 ? "is" : "are");
}

static void print_projections(struct session *session, const struct adduce_value *projections) {
  struct columns columns;
  columns_init(&columns, 4);
  columns.is_right[2] = true;
  for (size_t i = 0; i < adduce_value_count(projections); i++) {
    const struct adduce_value *each = adduce_value_at(projections, i);
    columns_add(&columns, (const char *const[]){
                              shown_text(each, "name"),
                              text_format("version %" PRId64, shown_integer(each, "version")),
                              text_format("%" PRId64 " rows", shown_integer(each, "rows")),
                              shown_id(session, adduce_value_get(each, "digest"))});
  }
  columns_print(&session->screen, &columns, 2);
}

static void print_withheld(struct session *session, const struct adduce_value *withheld) {
  shown_heading(session, "Not available here");
  for (size_t i = 0; i < adduce_value_count(withheld); i++) {
    const struct adduce_value *each = adduce_value_at(withheld, i);
    const struct adduce_value *paths = adduce_value_get(each, "paths");
    struct text line;
    text_begin(&line);
    fprintf(line.stream, "  %s ", shown_event(session, each));
    for (size_t k = 0; k < adduce_value_count(paths); k++) {
      const char *path = text_clean(adduce_value_text(adduce_value_at(paths, k)));
      fprintf(line.stream, "%s%s", k == 0 ? " " : ", ",
              strcmp(path, "*") == 0 ? "all of its content" : path);
    }
    screen_line(&session->screen, text_end(&line));
  }
}

static void print_state(struct session *session, const struct adduce_value *state) {
  const struct adduce_value *at = adduce_value_get(state, "at");
  const struct adduce_value *view = adduce_value_get(state, "view");
  const char *policy = full_hex(adduce_value_get(state, "policy"));
  printf("state       %s\n", full_hex(adduce_value_get(state, "state")));
  printf("entries     %" PRId64 ", the last recorded %s\n", shown_integer(state, "size"),
         shown_when(adduce_value_get(at, "recorded_at")));
  printf("root        %s\n", full_hex(adduce_value_get(state, "root")));
  print_view(view);
  printf("policy      %s\n", policy[0] == '\0' ? "none" : policy);
  printf("vocabulary  version %" PRId64 "\n\n", shown_integer(state, "vocabulary_version"));
  print_projections(session, adduce_value_get(state, "projections"));
  if (shown_integer(view, "events") != 0 && adduce_value_get(view, "withheld") != NULL)
    print_withheld(session, adduce_value_get(view, "withheld"));
}

static enum adduce_err append_claims(struct session *session, struct adduce_receipt *receipt,
                                     const struct adduce_value *claims) {
  struct adduce_writer *writer = NULL;
  struct adduce_id id;
  enum adduce_err err = submit_open(session, &writer, false);
  for (size_t i = 0; i < adduce_value_count(claims) && err == ADDUCE_OK; i++)
    err =
        adduce_writer_add(session->scope, writer, &id, adduce_value_at(claims, i), session->author);
  if (err == ADDUCE_OK) err = submit_commit(session, writer, receipt);
  adduce_writer_close(&writer);
  return err;
}

static enum adduce_err record(struct session *session,
                              const struct adduce_digest_options *options) {
  const struct adduce_value *state, *claims;
  struct adduce_receipt receipt;
  TRY(session_open_files(session));
  TRY(adduce_digest(session->scope, session->ledger, &state, options));
  TRY(adduce_digest_claims(session->scope, &claims, state));
  TRY(session_open_signers(session));
  TRY(append_claims(session, &receipt, claims));
  return submit_print(session, &receipt, "state.digested");
}

/* --- comparing ------------------------------------------------------------------------------ */

static void print_verdict(struct session *session, const struct adduce_value *report) {
  const char *verdict = shown_text(report, "verdict"), *by = shown_raw(report, "stated_by");
  const struct adduce_value *because = adduce_value_get(report, "because");
  const struct adduce_value *projections = adduce_value_get(report, "projections");
  enum style style = strcmp(verdict, "same") == 0        ? STYLE_GOOD
                     : strcmp(verdict, "different") == 0 ? STYLE_BAD
                                                         : STYLE_WARN;
  printf("%s", screen_styled(&session->screen, style, verdict));
  if (adduce_value_get(report, "size") != NULL)
    printf(": the state of %" PRId64 " entries", shown_integer(report, "size"));
  if (by != NULL) printf(", as %s states it", text_clean(by));
  printf("\n");
  if (strcmp(shown_text(report, "signature"), "verified") == 0)
    printf("  the statement is signed by the key that was given\n");
  else if (shown_raw(report, "signature") != NULL)
    printf("  signature not checked: --vkey says whose it must be\n");
  for (size_t i = 0; i < adduce_value_count(because); i++)
    screen_prose(&session->screen, "  because ", 4,
                 shown_text(adduce_value_at(because, i), "text"));
  for (size_t i = 0; i < adduce_value_count(projections); i++) {
    const struct adduce_value *each = adduce_value_at(projections, i);
    const char *why = shown_text(each, "because");
    printf("  %-12s %s%s%s\n", shown_text(each, "name"), shown_text(each, "verdict"),
           why[0] == '\0' ? "" : ": ", why);
  }
}

/* A file if there is one of that name, else an event. */
static enum adduce_err compare(struct session *session, const char *with,
                               struct adduce_digest_options *options) {
  const struct adduce_value *report = NULL;
  struct adduce_span statement;
  enum adduce_err err;
  bool is_file = strcmp(with, "-") == 0 || place_exists(with);
  TRY(session_open(session));
  TRY(evidence_policy(session, &options->policy));
  if (options->policy != NULL && !is_file)
    return session_fail(session, ADDUCE_E_USAGE,
                        "--vkey and --policy are for a statement in a file; `adduce verify` checks "
                        "the signatures of events");
  if (is_file) {
    TRY(evidence_read(session, &statement, with));
    err = adduce_digest_compare(session->scope, session->ledger, &report, statement, options);
  } else {
    err = adduce_digest_compare_event(session->scope, session->ledger, &report, with, options);
  }
  if (err == ADDUCE_E_USAGE && !is_file)
    return session_fail(session, err,
                        "\"%s\" is no file here, and no event: #INDEX, an index or "
                        "at least 4 hex digits of an id",
                        text_clean(with));
  if (report != NULL && adduce_value_get(report, "verdict") == NULL) report = NULL;
  if (err == ADDUCE_E_NOT_COMPARABLE)
    session->hint = "nothing follows for the digests, neither that they agree nor that they differ";
  if (!session->is_json || err == ADDUCE_OK || report == NULL)
    return evidence_answer(session, report, print_verdict, err);
  const char *detail = text_format("%s", session_detail(session, err));
  TRY(session_answer(session, report, print_verdict));
  return session_fail(session, err, "%s", detail);
}

static enum adduce_err run(struct session *session) {
  const struct options *given = &session->options;
  const char *with = command_argument(given, "compare");
  const struct adduce_value *state;
  struct adduce_digest_options options = {.withheld = command_has(given, "withheld")};
  uint64_t threads;
  TRY(moment_read(session, &options.at, command_argument(given, "at")));
  if (!command_number(given, "threads", &threads, 0) || threads > 1024)
    return session_fail(session, ADDUCE_E_USAGE, "--threads needs a number up to 1024, not \"%s\"",
                        command_argument(given, "threads"));
  options.threads = (unsigned)threads;
  if (with != NULL && (command_has(given, "record") || options.at != NULL || options.withheld))
    return session_fail(session, ADDUCE_E_USAGE,
                        "--compare goes without --record, --at and --withheld: what is compared "
                        "says itself of when it is");
  if (with == NULL && (command_has(given, "vkey") || command_has(given, "policy")))
    return session_fail(session, ADDUCE_E_USAGE, "--vkey and --policy go with --compare FILE");
  if (with != NULL) return compare(session, with, &options);
  if (command_has(given, "record")) return record(session, &options);
  TRY(session_open(session));
  TRY(adduce_digest(session->scope, session->ledger, &state, &options));
  return session_answer(session, state, print_state);
}

static const struct command_option options[] = {
    {0, "at", MOMENT,
     "the state up to this entry, to the last one recorded by this time, or to the last one that "
     "the "
     "checkpoint in FILE covers",
     NULL, NULL},
    {0, "withheld", NULL, "list what is not available here", NULL, NULL},
    {0, "record", NULL, "put the digests on the log, signed", NULL, NULL},
    {0, "compare", "FILE|ID",
     "compare a replay here with a state in a file (of --json, or of an auditor's statement; -: "
     "standard input) or with a state.digested on the log",
     NULL, NULL},
    {0, "vkey", "VKEY", "the key that must have signed the statement compared with", NULL, NULL},
    {'p', "policy", "FILE", "a tlog-policy, one of whose log keys must have", NULL, NULL},
    {'j', "threads", "N", "with so many threads; without it, one a processor", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command digest_command = {
    .name = "digest",
    .summary = "name the state in 32 bytes, and compare it with others",
    .usage = "[--at " MOMENT
             "] [--withheld] [--record]\n"
             "--compare FILE|ID [--vkey VKEY]",
    .text =
        "Names the state of all projections by one digest, and each projection by its own. Whoever "
        "replays the same entries with the same content available comes to the same bytes, on any "
        "machine. --record puts them on the log, signed; `verify` compares each that it finds "
        "there. --compare says whether another party came to the same state: it ends with 0 if it "
        "is the same, with 1 if it is different, and with 5 if the two are not comparable, because "
        "size, tree, policy, versions or what is available are not the same. What is not "
        "comparable is never called different. Who signed an auditor's statement is checked "
        "with --vkey, and otherwise not, which is said.",
    .examples =
        "  adduce digest\n"
        "  adduce digest --at 40 --json >state-40.json\n"
        "  adduce digest --record\n"
        "  adduce digest --compare state-40.json\n"
        "  adduce digest --compare audit-136 --vkey audit.example+1f2e3d4c+AQ...\n",
    .groups = COMMAND_WRITING | COMMAND_SIGNING,
    .options = options,
    .run = run,
};
