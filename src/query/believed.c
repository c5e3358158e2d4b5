/* SPDX-License-Identifier: Apache-2.0 */
#include "query/believed.h"

#include "base/bigendian.h"
#include "projection/key.h"
#include "query/ask_event.h"
#include "query/gather.h"
#include "query/render.h"
#include "query/stream.h"
#include "query/verdict.h"

#define LISTED_MAX 5 /* policies that an error names */

struct believed {
  struct asked whole; /* the question, with everything counting */
  const char *used;   /* "none", "in-force", "tried" */
  bool has_event;     /* it is one of the log, this: */
  struct adduce_id id;
  uint64_t index;
  const char *unreadable; /* why its rules apply to nothing; NULL if they can be read */
  struct trust trust;
  struct verdicts verdicts;
  struct asked plain;     /* the question under the rules without a quorum (quorum.h) */
  struct tally *admitted; /* what was kept out of a list; NULL: nothing yet */
};

/* --- which policy ------------------------------------------------------------------------- */

/* The rules of the policy.set at an index; `*is_policy` false if it is none of this ledger. */
static enum adduce_err read_event(struct believed *believed, struct adduce_span *rules,
                                  bool *is_policy, uint64_t index) {
  struct asked *asked = &believed->whole;
  const struct query_world *world = asked->world;
  struct world_entry entry;
  TRY(world->entry(world->context, asked->scope, &entry, index));
  const struct parsed *parsed = &entry.event.claim.parsed;
  *is_policy = span_is(parsed->kind, "policy.set") && asked_is_ours(asked, parsed);
  if (!*is_policy) return ADDUCE_OK;
  *rules = parsed_value(asked->scope, parsed, "rules");
  believed->has_event = true;
  believed->id = entry.event.id;
  believed->index = index;
  return ADDUCE_OK;
}

static struct adduce_span policies(struct key *key) {
  key_init(key);
  key_text(key, span_text("policy.set"));
  return key_span(key);
}

static enum adduce_err find_in_force(struct believed *believed, struct stream *stream) {
  struct adduce_scope *scope = believed->whole.scope;
  struct adduce_span rules = {NULL, 0};
  bool is_policy = false;
  uint64_t index = believed->whole.size;
  while (!is_policy && index > 0) {
    TRY(stream_leap(stream, &index, index - 1));
    if (index == STREAM_END) return ADDUCE_OK;
    TRY(read_event(believed, &rules, &is_policy, index));
  }
  if (!is_policy) return ADDUCE_OK;
  believed->used = "in-force";
  if (trust_read(scope, &believed->trust, rules) == ADDUCE_OK) return ADDUCE_OK;
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  believed->unreadable = scope_format(scope, "%s", adduce_scope_detail(scope));
  believed->trust.count = 0;
  return ADDUCE_OK;
}

static enum adduce_err take_in_force(struct believed *believed) {
  struct stream stream;
  struct key key;
  TRY(stream_open(&believed->whole, &stream, REGISTRY_BYKIND, policies(&key), true));
  enum adduce_err err = find_in_force(believed, &stream);
  stream_close(&stream);
  return err;
}

struct listing {
  struct buffer text;
  unsigned count;
};

static enum adduce_err list_policy(void *context, const struct row *row) {
  struct listing *listing = context;
  if (listing->count++ == LISTED_MAX) return ADDUCE_E_NOT_FOUND;
  buffer_format(&listing->text, "%s#%llu", listing->count == 1 ? "" : ", ",
                (unsigned long long)row->index);
  return ADDUCE_OK;
}

/* What is no policy, and which there are. */
static enum adduce_err refuse(struct believed *believed, const char *name, uint64_t index) {
  struct asked *asked = &believed->whole;
  struct listing listing = {.count = 0};
  struct world_entry entry;
  struct adduce_span list;
  struct key key;
  TRY(asked->world->entry(asked->world->context, asked->scope, &entry, index));
  buffer_init(&listing.text, asked->scope);
  TRY(range_each(asked, REGISTRY_BYKIND, policies(&key), list_policy, &listing));
  TRY(buffer_take(&listing.text, &list));
  return scope_fail(asked->scope, ADDUCE_E_USAGE, "%s (%.*s) is no policy of this ledger; %s%.*s%s",
                    name, SPAN_ARGS(entry.event.claim.parsed.kind),
                    listing.count == 0 ? "there is none yet" : "policies are ", SPAN_ARGS(list),
                    listing.count > LISTED_MAX ? " and more" : "");
}

