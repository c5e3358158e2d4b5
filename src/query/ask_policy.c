/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_policy.h"

#include "query/believed.h"
#include "query/render.h"

enum adduce_err ask_policy(struct asked *asked, struct adduce_value *answer) {
  const struct query_world *world = asked->world;
  struct world_entry entry;
  uint64_t index;
  TRY(believed_open(asked));
  believed_render_policy(asked, answer);
  if (!believed_event(asked, &index)) return value_finish(asked->scope);
  TRY(world->entry(world->context, asked->scope, &entry, index));
  return render_content(asked, answer, "content", &entry.event.claim.parsed);
}
