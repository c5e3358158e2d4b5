/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
#include "claim/declaration.h"
#include "log/rules_state.h"
#include "tree/checkpoint.h"

typedef unsigned long long number; /* what %llu takes */

/* --- keys --------------------------------------------------------------------------------- */

static struct adduce_key author_of(const struct event *event) {
  struct adduce_key key;
  memcpy(key.bytes, event->claim.parsed.author32, sizeof key.bytes);
  return key;
}

static bool same_key(const struct adduce_key *a, const struct adduce_key *b) {
  return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static const struct rules_log_key *find_log_key(const struct rules *rules,
                                                const struct adduce_key *key) {
  for (size_t i = 0; i < rules->log_key_count; i++)
    if (same_key(&rules->log_keys[i].verifier.key, key)) return &rules->log_keys[i];
  return NULL;
}

/* Whose key signs the log vouches for nobody, and the other way round. */
static enum adduce_err require_no_log_key(struct adduce_scope *scope, const struct rules *rules,
                                          const struct adduce_key *key) {
  if (find_log_key(rules, key) == NULL) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_KEY, "%s is a key of the log and cannot be an author's",
                    hex_text32(key->bytes).text);
}

static enum adduce_err require_known(struct adduce_scope *scope,
                                     const struct authority_entry *known,
                                     const struct adduce_key *key) {
  if (known != NULL) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_VALUE, "the key %s was never authorized here",
                    hex_text32(key->bytes).text);
}

static enum adduce_err refuse_revoked(struct adduce_scope *scope, const struct rules_author *author,
                                      const char *advice) {
  return scope_fail(scope, ADDUCE_E_VALUE, "the key %s was revoked at index %llu%s",
                    hex_text32(author->key.bytes).text, (number)author->revoked_index, advice);
}

/* `found` is given by those alone who have it. */
static enum adduce_err require_founder(struct adduce_scope *scope, const struct rules *rules,
                                       const struct adduce_key *giver) {
  const struct authority_entry *entry = authority_find(&rules->authority, giver);
  if (entry != NULL && authority_has(&entry->author, RIGHT_FOUND)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_UNAUTHORIZED,
                    "the key %s cannot pass on the right \"found\", which it does not have",
                    hex_text32(giver->bytes).text);
}

/* --- judging ------------------------------------------------------------------------------ */

static enum adduce_err require_log_name(struct adduce_scope *scope, const struct control *control,
                                        struct adduce_span origin) {
  if (span_equal(control->verifier.name, origin)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_VALUE,
                    "field vkey: its name is %.*s, and must be the origin %.*s",
                    SPAN_ARGS(control->verifier.name), SPAN_ARGS(origin));
}

static enum adduce_err judge_founding(struct adduce_scope *scope, const struct control *control,
                                      const struct rules *rules, uint64_t index,
                                      int64_t recorded_at_us, const struct event *event) {
  (void)recorded_at_us;
  struct adduce_key founder = author_of(event);
  if (index != 0 || rules->next_index != 0)
    return scope_fail(scope, ADDUCE_E_VALUE,
                      "ledger.created at index %llu: it stands at index 0 and nowhere else",
                      (number)index);
  TRY(require_log_name(scope, control, control->origin));
  if (!same_key(&control->verifier.key, &founder)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_KEY,
                    "%s is both the founder's key and the log's; they must be two",
                    hex_text32(founder.bytes).text);
}

static enum adduce_err judge_rekeying(struct adduce_scope *scope, const struct control *control,
                                      const struct rules *rules, uint64_t index,
                                      int64_t recorded_at_us, const struct event *event) {
  (void)recorded_at_us;
  (void)event;
  const struct adduce_key *key = &control->verifier.key;
  const struct rules_log_key *last = &rules->log_keys[rules->log_key_count - 1];
  TRY(require_log_name(scope, control, rules->origin));
  if (control->from_size <= index || control->from_size <= last->from_size)
    return scope_fail(scope, ADDUCE_E_VALUE,
                      "field from_size: %llu is not beyond the index %llu and the last from_size "
                      "%llu",
                      (number)control->from_size, (number)index, (number)last->from_size);
  if (authority_find(&rules->authority, key) != NULL)
    return scope_fail(scope, ADDUCE_E_KEY, "field vkey: %s is an author's key, not one for the log",
                      hex_text32(key->bytes).text);
  if (find_log_key(rules, key) == NULL) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_KEY, "field vkey: %s is or was the log's key already",
                    hex_text32(key->bytes).text);
}

