/* SPDX-License-Identifier: Apache-2.0 */
#include "log/control.h"

#include "base/hex.h"
#include "claim/worldtime.h"
#include "log/authority.h"

#define ORIGIN_BYTES 255

/* --- fields ------------------------------------------------------------------------------- */

static enum adduce_err refuse_field(struct adduce_scope *scope, const char *name) {
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  return scope_fail(scope, ADDUCE_E_VALUE, "field %s: it is missing or of another type", name);
}

static enum adduce_err read_bytes32(struct adduce_scope *scope, uint8_t *out32,
                                    const struct parsed *parsed, const char *name) {
  const uint8_t *bytes;
  struct cursor cursor = cursor_of(parsed_value(scope, parsed, name));
  if (!cursor_bin_of(&cursor, 32, &bytes)) return refuse_field(scope, name);
  memcpy(out32, bytes, 32);
  return ADDUCE_OK;
}

static enum adduce_err read_key(struct adduce_scope *scope, struct adduce_key *key,
                                const struct parsed *parsed, const char *name) {
  TRY(read_bytes32(scope, key->bytes, parsed, name));
  if (sign_key_acceptable(key)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_KEY, "field %s: %s is not an acceptable Ed25519 key", name,
                    hex_text32(key->bytes).text);
}

static enum adduce_err read_count(struct adduce_scope *scope, uint64_t *count,
                                  const struct parsed *parsed, const char *name) {
  int64_t value;
  struct cursor cursor = cursor_of(parsed_value(scope, parsed, name));
  if (!cursor_int(&cursor, &value) || value < 0) return refuse_field(scope, name);
  *count = (uint64_t)value;
  return ADDUCE_OK;
}

static enum adduce_err read_text(struct adduce_scope *scope, struct adduce_span *text,
                                 const struct parsed *parsed, const char *name) {
  *text = parsed_text(parsed, name);
  return text->size != 0 ? ADDUCE_OK : refuse_field(scope, name);
}

static enum adduce_err read_verifier(struct adduce_scope *scope, struct note_verifier *verifier,
                                     const struct parsed *parsed) {
  struct adduce_span text;
  TRY(read_text(scope, &text, parsed, "vkey"));
  enum adduce_err err = note_vkey_parse(scope, verifier, text);
  return err == ADDUCE_OK ? ADDUCE_OK : scope_wrap(scope, err, "field vkey: ");
}

/* --- kinds -------------------------------------------------------------------------------- */

static enum adduce_err read_founding(struct adduce_scope *scope, struct control *control,
                                     const struct parsed *parsed) {
  TRY(read_text(scope, &control->origin, parsed, "origin"));
  if (control->origin.size > ORIGIN_BYTES || !note_name_valid(control->origin))
    return scope_fail(scope, ADDUCE_E_NOTE,
                      "field origin: it has 1 to %d bytes, no space and no '+'", ORIGIN_BYTES);
  return read_verifier(scope, &control->verifier, parsed);
}

static enum adduce_err read_rekeying(struct adduce_scope *scope, struct control *control,
                                     const struct parsed *parsed) {
  TRY(read_verifier(scope, &control->verifier, parsed));
  return read_count(scope, &control->from_size, parsed, "from_size");
}

static enum adduce_err read_rights(struct adduce_scope *scope, unsigned *rights,
                                   const struct parsed *parsed) {
  uint32_t count;
  struct adduce_span name;
  struct cursor cursor = cursor_of(parsed_value(scope, parsed, "rights"));
  *rights = 1u << RIGHT_APPEND;
  if (!cursor_array(&cursor, &count)) return refuse_field(scope, "rights");
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_str(&cursor, &name)) return refuse_field(scope, "rights");
    unsigned right = authority_right(name);
    if (right == 0)
      return scope_fail(scope, ADDUCE_E_VALUE, "field rights: there is no right \"%.*s\"",
                        SPAN_ARGS(name));
    *rights |= right;
  }
  if ((*rights & 1u << RIGHT_FOUND) != 0) *rights = AUTHORITY_ALL_RIGHTS;
  return ADDUCE_OK;
}

static enum adduce_err read_authorization(struct adduce_scope *scope, struct control *control,
                                          const struct parsed *parsed) {
  TRY(read_key(scope, &control->key, parsed, "key"));
  TRY(read_rights(scope, &control->rights, parsed));
  control->organization = parsed_text(parsed, "organization");
  control->has_next = parsed_field(parsed, "next_key_digest") != NULL;
  if (!control->has_next) return ADDUCE_OK;
  return read_bytes32(scope, control->next_digest.bytes, parsed, "next_key_digest");
}

