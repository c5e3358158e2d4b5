/* SPDX-License-Identifier: Apache-2.0 */
#include "query/origin.h"

#include "base/hex.h"
#include "claim/spelling.h"
#include "query/people.h"

static enum adduce_err own_voice(struct asked *asked, struct origin *origin) {
  const struct person *author;
  TRY(people_get(asked, &author, origin->key32));
  if (author->known && author->author.organization.size != 0) {
    origin->sort = ORIGIN_ORGANIZATION;
    origin->name = author->author.organization;
    return ADDUCE_OK;
  }
  origin->sort = ORIGIN_KEY;
  origin->name = span_text(scope_format(asked->scope, "%s", hex_text32(origin->key32).text));
  return ADDUCE_OK;
}

enum adduce_err origin_of(struct asked *asked, struct origin *origin, const struct profile *profile,
                          const struct words_chain *chain) {
  const struct words_chain as_signed = {profile->chain, profile->form};
  struct profile_hop hop, innermost = {.is_innermost = false};
  struct profile_hops hops;
  *origin = (struct origin){.sort = ORIGIN_NONE};
  memcpy(origin->key32, profile->author32, sizeof origin->key32);
  if (profile->kind == NULL || !profile->kind->has_frame) return ADDUCE_OK;
  words_hops(&hops, chain == NULL ? &as_signed : chain);
  while (profile_hops_next(&hops, &hop)) innermost = hop;
  if (!innermost.is_innermost) return own_voice(asked, origin);
  origin->sort = innermost.agent.size != 0 ? ORIGIN_SPEAKER : ORIGIN_ANONYMOUS;
  origin->name = innermost.agent.size != 0       ? innermost.agent
                 : innermost.anonymous.size != 0 ? innermost.anonymous
                                                 : span_text("unknown");
  return ADDUCE_OK;
}

const char *origin_sort_name(enum origin_sort sort) {
  static const char *const names[] = {"none", "speaker", "anonymous", "organization", "key"};
  return names[sort];
}

bool origin_is(const struct origin *origin, const struct selector *selector) {
  switch (origin->sort) {
    case ORIGIN_SPEAKER:
      return selector_has_voice(selector, origin->name);
    case ORIGIN_ANONYMOUS: /* a whole subject id describes nobody */
      return span_equal(origin->name, selector->word) && !spelling_subject(selector->word);
    case ORIGIN_ORGANIZATION:
      return span_equal(origin->name, selector->word);
    case ORIGIN_KEY:
      for (size_t i = 0; i < selector->key_count; i++)
        if (memcmp(selector->keys[i].bytes, origin->key32, 32) == 0) return true;
      return false;
    case ORIGIN_NONE:
      break;
  }
  return false;
}