static enum adduce_err take_event(struct believed *believed, const char *name) {
  struct asked *asked = &believed->whole;
  struct adduce_span rules = {NULL, 0};
  struct adduce_id id;
  uint64_t index;
  bool is_policy;
  TRY(ask_event_resolve(asked->scope, asked->world, &id, &index, name));
  TRY(read_event(believed, &rules, &is_policy, index));
  if (!is_policy) return refuse(believed, name, index);
  return trust_read(asked->scope, &believed->trust, rules);
}

/* A list of rules, a map that has one, or a whole claim. */
static enum adduce_err take_json(struct believed *believed, const char *json) {
  struct adduce_scope *scope = believed->whole.scope;
  const struct adduce_value *value;
  struct adduce_span rules;
  TRY(adduce_value_from_json(scope, &value, json, strlen(json)));
  const struct adduce_value *content = adduce_value_get(value, "content");
  if (content != NULL) value = content;
  if (adduce_value_type(value) == ADDUCE_MAP) value = adduce_value_get(value, "rules");
  if (value == NULL || adduce_value_type(value) != ADDUCE_LIST)
    return scope_fail(scope, ADDUCE_E_USAGE,
                      "that is no policy: it has no \"rules\", a list of rules like "
                      "{\"effect\": \"apart\", \"organization\": \"...\"}");
  TRY(value_encode(scope, &rules, value));
  return trust_read(scope, &believed->trust, rules);
}

static enum adduce_err take_policy(struct believed *believed, const char *policy) {
  if (policy == NULL || strcmp(policy, "in-force") == 0) return take_in_force(believed);
  if (strcmp(policy, "none") == 0) return ADDUCE_OK;
  believed->used = "tried";
  if (policy[strspn(policy, " \t\r\n")] == '{' || policy[strspn(policy, " \t\r\n")] == '[')
    return take_json(believed, policy);
  return take_event(believed, policy);
}

/* A question like another of which nothing was found out yet. */
static void begin_anew(struct asked *fresh, const struct asked *asked) {
  *fresh = *asked;
  fresh->claims = fresh->people = fresh->names = fresh->effects = fresh->edges =
      (struct cache){.count = 0};
  fresh->modefilter = NULL;
  fresh->voices = NULL;
}

static bool has_quorum(const struct trust *trust) {
  for (size_t i = 0; i < trust->count; i++)
    if (trust->rules[i].quorum != 0) return true;
  return false;
}

/* Quorums are counted in a world of its own, in which every quorum is met. */
static enum adduce_err open_plain(struct believed *believed) {
  struct believed *plain = scope_new(believed->whole.scope, struct believed);
  if (plain == NULL) return scope_no_memory(believed->whole.scope);
  begin_anew(&plain->whole, &believed->whole);
  verdict_init(&plain->verdicts, &plain->whole, NULL, &believed->trust);
  begin_anew(&believed->plain, &believed->whole);
  believed->plain.believed = plain;
  return ADDUCE_OK;
}

enum adduce_err believed_open(struct asked *asked) {
  struct believed *believed = scope_new(asked->scope, struct believed);
  if (believed == NULL) return scope_no_memory(asked->scope);
  begin_anew(&believed->whole, asked);
  believed->used = "none";
  asked->policy_used = believed;
  TRY(take_policy(believed, asked->policy));
  if (believed->trust.count == 0) return ADDUCE_OK;
  bool is_plain = !has_quorum(&believed->trust);
  if (!is_plain) TRY(open_plain(believed));
  verdict_init(&believed->verdicts, &believed->whole, is_plain ? NULL : &believed->plain,
               &believed->trust);
  asked->believed = believed;
  return ADDUCE_OK;
}

enum adduce_err believed_open_tried(struct asked *asked) {
  return asked->policy == NULL ? ADDUCE_OK : believed_open(asked);
}

