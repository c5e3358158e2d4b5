/* SPDX-License-Identifier: Apache-2.0 */
#include "moment.h"

#include <string.h>

#include "evidence.h"

enum adduce_err moment_read(struct session *session, const char **position, const char *written) {
  struct adduce_span bytes;
  *position = written;
  if (written == NULL || written[0] != '@') return ADDUCE_OK;
  TRY(evidence_read(session, &bytes, written + 1));
  if (bytes.size == 0 || memchr(bytes.data, '\0', bytes.size) != NULL ||
      memchr(bytes.data, '\n', bytes.size) == NULL)
    return session_fail(session, ADDUCE_E_NOTE, "%s is no checkpoint", written + 1);
  *position = text_format("%.*s", (int)bytes.size, (const char *)bytes.data);
  return ADDUCE_OK;
}
