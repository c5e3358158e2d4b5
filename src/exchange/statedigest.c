/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/statedigest.h"

#include "base/bigendian.h"
#include "claim/spelling.h"

#define DOMAIN "adduce/state/v1\n"
#define SIZE_MAX_OF_A_LOG ((int64_t)((UINT64_C(1) << 53) - 1))

static const struct adduce_hash no_policy = {{0}};

struct adduce_hash statedigest_name(const struct statedigest *state) {
  struct adduce_hash name;
  struct hash hash;
  uint8_t number[8];
  hash_init(&hash);
  hash_span(&hash, span_text(DOMAIN));
  bigendian_put64(number, state->size);
  hash_update(&hash, number, 8);
  hash_update(&hash, state->root.bytes, 32);
  bigendian_put32(number, (uint32_t)state->vocabulary_version);
  hash_update(&hash, number, 4);
  hash_update(&hash, state->policy.bytes, 32);
  hash_update(&hash, state->view.bytes, 32);
  bigendian_put32(number, (uint32_t)state->part_count);
  hash_update(&hash, number, 4);
  for (size_t i = 0; i < state->part_count; i++) {
    const struct statedigest_part *part = &state->parts[i];
    hash_span(&hash, part->name);
    hash_span(&hash, span_text("\n"));
    bigendian_put32(number, (uint32_t)part->version);
    hash_update(&hash, number, 4);
    hash_update(&hash, part->digest.bytes, 32);
  }
  hash_final(&hash, &name);
  return name;
}

/* --- as a value ---------------------------------------------------------------------------- */

static void put_hash(struct adduce_scope *scope, struct adduce_value *map, const char *key,
                     const struct adduce_hash *hash) {
  value_set_bytes32(scope, map, key, hash->bytes);
}

void statedigest_put(struct adduce_scope *scope, struct adduce_value *map,
                     const struct statedigest *state) {
  struct adduce_value *view = value_map(scope), *list = value_list(scope);
  const struct adduce_hash name = statedigest_name(state);
  value_set_integer(scope, map, "size", (int64_t)state->size);
  put_hash(scope, map, "root", &state->root);
  value_set_integer(scope, map, "vocabulary_version", (int64_t)state->vocabulary_version);
  if (!hash_equal(&state->policy, &no_policy)) put_hash(scope, map, "policy", &state->policy);
  put_hash(scope, view, "id", &state->view);
  value_set(scope, map, "view", view);
  put_hash(scope, map, "state", &name);
  for (size_t i = 0; i < state->part_count; i++) {
    const struct statedigest_part *part = &state->parts[i];
    struct adduce_value *line = value_map(scope);
    value_set(scope, line, "name", value_str(scope, part->name));
    value_set_integer(scope, line, "version", (int64_t)part->version);
    value_set_integer(scope, line, "rows", (int64_t)part->rows);
    put_hash(scope, line, "digest", &part->digest);
    value_add(scope, list, line);
  }
  value_set(scope, map, "projections", list);
}

static enum adduce_err refuse(struct adduce_scope *scope, const char *what) {
  return scope_fail(scope, ADDUCE_E_FORM, "a statement of the state: %s", what);
}

static bool take_hash(const struct adduce_value *value, struct adduce_hash *hash) {
  if (value == NULL || adduce_value_type(value) != ADDUCE_BYTES) return false;
  struct adduce_span bytes = adduce_value_bytes(value);
  if (bytes.size != 32) return false;
  memcpy(hash->bytes, bytes.data, 32);
  return true;
}

static bool take_number(const struct adduce_value *value, uint64_t *number, int64_t limit) {
  if (value == NULL || adduce_value_type(value) != ADDUCE_INTEGER) return false;
  int64_t integer = adduce_value_integer(value);
  *number = (uint64_t)integer;
  return integer >= 0 && integer <= limit;
}

static enum adduce_err read_part(struct adduce_scope *scope, struct statedigest_part *part,
                                 const struct statedigest *state, const struct adduce_value *map) {
  const struct adduce_value *name = adduce_value_get(map, "name");
  *part = (struct statedigest_part){.rows = 0};
  if (name == NULL || adduce_value_type(name) != ADDUCE_TEXT ||
      !spelling_word(adduce_value_bytes(name)))
    return refuse(scope, "a projection has no name that is a word");
  part->name = span_text(adduce_value_text(name));
  if (!take_number(adduce_value_get(map, "version"), &part->version, UINT32_MAX))
    return refuse(scope, "a projection's version is no number");
  if (!take_hash(adduce_value_get(map, "digest"), &part->digest))
    return refuse(scope, "a projection's digest is not 32 bytes, {\"$id\": ...}");
  if (!take_number(adduce_value_get(map, "rows"), &part->rows, SIZE_MAX_OF_A_LOG)) part->rows = 0;
  for (size_t i = 0; i < state->part_count; i++)
    if (span_equal(state->parts[i].name, part->name))
      return refuse(scope, "a projection stands there twice");
  return ADDUCE_OK;
}

