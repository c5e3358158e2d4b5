/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/policy.h"

#include "base/clock.h"
#include "exchange/textlines.h"

/* Invariant: names[0 .. name_count) are those of all witnesses and groups read so far. */
struct reading {
  struct adduce_scope *scope;
  struct policy *policy;
  struct textlines lines;
  struct {
    struct adduce_span name;
    struct policy_member member;
    bool used; /* as a member */
  } * names;
  size_t name_count;
  bool quorum_seen;
};

static enum adduce_err refuse(const struct reading *reading, const char *reason) {
  return scope_fail(reading->scope, ADDUCE_E_POLICY, "policy, line %u: %s", reading->lines.number,
                    reason);
}

static enum adduce_err refuse_name(const struct reading *reading, struct adduce_span name,
                                   const char *reason) {
  return scope_fail(reading->scope, ADDUCE_E_POLICY, "policy, line %u: \"%.*s\" %s",
                    reading->lines.number, SPAN_ARGS(name), reason);
}

static bool is_blank(uint8_t byte) {
  return byte == ' ' || byte == '\t';
}

/* The next word of a line; empty at its end. */
static struct adduce_span take_word(struct adduce_span *line) {
  size_t start = 0, end;
  while (start < line->size && is_blank(line->data[start])) start++;
  for (end = start; end < line->size && !is_blank(line->data[end]);) end++;
  struct adduce_span word = span_of(line->data + start, end - start);
  *line = span_of(line->data + end, line->size - end);
  return word;
}

/* --- names -------------------------------------------------------------------------------- */

static size_t find_name(const struct reading *reading, struct adduce_span name) {
  size_t i = 0;
  while (i < reading->name_count && !span_equal(reading->names[i].name, name)) i++;
  return i;
}

static enum adduce_err define_name(struct reading *reading, struct adduce_span name,
                                   struct policy_member member) {
  if (name.size == 0) return refuse(reading, "a name is missing");
  if (span_is(name, "none")) return refuse(reading, "\"none\" cannot be defined");
  if (find_name(reading, name) != reading->name_count)
    return refuse_name(reading, name, "is defined twice");
  reading->names[reading->name_count].name = name;
  reading->names[reading->name_count++].member = member;
  return ADDUCE_OK;
}

/* --- lines -------------------------------------------------------------------------------- */

static enum adduce_err take_end(const struct reading *reading, struct adduce_span *line) {
  return take_word(line).size == 0 ? ADDUCE_OK : refuse(reading, "too many words");
}

static enum adduce_err take_url(const struct reading *reading, struct adduce_span *line,
                                struct adduce_span *url) {
  *url = take_word(line);
  return take_end(reading, line);
}

static enum adduce_err bad_key(const struct reading *reading, enum adduce_err err) {
  if (err != ADDUCE_E_NOTE && err != ADDUCE_E_KEY) return err;
  return scope_wrap(reading->scope, ADDUCE_E_POLICY, "policy, line %u: ", reading->lines.number);
}

/* Of a key we cannot verify with, what is needed to tell it from others. */
static void keep_digest(struct adduce_key *key, struct adduce_span material) {
  struct adduce_hash digest = hash_bytes(material);
  memcpy(key->bytes, digest.bytes, sizeof digest.bytes);
}

static enum adduce_err read_log_key(const struct reading *reading, struct policy_log *log,
                                    struct adduce_span vkey) {
  struct note_vkey split;
  enum adduce_err err = note_vkey_split(reading->scope, &split, vkey);
  if (err != ADDUCE_OK) return bad_key(reading, err);
  log->verifiable = split.type != NOTE_ML_DSA_44;
  if (log->verifiable)
    return bad_key(reading, note_vkey_parse(reading->scope, &log->verifier, vkey));
  log->verifier = (struct note_verifier){.name = split.name, .key_id = split.key_id};
  keep_digest(&log->verifier.key, split.material);
  return ADDUCE_OK;
}

