/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "commands.h"
#include "evidence.h"
#include "filestream.h"
#include "keys.h"
#include "moment.h"
#include "shown.h"

#define LIST_MAX 256 /* of --to, --withhold and --recall */

struct asked_for {
  struct adduce_log_filter filter;
  struct adduce_question question;
  struct adduce_export_options options;
  const char *recipients[LIST_MAX], *withhold[LIST_MAX], *recall[LIST_MAX];
  struct adduce_key keys[KEYS_SEAL_MAX];
};

/* What was asked for, in words: the command line's own. It stands in the manifest, which both sides
 * keep for good; so what may be the content of a claim, to be withheld or erased, is not repeated.
 */
static const char *selection(const struct session *session) {
  static const struct {
    const char *name;
    bool is_content;
  } told[] = {{"all", false},    {"recall", false}, {"since", false},     {"kind", false},
              {"author", false}, {"subject", true}, {"refers-to", false}, {"without", true},
              {"only", true},    {"at", false}};
  struct text text;
  size_t shown = 0;
  text_begin(&text);
  for (size_t i = 0; i < session->options.given_count; i++) {
    const struct given *each = &session->options.given[i];
    for (size_t k = 0; k < sizeof told / sizeof told[0]; k++) {
      if (strcmp(each->option->name, told[k].name) != 0) continue;
      bool is_bare = each->argument == NULL || told[k].is_content;
      fprintf(text.stream, "%s%s%s%s", shown++ > 0 ? ", " : "", told[k].name, is_bare ? "" : " ",
              is_bare ? "" : each->argument);
    }
  }
  return text_end(&text);
}

static enum adduce_err read_filter(struct session *session, struct asked_for *asked) {
  const struct options *given = &session->options;
  asked->filter = (struct adduce_log_filter){
      .kind = command_argument(given, "kind"),
      .author = command_argument(given, "author"),
      .subject = command_argument(given, "subject"),
      .refers_to = command_argument(given, "refers-to"),
  };
  TRY(keys_of_filter(session, &asked->filter.author));
  bool is_filtered = asked->filter.kind != NULL || asked->filter.author != NULL ||
                     asked->filter.subject != NULL || asked->filter.refers_to != NULL ||
                     asked->question.only_count != 0 || asked->question.without_count != 0;
  if (is_filtered) asked->options.filter = &asked->filter;
  if (is_filtered || asked->options.all || asked->options.since != NULL ||
      asked->options.recall_count != 0)
    return ADDUCE_OK;
  return session_fail(session, ADDUCE_E_USAGE,
                      "say what to give: --all, --since SIZE|FILE, or a filter such as --subject");
}

/* --since takes a size, or a file with a checkpoint. */
static enum adduce_err read_since(struct session *session, const char **since) {
  struct adduce_span bytes;
  *since = command_argument(&session->options, "since");
  if (*since == NULL || (*since)[strspn(*since, "0123456789")] == '\0') return ADDUCE_OK;
  TRY(evidence_read(session, &bytes, *since));
  *since = text_format("%.*s", (int)bytes.size, (const char *)bytes.data);
  return ADDUCE_OK;
}

static enum adduce_err read_options(struct session *session, struct asked_for *asked) {
  const struct options *given = &session->options;
  struct adduce_export_options *options = &asked->options;
  TRY(session_question(session, &asked->question));
  options->question = &asked->question;
  options->all = command_has(given, "all");
  TRY(read_since(session, &options->since));
  TRY(session_list(session, asked->recipients, &options->recipient_count, LIST_MAX, "to"));
  TRY(session_list(session, asked->withhold, &options->withhold_count, LIST_MAX, "withhold"));
  options->recipients = asked->recipients;
  options->withhold = asked->withhold;
  TRY(session_list(session, asked->recall, &options->recall_count, LIST_MAX, "recall"));
  for (size_t i = 0; i < options->recall_count; i++)
    asked->recall[i] = text_event(asked->recall[i]);
  options->recall = asked->recall;
  options->handling = command_argument(given, "handling");
  options->purpose = command_argument(given, "purpose");
  options->captures = command_has(given, "captures");
  options->no_record = command_has(given, "no-record");
  options->selection = selection(session);
  return ADDUCE_OK;
}

static enum adduce_err read_keys(struct session *session, struct asked_for *asked) {
  struct adduce_export_options *options = &asked->options;
  TRY(keys_to_seal(session, asked->keys, &options->seal_to_count));
  options->seal_to = asked->keys;
  return ADDUCE_OK;
}

static void print_report(struct session *session, const struct adduce_value *report) {
  const struct adduce_value *complete = adduce_value_get(report, "complete");
  int64_t withheld = shown_integer(report, "withheld");
  int64_t left_out = shown_integer(report, "left_out");
  printf("wrote %s: %" PRId64 " entries of %s, %" PRId64 " bytes\n",
         command_argument(&session->options, "output"), shown_integer(report, "count"),
         shown_text(report, "origin"), shown_integer(report, "bytes"));
  if (command_has(&session->options, "recall"))
    printf("  a recall notice for %s\n", shown_list(adduce_value_get(report, "recipients")));
  if (complete != NULL)
    printf("  complete from entry %" PRId64 " to %" PRId64 ", with all control entries\n",
           adduce_value_integer(adduce_value_at(complete, 0)),
           adduce_value_integer(adduce_value_at(complete, 1)) - 1);
  printf("  with the contents of %" PRId64 "%s\n", shown_integer(report, "contents"),
         left_out == 0 ? "" : text_format("; %" PRId64 " are above --handling", left_out));
  if (withheld != 0) printf("  %" PRId64 " fields or elements are withheld\n", withheld);
  if (shown_integer(report, "captures") != 0)
    printf("  %" PRId64 " captured documents\n", shown_integer(report, "captures"));
  if (adduce_value_get(report, "index") != NULL)
    printf("  logged as #%" PRId64 "; manifest %s\n", shown_integer(report, "index"),
           shown_id(session, adduce_value_get(report, "manifest")));
}

