/* SPDX-License-Identifier: Apache-2.0 */
#include "query/sentence.h"

/* An act in the past: what was said was said, and one form fits one speaker and several. */
struct verb {
  const char *act, *past;
};

static const struct verb verbs[] = {
    {"alleges", "alleged"},
    {"announces", "announced"},
    {"asserts", "asserted"},
    {"characterises", "said, as a characterisation,"},
    {"cites", "said, citing others,"},
    {"confirms", "confirmed"},
    {"denies", "denied"},
    {"estimates", "estimated"},
    {"orders", "ordered"},
    {"plans", "planned"},
    {"promises", "promised"},
    {"proposes", "proposed"},
    {"quotes", "said, quoting,"},
    {"reports", "reported"},
    {"states", "stated"},
    {"translates", "translated"},
};

static struct adduce_span text_in(const struct cursor *map, const char *key) {
  struct adduce_span encoded, text;
  if (!cursor_find(map, key, &encoded)) return span_of(NULL, 0);
  struct cursor cursor = cursor_of(encoded);
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

static bool truth_in(const struct cursor *map, const char *key) {
  struct adduce_span encoded;
  bool truth = false;
  if (!cursor_find(map, key, &encoded)) return false;
  struct cursor cursor = cursor_of(encoded);
  return cursor_bool(&cursor, &truth) && truth;
}

/* --- one hop ------------------------------------------------------------------------------ */

static enum adduce_err put_speaker(struct asked *asked, struct buffer *out,
                                   const struct cursor *hop) {
  struct adduce_span agent = text_in(hop, "agent"), encoded;
  if (agent.size != 0) return prose_subject(asked, out, agent);
  if (!cursor_find(hop, "anonymous", &encoded)) {
    buffer_text(out, "somebody unknown");
    return ADDUCE_OK;
  }
  struct cursor anonymous = cursor_of(encoded);
  struct adduce_span description = text_in(&anonymous, "description");
  bool is_plural = truth_in(&anonymous, "plural");
  buffer_format(out, "%s (\"%.*s\")", is_plural ? "unnamed speakers" : "an unnamed speaker",
                SPAN_ARGS(description));
  return ADDUCE_OK;
}

static void put_verb(struct buffer *out, struct adduce_span act) {
  for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
    if (!span_is(act, verbs[i].act)) continue;
    buffer_text(out, verbs[i].past);
    return;
  }
  prose_word(out, act);
}

/* ", as probable," -- only where it is said. */
static void put_certainty(struct buffer *out, struct adduce_span certainty) {
  if (certainty.size == 0) return;
  if (span_is(certainty, "unknown"))
    buffer_text(out, ", without saying how certain,");
  else
    buffer_format(out, ", as %.*s,", SPAN_ARGS(certainty));
}

static void put_polarity(struct buffer *out, struct adduce_span polarity, struct adduce_span act) {
  if (span_is(polarity, "negative") && !span_is(act, "denies"))
    buffer_text(out, " that it is not so");
  if (span_is(polarity, "unknown")) buffer_text(out, " without saying whether it is so");
}

static enum adduce_err put_hop(struct asked *asked, struct buffer *out, const struct cursor *hop) {
  struct adduce_span act = text_in(hop, "act");
  struct adduce_span marker = text_in(hop, "marker");
  TRY(put_speaker(asked, out, hop));
  buffer_byte(out, ' ');
  put_verb(out, act);
  put_certainty(out, text_in(hop, "certainty"));
  put_polarity(out, text_in(hop, "polarity"), act);
  if (marker.size != 0) buffer_format(out, " (\"%.*s\")", SPAN_ARGS(marker));
  buffer_text(out, " that ");
  return ADDUCE_OK;
}

/* --- the sentence ------------------------------------------------------------------------- */

bool sentence_attributed(const struct told *told) {
  struct cursor elements;
  uint32_t count;
  const struct parsed *parsed = told_parsed(told);
  return parsed_elements(parsed_field(parsed, "attribution"), &elements, &count) && count > 0;
}

static enum adduce_err put_chain(struct asked *asked, struct buffer *out, const struct told *told) {
  const struct parsed *parsed = told_parsed(told);
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  if (!parsed_elements(parsed_field(parsed, "attribution"), &elements, &count)) return ADDUCE_OK;
  while (parsed_next_element(parsed, &elements, &element)) {
    struct cursor hop = cursor_of(element.value);
    if (element.hash32 != NULL)
      buffer_text(out, "somebody withheld here said that ");
    else
      TRY(put_hop(asked, out, &hop));
  }
  return ADDUCE_OK;
}

/* The mood of the claim itself, after the chain. */
static void put_frame(struct buffer *out, const struct parsed *parsed) {
  struct adduce_span certainty = parsed_text(parsed, "certainty");
  struct adduce_span polarity = parsed_text(parsed, "polarity");
  if (span_is(certainty, "certain")) buffer_text(out, "it is certain that ");
  if (span_is(certainty, "probable")) buffer_text(out, "it is probable that ");
  if (span_is(certainty, "possible")) buffer_text(out, "it is possible that ");
  if (span_is(certainty, "unknown")) buffer_text(out, "with unknown certainty ");
  if (span_is(polarity, "negative")) buffer_text(out, "it is not the case that ");
  if (span_is(polarity, "unknown")) buffer_text(out, "it is left open whether ");
}

enum adduce_err sentence_claim(struct asked *asked, struct adduce_span *sentence,
                               const struct told *told) {
  struct buffer out;
  buffer_init(&out, asked->scope);
  if (sentence_attributed(told)) {
    TRY(put_chain(asked, &out, told));
  } else {
    prose_person(&out, told->author);
    buffer_text(&out, " said that ");
  }
  put_frame(&out, told_parsed(told));
  TRY(phrase_claim(asked, &out, told));
  buffer_byte(&out, '.');
  return buffer_take(&out, sentence);
}