static enum adduce_err read_witness_key(const struct reading *reading,
                                        struct policy_witness *witness, struct adduce_span vkey) {
  struct note_vkey split;
  enum adduce_err err = note_vkey_split(reading->scope, &split, vkey);
  if (err != ADDUCE_OK) return bad_key(reading, err);
  witness->verifiable = split.type != NOTE_ML_DSA_44;
  if (witness->verifiable)
    return bad_key(reading, cosignature_vkey_parse(reading->scope, &witness->key, vkey));
  witness->key = (struct cosignature_key){.name = split.name, .key_id = split.key_id};
  keep_digest(&witness->key.key, split.material);
  return ADDUCE_OK;
}

static enum adduce_err read_log(struct reading *reading, struct adduce_span line) {
  struct policy *policy = reading->policy;
  if (policy->log_count == POLICY_LINES_MAX) return refuse(reading, "more than 1024 logs");
  struct policy_log *log = &policy->logs[policy->log_count];
  TRY(read_log_key(reading, log, take_word(&line)));
  if (!checkpoint_origin_valid(log->verifier.name))
    return refuse(reading, "the log's name is no origin: longer than 255 bytes");
  for (size_t i = 0; i < policy->log_count; i++)
    if (memcmp(policy->logs[i].verifier.key.bytes, log->verifier.key.bytes, 32) == 0)
      return refuse(reading, "this log's key stands above already");
  TRY(take_url(reading, &line, &log->url));
  policy->log_count++;
  return ADDUCE_OK;
}

static enum adduce_err read_witness(struct reading *reading, struct adduce_span line) {
  struct policy *policy = reading->policy;
  if (policy->witness_count == POLICY_LINES_MAX) return refuse(reading, "more than 1024 witnesses");
  struct policy_witness *witness = &policy->witnesses[policy->witness_count];
  witness->name = take_word(&line);
  struct policy_member member = {false, policy->witness_count};
  TRY(define_name(reading, witness->name, member));
  TRY(read_witness_key(reading, witness, take_word(&line)));
  for (size_t i = 0; i < policy->witness_count; i++)
    if (memcmp(policy->witnesses[i].key.key.bytes, witness->key.key.bytes, 32) == 0)
      return refuse(reading, "this witness's key stands above already");
  TRY(take_url(reading, &line, &witness->url));
  policy->witness_count++;
  return ADDUCE_OK;
}

static enum adduce_err read_threshold(const struct reading *reading, struct policy_group *group,
                                      struct adduce_span word) {
  uint64_t number;
  if (group->member_count == 0) return refuse(reading, "a group has at least one member");
  if (span_is(word, "any")) {
    group->threshold = 1;
  } else if (span_is(word, "all")) {
    group->threshold = group->member_count;
  } else {
    if (!textlines_decimal(word, &number))
      return refuse(reading, "expected \"all\", \"any\" or a decimal number");
    if (number < 1 || number > group->member_count)
      return refuse(reading, "the number lies outside 1 to the number of members");
    group->threshold = (size_t)number;
  }
  return ADDUCE_OK;
}

static enum adduce_err read_members(struct reading *reading, struct policy_group *group,
                                    struct adduce_span line) {
  struct policy_member *members = scope_array(reading->scope, reading->name_count, sizeof *members);
  if (members == NULL) return scope_no_memory(reading->scope);
  for (;;) {
    struct adduce_span name = take_word(&line);
    if (name.size == 0) break;
    size_t at = find_name(reading, name);
    if (at == reading->name_count) return refuse_name(reading, name, "is not defined above");
    if (reading->names[at].used) return refuse_name(reading, name, "is a member already");
    reading->names[at].used = true;
    members[group->member_count++] = reading->names[at].member;
  }
  group->members = members;
  return ADDUCE_OK;
}

static enum adduce_err read_group(struct reading *reading, struct adduce_span line) {
  struct policy *policy = reading->policy;
  if (policy->group_count == POLICY_LINES_MAX) return refuse(reading, "more than 1024 groups");
  struct policy_group *group = &policy->groups[policy->group_count];
  group->name = take_word(&line);
  struct adduce_span threshold = take_word(&line);
  group->member_count = 0;
  TRY(read_members(reading, group, line));
  TRY(read_threshold(reading, group, threshold));
  struct policy_member member = {true, policy->group_count};
  TRY(define_name(reading, group->name, member));
  policy->group_count++;
  return ADDUCE_OK;
}

