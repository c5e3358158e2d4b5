/* SPDX-License-Identifier: Apache-2.0 */
#include "event/content.h"

#include "base/bigendian.h"
#include "base/buffer.h"
#include "codec/pack.h"

#define TAG_VALUE 0x10
#define TAG_LIST 0x11
#define TAG_ELEMENT 0x12
#define VALUE_BYTES 239 /* of a value that is put into one piece with what stands before it */

/* --- salts -------------------------------------------------------------------------------- */

static const char salt_prefix[] = "adduce/salt/v1\n";

#define PREFIX_BYTES (sizeof salt_prefix - 1)

/* A key as canonical text, by hand: keys are short, and this is done for every field of every
 * event that is verified. Gives the number of bytes. */
static size_t write_key(uint8_t *out, struct adduce_span key) {
  size_t head = 1;
  if (key.size < 32) {
    out[0] = (uint8_t)(0xa0 | key.size);
  } else {
    out[0] = 0xd9;
    out[1] = (uint8_t)key.size;
    head = 2;
  }
  memcpy(out + head, key.data, key.size);
  return head + key.size;
}

static size_t write_index(uint8_t *out, int64_t index) {
  if (index < 128) {
    out[0] = (uint8_t)index;
    return 1;
  }
  if (index < 256) {
    out[0] = 0xcc;
    out[1] = (uint8_t)index;
    return 2;
  }
  out[0] = 0xcd;
  bigendian_put16(out + 1, (uint16_t)index);
  return 3;
}

/* [key], or [key, element]. */
static size_t write_path(uint8_t *out, struct adduce_span key, int64_t element) {
  out[0] = element < 0 ? 0x91 : 0x92;
  size_t size = 1 + write_key(out + 1, key);
  return element < 0 ? size : size + write_index(out + size, element);
}

#define PATH_BYTES (1 + 2 + PARSED_KEY_BYTES + 3)

void content_salt(uint8_t *salt16, const uint8_t *seed16, struct adduce_span key, int64_t element) {
  uint8_t message[PREFIX_BYTES + 16 + PATH_BYTES + HASH_PADDING_BYTES];
  memcpy(message, salt_prefix, PREFIX_BYTES);
  memcpy(message + PREFIX_BYTES, seed16, 16);
  size_t size = PREFIX_BYTES + 16 + write_path(message + PREFIX_BYTES + 16, key, element);
  struct adduce_hash digest = hash_padding(message, size);
  memcpy(salt16, digest.bytes, 16);
}

/* Where salts come from: derived in form 1, read in form 2. */
struct salts {
  const struct parsed *parsed;
};

/* The salt that stands there, or is derived into `room16`. */
static const uint8_t *salt_of(const struct salts *salts, uint8_t *room16, const uint8_t *given16,
                              struct adduce_span key, int64_t element) {
  if (given16 != NULL) return given16;
  content_salt(room16, salts->parsed->seed16, key, element);
  return room16;
}

/* --- commitments -------------------------------------------------------------------------- */

static void start_commitment(struct hash *hash, uint8_t tag, const uint8_t *salt16) {
  uint8_t head[17];
  head[0] = tag;
  memcpy(head + 1, salt16, 16);
  hash_init(hash);
  hash_update(hash, head, sizeof head);
}

/* Most values are short: in one piece they are hashed in half the time. */
static void commit_value(struct adduce_hash *digest, uint8_t tag, const uint8_t *salt16,
                         struct adduce_span value) {
  struct hash hash;
  uint8_t message[17 + VALUE_BYTES + HASH_PADDING_BYTES];
  if (value.size <= VALUE_BYTES) {
    message[0] = tag;
    memcpy(message + 1, salt16, 16);
    memcpy(message + 17, value.data, value.size);
    *digest = hash_padding(message, 17 + value.size);
    return;
  }
  start_commitment(&hash, tag, salt16);
  hash_span(&hash, value);
  hash_final(&hash, digest);
}

static void commit_element(const struct salts *salts, struct adduce_hash *digest,
                           const struct parsed_field *field, uint32_t index,
                           const struct parsed_element *element) {
  uint8_t room16[16];
  if (element->hash32 != NULL) {
    memcpy(digest->bytes, element->hash32, 32);
    return;
  }
  const uint8_t *salt16 = salt_of(salts, room16, element->salt16, field->key, index);
  commit_value(digest, TAG_ELEMENT, salt16, element->value);
}

