/* SPDX-License-Identifier: Apache-2.0 */
/* adduce: a ledger of signed claims.
 *
 * The page of rules
 *
 *  1. Arguments come in this order: scope or handle, outputs, in-outs, inputs. A length follows
 *     its array. Pointers are not NULL unless it is said. Text is UTF-8 and ends in a NUL.
 *  2. What a call returns lives until its scope is reset or closed. Handles (signer, ledger,
 *     writer) live until they are closed; close takes the handle's address, sets it to NULL,
 *     and accepts NULL.
 *  3. A scope belongs to one thread at a time. A ledger may be shared by threads, each with its
 *     own scope; a writer belongs to one thread. After fork, use nothing that was open.
 *  4. Every call that can fail returns enum adduce_err, which must be looked at; the detail
 *     (what, where, what to do) is in the scope. Outputs are valid only after ADDUCE_OK, unless
 *     it is said.
 *  5. Three kinds of failure stay apart. Bad input: an error, and nothing has changed. A broken
 *     contract (rule 1): ADDUCE_E_USAGE where it can be seen, and nothing has changed. A broken
 *     invariant of ours: the process aborts before a wrong byte is signed or written.
 *  6. The library never prints, never exits, starts no thread or process that outlives the call,
 * and reads no environment variable but SSH_AUTH_SOCK where a header says so.
 *  7. Sizes are in bytes, times in microseconds since 1970 UTC where the name ends in _us. */
#ifndef ADDUCE_H
#define ADDUCE_H

#include "adduce/custody.h"
#include "adduce/digest.h"
#include "adduce/erase.h"
#include "adduce/error.h"
#include "adduce/exchange.h"
#include "adduce/history.h"
#include "adduce/ledger.h"
#include "adduce/proof.h"
#include "adduce/query.h"
#include "adduce/scope.h"
#include "adduce/signer.h"
#include "adduce/sync.h"
#include "adduce/types.h"
#include "adduce/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library, "MAJOR.MINOR.PATCH". */
ADDUCE_API const char *adduce_version(void);

#ifdef __cplusplus
}
#endif
#endif
