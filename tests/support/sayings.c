/* SPDX-License-Identifier: Apache-2.0 */
#include "support/sayings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hex.h"
#include "codec/value.h"

struct sayings sayings;
static uint64_t seed;

unsigned sayings_pick(unsigned below) {
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (unsigned)((seed >> 33) % below);
}

/* --- saying ------------------------------------------------------------------------------- */

const char *sayings_name(unsigned number) {
  if (number < SAYINGS_VOICES)
    return scope_format(sayings.shelf.scope, SHELF_ORIGIN "/voice/%u", number);
  return scope_format(sayings.shelf.scope, SHELF_ORIGIN "/thing/%u", number - SAYINGS_VOICES);
}

static struct adduce_value *text(const char *words) {
  return value_text(sayings.shelf.scope, words);
}

static void set(struct adduce_value *map, const char *key, struct adduce_value *value) {
  value_set(sayings.shelf.scope, map, key, value);
}

static bool is(const char *a, const char *b) {
  return strcmp(a, b) == 0;
}

static void add_ref(struct said *said, const char *role, size_t index) {
  for (size_t i = 0; i < said->ref_count; i++)
    if (said->refs[i].index == index && is(said->refs[i].role, role)) return;
  if (said->ref_count < SAYINGS_REFS)
    said->refs[said->ref_count++] = (struct said_ref){role, index};
}

/* The last event of a kind before this one, or one further back; 0 if there is none. */
static size_t earlier(const char *kind) {
  size_t found = 0;
  for (size_t i = 1; i < sayings.count; i++)
    if (strncmp(sayings.said[i].kind, kind, strlen(kind)) == 0 &&
        (found == 0 || sayings_pick(2) == 0))
      found = i;
  return found;
}

static struct adduce_value *some_chain(void) {
  static const char *const acts[] = {"states", "reports", "quotes", "denies", "plans"};
  struct adduce_value *chain = value_list(sayings.shelf.scope);
  for (unsigned hops = 1 + sayings_pick(3); hops > 0; hops--) {
    struct adduce_value *hop = value_map(sayings.shelf.scope);
    if (sayings_pick(6) == 0) {
      struct adduce_value *unnamed = value_map(sayings.shelf.scope);
      set(unnamed, "description", text(sayings_pick(2) == 0 ? "two officials" : "media"));
      set(hop, "anonymous", unnamed);
    } else {
      set(hop, "agent", text(sayings_name(sayings_pick(SAYINGS_VOICES))));
    }
    set(hop, "act", text(acts[sayings_pick(10) < 8 ? sayings_pick(3) : 3 + sayings_pick(2)]));
    value_add(sayings.shelf.scope, chain, hop);
  }
  return chain;
}

static void cite(struct said *said) {
  struct adduce_value *citations = value_list(sayings.shelf.scope);
  for (unsigned wanted = sayings_pick(3); wanted > 0; wanted--) {
    size_t source = earlier("source.");
    size_t before = said->ref_count;
    if (source == 0) break;
    add_ref(said, "cites", source);
    if (said->ref_count == before) break;
    struct adduce_value *citation = value_map(sayings.shelf.scope);
    set(citation, "source",
        value_bytes(sayings.shelf.scope, span_of(sayings.shelf.entries[source].id.bytes, 32)));
    value_add(sayings.shelf.scope, citations, citation);
  }
  if (adduce_value_count(citations) != 0) set(said->content, "citations", citations);
}

static void frame(struct said *said) {
  if (sayings_pick(5) < 3) set(said->content, "attribution", some_chain());
  if (sayings_pick(5) == 0) set(said->content, "polarity", text("negative"));
  if (sayings_pick(5) == 0) set(said->content, "certainty", text("possible"));
  if (sayings_pick(3) != 0) cite(said);
  if (sayings_pick(8) == 0) {
    size_t evidence = sayings.count > 1 ? 1 + sayings_pick((unsigned)sayings.count - 1) : 0;
    if (evidence != 0) add_ref(said, "evidence", evidence);
  }
}

static void say_source(struct said *said) {
  size_t source = earlier("source.");
  said->kind = "source.cited";
  if (source != 0 && sayings_pick(5) == 0) {
    said->kind = sayings_pick(3) == 0 ? "capture.taken" : "source.revised";
    add_ref(said, "source", source);
  }
  if (is(said->kind, "capture.taken")) {
    set(said->content, "url", text("https://example.org/"));
    return;
  }
  set(said->content, "title", text(sayings_pick(2) == 0 ? "One" : "Two"));
  if (sayings_pick(2) == 0)
    set(said->content, "subject", text(sayings_name(sayings_pick(SAYINGS_VOICES))));
  if (sayings_pick(3) == 0)
    set(said->content, "publisher_subject", text(sayings_name(sayings_pick(SAYINGS_VOICES))));
}

