/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/place.h"

#include "base/buffer.h"

static void write(struct buffer *buffer, const struct place *place) {
  if (place->outer == NULL) return;
  write(buffer, place->outer);
  if (place->key.data == NULL)
    buffer_format(buffer, "[%zu]", place->index);
  else
    buffer_format(buffer, "%s%.*s", place->outer->outer == NULL ? "" : ".", SPAN_ARGS(place->key));
}

const char *place_name(struct adduce_scope *scope, const struct place *place) {
  struct buffer buffer;
  struct adduce_span text;
  if (place->outer == NULL) return "the value";
  buffer_init(&buffer, scope);
  buffer_text(&buffer, "field ");
  write(&buffer, place);
  return buffer_take(&buffer, &text) == ADDUCE_OK ? (const char *)text.data : "a field";
}
