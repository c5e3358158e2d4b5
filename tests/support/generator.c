/* SPDX-License-Identifier: Apache-2.0 */
#include "support/generator.h"

#include "base/bigendian.h"
#include "base/invariant.h"
#include "codec/value.h"
#include "crypto/hash.h"
#include "crypto/note.h"

#define REMEMBERED 4096
#define CLAIMS_PER_SUBJECT 12
#define FAMOUS 16
#define BEGIN_US INT64_C(1765584000000000) /* 2025-12-13 */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* An earlier claim that later ones may act on or cite. */
struct said {
  struct adduce_id id;
  unsigned author;
};

struct memory {
  struct said said[REMEMBERED];
  uint64_t count; /* ever said; the last REMEMBERED are kept */
};

struct generator {
  struct vocabulary *vocabulary;
  struct signer *log_signer;
  struct signer *signers[GENERATOR_AUTHORS_MAX]; /* those in use now */
  unsigned authors;
  uint64_t keys_seed, rotate_every;
  uint64_t rotations;
  uint64_t random;
  uint64_t claims; /* made so far */
  bool has_genesis;
  struct adduce_id genesis;
  struct memory facts, sources;
  struct memory *last; /* where the claim made last will be remembered; NULL: nowhere */
  unsigned last_author;
};

/* --- chance -------------------------------------------------------------------------------- */

