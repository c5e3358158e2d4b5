/* SPDX-License-Identifier: Apache-2.0 */
/* Erasing: content leaves the log for good, and what was said about it stays.
 *
 * `content.erased` names its targets and the paths in their content (none: all of it). In the
 * transaction that enters it, each target's content is replaced by form 2 without these values
 * and salts, or dropped: the seed, from which every salt follows, goes with the first value. Only
 * an erasure that names this ledger acts here. Control kinds have nothing to erase: their
 * contents are what the rules are folded from.
 *
 * What is left in free pages, in projections and in captures goes afterwards, and until it has, a
 * mark stands in `meta`: "erasing" -> [size of the log after the erasure, [digest of a capture
 * that goes, ...]]. The mark enters with the erasure and leaves when all is done
 * (ledger/erase.h), so a crash leaves either no erasure or one that is known to be unfinished. */
#ifndef LOG_ERASE_H
#define LOG_ERASE_H

#include "event/content.h"
#include "log/log.h"

/* What one erasure takes from each of its targets. In the scope, with keys of the event. */
struct erase_paths {
  struct content_path *paths;
  size_t count;
  bool all; /* all of the content; then there are no paths */
};

/* Whether the event is an erasure that acts in this ledger. */
bool erase_acts(const struct event *event, const struct adduce_id *genesis);

/* Errors: ADDUCE_E_VALUE (a path that is none, which a valid claim's never is), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err erase_read(struct adduce_scope *scope, struct erase_paths *paths,
                                    const struct event *event);

/* Whether these paths of a target's content can be erased. A path that is withheld already, and any
 * path of a content that is not held, can: it will not come back then. Errors: ADDUCE_E_REFUSED
 * (a control kind), ADDUCE_E_NOT_FOUND (no such field or element). */
MUST_USE enum adduce_err erase_judge(struct adduce_scope *scope, const struct parsed *target,
                                     const struct erase_paths *paths);

/* What an entry has of content that these paths name: true if none of it is held. */
bool erase_is_done(const struct parsed *target, const struct erase_paths *paths);

/* --- the log --------------------------------------------------------------------------------*/

/* Visits each erasure of the entries [from, to) that acts here, once for each of its targets that
 * is in the log. The error of a visit ends the walk. Errors: also those of log_view_event. */
struct erase_target {
  uint64_t index; /* of the erasure */
  int64_t recorded_at_us;
  const struct event *erasure;
  const struct erase_paths *paths;
  uint64_t target; /* the index of what was erased */
  struct adduce_id target_id;
};
typedef enum adduce_err erase_visit_fn(void *context, struct adduce_scope *scope,
                                       const struct erase_target *target);
MUST_USE enum adduce_err erase_each(struct adduce_scope *scope, struct log_view *view,
                                    uint64_t from, uint64_t to, erase_visit_fn *visit,
                                    void *context);

/* All that was erased here of entries before the view's size, to be asked many times: what a later
 * content must not bring back. In the scope. Errors: as erase_each. */
struct erase_set {
  struct erase_past *pasts; /* sorted by target */
  size_t count, capacity;
};
struct erase_past {
  uint64_t target, index; /* what was erased, by which entry */
  struct erase_paths paths;
};
MUST_USE enum adduce_err erase_load(struct adduce_scope *scope, struct erase_set *set,
                                    struct log_view *view);

/* Takes out of a content what was erased here of the entry at `target`: form 2 without it, the same
 * bytes if nothing was, or empty if all of it was. `parsed` has the event and the content. Errors:
 * ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err erase_filter(struct adduce_scope *scope, struct adduce_span *content,
                                      const struct parsed *parsed, const struct erase_set *set,
                                      uint64_t target);

/* --- what is not finished -------------------------------------------------------------------*/

struct erase_pending {
  bool is_pending;
  uint64_t size; /* of the log after the last erasure; names the mark */
  struct adduce_hash *captures;
  size_t capture_count;
};

/* The mark as the view sees it; in the scope. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err erase_pending(struct adduce_scope *scope, struct log_view *view,
                                       struct erase_pending *pending);

/* The captures are gone: the mark no longer names them. Does nothing if another erasure has set the
 * mark meanwhile. Errors: as store_write. */
MUST_USE enum adduce_err erase_forget_captures(struct adduce_scope *scope, struct log *log,
                                               uint64_t size);

/* All is done: the mark leaves; as above, unless another erasure has set it meanwhile. */
MUST_USE enum adduce_err erase_finish(struct adduce_scope *scope, struct log *log, uint64_t size);

#endif
