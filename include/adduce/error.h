/* SPDX-License-Identifier: Apache-2.0 */
/* Every error adduce can return: one table, read by the library, the exit status of the
 * command line, a later HTTP interface and the documentation. */
#ifndef ADDUCE_ERROR_H
#define ADDUCE_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* X(symbol, code, name, exit status, HTTP status, sentence)
 *
 * The high byte of a code is its class: 01 usage, 02 system, 03 decode, 04 schema,
 * 05 cryptography, 06 store, 07 log and admission, 08 exchange and proofs, 09 questions.
 * Exit statuses: 0 done, 1 checked and found wrong, 2 wrong call, 3 bad input,
 * 4 refused (not allowed), 5 no such thing, 6 the ledger is damaged, 7 the machine failed. */
/* clang-format off: one error a line, as in a table */
#define ADDUCE_ERRORS(X)                                                                           \
  X(ADDUCE_OK, 0x0000, "ok", 0, 200, "done")                                                       \
  X(ADDUCE_E_USAGE, 0x0101, "usage", 2, 400, "the call itself is wrong")                           \
  X(ADDUCE_E_AMBIGUOUS, 0x0102, "ambiguous", 2, 400, "the shortened id fits several events")       \
  X(ADDUCE_E_MEMORY, 0x0201, "memory", 7, 503, "memory ran out, or the scope's limit was reached") \
  X(ADDUCE_E_IO, 0x0202, "io", 7, 500, "the system failed to read or write")                       \
  X(ADDUCE_E_DISK_FULL, 0x0203, "disk-full", 7, 507, "the disk has no room")                       \
  X(ADDUCE_E_READ_ONLY, 0x0204, "read-only", 7, 403, "the ledger or its folder can only be read")  \
  X(ADDUCE_E_EXISTS, 0x0205, "exists", 2, 409, "it exists already")                                \
  X(ADDUCE_E_NO_FILE, 0x0206, "no-file", 5, 404, "there is no such file or folder")                \
  X(ADDUCE_E_PERMISSION, 0x0207, "permission", 7, 403, "the system does not permit it")            \
  X(ADDUCE_E_FILESYSTEM, 0x0208, "filesystem", 7, 500, "this file system cannot hold a ledger")    \
  X(ADDUCE_E_INTERRUPTED, 0x0209, "interrupted", 7, 503, "interrupted before it was done")         \
  X(ADDUCE_E_NOT_CANONICAL, 0x0301, "not-canonical", 3, 422,                                       \
    "the bytes are not canonical MessagePack")                                                     \
  X(ADDUCE_E_FORM, 0x0302, "form", 3, 422, "the bytes are not of the form expected here")          \
  X(ADDUCE_E_VERSION, 0x0303, "version", 3, 422, "a version this program does not know")           \
  X(ADDUCE_E_TOO_LARGE, 0x0304, "too-large", 3, 413, "larger than the format allows")              \
  X(ADDUCE_E_JSON, 0x0305, "json", 3, 400, "the text is not JSON that adduce can take")            \
  X(ADDUCE_E_TEXT, 0x0306, "text", 3, 422, "the text is not valid UTF-8 or holds a NUL")           \
  X(ADDUCE_E_KIND, 0x0401, "kind", 3, 422, "no such kind of claim is declared")                    \
  X(ADDUCE_E_FIELD, 0x0402, "field", 3, 422, "the kind has no such field")                         \
  X(ADDUCE_E_TYPE, 0x0403, "type", 3, 422, "the value has the wrong type")                         \
  X(ADDUCE_E_MISSING, 0x0404, "missing", 3, 422, "a required field is missing")                    \
  X(ADDUCE_E_VALUE, 0x0405, "value", 3, 422, "the value is outside what the field allows")         \
  X(ADDUCE_E_REFERENCE, 0x0406, "reference", 3, 422,                                               \
    "a reference leads to nothing, or to the wrong thing")                                         \
  X(ADDUCE_E_SIGNATURE, 0x0501, "signature", 3, 422, "the signature does not verify")              \
  X(ADDUCE_E_KEY, 0x0502, "key", 3, 422, "not an acceptable Ed25519 public key")                   \
  X(ADDUCE_E_PASSPHRASE, 0x0503, "passphrase", 4, 403, "the passphrase is missing or wrong")       \
  X(ADDUCE_E_KEY_FILE, 0x0504, "key-file", 3, 422,                                                 \
    "the key file is damaged, unsafe or of another kind")                                          \
  X(ADDUCE_E_AGENT, 0x0505, "agent", 7, 502, "the ssh-agent did not sign")                         \
  X(ADDUCE_E_COMMITMENT, 0x0506, "commitment", 3, 422,                                             \
    "the content does not match its commitment")                                                   \
  X(ADDUCE_E_NOTE, 0x0507, "note", 3, 422, "not a well-formed signed note or checkpoint")          \
  X(ADDUCE_E_NOT_A_LEDGER, 0x0601, "not-a-ledger", 5, 404, "there is no ledger here")              \
  X(ADDUCE_E_NEWER, 0x0602, "newer", 6, 500, "the ledger was written by a newer version")          \
  X(ADDUCE_E_CORRUPT, 0x0603, "corrupt", 6, 500, "the ledger's files are damaged")                 \
  X(ADDUCE_E_OUTCOME_UNKNOWN, 0x0604, "outcome-unknown", 7, 500,                                   \
    "the commit failed midway; reopen and append again")                                           \
  X(ADDUCE_E_UNAUTHORIZED, 0x0701, "unauthorized", 4, 403, "the key is not authorized for this")   \
  X(ADDUCE_E_REVOKED, 0x0702, "revoked", 4, 403, "the key was revoked before this position")       \
  X(ADDUCE_E_ROLLBACK, 0x0703, "rollback", 6, 409, "the ledger is older than its head lock")       \
  X(ADDUCE_E_FORK, 0x0704, "fork", 6, 409,                                                         \
    "the ledger and its head lock have different histories")                                       \
  X(ADDUCE_E_NO_LOCK, 0x0705, "no-lock", 4, 409,                                                   \
    "no head lock vouches for this copy; it can only be read")                                     \
  X(ADDUCE_E_CLOCK, 0x0706, "clock", 4, 409,                                                       \
    "the clock is more than a day ahead of the last entry")                                        \
  X(ADDUCE_E_OTHER_LEDGER, 0x0707, "other-ledger", 4, 409,                                         \
    "the control event names another ledger")                                                      \
  X(ADDUCE_E_REFUSED, 0x0708, "refused", 4, 422,                                                   \
    "the batch was refused; nothing of it was written")                                            \
  X(ADDUCE_E_QUARANTINED, 0x0709, "quarantined", 4, 202, "kept in quarantine, outside the log")    \
  X(ADDUCE_E_HELD, 0x070a, "held", 4, 409, "a hold forbids to erase this")                         \
  X(ADDUCE_E_PROOF, 0x0801, "proof", 1, 422, "the proof does not verify")                          \
  X(ADDUCE_E_POLICY, 0x0811, "policy", 3, 422, "not a well-formed policy")                         \
  X(ADDUCE_E_QUORUM, 0x0812, "quorum", 1, 422, "the checkpoint does not meet the policy")          \
  X(ADDUCE_E_EQUIVOCATION, 0x0813, "equivocation", 1, 409,                                         \
    "two signed statements of one log cannot both be true")                                        \
  X(ADDUCE_E_TIMESTAMP, 0x0814, "timestamp", 1, 422, "the timestamp does not verify")              \
  X(ADDUCE_E_REMOTE, 0x0815, "remote", 7, 502,                                                     \
    "the other side did not answer as the protocol says")                                          \
  X(ADDUCE_E_NOT_FOUND, 0x0901, "not-found", 5, 404, "no such event, subject or field")            \
  X(ADDUCE_E_POSITION, 0x0902, "position", 5, 416, "no such position in the log")                  \
  X(ADDUCE_E_FAILED, 0x0903, "failed", 1, 422, "the check found something wrong")                  \
  X(ADDUCE_E_NOT_COMPARABLE, 0x0904, "not-comparable", 5, 409,                                     \
    "the two digests are of different things and cannot be compared")
