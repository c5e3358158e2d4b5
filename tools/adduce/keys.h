/* SPDX-License-Identifier: Apache-2.0 */
/* Key files by name, and the two signers of a session: the author's and the log's. */
#ifndef ADDUCE_CLI_KEYS_H
#define ADDUCE_CLI_KEYS_H

#include "secret.h"

#define KEYS_DEFAULT "default"

/* The folder of keys, made if it is missing. Errors: ADDUCE_E_NO_FILE, those of the system. */
ADDUCE_MUST_USE enum adduce_err keys_folder(struct session *session, const char **folder);

/* The file of a key: NAME.key in the folder, or the name itself if it is a path.
 * Errors: ADDUCE_E_USAGE (no name for a key). */
ADDUCE_MUST_USE enum adduce_err keys_path(struct session *session, const char **path,
                                          const char *name);

/* The name of the author's key: --key, $ADDUCE_KEY or "default". */
const char *keys_author_name(const struct session *session);

/* The name of the key file of a log: "log-" and the origin. */
const char *keys_log_name(const char *origin);

/* Names in the folder, in order; ends with NULL. */
ADDUCE_MUST_USE enum adduce_err keys_list(struct session *session, const char *const **names);

/* Opens a key file, asking for its passphrase if it has one. */
ADDUCE_MUST_USE enum adduce_err keys_open(struct session *session, struct adduce_signer **signer,
                                          const char *path, const char *whose);

/* Makes a key and its file. With `protect` under a new passphrase, which is asked for. */
ADDUCE_MUST_USE enum adduce_err keys_make(struct session *session, struct adduce_signer **signer,
                                          const char *path, enum adduce_purpose purpose,
                                          bool protect, const char *whose);

/* Opens the author's signer into the session: a key file or, with --agent, a key of the agent. */
ADDUCE_MUST_USE enum adduce_err keys_open_author(struct session *session);

/* Opens the signer of the log with this verifier key into the session: the key file whose key
 * it is. Errors: ADDUCE_E_NO_FILE if none of them is. */
ADDUCE_MUST_USE enum adduce_err keys_open_log(struct session *session, const char *origin,
                                              const char *vkey);

/* The public key that a word names: 64 hexadecimal digits, the name of a key file, or the first
 * digits of a key that the ledger knows, if one is open.
 * Errors: ADDUCE_E_NOT_FOUND, ADDUCE_E_AMBIGUOUS. */
ADDUCE_MUST_USE enum adduce_err keys_named(struct session *session, struct adduce_key *key,
                                           const char *word);

/* The keys of --seal. Errors: those of keys_named, ADDUCE_E_USAGE (too many). */
#define KEYS_SEAL_MAX 256
ADDUCE_MUST_USE enum adduce_err keys_to_seal(struct session *session, struct adduce_key *keys,
                                             size_t *count);

/* The key of --open-with, for what is sealed; NULL when it is not given. Errors: those of
 * keys_open. */
ADDUCE_MUST_USE enum adduce_err keys_to_open(struct session *session,
                                             struct adduce_signer **signer);

/* The author that a filter asks for: a word that is not hexadecimal digits becomes those of the key
 * that it names. NULL stays. Errors: those of keys_named. */
ADDUCE_MUST_USE enum adduce_err keys_of_filter(struct session *session, const char **author);

#endif