static enum adduce_err read_quorum(struct reading *reading, struct adduce_span line) {
  struct adduce_span name = take_word(&line);
  if (reading->quorum_seen) return refuse(reading, "a second quorum");
  if (name.size == 0) return refuse(reading, "a name is missing");
  TRY(take_end(reading, &line));
  reading->quorum_seen = true;
  if (span_is(name, "none")) return ADDUCE_OK;
  size_t at = find_name(reading, name);
  if (at == reading->name_count) return refuse_name(reading, name, "is not defined above");
  reading->policy->has_quorum = true;
  reading->policy->quorum = reading->names[at].member;
  return ADDUCE_OK;
}

static enum adduce_err read_line(struct reading *reading, struct adduce_span line) {
  for (size_t i = 0; i < line.size; i++)
    if ((line.data[i] < 0x20 && line.data[i] != '\t') || line.data[i] == 0x7f)
      return refuse(reading, "a control character");
  struct adduce_span word = take_word(&line);
  if (word.size == 0 || word.data[0] == '#') return ADDUCE_OK;
  if (span_is(word, "log")) return read_log(reading, line);
  if (span_is(word, "witness")) return read_witness(reading, line);
  if (span_is(word, "group")) return read_group(reading, line);
  if (span_is(word, "quorum")) return read_quorum(reading, line);
  return refuse_name(reading, word, "is none of log, witness, group, quorum");
}

/* Room for as many as there are lines, which bounds each of them. */
static enum adduce_err reserve(struct reading *reading, struct adduce_span text) {
  size_t lines = 0;
  for (size_t i = 0; i < text.size; i++) lines += text.data[i] == '\n';
  size_t each = lines < POLICY_LINES_MAX ? lines : POLICY_LINES_MAX;
  struct policy *policy = reading->policy;
  policy->logs = scope_array(reading->scope, each, sizeof *policy->logs);
  policy->witnesses = scope_array(reading->scope, each, sizeof *policy->witnesses);
  policy->groups = scope_array(reading->scope, each, sizeof *policy->groups);
  reading->names = scope_array(reading->scope, 2 * each, sizeof *reading->names);
  if (policy->logs == NULL || policy->witnesses == NULL || policy->groups == NULL ||
      reading->names == NULL)
    return scope_no_memory(reading->scope);
  return ADDUCE_OK;
}

enum adduce_err policy_parse(struct adduce_scope *scope, struct policy *policy,
                             struct adduce_span text) {
  struct policy parsed = {.log_count = 0};
  struct reading reading = {.scope = scope, .policy = &parsed, .lines = textlines_of(text)};
  struct adduce_span line;
  memset(policy, 0, sizeof *policy);
  if (text.size > POLICY_BYTES_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "a policy has at most %zu bytes, this has %zu",
                      POLICY_BYTES_MAX, text.size);
  TRY(reserve(&reading, text));
  while (reading.lines.rest.size != 0) {
    if (!textlines_take(&reading.lines, &line))
      return refuse(&reading, "the last line does not end in a newline: is the file whole?");
    TRY(read_line(&reading, line));
  }
  if (!reading.quorum_seen) return refuse(&reading, "there is no quorum line");
  *policy = parsed;
  return ADDUCE_OK;
}

/* --- verifying ---------------------------------------------------------------------------- */

static bool is_by(const struct note_signature *by, struct adduce_span name, uint32_t key_id) {
  return by->key_id == key_id && span_equal(by->name, name);
}

static bool signed_by(const struct note *note, struct adduce_span name, uint32_t key_id) {
  for (size_t i = 0; i < note->signature_count; i++)
    if (is_by(&note->signatures[i], name, key_id)) return true;
  return false;
}

