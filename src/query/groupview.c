/* SPDX-License-Identifier: Apache-2.0 */
#include "query/groupview.h"

#include "query/names.h"

static enum adduce_err set_name(struct adduce_scope *scope, struct adduce_value *map,
                                struct asked *asked, const struct grouping_group *group) {
  for (size_t i = 0; i < group->count; i++) {
    const struct names_entry *entry;
    TRY(names_find(asked, &entry, group->subjects[i]));
    if (entry->name.size == 0) continue;
    value_set(scope, map, "name", value_str(scope, entry->name));
    break;
  }
  return ADDUCE_OK;
}

enum adduce_err groupview_head(struct adduce_scope *scope, struct adduce_value **map,
                               struct asked *asked, const struct grouping_group *group,
                               struct adduce_span subject) {
  struct adduce_value *also = value_list(scope);
  *map = value_map(scope);
  value_set(scope, *map, "subject", value_str(scope, subject));
  for (size_t i = 0; i < group->count; i++)
    if (!span_equal(group->subjects[i], subject))
      value_add(scope, also, value_str(scope, group->subjects[i]));
  if (adduce_value_count(also) != 0) value_set(scope, *map, "also", also);
  return set_name(scope, *map, asked, group);
}
