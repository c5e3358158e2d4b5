/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/statement.h"

#include "base/clock.h"
#include "base/hex.h"
#include "exchange/textlines.h"

static enum adduce_err put_parts(struct adduce_scope *scope, struct buffer *text,
                                 const struct statedigest *state) {
  if (state->part_count > STATEDIGEST_PARTS_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "more than %d projections in a statement",
                      STATEDIGEST_PARTS_MAX);
  for (size_t i = 0; i < state->part_count; i++) {
    const struct statedigest_part *part = &state->parts[i];
    if (!note_name_valid(part->name))
      return scope_fail(scope, ADDUCE_E_NOTE, "a projection's name has no spaces");
    buffer_format(text, "projection %.*s %llu %llu %s\n", SPAN_ARGS(part->name),
                  (unsigned long long)part->version, (unsigned long long)part->rows,
                  hex_text32(part->digest.bytes).text);
  }
  return ADDUCE_OK;
}

static enum adduce_err put_state(struct adduce_scope *scope, struct buffer *text,
                                 const struct statement *statement) {
  const struct statedigest *state = &statement->state;
  static const struct adduce_hash none = {{0}};
  if (state->part_count == 0) return ADDUCE_OK;
  if (state->size != statement->size || !hash_equal(&state->root, &statement->root))
    return scope_fail(scope, ADDUCE_E_USAGE,
                      "the state that is to be stated is of %llu entries, the audit of %llu",
                      (unsigned long long)state->size, (unsigned long long)statement->size);
  const struct adduce_hash name = statedigest_name(state);
  buffer_format(text, "state %s\nvocabulary %llu\n", hex_text32(name.bytes).text,
                (unsigned long long)state->vocabulary_version);
  if (!hash_equal(&state->policy, &none))
    buffer_format(text, "policy %s\n", hex_text32(state->policy.bytes).text);
  buffer_format(text, "view %s\n", hex_text32(state->view.bytes).text);
  return put_parts(scope, text, state);
}

enum adduce_err statement_sign(struct adduce_scope *scope, struct adduce_span *note,
                               const struct statement *statement, struct adduce_span auditor,
                               const struct signer *signer) {
  struct buffer text;
  struct adduce_span signed_text;
  if (!checkpoint_origin_valid(statement->origin))
    return scope_fail(scope, ADDUCE_E_NOTE, "the statement's origin is none");
  buffer_init(&text, scope);
  buffer_format(&text, STATEMENT_FIRST_LINE "\norigin %.*s\n", SPAN_ARGS(statement->origin));
  if (statement->has_genesis)
    buffer_format(&text, "genesis %s\n", hex_text32(statement->genesis.bytes).text);
  buffer_format(&text, "size %llu\n", (unsigned long long)statement->size);
  TRY(textlines_put_bytes(&text, "root", span_of(statement->root.bytes, 32)));
  buffer_format(&text, "since %llu\nentries %llu\nsignatures %llu\n",
                (unsigned long long)statement->since, (unsigned long long)statement->entries,
                (unsigned long long)statement->signatures);
  if (statement->has_controls) {
    buffer_text(&text, "controls ");
    ranges_put(&text, &statement->controls);
    buffer_byte(&text, '\n');
  }
  buffer_format(&text, "time %s\n", clock_format(statement->time_us).text);
  TRY(put_state(scope, &text, statement));
  TRY(buffer_take(&text, &signed_text));
  signed_text = scope_copy(scope, signed_text);
  if (signed_text.data == NULL) return scope_no_memory(scope);
  buffer_byte(&text, '\n');
  TRY(note_sign(scope, &text, signed_text, auditor, signer));
  return buffer_take(&text, note);
}

bool statement_is(struct adduce_span bytes) {
  return span_starts(bytes, STATEMENT_FIRST_LINE "\n");
}

static enum adduce_err refuse(struct adduce_scope *scope, const char *reason) {
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  return scope_fail(scope, ADDUCE_E_NOTE, "auditor's statement: %s", reason);
}

static bool take_number(struct textlines *lines, uint64_t *number, const char *word) {
  struct adduce_span value;
  return textlines_take_word(lines, &value, word) && textlines_decimal(value, number);
}

static bool take_hex(struct adduce_span value, uint8_t *bytes32) {
  return hex_decode(value, bytes32, 32) && span_is(value, hex_text32(bytes32).text);
}

static bool take_genesis(struct textlines *lines, struct statement *statement) {
  struct adduce_span value;
  if (!textlines_take_word(lines, &value, "genesis")) return true;
  statement->has_genesis = true;
  return take_hex(value, statement->genesis.bytes);
}

static bool take_controls(struct adduce_scope *scope, struct textlines *lines,
                          struct statement *statement) {
  struct adduce_span value;
  if (!textlines_take_word(lines, &value, "controls")) return true;
  statement->has_controls = true;
  statement->controls = ranges_of(scope);
  return ranges_parse(&statement->controls, value, statement->size) &&
         statement->controls.count <= STATEMENT_RANGES_MAX;
}

