/* SPDX-License-Identifier: Apache-2.0 */
/* Input: one byte, then a content (byte even) or the map of fields of a form 1 (odd). Whatever
 * reads as content keeps its root whatever is withheld of it; what is open stays what it was; and
 * a content with one bit changed does not open the root. */
#include "base/invariant.h"
#include "codec/canonical.h"
#include "codec/pack.h"
#include "event/content.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct adduce_span wrap(struct adduce_scope *scope, struct adduce_span fields) {
  static const uint8_t seed16[16] = "0123456789abcde";
  struct buffer buffer;
  struct adduce_span content;
  buffer_init(&buffer, scope);
  pack_array(&buffer, 3);
  pack_int(&buffer, 1);
  pack_bin(&buffer, seed16, sizeof seed16);
  pack_encoded(&buffer, fields);
  INVARIANT(buffer_take(&buffer, &content) == ADDUCE_OK);
  return content;
}

struct counts {
  size_t open, missing;
};

static void count_salt(void *context, struct adduce_span key, int64_t element,
                       const uint8_t *salt16) {
  (void)element;
  INVARIANT(key.size != 0 && salt16 != NULL);
  ((struct counts *)context)->open++;
}

static void count_missing(void *context, struct adduce_span key, int64_t element) {
  (void)element;
  INVARIANT(key.size != 0);
  ((struct counts *)context)->missing++;
}

static struct counts count_all(const struct parsed *parsed) {
  struct counts counts = {0, 0};
  content_each_salt(parsed, count_salt, &counts);
  content_each_missing(parsed, count_missing, &counts);
  return counts;
}

static struct parsed read_again(struct adduce_scope *scope, struct adduce_span content) {
  struct parsed parsed;
  INVARIANT(parsed_read(scope, &parsed, span_of(NULL, 0), content) == ADDUCE_OK);
  return parsed;
}

/* With nothing more withheld, every field says what it said. */
static void check_open(struct adduce_scope *scope, const struct parsed *before) {
  struct adduce_span content;
  INVARIANT(content_withhold(scope, &content, before, NULL, 0) == ADDUCE_OK);
  struct parsed after = read_again(scope, content);
  struct counts a = count_all(before), b = count_all(&after);
  INVARIANT(a.open == b.open && a.missing == b.missing);
  for (uint32_t i = 0; i < before->field_count; i++) {
    const char *key = (const char *)scope_copy(scope, before->fields[i].key).data;
    struct adduce_span was = parsed_value(scope, before, key);
    INVARIANT(span_equal(was, parsed_value(scope, &after, key)));
    INVARIANT(was.size == 0 || canonical_check(was, &(struct canonical_fault){.offset = 0}));
  }
}

static void check_withheld(struct adduce_scope *scope, const struct parsed *parsed,
                           const struct adduce_hash *root, const struct content_path *path) {
  struct adduce_span content;
  INVARIANT(content_withhold(scope, &content, parsed, path, 1) == ADDUCE_OK);
  struct parsed less = read_again(scope, content);
  struct adduce_hash same = content_root(&less);
  INVARIANT(hash_equal(root, &same) && parsed_has_withheld(&less));
}

static void check_each_path(struct adduce_scope *scope, const struct parsed *parsed,
                            const struct adduce_hash *root) {
  for (uint32_t i = 0; i < parsed->field_count && i < 8; i++) {
    struct cursor elements;
    uint32_t count;
    struct content_path path = {parsed->fields[i].key, -1};
    check_withheld(scope, parsed, root, &path);
    if (!parsed_elements(&parsed->fields[i], &elements, &count) || count == 0) continue;
    path.element = count - 1;
    check_withheld(scope, parsed, root, &path);
  }
}

/* One bit, chosen by the root, is turned over. (A seed that no field uses is not committed to.) */
static void check_changed(struct adduce_scope *scope, struct adduce_span content,
                          const struct adduce_hash *root) {
  struct adduce_span copy = scope_copy(scope, content);
  size_t at = (((size_t)root->bytes[0] << 8) | root->bytes[1]) % content.size;
  ((uint8_t *)(uintptr_t)copy.data)[at] ^= (uint8_t)(1u << (root->bytes[2] & 7));
  struct parsed parsed;
  if (parsed_read(scope, &parsed, span_of(NULL, 0), copy) != ADDUCE_OK) return;
  struct adduce_hash other = content_root(&parsed);
  INVARIANT(!hash_equal(root, &other));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct parsed parsed;
  if (size < 2) return 0;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  struct adduce_span content = span_of(data + 1, size - 1);
  if ((data[0] & 1) != 0) content = wrap(scope, content);
  if (parsed_read(scope, &parsed, span_of(NULL, 0), content) == ADDUCE_OK) {
    struct adduce_hash root = content_root(&parsed);
    check_open(scope, &parsed);
    check_each_path(scope, &parsed, &root);
    if (parsed.field_count > 0) check_changed(scope, content, &root);
  }
  adduce_scope_close(&scope);
  return 0;
}
