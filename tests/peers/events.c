/* SPDX-License-Identifier: Apache-2.0 */
/* events COUNT [SEED]: so many events of the generator as lines of JSON of 400 bytes, as
 * adduce_writer_add takes claims. They refer to nothing, since no peer but adduce would resolve it;
 * a note fills each up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adduce.h"
#include "bench/table.h"
#include "codec/value.h"
#include "peers/peer.h"
#include "support/generator.h"

static const char filler[] =
    "as the second of two copies has it, without the name of the one who wrote it down; the list "
    "was read again a day later and said the same, but for the order of the names, which follows "
    "another alphabet there; whoever compares the two should mind the spelling of the places too "
    "and of the offices, some of which have been renamed since the list was put together at first";

int main(int argc, char **argv) {
  struct adduce_scope *scope, *step;
  struct generator *generator;
  struct generator_options options = {.seed = 3, .keys_seed = 1, .authors = 1};
  if (argc < 2) return 2;
  unsigned long long count = strtoull(argv[1], NULL, 10);
  if (argc > 2) options.seed = strtoull(argv[2], NULL, 10);
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK || adduce_scope_open(&step, 0) != ADDUCE_OK)
    return 1;
  table_must(scope, generator_open(scope, &generator, &options), "generator");
  while (count > 0) {
    struct generator_claim claim;
    const char *json;
    generator_next(step, generator, &claim); /* nothing is ever said of it: no refs follow */
    if (memcmp(claim.draft.kind.data, "fact.asserted", claim.draft.kind.size) == 0) {
      struct adduce_value *content = (struct adduce_value *)(uintptr_t)claim.draft.content;
      value_set_text(step, content, "note", "");
      const struct adduce_value *map = generator_map(step, &claim);
      table_must(step, adduce_value_to_json(step, &json, map, false), "json");
      size_t size = strlen(json);
      if (size < PEER_EVENT_BYTES && PEER_EVENT_BYTES - size < sizeof filler) {
        char *end = strchr(strstr(json, "\"note\"") + 6, '"') + 1;
        printf("%.*s%.*s%s\n", (int)(end - json), json, (int)(PEER_EVENT_BYTES - size), filler,
               end);
        count--;
      }
    }
    adduce_scope_reset(step);
  }
  generator_close(&generator);
  adduce_scope_close(&step);
  adduce_scope_close(&scope);
  return 0;
}
