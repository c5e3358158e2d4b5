/* SPDX-License-Identifier: Apache-2.0 */
/* Where things are: the ledger, the keys and the head locks.
 *
 *   ledger  -C DIR: DIR/.adduce, or DIR itself; else $ADDUCE_LEDGER; else the nearest .adduce in
 * the working folder or above it keys    $ADDUCE_KEYS, else
 * ${XDG_CONFIG_HOME:-~/.config}/adduce/keys heads   $ADDUCE_HEADS, else
 * ${XDG_STATE_HOME:-~/.local/state}/adduce/heads: outside every ledger, or a ledger put back from a
 * copy would bring its own head lock */
#ifndef ADDUCE_CLI_PLACE_H
#define ADDUCE_CLI_PLACE_H

#include "text.h"

/* The ledger; NULL if there is none. `folder` is the argument of -C, or NULL. */
const char *place_ledger(const char *folder);

/* Where a new ledger goes: FOLDER/.adduce, $ADDUCE_LEDGER or ./.adduce. */
const char *place_new_ledger(const char *folder);

/* NULL when neither the variables nor the user's home say where. */
const char *place_keys(void);
const char *place_heads(void);

/* Makes a folder with those above it, for this user only. False, with errno, if that failed. */
bool place_make(const char *folder);

bool place_is_folder(const char *path);
bool place_exists(const char *path);

#endif
