/* SPDX-License-Identifier: Apache-2.0 */
/* The vocabulary's examples, made so that they can be pasted. */
#ifndef ADDUCE_CLI_EXAMPLE_H
#define ADDUCE_CLI_EXAMPLE_H

#include "text.h"

/* An example names events that no ledger has. References that the writer adds by itself are left
 * out, and citations; an event acted on becomes #1. `json` is one claim. */
const char *example_to_paste(const char *json);

#endif