static enum adduce_err judge_authorization(struct adduce_scope *scope,
                                           const struct control *control, const struct rules *rules,
                                           uint64_t index, int64_t recorded_at_us,
                                           const struct event *event) {
  (void)recorded_at_us;
  (void)index;
  struct adduce_key giver = author_of(event);
  const struct authority_entry *known = authority_find(&rules->authority, &control->key);
  TRY(require_no_log_key(scope, rules, &control->key));
  if (known != NULL && authority_revoked(&known->author))
    return refuse_revoked(scope, &known->author, " and cannot come back; authorize a new key");
  if ((control->rights & 1u << RIGHT_FOUND) == 0) return ADDUCE_OK;
  return require_founder(scope, rules, &giver);
}

/* A key that announced the one to follow it is followed by no other on its own word, so that who
 * has stolen it cannot put another in its place. */
static enum adduce_err require_announced(struct adduce_scope *scope, const struct control *control,
                                         const struct authority_entry *old,
                                         const struct adduce_key *signer) {
  struct adduce_hash digest = hash_bytes(span_of(control->new_key.bytes, 32));
  if (!old->has_next || !same_key(signer, &control->key)) return ADDUCE_OK;
  if (hash_equal(&digest, &old->next_digest)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_VALUE,
                    "field new_key: %s is not the key whose digest the authorization of %s has",
                    hex_text32(control->new_key.bytes).text, hex_text32(control->key.bytes).text);
}

static enum adduce_err judge_rotation(struct adduce_scope *scope, const struct control *control,
                                      const struct rules *rules, uint64_t index,
                                      int64_t recorded_at_us, const struct event *event) {
  (void)recorded_at_us;
  (void)index;
  struct adduce_key signer = author_of(event);
  const struct authority_entry *old = authority_find(&rules->authority, &control->key);
  TRY(require_known(scope, old, &control->key));
  if (authority_revoked(&old->author)) return refuse_revoked(scope, &old->author, "");
  if (authority_find(&rules->authority, &control->new_key) != NULL)
    return scope_fail(scope, ADDUCE_E_VALUE,
                      "field new_key: %s is or was authorized already; a rotation brings a new key",
                      hex_text32(control->new_key.bytes).text);
  TRY(require_no_log_key(scope, rules, &control->new_key));
  if (authority_has(&old->author, RIGHT_FOUND)) TRY(require_founder(scope, rules, &signer));
  return require_announced(scope, control, old, &signer);
}

static enum adduce_err judge_revocation(struct adduce_scope *scope, const struct control *control,
                                        const struct rules *rules, uint64_t index,
                                        int64_t recorded_at_us, const struct event *event) {
  (void)recorded_at_us;
  (void)event;
  const struct authority_entry *known = authority_find(&rules->authority, &control->key);
  uint64_t from = control->has_effective_from ? control->effective_from : index;
  TRY(require_known(scope, known, &control->key));
  if (from > index)
    return scope_fail(scope, ADDUCE_E_VALUE,
                      "field effective_from: %llu lies beyond the revocation's own index %llu",
                      (number)from, (number)index);
  if (!authority_revoked(&known->author) || from < known->author.suspect_from_index)
    return ADDUCE_OK;
  return refuse_revoked(scope, &known->author,
                        "; another revocation can only take effect from earlier on");
}

