/* SPDX-License-Identifier: Apache-2.0 */
/* Memory in bulk, which is filled again and again. It comes in large pages where the system has
 * them: touching it for the first time then costs some hundred times less. */
#ifndef SYS_PAGES_H
#define SYS_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `size` bytes, zeroed, of which only what is touched is used; NULL when there is no memory. */
uint8_t *pages_take(size_t size);

/* Gives them back; NULL is fine. */
void pages_return(uint8_t *pages, size_t size);

/* For a child that is to know nothing of its parent's: unmaps in this process the memory that its
 * owner keeps out of core dumps, which is where secrets are (libsodium's, a host's own), whatever
 * its protection. Other processes keep theirs. Takes no memory and no lock. False when the system
 * does not say which that is; then something may be left. */
bool pages_drop_secrets(void);

/* Pages that several threads take pieces of, and that are emptied at once. */
struct pages_pool {
  uint8_t *bytes; /* NULL: there is nothing to take */
  size_t size;
  _Atomic size_t used;
};

/* False when there is no memory; the pool is empty then. */
bool pages_pool_open(struct pages_pool *pool, size_t size);
void pages_pool_close(struct pages_pool *pool);

/* `size` bytes, at a multiple of 64, with whatever stands there; NULL when they are not left. */
void *pages_pool_take(struct pages_pool *pool, size_t size);

/* Takes back all that was taken. */
void pages_pool_reset(struct pages_pool *pool);

#endif
