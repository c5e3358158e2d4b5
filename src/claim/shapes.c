/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/shapes.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CERTAINTY "certain probable possible unknown"
#define POLARITY "positive negative unknown"

static const struct vocabulary_field frame[] = {
    {"attribution", FIELD_ATTRIBUTION, FIELD_REPEATED | FIELD_FRAME | FIELD_KNOWN, NULL,
     "who says it on whose word: a list of hops, outermost first; none means the author"},
    {"citations", FIELD_CITATION, FIELD_REPEATED | FIELD_KNOWN, NULL,
     "places in cited sources; each source is also a ref with role cites"},
    {"valid", FIELD_PERIOD, FIELD_FRAME, NULL, "when it holds in the world"},
    {"stated_at", FIELD_TIME, 0, NULL, "when the speaker said it"},
    {"quantity", FIELD_QUANTITY, FIELD_FRAME | FIELD_STATE, NULL,
     "how many, as bounds: exact, at_least, at_most, about, majority_of or some"},
    {"polarity", FIELD_CHOICE, FIELD_FRAME | FIELD_KNOWN, POLARITY,
     "positive (the default): it is so; negative: it is not; unknown: whether it is so"},
    {"certainty", FIELD_CHOICE, FIELD_FRAME | FIELD_KNOWN, CERTAINTY,
     "how certain it is put: certain (the default), probable, possible or unknown"},
    {"open_list", FIELD_BOOLEAN, FIELD_FRAME | FIELD_KNOWN, NULL,
     "true: what is listed are examples (\"notably\"), there is more"},
    {"original", FIELD_SPELLINGS, FIELD_KNOWN, NULL,
     "how the source spells what other fields give normalised: {field: spelling}"},
    {"extraction", FIELD_EXTRACTION, FIELD_KNOWN, NULL,
     "who or what read the claim out of its source"},
    {"confidence", FIELD_CHOICE, FIELD_KNOWN, "low moderate high",
     "how sure the author is of having read or judged rightly"},
    {"note", FIELD_TEXT, FIELD_KNOWN, NULL, "a remark of the author, not part of what is claimed"},
};

static const struct vocabulary_field text[] = {
    {"v", FIELD_TEXT, FIELD_REQUIRED | FIELD_KNOWN, NULL, "the text"},
    {"original", FIELD_TEXT, FIELD_KNOWN, NULL, "the spelling of the source"},
    {"lang", FIELD_LANGUAGE, FIELD_KNOWN, NULL, "the language of the text"},
    {"script", FIELD_WORD, FIELD_KNOWN, NULL, "the ISO 15924 script of the text"},
};

static const struct vocabulary_field value[] = {
    {"subject", FIELD_SUBJECT, FIELD_REQUIRED | FIELD_KNOWN, NULL, "the subject that is the value"},
};

static const struct vocabulary_field attribution[] = {
    {"agent", FIELD_SUBJECT, FIELD_EXISTS, NULL,
     "who speaks; unknown: somebody, we don't know who"},
    {"anonymous", FIELD_ANONYMOUS, FIELD_KNOWN, NULL,
     "in place of agent: a speaker the source describes and does not name"},
    {"act", FIELD_CHOICE, FIELD_REQUIRED | FIELD_KNOWN,
     "asserts reports quotes cites translates announces states alleges denies orders promises "
     "plans proposes estimates characterises confirms",
     "what the speaker does with what follows"},
    {"certainty", FIELD_CHOICE, FIELD_KNOWN, CERTAINTY,
     "how certain this speaker puts it; certain by default"},
    {"polarity", FIELD_CHOICE, FIELD_KNOWN, POLARITY,
     "whether this speaker says it is so; positive by default"},
    {"marker", FIELD_TEXT, FIELD_KNOWN, NULL, "the few words of the source that mark this hop"},
    {"citation", FIELD_INTEGER, FIELD_KNOWN | FIELD_COUNT, NULL,
     "the citation, by its place in `citations` from 0, in which this hop is to be read"},
};

static const struct vocabulary_field anonymous[] = {
    {"description", FIELD_TEXT, FIELD_REQUIRED | FIELD_KNOWN, NULL,
     "what the source says of the speaker: \"several media\""},
    {"plural", FIELD_BOOLEAN, FIELD_KNOWN, NULL, "true: more than one speaker"},
};

static const struct vocabulary_field citation[] = {
    {"source", FIELD_ID, FIELD_REQUIRED | FIELD_KNOWN, NULL,
     "the source event, which is also a ref with role cites"},
    {"selector", FIELD_SELECTOR, FIELD_REPEATED | FIELD_KNOWN, NULL,
     "W3C selectors that all find the same place"},
    {"quote", FIELD_TEXT, FIELD_KNOWN, NULL, "the words at that place"},
    {"quote_language", FIELD_LANGUAGE, FIELD_KNOWN, NULL, "the language of the quote"},
    {"translation", FIELD_TEXT, FIELD_KNOWN, NULL, "the quote, translated by the author"},
    {"capture", FIELD_DIGEST, FIELD_KNOWN, NULL, "the captured bytes in which positions count"},
};