static enum adduce_err judge_declaration(struct adduce_scope *scope, const struct control *control,
                                         const struct rules *rules, uint64_t index,
                                         int64_t recorded_at_us, const struct event *event) {
  (void)recorded_at_us;
  (void)control;
  (void)index;
  struct vocabulary_kind kind;
  TRY(declaration_read(scope, scope, &kind, &event->claim.parsed));
  const struct vocabulary_kind *present = vocabulary_find(rules->vocabulary, span_text(kind.name));
  if (present == NULL || declaration_equal(present, &kind)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_VALUE,
                    "kind.declared: %s is declared already and differently; a changed kind takes "
                    "the next version (@N)",
                    kind.name);
}

/* Whose signature the checkpoint has is judged by who imports: here the other log's key is not
 * known. */
static enum adduce_err judge_import(struct adduce_scope *scope, const struct control *control,
                                    const struct rules *rules, uint64_t index,
                                    int64_t recorded_at_us, const struct event *event) {
  struct checkpoint checkpoint;
  struct note note;
  (void)recorded_at_us;
  (void)event;
  if (memcmp(control->source.bytes, rules->genesis.bytes, 32) == 0)
    return scope_fail(scope, ADDUCE_E_VALUE, "field source_genesis: it is this ledger");
  if (control->count == 0 || control->count > MERKLE_SIZE_MAX - index)
    return scope_fail(scope, ADDUCE_E_VALUE, "field count: %llu entries cannot follow",
                      (number)control->count);
  enum adduce_err err = checkpoint_parse(scope, &checkpoint, &note, control->checkpoint);
  if (err != ADDUCE_OK) return scope_wrap(scope, err, "field checkpoint: ");
  if (span_equal(checkpoint.origin, control->origin)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_VALUE, "field checkpoint: it is one of %.*s, not of %.*s",
                    SPAN_ARGS(checkpoint.origin), SPAN_ARGS(control->origin));
}

/* What is kept for proceedings is not erased meanwhile. */
static enum adduce_err judge_erasure(struct adduce_scope *scope, const struct control *control,
                                     const struct rules *rules, uint64_t index,
                                     int64_t recorded_at_us, const struct event *event) {
  (void)control;
  (void)index;
  struct cursor cursor = event->claim.parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_role(&cursor, &ref, "target")) {
    const struct rules_hold *hold = rules_hold_on(rules, ref.id32, recorded_at_us);
    if (hold == NULL) continue;
    return scope_fail(
        scope, ADDUCE_E_HELD,
        "the hold %.16s... (index %llu) keeps %s; it must be lifted first, or run out",
        hex_text32(hold->id.bytes).text, (number)hold->index,
        hold->target_count == 0 ? "everything" : hex_text32(ref.id32).text);
  }
  return ADDUCE_OK;
}

static struct rules_hold *find_hold(const struct rules *rules, const uint8_t *id32) {
  for (size_t i = 0; i < rules->hold_count; i++)
    if (memcmp(rules->holds[i].id.bytes, id32, 32) == 0) return &rules->holds[i];
  return NULL;
}

static enum adduce_err judge_lifting(struct adduce_scope *scope, const struct control *control,
                                     const struct rules *rules, uint64_t index,
                                     int64_t recorded_at_us, const struct event *event) {
  (void)control;
  (void)index;
  (void)recorded_at_us;
  struct cursor cursor = event->claim.parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_role(&cursor, &ref, "hold")) {
    const struct rules_hold *hold = find_hold(rules, ref.id32);
    if (hold == NULL)
      return scope_fail(scope, ADDUCE_E_VALUE, "ref hold: %s is no hold that was placed here",
                        hex_text32(ref.id32).text);
    if (hold->lifted_index != UINT64_MAX)
      return scope_fail(scope, ADDUCE_E_VALUE, "ref hold: %s was lifted at index %llu",
                        hex_text32(ref.id32).text, (number)hold->lifted_index);
  }
  return ADDUCE_OK;
}

typedef enum adduce_err judge_fn(struct adduce_scope *scope, const struct control *control,
                                 const struct rules *rules, uint64_t index, int64_t recorded_at_us,
                                 const struct event *event);

