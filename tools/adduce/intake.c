/* SPDX-License-Identifier: Apache-2.0 */
#include "intake.h"

#include <inttypes.h>

#include "evidence.h"
#include "shown.h"

enum adduce_err intake_options(struct session *session, struct adduce_import_options *options) {
  const struct options *given = &session->options;
  *options = (struct adduce_import_options){
      .accept_recipient = command_has(given, "accept-recipient"),
      .admit = command_has(given, "admit"),
      .quarantine = command_has(given, "quarantine"),
      .author = session->author,
  };
  if (!options->admit || !options->quarantine) return ADDUCE_OK;
  return session_fail(session, ADDUCE_E_USAGE, "--admit and --quarantine exclude each other");
}

enum adduce_err intake_keep_evidence(struct session *session, const char *path,
                                     struct adduce_span evidence, enum adduce_err err) {
  const char *detail = text_format("%s", session_detail(session, err));
  const char *named = command_argument(&session->options, "output");
  if (named != NULL) path = named;
  TRY(evidence_write(session, path, evidence));
  return session_fail(session, err, "%s; `adduce check %s` shows it", detail, path);
}

void intake_print_count(const struct adduce_value *report, const char *key, const char *what) {
  int64_t count = shown_integer(report, key);
  if (count != 0) printf("  %" PRId64 " %s\n", count, what);
}

void intake_print_others(const struct adduce_value *report) {
  intake_print_count(report, "present", "were here already");
  intake_print_count(report, "quarantined", "wait in quarantine: `adduce quarantine list`");
  intake_print_count(report, "not_again", "waited already, are here, or were refused by hand");
  intake_print_count(report, "refused", "are refused by the policy");
}
