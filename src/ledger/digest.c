/* SPDX-License-Identifier: Apache-2.0 */
/* State digests: what is stated here, and the comparison with what others state. */
#include "ledger/digest.h"

#include "exchange/statement.h"
#include "ledger/digested.h"
#include "ledger/proof.h"
#include "query/asked.h"

/* --- grounds -------------------------------------------------------------------------------- */

static enum adduce_err find_grounds(struct adduce_scope *scope, struct ledger_world *world,
                                    struct statedigest *state, uint64_t size) {
  struct merkle_reader tree = log_view_tree(&world->view);
  const struct rules *rules;
  *state = (struct statedigest){.size = size, .vocabulary_version = VOCABULARY_VERSION};
  TRY(merkle_root(scope, &state->root, &tree, size));
  TRY(world_rules(scope, world, &rules, size));
  const struct adduce_id *policy = rules_policy(rules);
  if (policy != NULL) memcpy(state->policy.bytes, policy->bytes, 32);
  return ADDUCE_OK;
}

enum adduce_err digest_grounds(struct adduce_scope *scope, struct ledger_world *world,
                               struct statedigest *states, struct viewid *views,
                               const uint64_t *sizes, size_t count) {
  if (views == NULL) views = scope_array(scope, count, sizeof *views);
  if (views == NULL) return scope_no_memory(scope);
  TRY(viewid_find(scope, world->query.rows, views, sizes, count));
  for (size_t i = 0; i < count; i++) {
    TRY(find_grounds(scope, world, &states[i], sizes[i]));
    states[i].view = views[i].id;
  }
  return ADDUCE_OK;
}

/* --- parts ---------------------------------------------------------------------------------- */

static enum adduce_err take_parts(struct adduce_scope *scope, struct statedigest *state,
                                  const struct adduce_hash *digests, const uint64_t *rows,
                                  size_t at, size_t step) {
  size_t count;
  const struct projection *projections = projection_all(&count);
  struct statedigest_part *parts = scope_array(scope, count, sizeof *parts);
  if (parts == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < count; i++)
    parts[i] = (struct statedigest_part){span_text(projections[i].name), projections[i].version,
                                         rows[i * step + at], digests[i * step + at]};
  state->parts = parts;
  state->part_count = count;
  return ADDUCE_OK;
}

enum adduce_err digest_parts(struct adduce_scope *scope, struct ledger_world *world,
                             struct statedigest *states, size_t count, unsigned threads) {
  size_t projections;
  (void)projection_all(&projections);
  struct adduce_hash *digests = scope_array(scope, count * projections, sizeof *digests);
  uint64_t *rows = scope_array(scope, count * projections, sizeof *rows);
  uint64_t *sizes = scope_array(scope, count, sizeof *sizes);
  if (digests == NULL || rows == NULL || sizes == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < count; i++) sizes[i] = states[i].size;
  TRY(fold_digests(scope, world->ledger->projections, digests, rows, sizes, count, threads));
  for (size_t i = 0; i < count; i++) TRY(take_parts(scope, &states[i], digests, rows, i, count));
  return ADDUCE_OK;
}

void digest_put(struct adduce_scope *scope, struct adduce_value *map,
                const struct statedigest *state, const struct viewid *view) {
  statedigest_put(scope, map, state);
  struct adduce_value *shown = value_get(map, span_text("view"));
  value_set_integer(scope, shown, "events", (int64_t)view->events);
  value_set_integer(scope, shown, "paths", (int64_t)view->paths);
}

/* --- what is withheld ----------------------------------------------------------------------- */

struct listing {
  struct adduce_scope *scope;
  struct adduce_value *list, *paths;
  uint64_t last; /* index + 1 of the event that came last */
};

static enum adduce_err list_path(void *context, uint64_t index, const uint8_t *id32,
                                 struct adduce_span field, int64_t element) {
  struct listing *listing = context;
  struct adduce_scope *scope = listing->scope;
  if (listing->last != index + 1) {
    struct adduce_value *line = value_map(scope);
    listing->paths = value_list(scope);
    listing->last = index + 1;
    value_set_integer(scope, line, "index", (int64_t)index);
    value_set_bytes32(scope, line, "id", id32);
    value_set(scope, line, "paths", listing->paths);
    value_add(scope, listing->list, line);
  }
  const char *path = field.size == 0 ? "*"
                     : element < 0
                         ? scope_format(scope, "%.*s", SPAN_ARGS(field))
                         : scope_format(scope, "%.*s.%lld", SPAN_ARGS(field), (long long)element);
  value_add(scope, listing->paths, value_text(scope, path));
  return scope_exhausted(scope) ? scope_no_memory(scope) : ADDUCE_OK;
}

static enum adduce_err list_withheld(struct adduce_scope *scope, struct ledger_world *world,
                                     struct adduce_value *map, uint64_t size) {
  struct listing listing = {scope, value_list(scope), NULL, 0};
  TRY(viewid_each(scope, world->query.rows, size, list_path, &listing));
  value_set(scope, value_get(map, span_text("view")), "withheld", listing.list);
  return ADDUCE_OK;
}

