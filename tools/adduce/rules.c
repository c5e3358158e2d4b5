/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <string.h>

#include "evidence.h"
#include "place.h"

static bool looks_like_path(const char *written) {
  return strpbrk(written, "/.") != NULL;
}

enum adduce_err rules_read(struct session *session, const char **policy, const char *written) {
  struct adduce_span bytes;
  *policy = written;
  if (written == NULL || strcmp(written, "none") == 0 || strcmp(written, "in-force") == 0)
    return ADDUCE_OK;
  if (!place_exists(written) && !looks_like_path(written)) return ADDUCE_OK;
  TRY(evidence_read(session, &bytes, written));
  const char *text = text_format("%.*s", (int)bytes.size, (const char *)bytes.data);
  char first = text[strspn(text, " \t\r\n")];
  if (strlen(text) != bytes.size || (first != '{' && first != '['))
    return session_fail(session, ADDUCE_E_JSON,
                        "%s holds no policy: a JSON list of rules, or an object with \"rules\"",
                        written);
  *policy = text;
  return ADDUCE_OK;
}
