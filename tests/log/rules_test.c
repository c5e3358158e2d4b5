/* SPDX-License-Identifier: Apache-2.0 */
#include "log/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hex.h"
#include "codec/value.h"

/* Keys of authors A to D and of logs X and Y; A founds the ledger that X signs. */
enum { A, B, C, D, X, Y, KEY_COUNT };

static struct adduce_scope *scope;
static struct signer *signers[KEY_COUNT];
static struct rules *rules;
static struct adduce_id genesis;
static uint64_t next_index;

static const struct adduce_key *key(int who) {
  return signer_key(signers[who]);
}

static const char *hex(int who) {
  return scope_format(scope, "%s", hex_text32(key(who)->bytes).text);
}

static const char *vkey(const char *name, int who) {
  const char *text;
  assert_int_equal(note_vkey_encode(scope, &text, span_text(name), key(who)), ADDUCE_OK);
  return text;
}

/* --- events ------------------------------------------------------------------------------- */

static struct event sign_with(const struct vocabulary *vocabulary, int who, const char *kind,
                              const uint8_t *ledger32, const char *content) {
  struct event event;
  const struct parsed_ref ref = {span_text("ledger"), ledger32};
  struct event_draft draft = {.kind = span_text(kind),
                              .claimed_at_us = INT64_C(1765620000000000),
                              .refs = &ref,
                              .ref_count = ledger32 == NULL ? 0 : 1};
  enum adduce_err err = adduce_value_from_json(scope, &draft.content, content, strlen(content));
  if (err == ADDUCE_OK) err = event_sign(scope, &event, &draft, vocabulary, signers[who]);
  if (err != ADDUCE_OK) print_error("%s: %s\n", adduce_scope_detail(scope), content);
  assert_int_equal(err, ADDUCE_OK);
  return event;
}

static struct event sign_by(int who, const char *kind, const uint8_t *ledger32,
                            const char *content) {
  return sign_with(rules_vocabulary(rules), who, kind, ledger32, content);
}

static struct event claim_by(int who) {
  return sign_by(who, "author.described", NULL,
                 scope_format(scope, "{\"key\":{\"$id\":\"%s\"},\"name\":\"N\"}", hex(who)));
}

static struct event control_by(int who, const char *kind, const char *content) {
  return sign_by(who, kind, genesis.bytes, content);
}

static struct event authorizing(int who, int whom, const char *rights) {
  return control_by(
      who, "key.authorized",
      scope_format(scope, "{\"key\":{\"$id\":\"%s\"},\"rights\":[%s]}", hex(whom), rights));
}

static struct event rotating(int who, int old, int new) {
  return control_by(
      who, "key.rotated",
      scope_format(scope, "{\"old_key\":{\"$id\":\"%s\"},\"new_key\":{\"$id\":\"%s\"}}", hex(old),
                   hex(new)));
}

static struct event revoking(int who, int whom, const char *rest) {
  return control_by(who, "key.revoked",
                    scope_format(scope, "{\"key\":{\"$id\":\"%s\"},%s}", hex(whom), rest));
}

static struct event rekeying(int who, const char *text, unsigned from_size) {
  return control_by(who, "ledger.rekeyed",
                    scope_format(scope, "{\"vkey\":\"%s\",\"from_size\":%u}", text, from_size));
}

static struct event founding(int who, const char *origin, const char *text) {
  return sign_by(who, "ledger.created", NULL,
                 scope_format(scope, "{\"origin\":\"%s\",\"vkey\":\"%s\"}", origin, text));
}

/* As a stranger's reader has it, with the signature not looked at. */
static struct event reread(const struct parsed *from, struct adduce_span content) {
  struct parsed parsed;
  struct event event;
  assert_int_equal(parsed_read(scope, &parsed, from->event, content), ADDUCE_OK);
  event_recall(&event, &parsed, rules_vocabulary(rules));
  return event;
}

static enum adduce_err admit(struct event event) {
  return rules_admit(scope, rules, next_index, 0, &event);
}

/* Admits and applies, and is the index. */
static uint64_t take(struct event event) {
  enum adduce_err err = admit(event);
  if (err == ADDUCE_OK) err = rules_apply(scope, rules, next_index, 0, &event);
  if (err != ADDUCE_OK) print_error("%s\n", adduce_scope_detail(scope));
  assert_int_equal(err, ADDUCE_OK);
  return next_index++;
}

