/* SPDX-License-Identifier: Apache-2.0 */
/* Commands and their options, as tables.
 *
 * One table a command says what it takes: getopt_long reads the command line by it, -h prints it,
 * the manual is checked against it, and an option that fills a field of a claim says which. Parsing
 * touches nothing but memory: a call that is wrong never reaches a ledger. */
#ifndef ADDUCE_CLI_COMMAND_H
#define ADDUCE_CLI_COMMAND_H

#include "text.h"

struct session;

struct command_option {
  char letter;          /* 0: only the long form */
  const char *name;     /* long, without dashes; ends a table when NULL */
  const char *argument; /* what it takes, for help; NULL: it is a flag */
  const char *text;     /* for help */
  const char *field;    /* the field of the claim that it fills; NULL: none */
  const char *value;    /* of a flag that fills a field: the value */
};

/* Groups of options that several commands share; COMMAND_COMMON is in all of them. */
enum command_group {
  COMMAND_MOMENT = 1,     /* --at, --valid-at */
  COMMAND_SELECTION = 64, /* --without, --only */
  COMMAND_PAGE = 128,     /* --limit, --skip */
  COMMAND_QUESTION = COMMAND_MOMENT | COMMAND_SELECTION | COMMAND_PAGE,
  COMMAND_SIGNING = 2, /* --key, --agent, --passphrase-fd */
  COMMAND_CLAIM = 4,   /* --cite, --said, --ref, --handling ...: makes one claim by hand */
  COMMAND_MANNER = 16, /* --said-by, --certainty, --indicative */
  COMMAND_WRITING = 8, /* --dry-run, --accept-clock */
  COMMAND_POLICY = 32, /* --policy: whose claims count */
};

struct command {
  const char *name;    /* one word or two: "append", "key new" */
  const char *summary; /* one line, lower case, for the list of commands */
  const char *usage;   /* what follows the name; one line a form */
  const char *text;    /* a paragraph of help */
  const char *examples;
  unsigned groups;
  const struct command_option *options; /* its own; NULL: none */
  int operands_min, operands_max;       /* max -1: any number */
  enum adduce_err (*run)(struct session *session);
};

/* One option as it was given; `argument` of a flag is NULL. */
struct given {
  const struct command_option *option;
  const char *argument;
};

struct options {
  const struct given *given; /* in the order of the command line */
  size_t given_count;
  char **operands;
  int operand_count;
};

/* Reads `arguments` (the word of the program or command first) by the options of `command`, or,
 * where that is NULL, the common ones up to the first operand. What was given before stays. NULL if
 * all is well, else what is wrong. */
const char *command_parse(struct options *options, const struct command *command, int count,
                          char **arguments);

/* The last argument of the option of this name; NULL if it was not given. */
const char *command_argument(const struct options *options, const char *name);

/* Whether the option was given. */
bool command_has(const struct options *options, const char *name);

/* A number of an option; `otherwise` when it was not given. False if it is no number. */
bool command_number(const struct options *options, const char *name, uint64_t *number,
                    uint64_t otherwise);

/* Prints the usage lines, or all of the help. */
void command_print_usage(FILE *stream, const struct command *command);
void command_print_help(const struct command *command);

#endif
