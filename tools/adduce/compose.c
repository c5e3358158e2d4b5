/* SPDX-License-Identifier: Apache-2.0 */
#include "compose.h"

#include <string.h>

#include "typed.h"

enum adduce_err compose_begin(struct compose *compose, struct session *session, const char *kind) {
  *compose = (struct compose){.session = session, .kind = kind, .refs = ""};
  return adduce_ask_kinds(session->scope, session->ledger, &compose->vocabulary, kind);
}

/* How many bytes of the word are the name of a field; 0 if it is no field. */
static size_t name_length(const char *word) {
  size_t length = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_");
  const char *rest = word + length;
  if (length == 0 || word[0] < 'a' || word[0] > 'z') return 0;
  if (rest[0] == '=' || strncmp(rest, ":=", 2) == 0) return length;
  return strcmp(rest, ":unknown") == 0 || strcmp(rest, ":none") == 0 ? length : 0;
}

bool compose_is_field(const char *word) {
  return name_length(word) > 0;
}

static struct compose_field *find_field(const struct compose *compose, const char *name) {
  for (size_t i = 0; i < compose->field_count; i++)
    if (strcmp(compose->fields[i].name, name) == 0) return &compose->fields[i];
  return NULL;
}

bool compose_has(const struct compose *compose, const char *name) {
  return find_field(compose, name) != NULL;
}

static struct compose_field *add_field(struct compose *compose, const char *name) {
  struct compose_field *grown = text_allocate((compose->field_count + 1) * sizeof *grown);
  if (compose->field_count > 0)
    memcpy(grown, compose->fields, compose->field_count * sizeof *grown);
  compose->fields = grown;
  grown[compose->field_count] = (struct compose_field){.name = name};
  return &grown[compose->field_count++];
}

enum adduce_err compose_json(struct compose *compose, const char *name, const char *json) {
  struct compose_field *field = find_field(compose, name);
  bool repeats = typed_is_repeated(compose->vocabulary, name);
  if (field != NULL && (!repeats || field->is_whole))
    return session_fail(compose->session, ADDUCE_E_USAGE, "the field %s is given twice", name);
  if (field == NULL) field = add_field(compose, name);
  const char **items = text_allocate((field->count + 1) * sizeof *items);
  if (field->count > 0) memcpy(items, field->items, field->count * sizeof *items);
  items[field->count++] = json;
  field->items = items;
  /* What does not repeat, a list where one is wanted, and that all of it is unknown stand as they
   * are. */
  field->is_whole =
      !repeats || json[strspn(json, " \t\r\n")] == '[' || strncmp(json, "{\"?\":", 5) == 0;
  return ADDUCE_OK;
}

enum adduce_err compose_text(struct compose *compose, const char *name, const char *text) {
  const char *json;
  size_t size = strlen(text), invalid = text_invalid_at(text, size);
  if (invalid < size)
    return session_fail(compose->session, ADDUCE_E_TEXT, "field %s: byte %zu is not UTF-8", name,
                        invalid);
  TRY(typed_value(compose->session, &json, compose->vocabulary, name, text));
  return compose_json(compose, name, json);
}

enum adduce_err compose_word(struct compose *compose, const char *word) {
  size_t length = name_length(word);
  const char *name = text_format("%.*s", (int)length, word), *rest = word + length;
  const struct adduce_value *value;
  if (rest[0] == '=') return compose_text(compose, name, rest + 1);
  if (rest[1] != '=') return compose_json(compose, name, text_format("{\"?\":\"%s\"}", rest + 1));
  enum adduce_err err =
      adduce_value_from_json(compose->session->scope, &value, rest + 2, strlen(rest + 2));
  if (err != ADDUCE_OK)
    return session_fail(compose->session, err, "field %s: %s", name,
                        adduce_scope_detail(compose->session->scope));
  return compose_json(compose, name, rest + 2);
}

/* --- references and the frame --------------------------------------------------------------*/

static enum adduce_err resolve(struct compose *compose, const char **hex, const char *event) {
  struct adduce_id id;
  uint64_t index;
  struct session *session = compose->session;
  TRY(adduce_resolve(session->scope, session->ledger, &id, &index, event));
  *hex = text_hex(id.bytes, 64);
  return ADDUCE_OK;
}

enum adduce_err compose_ref(struct compose *compose, const char *role, const char *event) {
  const char *hex;
  struct text refs;
  TRY(resolve(compose, &hex, event));
  text_begin(&refs);
  fprintf(refs.stream, "%s%s[", compose->refs, compose->refs[0] == '\0' ? "" : ",");
  text_json(refs.stream, role, strlen(role));
  fprintf(refs.stream, ",\"%s\"]", hex);
  compose->refs = text_end(&refs);
  return ADDUCE_OK;
}

/* LEFT and RIGHT of "LEFT=RIGHT". */
static enum adduce_err split(struct compose *compose, const char **left, const char **right,
                             const struct given *given) {
  const char *sign = strchr(given->argument, '=');
  if (sign == NULL || sign == given->argument || sign[1] == '\0')
    return session_fail(compose->session, ADDUCE_E_USAGE, "--%s needs %s, not \"%s\"",
                        given->option->name, given->option->argument, given->argument);
  *left = text_format("%.*s", (int)(sign - given->argument), given->argument);
  *right = sign + 1;
  return ADDUCE_OK;
}