static void detail_has(const char *text) {
  if (strstr(adduce_scope_detail(scope), text) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", adduce_scope_detail(scope), text);
}

/* --- fixtures ----------------------------------------------------------------------------- */

static int start(void **state) {
  (void)state;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK || sign_start(scope) != ADDUCE_OK) return 1;
  for (uint8_t i = 0; i < KEY_COUNT; i++) {
    const uint8_t seed[32] = {1, 2, i};
    if (signer_from_seed(scope, &signers[i], seed) != ADDUCE_OK) return 1;
  }
  return 0;
}

static int stop(void **state) {
  (void)state;
  for (int i = 0; i < KEY_COUNT; i++) signer_close(&signers[i]);
  adduce_scope_close(&scope);
  return 0;
}

static int nothing(void **state) {
  (void)state;
  next_index = 0;
  return rules_open(scope, &rules) == ADDUCE_OK ? 0 : 1;
}

static int founded(void **state) {
  if (nothing(state) != 0) return 1;
  struct event event = founding(A, "m.example", vkey("m.example", X));
  genesis = event.id;
  take(event);
  return 0;
}

static int end(void **state) {
  (void)state;
  rules_close(&rules);
  return 0;
}

/* --- the genesis -------------------------------------------------------------------------- */

static void before_entry_0_nothing_is_in_force(void **state) {
  (void)state;
  const struct note_verifier *verifier, *outgoing;
  assert_int_equal(rules_next_index(rules), 0);
  assert_memory_equal(rules_genesis(rules), &(struct adduce_id){{0}}, 32);
  assert_int_equal(rules_origin(rules).size, 0);
  assert_int_equal(rules_author_count(rules), 0);
  assert_null(rules_author(rules, key(A)));
  assert_null(rules_author_at(rules, 0));
  assert_null(rules_policy(rules));
  rules_log_keys(rules, 0, &verifier, &outgoing);
  assert_null(verifier);
  assert_null(outgoing);
}

static void the_genesis_gives_identity_and_all_rights(void **state) {
  (void)state;
  const struct rules_author *founder = rules_author(rules, key(A));
  const struct note_verifier *verifier, *outgoing;
  assert_memory_equal(rules_genesis(rules), &genesis, 32);
  assert_true(span_is(rules_origin(rules), "m.example"));
  assert_int_equal(rules_next_index(rules), 1);
  assert_int_equal(founder->rights, 0xff);
  assert_int_equal(founder->authorized_index, 0);
  assert_true(founder->revoked_index == UINT64_MAX && founder->suspect_from_index == UINT64_MAX);
  assert_ptr_equal(rules_author_at(rules, 0), founder);
  rules_log_keys(rules, 1, &verifier, &outgoing);
  assert_memory_equal(&verifier->key, key(X), 32);
  assert_true(span_is(verifier->name, "m.example"));
  assert_null(outgoing);
}

static void a_ledger_begins_with_its_genesis(void **state) {
  (void)state;
  struct event claim = claim_by(A);
  struct event event = founding(A, "m.example", vkey("m.example", X));
  assert_int_equal(admit(claim), ADDUCE_E_VALUE);
  assert_int_equal(rules_apply(scope, rules, 0, 0, &claim), ADDUCE_E_VALUE);
  detail_has("index 0: ");
  assert_int_equal(rules_apply(scope, rules, 7, 0, &event), ADDUCE_E_VALUE);
  assert_int_equal(admit(event), ADDUCE_OK);
}

static void a_genesis_that_cannot_be_is_refused(void **state) {
  (void)state;
  assert_int_equal(admit(founding(A, "m.example", vkey("m.example", A))), ADDUCE_E_KEY);
  detail_has(hex(A));
  assert_int_equal(admit(founding(A, "m.example", vkey("n.example", X))), ADDUCE_E_VALUE);
  assert_int_equal(admit(founding(A, "m example", vkey("m.example", X))), ADDUCE_E_NOTE);
  assert_int_equal(admit(founding(A, "m.example", "m.example+00000000+AA==")), ADDUCE_E_NOTE);
}

static void there_is_one_genesis(void **state) {
  (void)state;
  assert_int_equal(admit(founding(A, "m.example", vkey("m.example", Y))), ADDUCE_E_VALUE);
  detail_has("index 1");
}

/* --- authors ------------------------------------------------------------------------------ */

static void an_unknown_author_is_refused(void **state) {
  (void)state;
  assert_int_equal(admit(claim_by(B)), ADDUCE_E_UNAUTHORIZED);
  detail_has(hex(B));
}

