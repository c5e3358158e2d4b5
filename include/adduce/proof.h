/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs anyone can check: a ledger is a transparency log in the formats of C2SP (signed-note,
 * tlog-checkpoint, tlog-tiles, tlog-proof, tlog-cosignature, tlog-witness, tlog-policy), so that
 * tools we did not write can read and judge it. docs/PROOFS.md says what each proof shows, and
 * what it does not.
 *
 * Nothing here opens a connection: what has to be fetched comes through a function of the
 * caller's, and every answer of the other side is bounded and verified before it is used. */
#ifndef ADDUCE_PROOF_H
#define ADDUCE_PROOF_H

#include "adduce/ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- policies -------------------------------------------------------------------------------
 * Whom we believe, as a C2SP tlog-policy: logs, witnesses, groups, a quorum. */
struct adduce_policy;

/* Reads a policy. Errors, with the line: ADDUCE_E_POLICY, ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_policy_parse(struct adduce_scope *scope,
                                                               const struct adduce_policy **policy,
                                                               struct adduce_span text);

/* The policy that believes one log key, by its vkey, and asks for no witness. Errors: as above. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_policy_of_key(struct adduce_scope *scope,
                                                                const struct adduce_policy **policy,
                                                                const char *vkey);

/* The policy a ledger had logged at a position (the `tlog_policy` of the rules of the last
 * policy.set before `size`; 0: now), as text; NULL when it had none. Errors: ADDUCE_E_POSITION. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_policy_of_ledger(struct adduce_scope *scope,
                                                                   const char **text,
                                                                   struct adduce_ledger *ledger,
                                                                   uint64_t size);

/* The policy's witnesses that have a URL: a list of {name, url, vkey}. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_policy_witnesses(
    struct adduce_scope *scope, const struct adduce_value **list,
    const struct adduce_policy *policy);

/* --- proofs in files ------------------------------------------------------------------------*/

/* The C2SP tlog-proof of one event ("#INDEX", an id, or at least four digits of one), as prove
 * writes it: the event, its content as far as it is
 * held here (not, with `without_content`), path, checkpoint, cosignatures. The largest cosigned
 * checkpoint that holds the event is taken, or the latest if none is cosigned.
 * Errors: ADDUCE_E_NOT_FOUND, ADDUCE_E_AMBIGUOUS, ADDUCE_E_POSITION, ADDUCE_E_CORRUPT. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_prove(struct adduce_scope *scope,
                                                        struct adduce_ledger *ledger,
                                                        struct adduce_span *file, const char *event,
                                                        bool without_content);

/* Many proofs under one checkpoint: that of adduce_prove when the prover is opened. It chooses
 * and reads that checkpoint once; a reader of the ledger is open only within a call. It belongs to
 * one thread, and is closed before the ledger. Errors: ADDUCE_E_CORRUPT; as adduce_prove,
 * ADDUCE_E_POSITION also for entries above that checkpoint. */
struct adduce_prover;
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_prover_open(struct adduce_scope *scope,
                                                              struct adduce_prover **prover,
                                                              struct adduce_ledger *ledger);
ADDUCE_API void adduce_prover_close(struct adduce_prover **prover);
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_prover_prove(struct adduce_scope *scope,
                                                               struct adduce_prover *prover,
                                                               struct adduce_span *file,
                                                               const char *event,
                                                               bool without_content);