/* --- one event ---------------------------------------------------------------------------- */

enum adduce_err believed_has(struct believed *believed, bool *is_out, uint64_t index) {
  const struct verdict *verdict;
  *is_out = false;
  if (believed == NULL) return ADDUCE_OK;
  TRY(verdict_get(&believed->verdicts, &verdict, index));
  *is_out = verdict_effect(verdict) != TRUST_COUNTS;
  return ADDUCE_OK;
}

enum adduce_err believed_render_verdict(struct asked *asked, struct adduce_value *map,
                                        uint64_t index) {
  const struct verdict *verdict;
  if (asked->believed == NULL) return ADDUCE_OK;
  TRY(verdict_get(&asked->believed->verdicts, &verdict, index));
  if (verdict->rule != NULL) asked_set_number(asked, map, "rule", verdict->rule->place);
  if (verdict->quorum == NULL) return ADDUCE_OK;
  return quorum_render(&asked->believed->plain, map, verdict->quorum);
}

struct asked *believed_whole(struct asked *asked) {
  return asked->believed == NULL ? asked : &asked->believed->whole;
}

/* --- what does not count ------------------------------------------------------------------ */

/* What one rule keeps from counting. */
struct kept_out {
  const struct trust_rule *rule;
  enum trust_effect effect;
  struct adduce_value *list;
  uint64_t count;
};

struct tally {
  struct believed *believed;
  bool is_listed; /* what is set apart, as well as counted */
  struct kept_out rules[TRUST_RULES];
  size_t count;
  struct cache seen; /* by index */
};

static enum adduce_err list(struct believed *believed, struct adduce_value *list,
                            const struct verdict *verdict, uint64_t index) {
  struct asked *whole = &believed->whole;
  struct adduce_value *map = value_map(whole->scope);
  const struct told *told;
  TRY(told_get(whole, &told, index));
  TRY(render_claim(whole, map, told, RENDER_LINE));
  if (verdict->quorum != NULL) TRY(quorum_render(&believed->plain, map, verdict->quorum));
  value_add(whole->scope, list, map);
  return ADDUCE_OK;
}

static enum adduce_err add_to(struct tally *tally, const struct verdict *verdict, uint64_t index) {
  struct asked *whole = &tally->believed->whole;
  size_t at = 0;
  while (at < tally->count && tally->rules[at].rule != verdict->rule) at++;
  struct kept_out *kept = &tally->rules[at];
  if (at == tally->count) {
    *kept = (struct kept_out){verdict->rule, verdict_effect(verdict), value_list(whole->scope), 0};
    tally->count++;
  }
  if (kept->count++ >= BELIEVED_SHOWN || kept->effect == TRUST_IGNORED || !tally->is_listed)
    return ADDUCE_OK;
  return list(tally->believed, kept->list, verdict, index);
}

static enum adduce_err look_at(struct tally *tally, uint64_t index) {
  struct adduce_scope *scope = tally->believed->whole.scope;
  const struct verdict *verdict;
  uint8_t name[8];
  bigendian_put64(name, index);
  if (cache_get(&tally->seen, span_of(name, sizeof name)) != NULL) return ADDUCE_OK;
  TRY(cache_put(scope, &tally->seen, span_of(name, sizeof name), tally));
  TRY(verdict_get(&tally->believed->verdicts, &verdict, index));
  if (verdict_effect(verdict) == TRUST_COUNTS) return ADDUCE_OK;
  return add_to(tally, verdict, index);
}

static enum adduce_err look_at_subject(struct tally *tally, struct adduce_span subject) {
  struct asked *whole = &tally->believed->whole;
  uint64_t *indexes;
  size_t count;
  TRY(gather_claims(whole, &indexes, &count, subject));
  for (size_t i = 0; i < count; i++) {
    const struct told *told;
    TRY(look_at(tally, indexes[i]));
    TRY(told_get(whole, &told, indexes[i]));
    for (size_t j = 0; j < told->status.act_count; j++)
      TRY(look_at(tally, told->status.acts[j].index));
  }
  return ADDUCE_OK;
}

