/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: a selection of events with their proofs, in one file, for somebody else.
 *
 * A bundle is made and read as a stream, of any size, in bounded memory; so it comes and goes
 * through functions of the caller, and may be a file, a pipe or a connection. */
#ifndef ADDUCE_BUNDLE_H
#define ADDUCE_BUNDLE_H

#include "adduce/proof.h"
#include "adduce/query.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Gives the next bytes: up to `capacity` of them into `out`, `*got` of them, 0 only at the end.
 * Says what failed with adduce_fetch_fail. */
typedef enum adduce_err adduce_read_fn(void *context, struct adduce_scope *scope, uint8_t *out,
                                       size_t *got, size_t capacity);
struct adduce_source {
  adduce_read_fn *read;
  void *context;
};

/* Takes bytes, all of them. Says what failed with adduce_fetch_fail. */
typedef enum adduce_err adduce_write_fn(void *context, struct adduce_scope *scope,
                                        struct adduce_span bytes);
struct adduce_sink {
  adduce_write_fn *write;
  void *context;
};

/* --- exporting ------------------------------------------------------------------------------*/

struct adduce_export_options {
  const struct adduce_log_filter *filter; /* what is selected; NULL with `all` or `since` */
  const struct adduce_question *question; /* of the filter; NULL: now, everything */
  bool all;                               /* every entry: a complete range from 0 */
  const char *since; /* a complete range from there: a size, or the text of a checkpoint of this
                      * ledger, which the recipient has; NULL: none */
  const char *const
      *recall; /* a recall notice: the names of events that were taken back; instead of
                * all of the above. It has what acts on them, and not their contents */
  size_t recall_count;
  const char *const
      *recipients; /* origins or names of those it is for; of a notice without any: all
                    * that were given the events, as adduce_disclosures knows them */
  size_t recipient_count;
  const char
      *recorded_for; /* whom bundle.exported names where there are no recipients; may be NULL */
  const char *const *withhold; /* "FIELD" or "FIELD/INDEX" of every claim that has it, or of one:
                                * "ID:FIELD"; with a field goes what spells or corrects it in the
                                * same event (`original`, `fields`), and nothing else that may
                                * repeat it, such as a quote */
  size_t withhold_count;
  bool withhold_may_miss; /* a path that nothing has is no error */
  const char *handling;   /* contents of events of a higher level are not sent: clear, green, amber,
                           * amber+strict, red; NULL: amber to whom it names, clear to nobody named */
  const char *purpose;    /* NULL: none is said */
  const struct adduce_key *seal_to;   /* only the holders of these keys can read it */
  size_t seal_to_count;               /* 0: it is not sealed */
  const char *selection;              /* what was asked for, in words; NULL: none */
  bool captures;                      /* with the captured documents of the sources among them */
  const struct adduce_signer *author; /* signs the bundle, and bundle.exported */
  bool no_record;                     /* do not log that it was given */
};

/* Writes a bundle of what is selected, and of everything that it refers to, that acts on it, and of
 * all control entries, under the latest checkpoint. Contents that are withheld from this ledger
 * stay so; control events are never withheld. Afterwards bundle.exported is appended, and the
 * manifest kept (bundles/ab/<digest>.manifest), so that adduce_disclosures knows who has what.
 * `report`: {origin, size, checkpoint (the note), manifest, count, contents, withheld: n (fields
 * and elements), left_out: n (contents above `handling`), captures, recipients?: [text], complete?:
 * [from, to], index? (of bundle.exported), bytes}.
 * Errors: ADDUCE_E_USAGE (nothing says what to select, or too much does; a path that is none; no
 * recipient though it is to be logged), ADDUCE_E_NOT_FOUND (nothing fits; a path that
 * nothing has, or an event that is named has not), ADDUCE_E_REFUSED (a path of a control event; an
 * event to be recalled that nothing takes back), ADDUCE_E_POSITION (since), ADDUCE_E_FORK (since is
 * a checkpoint of another history), ADDUCE_E_TOO_LARGE (too scattered a selection), ADDUCE_E_KEY
 * (to be sealed to), those of questions, of the sink, of signing and of appending. If the last
 * fails, the bundle is whole all the same. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_export(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **report,
    const struct adduce_sink *sink, const struct adduce_export_options *options);

/* Who was given an event, by the bundle.exported of this log and the manifests kept with them:
 * {id, index, disclosures: [{recipients: [text], at, by: key, id, index (of bundle.exported),
 * manifest, purpose?, handling?, withheld?: [path]}], unknown: n (bundles whose manifest is not
 * kept here)}. Errors: those of adduce_resolve. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_disclosures(struct adduce_scope *scope,
                                                              struct adduce_ledger *ledger,
                                                              const struct adduce_value **answer,
                                                              const char *name);

/* --- sealed bundles -------------------------------------------------------------------------*/

/* True iff what begins with these bytes (17 are enough) is sealed, in any version. */
ADDUCE_API bool adduce_sealed_is(struct adduce_span begin);

/* Opens a sealed bundle with a key that it was sealed to; the signer is not needed after, and may
 * be closed. It lives until it is closed, whatever becomes of the scope. Errors: ADDUCE_E_FORM,
 * ADDUCE_E_VERSION, ADDUCE_E_UNAUTHORIZED (not sealed to this key, or changed), ADDUCE_E_AGENT (an
 * ssh-agent signs and does not decrypt), ADDUCE_E_MEMORY, those of the source; `*unsealed` is NULL
 * then. */
struct adduce_unsealed;
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_unsealed_open(struct adduce_scope *scope,
                                                                struct adduce_unsealed **unsealed,
                                                                const struct adduce_source *source,
                                                                const struct adduce_signer *signer);

/* The bundle in it. Gives out nothing that was not authenticated, and its end only after that of
 * the sealed one. Errors: ADDUCE_E_FORM (changed, or cut off), those of the source. */
ADDUCE_API struct adduce_source adduce_unsealed_source(struct adduce_unsealed *unsealed);

/* `*unsealed` becomes NULL. NULL is fine. */
ADDUCE_API void adduce_unsealed_close(struct adduce_unsealed **unsealed);

#ifdef __cplusplus
}
#endif
#endif
