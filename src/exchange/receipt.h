/* SPDX-License-Identifier: Apache-2.0 */
/* A receipt: what the recipient of a bundle states to have received and done with it, a signed note
 * by its key over
 *
 *   adduce/receipt/v1
 *   origin partner.example             (the ledger that received it)
 *   genesis <64 hex>
 *   source monitor.example             (the ledger it came from)
 *   source-genesis <64 hex>
 *   manifest <64 hex>
 *   count 6
 *   admitted 6
 *   present 0
 *   quarantined 0
 *   refused 0
 *   key <64 hex>                       (of who signs; the note's name is the origin)
 *   time 2026-11-24T15:00:00.123456Z
 *   proof <base64 of a tlog-proof>     (of the bundle.imported; absent when nothing was admitted)
 */
#ifndef EXCHANGE_RECEIPT_H
#define EXCHANGE_RECEIPT_H

#include "crypto/note.h"
#include "crypto/signer.h"

#define RECEIPT_FIRST_LINE "adduce/receipt/v1"

struct receipt {
  struct adduce_span origin, source;
  struct adduce_id genesis, source_genesis;
  struct adduce_hash manifest;
  uint64_t count, admitted, present, quarantined, refused;
  struct adduce_key key;
  int64_t time_us;
  struct adduce_span proof; /* a tlog-proof; empty if there is none */
};

/* Signs; `receipt->key` is the signer's. Errors: ADDUCE_E_NOTE (a name), those of signing. */
MUST_USE enum adduce_err receipt_sign(struct adduce_scope *scope, struct adduce_span *note,
                                      const struct receipt *receipt, const struct signer *signer);

/* True iff it begins as one. */
bool receipt_is(struct adduce_span bytes);

/* Reads one and verifies that the key it names signed it. Errors: ADDUCE_E_NOTE,
 * ADDUCE_E_SIGNATURE, ADDUCE_E_KEY, ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY; `*receipt` is zero then.
 */
MUST_USE enum adduce_err receipt_open(struct adduce_scope *scope, struct receipt *receipt,
                                      struct adduce_span bytes);

#endif