static enum adduce_err read_parts(struct adduce_scope *scope, struct statedigest *state,
                                  const struct adduce_value *list) {
  size_t count = adduce_value_count(list);
  if (list == NULL || adduce_value_type(list) != ADDUCE_LIST || count == 0)
    return refuse(scope, "it lists no projections");
  if (count > STATEDIGEST_PARTS_MAX) return refuse(scope, "it lists too many projections");
  struct statedigest_part *parts = scope_array(scope, count, sizeof *parts);
  if (parts == NULL) return scope_no_memory(scope);
  state->parts = parts;
  for (size_t i = 0; i < count; i++) {
    TRY(read_part(scope, &parts[i], state, adduce_value_at(list, i)));
    state->part_count++;
  }
  return ADDUCE_OK;
}

static bool read_view(struct adduce_hash *hash, const struct adduce_value *view) {
  if (view != NULL && adduce_value_type(view) == ADDUCE_MAP) view = adduce_value_get(view, "id");
  return take_hash(view, hash);
}

enum adduce_err statedigest_read(struct adduce_scope *scope, struct statedigest *state,
                                 const struct adduce_value *map) {
  const struct adduce_value *policy = adduce_value_get(map, "policy");
  const struct adduce_value *stated = adduce_value_get(map, "state");
  struct adduce_hash name;
  *state = (struct statedigest){.size = 0};
  if (map == NULL || adduce_value_type(map) != ADDUCE_MAP) return refuse(scope, "it is no map");
  if (!take_number(adduce_value_get(map, "size"), &state->size, SIZE_MAX_OF_A_LOG) ||
      state->size == 0)
    return refuse(scope, "its size is no number from 1 on");
  if (!take_hash(adduce_value_get(map, "root"), &state->root))
    return refuse(scope, "its root is not 32 bytes, {\"$id\": ...}");
  if (!take_number(adduce_value_get(map, "vocabulary_version"), &state->vocabulary_version,
                   UINT32_MAX))
    return refuse(scope, "its vocabulary_version is no number");
  if (policy != NULL && !take_hash(policy, &state->policy))
    return refuse(scope, "its policy is not 32 bytes, {\"$id\": ...}");
  if (!read_view(&state->view, adduce_value_get(map, "view")))
    return refuse(scope, "its view is not 32 bytes, {\"$id\": ...}");
  TRY(read_parts(scope, state, adduce_value_get(map, "projections")));
  if (stated == NULL) return ADDUCE_OK;
  const struct adduce_hash made = statedigest_name(state);
  if (!take_hash(stated, &name) || !hash_equal(&name, &made))
    return refuse(scope, "its state is not the digest of its parts; it was changed or cut");
  return ADDUCE_OK;
}

/* --- comparing ----------------------------------------------------------------------------- */

bool statedigest_same_grounds(const struct statedigest *a, const struct statedigest *b) {
  return a->size == b->size && hash_equal(&a->root, &b->root) &&
         a->vocabulary_version == b->vocabulary_version && hash_equal(&a->policy, &b->policy) &&
         hash_equal(&a->view, &b->view);
}

const char *statedigest_verdict_name(enum statedigest_verdict verdict) {
  static const char *const names[] = {"same", "different", "not comparable"};
  return names[verdict];
}

static struct adduce_value *add_reason(struct adduce_scope *scope, struct adduce_value *because,
                                       const char *what, const char *text) {
  struct adduce_value *reason = value_map(scope);
  value_set_text(scope, reason, "what", what);
  value_set_text(scope, reason, "text", text);
  value_add(scope, because, reason);
  return reason;
}

static void add_numbers(struct adduce_scope *scope, struct adduce_value *reason, uint64_t theirs,
                        uint64_t ours) {
  value_set_integer(scope, reason, "theirs", (int64_t)theirs);
  value_set_integer(scope, reason, "ours", (int64_t)ours);
}

static void compare_hashes(struct adduce_scope *scope, struct adduce_value *because,
                           const char *what, const struct adduce_hash *theirs,
                           const struct adduce_hash *ours, const char *text) {
  if (hash_equal(theirs, ours)) return;
  struct adduce_value *reason = add_reason(scope, because, what, text);
  if (!hash_equal(theirs, &no_policy)) put_hash(scope, reason, "theirs", theirs);
  if (!hash_equal(ours, &no_policy)) put_hash(scope, reason, "ours", ours);
}