/* That the log at the latest checkpoint extends the one of `from_size`: the body of a C2SP
 * tlog-witness add-checkpoint request. Errors: ADDUCE_E_POSITION. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_prove_growth(struct adduce_scope *scope,
                                                               struct adduce_ledger *ledger,
                                                               struct adduce_span *file,
                                                               uint64_t from_size);

/* Verifies a file that proves something: a tlog-proof, evidence of equivocation, an auditor's
 * statement or a checkpoint, by its first line. `policy` may be NULL: then the key is taken that
 * the file names itself, and `not_proven` says so. `leaf`, which may be empty, is the entry that a
 * proof without ours in its `extra` is about.
 * `report`: {form, origin, size, root, index?, event?: {id, kind, author, recorded_at},
 * content?: "whole"|"partial"|"none", policy?: {log, quorum, met, rules, witnesses}, vkey?,
 * sentence?, proven: [sentence], not_proven: [sentence]}; after ADDUCE_E_QUORUM too.
 * Errors: ADDUCE_E_FORM (nothing we know), ADDUCE_E_PROOF, ADDUCE_E_SIGNATURE, ADDUCE_E_QUORUM,
 * ADDUCE_E_NOTE, ADDUCE_E_COMMITMENT, and those of reading an event. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_check_file(struct adduce_scope *scope,
                                                             const struct adduce_value **report,
                                                             struct adduce_span file,
                                                             const struct adduce_policy *policy,
                                                             struct adduce_span leaf);

/* Verifies that the checkpoint `newer` extends `older`, by the proof of adduce_prove_growth.
 * `report`: {origin, from, to, proven, not_proven, policy?}. Errors: as adduce_check_file;
 * ADDUCE_E_EQUIVOCATION (one size, two roots). */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_check_growth(
    struct adduce_scope *scope, const struct adduce_value **report, struct adduce_span older,
    struct adduce_span newer, struct adduce_span proof, const struct adduce_policy *policy);

/* --- published logs -------------------------------------------------------------------------
 * A published log is a set of files named as in C2SP tlog-tiles, wherever they are. */

/* Gets the file at `path` ("checkpoint", "tile/0/000.p/7"), which may have at most `limit_bytes`.
 * Errors to give: ADDUCE_E_NO_FILE (it is not there), ADDUCE_E_TOO_LARGE, ADDUCE_E_REMOTE,
 * ADDUCE_E_IO. The bytes live in the scope. */
typedef enum adduce_err adduce_fetch_fn(void *context, struct adduce_scope *scope,
                                        struct adduce_span *bytes, const char *path,
                                        size_t limit_bytes);

struct adduce_published {
  adduce_fetch_fn *fetch;
  void *context;
};

/* For such functions: memory that lives in the scope (NULL when there is none left), and the detail
 * of an error, which is returned. */
ADDUCE_API uint8_t *adduce_fetch_allocate(struct adduce_scope *scope, size_t size);
ADDUCE_API enum adduce_err adduce_fetch_fail(struct adduce_scope *scope, enum adduce_err err,
                                             const char *detail);

/* A folder, or a ledger that is open, as a published log. `folder` and `ledger` are borrowed. */
ADDUCE_API struct adduce_published adduce_published_folder(const char *folder);
ADDUCE_API struct adduce_published adduce_published_ledger(struct adduce_ledger *ledger);

/* The tiles and checkpoint of the ledger into `folder`, which is made if it is not there: only
 * what is new, each file whole or not at all, the checkpoint last. Everything is verified on its
 * way. `report`: {origin, from, size, root, files, bytes}.
 * Errors: ADDUCE_E_FORK or ADDUCE_E_ROLLBACK (the folder has another history, or a later one),
 * ADDUCE_E_FAILED (the ledger is damaged), those of writing files. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_publish(struct adduce_scope *scope,
                                                          struct adduce_ledger *ledger,
                                                          const struct adduce_value **report,
                                                          const char *folder);

/* The same from any published log, whose checkpoint must meet the policy. What was mirrored
 * before stays as it was when anything is wrong. Errors: as adduce_publish; ADDUCE_E_SIGNATURE,
 * ADDUCE_E_QUORUM; those of the fetch. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_mirror(struct adduce_scope *scope,
                                                         const struct adduce_published *published,
                                                         const struct adduce_value **report,
                                                         const char *folder,
                                                         const struct adduce_policy *policy);

/* --- audits ---------------------------------------------------------------------------------*/

