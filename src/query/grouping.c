/* SPDX-License-Identifier: Apache-2.0 */
#include "query/grouping.h"

/* The ids that are one with a subject, in order, and then those that are kept apart. What is said
 * of it depends on nothing else of it. */
static enum adduce_err put_cluster(struct buffer *bytes, struct asked *asked,
                                   struct adduce_span subject) {
  struct worklist ids;
  struct cluster cluster;
  if (asked == NULL) return ADDUCE_OK;
  TRY(cluster_find(asked, &cluster, subject));
  worklist_init(&ids, asked->scope);
  for (size_t i = 0; i < cluster.count; i++) TRY(worklist_put(&ids, cluster.members[i].subject));
  worklist_sort(&ids);
  for (size_t i = 0; i < ids.count; i++) buffer_format(bytes, "%.*s\n", SPAN_ARGS(ids.items[i]));
  buffer_byte(bytes, '\n');
  worklist_init(&ids, asked->scope);
  for (size_t i = 0; i < cluster.parted_count; i++)
    TRY(worklist_put(&ids, cluster.parted[i].subject));
  worklist_sort(&ids);
  for (size_t i = 0; i < ids.count; i++) buffer_format(bytes, "%.*s\n", SPAN_ARGS(ids.items[i]));
  buffer_byte(bytes, '\n');
  return ADDUCE_OK;
}

static enum adduce_err add_group(struct adduce_scope *scope, struct grouping *grouping,
                                 struct grouping_group **group) {
  *group = scope_new(scope, struct grouping_group);
  if (*group == NULL) return scope_no_memory(scope);
  struct grouping_group **grown =
      scope_room(scope, &grouping->capacity, grouping->items, grouping->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  grouping->items = grown;
  grouping->items[grouping->count++] = *group;
  return ADDUCE_OK;
}

static enum adduce_err add_subject(struct adduce_scope *scope, struct grouping_group *group,
                                   struct adduce_span subject) {
  struct adduce_span *grown =
      scope_room(scope, &group->capacity, group->subjects, group->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  group->subjects = grown;
  group->subjects[group->count++] = subject;
  return ADDUCE_OK;
}

enum adduce_err grouping_find(struct grouping *grouping, const struct worklist *subjects,
                              struct asked *before, struct asked *after) {
  struct adduce_scope *scope = after->scope;
  struct cache groups = {.count = 0};
  *grouping = (struct grouping){.count = 0};
  for (size_t i = 0; i < subjects->count; i++) {
    struct buffer bytes;
    struct adduce_span key;
    buffer_init(&bytes, scope);
    TRY(put_cluster(&bytes, before, subjects->items[i]));
    TRY(put_cluster(&bytes, after, subjects->items[i]));
    TRY(buffer_take(&bytes, &key));
    struct grouping_group *group = cache_get(&groups, key);
    if (group == NULL) {
      TRY(add_group(scope, grouping, &group));
      TRY(cache_put(scope, &groups, key, group));
    }
    TRY(add_subject(scope, group, subjects->items[i]));
  }
  return ADDUCE_OK;
}
