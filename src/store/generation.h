/* SPDX-License-Identifier: Apache-2.0 */
/* Generations: which file of a store's folder is the current one. CURRENT holds its number, in
 * decimal, and a newline; generation G is `data-G.mdb`. */
#ifndef STORE_GENERATION_H
#define STORE_GENERATION_H

#include "base/scope.h"

/* `FOLDER/CURRENT`, and the file of a generation; in the scope. */
const char *generation_current_path(struct adduce_scope *scope, const char *folder);
const char *generation_data_path(struct adduce_scope *scope, const char *folder,
                                 uint64_t generation);

/* Errors: ADDUCE_E_NOT_A_LEDGER (there is no CURRENT), ADDUCE_E_CORRUPT, ADDUCE_E_IO. */
MUST_USE enum adduce_err generation_read(struct adduce_scope *scope, uint64_t *generation,
                                         const char *folder);

/* Makes it the current one, durably. Errors: as file_write; the old one stays current then. */
MUST_USE enum adduce_err generation_write(struct adduce_scope *scope, const char *folder,
                                          uint64_t generation);

/* Removes the files of one generation. Who still has it open keeps it until he leaves it; its bytes
 * are gone from the folder at once. Errors: as file_remove. */
MUST_USE enum adduce_err generation_remove(struct adduce_scope *scope, const char *folder,
                                           uint64_t generation);

/* Removes the files of every other generation, and what a crash left of writing CURRENT. Only for
 * who holds the write transaction of the current generation: nobody else makes a next one then.
 * Errors: as file_remove. */
MUST_USE enum adduce_err generation_remove_others(struct adduce_scope *scope, const char *folder,
                                                  uint64_t generation);

#endif
