/* SPDX-License-Identifier: Apache-2.0 */
/* What may have begun or ended between two times of the world. */
#ifndef QUERY_PASSED_H
#define QUERY_PASSED_H

#include "query/touch.h"

/* Touches the claims of which an end of `valid`, or an end that was recorded, excludes one of the
 * times of two questions and not the other, and all that were corrected. The cost grows with the
 * claims that have a time: unlike positions, times of the world are not bounded by a part of the
 * log. Errors: as touch_event. */
MUST_USE enum adduce_err passed_touch(struct touch *touch, const struct asked *from,
                                      const struct asked *to);

#endif
