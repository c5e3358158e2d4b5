/* SPDX-License-Identifier: Apache-2.0 */
#include "query/verdict.h"

#include "base/bigendian.h"
#include "query/believed.h"
#include "query/origin.h"
#include "query/told.h"

/* What rules look at, of one event. */
struct traits {
  const struct person *author;
  struct adduce_span kind, subjects[2];
  struct origin origin;
};

static enum adduce_err find_traits(struct verdicts *verdicts, struct traits *traits,
                                   struct profile *profile) {
  struct asked *whole = verdicts->whole;
  traits->kind = profile->kind_name;
  TRY(people_get(whole, &traits->author, profile->author32));
  if (verdicts->needs_origin) TRY(origin_of(whole, &traits->origin, profile, NULL));
  if (!verdicts->needs_subject) return ADDUCE_OK;
  struct world_entry entry;
  TRY(whole->world->entry(whole->world->context, whole->scope, &entry, profile->index));
  const struct claim *claim = &entry.event.claim;
  if (claim->kind == NULL) return ADDUCE_OK;
  traits->subjects[0] = claim_subject(claim);
  if (claim->kind->effect == EFFECT_RELATES)
    traits->subjects[1] = parsed_text(&claim->parsed, "to");
  if (claim->kind->effect == EFFECT_SAME)
    traits->subjects[1] = parsed_text(&claim->parsed, "right");
  return ADDUCE_OK;
}

static enum adduce_err fits_author(struct verdicts *verdicts, bool *fits,
                                   const struct trust_rule *rule, const struct traits *traits) {
  const struct person *named;
  *fits = true;
  if (!rule->has_author) return ADDUCE_OK;
  TRY(people_get(verdicts->whole, &named, rule->author32));
  *fits = memcmp(named->root.bytes, traits->author->root.bytes, 32) == 0;
  return ADDUCE_OK;
}

/* A rule with a quorum bears on a claim that a correction made one about the subject, too: else
 * what nobody else says could be said by way of a correction. */
static enum adduce_err fits_subject(struct verdicts *verdicts, bool *fits,
                                    const struct trust_rule *rule, const struct traits *traits,
                                    uint64_t index) {
  const struct told *told;
  bool is_out;
  *fits = rule->subject.size == 0 || trust_fits(rule->subject, traits->subjects[0]) ||
          trust_fits(rule->subject, traits->subjects[1]);
  if (*fits || rule->quorum == 0 || verdicts->plain == NULL) return ADDUCE_OK;
  TRY(believed_has(verdicts->plain->believed, &is_out, index));
  if (is_out) return ADDUCE_OK;
  TRY(told_get(verdicts->plain, &told, index));
  *fits = told->is_corrected && trust_fits(rule->subject, claim_subject(&told->corrected.claim));
  return ADDUCE_OK;
}

static bool fits_texts(const struct trust_rule *rule, const struct traits *traits) {
  const struct person *author = traits->author;
  if (rule->organization.size != 0 &&
      (!author->known || !span_equal(author->author.organization, rule->organization)))
    return false;
  if (rule->kind.size != 0 && !trust_fits(rule->kind, traits->kind)) return false;
  return rule->origin.size == 0 ||
         (traits->origin.sort != ORIGIN_NONE && span_equal(traits->origin.name, rule->origin));
}

static bool makes_rules(const struct profile *profile) {
  if (profile->is_control || profile->kind == NULL) return profile->is_control;
  return profile->kind->family == FAMILY_AUTHOR || profile->kind->family == FAMILY_LEDGER;
}

static enum adduce_err judge(struct verdicts *verdicts, struct verdict *verdict, uint64_t index) {
  struct traits traits = {.author = NULL};
  struct profile profile;
  TRY(profile_read(verdicts->whole, &profile, index));
  if (makes_rules(&profile)) return ADDUCE_OK;
  TRY(find_traits(verdicts, &traits, &profile));
  for (size_t i = 0; i < verdicts->trust->count && verdict->rule == NULL; i++) {
    const struct trust_rule *rule = &verdicts->trust->rules[i];
    bool fits;
    TRY(fits_author(verdicts, &fits, rule, &traits));
    if (!fits || !fits_texts(rule, &traits)) continue;
    TRY(fits_subject(verdicts, &fits, rule, &traits, index));
    if (fits) verdict->rule = rule;
  }
  if (verdict->rule == NULL || verdict->rule->quorum == 0 || verdicts->plain == NULL)
    return ADDUCE_OK;
  verdict->quorum = scope_new(verdicts->whole->scope, struct quorum);
  if (verdict->quorum == NULL) return scope_no_memory(verdicts->whole->scope);
  return quorum_count(verdicts->plain, verdict->quorum, verdict->rule, index);
}

enum adduce_err verdict_get(struct verdicts *verdicts, const struct verdict **verdict,
                            uint64_t index) {
  struct adduce_scope *scope = verdicts->whole->scope;
  uint8_t name[8];
  bigendian_put64(name, index);
  struct verdict *found = cache_get(&verdicts->items, span_of(name, sizeof name));
  if (found == NULL) {
    found = scope_new(scope, struct verdict);
    if (found == NULL) return scope_no_memory(scope);
    TRY(judge(verdicts, found, index));
    TRY(cache_put(scope, &verdicts->items, span_of(name, sizeof name), found));
  }
  *verdict = found;
  return ADDUCE_OK;
}

void verdict_init(struct verdicts *verdicts, struct asked *whole, struct asked *plain,
                  const struct trust *trust) {
  *verdicts = (struct verdicts){.whole = whole, .plain = plain, .trust = trust};
  for (size_t i = 0; i < trust->count; i++) {
    verdicts->needs_origin |= trust->rules[i].origin.size != 0;
    verdicts->needs_subject |= trust->rules[i].subject.size != 0;
  }
}