struct adduce_audit_options {
  const struct adduce_policy *policy;  /* required: whose log this is to be */
  struct adduce_span since;            /* the statement of an earlier audit, or a checkpoint to
                                        * start from; empty: audit everything */
  const char *auditor_name;            /* with `auditor`: ends in a signed statement */
  const struct adduce_signer *auditor; /* NULL: no statement */
  const struct adduce_value *state; /* of adduce_digest or adduce_verify: stated too; may be NULL */
};

/* Audits a published log: checkpoint, every tile, every entry, and of ours every event's form and
 * signature, the commitment of control events, the order of recorded times, every author's rights
 * at the position, and that the log's own entries name the key that signed the checkpoint. From a
 * statement on it costs what is new, and the control entries from before, which it reads again to
 * know the rights; from a checkpoint alone, or a statement that began at one, it does not know
 * where they are, and `not_proven` says so. docs/PROOFS.md has what it does not check. `report`:
 * {origin, since, size, root, entries, signatures, controls, contents, known (control entries from
 * before), foreign? (entries of other ledgers), tiles, ours: bool, genesis?, statement?: text,
 * proven, not_proven}. Errors: ADDUCE_E_FAILED (with the file and the index of the entry in the
 * detail), ADDUCE_E_FORK (it does not extend what was audited), ADDUCE_E_ROLLBACK,
 * ADDUCE_E_SIGNATURE, ADDUCE_E_QUORUM. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_audit(struct adduce_scope *scope,
                                                        const struct adduce_published *published,
                                                        const struct adduce_value **report,
                                                        const struct adduce_audit_options *options);

/* The first fault in a published folder in what the audit of its checkpoint does not read: tiles of
 * earlier sizes are compared, and files that do not belong there are found. `*ahead` is the number
 * of files of later sizes, which an update that was not finished has left: they begin as they
 * should, and no checkpoint here vouches for the rest of them. Errors: ADDUCE_E_FAILED (with the
 * path, and the entry where a tile differs), ADDUCE_E_IO. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_audit_folder(struct adduce_scope *scope,
                                                               const char *folder, uint64_t size,
                                                               uint64_t *ahead);

/* Whether two published logs, or checkpoints of one, can be of one history. Each side is a
 * published log, or one of which only the file "checkpoint" can be had. `evidence` is empty when
 * they agree, or a file that adduce_check_file verifies when they do not.
 * `report`: {origin, a: {size, root}, b: {size, root}, verdict: "same"|"extends"|"equivocation",
 * sentence}. Errors: ADDUCE_E_EQUIVOCATION (report and evidence are filled), ADDUCE_E_SIGNATURE,
 * ADDUCE_E_PROOF (there is too little to tell), ADDUCE_E_FAILED. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_compare(struct adduce_scope *scope,
                                                          const struct adduce_value **report,
                                                          struct adduce_span *evidence,
                                                          const struct adduce_published *a,
                                                          const struct adduce_published *b,
                                                          const struct adduce_policy *policy);

/* --- witnesses ------------------------------------------------------------------------------*/

/* A witness: keeps in a folder, for each log it knows, the last checkpoint it cosigned. */
struct adduce_witness;

/* Opens the state in `folder`, which is made if it is not there. It knows the logs of `policy`,
 * which is borrowed. Several processes and threads may use one folder. `signer` is borrowed.
 * Errors: ADDUCE_E_NOTE (name), those of making a folder. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_witness_open(struct adduce_scope *scope,
                                                               struct adduce_witness **witness,
                                                               const char *folder, const char *name,
                                                               const struct adduce_signer *signer,
                                                               const struct adduce_policy *policy);
ADDUCE_API void adduce_witness_close(struct adduce_witness **witness);

/* The verifier key others need. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_witness_vkey(
    struct adduce_scope *scope, const char **vkey, const struct adduce_witness *witness);

/* An HTTP response as C2SP tlog-witness has it. */
struct adduce_response {
  int status;
  const char *content_type;
  struct adduce_span body;
};

#define ADDUCE_WITNESS_REQUEST_BYTES ((size_t)256 << 10)

