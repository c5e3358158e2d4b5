/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/modality.h"

#include "codec/pack.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const certainties[] = {"certain", "probable", "possible", "unknown"};
static const char *const polarities[] = {"positive", "negative", "unknown"};

const char *modality_certainty_name(enum modality_certainty certainty) {
  return certainties[certainty];
}

const char *modality_polarity_name(enum modality_polarity polarity) {
  return polarities[polarity];
}

static unsigned find_word(struct adduce_span word, const char *const *words, size_t count) {
  for (unsigned i = 0; i < count; i++)
    if (span_is(word, words[i])) return i;
  return 0;
}

static struct adduce_span read_str(const struct cursor *map, const char *key) {
  struct adduce_span encoded, text;
  if (!cursor_find(map, key, &encoded)) return span_of(NULL, 0);
  struct cursor cursor = cursor_of(encoded);
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

static enum modality_certainty read_certainty(struct adduce_span word) {
  return (enum modality_certainty)find_word(word, certainties, COUNT(certainties));
}

static enum modality_polarity read_polarity(struct adduce_span word) {
  return (enum modality_polarity)find_word(word, polarities, COUNT(polarities));
}

/* --- the chain ---------------------------------------------------------------------------- */

static bool is_intention(struct adduce_span act) {
  static const char *const acts[] = {"plans", "proposes", "promises", "orders"};
  for (size_t i = 0; i < COUNT(acts); i++)
    if (span_is(act, acts[i])) return true;
  return false;
}

static bool is_handed_on(struct adduce_span act) {
  static const char *const acts[] = {"reports", "quotes", "cites", "translates"};
  for (size_t i = 0; i < COUNT(acts); i++)
    if (span_is(act, acts[i])) return true;
  return false;
}

static enum modality_polarity polarity_of_hop(const struct cursor *hop) {
  if (span_is(read_str(hop, "act"), "denies")) return MODALITY_NEGATIVE;
  return read_polarity(read_str(hop, "polarity"));
}

static enum modality_polarity join(enum modality_polarity outer, enum modality_polarity inner) {
  if (outer == MODALITY_UNDECIDED || inner == MODALITY_UNDECIDED) return MODALITY_UNDECIDED;
  return outer == inner ? MODALITY_POSITIVE : MODALITY_NEGATIVE;
}

static void name_speaker(struct modality *modality, const struct cursor *hop) {
  struct adduce_span anonymous;
  modality->speaker = read_str(hop, "agent");
  modality->anonymous = span_of(NULL, 0);
  if (!cursor_find(hop, "anonymous", &anonymous)) return;
  struct cursor map = cursor_of(anonymous);
  modality->anonymous = read_str(&map, "description");
}

/* Takes in one hop; the one after it makes it an outer one. */
static void add_hop(struct modality *modality, enum modality_polarity *innermost,
                    const struct cursor *hop) {
  enum modality_certainty certainty = read_certainty(read_str(hop, "certainty"));
  if (*innermost != MODALITY_POSITIVE) modality->polarity = MODALITY_UNDECIDED;
  *innermost = polarity_of_hop(hop);
  if (certainty > modality->certainty) modality->certainty = certainty;
  if (is_intention(read_str(hop, "act"))) modality->intended = true;
  modality->handed_on = is_handed_on(read_str(hop, "act"));
  name_speaker(modality, hop);
  modality->hops++;
}

struct modality modality_of(const struct parsed *parsed) {
  enum modality_polarity innermost = MODALITY_POSITIVE;
  struct modality modality = {
      .certainty = read_certainty(parsed_text(parsed, "certainty")),
      .polarity = read_polarity(parsed_text(parsed, "polarity")),
  };
  const struct parsed_field *chain = parsed_field(parsed, "attribution");
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  if (!parsed_elements(chain, &elements, &count)) return modality;
  while (parsed_next_element(parsed, &elements, &element)) {
    struct cursor hop = cursor_of(element.value);
    add_hop(&modality, &innermost, &hop);
  }
  modality.polarity = join(modality.polarity, innermost);
  return modality;
}

bool modality_indicative(const struct modality *modality) {
  return modality->polarity == MODALITY_POSITIVE && !modality->intended &&
         modality->certainty <= MODALITY_PROBABLE;
}

/* --- rows --------------------------------------------------------------------------------- */

bool modality_plain(const struct modality *modality) {
  return modality->certainty == MODALITY_CERTAIN && modality->polarity == MODALITY_POSITIVE &&
         !modality->intended && modality->hops == 0;
}

static size_t count_pairs(const struct modality *modality) {
  return (size_t)(modality->anonymous.size != 0) + (modality->certainty != MODALITY_CERTAIN) +
         (modality->hops != 0) + modality->intended + (modality->polarity != MODALITY_POSITIVE) +
         (modality->speaker.size != 0);
}

static void pack_pair(struct buffer *buffer, const char *key, struct adduce_span text) {
  pack_text(buffer, key);
  pack_str(buffer, text);
}

void modality_pack(struct buffer *buffer, const struct modality *modality) {
  pack_map(buffer, count_pairs(modality));
  if (modality->anonymous.size != 0) pack_pair(buffer, "anonymous", modality->anonymous);
  if (modality->certainty != MODALITY_CERTAIN)
    pack_pair(buffer, "certainty", span_text(certainties[modality->certainty]));
  if (modality->hops != 0) {
    pack_text(buffer, "hops");
    pack_int(buffer, modality->hops);
  }
  if (modality->intended) {
    pack_text(buffer, "intended");
    pack_bool(buffer, true);
  }
  if (modality->polarity != MODALITY_POSITIVE)
    pack_pair(buffer, "polarity", span_text(polarities[modality->polarity]));
  if (modality->speaker.size != 0) pack_pair(buffer, "speaker", modality->speaker);
}
