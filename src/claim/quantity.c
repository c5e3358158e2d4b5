/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/quantity.h"

#include "claim/spelling.h"

enum { EXACT = 1, AT_LEAST = 2, AT_MOST = 4, ABOUT = 8, MAJORITY_OF = 16, SOME = 32 };

/* What has been read, before it is put together. */
struct reading {
  unsigned said; /* of the flags above */
  int64_t exact, at_least, at_most, about, total;
  const char *reason; /* why the value is no quantity; NULL so far */
};

static bool fail(struct reading *reading, const char *reason) {
  reading->reason = reason;
  return false;
}

static bool read_number(struct reading *reading, struct cursor *cursor, unsigned flag,
                        int64_t *number) {
  reading->said |= flag;
  if (!cursor_int(cursor, number)) return fail(reading, "a number of a quantity is an integer");
  return *number >= 0 || fail(reading, "a quantity cannot be negative");
}

static bool read_subject(struct reading *reading, struct cursor *cursor, struct adduce_span *id) {
  return (cursor_str(cursor, id) && spelling_subject(*id)) ||
         fail(reading, "`of` is the id of a subject");
}

/* More than half of a number, or of a subject's number. */
static bool read_majority(struct reading *reading, struct quantity *quantity,
                          struct cursor *cursor) {
  if (cursor_peek(cursor) == CURSOR_STR) {
    reading->said |= MAJORITY_OF;
    quantity->majority_of_subject = true;
    return read_subject(reading, cursor, &quantity->of) ||
           fail(reading, "`majority_of` is a number or the id of a subject");
  }
  if (!read_number(reading, cursor, MAJORITY_OF, &reading->total)) return false;
  return reading->total > 0 || fail(reading, "there is no majority of nobody");
}

static bool read_some(struct reading *reading, struct cursor *cursor) {
  bool is_some;
  reading->said |= SOME;
  return (cursor_bool(cursor, &is_some) && is_some) || fail(reading, "`some` can only be true");
}

static bool read_pair(struct reading *reading, struct quantity *quantity, struct adduce_span key,
                      struct cursor *cursor) {
  if (span_is(key, "exact")) return read_number(reading, cursor, EXACT, &reading->exact);
  if (span_is(key, "at_least")) return read_number(reading, cursor, AT_LEAST, &reading->at_least);
  if (span_is(key, "at_most")) return read_number(reading, cursor, AT_MOST, &reading->at_most);
  if (span_is(key, "about")) return read_number(reading, cursor, ABOUT, &reading->about);
  if (span_is(key, "majority_of")) return read_majority(reading, quantity, cursor);
  if (span_is(key, "some")) return read_some(reading, cursor);
  if (span_is(key, "of")) {
    if (quantity->majority_of_subject)
      return fail(reading, "`majority_of` names the subject already, so `of` cannot");
    return read_subject(reading, cursor, &quantity->of);
  }
  if (span_is(key, "unit"))
    return (cursor_str(cursor, &quantity->unit) && quantity->unit.size != 0) ||
           fail(reading, "`unit` is text");
  return fail(reading,
              "a quantity has exact, at_least, at_most, about, majority_of, some, unit, of");
}

static bool settle(struct reading *reading, struct quantity *quantity) {
  switch (reading->said) {
    case EXACT:
      quantity->at_least = quantity->at_most = reading->exact;
      return true;
    case AT_LEAST:
      quantity->at_least = reading->at_least;
      return true;
    case AT_MOST:
      quantity->at_most = reading->at_most;
      return true;
    case AT_LEAST | AT_MOST:
      quantity->at_least = reading->at_least;
      quantity->at_most = reading->at_most;
      return quantity->at_least <= quantity->at_most ||
             fail(reading, "`at_least` is more than `at_most`");
    case ABOUT:
      quantity->about = true;
      quantity->about_value = reading->about;
      return true;
    case MAJORITY_OF:
      quantity->at_least = quantity->majority_of_subject ? 1 : reading->total / 2 + 1;
      if (!quantity->majority_of_subject) quantity->at_most = reading->total;
      return true;
    case SOME:
      quantity->at_least = 1;
      return true;
    default:
      return fail(reading,
                  "a quantity says one of exact, at_least and at_most, about, "
                  "majority_of, some");
  }
}

bool quantity_parse(struct adduce_span encoded, struct quantity *quantity, const char **reason) {
  struct reading reading = {.said = 0};
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span key;
  uint32_t count;
  *quantity = (struct quantity){.at_most = QUANTITY_UNBOUNDED};
  bool is_fine = cursor_map(&cursor, &count) || fail(&reading, "a quantity is a map");
  for (uint32_t i = 0; is_fine && i < count; i++)
    is_fine = (cursor_str(&cursor, &key) || fail(&reading, "a quantity is a map")) &&
              read_pair(&reading, quantity, key, &cursor);
  is_fine = is_fine && settle(&reading, quantity);
  if (reason != NULL) *reason = reading.reason;
  return is_fine;
}
