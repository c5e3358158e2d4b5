/* SPDX-License-Identifier: Apache-2.0 */
#include "log/rules.h"

#include "base/hex.h"
#include "base/invariant.h"
#include "log/rules_state.h"

/* --- making and ending -------------------------------------------------------------------- */

enum adduce_err rules_open(struct adduce_scope *scope, struct rules **rules) {
  struct adduce_scope *home;
  struct vocabulary *vocabulary;
  *rules = NULL;
  if (adduce_scope_open(&home, 0) != ADDUCE_OK) return scope_no_memory(scope);
  struct rules *made = scope_new(home, struct rules);
  if (made == NULL || vocabulary_open(home, &vocabulary) != ADDUCE_OK) {
    adduce_scope_close(&home);
    return scope_no_memory(scope);
  }
  made->home = home;
  made->vocabulary = vocabulary;
  authority_init(&made->authority, home);
  *rules = made;
  return ADDUCE_OK;
}

void rules_close(struct rules **rules) {
  if (*rules == NULL) return;
  struct adduce_scope *home = (*rules)->home; /* in which *rules stands */
  *rules = NULL;
  adduce_scope_close(&home);
}

enum adduce_err rules_copy(struct adduce_scope *scope, struct rules **copy,
                           const struct rules *from) {
  TRY(rules_open(scope, copy));
  enum adduce_err err = rules_fold_copy(scope, *copy, from);
  if (err != ADDUCE_OK) rules_close(copy);
  return err;
}

/* --- who may ------------------------------------------------------------------------------ */

static struct adduce_key author_of(const struct event *event) {
  struct adduce_key key;
  memcpy(key.bytes, event->claim.parsed.author32, sizeof key.bytes);
  return key;
}

static enum adduce_err refuse_unknown(struct adduce_scope *scope, const struct rules *rules,
                                      const struct adduce_key *key) {
  const struct hex64 shown = hex_text32(key->bytes);
  if (rules->quarantines)
    return scope_fail(scope, ADDUCE_E_QUARANTINED,
                      "the author %s is unknown here, and the policy keeps such events outside",
                      shown.text);
  return scope_fail(scope, ADDUCE_E_UNAUTHORIZED,
                    "the author %s is unknown here; somebody with the right \"authorize\" can "
                    "authorize that key",
                    shown.text);
}

static enum adduce_err admit_author(struct adduce_scope *scope, const struct rules *rules,
                                    const struct rules_author *author,
                                    const struct adduce_key *key) {
  if (author == NULL) return refuse_unknown(scope, rules, key);
  if (authority_revoked(author))
    return scope_fail(scope, ADDUCE_E_REVOKED, "the key %s was revoked at index %llu (%s)",
                      hex_text32(key->bytes).text, (unsigned long long)author->revoked_index,
                      author->revocation_reason);
  if (authority_has(author, RIGHT_APPEND)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_UNAUTHORIZED, "the key %s lacks the right \"append\"",
                    hex_text32(key->bytes).text);
}

/* Whether this field of the event is the key of its author. */
static bool is_own_key(struct adduce_scope *scope, const struct event *event, const char *field) {
  const uint8_t *key32;
  struct cursor cursor = cursor_of(parsed_value(scope, &event->claim.parsed, field));
  return cursor_bin_of(&cursor, 32, &key32) && memcmp(key32, event->claim.parsed.author32, 32) == 0;
}

/* Everybody may end or replace his own key. */
static bool acts_on_itself(struct adduce_scope *scope, const struct event *event) {
  struct adduce_span kind = event->claim.parsed.kind;
  return (span_is(kind, "key.rotated") && is_own_key(scope, event, "old_key")) ||
         (span_is(kind, "key.revoked") && is_own_key(scope, event, "key"));
}

static enum adduce_err require_right(struct adduce_scope *scope, const struct rules_author *author,
                                     const struct event *event) {
  const char *right = event->claim.kind->right;
  if (right == NULL || (author->rights & authority_right(span_text(right))) != 0) return ADDUCE_OK;
  if (acts_on_itself(scope, event)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_UNAUTHORIZED, "%.*s needs the right \"%s\", which %s lacks",
                    SPAN_ARGS(event->claim.parsed.kind), right, hex_text32(author->key.bytes).text);
}

/* --- control events ----------------------------------------------------------------------- */

static enum adduce_err require_understood(struct adduce_scope *scope, const struct event *event) {
  const struct claim *claim = &event->claim;
  if (claim->kind != NULL && claim->standing != CLAIM_NOT_UNDERSTOOD) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_KIND,
                    "%.*s changes rules and this version does not understand %s",
                    SPAN_ARGS(claim->parsed.kind), claim->kind == NULL ? "it" : "its fields");
}

static enum adduce_err require_whole(struct adduce_scope *scope, const struct event *event) {
  if (!parsed_has_withheld(&event->claim.parsed)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_MISSING, "%.*s: its content must be whole",
                    SPAN_ARGS(event->claim.parsed.kind));
}

