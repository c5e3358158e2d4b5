/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_log.h"

#include "base/hex.h"
#include "projection/key.h"
#include "query/ask_event.h"
#include "query/believed.h"
#include "query/cluster.h"
#include "query/exclusion.h"
#include "query/modefilter.h"
#include "query/render.h"
#include "query/stream.h"

#define STREAMS_MAX 4

/* What is looked for: events that all streams have; all events when there are none. */
struct search {
  struct asked *asked;
  struct stream streams[STREAMS_MAX];
  size_t count;
  uint64_t since, until;
  uint64_t next; /* the first entry beyond the page, if there is more */
  bool backwards;
  bool nibble;         /* an author's prefix ends in half a byte, */
  uint8_t last_nibble; /* this one, */
  size_t whole_bytes;  /* after so many whole ones */
};

/* --- filters ------------------------------------------------------------------------------ */

static enum adduce_err add_stream(struct search *search, enum registry_number table,
                                  const struct adduce_span *prefixes, size_t count) {
  TRY(stream_open_all(believed_whole(search->asked), &search->streams[search->count], table,
                      prefixes, count, search->backwards));
  search->count++;
  return ADDUCE_OK;
}

/* "claim." and "monitor.example:" are beginnings, anything else is a whole kind. */
static enum adduce_err filter_kind(struct search *search, const char *kind) {
  struct adduce_span text = span_text(kind);
  struct key key;
  char last = text.size == 0 ? '\0' : kind[text.size - 1];
  if (last == '.' || last == ':') return add_stream(search, REGISTRY_BYKIND, &text, 1);
  key_init(&key);
  key_text(&key, text);
  struct adduce_span prefix = key_span(&key);
  return add_stream(search, REGISTRY_BYKIND, &prefix, 1);
}

static enum adduce_err filter_author(struct search *search, const char *author) {
  uint8_t bytes[33] = {0};
  size_t digits = strlen(author), whole = digits / 2;
  struct adduce_scope *scope = search->asked->scope;
  if (digits > 64 || strspn(author, "0123456789abcdefABCDEF") != digits || digits == 0)
    return scope_fail(scope, ADDUCE_E_USAGE, "\"%s\" is no beginning of a key in hexadecimal",
                      author);
  if (!hex_decode(span_of(author, 2 * whole), bytes, whole))
    return scope_fail(scope, ADDUCE_E_USAGE, "\"%s\" is no key", author);
  if (digits % 2 == 1) {
    char pair[3] = {author[digits - 1], '0', '\0'};
    if (!hex_decode(span_text(pair), &search->last_nibble, 1))
      return scope_fail(scope, ADDUCE_E_USAGE, "\"%s\" is no key", author);
    search->nibble = true;
    search->whole_bytes = whole;
  }
  struct adduce_span prefix = span_of(bytes, whole);
  return add_stream(search, REGISTRY_BYAUTHOR, &prefix, 1);
}

static enum adduce_err filter_subject(struct search *search, const char *subject) {
  struct asked *asked = search->asked;
  struct cluster cluster;
  TRY(cluster_find(asked, &cluster, asked_subject(asked, subject)));
  struct adduce_span *prefixes = scope_array(asked->scope, cluster.count, sizeof *prefixes);
  if (prefixes == NULL) return scope_no_memory(asked->scope);
  for (size_t i = 0; i < cluster.count; i++) {
    struct key key;
    key_init(&key);
    key_text(&key, cluster.members[i].subject);
    prefixes[i] = scope_copy(asked->scope, key_span(&key));
    if (prefixes[i].data == NULL) return scope_no_memory(asked->scope);
  }
  return add_stream(search, REGISTRY_SUBJECTS, prefixes, cluster.count);
}

static enum adduce_err filter_reference(struct search *search, const char *name) {
  struct adduce_id id;
  uint64_t index;
  TRY(ask_event_resolve(search->asked->scope, search->asked->world, &id, &index, name));
  struct adduce_span prefix = span_of(id.bytes, sizeof id.bytes);
  return add_stream(search, REGISTRY_REFERENCES, &prefix, 1);
}

static enum adduce_err add_filters(struct search *search, const struct adduce_log_filter *filter) {
  if (filter->refers_to != NULL) TRY(filter_reference(search, filter->refers_to));
  if (filter->subject != NULL) TRY(filter_subject(search, filter->subject));
  if (filter->author != NULL) TRY(filter_author(search, filter->author));
  if (filter->kind != NULL) TRY(filter_kind(search, filter->kind));
  if (filter->until != NULL)
    TRY(asked_position(search->asked->scope, search->asked->world, &search->until, filter->until));
  if (filter->since != NULL)
    TRY(asked_position(search->asked->scope, search->asked->world, &search->since, filter->since));
  uint64_t last = search->asked->size - 1;
  if (search->until < last) last = search->until;
  if (search->since <= last) return ADDUCE_OK;
  return scope_fail(search->asked->scope, ADDUCE_E_POSITION,
                    "there is nothing from #%llu on: the last entry asked about is #%llu",
                    (unsigned long long)search->since, (unsigned long long)last);
}