static bool take_time(struct textlines *lines, int64_t *time_us) {
  struct adduce_span value;
  return textlines_take_word(lines, &value, "time") && clock_parse(value, time_us) &&
         span_is(value, clock_format(*time_us).text);
}

static struct adduce_span take_word(struct adduce_span *line) {
  const uint8_t *space = line->size == 0 ? NULL : memchr(line->data, ' ', line->size);
  size_t size = space == NULL ? line->size : (size_t)(space - line->data);
  struct adduce_span word = span_of(line->data, size);
  size_t skip = space == NULL ? size : size + 1;
  *line = span_of(line->data + skip, line->size - skip);
  return word;
}

static bool parse_part(struct statedigest_part *part, struct adduce_span line) {
  part->name = take_word(&line);
  return note_name_valid(part->name) && textlines_decimal(take_word(&line), &part->version) &&
         part->version <= UINT32_MAX && textlines_decimal(take_word(&line), &part->rows) &&
         take_hex(line, part->digest.bytes);
}

static enum adduce_err parse_parts(struct adduce_scope *scope, struct statedigest *state,
                                   struct textlines *lines) {
  struct adduce_span value;
  struct statedigest_part *parts = scope_array(scope, STATEDIGEST_PARTS_MAX, sizeof *parts);
  if (parts == NULL) return scope_no_memory(scope);
  state->parts = parts;
  while (lines->rest.size != 0) {
    if (state->part_count == STATEDIGEST_PARTS_MAX) return refuse(scope, "too many projections");
    if (!textlines_take_word(lines, &value, "projection") ||
        !parse_part(&parts[state->part_count++], value))
      return refuse(scope, "expected projections at its end");
  }
  return ADDUCE_OK;
}

/* The grounds of the digests. Without them the digests of an older statement say nothing that could
 * be compared, and are passed over. */
static enum adduce_err parse_state(struct adduce_scope *scope, struct statement *statement,
                                   struct textlines *lines) {
  struct statedigest state = {.size = statement->size, .root = statement->root};
  struct adduce_span value;
  struct adduce_hash name;
  bool has_grounds = textlines_take_word(lines, &value, "state");
  if (has_grounds) {
    if (!take_hex(value, name.bytes)) return refuse(scope, "the state is not 64 hex digits");
    if (!take_number(lines, &state.vocabulary_version, "vocabulary") ||
        state.vocabulary_version > UINT32_MAX)
      return refuse(scope, "no version of the vocabulary");
    if (textlines_take_word(lines, &value, "policy") && !take_hex(value, state.policy.bytes))
      return refuse(scope, "the policy is not 64 hex digits");
    if (!textlines_take_word(lines, &value, "view") || !take_hex(value, state.view.bytes))
      return refuse(scope, "no view");
  }
  TRY(parse_parts(scope, &state, lines));
  if (!has_grounds) return ADDUCE_OK;
  const struct adduce_hash made = statedigest_name(&state);
  if (!hash_equal(&name, &made)) return refuse(scope, "its state is not the digest of its parts");
  statement->state = state;
  return ADDUCE_OK;
}

enum adduce_err statement_parse(struct adduce_scope *scope, struct statement *statement,
                                struct note *note, struct adduce_span bytes) {
  struct statement parsed = {.size = 0};
  struct adduce_span line;
  memset(statement, 0, sizeof *statement);
  TRY(note_parse(scope, note, bytes));
  struct textlines lines = textlines_of(note->text);
  if (!textlines_take(&lines, &line) || !span_is(line, STATEMENT_FIRST_LINE))
    return refuse(scope, "it does not begin as one");
  if (!textlines_take_word(&lines, &parsed.origin, "origin") ||
      !checkpoint_origin_valid(parsed.origin))
    return refuse(scope, "no origin");
  if (!take_genesis(&lines, &parsed)) return refuse(scope, "the genesis is not 64 hex digits");
  if (!take_number(&lines, &parsed.size, "size")) return refuse(scope, "no size");
  if (!textlines_take_word(&lines, &line, "root") || !textlines_hash(line, &parsed.root))
    return refuse(scope, "no root");
  if (!take_number(&lines, &parsed.since, "since") || parsed.since > parsed.size)
    return refuse(scope, "no size that it started from");
  if (!take_number(&lines, &parsed.entries, "entries") ||
      !take_number(&lines, &parsed.signatures, "signatures"))
    return refuse(scope, "no numbers of entries and signatures");
  if (!take_controls(scope, &lines, &parsed))
    return refuse(scope, "the control entries are not indexes below its size, in order");
  if (!take_time(&lines, &parsed.time_us)) return refuse(scope, "no time");
  TRY(parse_state(scope, &parsed, &lines));
  *statement = parsed;
  return ADDUCE_OK;
}