/* The ledger the event acts in; NULL if it names none. */
static const uint8_t *named_ledger(const struct event *event) {
  struct parsed_ref ref;
  return parsed_find_ref(&event->claim.parsed, "ledger", &ref) ? ref.id32 : NULL;
}

static enum adduce_err require_this_ledger(struct adduce_scope *scope, const struct rules *rules,
                                           const struct event *event) {
  const uint8_t *named = named_ledger(event);
  if (named != NULL && memcmp(named, rules->genesis.bytes, 32) == 0) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_OTHER_LEDGER, "%.*s names %s; this ledger is %s",
                    SPAN_ARGS(event->claim.parsed.kind),
                    named == NULL ? "no ledger" : hex_text32(named).text,
                    hex_text32(rules->genesis.bytes).text);
}

static bool is_genesis(const struct event *event) {
  return span_is(event->claim.parsed.kind, "ledger.created");
}

/* Entry 0 is the root of authority: nobody is known yet who could give it. */
static enum adduce_err judge_first(struct adduce_scope *scope, struct control *control,
                                   const struct rules *rules, uint64_t index,
                                   int64_t recorded_at_us, const struct event *event) {
  if (index != 0 || !is_genesis(event))
    return scope_fail(scope, ADDUCE_E_VALUE,
                      "a ledger begins with ledger.created at index 0, not with %.*s at index %llu",
                      SPAN_ARGS(event->claim.parsed.kind), (unsigned long long)index);
  TRY(require_understood(scope, event));
  TRY(require_whole(scope, event));
  return rules_fold_judge(scope, control, rules, index, recorded_at_us, event);
}

static enum adduce_err admit_control(struct adduce_scope *scope, const struct rules *rules,
                                     const struct rules_author *author, uint64_t index,
                                     int64_t recorded_at_us, const struct event *event) {
  struct control control;
  TRY(require_understood(scope, event));
  if (!is_genesis(event)) TRY(require_this_ledger(scope, rules, event));
  TRY(require_whole(scope, event));
  TRY(require_right(scope, author, event));
  return rules_fold_judge(scope, &control, rules, index, recorded_at_us, event);
}

/* --- foreign entries ---------------------------------------------------------------------- */

bool rules_acts_here(const struct rules *rules, const struct event *event) {
  const uint8_t *named = named_ledger(event);
  return control_is(event) && named != NULL && memcmp(named, rules->genesis.bytes, 32) == 0;
}

static enum adduce_err admit_foreign(struct adduce_scope *scope, const struct rules *rules,
                                     const struct rules_import *import, const struct event *event) {
  const struct trust_rule *rule;
  if (rules_acts_here(rules, event))
    return scope_fail(scope, ADDUCE_E_REFUSED,
                      "%.*s names this ledger, and what acts here is not imported",
                      SPAN_ARGS(event->claim.parsed.kind));
  if (rules_judge_foreign(rules, &import->source, import->origin, event, &rule) != TRUST_REFUSE)
    return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_REFUSED, "the policy %s refuses it from %.*s by its rule %u",
                    hex_text32(rules->policy.bytes).text, SPAN_ARGS(import->origin), rule->place);
}

enum adduce_err rules_admit(struct adduce_scope *scope, const struct rules *rules, uint64_t index,
                            int64_t recorded_at_us, const struct event *event) {
  struct control control;
  struct adduce_key key = author_of(event);
  if (rules->next_index == 0)
    return judge_first(scope, &control, rules, index, recorded_at_us, event);
  const struct rules_import *import = rules_import_of(rules, index);
  if (import != NULL) return admit_foreign(scope, rules, import, event);
  const struct rules_author *author = rules_author(rules, &key);
  TRY(admit_author(scope, rules, author, &key));
  if (!control_is(event)) return ADDUCE_OK;
  return admit_control(scope, rules, author, index, recorded_at_us, event);
}

/* --- taking in ---------------------------------------------------------------------------- */

/* Judges again: a log that is read was not written by who reads it. */
static enum adduce_err apply_control(struct adduce_scope *scope, struct rules *rules,
                                     uint64_t index, int64_t recorded_at_us,
                                     const struct event *event) {
  struct control control;
  const uint8_t *named = named_ledger(event);
  if (rules->next_index == 0) {
    TRY(judge_first(scope, &control, rules, index, recorded_at_us, event));
  } else {
    /* In another ledger it acts, not here. */
    if (named != NULL && memcmp(named, rules->genesis.bytes, 32) != 0) return ADDUCE_OK;
    TRY(require_understood(scope, event));
    if (!is_genesis(event)) TRY(require_this_ledger(scope, rules, event));
    TRY(require_whole(scope, event));
    TRY(rules_fold_judge(scope, &control, rules, index, recorded_at_us, event));
  }
  return rules_fold_take(scope, rules, &control, index, event);
}

