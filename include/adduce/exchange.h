/* SPDX-License-Identifier: Apache-2.0 */
/* Taking in what others give: importing bundles. */
#ifndef ADDUCE_EXCHANGE_H
#define ADDUCE_EXCHANGE_H

#include "adduce/bundle.h"

#ifdef __cplusplus
extern "C" {
#endif

struct adduce_import_options {
  const struct adduce_signer *author;    /* signs the bundle.imported; required but for a dry run */
  const struct adduce_signer *open_with; /* adduce_pull: for sealed bundles; NULL: the author's */
  const struct adduce_policy *policy; /* whose log it is to be from; NULL: any that names itself */
  bool accept_recipient;              /* take it although it is for somebody else */
  bool admit;                         /* admit by hand what the policy would quarantine */
  bool quarantine;                    /* quarantine what the policy would admit */
  bool dry_run;                       /* verify and judge, write nothing */
};

/* Imports a bundle: reads and verifies all of it, and only then writes. Its bytes are taken apart
 * in a child process that can do nothing else (limits, landlock, seccomp, as far as the kernel has
 * them: `confined_by` says), which the call forks and ends. Verified are the form, the tree against
 * the checkpoint, the checkpoint's signature by the log key that the source's own entries name (and
 * `policy`), every event's signature and commitment, every author's rights at the position in the
 * source, the exporter's signature, and that the checkpoint does not contradict what was imported
 * from that source before. Then each event that is not here yet is admitted, quarantined or refused
 * by the policy in force; control events of the source come with what is admitted. What is admitted
 * enters in one transaction behind a bundle.imported; more than 16,384 events or 16 MiB, whose
 * transaction would take as much memory, in several runs of at most so many, each with its own: if
 * they are cut short, the same import again enters the rest. Meanwhile the events are in a file of
 * the ledger's disk that has no name. The bundle's skeleton and captured documents are kept before
 * that; a document that was erased here with its source is not, nor one that refused events alone
 * name, and of a bundle of which nothing is admitted or waits nothing is kept. The same again
 * changes nothing.
 *
 * `report`: {origin, genesis, manifest, exporter, size, root, count, confined_by, complete?: [from,
 * to], admitted, quarantined, refused, present (were here already), not_again (wait or were refused
 * by hand before), captures (documents kept), runs: [{index, id (of the bundle.imported), entered
 * (the entries behind it)}], proven, not_proven}. `evidence` is empty, or with
 * ADDUCE_E_EQUIVOCATION a file that adduce_check_file verifies. Errors, nothing was admitted then:
 * those of reading a bundle, with record and byte or the index; ADDUCE_E_UNAUTHORIZED,
 * ADDUCE_E_REVOKED (a key at its position in the source), ADDUCE_E_SIGNATURE, ADDUCE_E_QUORUM
 * (checkpoint), ADDUCE_E_REFUSED (for somebody else, or from this ledger), ADDUCE_E_CLOCK (from the
 * future), ADDUCE_E_EQUIVOCATION, ADDUCE_E_OTHER_LEDGER (the origin is known with another genesis),
 * those of adduce_writer_commit, ADDUCE_E_TOO_LARGE (an entry; or the quarantine is full: what is
 * admitted is in then). */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_import(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **report,
    struct adduce_span *evidence, const struct adduce_source *source,
    const struct adduce_import_options *options);

/* Verifies a bundle and says what it claims and proves, with no ledger there and nothing written.
 * `opened_with` is the key that unsealed it, NULL if it was not sealed.
 * `report`: {origin, genesis, manifest, exporter, size, root, created_at, count, contents,
 * captures, recipients?, keys? (to which it was sealed), recalls? (ids of events that it
 * takes back), selection?, purpose?, since?, complete?:
 * [from, to], incomplete (claims of which a frame field is withheld), without_content, partial,
 * withheld: [{index, id, paths}], the first 100, proven, not_proven}. Errors: those of reading a
 * bundle, ADDUCE_E_UNAUTHORIZED, ADDUCE_E_REVOKED, ADDUCE_E_SIGNATURE, ADDUCE_E_QUORUM. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_inspect(struct adduce_scope *scope,
                                                          const struct adduce_value **report,
                                                          const struct adduce_source *source,
                                                          const struct adduce_policy *policy,
                                                          const struct adduce_key *opened_with);

/* --- receipts -------------------------------------------------------------------------------*/

/* A receipt for an import, of its report (adduce_import): a signed note by `author`, the one that
 * signed the bundle.imported, with the proof that this is an entry of the log. Errors:
 * ADDUCE_E_USAGE (it is no such report), those of adduce_prove and of signing. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_receipt_make(struct adduce_scope *scope,
                                                               struct adduce_ledger *ledger,
                                                               struct adduce_span *file,
                                                               const struct adduce_value *report,
                                                               const struct adduce_signer *author);

/* Verifies a receipt, with no ledger there. `report`: {form: "receipt", origin (who received),
 * genesis, source, source_genesis, manifest, key, count, admitted, present, quarantined, refused,
 * time, index? (of the bundle.imported there), proven, not_proven}. Errors: ADDUCE_E_NOTE,
 * ADDUCE_E_SIGNATURE, ADDUCE_E_KEY, ADDUCE_E_PROOF (its proof is of something else), those of
 * adduce_check_file. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_receipt_check(struct adduce_scope *scope,
                                                                const struct adduce_value **report,
                                                                struct adduce_span file,
                                                                const struct adduce_policy *policy);

/* Logs a receipt for a bundle of this ledger as receipt.received. Errors: as above,
 * ADDUCE_E_OTHER_LEDGER, those of adduce_writer_commit. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_receipt_keep(struct adduce_scope *scope,
                                                               struct adduce_ledger *ledger,
                                                               struct adduce_receipt *appended,
                                                               struct adduce_span file,
                                                               const struct adduce_signer *author);

#ifdef __cplusplus
}
#endif
#endif
