/* SPDX-License-Identifier: Apache-2.0 */
/* Corrections put over what they correct. A correction has `fields`, the fields as they should
 * read; a correction that was itself corrected has them as corrected. They apply in log order,
 * each over what came before, and only where they have effect (status.h). A correction without
 * `fields` names a replacement, or only says that the claim is wrong: then nothing is put over it.
 */
#ifndef QUERY_CORRECTION_H
#define QUERY_CORRECTION_H

#include "query/told.h"

/* A chain of corrections of corrections is followed so far. */
#define CORRECTION_DEPTH 256

/* Fills told->corrected if there is something to put over. `depth` is how many corrections of
 * corrections led here. Errors: as told_get. */
MUST_USE enum adduce_err correction_apply(struct asked *asked, struct told *told, unsigned depth);

#endif
