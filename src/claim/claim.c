/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/claim.h"

#include "claim/expand.h"
#include "claim/fieldvalue.h"
#include "claim/spelling.h"
#include "codec/value.h"

/* --- standing ----------------------------------------------------------------------------- */

/* So that nobody need look for a field's rule again. */
static void find_rules(const struct claim *claim) {
  for (uint32_t i = 0; i < claim->parsed.field_count; i++) {
    struct parsed_field *field = &claim->parsed.fields[i];
    field->rule = claim->kind == NULL ? NULL : vocabulary_field(claim->kind, field->key);
  }
}

/* A claim of a declared kind says by which declaration it is to be read. */
static bool names_its_declaration(const struct claim *claim) {
  struct parsed_ref ref;
  if (claim->kind->declared_by32 == NULL) return true;
  return parsed_find_ref(&claim->parsed, "kind", &ref) &&
         memcmp(ref.id32, claim->kind->declared_by32, 32) == 0;
}

static enum claim_standing find_standing(const struct claim *claim) {
  const struct parsed *parsed = &claim->parsed;
  bool is_whole = parsed->form != PARSED_NO_CONTENT;
  if (claim->kind == NULL || !names_its_declaration(claim)) return CLAIM_NOT_UNDERSTOOD;
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    const struct parsed_field *field = &parsed->fields[i];
    if (field->rule == NULL) return CLAIM_NOT_UNDERSTOOD;
    bool is_frame = (field->rule->flags & FIELD_FRAME) != 0;
    if (is_frame && field->slot != PARSED_VALUE) is_whole = false;
  }
  return is_whole ? CLAIM_UNDERSTOOD : CLAIM_INCOMPLETE;
}

void claim_recall(struct claim *claim, const struct parsed *parsed,
                  const struct vocabulary *vocabulary) {
  claim->parsed = *parsed;
  claim->kind = vocabulary_find(vocabulary, parsed->kind);
  find_rules(claim);
  claim->standing = find_standing(claim);
}

struct adduce_span claim_subject(const struct claim *claim) {
  struct adduce_span id;
  if (claim->kind == NULL || claim->kind->subject == NULL) return span_of(NULL, 0);
  const struct parsed_field *field = parsed_field(&claim->parsed, claim->kind->subject);
  if (field == NULL || field->slot != PARSED_VALUE) return span_of(NULL, 0);
  struct cursor cursor = cursor_of(field->value);
  return cursor_str(&cursor, &id) ? id : span_of(NULL, 0);
}

/* --- refs --------------------------------------------------------------------------------- */

static size_t count_refs(const struct parsed *parsed, const char *role) {
  struct cursor refs = parsed->refs;
  struct parsed_ref ref;
  size_t count = 0;
  while (parsed_next_role(&refs, &ref, role)) count++;
  return count;
}

static enum adduce_err refuse_ref(struct adduce_scope *scope, const struct claim *claim,
                                  const char *what, const char *role) {
  return scope_fail(scope, ADDUCE_E_REFERENCE, "%.*s %s \"%s\"", SPAN_ARGS(claim->parsed.kind),
                    what, role);
}

static enum adduce_err validate_refs(struct adduce_scope *scope, const struct claim *claim) {
  const struct vocabulary_kind *kind = claim->kind;
  size_t ledgers = count_refs(&claim->parsed, "ledger");
  bool is_genesis = strcmp(kind->name, "ledger.created") == 0;
  if (is_genesis && ledgers > 0)
    return refuse_ref(scope, claim, "is itself the ledger: it takes no ref with role", "ledger");
  if (kind->control && !is_genesis && ledgers != 1)
    return refuse_ref(scope, claim, "needs exactly one ref with role", "ledger");
  if (kind->acts_role != NULL && count_refs(&claim->parsed, kind->acts_role) == 0)
    return refuse_ref(scope, claim, "needs a ref with role", kind->acts_role);
  return ADDUCE_OK;
}