enum adduce_err rules_apply(struct adduce_scope *scope, struct rules *rules, uint64_t index,
                            int64_t recorded_at_us, const struct event *event) {
  INVARIANT(index >= rules->next_index);
  bool acts = control_is(event) && rules_import_of(rules, index) == NULL;
  if (rules->next_index == 0 || acts) {
    enum adduce_err err = apply_control(scope, rules, index, recorded_at_us, event);
    if (err != ADDUCE_OK) return scope_wrap(scope, err, "index %llu: ", (unsigned long long)index);
  }
  rules->next_index = index + 1;
  return ADDUCE_OK;
}

/* --- what is in force --------------------------------------------------------------------- */

uint64_t rules_next_index(const struct rules *rules) {
  return rules->next_index;
}

const struct adduce_id *rules_genesis(const struct rules *rules) {
  return &rules->genesis;
}

struct adduce_span rules_origin(const struct rules *rules) {
  return rules->origin;
}

const struct vocabulary *rules_vocabulary(const struct rules *rules) {
  return rules->vocabulary;
}

void rules_log_keys(const struct rules *rules, uint64_t size, const struct note_verifier **verifier,
                    const struct note_verifier **outgoing) {
  size_t count = rules->log_key_count;
  *verifier = NULL;
  *outgoing = NULL;
  while (count > 0 && rules->log_keys[count - 1].from_size > size) count--;
  if (count == 0) return;
  *verifier = &rules->log_keys[count - 1].verifier;
  if (count > 1 && rules->log_keys[count - 1].from_size == size)
    *outgoing = &rules->log_keys[count - 2].verifier;
}

size_t rules_author_count(const struct rules *rules) {
  return rules->authority.count;
}

const struct rules_author *rules_author_at(const struct rules *rules, size_t index) {
  return index < rules->authority.count ? &rules->authority.entries[index].author : NULL;
}

const struct rules_author *rules_author(const struct rules *rules, const struct adduce_key *key) {
  const struct authority_entry *entry = authority_find(&rules->authority, key);
  return entry == NULL ? NULL : &entry->author;
}

const struct adduce_id *rules_policy(const struct rules *rules) {
  return rules->has_policy ? &rules->policy : NULL;
}

/* --- imports ------------------------------------------------------------------------------ */

size_t rules_import_count(const struct rules *rules) {
  return rules->import_count;
}

const struct rules_import *rules_import_at(const struct rules *rules, size_t number) {
  return number < rules->import_count ? &rules->imports[number] : NULL;
}

const struct rules_import *rules_import_of(const struct rules *rules, uint64_t index) {
  size_t begin = 0, end = rules->import_count; /* imports before begin are before the entry */
  while (begin < end) {
    size_t middle = begin + (end - begin) / 2;
    if (rules->imports[middle].index < index)
      begin = middle + 1;
    else
      end = middle;
  }
  if (begin == 0) return NULL;
  const struct rules_import *import = &rules->imports[begin - 1];
  return index - import->index <= import->count ? import : NULL;
}

uint64_t rules_foreign_missing(const struct rules *rules, uint64_t size) {
  if (rules->import_count == 0) return 0;
  const struct rules_import *last = &rules->imports[rules->import_count - 1];
  uint64_t end = last->index + 1 + last->count;
  return end > size ? end - size : 0;
}

enum trust_admission rules_judge_foreign(const struct rules *rules, const struct adduce_id *source,
                                         struct adduce_span origin, const struct event *event,
                                         const struct trust_rule **rule) {
  const struct vocabulary_kind *kind = event->claim.kind;
  struct adduce_span subject = claim_subject(&event->claim);
  const struct trust_foreign foreign = {
      .author32 = event->claim.parsed.author32,
      .kind = event->claim.parsed.kind,
      .subject = subject,
      .is_subject_unknown = subject.size == 0 && (kind == NULL || kind->subject != NULL),
      .genesis32 = source->bytes,
      .origin = origin,
  };
  return trust_admit(&rules->trust, &foreign, rule);
}

/* --- holds -------------------------------------------------------------------------------- */

size_t rules_hold_count(const struct rules *rules) {
  return rules->hold_count;
}

const struct rules_hold *rules_hold_at(const struct rules *rules, size_t index) {
  return index < rules->hold_count ? &rules->holds[index] : NULL;
}

const struct rules_hold *rules_hold_on(const struct rules *rules, const uint8_t *id32,
                                       int64_t recorded_at_us) {
  for (size_t i = 0; i < rules->hold_count; i++) {
    const struct rules_hold *hold = &rules->holds[i];
    if (!rules_hold_binds(hold, recorded_at_us)) continue;
    if (hold->target_count == 0) return hold;
    for (size_t k = 0; k < hold->target_count; k++)
      if (memcmp(hold->targets[k].bytes, id32, 32) == 0) return hold;
  }
  return NULL;
}