static judge_fn *const judges[] = {
    [CONTROL_FOUND] = judge_founding,
    [CONTROL_REKEY] = judge_rekeying,
    [CONTROL_AUTHORIZE] = judge_authorization,
    [CONTROL_ROTATE] = judge_rotation,
    [CONTROL_REVOKE] = judge_revocation,
    [CONTROL_DECLARE] = judge_declaration,
    [CONTROL_ERASE] = judge_erasure,
    [CONTROL_HOLD] = NULL,
    [CONTROL_LIFT] = judge_lifting,
    [CONTROL_IMPORT] = judge_import,
};

enum adduce_err rules_fold_judge(struct adduce_scope *scope, struct control *control,
                                 const struct rules *rules, uint64_t index, int64_t recorded_at_us,
                                 const struct event *event) {
  TRY(control_read(scope, control, event));
  judge_fn *judge = judges[control->act];
  return judge == NULL ? ADDUCE_OK : judge(scope, control, rules, index, recorded_at_us, event);
}

/* --- taking in ---------------------------------------------------------------------------- */

static enum adduce_err add_log_key(struct rules *rules, uint64_t from_size,
                                   const struct note_verifier *verifier) {
  struct rules_log_key *keys = scope_room(rules->home, &rules->log_key_capacity, rules->log_keys,
                                          rules->log_key_count, sizeof *keys);
  if (keys == NULL) return ADDUCE_E_MEMORY;
  rules->log_keys = keys;
  keys[rules->log_key_count] = (struct rules_log_key){from_size, *verifier};
  keys[rules->log_key_count++].verifier.name = rules->origin;
  return ADDUCE_OK;
}

static enum adduce_err add_author(struct rules *rules, const struct adduce_key *key,
                                  const struct control *control, uint64_t index) {
  struct authority_entry entry = {
      .author = {.key = *key,
                 .authorized_index = index,
                 .revoked_index = UINT64_MAX,
                 .suspect_from_index = UINT64_MAX,
                 .rights = control->rights,
                 .organization = control->organization},
      .has_next = control->has_next,
      .next_digest = control->next_digest,
  };
  return authority_add(&rules->authority, &entry);
}

static enum adduce_err take_founding(struct rules *rules, const struct control *control,
                                     const struct event *event) {
  struct adduce_key founder = author_of(event);
  struct control all = {.rights = AUTHORITY_ALL_RIGHTS};
  rules->genesis = event->id;
  rules->origin = scope_copy(rules->home, control->origin);
  if (rules->origin.data == NULL) return ADDUCE_E_MEMORY;
  TRY(add_log_key(rules, 0, &control->verifier));
  return add_author(rules, &founder, &all, 0);
}

/* A key that is known keeps what it has and gains what is new. */
static enum adduce_err take_authorization(struct rules *rules, const struct control *control,
                                          uint64_t index) {
  struct authority_entry *known = authority_find(&rules->authority, &control->key);
  if (known == NULL) return add_author(rules, &control->key, control, index);
  known->author.rights |= control->rights;
  if (control->has_next) {
    known->has_next = true;
    known->next_digest = control->next_digest;
  }
  if (control->organization.size == 0) return ADDUCE_OK;
  known->author.organization = scope_copy(rules->home, control->organization);
  return known->author.organization.data == NULL ? ADDUCE_E_MEMORY : ADDUCE_OK;
}

static void revoke(struct rules_author *author, uint64_t index, uint64_t suspect_from,
                   const char *reason) {
  if (!authority_revoked(author)) author->revoked_index = index;
  author->suspect_from_index = suspect_from;
  author->revocation_reason = reason;
}

static enum adduce_err take_rotation(struct rules *rules, const struct control *control,
                                     uint64_t index) {
  struct rules_author *old = &authority_find(&rules->authority, &control->key)->author;
  struct control same = {.rights = old->rights, .organization = old->organization};
  revoke(old, index, index, "superseded");
  return add_author(rules, &control->new_key, &same, index);
}

static void take_revocation(struct rules *rules, const struct control *control, uint64_t index) {
  revoke(&authority_find(&rules->authority, &control->key)->author, index,
         control->has_effective_from ? control->effective_from : index, control->reason);
}