/* Whether a kind takes refs of a role that acts; other roles are free. */
static bool takes_role(const struct vocabulary_kind *kind, struct adduce_span role) {
  if (!spelling_choice(role, "hold kind replacement source target")) return true;
  if (span_is(role, "kind")) return kind->declared_by32 != NULL;
  if (kind->acts_role != NULL && span_is(role, kind->acts_role)) return true;
  return kind->may_roles != NULL && spelling_choice(role, kind->may_roles);
}

/* What we write ourselves has no refs that say nothing. */
static enum adduce_err validate_own_refs(struct adduce_scope *scope, const struct claim *claim) {
  struct cursor refs = claim->parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_ref(&refs, &ref))
    if (!takes_role(claim->kind, ref.role))
      return scope_fail(scope, ADDUCE_E_REFERENCE, "%.*s takes no ref with role \"%.*s\"",
                        SPAN_ARGS(claim->parsed.kind), SPAN_ARGS(ref.role));
  if (count_refs(&claim->parsed, "ledger") > 1)
    return refuse_ref(scope, claim, "takes at most one ref with role", "ledger");
  if (!names_its_declaration(claim))
    return refuse_ref(scope, claim, "needs, to the kind.declared that declares it, a ref with role",
                      "kind");
  return ADDUCE_OK;
}

/* --- rules of single kinds ---------------------------------------------------------------- */

static enum adduce_err validate_statement(struct adduce_scope *scope, const struct parsed *parsed) {
  if (parsed_field(parsed, "gist") != NULL || parsed_field(parsed, "words") != NULL)
    return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_MISSING, "field gist: it or `words` must be there");
}

static enum adduce_err validate_correction(struct adduce_scope *scope,
                                           const struct parsed *parsed) {
  struct parsed_ref replacement, target;
  bool has_fields = parsed_field(parsed, "fields") != NULL;
  bool is_replaced = parsed_find_ref(parsed, "replacement", &replacement);
  if (has_fields == is_replaced)
    return scope_fail(scope, ADDUCE_E_MISSING,
                      "field fields: either it or one ref with role \"replacement\" must be there");
  if (is_replaced && count_refs(parsed, "replacement") > 1)
    return scope_fail(scope, ADDUCE_E_REFERENCE, "more than one ref with role \"replacement\"");
  struct cursor refs = parsed->refs;
  while (is_replaced && parsed_next_ref(&refs, &target))
    if (span_is(target.role, "target") && memcmp(target.id32, replacement.id32, 32) == 0)
      return scope_fail(scope, ADDUCE_E_REFERENCE, "a claim cannot be its own replacement");
  return ADDUCE_OK;
}

static enum adduce_err validate_rotation(struct adduce_scope *scope, const struct parsed *parsed) {
  struct adduce_span old_key = parsed_value(scope, parsed, "old_key");
  if (!span_equal(old_key, parsed_value(scope, parsed, "new_key"))) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_VALUE, "field new_key: it is the old one");
}

static enum adduce_err validate_judgement(struct adduce_scope *scope, const struct parsed *parsed) {
  struct adduce_span left = parsed_text(parsed, "left");
  if (left.size == 0 || !span_equal(left, parsed_text(parsed, "right"))) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_VALUE, "field right: both sides are the same id");
}

static const struct {
  const char *kind;
  enum adduce_err (*validate)(struct adduce_scope *scope, const struct parsed *parsed);
} kind_rules[] = {
    {"statement.made", validate_statement},
    {"claim.corrected", validate_correction},
    {"key.rotated", validate_rotation},
    {"same.judged", validate_judgement},
    {"kind.declared", vocabulary_declaration_validate},
};

static enum adduce_err validate_by_kind(struct adduce_scope *scope, const struct claim *claim) {
  for (size_t i = 0; i < sizeof kind_rules / sizeof kind_rules[0]; i++)
    if (strcmp(claim->kind->name, kind_rules[i].kind) == 0)
      return kind_rules[i].validate(scope, &claim->parsed);
  return ADDUCE_OK;
}

/* --- fields ------------------------------------------------------------------------------- */