/* --- stating -------------------------------------------------------------------------------- */

static const struct adduce_digest_options no_options = {.at = NULL};

/* Others may fold on and content may go while the rows are walked: the state that is stated is one
 * whose view is the same before and after. */
static enum adduce_err find_state(struct adduce_scope *scope, struct ledger_world *world,
                                  struct statedigest *state, struct viewid *view, uint64_t size,
                                  unsigned threads) {
  struct store_txn *txn;
  struct viewid after;
  TRY(digest_grounds(scope, world, state, view, &size, 1));
  TRY(digest_parts(scope, world, state, 1, threads));
  TRY(store_begin_read(scope, world->ledger->projections, &txn));
  enum adduce_err err = viewid_find(scope, txn, &after, &size, 1);
  store_end_read(&txn);
  if (err != ADDUCE_OK || hash_equal(&after.id, &view->id)) return err;
  return scope_fail(scope, ADDUCE_E_INTERRUPTED,
                    "content was erased while the state was being digested; digest it again");
}

enum adduce_err digest_now(struct adduce_scope *scope, struct ledger_world *world,
                           struct adduce_value *map) {
  struct statedigest state;
  struct viewid view;
  TRY(find_state(scope, world, &state, &view, world->query.size, 0));
  digest_put(scope, map, &state, &view);
  return ADDUCE_OK;
}

static enum adduce_err answer_state(struct adduce_scope *scope, struct ledger_world *world,
                                    struct adduce_value **answer,
                                    const struct adduce_digest_options *options) {
  const struct adduce_question question = {.at = options->at};
  struct statedigest state;
  struct viewid view;
  struct asked asked;
  TRY(asked_open(&asked, scope, &world->query, &question));
  TRY(find_state(scope, world, &state, &view, asked.size, options->threads));
  *answer = asked_answer(&asked);
  asked_set_str(&asked, *answer, "origin", world->query.origin);
  asked_set_id(&asked, *answer, "genesis", world->query.genesis.bytes);
  digest_put(scope, *answer, &state, &view);
  return options->withheld ? list_withheld(scope, world, *answer, asked.size) : ADDUCE_OK;
}

enum adduce_err adduce_digest(struct adduce_scope *scope, struct adduce_ledger *ledger,
                              const struct adduce_value **answer,
                              const struct adduce_digest_options *options) {
  struct ledger_world world;
  struct adduce_value *map = NULL;
  TRY(world_open(scope, &world, ledger));
  enum adduce_err err = answer_state(scope, &world, &map, options == NULL ? &no_options : options);
  world_close(&world);
  *answer = map;
  return err == ADDUCE_OK ? value_finish(scope) : err;
}

static struct adduce_value *claim_part(struct adduce_scope *scope, const struct statedigest *state,
                                       const struct statedigest_part *part) {
  static const struct adduce_hash none = {{0}};
  struct adduce_value *claim = value_map(scope), *content = value_map(scope);
  value_set_integer(scope, content, "size", (int64_t)state->size);
  value_set_bytes32(scope, content, "root", state->root.bytes);
  value_set(scope, content, "projection", value_str(scope, part->name));
  value_set_integer(scope, content, "projection_version", (int64_t)part->version);
  value_set_integer(scope, content, "vocabulary_version", (int64_t)state->vocabulary_version);
  if (!hash_equal(&state->policy, &none))
    value_set_bytes32(scope, content, "policy", state->policy.bytes);
  value_set_bytes32(scope, content, "view", state->view.bytes);
  value_set_bytes32(scope, content, "digest", part->digest.bytes);
  value_set_text(scope, claim, "kind", "state.digested");
  value_set(scope, claim, "content", content);
  return claim;
}

enum adduce_err adduce_digest_claims(struct adduce_scope *scope, const struct adduce_value **claims,
                                     const struct adduce_value *answer) {
  struct adduce_value *list = value_list(scope);
  struct statedigest state;
  *claims = list;
  TRY(statedigest_read(scope, &state, answer));
  for (size_t i = 0; i < state.part_count; i++)
    value_add(scope, list, claim_part(scope, &state, &state.parts[i]));
  return value_finish(scope);
}

/* --- comparing ------------------------------------------------------------------------------ */

/* The reasons of a report that has some, as one text. */
static const char *join_reasons(struct adduce_scope *scope, const struct adduce_value *report) {
  const struct adduce_value *because = adduce_value_get(report, "because");
  const char *text = "";
  for (size_t i = 0; i < adduce_value_count(because); i++)
    text = scope_format(scope, "%s%s%s", text, i == 0 ? "" : "; ",
                        adduce_value_text(adduce_value_get(adduce_value_at(because, i), "text")));
  return *text != '\0' ? text : "not all of its projections are known here in that version";
}

