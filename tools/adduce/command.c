/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX 96
#define HELP_COLUMN 26
#define HELP_WIDTH 88

static const struct command_option common_options[] = {
    {'C', NULL, "DIR",
     "the ledger DIR/.adduce, or DIR itself; else $ADDUCE_LEDGER, else the nearest "
     ".adduce upwards",
     NULL, NULL},
    {0, "json", NULL, "answer, and report errors, as JSON", NULL, NULL},
    {0, "no-color", NULL, "no colours, as with $NO_COLOR", NULL, NULL},
    {'h', "help", NULL, "this help", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static const struct command_option moment_options[] = {
    {0, "at", "INDEX|TIME|@FILE",
     "as it was known then: up to this entry, to the last one recorded by this time, or to the "
     "last "
     "one that the checkpoint in FILE covers",
     NULL, NULL},
    {0, "valid-at", "TIME", "only what holds, or may hold, in the world at this time", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static const struct command_option selection_options[] = {
    {0, "without", "SELECTOR",
     "as if this, and what rests on it, had never been entered: source:X, origin:X, "
     "author:WHO, key:HEX, event:ID, kind:K or handling:LEVEL; may be given more than once",
     NULL, NULL},
    {0, "only", "SELECTOR", "of claims only what this selects; may be given more than once", NULL,
     NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static const struct command_option page_options[] = {
    {'n', "limit", "N", "at most N lines", NULL, NULL},
    {0, "skip", "N", "pass over the first N lines", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static const struct command_option manner_options[] = {
    {0, "said-by", "WHO", "primary: only what a party to it says of its own acts", NULL, NULL},
    {0, "certainty", "WORD", "only what is put as certain; as probable, or possible, or stronger",
     NULL, NULL},
    {0, "indicative", NULL,
     "only what is said as so and done: not reported, possible, intended or denied", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static const struct command_option policy_options[] = {
    {0, "policy", "FILE|ID|WORD",
     "rules in a file, those of any policy.set; in-force: those of the policy in force at that "
     "moment, which state, explain and timeline go by without this option; none: no rules",
     NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static const struct command_option signing_options[] = {
    {'k', "key", "NAME",
     "sign with this key: a name in the folder of keys, or a path; else "
     "$ADDUCE_KEY, else \"default\"",
     NULL, NULL},
    {0, "agent", NULL,
     "sign with the ssh-agent; --key picks the key by hexadecimal digits or comment", NULL, NULL},
    {0, "passphrase-fd", "N",
     "read passphrases from file descriptor N, one a line, in the order in "
     "which they would be asked",
     NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static const struct command_option claim_options[] = {
    {0, "cite", "ID[:START-END]", "cites a source, or the characters from START up to END of it",
     NULL, NULL},
    {0, "quote", "TEXT", "the words at the place that the --cite before it names", NULL, NULL},
    {0, "said", "ACT=WHO", "on whose word: reports=..., announces=..., the outermost first", NULL,
     NULL},
    {0, "marker", "TEXT", "the words of the source that mark the --said before it", NULL, NULL},
    {0, "ref", "ROLE=ID", "a reference to an event", NULL, NULL},
    {0, "handling", "LEVEL", "TLP 2.0: clear (the default), green, amber, amber+strict or red",
     NULL, NULL},
    {0, "claimed-at", "TIME", "when it is claimed, if not now", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static const struct command_option writing_options[] = {
    {0, "dry-run", NULL, "judge everything and write nothing", NULL, NULL},
    {0, "accept-clock", NULL, "write although the clock is more than a day ahead of the last entry",
     NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

/* In the order of the help: a command's own, then those of its groups. */
static const struct {
  unsigned group;
  const char *title;
  const struct command_option *options;
} groups[] = {
    {COMMAND_CLAIM, "The claim", claim_options},
    {COMMAND_MOMENT, "When", moment_options},
    {COMMAND_SELECTION, "What is left out", selection_options},
    {COMMAND_MANNER, "How it is said", manner_options},
    {COMMAND_POLICY, "Whose claims count", policy_options},
    {COMMAND_PAGE, "How much", page_options},
    {COMMAND_WRITING, "Writing", writing_options},
    {COMMAND_SIGNING, "Signing", signing_options},
    {0, "Everywhere", common_options},
};

static bool has_group(const struct command *command, size_t group) {
  return groups[group].group == 0 || (command != NULL && (command->groups & groups[group].group));
}

/* --- parsing -------------------------------------------------------------------------------*/

/* getopt's tables, made of ours. An option is named by its place in `all`. */
struct accepted {
  const struct command_option *all[OPTIONS_MAX];
  struct option longs[OPTIONS_MAX + 1];
  char shorts[2 * OPTIONS_MAX + 4];
  size_t count, long_count;
};

static void accept(struct accepted *accepted, const struct command_option *options) {
  for (; options != NULL && options->text != NULL && accepted->count < OPTIONS_MAX; options++) {
    size_t i = accepted->count++;
    accepted->all[i] = options;
    if (options->name != NULL)
      accepted->longs[accepted->long_count++] = (struct option){
          .name = options->name,
          .has_arg = options->argument == NULL ? no_argument : required_argument,
          .val = 256 + (int)i,
      };
    if (options->letter == 0) continue;
    const char letter[3] = {options->letter, options->argument == NULL ? '\0' : ':', '\0'};
    strcat(accepted->shorts, letter);
  }
}

static const struct command_option *find_accepted(const struct accepted *accepted, int code) {
  if (code >= 256 && (size_t)(code - 256) < accepted->count) return accepted->all[code - 256];
  for (size_t i = 0; i < accepted->count; i++)
    if (accepted->all[i]->letter == code) return accepted->all[i];
  return NULL;
}

static void take(struct options *options, const struct command_option *option,
                 const char *argument) {
  struct given *grown = text_allocate((options->given_count + 1) * sizeof *grown);
  if (options->given_count > 0) memcpy(grown, options->given, options->given_count * sizeof *grown);
  grown[options->given_count++] = (struct given){option, argument};
  options->given = grown;
}

/* Whether it was written as one of these: "--said-by", "--said-by=primary". */
static bool is_among(const char *written, const struct command_option *options) {
  for (; options->name != NULL; options++)
    if (strncmp(written, "--", 2) == 0 &&
        strncmp(written + 2, options->name, strlen(options->name)) == 0)
      return true;
  return false;
}

/* Why getopt refused the option it has just looked at. */
static const char *refuse(const struct accepted *accepted, int code, char **arguments) {
  const struct command_option *option = find_accepted(accepted, optopt);
  const char *written = optopt > 0 && optopt < 256 ? text_format("-%c", optopt)
                                                   : text_format("%s", arguments[optind - 1]);
  if (code == ':' && option != NULL)
    return text_format("option %s needs %s", written, option->argument);
  if (option != NULL && option->argument == NULL)
    return text_format("option --%s takes no argument", option->name);
  if (is_among(written, manner_options))
    return text_format(
        "%s chooses claims by how they are said, and here there are none to choose "
        "from; state, explain, timeline, log and sources take it",
        written);
  if (is_among(written, selection_options))
    return text_format(
        "%s leaves something out of an answer, and this one leaves nothing out; state, explain, "
        "timeline, log, sources, authors, show, history and diff take it, and `adduce without` "
        "says "
        "what falls",
        written);
  return text_format("there is no option %s here", written);
}

const char *command_parse(struct options *options, const struct command *command, int count,
                          char **arguments) {
  struct accepted accepted = {0};
  strcpy(accepted.shorts, command == NULL ? "+:" : ":");
  if (command != NULL) accept(&accepted, command->options);
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
    if (has_group(command, i)) accept(&accepted, groups[i].options);
  opterr = 0;
  optind = 0; /* glibc: begin anew */
  for (int code;
       (code = getopt_long(count, arguments, accepted.shorts, accepted.longs, NULL)) != -1;) {
    const struct command_option *option = find_accepted(&accepted, code);
    if (code == '?' || code == ':' || option == NULL) return refuse(&accepted, code, arguments);
    take(options, option, optarg);
  }
  options->operands = arguments + optind;
  options->operand_count = count - optind;
  if (command == NULL || command_has(options, "help")) return NULL;
  if (options->operand_count < command->operands_min) return "an argument is missing";
  if (command->operands_max >= 0 && options->operand_count > command->operands_max)
    return text_format("\"%s\" is more than it takes", options->operands[command->operands_max]);
  return NULL;
}

/* --- what was given ------------------------------------------------------------------------*/

static bool is_named(const struct command_option *option, const char *name) {
  if (option->name != NULL) return strcmp(option->name, name) == 0;
  return option->letter == name[0] && name[1] == '\0';
}

const char *command_argument(const struct options *options, const char *name) {
  for (size_t i = options->given_count; i > 0; i--)
    if (is_named(options->given[i - 1].option, name)) return options->given[i - 1].argument;
  return NULL;
}

bool command_has(const struct options *options, const char *name) {
  for (size_t i = 0; i < options->given_count; i++)
    if (is_named(options->given[i].option, name)) return true;
  return false;
}

bool command_number(const struct options *options, const char *name, uint64_t *number,
                    uint64_t otherwise) {
  const char *digits = command_argument(options, name);
  char *end = NULL;
  *number = otherwise;
  if (digits == NULL) return true;
  if (digits[0] < '0' || digits[0] > '9') return false;
  errno = 0;
  *number = strtoull(digits, &end, 10);
  return errno == 0 && *end == '\0';
}

/* --- help ----------------------------------------------------------------------------------*/

void command_print_usage(FILE *stream, const struct command *command) {
  const char *form = command->usage, *lead = "usage:";
  do {
    size_t length = strcspn(form, "\n");
    fprintf(stream, "%s adduce %s%s%.*s\n", lead, command->name, length > 0 ? " " : "", (int)length,
            form);
    form += length + (form[length] != '\0');
    lead = "      ";
  } while (*form != '\0');
}

/* Text from `column` on, where we are already, broken at spaces. */
static void print_wrapped(const char *text, size_t column) {
  for (size_t at = column; *text != '\0';) {
    size_t length = strcspn(text, " ");
    if (at > column && at + 1 + length > HELP_WIDTH) {
      printf("\n%*s", (int)column, "");
      at = column;
    }
    if (at > column) at += (size_t)printf(" ");
    at += (size_t)printf("%.*s", (int)length, text);
    text += length;
    while (*text == ' ') text++;
  }
  putchar('\n');
}

static void print_options(const char *title, const struct command_option *options) {
  if (options == NULL || options->text == NULL) return;
  printf("\n%s\n", title);
  for (; options->text != NULL; options++) {
    char letter[5] = "";
    if (options->letter != 0)
      snprintf(letter, sizeof letter, "-%c%s", options->letter, options->name == NULL ? "" : ", ");
    int width =
        printf("  %s%s%s%s%s", letter, options->name == NULL ? "" : "--",
               options->name == NULL ? "" : options->name, options->argument == NULL ? "" : " ",
               options->argument == NULL ? "" : options->argument);
    if (width > HELP_COLUMN - 2) {
      putchar('\n');
      width = 0;
    }
    printf("%*s", HELP_COLUMN - width, "");
    print_wrapped(options->text, HELP_COLUMN);
  }
}

void command_print_help(const struct command *command) {
  command_print_usage(stdout, command);
  putchar('\n');
  print_wrapped(command->text, 0);
  print_options("Options", command->options);
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
    if (has_group(command, i)) print_options(groups[i].title, groups[i].options);
  if (command->examples != NULL) printf("\nExamples\n%s", command->examples);
}
