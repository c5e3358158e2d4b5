/* SPDX-License-Identifier: Apache-2.0 */
/* The media type of a file, from its first bytes, then from its name. */
#ifndef ADDUCE_CLI_MEDIA_H
#define ADDUCE_CLI_MEDIA_H

#include "text.h"

/* "application/octet-stream" when nothing says more. */
const char *media_type(const char *path);

#endif