static enum adduce_err conclude(struct adduce_scope *scope, const struct adduce_value *report,
                                enum statedigest_verdict verdict, uint64_t size) {
  if (verdict == STATEDIGEST_SAME) return ADDUCE_OK;
  if (verdict == STATEDIGEST_NOT_COMPARABLE)
    return scope_fail(scope, ADDUCE_E_NOT_COMPARABLE, "not comparable, because %s",
                      join_reasons(scope, report));
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "different: %lld of the projections of %llu entries, read under one view by "
                    "the same versions, have other digests here; one of the two replays is wrong",
                    (long long)adduce_value_integer(adduce_value_get(report, "different")),
                    (unsigned long long)size);
}

static enum adduce_err compare(struct adduce_scope *scope, struct ledger_world *world,
                               struct adduce_value *report, const struct statedigest *theirs,
                               unsigned threads) {
  struct statedigest ours = {.size = world->query.size};
  if (theirs->size <= world->query.size)
    TRY(digest_grounds(scope, world, &ours, NULL, &theirs->size, 1));
  if (statedigest_same_grounds(theirs, &ours)) TRY(digest_parts(scope, world, &ours, 1, threads));
  enum statedigest_verdict verdict = statedigest_compare(scope, report, theirs, &ours);
  value_set_integer(scope, report, "size", (int64_t)theirs->size);
  TRY(value_finish(scope));
  return conclude(scope, report, verdict, theirs->size);
}

static enum adduce_err compare_in_world(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                        struct adduce_value *report,
                                        const struct statedigest *theirs,
                                        const struct adduce_digest_options *options) {
  struct ledger_world world;
  TRY(world_open(scope, &world, ledger));
  enum adduce_err err =
      compare(scope, &world, report, theirs, options == NULL ? 0 : options->threads);
  world_close(&world);
  return err;
}

/* An auditor's statement says the state of the log it was made for. */
static enum adduce_err read_note(struct adduce_scope *scope, struct statedigest *state,
                                 struct adduce_value *report, struct adduce_span bytes,
                                 const struct adduce_policy *policy) {
  struct statement statement;
  struct note note;
  TRY(statement_parse(scope, &statement, &note, bytes));
  if (statement.state.part_count == 0)
    return scope_fail(scope, ADDUCE_E_FORM, "the auditor's statement says no digests of the state");
  struct adduce_span auditor =
      note.signature_count == 0 ? span_of(NULL, 0) : note.signatures[0].name;
  if (policy != NULL) TRY(proof_verify_auditor(scope, &auditor, &policy->policy, &note));
  *state = statement.state;
  if (auditor.size != 0) value_set(scope, report, "stated_by", value_str(scope, auditor));
  value_set_text(scope, report, "signature", policy != NULL ? "verified" : "unchecked");
  return ADDUCE_OK;
}

static enum adduce_err read_theirs(struct adduce_scope *scope, struct statedigest *state,
                                   struct adduce_value *report, struct adduce_span bytes,
                                   const struct adduce_policy *policy) {
  const struct adduce_value *json;
  if (statement_is(bytes)) return read_note(scope, state, report, bytes, policy);
  if (policy != NULL)
    return scope_fail(scope, ADDUCE_E_USAGE,
                      "there is no signature to verify: only an auditor's statement is signed");
  TRY(adduce_value_from_json(scope, &json, (const char *)bytes.data, bytes.size));
  return statedigest_read(scope, state, json);
}

enum adduce_err adduce_digest_compare(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                      const struct adduce_value **report,
                                      struct adduce_span statement,
                                      const struct adduce_digest_options *options) {
  struct adduce_value *map = value_map(scope);
  struct statedigest theirs;
  *report = map;
  TRY(sign_start(scope));
  TRY(read_theirs(scope, &theirs, map, statement, options == NULL ? NULL : options->policy));
  return compare_in_world(scope, ledger, map, &theirs, options);
}

static enum adduce_err compare_event(struct adduce_scope *scope, struct ledger_world *world,
                                     struct adduce_value *report, const char *name,
                                     unsigned threads) {
  struct adduce_id id;
  struct digested said;
  uint64_t index;
  TRY(query_resolve(scope, &world->query, &id, &index, name));
  TRY(digested_read(scope, world, &said, index));
  digested_put(scope, report, &said);
  if (said.problem != NULL) {
    value_set_text(scope, report, "verdict", statedigest_verdict_name(STATEDIGEST_NOT_COMPARABLE));
    return scope_fail(scope, ADDUCE_E_NOT_COMPARABLE, "not comparable, because %s", said.problem);
  }
  return compare(scope, world, report, &said.state, threads);
}

enum adduce_err adduce_digest_compare_event(struct adduce_scope *scope,
                                            struct adduce_ledger *ledger,
                                            const struct adduce_value **report, const char *name,
                                            const struct adduce_digest_options *options) {
  struct ledger_world world;
  struct adduce_value *map = value_map(scope);
  *report = map;
  TRY(world_open(scope, &world, ledger));
  enum adduce_err err =
      compare_event(scope, &world, map, name, options == NULL ? 0 : options->threads);
  world_close(&world);
  return err;
}
