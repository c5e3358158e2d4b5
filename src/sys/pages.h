/* SPDX-License-Identifier: Apache-2.0 */
/* Memory in bulk, which is filled again and again. It comes in large pages where the system has
 * them: touching it for the first time then costs some hundred times less. */
#ifndef SYS_PAGES_H
#define SYS_PAGES_H

#include <stddef.h>
#include <stdint.h>

/* `size` bytes, zeroed, of which only what is touched is used; NULL when there is no memory. */
uint8_t *pages_take(size_t size);

/* Gives them back; NULL is fine. */
void pages_return(uint8_t *pages, size_t size);

#endif