static void an_authorized_author_may_claim_from_then_on(void **state) {
  (void)state;
  uint64_t index = take(authorizing(A, B, "\"append\""));
  const struct rules_author *author = rules_author(rules, key(B));
  assert_int_equal(author->authorized_index, index);
  assert_int_equal(author->rights, 1u << RIGHT_APPEND);
  assert_int_equal(author->organization.size, 0);
  assert_null(author->revocation_reason);
  take(claim_by(B));
  assert_int_equal(rules_next_index(rules), 3);
}

static void any_authorization_comes_with_append(void **state) {
  (void)state;
  take(authorizing(A, B, "\"erase\""));
  assert_int_equal(rules_author(rules, key(B))->rights, 1u << RIGHT_APPEND | 1u << RIGHT_ERASE);
}

static void a_known_key_gains_rights_and_loses_none(void **state) {
  (void)state;
  take(authorizing(A, B, "\"erase\""));
  take(authorizing(A, B, "\"revoke\""));
  take(authorizing(A, A, "\"append\""));
  assert_int_equal(rules_author_count(rules), 2);
  assert_int_equal(rules_author(rules, key(B))->rights,
                   1u << RIGHT_APPEND | 1u << RIGHT_ERASE | 1u << RIGHT_REVOKE);
  assert_int_equal(rules_author(rules, key(B))->authorized_index, 1);
  assert_int_equal(rules_author(rules, key(A))->rights, 0xff);
}

static void each_control_kind_needs_its_right(void **state) {
  (void)state;
  take(authorizing(A, B, "\"append\""));
  assert_int_equal(admit(authorizing(B, C, "\"append\"")), ADDUCE_E_UNAUTHORIZED);
  detail_has("\"authorize\"");
  detail_has(hex(B));
  assert_int_equal(admit(revoking(B, A, "\"reason\":\"lost\"")), ADDUCE_E_UNAUTHORIZED);
  assert_int_equal(admit(rotating(B, A, C)), ADDUCE_E_UNAUTHORIZED);
  assert_int_equal(admit(rekeying(B, vkey("m.example", Y), 9)), ADDUCE_E_UNAUTHORIZED);
  assert_int_equal(admit(control_by(B, "policy.set", "{\"unknown_authors\":\"refuse\"}")),
                   ADDUCE_E_UNAUTHORIZED);
  assert_int_equal(admit(control_by(B, "hold.placed", "{\"reason\":\"r\"}")),
                   ADDUCE_E_UNAUTHORIZED);
  take(authorizing(A, B, "\"authorize\",\"policy\""));
  take(authorizing(B, C, "\"append\""));
  take(control_by(B, "policy.set", "{\"unknown_authors\":\"refuse\"}"));
}

static void found_is_given_by_founders_alone(void **state) {
  (void)state;
  take(authorizing(A, B, "\"authorize\""));
  assert_int_equal(admit(authorizing(B, C, "\"found\"")), ADDUCE_E_UNAUTHORIZED);
  assert_int_equal(admit(authorizing(B, B, "\"found\"")), ADDUCE_E_UNAUTHORIZED);
  assert_int_equal(admit(rotating(B, A, C)), ADDUCE_E_UNAUTHORIZED);
  detail_has("\"found\"");
  take(authorizing(A, C, "\"found\""));
  assert_int_equal(rules_author(rules, key(C))->rights, 0xff);
  take(rotating(C, A, D));
  assert_int_equal(rules_author(rules, key(D))->rights, 0xff);
}

static void many_authors_are_found_again(void **state) {
  (void)state;
  uint8_t seed[32] = {7};
  struct signer *mine[200];
  for (size_t i = 0; i < 200; i++) {
    seed[1] = (uint8_t)i;
    assert_int_equal(signer_from_seed(scope, &mine[i], seed), ADDUCE_OK);
    take(control_by(A, "key.authorized",
                    scope_format(scope,
                                 "{\"key\":{\"$id\":\"%s\"},\"rights\":[\"append\"],"
                                 "\"organization\":\"O%zu\"}",
                                 hex_text32(signer_key(mine[i])->bytes).text, i)));
  }
  assert_int_equal(rules_author_count(rules), 201);
  for (size_t i = 0; i < 200; i++) {
    const struct rules_author *author = rules_author(rules, signer_key(mine[i]));
    assert_int_equal(author->authorized_index, i + 1);
    assert_ptr_equal(author, rules_author_at(rules, i + 1));
    assert_true(span_is(author->organization, scope_format(scope, "O%zu", i)));
    signer_close(&mine[i]);
  }
}

