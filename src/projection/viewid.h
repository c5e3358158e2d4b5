/* SPDX-License-Identifier: Apache-2.0 */
/* The view: which content is not available here, be it withheld, erased or never held. Rows depend
 * on the entries and on the view, and on nothing else; so two digests can only be compared under
 * one view, which its id names:
 *
 *   SHA-256("adduce/view/v1\n" || for each event and path, in order: id 32 || path)
 *
 * A path is canonical: [field], [field, element], or [] for a content that is not held at all. In
 * order of the id, then of the field's name, then of the element. The id of the view of which
 * nothing is missing is therefore SHA-256("adduce/view/v1\n").
 *
 * The view is read from the rows of the projection `withheld`, so it costs what is missing and not
 * what is there, and is that of the entries before a size. */
#ifndef PROJECTION_VIEWID_H
#define PROJECTION_VIEWID_H

#include "crypto/hash.h"
#include "store/store.h"

struct viewid {
  struct adduce_hash id;
  uint64_t events; /* of which content is missing */
  uint64_t paths;  /* that are missing */
};

/* The views of the entries [0, size) for each of `sizes`, which ascend. Errors: ADDUCE_E_CORRUPT,
 * ADDUCE_E_IO, ADDUCE_E_MEMORY, ADDUCE_E_INTERRUPTED. */
MUST_USE enum adduce_err viewid_find(struct adduce_scope *scope, struct store_txn *txn,
                                     struct viewid *views, const uint64_t *sizes, size_t count);

/* Calls `visit` for each path that is missing of the entries [0, size), in order: element is -1
 * for a whole field, `field` empty for all of the content. Errors: those of `visit`, and as above.
 */
typedef enum adduce_err viewid_visit_fn(void *context, uint64_t index, const uint8_t *id32,
                                        struct adduce_span field, int64_t element);
MUST_USE enum adduce_err viewid_each(struct adduce_scope *scope, struct store_txn *txn,
                                     uint64_t size, viewid_visit_fn *visit, void *context);

#endif
