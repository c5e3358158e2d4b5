/* SPDX-License-Identifier: Apache-2.0 */
#include "query/origins.h"

#include <stdlib.h>

#include "base/hex.h"
#include "codec/value.h"
#include "query/cluster.h"
#include "query/links.h"
#include "query/origin.h"
#include "query/prose.h"

#define GROUND_MAX 64 /* what one claim rests on; more is not followed */
#define COMPARED 512  /* claims of a line; more are told apart by their origins alone */

/* One thing that a claim goes back to. */
struct base {
  struct adduce_span name; /* "speaker ...", "event:ID", a subject */
  bool is_weak;            /* a source cited by a claim with a speaker of its own */
  uint64_t by;             /* the link that led here; WORLD_NEVER: none did */
  size_t from;             /* the base it led from */
};

struct ground {
  const struct told *told;
  struct adduce_span name; /* of the origin */
  enum origin_sort sort;
  struct base *bases;
  size_t count;
  size_t place; /* among the claims of the line */
};

struct group {
  const struct ground *first;
  struct adduce_value *claims, *same;
};

/* --- grounds ------------------------------------------------------------------------------ */

static void add_base(struct ground *ground, struct adduce_span name, bool is_weak, uint64_t by,
                     size_t from) {
  for (size_t i = 0; i < ground->count; i++) {
    if (!span_equal(ground->bases[i].name, name)) continue;
    ground->bases[i].is_weak &= is_weak;
    return;
  }
  if (ground->count < GROUND_MAX)
    ground->bases[ground->count++] = (struct base){name, is_weak, by, from};
}

static enum adduce_err add_origin(struct asked *asked, struct ground *ground,
                                  const struct profile *profile,
                                  const struct lines_support *support) {
  const struct parsed *parsed = &support->item->event->claim.parsed;
  const struct parsed_field *field = parsed_field(parsed, "attribution");
  struct words_chain chain = {.form = parsed->form};
  struct origin origin;
  if (field != NULL) chain.field = *field;
  TRY(origin_of(asked, &origin, profile, &chain));
  ground->sort = origin.sort;
  ground->name = origin.name;
  if (origin.sort == ORIGIN_SPEAKER) TRY(cluster_least(asked, &ground->name, origin.name));
  add_base(ground,
           span_text(scope_format(asked->scope, "%s %.*s", origin_sort_name(origin.sort),
                                  SPAN_ARGS(ground->name))),
           false, WORLD_NEVER, 0);
  if (origin.sort == ORIGIN_SPEAKER) add_base(ground, ground->name, false, WORLD_NEVER, 0);
  return ADDUCE_OK;
}

static struct adduce_span name_event(struct asked *asked, const uint8_t *id32) {
  return span_text(scope_format(asked->scope, "event:%s", hex_text32(id32).text));
}

/* The source, if it cites one alone; of what is said in one's own voice, every source it cites. */
static void add_sources(struct asked *asked, struct ground *ground, const struct profile *profile) {
  bool is_own = ground->sort == ORIGIN_ORGANIZATION || ground->sort == ORIGIN_KEY;
  struct cursor refs = profile->refs;
  struct parsed_ref ref, only = {.id32 = NULL};
  size_t count = 0;
  while (parsed_next_role(&refs, &ref, "cites")) {
    only = ref;
    count++;
    if (is_own) add_base(ground, name_event(asked, ref.id32), false, WORLD_NEVER, 0);
  }
  if (count == 1 && !is_own) add_base(ground, name_event(asked, only.id32), true, WORLD_NEVER, 0);
}

/* What the bases were made from, or are the same as. */
static enum adduce_err follow_links(struct asked *asked, struct ground *ground, bool has_events) {
  for (size_t at = 0; at < ground->count; at++) {
    struct adduce_span name = ground->bases[at].name;
    struct links links = {.count = 0};
    struct adduce_id id;
    if (links_event(name, &id)) {
      if (has_events) TRY(links_of_event(asked, &links, &id, LINKS_DOWN));
    } else if (memchr(name.data, ' ', name.size) == NULL) {
      TRY(links_find(asked, &links, name, LINKS_DOWN));
    }
    for (size_t i = 0; i < links.count; i++)
      add_base(ground, links.items[i].other, false, links.items[i].index, at);
  }
  return ADDUCE_OK;
}