static enum adduce_err add_declaration(struct adduce_scope *scope, struct rules *rules,
                                       const struct parsed *parsed, const struct adduce_id *id) {
  struct rules_declaration *kept =
      scope_room(rules->home, &rules->declaration_capacity, rules->declarations,
                 rules->declaration_count, sizeof *kept);
  if (kept == NULL) return ADDUCE_E_MEMORY;
  rules->declarations = kept;
  kept += rules->declaration_count;
  *kept = (struct rules_declaration){scope_copy(rules->home, parsed->event),
                                     scope_copy(rules->home, parsed->content), *id};
  if (kept->event.data == NULL || kept->content.data == NULL) return ADDUCE_E_MEMORY;
  TRY(vocabulary_declare(scope, rules->vocabulary, parsed, id->bytes));
  rules->declaration_count++;
  return ADDUCE_OK;
}

/* Rules that cannot be read apply to nothing: those of an event that others signed may be of a
 * later version. */
static enum adduce_err take_policy(struct rules *rules, bool quarantines, struct adduce_span list,
                                   const struct adduce_id *id) {
  struct adduce_scope *reading;
  rules->has_policy = true;
  rules->quarantines = quarantines;
  rules->policy = *id;
  rules->policy_rules = scope_copy(rules->home, list);
  rules->trust = (struct trust){.count = 0};
  if (rules->policy_rules.data == NULL) return ADDUCE_E_MEMORY;
  if (adduce_scope_open(&reading, 0) != ADDUCE_OK) return ADDUCE_E_MEMORY;
  bool is_readable = trust_read(reading, &rules->trust, list) == ADDUCE_OK;
  adduce_scope_close(&reading);
  if (!is_readable) rules->trust = (struct trust){.count = 0};
  return is_readable ? trust_read(rules->home, &rules->trust, rules->policy_rules) : ADDUCE_OK;
}

static enum adduce_err add_import(struct rules *rules, const struct rules_import *import) {
  struct rules_import *imports = scope_room(rules->home, &rules->import_capacity, rules->imports,
                                            rules->import_count, sizeof *imports);
  if (imports == NULL) return ADDUCE_E_MEMORY;
  rules->imports = imports;
  imports += rules->import_count;
  *imports = *import;
  imports->origin = scope_copy(rules->home, import->origin);
  if (imports->origin.data == NULL) return ADDUCE_E_MEMORY;
  rules->import_count++;
  return ADDUCE_OK;
}

static enum adduce_err take_import(struct rules *rules, const struct control *control,
                                   uint64_t index, const struct adduce_id *id) {
  const struct rules_import import = {
      .index = index,
      .count = control->count,
      .id = *id,
      .source = control->source,
      .manifest = control->manifest,
      .origin = control->origin,
  };
  return add_import(rules, &import);
}

static enum adduce_err add_hold(struct rules *rules, const struct rules_hold *hold) {
  struct rules_hold *holds = scope_room(rules->home, &rules->hold_capacity, rules->holds,
                                        rules->hold_count, sizeof *holds);
  size_t bytes = hold->target_count * sizeof *hold->targets;
  struct adduce_id *targets = scope_alloc(rules->home, bytes);
  if (holds == NULL || targets == NULL) return ADDUCE_E_MEMORY;
  if (bytes != 0) memcpy(targets, hold->targets, bytes);
  rules->holds = holds;
  holds[rules->hold_count] = *hold;
  holds[rules->hold_count++].targets = targets;
  return ADDUCE_OK;
}

static enum adduce_err take_hold(struct adduce_scope *scope, struct rules *rules,
                                 const struct control *control, uint64_t index,
                                 const struct event *event) {
  struct adduce_id *targets = scope_array(scope, event->claim.parsed.ref_count, sizeof *targets);
  struct cursor cursor = event->claim.parsed.refs;
  struct parsed_ref ref;
  size_t count = 0;
  if (targets == NULL) return ADDUCE_E_MEMORY;
  while (parsed_next_role(&cursor, &ref, "target")) memcpy(targets[count++].bytes, ref.id32, 32);
  const struct rules_hold hold = {event->id, index, UINT64_MAX, control->until_us, targets, count};
  return add_hold(rules, &hold);
}