static void a_log_key_is_no_author(void **state) {
  (void)state;
  take(rekeying(A, vkey("m.example", Y), 50));
  assert_int_equal(admit(authorizing(A, X, "\"append\"")), ADDUCE_E_KEY);
  assert_int_equal(admit(authorizing(A, Y, "\"append\"")), ADDUCE_E_KEY);
  assert_int_equal(admit(rotating(A, A, Y)), ADDUCE_E_KEY);
}

static void what_is_no_key_is_not_authorized(void **state) {
  (void)state;
  const char *zeros =
      scope_format(scope, "{\"key\":{\"$id\":\"%064d\"},\"rights\":[\"append\"]}", 0);
  assert_int_equal(admit(control_by(A, "key.authorized", zeros)), ADDUCE_E_KEY);
}

/* --- rotation and revocation -------------------------------------------------------------- */

static void a_key_rotates_itself(void **state) {
  (void)state;
  take(control_by(A, "key.authorized",
                  scope_format(scope,
                               "{\"key\":{\"$id\":\"%s\"},\"rights\":[\"erase\"],"
                               "\"organization\":\"Monitor\"}",
                               hex(B))));
  uint64_t index = take(rotating(B, B, C));
  const struct rules_author *old = rules_author(rules, key(B)), *new = rules_author(rules, key(C));
  assert_int_equal(old->revoked_index, index);
  assert_int_equal(old->suspect_from_index, index);
  assert_string_equal(old->revocation_reason, "superseded");
  assert_int_equal(new->authorized_index, index);
  assert_int_equal(new->rights, old->rights);
  assert_true(span_is(new->organization, "Monitor"));
  assert_int_equal(admit(claim_by(B)), ADDUCE_E_REVOKED);
  detail_has("index 2");
  take(claim_by(C));
}

static void a_rotation_needs_an_old_key_in_force_and_a_new_one(void **state) {
  (void)state;
  take(authorizing(A, B, "\"append\""));
  assert_int_equal(admit(rotating(A, C, D)), ADDUCE_E_VALUE);
  detail_has(hex(C));
  assert_int_equal(admit(rotating(A, B, A)), ADDUCE_E_VALUE);
  take(rotating(A, B, C));
  assert_int_equal(admit(rotating(A, B, D)), ADDUCE_E_VALUE);
  assert_int_equal(admit(rotating(A, C, B)), ADDUCE_E_VALUE);
}

static void a_key_that_announced_the_next_is_followed_by_it(void **state) {
  (void)state;
  struct adduce_hash digest = hash_bytes(span_of(key(C)->bytes, 32));
  take(control_by(A, "key.authorized",
                  scope_format(scope,
                               "{\"key\":{\"$id\":\"%s\"},\"rights\":[\"append\"],"
                               "\"next_key_digest\":{\"$id\":\"%s\"}}",
                               hex(B), hex_text32(digest.bytes).text)));
  assert_int_equal(admit(rotating(B, B, D)), ADDUCE_E_VALUE);
  assert_int_equal(admit(rotating(A, B, D)), ADDUCE_OK); /* on another's word */
  digest = hash_bytes(span_of(key(D)->bytes, 32));
  take(control_by(A, "key.authorized",
                  scope_format(scope,
                               "{\"key\":{\"$id\":\"%s\"},\"rights\":[\"append\"],"
                               "\"organization\":\"Monitor\",\"next_key_digest\":{\"$id\":\"%s\"}}",
                               hex(B), hex_text32(digest.bytes).text)));
  assert_true(span_is(rules_author(rules, key(B))->organization, "Monitor"));
  assert_int_equal(admit(rotating(B, B, C)), ADDUCE_E_VALUE);
  take(rotating(B, B, D));
}

static void a_revoked_key_is_refused_from_then_on(void **state) {
  (void)state;
  take(authorizing(A, B, "\"append\""));
  take(claim_by(B));
  uint64_t index = take(revoking(A, B, "\"reason\":\"compromised\",\"effective_from\":2"));
  const struct rules_author *author = rules_author(rules, key(B));
  assert_int_equal(author->revoked_index, index);
  assert_int_equal(author->suspect_from_index, 2);
  assert_string_equal(author->revocation_reason, "compromised");
  assert_int_equal(admit(claim_by(B)), ADDUCE_E_REVOKED);
  detail_has(hex(B));
  assert_int_equal(admit(authorizing(A, B, "\"append\"")), ADDUCE_E_VALUE);
}

