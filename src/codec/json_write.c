/* SPDX-License-Identifier: Apache-2.0 */
/* adduce_value_to_json, written straight into the scope: jansson would want a second tree, and
 * memory outside the scope. */
#include "base/hex.h"
#include "codec/base64.h"
#include "codec/canonical.h"
#include "codec/value.h"

#define ID_BYTES 32

struct writer {
  struct buffer *buffer;
  bool is_pretty;
  unsigned depth;
};

static void write_value(struct writer *writer, const struct adduce_value *value);

/* The bytes from `text` that stand for themselves. Others are control characters, which must not
 * reach a terminal from somebody else's claim: C0, DEL, C1 (c2 80 to c2 9f). */
static size_t plain_size(struct adduce_span text) {
  size_t i = 0;
  while (i < text.size) {
    uint8_t byte = text.data[i];
    if (byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7f) break;
    if (byte == 0xc2 && i + 1 < text.size && text.data[i + 1] < 0xa0) break;
    i++;
  }
  return i;
}

/* Writes the character at the front of `text` as an escape; the result is its size. */
static size_t write_escape(struct buffer *buffer, struct adduce_span text) {
  static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
  uint8_t byte = text.data[0];
  if (byte == 0xc2) {
    buffer_format(buffer, "\\u%04x", text.data[1]);
    return 2;
  }
  const char *found = byte == 0 ? NULL : strchr(from, byte);
  if (found != NULL)
    buffer_format(buffer, "\\%c", to[found - from]);
  else
    buffer_format(buffer, "\\u%04x", byte);
  return 1;
}

static void write_valid(struct buffer *buffer, struct adduce_span text) {
  size_t i = 0;
  while (i < text.size) {
    struct adduce_span rest = span_of(text.data + i, text.size - i);
    size_t plain = plain_size(rest);
    buffer_append(buffer, rest.data, plain);
    i += plain;
    if (plain < rest.size) i += write_escape(buffer, span_of(rest.data + plain, rest.size - plain));
  }
}

/* Answers may quote what is not UTF-8, a file name for example; each bad byte becomes U+FFFD. */
static void write_text(struct buffer *buffer, const char *prefix, struct adduce_span text) {
  size_t bad;
  buffer_byte(buffer, '"');
  buffer_text(buffer, prefix);
  while (!canonical_text(text, &bad)) {
    write_valid(buffer, span_of(text.data, bad));
    buffer_text(buffer, text.data[bad] == 0 ? "\\u0000" : "\\ufffd");
    text = span_of(text.data + bad + 1, text.size - bad - 1);
  }
  write_valid(buffer, text);
  buffer_byte(buffer, '"');
}

static void write_bytes(struct buffer *buffer, struct adduce_span bytes) {
  if (bytes.size == ID_BYTES) {
    buffer_format(buffer, "{\"$id\": \"%s\"}", hex_text32(bytes.data).text);
    return;
  }
  buffer_text(buffer, "{\"$bytes\": \"");
  base64_encode(buffer, bytes);
  buffer_text(buffer, "\"}");
}

/* What stands before item `index` of a container. */
static void write_gap(const struct writer *writer, size_t index) {
  if (index != 0) buffer_text(writer->buffer, writer->is_pretty ? "," : ", ");
  if (!writer->is_pretty) return;
  buffer_byte(writer->buffer, '\n');
  for (unsigned i = 0; i < writer->depth; i++) buffer_text(writer->buffer, "  ");
}

static void write_end(struct writer *writer, size_t count, char end) {
  writer->depth--;
  if (count != 0 && writer->is_pretty) write_gap(writer, 0);
  buffer_byte(writer->buffer, (uint8_t)end);
}

static void write_list(struct writer *writer, const struct adduce_value *list) {
  size_t count = list->as.list.count;
  buffer_byte(writer->buffer, '[');
  writer->depth++;
  for (size_t i = 0; i < count; i++) {
    write_gap(writer, i);
    write_value(writer, list->as.list.items[i]);
  }
  write_end(writer, count, ']');
}

static void write_map(struct writer *writer, const struct adduce_value *map) {
  size_t count = map->as.map.count;
  buffer_byte(writer->buffer, '{');
  writer->depth++;
  for (size_t i = 0; i < count; i++) {
    const struct value_pair *pair = &map->as.map.pairs[i];
    write_gap(writer, i);
    bool is_marked = count == 1 && pair->key.size != 0 && pair->key.data[0] == '$';
    write_text(writer->buffer, is_marked ? "$" : "", pair->key);
    buffer_text(writer->buffer, ": ");
    write_value(writer, pair->value);
  }
  write_end(writer, count, '}');
}

static void write_value(struct writer *writer, const struct adduce_value *value) {
  switch (value->type) {
    case ADDUCE_BOOLEAN:
      buffer_text(writer->buffer, value->as.boolean ? "true" : "false");
      break;
    case ADDUCE_INTEGER:
      buffer_format(writer->buffer, "%lld", (long long)value->as.integer);
      break;
    case ADDUCE_TEXT:
      write_text(writer->buffer, "", value->as.bytes);
      break;
    case ADDUCE_BYTES:
      write_bytes(writer->buffer, value->as.bytes);
      break;
    case ADDUCE_LIST:
      write_list(writer, value);
      break;
    case ADDUCE_MAP:
      write_map(writer, value);
      break;
  }
}

enum adduce_err adduce_value_to_json(struct adduce_scope *scope, const char **json,
                                     const struct adduce_value *value, bool pretty) {
  struct buffer buffer;
  struct adduce_span text;
  *json = "";
  TRY(value_finish(scope)); /* a builder that ran out of memory left holes */
  buffer_init(&buffer, scope);
  struct writer writer = {.buffer = &buffer, .is_pretty = pretty};
  write_value(&writer, value);
  TRY(buffer_take(&buffer, &text));
  *json = (const char *)text.data;
  return ADDUCE_OK;
}
