/* SPDX-License-Identifier: Apache-2.0 */
/* Values in words: the maps of the vocabulary (quantities, periods, spellings, attributions,
 * citations, selectors) as people would say them, others as they are. Nothing is left out: what
 * has no words of its own follows by its name. */
#ifndef ADDUCE_CLI_WORDS_H
#define ADDUCE_CLI_WORDS_H

#include "text.h"

/* In one line, clean. NULL is nothing. */
void words_write(FILE *out, const struct adduce_value *value);

/* One selector, or a list of them. */
void words_write_selectors(FILE *out, const struct adduce_value *selectors);

#endif