static uint64_t draw(struct generator *g) { /* splitmix64 */
  uint64_t z = g->random += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static uint64_t below(struct generator *g, uint64_t bound) {
  return draw(g) % bound;
}

#define PICK(g, array) ((array)[below((g), COUNT(array))])

/* --- keys ---------------------------------------------------------------------------------- */

static enum adduce_err make_signer(struct adduce_scope *scope, struct signer **signer,
                                   uint64_t keys_seed, uint64_t number) {
  uint8_t text[16];
  bigendian_put64(text, keys_seed);
  bigendian_put64(text + 8, number);
  struct adduce_hash seed = hash_bytes(span_of(text, sizeof text));
  return signer_from_seed(scope, signer, seed.bytes);
}

enum adduce_err generator_open(struct adduce_scope *scope, struct generator **generator,
                               const struct generator_options *options) {
  INVARIANT(options->authors >= 1 && options->authors <= GENERATOR_AUTHORS_MAX);
  struct generator *g = *generator = scope_new(scope, struct generator);
  if (g == NULL) return scope_no_memory(scope);
  g->random = options->seed;
  g->authors = options->authors;
  g->keys_seed = options->keys_seed;
  g->rotate_every = options->rotate_every;
  enum adduce_err err = sign_start(scope);
  if (err == ADDUCE_OK) err = vocabulary_open(scope, &g->vocabulary);
  if (err == ADDUCE_OK) err = make_signer(scope, &g->log_signer, g->keys_seed, UINT64_MAX);
  for (unsigned i = 0; i < g->authors && err == ADDUCE_OK; i++)
    err = make_signer(scope, &g->signers[i], g->keys_seed, i);
  if (err != ADDUCE_OK) generator_close(generator);
  return err;
}

void generator_close(struct generator **generator) {
  if (*generator == NULL) return;
  signer_close(&(*generator)->log_signer);
  for (unsigned i = 0; i < (*generator)->authors; i++) signer_close(&(*generator)->signers[i]);
  *generator = NULL;
}

const struct signer *generator_founder(const struct generator *generator) {
  return generator->signers[0];
}

const struct signer *generator_log_signer(const struct generator *generator) {
  return generator->log_signer;
}

void generator_join(struct generator *generator, const struct adduce_id *genesis) {
  generator->genesis = *genesis;
  generator->has_genesis = true;
}

/* --- words --------------------------------------------------------------------------------- */

static const char *const properties[] = {"nationality", "position",  "birthPlace", "residency",
                                         "employer",    "idNumber",  "status",     "ownership",
                                         "membership",  "education", "lastSeen",   "convictedOf"};
static const char *const values[] = {
    "deputy director", "born in Hrodna",     "held in Minsk", "by",
    "board member",    "released on parole", "no longer",     "owner of a third",
    "moved to Vilnius"};
static const char *const acts[] = {"reports", "states", "announces", "quotes", "alleges"};
static const char *const certainties[] = {"certain", "probable", "possible"};
static const char *const levels[] = {"low", "moderate", "high"};
static const char *const days[] = {"2025-12",    "2025-12-13", "2025-12-12",
                                   "2020-08-09", "2021-12-02", "2024"};
static const char *const schemas[] = {"Person", "Company", "Organization", "PublicBody"};
static const char *const countries[] = {"by", "lt", "ua", "us", "jp", "pl"};
static const char *const names[][2] = {{"Belavia", "Белавія"},
                                       {"Belaruskali", "Беларуськалій"},
                                       {"A. Reporter", "А. Рэпарцёр"},
                                       {"Coordination centre", "Центр"}};
static const char *const measures[] = {"asset_freeze", "sectoral", "airspace_ban", "travel_ban"};
static const char *const notes[] = {"from the second list", "seen in two copies",
                                    "the page names no author", "as the caption has it"};
static const char *const reasons[] = {"the number was misread", "the outlet changed its report",
                                      "two people with one name", "a later list differs"};

const char *generator_subject(struct adduce_scope *scope, uint64_t number) {
  return scope_format(scope, "%s/subject/%07llu", GENERATOR_ORIGIN, (unsigned long long)number);
}

uint64_t generator_subject_count(const struct generator *generator) {
  return FAMOUS + generator->claims / CLAIMS_PER_SUBJECT;
}

static const char *pick_subject(struct adduce_scope *scope, struct generator *g) {
  uint64_t count = below(g, 50) == 0 ? FAMOUS : generator_subject_count(g);
  return generator_subject(scope, below(g, count));
}

static const char *pick_outlet(struct adduce_scope *scope, struct generator *g) {
  return scope_format(scope, "outlet.example/desk/%02u", (unsigned)below(g, 40));
}

static struct adduce_value *hash_value(struct adduce_scope *scope, const uint8_t *bytes32) {
  return value_bytes(scope, span_of(bytes32, 32));
}

static struct adduce_value *list_of(struct adduce_scope *scope, struct adduce_value *item) {
  struct adduce_value *list = value_list(scope);
  value_add(scope, list, item);
  return list;
}

static struct adduce_value *spelling(struct adduce_scope *scope, const char *const *pair) {
  struct adduce_value *text = value_map(scope);
  value_set_text(scope, text, "v", pair[0]);
  value_set_text(scope, text, "original", pair[1]);
  value_set_text(scope, text, "lang", "en");
  return text;
}

/* --- claims -------------------------------------------------------------------------------- */

static const struct said *pick_said(struct generator *g, const struct memory *memory) {
  uint64_t kept = memory->count < REMEMBERED ? memory->count : REMEMBERED;
  return kept == 0 ? NULL : &memory->said[below(g, kept)];
}

static void add_ref(struct adduce_scope *scope, struct event_draft *draft, const char *role,
                    const struct adduce_id *id) {
  struct parsed_ref *refs = scope_array(scope, draft->ref_count + 1, sizeof *refs);
  if (refs == NULL) return;
  for (size_t i = 0; i < draft->ref_count; i++) refs[i] = draft->refs[i];
  refs[draft->ref_count].role = span_text(role);
  refs[draft->ref_count].id32 = scope_copy(scope, span_of(id->bytes, 32)).data;
  draft->refs = refs;
  draft->ref_count++;
}

/* A place in one of the sources cited so far, if there is one. */
static void cite(struct adduce_scope *scope, struct generator *g, struct event_draft *draft,
                 struct adduce_value *content) {
  const struct said *source = pick_said(g, &g->sources);
  if (source == NULL) return;
  struct adduce_value *selector = value_map(scope), *citation = value_map(scope);
  int64_t start = (int64_t)below(g, 2400);
  value_set_text(scope, selector, "type", "TextPositionSelector");
  value_set_integer(scope, selector, "start", start);
  value_set_integer(scope, selector, "end", start + 20 + (int64_t)below(g, 60));
  value_set(scope, citation, "source", hash_value(scope, source->id.bytes));
  value_set(scope, citation, "selector", list_of(scope, selector));
  value_set(scope, content, "citations", list_of(scope, citation));
  add_ref(scope, draft, "cites", &source->id);
}

static void attribute(struct adduce_scope *scope, struct generator *g,
                      struct adduce_value *content) {
  struct adduce_value *hop = value_map(scope);
  value_set_text(scope, hop, "agent", pick_outlet(scope, g));
  value_set_text(scope, hop, "act", PICK(g, acts));
  value_set(scope, content, "attribution", list_of(scope, hop));
}

static void set_valid(struct adduce_scope *scope, struct generator *g,
                      struct adduce_value *content) {
  struct adduce_value *valid = value_map(scope);
  value_set_text(scope, valid, "from", PICK(g, days));
  value_set(scope, content, "valid", valid);
}

/* Ten fields; a third of them have a citation as well. */
static const char *say_fact(struct adduce_scope *scope, struct generator *g,
                            struct event_draft *draft, struct adduce_value *content) {
  value_set_text(scope, content, "subject", pick_subject(scope, g));
  value_set_text(scope, content, "property", PICK(g, properties));
  value_set_text(scope, content, "value", PICK(g, values));
  attribute(scope, g, content);
  set_valid(scope, g, content);
  value_set_text(scope, content, "stated_at", PICK(g, days));
  value_set_text(scope, content, "certainty", PICK(g, certainties));
  value_set_text(scope, content, "confidence", PICK(g, levels));
  value_set(scope, content, "open_list", value_boolean(scope, below(g, 2) == 0));
  value_set_text(scope, content, "note", PICK(g, notes));
  if (below(g, 3) == 0) cite(scope, g, draft, content);
  return "fact.asserted";
}

static const char *say_entity(struct adduce_scope *scope, struct generator *g,
                              struct event_draft *draft, struct adduce_value *content) {
  value_set_text(scope, content, "subject", pick_subject(scope, g));
  value_set_text(scope, content, "schema", PICK(g, schemas));
  value_set(scope, content, "name", list_of(scope, spelling(scope, PICK(g, names))));
  value_set(scope, content, "country", list_of(scope, value_text(scope, PICK(g, countries))));
  value_set_text(scope, content, "description", PICK(g, values));
  attribute(scope, g, content);
  cite(scope, g, draft, content);
  return "entity.described";
}

static const char *say_release(struct adduce_scope *scope, struct generator *g,
                               struct event_draft *draft, struct adduce_value *content) {
  struct adduce_value *quantity = value_map(scope);
  value_set_integer(scope, quantity, below(g, 2) == 0 ? "exact" : "at_least",
                    1 + (int64_t)below(g, 200));
  value_set_text(scope, quantity, "unit", "persons");
  value_set_text(scope, content, "subject", pick_subject(scope, g));
  value_set_text(scope, content, "group", pick_subject(scope, g));
  value_set_text(scope, content, "authority", pick_subject(scope, g));
  value_set(scope, content, "quantity", quantity);
  set_valid(scope, g, content);
  attribute(scope, g, content);
  cite(scope, g, draft, content);
  return below(g, 2) == 0 ? "release.announced" : "release.confirmed";
}

static const char *say_sanction(struct adduce_scope *scope, struct generator *g,
                                struct event_draft *draft, struct adduce_value *content) {
  value_set_text(scope, content, "target", pick_subject(scope, g));
  value_set_text(scope, content, "issuer", generator_subject(scope, below(g, 4)));
  value_set_text(scope, content, "measure", PICK(g, measures));
  value_set(scope, content, "scope", list_of(scope, value_text(scope, "potash")));
  set_valid(scope, g, content);
  attribute(scope, g, content);
  cite(scope, g, draft, content);
  if (below(g, 2) == 0) return "sanction.imposed";
  value_set_text(scope, content, "degree", "partial");
  return "sanction.eased";
}

static const char *say_source(struct adduce_scope *scope, struct generator *g,
                              struct event_draft *draft, struct adduce_value *content) {
  uint8_t number[8];
  (void)draft;
  bigendian_put64(number, draw(g));
  struct adduce_hash digest = hash_bytes(span_of(number, sizeof number));
  value_set_text(scope, content, "title", PICK(g, values));
  value_set_text(scope, content, "medium", "Article");
  value_set_text(scope, content, "publisher", pick_outlet(scope, g));
  value_set(scope, content, "language", list_of(scope, value_text(scope, "en")));
  value_set_text(scope, content, "published_at", PICK(g, days));
  value_set_text(scope, content, "retrieved_at", "2025-12-14T09:30Z");
  value_set(scope, content, "digest", hash_value(scope, digest.bytes));
  value_set_integer(scope, content, "size_bytes", 500 + (int64_t)below(g, 90000));
  value_set_text(scope, content, "media_type", "text/html");
  return "source.cited";
}

static const char *say_same(struct adduce_scope *scope, struct generator *g,
                            struct event_draft *draft, struct adduce_value *content) {
  (void)draft;
  /* Neighbours, so that clusters stay as small as they are in life. */
  uint64_t left = FAMOUS + 2 * below(g, 1 + generator_subject_count(g) / 2);
  value_set_text(scope, content, "left", generator_subject(scope, left));
  value_set_text(scope, content, "right", generator_subject(scope, left + 1));
  value_set_text(scope, content, "judgement", below(g, 3) == 0 ? "negative" : "positive");
  value_set_text(scope, content, "basis", PICK(g, notes));
  return "same.judged";
}

/* What acts on an earlier claim; a correction or a retraction is by the same author. */
static const char *act(struct adduce_scope *scope, struct generator *g, struct event_draft *draft,
                       struct adduce_value *content, const struct said *target) {
  add_ref(scope, draft, "target", &target->id);
  value_set_text(scope, content, "reason", PICK(g, reasons));
  switch (below(g, 14)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: {
      struct adduce_value *fields = value_map(scope);
      value_set_text(scope, fields, "value", PICK(g, values));
      value_set(scope, content, "fields", fields);
      value_set_text(scope, content, "correction", "fact");
      g->last_author = target->author;
      return "claim.corrected";
    }
    case 5:
    case 6:
    case 7:
    case 8:
      value_set_text(scope, content, "opinion", "disagree");
      value_set_text(scope, content, "basis", "cited_sources");
      return "claim.disputed";
    case 9:
      g->last_author = target->author;
      value_set_text(scope, content, "cause", "source_retracted");
      return "claim.retracted";
    case 10:
      g->last_author = target->author;
      value_set_text(scope, content, "until", PICK(g, days));
      return "claim.ended";
    default: {
      struct adduce_value *other = value_map(scope);
      value_set_text(scope, other, "independence",
                     below(g, 2) == 0 ? "independent" : "same_origin");
      value_set_text(scope, other, "opinion", "agree");
      draft->content = other;
      return "claim.corroborated";
    }
  }
}

static void start(struct generator_claim *claim, const struct generator *g,
                  const struct adduce_value *content) {
  *claim = (struct generator_claim){0};
  claim->draft.content = content;
  claim->draft.claimed_at_us = BEGIN_US + (int64_t)g->claims * 1000;
}

/* Author `number` gets a new key; the founder signs. */
static bool rotate(struct adduce_scope *scope, struct generator *g, struct generator_claim *claim,
                   unsigned number) {
  struct signer *next;
  if (make_signer(scope, &next, g->keys_seed, GENERATOR_AUTHORS_MAX + g->rotations++) != ADDUCE_OK)
    return false;
  struct adduce_value *content = value_map(scope);
  start(claim, g, content);
  value_set(scope, content, "old_key", hash_value(scope, signer_key(g->signers[number])->bytes));
  value_set(scope, content, "new_key", hash_value(scope, signer_key(next)->bytes));
  value_set_text(scope, content, "reason", "a year has passed");
  claim->draft.kind = span_text("key.rotated");
  claim->author = g->signers[0];
  add_ref(scope, &claim->draft, "ledger", &g->genesis);
  signer_close(&g->signers[number]);
  g->signers[number] = next;
  g->last = NULL;
  return true;
}

void generator_next(struct adduce_scope *scope, struct generator *generator,
                    struct generator_claim *claim) {
  struct generator *g = generator;
  g->claims++;
  if (g->rotate_every != 0 && g->claims % g->rotate_every == 0 && g->has_genesis &&
      g->authors > 1 && rotate(scope, g, claim, 1 + (unsigned)below(g, g->authors - 1)))
    return;
  struct adduce_value *content = value_map(scope);
  start(claim, g, content);
  g->last = NULL;
  g->last_author = (unsigned)below(g, g->authors);
  uint64_t what = below(g, 100);
  const struct said *target = what < 13 ? pick_said(g, &g->facts) : NULL;
  const char *kind;
  if (target != NULL) {
    kind = act(scope, g, &claim->draft, content, target);
  } else if (what < 14) {
    kind = say_same(scope, g, &claim->draft, content);
  } else if (what < 18) {
    kind = say_source(scope, g, &claim->draft, content);
    g->last = &g->sources;
  } else {
    kind = what < 26   ? say_entity(scope, g, &claim->draft, content)
           : what < 32 ? say_release(scope, g, &claim->draft, content)
           : what < 38 ? say_sanction(scope, g, &claim->draft, content)
                       : say_fact(scope, g, &claim->draft, content);
    if (what >= 38) g->last = &g->facts;
  }
  claim->draft.kind = span_text(kind);
  claim->draft.handling = below(g, 10) == 0 ? ADDUCE_AMBER : ADDUCE_CLEAR;
  claim->author = g->signers[g->last_author];
}

void generator_said(struct generator *generator, const struct adduce_id *id) {
  struct memory *memory = generator->last;
  if (memory == NULL) return;
  struct said *said = &memory->said[memory->count++ % REMEMBERED];
  said->id = *id;
  said->author = generator->last_author;
}

/* --- events -------------------------------------------------------------------------------- */

void generator_authorize(struct adduce_scope *scope, const struct generator *generator,
                         struct generator_claim *claim, unsigned number) {
  struct adduce_value *content = value_map(scope);
  start(claim, generator, content);
  value_set(scope, content, "key",
            hash_value(scope, signer_key(generator->signers[number])->bytes));
  value_set(scope, content, "rights", list_of(scope, value_text(scope, "append")));
  value_set_text(scope, content, "name", scope_format(scope, "Desk %u", number));
  value_set_text(scope, content, "organization", "Monitor");
  claim->draft.kind = span_text("key.authorized");
  claim->author = generator->signers[0];
  add_ref(scope, &claim->draft, "ledger", &generator->genesis);
}

enum adduce_err generator_genesis(struct adduce_scope *scope, const struct generator *generator,
                                  struct event *genesis) {
  struct generator_claim claim;
  const char *vkey;
  struct adduce_value *content = value_map(scope);
  start(&claim, generator, content);
  TRY(note_vkey_encode(scope, &vkey, span_text(GENERATOR_ORIGIN),
                       signer_key(generator->log_signer)));
  value_set_text(scope, content, "origin", GENERATOR_ORIGIN);
  value_set_text(scope, content, "vkey", vkey);
  claim.draft.kind = span_text("ledger.created");
  claim.author = generator->signers[0];
  return generator_sign(scope, generator, genesis, &claim);
}

enum adduce_err generator_sign(struct adduce_scope *scope, const struct generator *generator,
                               struct event *event, const struct generator_claim *claim) {
  return event_sign(scope, event, &claim->draft, generator->vocabulary, claim->author);
}

enum adduce_err generator_event(struct adduce_scope *scope, struct generator *generator,
                                struct event *event) {
  struct generator_claim claim;
  generator_next(scope, generator, &claim);
  TRY(generator_sign(scope, generator, event, &claim));
  generator_said(generator, &event->id);
  return ADDUCE_OK;
}

const struct adduce_value *generator_map(struct adduce_scope *scope,
                                         const struct generator_claim *claim) {
  static const char *const handling[] = {"clear", "green", "amber", "amber+strict", "red"};
  struct adduce_value *map = value_map(scope), *refs = value_list(scope);
  for (size_t i = 0; i < claim->draft.ref_count; i++) {
    struct adduce_value *ref = value_list(scope);
    value_add(scope, ref, value_str(scope, claim->draft.refs[i].role));
    value_add(scope, ref, hash_value(scope, claim->draft.refs[i].id32));
    value_add(scope, refs, ref);
  }
  value_set(scope, map, "kind", value_str(scope, claim->draft.kind));
  value_set(scope, map, "refs", refs);
  value_set_text(scope, map, "handling", handling[claim->draft.handling]);
  struct adduce_value *content = scope_new(scope, struct adduce_value);
  if (content == NULL) return map;
  *content = *claim->draft.content;
  value_set(scope, map, "content", content);
  return map;
}