/* clang-format on */

enum adduce_err {
#define ADDUCE_ERROR_ENUM(symbol, code, name, exit_status, http, sentence) symbol = code,
  ADDUCE_ERRORS(ADDUCE_ERROR_ENUM)
#undef ADDUCE_ERROR_ENUM
};

/* The result must be used. */
#if defined(__GNUC__)
#define ADDUCE_MUST_USE __attribute__((warn_unused_result))
#else
#define ADDUCE_MUST_USE
#endif

/* Marks what the shared library exports. */
#if defined(__GNUC__)
#define ADDUCE_API __attribute__((visibility("default")))
#else
#define ADDUCE_API
#endif

/* What `err` means, as one sentence without a full stop. Static text; never NULL. */
ADDUCE_API const char *adduce_error_sentence(enum adduce_err err);

/* The stable name of `err`, as `--json` prints it ("not-canonical"). Static text; never NULL. */
ADDUCE_API const char *adduce_error_name(enum adduce_err err);

/* The exit status of a command that ends with `err`: 0 to 7, see above. */
ADDUCE_API int adduce_error_exit(enum adduce_err err);

/* The HTTP status of a response that ends with `err`. */
ADDUCE_API int adduce_error_http(enum adduce_err err);

#ifdef __cplusplus
}
#endif
#endif