static void commit_list(const struct salts *salts, struct adduce_hash *digest,
                        const uint8_t *salt16, const struct parsed_field *field) {
  struct hash hash;
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  uint8_t count32[4];
  (void)!parsed_elements(field, &elements, &count);
  start_commitment(&hash, TAG_LIST, salt16);
  bigendian_put32(count32, count);
  hash_update(&hash, count32, sizeof count32);
  for (uint32_t i = 0; parsed_next_element(salts->parsed, &elements, &element); i++) {
    struct adduce_hash committed;
    commit_element(salts, &committed, field, i, &element);
    hash_update(&hash, committed.bytes, sizeof committed.bytes);
  }
  hash_final(&hash, digest);
}

static void commit_field(const struct salts *salts, struct adduce_hash *inner,
                         const struct parsed_field *field) {
  uint8_t room16[16];
  if (field->slot == PARSED_WITHHELD) {
    memcpy(inner->bytes, field->inner32, 32);
    return;
  }
  const uint8_t *salt16 = salt_of(salts, room16, field->salt16, field->key, -1);
  if (field->is_list)
    commit_list(salts, inner, salt16, field);
  else
    commit_value(inner, TAG_VALUE, salt16, field->value);
}

struct adduce_hash content_root(const struct parsed *parsed) {
  static const char prefix[] = "adduce/content/v1\n";
  const struct salts salts = {parsed};
  struct hash hash;
  struct adduce_hash root;
  uint8_t piece[2 + PARSED_KEY_BYTES + 32];
  hash_init(&hash);
  hash_update(&hash, prefix, sizeof prefix - 1);
  bigendian_put32(piece, parsed->field_count);
  hash_update(&hash, piece, 4);
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    struct adduce_hash inner;
    size_t size = write_key(piece, parsed->fields[i].key);
    commit_field(&salts, &inner, &parsed->fields[i]);
    memcpy(piece + size, inner.bytes, 32);
    hash_update(&hash, piece, size + 32);
  }
  hash_final(&hash, &root);
  return root;
}

enum adduce_err content_verify(struct adduce_scope *scope, const struct parsed *parsed) {
  if (parsed->form == PARSED_NO_CONTENT) return ADDUCE_OK;
  struct adduce_hash root = content_root(parsed);
  if (memcmp(root.bytes, parsed->content_root32, 32) == 0) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_COMMITMENT,
                    "the content of this %.*s is not the one its author signed",
                    SPAN_ARGS(parsed->kind));
}

/* --- writing ------------------------------------------------------------------------------ */

enum adduce_err content_encode(struct adduce_scope *scope, struct adduce_span *content,
                               const struct adduce_value *fields, const uint8_t *seed16) {
  struct adduce_span encoded;
  struct buffer buffer;
  struct parsed parsed;
  if (fields == NULL) fields = value_map(scope);
  if (fields->type != ADDUCE_MAP)
    return scope_fail(scope, ADDUCE_E_FORM, "content: it is a map of fields");
  TRY(value_encode(scope, &encoded, fields));
  buffer_init(&buffer, scope);
  pack_array(&buffer, 3);
  pack_int(&buffer, PARSED_WHOLE);
  pack_bin(&buffer, seed16, 16);
  pack_encoded(&buffer, encoded);
  TRY(buffer_take(&buffer, content));
  return parsed_read(scope, &parsed, span_of(NULL, 0), *content);
}

/* Which parts of one field the paths withhold. */
struct withheld {
  bool whole;
  uint8_t elements[PARSED_ELEMENTS / 8];
};

static bool is_withheld(const struct withheld *withheld, uint32_t index) {
  return (withheld->elements[index / 8] >> (index % 8) & 1) != 0;
}

static void find_withheld(struct withheld *withheld, const struct parsed_field *field,
                          const struct content_path *paths, size_t count) {
  memset(withheld, 0, sizeof *withheld);
  withheld->whole = field->slot == PARSED_WITHHELD;
  for (size_t i = 0; i < count; i++) {
    if (!span_equal(paths[i].key, field->key)) continue;
    if (paths[i].element < 0)
      withheld->whole = true;
    else if (paths[i].element < PARSED_ELEMENTS)
      withheld->elements[paths[i].element / 8] |= (uint8_t)(1u << (paths[i].element % 8));
  }
}