static enum adduce_err find_ground(struct asked *asked, struct ground *ground, bool has_events,
                                   const struct lines_support *support) {
  struct profile profile;
  ground->bases = scope_array(asked->scope, GROUND_MAX, sizeof *ground->bases);
  if (ground->bases == NULL) return scope_no_memory(asked->scope);
  ground->told = support->told;
  TRY(profile_read(asked, &profile, support->told->index));
  TRY(add_origin(asked, ground, &profile, support));
  if (ground->place >= COMPARED) return ADDUCE_OK;
  add_base(ground, name_event(asked, profile.id.bytes), false, WORLD_NEVER, 0);
  add_sources(asked, ground, &profile);
  return follow_links(asked, ground, has_events);
}

/* --- ties --------------------------------------------------------------------------------- */

/* What two grounds have in common, the first of the one; false if nothing. */
static bool find_tie(const struct ground *one, const struct ground *other, size_t *in_one,
                     size_t *in_other) {
  for (size_t i = 0; i < one->count; i++) {
    for (size_t j = 0; j < other->count; j++) {
      if ((one->bases[i].is_weak && other->bases[j].is_weak) ||
          !span_equal(one->bases[i].name, other->bases[j].name))
        continue;
      *in_one = i;
      *in_other = j;
      return true;
    }
  }
  return false;
}

static enum adduce_err add_event(struct asked *asked, struct adduce_value *list, uint64_t index) {
  struct profile profile;
  TRY(profile_read(asked, &profile, index));
  value_add(asked->scope, list, value_bytes(asked->scope, span_of(profile.id.bytes, 32)));
  return ADDUCE_OK;
}

/* The links that led to a base. */
static enum adduce_err add_way(struct asked *asked, struct adduce_value *via,
                               const struct ground *ground, size_t at) {
  for (; ground->bases[at].by != WORLD_NEVER; at = ground->bases[at].from)
    TRY(add_event(asked, via, ground->bases[at].by));
  return ADDUCE_OK;
}