static const struct vocabulary_field selector[] = {
    {"type", FIELD_CHOICE, FIELD_REQUIRED | FIELD_KNOWN,
     "TextPositionSelector TextQuoteSelector FragmentSelector", "which selector it is"},
    {"start", FIELD_INTEGER, FIELD_KNOWN | FIELD_COUNT, NULL,
     "TextPosition: the first character, from 0"},
    {"end", FIELD_INTEGER, FIELD_KNOWN | FIELD_COUNT, NULL,
     "TextPosition: the character after the last"},
    {"exact", FIELD_TEXT, FIELD_KNOWN, NULL, "TextQuote: the words"},
    {"prefix", FIELD_TEXT, FIELD_KNOWN, NULL, "TextQuote: what stands before them"},
    {"suffix", FIELD_TEXT, FIELD_KNOWN, NULL, "TextQuote: what stands after them"},
    {"value", FIELD_TEXT, FIELD_KNOWN, NULL, "Fragment: \"page=4\", \"t=30,60\""},
    {"conforms_to", FIELD_TEXT, FIELD_KNOWN, NULL, "Fragment: the rule its value follows, a URL"},
};

static const struct vocabulary_field period[] = {
    {"from", FIELD_TIME, 0, NULL, "the first time; unknown: it began, none: it always was"},
    {"to", FIELD_TIME, 0, NULL, "the last time; unknown: it ended, none: it has no end"},
    {"certainty", FIELD_CHOICE, FIELD_KNOWN, "throughout at_some_point",
     "whether it holds all the time between or at some point of it"},
    {"from_is_start", FIELD_BOOLEAN, FIELD_KNOWN, NULL,
     "true: it began then, false: it was so then and may have been before"},
    {"to_is_end", FIELD_BOOLEAN, FIELD_KNOWN, NULL,
     "true: it ended then, false: it was so then and may be after"},
    {"after", FIELD_RELATIVE, FIELD_KNOWN, NULL, "what it comes after"},
    {"before", FIELD_RELATIVE, FIELD_KNOWN, NULL, "what it comes before"},
    {"during", FIELD_RELATIVE, FIELD_KNOWN, NULL, "within what it lies"},
    {"words", FIELD_TEXT, FIELD_KNOWN, NULL, "the few words of the source that say when"},
};

static const struct vocabulary_field relative[] = {
    {"to", FIELD_REFERENCE, FIELD_EXISTS, NULL, "the subject or event it is counted from"},
    {"anchor", FIELD_CHOICE, FIELD_KNOWN, "publication statement capture",
     "in place of `to`: the publication or capture of the source cited, or the statement"},
    {"offset", FIELD_DURATION, FIELD_KNOWN, NULL, "how far from it at most"},
};

static const struct vocabulary_field extraction[] = {
    {"by", FIELD_CHOICE, FIELD_REQUIRED | FIELD_KNOWN, "human software", "a person or a program"},
    {"name", FIELD_TEXT, FIELD_KNOWN, NULL, "the program, or who"},
    {"version", FIELD_TEXT, FIELD_KNOWN, NULL, "the version of the program"},
    {"model", FIELD_TEXT, FIELD_KNOWN, NULL, "the language model the program used"},
    {"reviewed_by", FIELD_TEXT, FIELD_KNOWN, NULL, "the person who read it over"},
};

static const struct vocabulary_field quantity[] = {
    {"exact", FIELD_INTEGER, FIELD_KNOWN | FIELD_COUNT, NULL, "so many"},
    {"at_least", FIELD_INTEGER, FIELD_KNOWN | FIELD_COUNT, NULL, "so many or more"},
    {"at_most", FIELD_INTEGER, FIELD_KNOWN | FIELD_COUNT, NULL, "so many or fewer"},
    {"about", FIELD_INTEGER, FIELD_KNOWN | FIELD_COUNT, NULL,
     "roughly so many, which bounds nothing"},
    {"majority_of", FIELD_VALUE, FIELD_KNOWN, NULL,
     "more than half of a number, or of the subject whose id it is"},
    {"some", FIELD_BOOLEAN, FIELD_KNOWN, NULL, "true: at least one"},
    {"unit", FIELD_TEXT, FIELD_KNOWN, NULL, "what is counted"},
    {"of", FIELD_SUBJECT, FIELD_KNOWN, NULL, "the subject out of whose number it is"},
};

const struct vocabulary_field *shapes_frame(size_t *count) {
  *count = COUNT(frame);
  return frame;
}

#define SHAPE(type, array) \
  case type:               \
    *count = COUNT(array); \
    return array

const struct vocabulary_field *shapes_find(enum field_type type, size_t *count) {
  switch (type) {
    SHAPE(FIELD_TEXT, text);
    SHAPE(FIELD_VALUE, value);
    SHAPE(FIELD_ATTRIBUTION, attribution);
    SHAPE(FIELD_ANONYMOUS, anonymous);
    SHAPE(FIELD_CITATION, citation);
    SHAPE(FIELD_SELECTOR, selector);
    SHAPE(FIELD_PERIOD, period);
    SHAPE(FIELD_RELATIVE, relative);
    SHAPE(FIELD_EXTRACTION, extraction);
    SHAPE(FIELD_QUANTITY, quantity);
    default:
      *count = 0;
      return NULL;
  }
}