static void a_key_revokes_itself(void **state) {
  (void)state;
  take(authorizing(A, B, "\"append\""));
  uint64_t index = take(revoking(B, B, "\"reason\":\"lost\""));
  assert_int_equal(rules_author(rules, key(B))->revoked_index, index);
  assert_int_equal(rules_author(rules, key(B))->suspect_from_index, index);
}

static void a_revocation_takes_effect_at_its_index_at_the_latest(void **state) {
  (void)state;
  take(authorizing(A, B, "\"append\""));
  assert_int_equal(admit(revoking(A, B, "\"reason\":\"lost\",\"effective_from\":3")),
                   ADDUCE_E_VALUE);
  detail_has("effective_from");
  assert_int_equal(admit(revoking(A, B, "\"reason\":\"lost\",\"effective_from\":2")), ADDUCE_OK);
  assert_int_equal(admit(revoking(A, C, "\"reason\":\"lost\"")), ADDUCE_E_VALUE);
}

static void another_revocation_only_deepens_doubt(void **state) {
  (void)state;
  take(authorizing(A, B, "\"append\""));
  uint64_t index = take(rotating(B, B, C));
  assert_int_equal(admit(revoking(A, B, "\"reason\":\"lost\"")), ADDUCE_E_VALUE);
  take(revoking(A, B, "\"reason\":\"compromised\",\"effective_from\":1"));
  assert_int_equal(rules_author(rules, key(B))->revoked_index, index);
  assert_int_equal(rules_author(rules, key(B))->suspect_from_index, 1);
  assert_string_equal(rules_author(rules, key(B))->revocation_reason, "compromised");
}

/* --- control events ----------------------------------------------------------------------- */

static void a_control_event_of_another_ledger_does_not_act(void **state) {
  (void)state;
  static const uint8_t other32[32] = {0xee};
  struct event event = sign_by(A, "policy.set", other32, "{\"unknown_authors\":\"quarantine\"}");
  assert_int_equal(admit(event), ADDUCE_E_OTHER_LEDGER);
  detail_has("ee00");
  assert_int_equal(rules_apply(scope, rules, 1, 0, &event), ADDUCE_OK);
  assert_null(rules_policy(rules));
  assert_int_equal(rules_next_index(rules), 2);
}

static void a_control_event_is_whole(void **state) {
  (void)state;
  struct event event =
      control_by(A, "policy.set", "{\"unknown_authors\":\"refuse\",\"text\":\"t\"}");
  const struct parsed *parsed = &event.claim.parsed;
  const struct content_path path = {span_text("text"), -1};
  struct adduce_span partial;
  assert_int_equal(content_withhold(scope, &partial, parsed, &path, 1), ADDUCE_OK);
  assert_int_equal(admit(reread(parsed, partial)), ADDUCE_E_MISSING);
  event = reread(parsed, span_of(NULL, 0));
  assert_int_equal(admit(event), ADDUCE_E_MISSING);
  assert_int_equal(rules_apply(scope, rules, 1, 0, &event), ADDUCE_E_MISSING);
}

static void what_is_whole_in_parts_acts_as_well(void **state) {
  (void)state;
  struct event event = authorizing(A, B, "\"erase\",\"revoke\"");
  struct adduce_span partial;
  assert_int_equal(content_withhold(scope, &partial, &event.claim.parsed, NULL, 0), ADDUCE_OK);
  take(reread(&event.claim.parsed, partial));
  assert_int_equal(rules_author(rules, key(B))->rights,
                   1u << RIGHT_APPEND | 1u << RIGHT_ERASE | 1u << RIGHT_REVOKE);
}

/* Another name of the same length, in a copy; the signature is nobody's business here. */
static struct event renamed(const struct event *event, const char *kind) {
  struct adduce_span copy = scope_copy(scope, event->claim.parsed.event);
  size_t at = (size_t)(event->claim.parsed.kind.data - event->claim.parsed.event.data);
  assert_int_equal(strlen(kind), event->claim.parsed.kind.size);
  memcpy((uint8_t *)(uintptr_t)copy.data + at, kind, strlen(kind));
  struct parsed parsed = event->claim.parsed;
  parsed.event = copy;
  return reread(&parsed, event->claim.parsed.content);
}

