/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"

#include <string.h>

#define GROUP(...) ((const struct command *const[]){__VA_ARGS__, NULL})

const struct commands_group commands_groups[] = {
    {"Begin", GROUP(&init_command, &key_new_command, &key_list_command, &key_show_command,
                    &key_export_command, &key_passphrase_command)},
    {"Say", GROUP(&append_command, &kinds_command, &cite_command, &same_command)},
    {"Judge what was said",
     GROUP(&correct_command, &retract_command, &end_command, &dispute_command, &corroborate_command,
           &endorse_command, &rank_command)},
    {"Ask", GROUP(&state_command, &explain_command, &without_command, &history_command,
                  &diff_command, &replay_command, &timeline_command, &sources_command,
                  &authors_command, &log_command, &show_command)},
    {"Authors", GROUP(&author_describe_command, &author_authorize_command, &author_rotate_command,
                      &author_revoke_command, &policy_show_command, &policy_set_command)},
    {"Keep", GROUP(&verify_command, &digest_command, &stat_command, &checkpoint_command,
                   &rebuild_command, &backup_command, &compact_command)},
    {"Erase", GROUP(&erase_command, &hold_place_command, &hold_lift_command, &hold_list_command)},
    {"Prove to others",
     GROUP(&prove_command, &check_command, &publish_command, &mirror_command, &audit_command,
           &compare_command, &witness_command, &cosign_command, &timestamp_command)},
    {"Exchange with others",
     GROUP(&export_command, &inspect_command, &import_command, &receipt_check_command,
           &receipt_keep_command, &disclosures_command, &custody_command, &quarantine_list_command,
           &quarantine_show_command, &quarantine_admit_command, &quarantine_refuse_command,
           &remote_add_command, &remote_list_command, &remote_remove_command, &push_command,
           &pull_command)},
    {"Help", GROUP(&help_command, &version_command)},
    {NULL, NULL},
};

/* Whether `name`, of one word or two, begins with the word; `*second` is the other one or NULL. */
static bool begins(const char *name, const char *word, const char **second) {
  const char *space = strchr(name, ' ');
  size_t length = space == NULL ? strlen(name) : (size_t)(space - name);
  *second = space == NULL ? NULL : space + 1;
  return strlen(word) == length && strncmp(name, word, length) == 0;
}

const struct command *commands_find(char **words, int count, int *taken) {
  const char *second;
  for (const struct commands_group *group = commands_groups; group->title != NULL; group++) {
    for (const struct command *const *each = group->commands; *each != NULL; each++) {
      if (!begins((*each)->name, words[0], &second)) continue;
      if (second != NULL && (count < 2 || strcmp(second, words[1]) != 0)) continue;
      *taken = second == NULL ? 1 : 2;
      return *each;
    }
  }
  return NULL;
}

const char *commands_after(const char *word) {
  const char *second;
  struct text list;
  bool any = false;
  text_begin(&list);
  for (const struct commands_group *group = commands_groups; group->title != NULL; group++) {
    for (const struct command *const *each = group->commands; *each != NULL; each++) {
      if (!begins((*each)->name, word, &second) || second == NULL) continue;
      fprintf(list.stream, "%s%s", any ? ", " : "; after it comes one of ", second);
      any = true;
    }
  }
  return text_end(&list);
}