/* The thing in common, in words. */
static enum adduce_err name_base(struct asked *asked, struct buffer *out, struct adduce_span name) {
  struct adduce_id id;
  uint64_t index;
  if (!links_event(name, &id)) return prose_subject(asked, out, name);
  enum adduce_err err = told_index(asked, &index, id.bytes);
  if (err == ADDUCE_E_NOT_FOUND)
    buffer_text(out, "an event that is not here");
  else if (err == ADDUCE_OK)
    buffer_format(out, "#%llu", (unsigned long long)index);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err say_why(struct asked *asked, struct adduce_value *map,
                               const struct ground *first, const struct ground *ground, size_t at,
                               bool is_linked) {
  struct adduce_span name = first->bases[at].name, text;
  struct buffer out;
  struct adduce_id id;
  buffer_init(&out, asked->scope);
  if (at == 0 && !is_linked) {
    buffer_text(&out, first->sort == ORIGIN_SPEAKER || first->sort == ORIGIN_ANONYMOUS
                          ? "both on the word of "
                          : "both the word of ");
    if (first->sort == ORIGIN_SPEAKER)
      TRY(prose_subject(asked, &out, first->name));
    else
      buffer_span(&out, first->name);
  } else {
    buffer_text(&out, is_linked ? "both made from, or the same as, " : "both from the source ");
    if (links_event(name, &id) || memchr(name.data, ' ', name.size) == NULL)
      TRY(name_base(asked, &out, name));
    else
      TRY(name_base(asked, &out, ground->name));
  }
  TRY(buffer_take(&out, &text));
  asked_set_str(asked, map, "because", text);
  return ADDUCE_OK;
}

static enum adduce_err add_tie(struct asked *asked, struct group *group,
                               const struct ground *ground, size_t in_first, size_t in_ground) {
  struct adduce_value *map = value_map(asked->scope), *claims = value_list(asked->scope);
  struct adduce_value *via = value_list(asked->scope);
  const struct ground *first = group->first;
  struct adduce_id id;
  uint64_t index;
  value_add(asked->scope, claims,
            value_bytes(asked->scope, span_of(first->told->event.id.bytes, 32)));
  value_add(asked->scope, claims,
            value_bytes(asked->scope, span_of(ground->told->event.id.bytes, 32)));
  asked_set(asked, map, "claims", claims);
  TRY(add_way(asked, via, first, in_first));
  TRY(add_way(asked, via, ground, in_ground));
  bool is_linked = adduce_value_count(via) != 0;
  TRY(say_why(asked, map, first, ground, in_first, is_linked));
  if (links_event(first->bases[in_first].name, &id) && !is_linked &&
      told_index(asked, &index, id.bytes) == ADDUCE_OK)
    TRY(add_event(asked, via, index));
  if (adduce_value_count(via) != 0) asked_set(asked, map, "via", via);
  value_add(asked->scope, group->same, map);
  return value_finish(asked->scope);
}

/* --- groups ------------------------------------------------------------------------------- */

/* Links and sources widen a ground; weak ones, which tie nobody, do not count. */
static size_t width(const struct ground *ground) {
  size_t count = 0;
  for (size_t i = 0; i < ground->count; i++) count += !ground->bases[i].is_weak;
  return count;
}

static int by_width(const void *a, const void *b) {
  const struct ground *left = a, *right = b;
  size_t one = width(left), other = width(right);
  bool left_own = left->sort >= ORIGIN_ORGANIZATION, right_own = right->sort >= ORIGIN_ORGANIZATION;
  if (left_own != right_own) return left_own ? 1 : -1;
  if (one != other) return one < other ? -1 : 1;
  return left->place < right->place ? -1 : left->place > right->place;
}

static enum adduce_err join(struct asked *asked, struct group *groups, size_t *count,
                            const struct ground *ground) {
  size_t in_first = 0, in_ground = 0;
  size_t at = 0;
  while (at < *count && !find_tie(groups[at].first, ground, &in_first, &in_ground)) at++;
  if (at == *count)
    groups[(*count)++] = (struct group){ground, value_list(asked->scope), value_list(asked->scope)};
  else
    TRY(add_tie(asked, &groups[at], ground, in_first, in_ground));
  value_add(asked->scope, groups[at].claims,
            value_bytes(asked->scope, span_of(ground->told->event.id.bytes, 32)));
  return ADDUCE_OK;
}

static int by_first(const void *a, const void *b) {
  const struct group *left = a, *right = b;
  uint64_t one = left->first->told->index, other = right->first->told->index;
  return (one > other) - (one < other);
}

static void render(struct asked *asked, struct adduce_value *map, const struct group *groups,
                   size_t count) {
  struct adduce_value *list = value_list(asked->scope);
  for (size_t i = 0; i < count; i++) {
    struct adduce_value *one = value_map(asked->scope);
    asked_set_str(asked, one, "origin", groups[i].first->name);
    asked_set_text(asked, one, "sort", origin_sort_name(groups[i].first->sort));
    asked_set(asked, one, "claims", groups[i].claims);
    if (adduce_value_count(groups[i].same) != 0) asked_set(asked, one, "same", groups[i].same);
    value_add(asked->scope, list, one);
  }
  asked_set(asked, map, "origins", list);
  asked_set_number(asked, map, "independent", count);
}

enum adduce_err origins_render(struct asked *asked, struct adduce_value *map,
                               const struct line *line) {
  struct ground *grounds = scope_array(asked->scope, line->count, sizeof *grounds);
  struct group *groups = scope_array(asked->scope, line->count, sizeof *groups);
  size_t count = 0, group_count = 0;
  bool has_events;
  if (grounds == NULL || groups == NULL) return scope_no_memory(asked->scope);
  TRY(links_of_events(asked, &has_events));
  for (size_t i = 0; i < line->count; i++) {
    const struct lines_support *support = &line->supports[i];
    if (support->state != STATUS_LIVE || (count > 0 && grounds[count - 1].told == support->told))
      continue;
    grounds[count].place = count;
    TRY(find_ground(asked, &grounds[count], has_events, support));
    count++;
  }
  if (count > 1) qsort(grounds, count, sizeof *grounds, by_width);
  for (size_t i = 0; i < count; i++) TRY(join(asked, groups, &group_count, &grounds[i]));
  if (group_count > 1) qsort(groups, group_count, sizeof *groups, by_first);
  render(asked, map, groups, group_count);
  return value_finish(asked->scope);
}
