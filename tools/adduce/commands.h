/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands. Each stands in a file of its name, `key new` and its like with `key`. */
#ifndef ADDUCE_CLI_COMMANDS_H
#define ADDUCE_CLI_COMMANDS_H

#include "command.h"

struct commands_group {
  const char *title;
  const struct command *const *commands; /* ends with NULL */
};

/* In the order of the help; ends with a NULL title. */
extern const struct commands_group commands_groups[];

/* The command these words name, and how many of the words do; NULL if none does. */
const struct command *commands_find(char **words, int count, int *taken);

/* ", which is followed by new, list ..." for the first word of a command of two; else "". */
const char *commands_after(const char *word);

extern const struct command append_command, author_authorize_command, author_describe_command,
    author_revoke_command, author_rotate_command, authors_command, backup_command,
    checkpoint_command, cite_command, compact_command, correct_command, corroborate_command,
    dispute_command, end_command, endorse_command, erase_command, explain_command, help_command,
    hold_lift_command, hold_list_command, hold_place_command, init_command, key_export_command,
    key_list_command, key_new_command, key_passphrase_command, key_show_command, kinds_command,
    log_command, policy_set_command, policy_show_command, rank_command, rebuild_command,
    retract_command, same_command, show_command, sources_command, stat_command, state_command,
    timeline_command, verify_command, version_command;

/* Those that go through time. */
extern const struct command diff_command, history_command, replay_command;

/* Those that exchange with others. */
extern const struct command pull_command, push_command, receipt_check_command, receipt_keep_command,
    custody_command, disclosures_command, export_command, import_command, inspect_command,
    quarantine_admit_command, quarantine_list_command, quarantine_refuse_command,
    quarantine_show_command, remote_add_command, remote_list_command, remote_remove_command;

/* Those about proofs. */
extern const struct command digest_command;
extern const struct command audit_command, check_command, compare_command, cosign_command,
    mirror_command, prove_command, publish_command, timestamp_command, without_command,
    witness_command;

#endif