static void say_fact(struct said *said) {
  said->kind = "fact.asserted";
  set(said->content, "subject",
      text(sayings_name(sayings_pick(6) == 0 ? sayings_pick(SAYINGS_VOICES)
                                             : SAYINGS_VOICES + sayings_pick(4))));
  set(said->content, "property", text(sayings_pick(2) == 0 ? "colour" : "size"));
  set(said->content, "value", value_integer(sayings.shelf.scope, sayings_pick(3)));
  frame(said);
}

static void say_other(struct said *said) {
  struct adduce_value *names = value_list(sayings.shelf.scope),
                      *valid = value_map(sayings.shelf.scope);
  set(said->content, "subject", text(sayings_name(SAYINGS_VOICES + sayings_pick(4))));
  if (sayings_pick(2) == 0) {
    said->kind = "entity.described";
    value_add(sayings.shelf.scope, names, text(sayings_pick(2) == 0 ? "Anna" : "Anne"));
    set(said->content, "name", names);
  } else {
    said->kind = "release.announced";
    set(valid, "from", text(sayings_pick(2) == 0 ? "2025-11" : "2025-12-13"));
    set(said->content, "valid", valid);
    set(said->content, "group", text(sayings_name(SAYINGS_VOICES + sayings_pick(4))));
  }
  frame(said);
}

static struct adduce_value *some_end(void) {
  if (sayings_pick(4) == 0 || sayings.count < 2)
    return text(sayings_name(sayings_pick(SAYINGS_VOICES)));
  size_t index = 1 + sayings_pick((unsigned)sayings.count - 1);
  return text(scope_format(sayings.shelf.scope, "event:%s",
                           hex_text32(sayings.shelf.entries[index].id.bytes).text));
}

static void say_link(struct said *said) {
  static const char *const relations[] = {
      "same_statement_as", "same_statement_as", "quotes", "quotes",
      "translates",        "summarises",        "part_of"};
  said->kind = "relation.asserted";
  set(said->content, "from", some_end());
  set(said->content, "relation", text(relations[sayings_pick(7)]));
  set(said->content, "to", some_end());
  if (sayings_pick(3) == 0) frame(said);
}

static void say_same(struct said *said) {
  static const char *const judgements[] = {"positive", "positive", "positive", "negative",
                                           "unsure"};
  unsigned base = sayings_pick(3) != 0 ? 0 : SAYINGS_VOICES,
           room = base == 0 ? SAYINGS_VOICES : SAYINGS_NAMES - SAYINGS_VOICES;
  unsigned left = sayings_pick(room);
  said->kind = "same.judged";
  set(said->content, "left", text(sayings_name(base + left)));
  set(said->content, "right",
      text(sayings_name(base + (left + 1 + sayings_pick(room - 1)) % room)));
  set(said->content, "judgement", text(judgements[sayings_pick(5)]));
  if (sayings_pick(3) == 0) cite(said);
}

static void say_correction(struct said *said, const struct said *target) {
  struct adduce_value *fields = value_map(sayings.shelf.scope);
  said->kind = "claim.corrected";
  set(said->content, "reason", text("wrong"));
  bool has_frame = is(target->kind, "fact.asserted") || is(target->kind, "entity.described") ||
                   is(target->kind, "release.announced") || is(target->kind, "relation.asserted");
  if (has_frame && sayings_pick(2) == 0) set(fields, "attribution", some_chain());
  if (is(target->kind, "fact.asserted") && sayings_pick(2) == 0)
    set(fields, "value", value_integer(sayings.shelf.scope, 3 + sayings_pick(3)));
  if (is(target->kind, "fact.asserted") && sayings_pick(4) == 0)
    set(fields, "subject", text(sayings_name(SAYINGS_VOICES + sayings_pick(4))));
  if (is(target->kind, "relation.asserted") && sayings_pick(2) == 0) set(fields, "to", some_end());
  if (is(target->kind, "relation.asserted") && sayings_pick(3) == 0)
    set(fields, "relation", text(sayings_pick(2) == 0 ? "quotes" : "same_statement_as"));
  if (is(target->kind, "same.judged")) set(fields, "judgement", text("positive"));
  if (is(target->kind, "claim.corrected")) {
    struct adduce_value *inner = value_map(sayings.shelf.scope);
    set(inner, "value", value_integer(sayings.shelf.scope, 7));
    if (sayings_pick(2) == 0) set(inner, "attribution", some_chain());
    set(fields, "fields", inner);
  }
  if (is(target->kind, "claim.corroborated")) set(fields, "independence", text("same_origin"));
  if (adduce_value_count(fields) != 0) set(said->content, "fields", fields);
  if (adduce_value_count(fields) == 0) add_ref(said, "replacement", 0);
}