/* Answers a request; the new state is on the disk before the cosignature is in the response.
 * `path` begins with a slash; `body` of more than ADDUCE_WITNESS_REQUEST_BYTES is a bad request.
 * Errors: those of keeping the state; the response then says 500. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_witness_answer(
    struct adduce_scope *scope, const struct adduce_witness *witness,
    struct adduce_response *response, const char *method, const char *path,
    struct adduce_span body);

/* What to send a witness: the add-checkpoint body for the latest checkpoint, from `old_size` on
 * (0 when it is not known: a 409 says it). Errors: ADDUCE_E_POSITION. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_cosign_request(struct adduce_scope *scope,
                                                                 struct adduce_ledger *ledger,
                                                                 struct adduce_span *request,
                                                                 uint64_t *size, uint64_t old_size);

/* Keeps the cosignatures of `answer`, signature lines by witnesses of `policy`, with the
 * checkpoint of `size`; `*added` is how many were new. Errors: ADDUCE_E_NOTE, ADDUCE_E_SIGNATURE,
 * ADDUCE_E_POSITION (no such checkpoint is kept), those of writing files. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_cosign_keep(struct adduce_scope *scope,
                                                              struct adduce_ledger *ledger,
                                                              size_t *added, uint64_t size,
                                                              struct adduce_span answer,
                                                              const struct adduce_policy *policy);

/* The largest checkpoint with cosignatures that were kept, at or above `at_least` entries; NULL
 * if there is none. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_cosigned(struct adduce_scope *scope,
                                                           struct adduce_ledger *ledger,
                                                           const char **note, uint64_t at_least);

/* --- timestamps by outsiders (RFC 3161) -----------------------------------------------------*/

/* The request to a time-stamping authority for the checkpoint of the latest size, which is kept.
 * `request` is DER, to be sent as application/timestamp-query. Errors: ADDUCE_E_MEMORY. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_timestamp_request(struct adduce_scope *scope,
                                                                    struct adduce_ledger *ledger,
                                                                    struct adduce_span *request,
                                                                    uint64_t *size);

/* Verifies a response (DER, application/timestamp-reply) against the checkpoint of `size` and the
 * authority's certificates (PEM), and keeps it with the checkpoint. `*until_us` is the upper bound
 * it gives: the authority's time and the accuracy it states. Errors: ADDUCE_E_TIMESTAMP (not
 * granted, or it does not verify: with the reason), ADDUCE_E_FORM (no response, or no certificate),
 * ADDUCE_E_TOO_LARGE, ADDUCE_E_POSITION (no checkpoint of `size` is kept). */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_timestamp_keep(struct adduce_scope *scope,
                                                                 struct adduce_ledger *ledger,
                                                                 int64_t *until_us, uint64_t size,
                                                                 struct adduce_span response,
                                                                 struct adduce_span certificates);

/* The timestamps that are kept, by size: a list of {size, time, until, authority, serial,
 * verified, last_recorded_at?, contradicted?}; with `certificates` also verified. `until` (`time`
 * and the accuracy that is stated) is an upper bound of the recorded time of the entries below
 * `size`; `last_recorded_at` is what the log says of the last of them, `contradicted` whether that
 * is later, which shows that one of the two clocks is wrong.
 * Errors: ADDUCE_E_TIMESTAMP (one does not verify), ADDUCE_E_FORM, with the file. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_timestamp_list(struct adduce_scope *scope,
                                                                 struct adduce_ledger *ledger,
                                                                 const struct adduce_value **list,
                                                                 struct adduce_span certificates);

/* What they say of one event: {index, id, recorded_at, until?, timestamps: as in the list, those
 * of a size above its index}; `until` is the least of theirs, and not there when there is none.
 * Errors: as adduce_timestamp_list and adduce_resolve. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_timestamp_bound(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **report,
    const char *event, struct adduce_span certificates);

#ifdef __cplusplus
}
#endif
#endif
