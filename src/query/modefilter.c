/* SPDX-License-Identifier: Apache-2.0 */
#include "query/modefilter.h"

#include "base/bigendian.h"

struct modefilter {
  const struct adduce_question *question;
  bool is_primary, is_indicative;
  enum modality_certainty certainty; /* the weakest that is let in */
  struct cache counted;              /* by index */
  uint64_t left_out[VOICE_MODES];
};

static enum adduce_err read_certainty(struct asked *asked, enum modality_certainty *certainty,
                                      const char *word) {
  *certainty = MODALITY_UNCERTAIN;
  if (word == NULL) return ADDUCE_OK;
  for (unsigned i = MODALITY_CERTAIN; i <= MODALITY_POSSIBLE; i++) {
    if (strcmp(word, modality_certainty_name((enum modality_certainty)i)) != 0) continue;
    *certainty = (enum modality_certainty)i;
    return ADDUCE_OK;
  }
  return scope_fail(asked->scope, ADDUCE_E_USAGE,
                    "\"%s\" is no certainty to ask for: certain, probable (or stronger), possible "
                    "(or stronger)",
                    word);
}

enum adduce_err modefilter_open(struct asked *asked, const struct adduce_question *question) {
  if (question->said_by == NULL && question->certainty == NULL && !question->indicative)
    return ADDUCE_OK;
  struct modefilter *filter = scope_new(asked->scope, struct modefilter);
  if (filter == NULL) return scope_no_memory(asked->scope);
  filter->question = question;
  filter->is_indicative = question->indicative;
  filter->is_primary = question->said_by != NULL;
  if (filter->is_primary && strcmp(question->said_by, "primary") != 0)
    return scope_fail(asked->scope, ADDUCE_E_USAGE,
                      "said by \"%s\" cannot be asked for: primary (a party to it, of its own "
                      "acts); `only origin:WHO` asks for one speaker",
                      question->said_by);
  TRY(read_certainty(asked, &filter->certainty, question->certainty));
  asked->modefilter = filter;
  return ADDUCE_OK;
}

static bool passes(const struct modefilter *filter, const struct voice *voice) {
  if (filter->is_primary && !voice->is_primary) return false;
  if (filter->is_indicative && voice->mode > VOICE_STATED) return false;
  return voice->mood.certainty <= filter->certainty;
}

enum adduce_err modefilter_pass(struct asked *asked, bool *is_in, const struct told *told,
                                const struct event *event) {
  const struct voice *voice;
  *is_in = true;
  if (asked->modefilter == NULL) return ADDUCE_OK;
  TRY(voice_find(asked, &voice, told, event));
  *is_in = passes(asked->modefilter, voice);
  return ADDUCE_OK;
}

enum adduce_err modefilter_admit(struct asked *asked, bool *is_in, const struct told *told,
                                 const struct event *event) {
  struct modefilter *filter = asked->modefilter;
  const struct voice *voice;
  uint8_t index[8];
  *is_in = true;
  if (filter == NULL) return ADDUCE_OK;
  TRY(voice_find(asked, &voice, told, event));
  *is_in = passes(filter, voice);
  bigendian_put64(index, told->index);
  if (*is_in || cache_get(&filter->counted, span_of(index, sizeof index)) != NULL) return ADDUCE_OK;
  filter->left_out[voice->mode]++;
  return cache_put(asked->scope, &filter->counted, span_of(index, sizeof index), filter);
}

enum adduce_err modefilter_refuse(const struct asked *asked, const char *why) {
  if (asked->modefilter == NULL) return ADDUCE_OK;
  return scope_fail(asked->scope, ADDUCE_E_USAGE,
                    "there are no claims to choose by how they are said: %s", why);
}

void modefilter_render(const struct asked *asked, struct adduce_value *answer) {
  const struct modefilter *filter = asked->modefilter;
  struct adduce_value *wanted = value_map(asked->scope), *left_out = value_map(asked->scope);
  struct adduce_value *modes = value_map(asked->scope);
  uint64_t claims = 0;
  if (filter == NULL) return;
  if (filter->is_primary) asked_set_text(asked, wanted, "said_by", "primary");
  if (filter->question->certainty != NULL)
    asked_set_text(asked, wanted, "certainty", filter->question->certainty);
  asked_set_flag(asked, wanted, "indicative", filter->is_indicative);
  for (unsigned i = 0; i < VOICE_MODES; i++) {
    claims += filter->left_out[i];
    if (filter->left_out[i] != 0)
      asked_set_number(asked, modes, voice_mode_name((enum voice_mode)i), filter->left_out[i]);
  }
  asked_set_number(asked, left_out, "claims", claims);
  asked_set(asked, left_out, "modes", modes);
  asked_set(asked, answer, "filter", wanted);
  asked_set(asked, answer, "left_out", left_out);
}