static void say_act(struct said *said) {
  static const char *const ranks[] = {"preferred", "normal", "deprecated"};
  static const char *const independences[] = {"same_origin", "same_origin", "independent"};
  size_t target = 1 + sayings_pick((unsigned)sayings.count - 1);
  if (sayings_pick(3) != 0) said->author = sayings.said[target].author;
  add_ref(said, "target", target);
  if (sayings_pick(8) == 0) add_ref(said, "target", 1 + sayings_pick((unsigned)sayings.count - 1));
  switch (sayings_pick(9)) {
    case 0:
    case 1:
      said->kind = "claim.retracted";
      set(said->content, "reason", text("withdrawn"));
      break;
    case 2:
    case 3:
      say_correction(said, &sayings.said[target]);
      break;
    case 4:
      said->kind = "claim.ended";
      set(said->content, "until", text("2025-12"));
      break;
    case 5:
      said->kind = "claim.disputed";
      set(said->content, "reason", text("no"));
      if (sayings_pick(2) == 0) set(said->content, "attribution", some_chain());
      break;
    case 6:
      said->kind = "claim.ranked";
      set(said->content, "rank", text(ranks[sayings_pick(3)]));
      break;
    default:
      said->kind = "claim.corroborated";
      set(said->content, "independence", text(independences[sayings_pick(3)]));
      if (sayings_pick(6) == 0) set(said->content, "opinion", text("disagree"));
      if (sayings_pick(3) != 0)
        add_ref(said, "evidence", 1 + sayings_pick((unsigned)sayings.count - 1));
      if (sayings_pick(4) == 0) set(said->content, "attribution", some_chain());
  }
  if (sayings_pick(3) == 0) cite(said);
}

static void say_author(struct said *said) {
  said->kind = "author.described";
  set(said->content, "key",
      value_bytes(sayings.shelf.scope, span_of(sayings.shelf.authors[said->author].key.bytes, 32)));
  set(said->content, "name", text(sayings_pick(2) == 0 ? "Desk" : "Night desk"));
}

void sayings_put(struct shelf *on, const struct said *said) {
  struct parsed_ref refs[SAYINGS_REFS];
  struct event event;
  for (size_t i = 0; i < said->ref_count; i++)
    refs[i] = (struct parsed_ref){span_text(said->refs[i].role),
                                  on->entries[said->refs[i].index].id.bytes};
  struct event_draft draft = {.kind = span_text(said->kind),
                              .claimed_at_us = SHELF_START_US + (int64_t)on->count * 1000000,
                              .refs = refs,
                              .ref_count = said->ref_count,
                              .handling = (enum adduce_handling)said->handling,
                              .content = said->content};
  enum adduce_err err =
      event_sign(on->scope, &event, &draft, on->vocabulary, on->signers[said->author]);
  if (err != ADDUCE_OK) fail_msg("%s: %s", said->kind, adduce_scope_detail(on->scope));
  (void)shelf_put(on, &event);
}

static void say_something(void) {
  struct said said = {.content = value_map(sayings.shelf.scope),
                      .author = sayings_pick(SAYINGS_AUTHORS)};
  unsigned what = sayings.count < 4 ? sayings_pick(60) : sayings_pick(100);
  said.handling = sayings_pick(5) == 0 ? 2 : 0;
  if (what < 16)
    say_source(&said);
  else if (what < 40)
    say_fact(&said);
  else if (what < 48)
    say_other(&said);
  else if (what < 62)
    say_link(&said);
  else if (what < 70)
    say_same(&said);
  else if (what < 98)
    say_act(&said);
  else
    say_author(&said);
  sayings_put(&sayings.shelf, &said);
  sayings.said[sayings.count++] = said;
}

void sayings_ledger(uint64_t number) {
  seed = number * 7919 + 1;
  shelf_empty(&sayings.shelf);
  shelf_found(&sayings.shelf);
  sayings.said[0] =
      (struct said){.kind = "ledger.created", .content = value_map(sayings.shelf.scope)};
  sayings.count = 1;
  size_t wanted = 10 + sayings_pick(SAYINGS_EVENTS - 10);
  sayings.shelf.step = sayings_pick(3) == 0 ? 0 : 1 + sayings_pick(4);
  while (sayings.count < wanted) say_something();
  shelf_fold(&sayings.shelf);
}
