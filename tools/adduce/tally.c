/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

#include <inttypes.h>
#include <string.h>

#include "shown.h"

static enum adduce_err put_json(struct session *session, FILE *out, const char *key,
                                const struct adduce_value *value) {
  const char *json;
  if (value == NULL) return ADDUCE_OK;
  TRY(adduce_value_to_json(session->scope, &json, value, false));
  fprintf(out, ", \"%s\": %s", key, json);
  return ADDUCE_OK;
}

/* --- by mode -------------------------------------------------------------------------------*/

static void put_modes(FILE *out, const struct adduce_value *before,
                      const struct adduce_value *now) {
  const char *comma = "";
  for (size_t i = 0; i < adduce_value_count(before); i++, comma = ", ") {
    const char *mode = adduce_value_key(before, i);
    fprintf(out, "%s\"%s\": %" PRId64, comma, mode,
            shown_integer(before, mode) + shown_integer(now, mode));
  }
  for (size_t i = 0; i < adduce_value_count(now); i++) {
    const char *mode = adduce_value_key(now, i);
    if (adduce_value_get(before, mode) != NULL) continue;
    fprintf(out, "%s\"%s\": %" PRId64, comma, mode, shown_integer(now, mode));
    comma = ", ";
  }
}

static void put_left_out(FILE *out, const struct adduce_value *before,
                         const struct adduce_value *now) {
  if (now == NULL) return;
  fprintf(out, ", \"left_out\": {\"claims\": %" PRId64 ", \"modes\": {",
          shown_integer(before, "claims") + shown_integer(now, "claims"));
  put_modes(out, adduce_value_get(before, "modes"), adduce_value_get(now, "modes"));
  fputs("}}", out);
}

/* --- by rule -------------------------------------------------------------------------------*/

static const struct adduce_value *find_rule(const struct adduce_value *rules, int64_t place) {
  for (size_t i = 0; i < adduce_value_count(rules); i++)
    if (shown_integer(adduce_value_at(rules, i), "rule") == place) return adduce_value_at(rules, i);
  return NULL;
}

static enum adduce_err put_rule(struct session *session, FILE *out, const char *comma,
                                const struct adduce_value *rule, const struct adduce_value *more) {
  fprintf(out, "%s{\"rule\": %" PRId64, comma, shown_integer(rule, "rule"));
  TRY(put_json(session, out, "effect", adduce_value_get(rule, "effect")));
  TRY(put_json(session, out, "text", adduce_value_get(rule, "text")));
  fprintf(out, ", \"claims\": %" PRId64 "}",
          shown_integer(rule, "claims") + shown_integer(more, "claims"));
  return ADDUCE_OK;
}

static enum adduce_err put_not_counted(struct session *session, FILE *out,
                                       const struct adduce_value *before,
                                       const struct adduce_value *now) {
  const char *comma = "";
  if (now == NULL) return ADDUCE_OK;
  fputs(", \"not_counted\": [", out);
  for (size_t i = 0; i < adduce_value_count(before); i++, comma = ", ") {
    const struct adduce_value *rule = adduce_value_at(before, i);
    TRY(put_rule(session, out, comma, rule, find_rule(now, shown_integer(rule, "rule"))));
  }
  for (size_t i = 0; i < adduce_value_count(now); i++) {
    const struct adduce_value *rule = adduce_value_at(now, i);
    if (find_rule(before, shown_integer(rule, "rule")) != NULL) continue;
    TRY(put_rule(session, out, comma, rule, NULL));
    comma = ", ";
  }
  fputs("]", out);
  return ADDUCE_OK;
}

/* --- the sum -------------------------------------------------------------------------------*/

static enum adduce_err put_sum(struct session *session, FILE *out,
                               const struct adduce_value *before, const struct adduce_value *now) {
  fputs("{\"pages\": true", out); /* so that all others follow a comma */
  put_left_out(out, adduce_value_get(before, "left_out"), adduce_value_get(now, "left_out"));
  TRY(put_json(session, out, "policy", adduce_value_get(now, "policy")));
  TRY(put_not_counted(session, out, adduce_value_get(before, "not_counted"),
                      adduce_value_get(now, "not_counted")));
  fputs("}", out);
  return ADDUCE_OK;
}

enum adduce_err tally_add(struct session *session, const char **sum,
                          const struct adduce_value *answer) {
  const struct adduce_value *before = NULL;
  struct text text;
  if (**sum != '\0') TRY(tally_read(session, &before, *sum));
  text_begin(&text);
  enum adduce_err err = put_sum(session, text.stream, before, answer);
  *sum = text_end(&text);
  return err;
}

enum adduce_err tally_read(struct session *session, const struct adduce_value **value,
                           const char *sum) {
  return adduce_value_from_json(session->scope, value, sum, strlen(sum));
}