static enum adduce_err read_rotation(struct adduce_scope *scope, struct control *control,
                                     const struct parsed *parsed) {
  TRY(read_key(scope, &control->key, parsed, "old_key"));
  return read_key(scope, &control->new_key, parsed, "new_key");
}

static enum adduce_err read_revocation(struct adduce_scope *scope, struct control *control,
                                       const struct parsed *parsed) {
  static const char *const reasons[] = {"superseded", "lost", "compromised"};
  struct adduce_span reason;
  TRY(read_key(scope, &control->key, parsed, "key"));
  TRY(read_text(scope, &reason, parsed, "reason"));
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if (span_is(reason, reasons[i])) control->reason = reasons[i];
  if (control->reason == NULL) return refuse_field(scope, "reason");
  control->has_effective_from = parsed_field(parsed, "effective_from") != NULL;
  if (!control->has_effective_from) return ADDUCE_OK;
  return read_count(scope, &control->effective_from, parsed, "effective_from");
}

static enum adduce_err read_policy(struct adduce_scope *scope, struct control *control,
                                   const struct parsed *parsed) {
  struct adduce_span word;
  TRY(read_text(scope, &word, parsed, "unknown_authors"));
  control->rules = parsed_value(scope, parsed, "rules");
  control->quarantines = span_is(word, "quarantine");
  return control->quarantines || span_is(word, "refuse") ? ADDUCE_OK
                                                         : refuse_field(scope, "unknown_authors");
}

static enum adduce_err read_import(struct adduce_scope *scope, struct control *control,
                                   const struct parsed *parsed) {
  TRY(read_bytes32(scope, control->source.bytes, parsed, "source_genesis"));
  TRY(read_bytes32(scope, control->manifest.bytes, parsed, "manifest"));
  TRY(read_text(scope, &control->origin, parsed, "origin"));
  TRY(read_text(scope, &control->checkpoint, parsed, "checkpoint"));
  return read_count(scope, &control->count, parsed, "count");
}

/* A hold lasts as long as its `until` can mean: "2030" is all of that year. */
static enum adduce_err read_hold(struct adduce_scope *scope, struct control *control,
                                 const struct parsed *parsed) {
  struct worldtime until;
  control->until_us = INT64_MAX;
  if (parsed_field(parsed, "until") == NULL) return ADDUCE_OK;
  if (!worldtime_parse(parsed_text(parsed, "until"), &until)) return refuse_field(scope, "until");
  control->until_us = until.last_us;
  return ADDUCE_OK;
}

static const struct {
  const char *kind;
  enum control_act act;
  enum adduce_err (*read)(struct adduce_scope *scope, struct control *control,
                          const struct parsed *parsed);
} readers[] = {
    {"ledger.created", CONTROL_FOUND, read_founding},
    {"ledger.rekeyed", CONTROL_REKEY, read_rekeying},
    {"key.authorized", CONTROL_AUTHORIZE, read_authorization},
    {"key.rotated", CONTROL_ROTATE, read_rotation},
    {"key.revoked", CONTROL_REVOKE, read_revocation},
    {"policy.set", CONTROL_POLICY, read_policy},
    {"bundle.imported", CONTROL_IMPORT, read_import},
    {"kind.declared", CONTROL_DECLARE, NULL}, /* the vocabulary reads it */
    {"content.erased", CONTROL_ERASE, NULL},  /* the log does, log/erase.h */
    {"hold.placed", CONTROL_HOLD, read_hold},
    {"hold.lifted", CONTROL_LIFT, NULL}, /* its refs say all */
};

bool control_is(const struct event *event) {
  return vocabulary_control_name(event->claim.parsed.kind);
}

enum adduce_err control_read(struct adduce_scope *scope, struct control *control,
                             const struct event *event) {
  const struct parsed *parsed = &event->claim.parsed;
  *control = (struct control){.act = CONTROL_NOTHING};
  for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
    if (!span_is(parsed->kind, readers[i].kind)) continue;
    control->act = readers[i].act;
    return readers[i].read == NULL ? ADDUCE_OK : readers[i].read(scope, control, parsed);
  }
  return ADDUCE_OK;
}
