/* SPDX-License-Identifier: Apache-2.0 */
#include "example.h"

#include <string.h>

/* The end of the list that begins at `open`, or of the text. */
static const char *list_end(const char *open) {
  size_t depth = 0;
  bool in_text = false;
  for (const char *at = open; *at != '\0'; at++) {
    if (*at == '\\' && at[1] != '\0') {
      at++;
      continue;
    }
    if (*at == '"') in_text = !in_text;
    if (in_text) continue;
    if (*at == '[') depth++;
    if (*at == ']' && --depth == 0) return at + 1;
  }
  return open + strlen(open);
}

/* The text with its list `key` replaced by `other`, or left out with its comma where that is "". */
static const char *replace_list(const char *json, const char *key, const char *other) {
  const char *named = text_format("\"%s\":[", key), *begin = strstr(json, named);
  if (begin == NULL) return json;
  const char *end = list_end(begin + strlen(named) - 1);
  if (other[0] == '\0') {
    if (*end == ',')
      end++;
    else
      while (begin > json && (begin[-1] == ',' || begin[-1] == ' ')) begin--;
  }
  return text_format("%.*s%s%s", (int)(begin - json), json, other, end);
}

const char *example_to_paste(const char *json) {
  static const char *const acting[] = {"target", "source", "hold"};
  const char *refs = "";
  for (size_t i = 0; i < sizeof acting / sizeof *acting; i++)
    if (strstr(json, text_format("[\"%s\",", acting[i])) != NULL)
      refs = text_format("\"refs\":[[\"%s\",\"#1\"]]", acting[i]);
  return replace_list(replace_list(json, "refs", refs), "citations", "");
}