static void control_that_is_not_understood_is_refused(void **state) {
  (void)state;
  struct event event = authorizing(A, B, "\"append\"");
  event = renamed(&event, "key.authorizex");
  assert_int_equal(admit(event), ADDUCE_E_KIND);
  assert_int_equal(rules_apply(scope, rules, 1, 0, &event), ADDUCE_E_KIND);
}

static void a_claim_that_is_not_understood_is_ordinary(void **state) {
  (void)state;
  struct event event = claim_by(A);
  event = renamed(&event, "author.describex");
  assert_int_equal(event.claim.standing, CLAIM_NOT_UNDERSTOOD);
  take(event);
}

/* Read back from a damaged log, a claim need not be valid. */
static void control_without_its_fields_is_refused(void **state) {
  (void)state;
  struct event event = control_by(A, "hold.placed", "{\"reason\":\"lost\"}");
  struct event revocation = renamed(&event, "key.revoked");
  assert_int_equal(rules_apply(scope, rules, 1, 0, &revocation), ADDUCE_E_VALUE);
  detail_has("index 1: field key");
}

static void a_hold_changes_no_rule(void **state) {
  (void)state;
  take(control_by(A, "hold.placed", "{\"reason\":\"r\"}"));
  assert_int_equal(rules_author_count(rules), 1);
  assert_int_equal(rules_next_index(rules), 2);
}

static void an_import_has_the_other_checkpoint(void **state) {
  (void)state;
  const char *content = scope_format(
      scope,
      "{\"source_genesis\":{\"$id\":\"%064d\"},\"origin\":\"p.example\",\"checkpoint\":\"c\","
      "\"manifest\":{\"$id\":\"%064d\"},\"count\":7}",
      0, 0);
  assert_int_equal(admit(control_by(A, "bundle.imported", content)), ADDUCE_E_NOTE);
  detail_has("field checkpoint");
}

static void the_policy_says_what_becomes_of_unknown_authors(void **state) {
  (void)state;
  struct event quarantine = control_by(A, "policy.set", "{\"unknown_authors\":\"quarantine\"}");
  take(quarantine);
  assert_memory_equal(rules_policy(rules), &quarantine.id, 32);
  assert_int_equal(admit(claim_by(B)), ADDUCE_E_QUARANTINED);
  struct event refuse = control_by(A, "policy.set", "{\"unknown_authors\":\"refuse\"}");
  take(refuse);
  assert_memory_equal(rules_policy(rules), &refuse.id, 32);
  assert_int_equal(admit(claim_by(B)), ADDUCE_E_UNAUTHORIZED);
}

/* --- log keys ----------------------------------------------------------------------------- */

static void a_new_log_key_is_in_force_from_its_size(void **state) {
  (void)state;
  const struct note_verifier *verifier, *outgoing;
  take(rekeying(A, vkey("m.example", Y), 10));
  rules_log_keys(rules, 9, &verifier, &outgoing);
  assert_memory_equal(&verifier->key, key(X), 32);
  assert_null(outgoing);
  rules_log_keys(rules, 10, &verifier, &outgoing);
  assert_memory_equal(&verifier->key, key(Y), 32);
  assert_memory_equal(&outgoing->key, key(X), 32);
  rules_log_keys(rules, 11, &verifier, &outgoing);
  assert_memory_equal(&verifier->key, key(Y), 32);
  assert_null(outgoing);
}

static void a_log_key_that_cannot_be_is_refused(void **state) {
  (void)state;
  assert_int_equal(admit(rekeying(A, vkey("m.example", Y), 1)), ADDUCE_E_VALUE);
  assert_int_equal(admit(rekeying(A, vkey("m.example", Y), 2)), ADDUCE_OK);
  assert_int_equal(admit(rekeying(A, vkey("n.example", Y), 9)), ADDUCE_E_VALUE);
  assert_int_equal(admit(rekeying(A, vkey("m.example", A), 9)), ADDUCE_E_KEY);
  assert_int_equal(admit(rekeying(A, vkey("m.example", X), 9)), ADDUCE_E_KEY);
  assert_int_equal(admit(rekeying(A, "nonsense", 9)), ADDUCE_E_NOTE);
  take(rekeying(A, vkey("m.example", Y), 20));
  assert_int_equal(admit(rekeying(A, vkey("m.example", C), 20)), ADDUCE_E_VALUE);
  assert_int_equal(admit(rekeying(A, vkey("m.example", C), 21)), ADDUCE_OK);
}

/* --- kinds -------------------------------------------------------------------------------- */