static void take_lifting(struct rules *rules, uint64_t index, const struct event *event) {
  struct cursor cursor = event->claim.parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_role(&cursor, &ref, "hold")) find_hold(rules, ref.id32)->lifted_index = index;
}

static enum adduce_err take(struct adduce_scope *scope, struct rules *rules,
                            const struct control *control, uint64_t index,
                            const struct event *event) {
  switch (control->act) {
    case CONTROL_FOUND:
      return take_founding(rules, control, event);
    case CONTROL_REKEY:
      return add_log_key(rules, control->from_size, &control->verifier);
    case CONTROL_AUTHORIZE:
      return take_authorization(rules, control, index);
    case CONTROL_ROTATE:
      return take_rotation(rules, control, index);
    case CONTROL_REVOKE:
      take_revocation(rules, control, index);
      return ADDUCE_OK;
    case CONTROL_POLICY:
      return take_policy(rules, control->quarantines, control->rules, &event->id);
    case CONTROL_DECLARE:
      return add_declaration(scope, rules, &event->claim.parsed, &event->id);
    case CONTROL_IMPORT:
      return take_import(rules, control, index, &event->id);
    case CONTROL_HOLD:
      return take_hold(scope, rules, control, index, event);
    case CONTROL_LIFT:
      take_lifting(rules, index, event);
      return ADDUCE_OK;
    case CONTROL_ERASE:
    case CONTROL_NOTHING:
      break;
  }
  return ADDUCE_OK;
}

enum adduce_err rules_fold_take(struct adduce_scope *scope, struct rules *rules,
                                const struct control *control, uint64_t index,
                                const struct event *event) {
  enum adduce_err err = take(scope, rules, control, index, event);
  return err == ADDUCE_E_MEMORY ? scope_no_memory(scope) : err;
}

/* --- copying ------------------------------------------------------------------------------ */

static enum adduce_err copy_declarations(struct adduce_scope *scope, struct rules *copy,
                                         const struct rules *from) {
  for (size_t i = 0; i < from->declaration_count; i++) {
    const struct rules_declaration *declaration = &from->declarations[i];
    struct scope_mark mark = scope_mark(scope);
    struct parsed parsed;
    enum adduce_err err =
        parsed_read_stored(scope, &parsed, declaration->event, declaration->content);
    if (err == ADDUCE_OK) err = add_declaration(scope, copy, &parsed, &declaration->id);
    scope_rewind(scope, mark);
    if (err != ADDUCE_OK) return err;
  }
  return ADDUCE_OK;
}

static enum adduce_err copy_all(struct adduce_scope *scope, struct rules *copy,
                                const struct rules *from) {
  copy->next_index = from->next_index;
  copy->genesis = from->genesis;
  copy->origin = scope_copy(copy->home, from->origin);
  if (copy->origin.data == NULL) return ADDUCE_E_MEMORY;
  for (size_t i = 0; i < from->log_key_count; i++)
    TRY(add_log_key(copy, from->log_keys[i].from_size, &from->log_keys[i].verifier));
  for (size_t i = 0; i < from->authority.count; i++)
    TRY(authority_add(&copy->authority, &from->authority.entries[i]));
  for (size_t i = 0; i < from->import_count; i++) TRY(add_import(copy, &from->imports[i]));
  if (from->has_policy)
    TRY(take_policy(copy, from->quarantines, from->policy_rules, &from->policy));
  for (size_t i = 0; i < from->hold_count; i++) TRY(add_hold(copy, &from->holds[i]));
  return copy_declarations(scope, copy, from);
}

enum adduce_err rules_fold_copy(struct adduce_scope *scope, struct rules *copy,
                                const struct rules *from) {
  enum adduce_err err = copy_all(scope, copy, from);
  return err == ADDUCE_E_MEMORY ? scope_no_memory(scope) : err;
}
