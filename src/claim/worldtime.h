/* SPDX-License-Identifier: Apache-2.0 */
/* Times of the world: ISO 8601 text with the precision it has, never rounded up to more.
 * "1600", "2025-12", "2025-12-13", "2025-12-13T10:00Z", "2025-12-13T10:00:00+02:00". A text
 * without a zone is only allowed down to the day; a year has four digits. */
#ifndef CLAIM_WORLDTIME_H
#define CLAIM_WORLDTIME_H

#include "base/span.h"

enum worldtime_precision {
  WORLDTIME_YEAR,
  WORLDTIME_MONTH,
  WORLDTIME_DAY,
  WORLDTIME_MINUTE,
  WORLDTIME_SECOND,
};

/* The instants the text covers: [first_us, last_us], microseconds since 1970 UTC. */
struct worldtime {
  int64_t first_us;
  int64_t last_us;
  enum worldtime_precision precision;
};

/* False when the text is no such time, or no such day exists. */
MUST_USE bool worldtime_parse(struct adduce_span text, struct worldtime *time);

/* True iff `text` is an ISO 8601 duration of the forms PnW, PnYnMnDTnHnMnS. */
MUST_USE bool worldtime_duration_valid(struct adduce_span text);

#endif