static const char *declaring(const char *text) {
  return scope_format(scope,
                      "{\"name\":\"m.example:item.moved\",\"text\":\"%s\",\"effect\":\"moves\","
                      "\"subject\":\"item\",\"state\":\"moved\",\"fields\":[{\"name\":\"item\","
                      "\"type\":\"subject\",\"text\":\"what\"}]}",
                      text);
}

static void a_declared_kind_is_declared_once(void **state) {
  (void)state;
  struct event first = control_by(A, "kind.declared", declaring("Moved."));
  assert_int_equal(admit(first), ADDUCE_OK);
  assert_int_equal(vocabulary_declared_count(rules_vocabulary(rules)), 0);
  take(first);
  const struct vocabulary_kind *kind = vocabulary_declared(rules_vocabulary(rules), 0);
  assert_memory_equal(kind->declared_by32, first.id.bytes, 32);
  assert_int_equal(admit(control_by(A, "kind.declared", declaring("Else."))), ADDUCE_E_VALUE);
  take(control_by(A, "kind.declared", declaring("Moved.")));
  assert_int_equal(vocabulary_declared_count(rules_vocabulary(rules)), 1);
}

/* --- copies and folds --------------------------------------------------------------------- */

static void build(void) {
  take(authorizing(A, B, "\"erase\""));
  take(control_by(A, "kind.declared", declaring("Moved.")));
  take(rekeying(A, vkey("m.example", Y), 10));
  take(control_by(A, "policy.set", "{\"unknown_authors\":\"quarantine\"}"));
  take(rotating(B, B, C));
}

static void same(const struct rules *a, const struct rules *b) {
  const struct note_verifier *key_a, *key_b, *out_a, *out_b;
  assert_int_equal(rules_next_index(a), rules_next_index(b));
  assert_memory_equal(rules_genesis(a), rules_genesis(b), 32);
  assert_true(span_equal(rules_origin(a), rules_origin(b)));
  assert_memory_equal(rules_policy(a), rules_policy(b), 32);
  assert_int_equal(rules_author_count(a), rules_author_count(b));
  for (size_t i = 0; i < rules_author_count(a); i++) {
    const struct rules_author *left = rules_author_at(a, i), *right = rules_author_at(b, i);
    assert_memory_equal(&left->key, &right->key, 32);
    assert_ptr_equal(rules_author(b, &left->key), right);
    assert_true(left->authorized_index == right->authorized_index &&
                left->revoked_index == right->revoked_index &&
                left->suspect_from_index == right->suspect_from_index &&
                left->rights == right->rights);
    assert_true(span_equal(left->organization, right->organization));
  }
  rules_log_keys(a, 10, &key_a, &out_a);
  rules_log_keys(b, 10, &key_b, &out_b);
  assert_memory_equal(&key_a->key, &key_b->key, 32);
  assert_memory_equal(&out_a->key, &out_b->key, 32);
  assert_true(span_equal(key_a->name, key_b->name));
  assert_int_equal(vocabulary_declared_count(rules_vocabulary(a)),
                   vocabulary_declared_count(rules_vocabulary(b)));
  assert_memory_equal(vocabulary_declared(rules_vocabulary(a), 0)->declared_by32,
                      vocabulary_declared(rules_vocabulary(b), 0)->declared_by32, 32);
}

static void a_copy_outlives_and_leaves_alone_what_it_was_made_from(void **state) {
  (void)state;
  struct rules *copy, *second;
  build();
  assert_int_equal(rules_copy(scope, &copy, rules), ADDUCE_OK);
  same(copy, rules);
  struct event event = revoking(A, C, "\"reason\":\"lost\"");
  assert_int_equal(rules_apply(scope, copy, next_index, 0, &event), ADDUCE_OK);
  assert_int_equal(rules_author(rules, key(C))->revoked_index, UINT64_MAX);
  assert_int_equal(rules_author(copy, key(C))->revoked_index, next_index);
  rules_close(&rules);
  assert_int_equal(rules_copy(scope, &second, copy), ADDUCE_OK);
  same(copy, second);
  rules_close(&copy);
  rules = second;
  assert_int_equal(admit(claim_by(A)), ADDUCE_OK);
  assert_int_equal(admit(control_by(A, "kind.declared", declaring("Else."))), ADDUCE_E_VALUE);
}