/* A key of the policy signed, or a known one did badly. */
static enum adduce_err find_log(struct adduce_scope *scope, const struct policy_log **found,
                                const struct policy *policy, const struct note *note,
                                const struct checkpoint *checkpoint) {
  bool unverified = false;
  *found = NULL;
  for (size_t i = 0; i < policy->log_count; i++) {
    const struct note_verifier *verifier = &policy->logs[i].verifier;
    if (!span_equal(verifier->name, checkpoint->origin)) continue;
    if (!signed_by(note, verifier->name, verifier->key_id)) continue;
    unverified = unverified || !policy->logs[i].verifiable;
    if (!policy->logs[i].verifiable) continue;
    TRY(note_verify(scope, note, verifier));
    if (*found == NULL) *found = &policy->logs[i];
  }
  if (*found != NULL) return ADDUCE_OK;
  if (unverified)
    return scope_fail(scope, ADDUCE_E_SIGNATURE,
                      "the checkpoint of %.*s is signed with ML-DSA-44 (type 0x06) alone, which "
                      "this version cannot verify",
                      SPAN_ARGS(checkpoint->origin));
  return scope_fail(scope, ADDUCE_E_SIGNATURE,
                    "the checkpoint of %.*s is not signed by any of the %zu log keys of the policy",
                    SPAN_ARGS(checkpoint->origin), policy->log_count);
}

static enum adduce_err open_checkpoint(struct adduce_scope *scope, struct checkpoint *checkpoint,
                                       const struct policy_log **log, struct note *note,
                                       const struct policy *policy, struct adduce_span bytes) {
  struct checkpoint parsed;
  memset(checkpoint, 0, sizeof *checkpoint);
  TRY(checkpoint_parse(scope, &parsed, note, bytes));
  TRY(find_log(scope, log, policy, note, &parsed));
  *checkpoint = parsed;
  return ADDUCE_OK;
}

enum adduce_err policy_open_checkpoint(struct adduce_scope *scope, struct checkpoint *checkpoint,
                                       const struct policy *policy, struct adduce_span bytes) {
  const struct policy_log *log;
  struct note note;
  return open_checkpoint(scope, checkpoint, &log, &note, policy, bytes);
}

bool policy_member_met(const struct policy *policy, const struct policy_verdict *verdict,
                       const struct policy_member *member) {
  if (!member->is_group) return verdict->witness_times_s[member->at] != 0;
  return verdict->group_counts[member->at] >= policy->groups[member->at].threshold;
}

struct adduce_span policy_member_name(const struct policy *policy,
                                      const struct policy_member *member) {
  return member->is_group ? policy->groups[member->at].name : policy->witnesses[member->at].name;
}

static enum adduce_err say_missed(struct adduce_scope *scope, const struct policy *policy,
                                  const struct policy_verdict *verdict) {
  const struct policy_member *quorum = &policy->quorum;
  struct adduce_span name = policy_member_name(policy, quorum);
  if (!quorum->is_group)
    return scope_fail(scope, ADDUCE_E_QUORUM, "the quorum is missed: witness %.*s did not cosign",
                      SPAN_ARGS(name));
  return scope_fail(scope, ADDUCE_E_QUORUM,
                    "the quorum is missed: group %.*s needs %zu of its %zu members, %zu cosigned",
                    SPAN_ARGS(name), policy->groups[quorum->at].threshold,
                    policy->groups[quorum->at].member_count, verdict->group_counts[quorum->at]);
}

/* Signatures that say nothing here: of a type we cannot verify, or by keys nobody named. */
static void look_at_others(struct policy_verdict *verdict, const struct policy *policy,
                           const struct note *note) {
  for (size_t i = 0; i < policy->witness_count; i++) {
    const struct policy_witness *witness = &policy->witnesses[i];
    verdict->witness_unverified[i] =
        !witness->verifiable && signed_by(note, witness->key.name, witness->key.key_id);
  }
  for (size_t s = 0; s < note->signature_count; s++) {
    const struct note_signature *by = &note->signatures[s];
    bool known = false;
    for (size_t i = 0; i < policy->log_count && !known; i++)
      known = is_by(by, policy->logs[i].verifier.name, policy->logs[i].verifier.key_id);
    for (size_t i = 0; i < policy->witness_count && !known; i++)
      known = is_by(by, policy->witnesses[i].key.name, policy->witnesses[i].key.key_id);
    verdict->unknown += !known;
  }
}