static enum adduce_err validate_required(struct adduce_scope *scope, const struct claim *claim) {
  for (size_t i = 0; i < claim->kind->field_count; i++) {
    const struct vocabulary_field *field = &claim->kind->fields[i];
    bool is_required = (field->flags & FIELD_REQUIRED) != 0;
    if (is_required && parsed_field(&claim->parsed, field->name) == NULL)
      return scope_fail(scope, ADDUCE_E_MISSING, "field %s: %s needs it", field->name,
                        claim->kind->name);
  }
  return ADDUCE_OK;
}

static enum adduce_err validate_fields(struct adduce_scope *scope, const struct claim *claim) {
  const struct fieldvalue_context context = {scope, &claim->parsed, claim->kind};
  for (uint32_t i = 0; i < claim->parsed.field_count; i++) {
    const struct parsed_field *parsed = &claim->parsed.fields[i];
    if (parsed->slot == PARSED_WITHHELD) continue;
    TRY(fieldvalue_validate(&context, parsed->rule, parsed));
  }
  return ADDUCE_OK;
}

static enum adduce_err refuse_unknown(struct adduce_scope *scope, const struct claim *claim) {
  if (claim->kind == NULL)
    return scope_fail(scope, ADDUCE_E_KIND, "no kind \"%.*s\" is declared",
                      SPAN_ARGS(claim->parsed.kind));
  for (uint32_t i = 0; i < claim->parsed.field_count; i++)
    if (claim->parsed.fields[i].rule == NULL)
      return scope_fail(scope, ADDUCE_E_FIELD, "field %.*s: %s has no such field",
                        SPAN_ARGS(claim->parsed.fields[i].key), claim->kind->name);
  return ADDUCE_OK;
}

static enum adduce_err validate_wholeness(struct adduce_scope *scope, const struct claim *claim,
                                          enum claim_strictness strictness) {
  if (strictness == CLAIM_FOREIGN && !vocabulary_control_name(claim->parsed.kind)) return ADDUCE_OK;
  if (!parsed_has_withheld(&claim->parsed)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_MISSING, "%.*s: its content must be whole",
                    SPAN_ARGS(claim->parsed.kind));
}

enum adduce_err claim_validate(struct adduce_scope *scope, struct claim *claim,
                               const struct parsed *parsed, const struct vocabulary *vocabulary,
                               enum claim_strictness strictness) {
  claim_recall(claim, parsed, vocabulary);
  if (strictness == CLAIM_OWN) TRY(refuse_unknown(scope, claim));
  TRY(validate_wholeness(scope, claim, strictness));
  if (strictness == CLAIM_OWN) TRY(validate_own_refs(scope, claim));
  if (claim->standing == CLAIM_NOT_UNDERSTOOD) return ADDUCE_OK;
  TRY(validate_refs(scope, claim));
  if (parsed->form == PARSED_NO_CONTENT) return ADDUCE_OK;
  TRY(validate_required(scope, claim));
  TRY(validate_fields(scope, claim));
  return validate_by_kind(scope, claim);
}

/* --- drafts ------------------------------------------------------------------------------- */

enum adduce_err claim_expand_subjects(struct adduce_scope *scope, struct adduce_value *content,
                                      const struct vocabulary_kind *kind,
                                      struct adduce_span origin) {
  if (kind == NULL)
    return scope_fail(scope, ADDUCE_E_KIND, "the kind is not known, so its subjects are not");
  const char *trial = scope_format(scope, "%.*s/x", SPAN_ARGS(origin));
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  if (origin.size > SPELLING_SUBJECT_BYTES || !spelling_subject(span_text(trial)))
    return scope_fail(scope, ADDUCE_E_VALUE,
                      "\"%.*s\" cannot begin subject ids: it is no lower-case host name with a dot",
                      SPAN_ARGS(origin));
  if (content == NULL || content->type != ADDUCE_MAP) return ADDUCE_OK;
  return expand_content(scope, content, kind, origin);
}