static void control_entries_alone_fold_to_the_same_rules(void **state) {
  (void)state;
  struct event events[4] = {authorizing(A, B, "\"erase\""), claim_by(A),
                            control_by(A, "policy.set", "{\"unknown_authors\":\"refuse\"}"),
                            claim_by(B)};
  struct rules *sparse;
  assert_int_equal(rules_copy(scope, &sparse, rules), ADDUCE_OK);
  for (size_t i = 0; i < 4; i++) take(events[i]);
  assert_int_equal(rules_apply(scope, sparse, 1, 0, &events[0]), ADDUCE_OK);
  assert_int_equal(rules_apply(scope, sparse, 3, 0, &events[2]), ADDUCE_OK);
  assert_int_equal(rules_next_index(sparse), 4);
  assert_memory_equal(rules_policy(sparse), rules_policy(rules), 32);
  assert_int_equal(rules_author(sparse, key(B))->rights, rules_author(rules, key(B))->rights);
  rules_close(&sparse);
}

static void admission_changes_nothing(void **state) {
  (void)state;
  struct rules *before;
  build();
  assert_int_equal(rules_copy(scope, &before, rules), ADDUCE_OK);
  assert_int_equal(admit(authorizing(A, D, "\"erase\"")), ADDUCE_OK);
  assert_int_equal(admit(revoking(A, C, "\"reason\":\"lost\"")), ADDUCE_OK);
  assert_int_equal(admit(rotating(C, C, D)), ADDUCE_OK);
  assert_int_equal(admit(control_by(A, "policy.set", "{\"unknown_authors\":\"refuse\"}")),
                   ADDUCE_OK);
  same(before, rules);
  rules_close(&before);
}

/* Memory that runs out is an error, wherever it does. */
static void memory_that_runs_out_is_told(void **state) {
  (void)state;
  struct event event = authorizing(A, B, "\"erase\"");
  struct adduce_scope *small;
  assert_int_equal(adduce_scope_open(&small, 1), ADDUCE_OK);
  assert_int_equal(rules_admit(small, rules, 1, 0, &event), ADDUCE_OK); /* needs none */
  struct event declaration = control_by(A, "kind.declared", declaring("Moved."));
  assert_int_equal(rules_admit(small, rules, 1, 0, &declaration), ADDUCE_E_MEMORY);
  adduce_scope_close(&small);
}

#define ON(test, setup) cmocka_unit_test_setup_teardown(test, setup, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      ON(before_entry_0_nothing_is_in_force, nothing),
      ON(the_genesis_gives_identity_and_all_rights, founded),
      ON(a_ledger_begins_with_its_genesis, nothing),
      ON(a_genesis_that_cannot_be_is_refused, nothing),
      ON(there_is_one_genesis, founded),
      ON(an_unknown_author_is_refused, founded),
      ON(an_authorized_author_may_claim_from_then_on, founded),
      ON(any_authorization_comes_with_append, founded),
      ON(a_known_key_gains_rights_and_loses_none, founded),
      ON(each_control_kind_needs_its_right, founded),
      ON(found_is_given_by_founders_alone, founded),
      ON(many_authors_are_found_again, founded),
      ON(a_log_key_is_no_author, founded),
      ON(what_is_no_key_is_not_authorized, founded),
      ON(a_key_rotates_itself, founded),
      ON(a_rotation_needs_an_old_key_in_force_and_a_new_one, founded),
      ON(a_key_that_announced_the_next_is_followed_by_it, founded),
      ON(a_revoked_key_is_refused_from_then_on, founded),
      ON(a_key_revokes_itself, founded),
      ON(a_revocation_takes_effect_at_its_index_at_the_latest, founded),
      ON(another_revocation_only_deepens_doubt, founded),
      ON(a_control_event_of_another_ledger_does_not_act, founded),
      ON(a_control_event_is_whole, founded),
      ON(what_is_whole_in_parts_acts_as_well, founded),
      ON(control_that_is_not_understood_is_refused, founded),
      ON(a_claim_that_is_not_understood_is_ordinary, founded),
      ON(control_without_its_fields_is_refused, founded),
      ON(a_hold_changes_no_rule, founded),
      ON(an_import_has_the_other_checkpoint, founded),
      ON(the_policy_says_what_becomes_of_unknown_authors, founded),
      ON(a_new_log_key_is_in_force_from_its_size, founded),
      ON(a_log_key_that_cannot_be_is_refused, founded),
      ON(a_declared_kind_is_declared_once, founded),
      ON(a_copy_outlives_and_leaves_alone_what_it_was_made_from, founded),
      ON(control_entries_alone_fold_to_the_same_rules, founded),
      ON(admission_changes_nothing, founded),
      ON(memory_that_runs_out_is_told, founded),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
