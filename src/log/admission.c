/* SPDX-License-Identifier: Apache-2.0 */
#include "log/admission.h"

#include "base/hex.h"
#include "log/erase.h"
#include "log/ids.h"

struct known_id {
  struct adduce_id id;
  uint64_t index_plus_1; /* 0: this place is free */
};

enum adduce_err admission_begin(struct adduce_scope *scope, struct admission *admission,
                                struct store_txn *txn, const struct rules *rules, uint64_t size,
                                size_t capacity) {
  size_t known_capacity = 16;
  while (known_capacity < 2 * capacity) known_capacity *= 2;
  *admission = (struct admission){.txn = txn, .rules = rules, .size = size};
  admission->accepted = scope_array(scope, capacity, sizeof *admission->accepted);
  admission->known = scope_array(scope, known_capacity, sizeof *admission->known);
  if (admission->accepted == NULL || admission->known == NULL) return scope_no_memory(scope);
  admission->accepted_capacity = capacity;
  admission->known_capacity = known_capacity;
  return ADDUCE_OK;
}

void admission_end(struct admission *admission) {
  rules_close(&admission->own_rules);
}

/* --- ids of this transaction ----------------------------------------------------------------*/

static struct known_id *place_of(const struct admission *admission, const uint8_t *id32) {
  size_t place = (size_t)bigendian_get64(id32) & (admission->known_capacity - 1);
  while (admission->known[place].index_plus_1 != 0 &&
         memcmp(admission->known[place].id.bytes, id32, 32) != 0)
    place = (place + 1) & (admission->known_capacity - 1);
  return &admission->known[place];
}

static void forget_all_after(struct admission *admission, size_t accepted_count) {
  memset(admission->known, 0, admission->known_capacity * sizeof *admission->known);
  admission->accepted_count = accepted_count;
  for (size_t i = 0; i < accepted_count; i++) {
    const struct event *event = &admission->accepted[i];
    *place_of(admission, event->id.bytes) = (struct known_id){event->id, admission->size + i + 1};
  }
}

/* The index of an event of the log or of this transaction. Errors: ADDUCE_E_NOT_FOUND. */
static enum adduce_err find(struct adduce_scope *scope, const struct admission *admission,
                            uint64_t *index, const uint8_t *id32) {
  const struct known_id *known = place_of(admission, id32);
  if (known->index_plus_1 != 0) {
    *index = known->index_plus_1 - 1;
    return ADDUCE_OK;
  }
  return ids_find(scope, admission->txn, index, id32);
}

/* --- references -----------------------------------------------------------------------------*/

/* What a ref of a role may name; kinds separated by a space, NULL for any. */
static const char *kinds_of_role(struct adduce_span role) {
  if (span_is(role, "cites")) return "source.cited source.revised capture.taken";
  if (span_is(role, "source")) return "source.cited source.revised";
  if (span_is(role, "kind")) return "kind.declared";
  if (span_is(role, "hold")) return "hold.placed";
  return NULL;
}

static bool is_among(struct adduce_span word, const char *words) {
  while (*words != '\0') {
    size_t size = strcspn(words, " ");
    if (span_equal(word, span_of(words, size))) return true;
    words += size + (words[size] == ' ' ? 1 : 0);
  }
  return false;
}

static enum adduce_err read_at(struct adduce_scope *scope, const struct admission *admission,
                               struct parsed *parsed, uint64_t index) {
  struct log_entry entry;
  if (index >= admission->size) {
    *parsed = admission->accepted[index - admission->size].claim.parsed;
    return ADDUCE_OK;
  }
  TRY(view_read(scope, admission->txn, &entry, index));
  return parsed_read_stored(scope, parsed, entry.event, entry.content);
}

static enum adduce_err check_ref(struct adduce_scope *scope, const struct admission *admission,
                                 const struct parsed_ref *ref) {
  uint64_t index;
  struct parsed named;
  enum adduce_err err = find(scope, admission, &index, ref->id32);
  if (err == ADDUCE_E_NOT_FOUND)
    return scope_fail(scope, ADDUCE_E_REFERENCE, "ref %.*s leads to nothing: no event %s is here",
                      SPAN_ARGS(ref->role), hex_text32(ref->id32).text);
  if (err != ADDUCE_OK) return err;
  const char *kinds = kinds_of_role(ref->role);
  if (kinds == NULL) return ADDUCE_OK;
  TRY(read_at(scope, admission, &named, index));
  if (is_among(named.kind, kinds)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_REFERENCE,
                    "ref %.*s leads to entry %llu, a %.*s; it takes one of: %s",
                    SPAN_ARGS(ref->role), (unsigned long long)index, SPAN_ARGS(named.kind), kinds);
}

/* A claim that is not understood may speak of what we have not. */
static enum adduce_err check_refs(struct adduce_scope *scope, const struct admission *admission,
                                  const struct event *event) {
  struct cursor cursor = event->claim.parsed.refs;
  struct parsed_ref ref;
  if (event->claim.standing == CLAIM_NOT_UNDERSTOOD) return ADDUCE_OK;
  while (parsed_next_ref(&cursor, &ref)) TRY(check_ref(scope, admission, &ref));
  return ADDUCE_OK;
}

/* --- one event ------------------------------------------------------------------------------*/