static enum adduce_err write_bundle(struct session *session, struct filestream *stream,
                                    struct asked_for *asked, const struct adduce_value **report) {
  const struct adduce_sink sink = filestream_sink(stream);
  asked->options.author = session->author;
  enum adduce_err err =
      adduce_export(session->scope, session->ledger, report, &sink, &asked->options);
  return err == ADDUCE_OK ? filestream_keep(session, stream) : err;
}

static enum adduce_err run(struct session *session) {
  struct asked_for asked = {.filter = {0}};
  struct filestream stream;
  const struct adduce_value *report;
  const char *path = command_argument(&session->options, "output");
  if (path == NULL) return session_fail(session, ADDUCE_E_USAGE, "-o says which file to write");
  TRY(read_options(session, &asked));
  TRY(session_open(session));
  TRY(read_filter(session, &asked));
  TRY(read_keys(session, &asked));
  TRY(session_open_signers(session));
  TRY(filestream_write(session, &stream, path));
  enum adduce_err err = write_bundle(session, &stream, &asked, &report);
  filestream_close(&stream);
  if (err != ADDUCE_OK || strcmp(path, "-") == 0) return err;
  return session_answer(session, report, print_report);
}

static const struct command_option options[] = {
    {'o', "output", "FILE", "where to; - is standard output", NULL, NULL},
    {0, "all", NULL, "every entry: proves that nothing is left out", NULL, NULL},
    {0, "since", "SIZE|FILE",
     "every entry from there: a number of entries, or a checkpoint that the recipient has", NULL,
     NULL},
    {0, "recall", "ID",
     "a notice that this was taken back, for whoever was given it; may be given more than once",
     NULL, NULL},
    {0, "kind", "KIND", "only this kind, or all that begin so: \"sanction.\"", NULL, NULL},
    {0, "author", "KEY", "only by this key: its first digits, or the name of a key of yours", NULL,
     NULL},
    {'s', "subject", "ID", "only about this subject", NULL, NULL},
    {0, "refers-to", "ID", "only what refers to this event", NULL, NULL},
    {0, "to", "NAME", "for whom: the origin of a ledger, or a name; may be given more than once",
     NULL, NULL},
    {0, "withhold", "[ID:]FIELD[/INDEX]",
     "leave a field, or one element of a list, out of all claims or of one, and what spells or "
     "corrects it there, but not a quote that repeats it; may be given more than once",
     NULL, NULL},
    {0, "seal", "KEY",
     "so that only the holder of this key can read it: 64 digits, or the first digits of one that "
     "the ledger knows; may be given more than once",
     NULL, NULL},
    {0, "handling", "LEVEL",
     "leave out contents of a higher level: clear, green, amber, amber+strict or red; amber if not "
     "said, and clear without --to",
     NULL, NULL},
    {0, "captures", NULL, "with the captured documents of the sources among them", NULL, NULL},
    {0, "purpose", "TEXT", "what for", NULL, NULL},
    {0, "no-record", NULL, "do not log that it was given", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command export_command = {
    .name = "export",
    .summary = "give events with their proofs to somebody, in one file",
    .usage =
        "--to NAME -o FILE (--all | --since SIZE|FILE | FILTER...)\n"
        "[--to NAME] -o FILE --recall ID...",
    .text =
        "Writes a bundle: the events that are selected, everything they refer to, what acts on "
        "them, and all control entries, with one proof for all of them against the latest "
        "checkpoint, signed by you. --all and --since prove that nothing is left out of the range. "
        "With --seal, only who has the secret key can read it. Withheld fields are gone from the "
        "file; signatures and proofs verify without them. That "
        "it was given is logged as bundle.exported; `adduce disclosures` says who has what.",
    .examples =
        "  adduce export --all --to partner.example -o all.bundle\n"
        "  adduce export --subject release/123 --to newsroom.example --withhold name -o "
        "123.bundle\n"
        "  adduce export --all --to partner.example --seal 3b6a27bcceb6a42d -o sealed.bundle\n"
        "  adduce export --recall 12 -o recall.bundle\n"
        "  adduce export --since partner.checkpoint --to partner.example -o new.bundle\n",
    .groups = COMMAND_QUESTION | COMMAND_SIGNING,
    .options = options,
    .run = run,
};

/* --- disclosures ---------------------------------------------------------------------------*/

static void print_disclosures(struct session *session, const struct adduce_value *answer) {
  if (adduce_value_count(adduce_value_get(answer, "disclosures")) == 0)
    printf("%s was given to nobody, as far as is logged here\n", shown_event(session, answer));
  shown_disclosures(session, answer, "");
}

static enum adduce_err run_disclosures(struct session *session) {
  const struct adduce_value *answer;
  TRY(session_open(session));
  TRY(adduce_disclosures(session->scope, session->ledger, &answer, session_operand(session, 0)));
  return session_answer(session, answer, print_disclosures);
}

const struct command disclosures_command = {
    .name = "disclosures",
    .summary = "say who was given an event",
    .usage = "ID",
    .text =
        "Lists the bundles that an event went out with: when, to whom, and which fields were "
        "withheld, by the log and by the manifests that are kept beside it.",
    .examples = "  adduce disclosures 3f9a1c22b0d4\n",
    .operands_min = 1,
    .operands_max = 1,
    .run = run_disclosures,
};