enum adduce_err policy_evaluate(struct adduce_scope *scope, struct policy_verdict *verdict,
                                const struct policy *policy, struct adduce_span bytes) {
  struct note note;
  memset(verdict, 0, sizeof *verdict);
  verdict->witness_times_s =
      scope_array(scope, policy->witness_count, sizeof *verdict->witness_times_s);
  verdict->group_counts = scope_array(scope, policy->group_count, sizeof *verdict->group_counts);
  verdict->witness_unverified =
      scope_array(scope, policy->witness_count, sizeof *verdict->witness_unverified);
  if (verdict->witness_times_s == NULL || verdict->group_counts == NULL ||
      verdict->witness_unverified == NULL)
    return scope_no_memory(scope);
  TRY(open_checkpoint(scope, &verdict->checkpoint, &verdict->log, &note, policy, bytes));
  look_at_others(verdict, policy, &note);
  for (size_t i = 0; i < policy->witness_count; i++)
    if (policy->witnesses[i].verifiable)
      TRY(cosignature_verify(scope, &verdict->witness_times_s[i], &note,
                             &policy->witnesses[i].key));
  for (size_t g = 0; g < policy->group_count; g++)
    for (size_t m = 0; m < policy->groups[g].member_count; m++)
      verdict->group_counts[g] += policy_member_met(policy, verdict, &policy->groups[g].members[m]);
  verdict->met = !policy->has_quorum || policy_member_met(policy, verdict, &policy->quorum);
  return verdict->met ? ADDUCE_OK : say_missed(scope, policy, verdict);
}

/* --- in words ----------------------------------------------------------------------------- */

static struct adduce_value *describe_witness(struct adduce_scope *scope,
                                             const struct policy_witness *witness, int64_t time_s,
                                             bool unverified) {
  struct adduce_value *map = value_map(scope);
  value_set(scope, map, "name", value_str(scope, witness->name));
  value_set(scope, map, "key", value_str(scope, witness->key.name));
  value_set(scope, map, "cosigned", value_boolean(scope, time_s != 0));
  if (time_s > 0 && time_s <= INT64_C(253402300799)) /* the year 9999 */
    value_set_text(scope, map, "at",
                   scope_format(scope, "%.19sZ", clock_format(time_s * 1000000).text));
  if (!witness->verifiable)
    value_set_text(scope, map, "why_not",
                   unverified ? "it signed with ML-DSA-44 (type 0x06), which this version cannot "
                                "verify"
                              : "its key is ML-DSA-44 (type 0x06), which this version cannot "
                                "verify");
  return map;
}

static struct adduce_value *describe_group(struct adduce_scope *scope,
                                           const struct policy_group *group, size_t has) {
  struct adduce_value *map = value_map(scope);
  value_set(scope, map, "name", value_str(scope, group->name));
  value_set_integer(scope, map, "needs", (int64_t)group->threshold);
  value_set_integer(scope, map, "of", (int64_t)group->member_count);
  value_set_integer(scope, map, "has", (int64_t)has);
  value_set(scope, map, "met", value_boolean(scope, has >= group->threshold));
  return map;
}

struct adduce_value *policy_describe(struct adduce_scope *scope, const struct policy *policy,
                                     const struct policy_verdict *verdict) {
  struct adduce_value *map = value_map(scope), *rules = value_list(scope);
  struct adduce_value *witnesses = value_list(scope);
  if (verdict->log != NULL)
    value_set(scope, map, "log", value_str(scope, verdict->log->verifier.name));
  value_set(scope, map, "quorum",
            policy->has_quorum ? value_str(scope, policy_member_name(policy, &policy->quorum))
                               : value_text(scope, "none"));
  value_set(scope, map, "met", value_boolean(scope, verdict->met));
  for (size_t i = 0; i < policy->group_count; i++)
    value_add(scope, rules, describe_group(scope, &policy->groups[i], verdict->group_counts[i]));
  for (size_t i = 0; i < policy->witness_count; i++)
    value_add(scope, witnesses,
              describe_witness(scope, &policy->witnesses[i], verdict->witness_times_s[i],
                               verdict->witness_unverified[i]));
  value_set(scope, map, "rules", rules);
  value_set(scope, map, "witnesses", witnesses);
  if (verdict->unknown != 0)
    value_set_integer(scope, map, "unknown_signatures", (int64_t)verdict->unknown);
  return map;
}
