/* SPDX-License-Identifier: Apache-2.0 */
/* What a witness keeps, in a folder, and how it answers (exchange/witness.h decides). For each
 * origin, under the lower-case hex of its SHA-256:
 *
 *     HEX.state   two checksummed slots: canonical [origin, size, root, time]; what was cosigned
 *                 last. Locked from before it is read until the new one is durable.
 *     HEX.note    that checkpoint with the log's and our signatures, for monitors
 *     HEX-SIZE.equivocation   evidence, when the log showed us two roots of one size
 *
 * Order: the state is durable, then the note, then the cosignature leaves. */
#ifndef EXCHANGE_WITNESSFOLDER_H
#define EXCHANGE_WITNESSFOLDER_H

#include "exchange/policy.h"
#include "exchange/witness.h"

struct witnessfolder {
  const char *folder;
  struct adduce_span name; /* of the witness's key */
  const struct signer *signer;
  const struct policy *policy; /* its logs are those that are known */
};

struct witnessfolder_answer {
  int status;
  const char *content_type;
  struct adduce_span body;
};

/* Answers add-checkpoint. Errors: those of keeping the state and of signing (nothing was
 * cosigned then); ADDUCE_E_CORRUPT (the state is damaged). */
MUST_USE enum adduce_err witnessfolder_add(struct adduce_scope *scope,
                                           const struct witnessfolder *witness,
                                           struct witnessfolder_answer *answer,
                                           struct adduce_span body, int64_t now_s);

/* Answers a monitor's GET /HEX/checkpoint; `hex` need not be terminated after 64 characters.
 * Errors: those of reading. */
MUST_USE enum adduce_err witnessfolder_monitor(struct adduce_scope *scope,
                                               const struct witnessfolder *witness,
                                               struct witnessfolder_answer *answer,
                                               struct adduce_span hex);

#endif