static void pack_elements(struct buffer *buffer, const struct salts *salts,
                          const struct parsed_field *field, const struct withheld *withheld) {
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  uint8_t room16[16];
  (void)!parsed_elements(field, &elements, &count);
  pack_array(buffer, count);
  for (uint32_t i = 0; parsed_next_element(salts->parsed, &elements, &element); i++) {
    if (element.hash32 != NULL || is_withheld(withheld, i)) {
      struct adduce_hash committed;
      commit_element(salts, &committed, field, i, &element);
      pack_bin(buffer, committed.bytes, 32);
      continue;
    }
    pack_array(buffer, 2);
    pack_bin(buffer, salt_of(salts, room16, element.salt16, field->key, i), 16);
    pack_encoded(buffer, element.value);
  }
}

static void pack_slot(struct buffer *buffer, const struct salts *salts,
                      const struct parsed_field *field, const struct withheld *withheld) {
  uint8_t room16[16];
  pack_array(buffer, withheld->whole ? 2 : 3);
  pack_str(buffer, field->key);
  if (withheld->whole) {
    struct adduce_hash inner;
    commit_field(salts, &inner, field);
    pack_bin(buffer, inner.bytes, 32);
    return;
  }
  pack_bin(buffer, salt_of(salts, room16, field->salt16, field->key, -1), 16);
  if (field->is_list)
    pack_elements(buffer, salts, field, withheld);
  else
    pack_encoded(buffer, field->value);
}

static enum adduce_err find_path(struct adduce_scope *scope, const struct parsed *parsed,
                                 const struct content_path *path) {
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    const struct parsed_field *field = &parsed->fields[i];
    struct cursor elements;
    uint32_t count;
    if (!span_equal(field->key, path->key)) continue;
    if (path->element < 0 || field->slot == PARSED_WITHHELD) return ADDUCE_OK;
    if (field->is_list && parsed_elements(field, &elements, &count) && path->element < count)
      return ADDUCE_OK;
    return scope_fail(scope, ADDUCE_E_NOT_FOUND, "field %.*s has no element %lld",
                      SPAN_ARGS(path->key), (long long)path->element);
  }
  return scope_fail(scope, ADDUCE_E_NOT_FOUND, "the content has no field %.*s",
                    SPAN_ARGS(path->key));
}

enum adduce_err content_withhold(struct adduce_scope *scope, struct adduce_span *content,
                                 const struct parsed *parsed, const struct content_path *paths,
                                 size_t count) {
  const struct salts salts = {parsed};
  struct withheld withheld;
  struct buffer buffer;
  *content = span_of(NULL, 0);
  if (parsed->form == PARSED_NO_CONTENT)
    return scope_fail(scope, ADDUCE_E_NOT_FOUND, "the content is not held here");
  for (size_t i = 0; i < count; i++) TRY(find_path(scope, parsed, &paths[i]));
  buffer_init(&buffer, scope);
  pack_array(&buffer, 2);
  pack_int(&buffer, PARSED_PARTIAL);
  pack_array(&buffer, parsed->field_count);
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    find_withheld(&withheld, &parsed->fields[i], paths, count);
    pack_slot(&buffer, &salts, &parsed->fields[i], &withheld);
  }
  return buffer_take(&buffer, content);
}

/* --- visits ------------------------------------------------------------------------------- */

static void visit_elements(const struct salts *salts, const struct parsed_field *field,
                           content_salt_fn *visit, void *context) {
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  uint8_t room16[16];
  (void)!parsed_elements(field, &elements, &count);
  for (uint32_t i = 0; parsed_next_element(salts->parsed, &elements, &element); i++)
    if (element.hash32 == NULL)
      visit(context, field->key, i, salt_of(salts, room16, element.salt16, field->key, i));
}

void content_each_salt(const struct parsed *parsed, content_salt_fn *visit, void *context) {
  const struct salts salts = {parsed};
  uint8_t room16[16];
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    const struct parsed_field *field = &parsed->fields[i];
    if (field->slot == PARSED_WITHHELD) continue;
    visit(context, field->key, -1, salt_of(&salts, room16, field->salt16, field->key, -1));
    if (field->is_list) visit_elements(&salts, field, visit, context);
  }
}

void content_each_missing(const struct parsed *parsed, content_missing_fn *missing, void *context) {
  if (parsed->form == PARSED_NO_CONTENT) missing(context, span_of(NULL, 0), -1);
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    const struct parsed_field *field = &parsed->fields[i];
    struct cursor elements;
    struct parsed_element element;
    uint32_t count;
    if (field->slot == PARSED_WITHHELD) missing(context, field->key, -1);
    if (field->slot != PARSED_ELEMENTS_PARTIAL) continue;
    (void)!parsed_elements(field, &elements, &count);
    for (uint32_t k = 0; parsed_next_element(parsed, &elements, &element); k++)
      if (element.hash32 != NULL) missing(context, field->key, k);
  }
}