/* --- searching ---------------------------------------------------------------------------- */

/* The next index from `from` on that every stream has; STREAM_END if there is none. */
static enum adduce_err find_next(struct search *search, uint64_t *index, uint64_t from) {
  size_t agreeing = 0;
  *index = from;
  for (size_t i = 0; agreeing < search->count; i = (i + 1) % search->count) {
    uint64_t found;
    TRY(stream_leap(&search->streams[i], &found, *index));
    if (found == STREAM_END) {
      *index = STREAM_END;
      return ADDUCE_OK;
    }
    agreeing = found == *index ? agreeing + 1 : 1;
    *index = found;
  }
  return ADDUCE_OK;
}

static bool is_beyond(const struct search *search, uint64_t index) {
  return index == STREAM_END || index >= search->asked->size || index < search->since ||
         index > search->until;
}

/* A half byte at the end of an author's prefix is looked at in the event, and so is when it holds.
 */
static bool is_looked_at(const struct search *search) {
  return search->nibble || search->asked->has_valid_at || search->asked->modefilter != NULL ||
         search->asked->believed != NULL;
}

static bool fits(const struct search *search, const struct told *told) {
  if (!told_may_hold(search->asked, told)) return false;
  return !search->nibble ||
         (told->event.claim.parsed.author32[search->whole_bytes] & 0xf0) == search->last_nibble;
}

/* Whether an entry that fits is let in by the policy and the manner that are asked for. */
static enum adduce_err admit(struct search *search, bool *is_in, const struct told *told) {
  *is_in = fits(search, told);
  if (*is_in) TRY(believed_admit(search->asked, is_in, told->index));
  if (*is_in) TRY(modefilter_admit(search->asked, is_in, told, told_event(told)));
  return ADDUCE_OK;
}

static enum adduce_err take(struct search *search, struct adduce_value *list, uint64_t index,
                            struct asked_page *page) {
  const struct told *told;
  if (!is_looked_at(search) && page->seen < search->asked->skip) {
    page->seen++;
    return ADDUCE_OK;
  }
  bool is_in;
  TRY(told_get(search->asked, &told, index));
  TRY(admit(search, &is_in, told));
  if (!is_in) return ADDUCE_OK;
  enum asked_turn turn = asked_turn(search->asked, page);
  if (turn == ASKED_STOP) search->next = index;
  return turn == ASKED_SHOW ? render_add_claim(search->asked, list, told, RENDER_BODY) : ADDUCE_OK;
}

static enum adduce_err run(struct search *search, struct adduce_value *list,
                           struct asked_page *page) {
  uint64_t last = search->asked->size - 1;
  uint64_t at = !search->backwards ? search->since : last < search->until ? last : search->until;
  while (!page->more) {
    uint64_t index;
    TRY(find_next(search, &index, at));
    if (is_beyond(search, index)) return ADDUCE_OK;
    bool is_out;
    TRY(exclusion_has(search->asked->exclusion, &is_out, index));
    if (!is_out) TRY(take(search, list, index, page));
    if (search->backwards && index == 0) return ADDUCE_OK;
    at = search->backwards ? index - 1 : index + 1;
  }
  return ADDUCE_OK;
}

enum adduce_err ask_log(struct asked *asked, struct adduce_value *answer,
                        const struct adduce_log_filter *filter) {
  static const struct adduce_log_filter anything = {0};
  struct adduce_value *list = value_list(asked->scope);
  struct asked_page page = {.seen = 0};
  struct search search = {.asked = asked, .until = UINT64_MAX};
  if (filter == NULL) filter = &anything;
  search.backwards = filter->newest_first;
  TRY(believed_open_tried(asked));
  enum adduce_err err = add_filters(&search, filter);
  if (err == ADDUCE_OK) err = run(&search, list, &page);
  while (search.count > 0) stream_close(&search.streams[--search.count]);
  if (err != ADDUCE_OK) return err;
  asked_set(asked, answer, "entries", list);
  modefilter_render(asked, answer);
  TRY(believed_render_admitted(asked, answer));
  asked_more(asked, answer, &page);
  if (page.more) asked_set_number(asked, answer, "next", search.next);
  return value_finish(asked->scope);
}