static enum adduce_err tally_up(struct believed *believed, struct tally **tally,
                                const struct cluster *cluster) {
  *tally = scope_new(believed->whole.scope, struct tally);
  if (*tally == NULL) return scope_no_memory(believed->whole.scope);
  (*tally)->believed = believed;
  (*tally)->is_listed = true;
  for (size_t i = 0; i < cluster->count; i++)
    TRY(look_at_subject(*tally, cluster->members[i].subject));
  return ADDUCE_OK;
}

enum adduce_err believed_misses(struct asked *asked, bool *misses, const struct cluster *cluster) {
  struct tally *tally;
  *misses = false;
  if (asked->believed == NULL) return ADDUCE_OK;
  TRY(tally_up(asked->believed, &tally, cluster));
  *misses = tally->count != 0;
  return ADDUCE_OK;
}

bool believed_event(const struct asked *asked, uint64_t *index) {
  *index = asked->policy_used->index;
  return asked->policy_used->has_event;
}

void believed_render_policy(const struct asked *asked, struct adduce_value *answer) {
  const struct believed *believed = asked->policy_used;
  struct adduce_value *policy = value_map(asked->scope);
  asked_set_text(asked, policy, "used", believed->used);
  if (believed->has_event) {
    asked_set_id(asked, policy, "id", believed->id.bytes);
    asked_set_number(asked, policy, "index", believed->index);
  }
  if (strcmp(believed->used, "none") != 0)
    asked_set_number(asked, policy, "rules", believed->trust.count);
  if (believed->unreadable != NULL)
    asked_set_text(asked, policy, "unreadable", believed->unreadable);
  asked_set(asked, answer, "policy", policy);
}

static enum adduce_err set_not_counted(struct asked *asked, struct adduce_value *answer,
                                       const struct tally *tally) {
  struct adduce_value *list = value_list(asked->scope);
  for (size_t i = 0; tally != NULL && i < tally->count; i++) {
    const struct kept_out *kept = &tally->rules[i];
    struct adduce_value *map = value_map(asked->scope);
    asked_set_number(asked, map, "rule", kept->rule->place);
    asked_set_text(asked, map, "effect", trust_effect_name(kept->effect));
    if (kept->rule->quorum != 0) {
      asked_set_number(asked, map, "quorum", kept->rule->quorum);
      asked_set_number(asked, map, "members", kept->rule->member_count);
    }
    asked_set_str(asked, map, "text", kept->rule->text);
    asked_set_number(asked, map, "claims", kept->count);
    if (kept->effect == TRUST_APART && tally->is_listed) asked_set(asked, map, "list", kept->list);
    value_add(asked->scope, list, map);
  }
  asked_set(asked, answer, "not_counted", list);
  return value_finish(asked->scope);
}

enum adduce_err believed_render(struct asked *asked, struct adduce_value *answer,
                                const struct cluster *cluster) {
  struct tally *tally;
  if (asked->policy_used == NULL) return ADDUCE_OK;
  believed_render_policy(asked, answer);
  if (asked->believed == NULL) return ADDUCE_OK;
  TRY(tally_up(asked->believed, &tally, cluster));
  return set_not_counted(asked, answer, tally);
}

/* --- what is not admitted ----------------------------------------------------------------- */

enum adduce_err believed_admit(struct asked *asked, bool *is_in, uint64_t index) {
  struct believed *believed = asked->believed;
  bool is_out;
  TRY(believed_has(believed, &is_out, index));
  *is_in = !is_out;
  if (*is_in) return ADDUCE_OK;
  if (believed->admitted == NULL) {
    believed->admitted = scope_new(asked->scope, struct tally);
    if (believed->admitted == NULL) return scope_no_memory(asked->scope);
    believed->admitted->believed = believed;
  }
  return look_at(believed->admitted, index);
}

enum adduce_err believed_render_admitted(struct asked *asked, struct adduce_value *answer) {
  if (asked->policy_used == NULL) return ADDUCE_OK;
  believed_render_policy(asked, answer);
  if (asked->believed == NULL) return ADDUCE_OK;
  return set_not_counted(asked, answer, asked->believed->admitted);
}