/* The argument of the option right after this one, if it is `name`; it belongs to this one. */
static const char *following(const struct compose *compose, size_t at, const char *name) {
  const struct options *options = &compose->session->options;
  if (at + 1 >= options->given_count) return NULL;
  const struct given *next = &options->given[at + 1];
  return next->option->name != NULL && strcmp(next->option->name, name) == 0 ? next->argument
                                                                             : NULL;
}

static enum adduce_err add_citation(struct compose *compose, const struct given *given,
                                    const char *quote) {
  struct text citation;
  unsigned long long start = 0, end = 0;
  const char *colon = strchr(given->argument, ':'), *hex;
  size_t length = colon == NULL ? strlen(given->argument) : (size_t)(colon - given->argument);
  char rest = '\0';
  if (colon != NULL && sscanf(colon, ":%llu-%llu%c", &start, &end, &rest) != 2)
    return session_fail(compose->session, ADDUCE_E_USAGE,
                        "--cite needs ID or ID:START-END, not \"%s\"", given->argument);
  TRY(resolve(compose, &hex, text_format("%.*s", (int)length, given->argument)));
  text_begin(&citation);
  fprintf(citation.stream, "{\"source\":{\"$id\":\"%s\"}", hex);
  if (colon != NULL)
    fprintf(citation.stream,
            ",\"selector\":[{\"type\":\"TextPositionSelector\",\"start\":%llu,\"end\":%llu}]",
            start, end);
  if (quote != NULL) {
    fputs(",\"quote\":", citation.stream);
    text_json(citation.stream, quote, strlen(quote));
  }
  fputc('}', citation.stream);
  return compose_json(compose, "citations", text_end(&citation));
}

static enum adduce_err add_hop(struct compose *compose, const struct given *given,
                               const char *marker) {
  const char *act, *agent;
  struct text hop;
  TRY(split(compose, &act, &agent, given));
  text_begin(&hop);
  fputs("{\"agent\":", hop.stream);
  if (strcmp(agent, "unknown") == 0)
    fputs("{\"?\":\"unknown\"}", hop.stream);
  else
    text_json(hop.stream, agent, strlen(agent));
  fputs(",\"act\":", hop.stream);
  text_json(hop.stream, act, strlen(act));
  if (marker != NULL) {
    fputs(",\"marker\":", hop.stream);
    text_json(hop.stream, marker, strlen(marker));
  }
  fputc('}', hop.stream);
  return compose_json(compose, "attribution", text_end(&hop));
}

static enum adduce_err take_option(struct compose *compose, size_t at) {
  const struct given *given = &compose->session->options.given[at];
  const char *name = given->option->name, *role, *event;
  if (given->argument != NULL &&
      text_invalid_at(given->argument, strlen(given->argument)) < strlen(given->argument))
    return session_fail(compose->session, ADDUCE_E_TEXT, "--%s: byte %zu is not UTF-8",
                        name == NULL ? "C" : name,
                        text_invalid_at(given->argument, strlen(given->argument)));
  if (given->option->field != NULL)
    return compose_text(compose, given->option->field,
                        given->argument == NULL ? given->option->value : given->argument);
  if (name == NULL) return ADDUCE_OK;
  if (strcmp(name, "cite") == 0)
    return add_citation(compose, given, following(compose, at, "quote"));
  if (strcmp(name, "said") == 0) return add_hop(compose, given, following(compose, at, "marker"));
  if (strcmp(name, "ref") != 0) return ADDUCE_OK;
  TRY(split(compose, &role, &event, given));
  return compose_ref(compose, role, event);
}

enum adduce_err compose_options(struct compose *compose) {
  for (size_t i = 0; i < compose->session->options.given_count; i++) TRY(take_option(compose, i));
  return ADDUCE_OK;
}

/* --- the claim -----------------------------------------------------------------------------*/

const char *compose_content(const struct compose *compose) {
  struct text content;
  text_begin(&content);
  fputc('{', content.stream);
  for (size_t i = 0; i < compose->field_count; i++) {
    const struct compose_field *field = &compose->fields[i];
    fprintf(content.stream, "%s\"%s\":%s", i > 0 ? "," : "", field->name,
            field->is_whole ? "" : "[");
    for (size_t k = 0; k < field->count; k++)
      fprintf(content.stream, "%s%s", k > 0 ? "," : "", field->items[k]);
    fputs(field->is_whole ? "" : "]", content.stream);
  }
  fputc('}', content.stream);
  return text_end(&content);
}

enum adduce_err compose_end(struct compose *compose, const struct adduce_value **claim) {
  const struct options *options = &compose->session->options;
  const char *handling = command_argument(options, "handling");
  const char *claimed_at = command_argument(options, "claimed-at");
  struct text json;
  text_begin(&json);
  fprintf(json.stream, "{\"kind\":");
  text_json(json.stream, compose->kind, strlen(compose->kind));
  fprintf(json.stream, ",\"content\":%s,\"refs\":[%s]", compose_content(compose), compose->refs);
  if (handling != NULL) {
    fputs(",\"handling\":", json.stream);
    text_json(json.stream, handling, strlen(handling));
  }
  if (claimed_at != NULL) {
    fputs(",\"claimed_at\":", json.stream);
    text_json(json.stream, claimed_at, strlen(claimed_at));
  }
  fputc('}', json.stream);
  const char *whole = text_end(&json);
  return adduce_value_from_json(compose->session->scope, claim, whole, strlen(whole));
}