/* Everything but the digests. */
static struct adduce_value *find_reasons(struct adduce_scope *scope,
                                         const struct statedigest *theirs,
                                         const struct statedigest *ours) {
  struct adduce_value *because = value_list(scope);
  if (theirs->size != ours->size) {
    const char *text =
        scope_format(scope, "it is of %llu entries, and there are %llu here",
                     (unsigned long long)theirs->size, (unsigned long long)ours->size);
    add_numbers(scope, add_reason(scope, because, "size", text), theirs->size, ours->size);
    return because;
  }
  compare_hashes(scope, because, "root", &theirs->root, &ours->root,
                 scope_format(scope,
                              "it is of another log, or of another history of this one: the tree "
                              "of its %llu entries has another root",
                              (unsigned long long)theirs->size));
  if (theirs->vocabulary_version != ours->vocabulary_version) {
    const char *text = scope_format(
        scope, "it was made with version %llu of the vocabulary, this program has %llu",
        (unsigned long long)theirs->vocabulary_version,
        (unsigned long long)ours->vocabulary_version);
    add_numbers(scope, add_reason(scope, because, "vocabulary", text), theirs->vocabulary_version,
                ours->vocabulary_version);
  }
  compare_hashes(scope, because, "policy", &theirs->policy, &ours->policy,
                 "another policy was in force there");
  compare_hashes(scope, because, "view", &theirs->view, &ours->view,
                 "other content is available there than here, and what can be read decides what "
                 "the state is");
  return because;
}

static const struct statedigest_part *find_part(const struct statedigest *state,
                                                struct adduce_span name) {
  for (size_t i = 0; i < state->part_count; i++)
    if (span_equal(state->parts[i].name, name)) return &state->parts[i];
  return NULL;
}

static enum statedigest_verdict compare_part(struct adduce_scope *scope, struct adduce_value *line,
                                             const struct statedigest_part *theirs,
                                             const struct statedigest_part *ours) {
  enum statedigest_verdict verdict = STATEDIGEST_NOT_COMPARABLE;
  if (ours == NULL) {
    value_set_text(scope, line, "because", "there is no such projection here");
  } else if (ours->version != theirs->version) {
    value_set_text(
        scope, line, "because",
        scope_format(scope, "it is of version %llu there, of version %llu here",
                     (unsigned long long)theirs->version, (unsigned long long)ours->version));
  } else {
    verdict = hash_equal(&theirs->digest, &ours->digest) ? STATEDIGEST_SAME : STATEDIGEST_DIFFERENT;
  }
  return verdict;
}

static enum statedigest_verdict compare_parts(struct adduce_scope *scope, struct adduce_value *map,
                                              const struct statedigest *theirs,
                                              const struct statedigest *ours) {
  static const char *const counted[] = {"same", "different", "not_comparable"};
  struct adduce_value *list = value_list(scope);
  int64_t counts[3] = {0};
  for (size_t i = 0; i < theirs->part_count; i++) {
    const struct statedigest_part *part = &theirs->parts[i];
    const struct statedigest_part *own = find_part(ours, part->name);
    struct adduce_value *line = value_map(scope);
    value_set(scope, line, "name", value_str(scope, part->name));
    value_set_integer(scope, line, "version", (int64_t)part->version);
    enum statedigest_verdict verdict = compare_part(scope, line, part, own);
    value_set_text(scope, line, "verdict", statedigest_verdict_name(verdict));
    put_hash(scope, line, "theirs", &part->digest);
    if (own != NULL) put_hash(scope, line, "ours", &own->digest);
    value_add(scope, list, line);
    counts[verdict]++;
  }
  value_set(scope, map, "projections", list);
  for (size_t i = 0; i < 3; i++)
    if (counts[i] != 0) value_set_integer(scope, map, counted[i], counts[i]);
  if (counts[STATEDIGEST_DIFFERENT] != 0) return STATEDIGEST_DIFFERENT;
  return counts[STATEDIGEST_NOT_COMPARABLE] != 0 ? STATEDIGEST_NOT_COMPARABLE : STATEDIGEST_SAME;
}

enum statedigest_verdict statedigest_compare(struct adduce_scope *scope, struct adduce_value *map,
                                             const struct statedigest *theirs,
                                             const struct statedigest *ours) {
  enum statedigest_verdict verdict = STATEDIGEST_NOT_COMPARABLE;
  struct adduce_value *because = find_reasons(scope, theirs, ours);
  value_set_text(scope, map, "verdict", "");
  if (adduce_value_count(because) != 0)
    value_set(scope, map, "because", because);
  else
    verdict = compare_parts(scope, map, theirs, ours);
  value_set_text(scope, map, "verdict", statedigest_verdict_name(verdict));
  return verdict;
}
