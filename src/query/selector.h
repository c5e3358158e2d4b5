/* SPDX-License-Identifier: Apache-2.0 */
/* Selectors: the words by which a question says what it leaves out, or keeps alone.
 *
 *   source:X     a source (#INDEX, id, or subject id) and every word that came through it; X may
 *                as well be a speaker or publisher: an agency, an outlet, a person
 *   origin:X     the claims that go back to X in the end, as `explain` names origins: the innermost
 *                speaker of a chain, the description of one who is not named, or, of what is said
 *                in an author's own voice, the author's organization or key
 *   author:X     what an author signed: by one of the keys of a line of rotations, or by any key of
 *                an organization
 *   key:HEX      what one key signed
 *   event:ID     one event
 *   kind:K       events of a kind; "claim." and "monitor.example:" are beginnings
 *   handling:L   events of a level, or "L-and-above"
 *
 * The first two take words away, the others records (exclusion.h says what the difference is).
 * Selectors are read in the ledger as it is at the question's position, with nothing left out: a
 * subject stands for all that it is judged the same with there. */
#ifndef QUERY_SELECTOR_H
#define QUERY_SELECTOR_H

#include "query/profile.h"

enum selector_sort {
  SELECTOR_SOURCE,
  SELECTOR_ORIGIN,
  SELECTOR_AUTHOR,
  SELECTOR_KEY,
  SELECTOR_EVENT,
  SELECTOR_KIND,
  SELECTOR_HANDLING,
};

struct selector {
  enum selector_sort sort;
  struct adduce_span text;    /* the whole, with the subject or id it was found to mean */
  struct adduce_span word;    /* what stands after the colon */
  struct adduce_span *voices; /* of SOURCE and ORIGIN: subjects that are one */
  size_t voice_count;
  struct adduce_key *keys; /* of AUTHOR and KEY, and of ORIGIN when it is one's own voice */
  size_t key_count;
  uint64_t index; /* of EVENT, and of SOURCE when it was named by its event; else WORLD_NEVER */
  enum adduce_handling least, most;
};

/* Reads and resolves a selector. `asked` leaves nothing out.
 * Errors: ADDUCE_E_USAGE (no such sort, a level that is none, an event that cannot be left out),
 * ADDUCE_E_NOT_FOUND (nobody cites or quotes it, no such author; the detail names what resembles
 * it), ADDUCE_E_AMBIGUOUS, ADDUCE_E_POSITION, ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err selector_resolve(struct asked *asked, struct selector *selector,
                                          const char *text);

/* Whether it takes words away, and not records. */
static inline bool selector_is_word(const struct selector *selector) {
  return selector->sort == SELECTOR_SOURCE || selector->sort == SELECTOR_ORIGIN;
}

/* Whether a selector of records selects this event; false for those of words. */
bool selector_takes(const struct selector *selector, const struct profile *profile);

/* Whether a subject is one of those it means. */
bool selector_has_voice(const struct selector *selector, struct adduce_span subject);

/* Of SOURCE: whether the event is the source, or another of the same subject or publisher. */
bool selector_is_source(const struct selector *selector, const struct profile *profile);

#endif