/* The checkpoint of the size a rekeying names is signed by both keys, so there must be one. */
static enum adduce_err check_rekeying(struct adduce_scope *scope, const struct event *event,
                                      uint64_t index, bool last) {
  int64_t from_size = 0;
  struct adduce_span value = parsed_value(scope, &event->claim.parsed, "from_size");
  struct cursor cursor = cursor_of(value);
  if (!cursor_int(&cursor, &from_size) || (uint64_t)from_size != index + 1 || !last)
    return scope_fail(scope, ADDUCE_E_VALUE,
                      "field from_size: a rekeying ends its batch and takes force with it; here "
                      "from_size must be %llu",
                      (unsigned long long)index + 1);
  return ADDUCE_OK;
}

/* What is to be erased must be there, so that a slip of the pen is found while it can be. */
static enum adduce_err check_erasure(struct adduce_scope *scope, const struct admission *admission,
                                     const struct event *event) {
  struct cursor cursor = event->claim.parsed.refs;
  struct erase_paths paths;
  struct parsed_ref ref;
  struct parsed target;
  uint64_t index;
  if (!erase_acts(event, rules_genesis(admission->rules))) return ADDUCE_OK;
  TRY(erase_read(scope, &paths, event));
  while (parsed_next_role(&cursor, &ref, "target")) {
    TRY(find(scope, admission, &index, ref.id32));
    TRY(read_at(scope, admission, &target, index));
    enum adduce_err err = erase_judge(scope, &target, &paths);
    if (err != ADDUCE_OK) return scope_wrap(scope, err, "entry %llu: ", (unsigned long long)index);
  }
  return ADDUCE_OK;
}

/* Rules of our own, that this control event can change. */
static enum adduce_err apply_control(struct adduce_scope *scope, struct admission *admission,
                                     uint64_t index, int64_t recorded_at_us,
                                     const struct event *event) {
  if (admission->own_rules == NULL) TRY(rules_copy(scope, &admission->own_rules, admission->rules));
  admission->rules = admission->own_rules;
  return rules_apply(scope, admission->own_rules, index, recorded_at_us, event);
}

/* Who read the event may not have known a kind that the log has declared meanwhile. Whoever reads
 * the log will, so what is not valid under it must not get in. */
static enum adduce_err judge_anew(struct adduce_scope *scope, const struct admission *admission,
                                  struct event *event) {
  const struct vocabulary *vocabulary = rules_vocabulary(admission->rules);
  const struct parsed parsed = event->claim.parsed;
  if (event->claim.kind != NULL || vocabulary_find(vocabulary, parsed.kind) == NULL)
    return ADDUCE_OK;
  return claim_validate(scope, &event->claim, &parsed, vocabulary, CLAIM_FOREIGN);
}

/* The import has counted what is new; meanwhile somebody else has brought this. */
static enum adduce_err refuse_again(struct adduce_scope *scope, const struct adduce_id *id,
                                    uint64_t index) {
  return scope_fail(scope, ADDUCE_E_EXISTS,
                    "the event %s is here already, as entry %llu, and does not enter again",
                    hex_text32(id->bytes).text, (unsigned long long)index);
}

/* An import brings all that it announces, or is refused. */
static enum adduce_err require_all(struct adduce_scope *scope, const struct admission *admission) {
  uint64_t missing =
      rules_foreign_missing(admission->rules, admission->size + admission->accepted_count);
  if (missing == 0) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_VALUE,
                    "field count: bundle.imported announces %llu entries more than follow it",
                    (unsigned long long)missing);
}

static enum adduce_err admit(struct adduce_scope *scope, struct admission *admission,
                             struct log_appended *appended, const struct event *event, bool last,
                             int64_t recorded_at_us) {
  uint64_t index = admission->size + admission->accepted_count, present = 0;
  bool is_foreign = rules_foreign_missing(admission->rules, index) != 0;
  enum adduce_err err = find(scope, admission, &present, event->id.bytes);
  if (err == ADDUCE_OK && is_foreign) return refuse_again(scope, &event->id, present);
  *appended = (struct log_appended){present, event->id, true};
  if (err != ADDUCE_E_NOT_FOUND) return err;
  *appended = (struct log_appended){index, event->id, false};
  struct event judged = *event;
  TRY(judge_anew(scope, admission, &judged));
  TRY(rules_admit(scope, admission->rules, index, recorded_at_us, event));
  if (!is_foreign) TRY(check_refs(scope, admission, &judged));
  TRY(check_erasure(scope, admission, event));
  if (span_is(event->claim.parsed.kind, "ledger.rekeyed"))
    TRY(check_rekeying(scope, event, index, last));
  if (!is_foreign && event->claim.kind != NULL && event->claim.kind->control)
    TRY(apply_control(scope, admission, index, recorded_at_us, event));
  *place_of(admission, event->id.bytes) = (struct known_id){event->id, index + 1};
  admission->accepted[admission->accepted_count++] = *event;
  return ADDUCE_OK;
}

static enum adduce_err admit_each(struct adduce_scope *scope, struct admission *admission,
                                  struct log_appended *appended, const struct event *events,
                                  size_t count, int64_t recorded_at_us) {
  for (size_t i = 0; i < count; i++) {
    struct scope_mark mark = scope_mark(scope);
    enum adduce_err err =
        admit(scope, admission, &appended[i], &events[i], i + 1 == count, recorded_at_us);
    scope_rewind(scope, mark);
    if (err != ADDUCE_OK) return scope_wrap(scope, err, "claim %zu: ", i + 1);
  }
  return require_all(scope, admission);
}

enum adduce_err admission_add(struct adduce_scope *scope, struct admission *admission,
                              struct log_appended *appended, const struct event *events,
                              size_t count, int64_t recorded_at_us) {
  size_t before = admission->accepted_count;
  enum adduce_err err = admit_each(scope, admission, appended, events, count, recorded_at_us);
  if (err != ADDUCE_OK) forget_all_after(admission, before);
  return err;
}
