/* SPDX-License-Identifier: Apache-2.0 */
/* model_driver FOLDER STEPS SEED [broken]: a ledger and a model of it in memory do the same random
 * things, and must agree after each.
 *
 * Steps: a batch is appended, a claim retracted, a batch refused, a dry run made; the log, the
 * state of a subject and all of it are asked for and verified; the ledger is opened anew,
 * compacted, rebuilt; another process appends and is killed. With `broken` the model forgets a
 * retraction: it must be noticed. */
#define _GNU_SOURCE
#include <adduce.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH_MAX 5
#define SUBJECTS 8
#define STEPS_A_SUBJECT 100
#define TEXT_BYTES 512

struct fact {
  struct adduce_id id;
  uint64_t subject, value;
  bool is_claim, retracted; /* an entry that is no claim is a retraction, or the first */
};

static struct {
  const char *folder, *heads;
  struct adduce_scope *scope;
  struct adduce_signer *author, *log_signer;
  struct adduce_ledger *ledger;
  struct fact *facts; /* one an entry */
  size_t count, capacity;
  uint64_t state, step, values;
  bool broken;
} lab;

static uint64_t draw(uint64_t below) {
  lab.state += 0x9e3779b97f4a7c15u;
  uint64_t x = lab.state;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return (x ^ (x >> 31)) % below;
}

__attribute__((format(printf, 1, 2))) static _Noreturn void disagree(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("model: step %llu: ", (unsigned long long)lab.step);
  vprintf(format, arguments);
  printf("\n");
  va_end(arguments);
  exit(1);
}

static void must(enum adduce_err err, const char *what) {
  if (err != ADDUCE_OK)
    disagree("%s: %s: %s", what, adduce_error_name(err), adduce_scope_detail(lab.scope));
}

static void open_ledger(void) {
  const struct adduce_options options = {.headlock_folder = lab.heads,
                                         .log_signer = lab.log_signer};
  must(adduce_ledger_open(lab.scope, &lab.ledger, lab.folder, &options), "open");
}

/* --- writing --------------------------------------------------------------------------------*/

static void remember(const struct adduce_id *id, struct fact fact) {
  if (lab.count == lab.capacity) {
    lab.capacity = lab.capacity * 2 + 1024;
    lab.facts = realloc(lab.facts, lab.capacity * sizeof *lab.facts);
    if (lab.facts == NULL) exit(2);
  }
  fact.id = *id;
  lab.facts[lab.count++] = fact;
}

static uint64_t some_subject(void) {
  return lab.step / STEPS_A_SUBJECT * SUBJECTS + draw(SUBJECTS);
}

static enum adduce_err add(struct adduce_writer *writer, struct adduce_id *id, const char *json) {
  const struct adduce_value *claim;
  must(adduce_value_from_json(lab.scope, &claim, json, strlen(json)), "JSON");
  return adduce_writer_add(lab.scope, writer, id, claim, lab.author);
}

static struct fact add_fact(struct adduce_writer *writer, struct adduce_id *id) {
  char json[TEXT_BYTES];
  struct fact fact = {.subject = some_subject(), .value = lab.values++, .is_claim = true};
  snprintf(json, sizeof json,
           "{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"s/%llu\",\"property\":\"p\","
           "\"value\":\"v%llu\"}}",
           (unsigned long long)fact.subject, (unsigned long long)fact.value);
  must(add(writer, id, json), "add");
  return fact;
}

static struct adduce_writer *open_writer(bool dry_run) {
  struct adduce_writer *writer = NULL;
  const struct adduce_write_options options = {.dry_run = dry_run};
  must(adduce_writer_open(lab.scope, &writer, lab.ledger, &options), "writer");
  return writer;
}

static void step_append(bool dry_run) {
  struct fact facts[BATCH_MAX];
  struct adduce_id ids[BATCH_MAX];
  struct adduce_receipt receipt;
  size_t count = 1 + draw(BATCH_MAX);
  struct adduce_writer *writer = open_writer(dry_run);
  for (size_t i = 0; i < count; i++) facts[i] = add_fact(writer, &ids[i]);
  must(adduce_writer_commit(lab.scope, writer, &receipt), "commit");
  for (size_t i = 0; i < count && !dry_run; i++) {
    if (receipt.appended[i].index != lab.count ||
        memcmp(&receipt.appended[i].id, &ids[i], sizeof *ids) != 0)
      disagree("claim %zu is at %llu, not at %zu", i, (unsigned long long)receipt.appended[i].index,
               lab.count);
    remember(&ids[i], facts[i]);
  }
  adduce_writer_close(&writer);
}

static void step_retract(void) {
  char json[TEXT_BYTES];
  struct adduce_id id;
  struct adduce_receipt receipt;
  size_t target = lab.count - 1 - draw(lab.count < 200 ? lab.count : 200);
  if (!lab.facts[target].is_claim || lab.facts[target].retracted) return;
  struct adduce_writer *writer = open_writer(false);
  snprintf(json, sizeof json,
           "{\"kind\":\"claim.retracted\",\"refs\":[[\"target\",\"#%zu\"]],\"content\":{\"reason\":"
           "\"it was not so\"}}",
           target);
  must(add(writer, &id, json), "retract");
  must(adduce_writer_commit(lab.scope, writer, &receipt), "commit");
  remember(&id, (struct fact){.subject = lab.facts[target].subject});
  if (!lab.broken) lab.facts[target].retracted = true;
  adduce_writer_close(&writer);
}

/* One claim of a batch is wrong: nothing of it is written. */
static void step_refused(void) {
  static const char *const wrong[] = {
      "{\"kind\":\"no.such\",\"content\":{}}",
      "{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"x\"}}",
      "{\"kind\":\"fact.asserted\",\"refs\":[[\"about\",\"#99999999\"]],\"content\":{\"subject\":"
      "\"x\","
      "\"property\":\"p\",\"value\":\"v\"}}",
  };
  struct adduce_id id;
  struct adduce_receipt receipt;
  struct adduce_writer *writer = open_writer(false);
  uint64_t values = lab.values;
  (void)add_fact(writer, &id);
  lab.values = values;
  if (add(writer, &id, wrong[draw(3)]) == ADDUCE_OK) disagree("a wrong claim was taken");
  if (adduce_writer_commit(lab.scope, writer, &receipt) == ADDUCE_OK)
    disagree("a batch with a wrong claim was appended");
  adduce_writer_close(&writer);
}

/* --- asking ---------------------------------------------------------------------------------*/

static void step_log(void) {
  const struct adduce_value *stat, *answer;
  const struct adduce_question question = {.limit = 3, .skip = draw(lab.count)};
  const struct adduce_log_filter filter = {0};
  must(adduce_stat(lab.scope, lab.ledger, &stat), "stat");
  if ((uint64_t)adduce_value_integer(adduce_value_get(stat, "size")) != lab.count)
    disagree("the log has another size than %zu", lab.count);
  must(adduce_ask_log(lab.scope, lab.ledger, &answer, &filter, &question), "log");
  const struct adduce_value *entries = adduce_value_get(answer, "entries");
  size_t left = lab.count - (size_t)question.skip;
  if (adduce_value_count(entries) != (left < 3 ? left : 3)) disagree("the list has another length");
  for (size_t i = 0; i < adduce_value_count(entries); i++) {
    struct adduce_span id = adduce_value_bytes(adduce_value_get(adduce_value_at(entries, i), "id"));
    if (id.size != 32 || memcmp(id.data, lab.facts[question.skip + i].id.bytes, 32) != 0)
      disagree("entry %llu is another", (unsigned long long)question.skip + i);
  }
}

/* Whether the model has a live claim of this value; `*live` counts all of the subject. */
static bool is_live(uint64_t subject, const char *value, size_t *live) {
  bool found = false;
  char text[32];
  *live = 0;
  for (size_t i = 0; i < lab.count; i++) {
    const struct fact *fact = &lab.facts[i];
    if (!fact->is_claim || fact->retracted || fact->subject != subject) continue;
    ++*live;
    snprintf(text, sizeof text, "v%llu", (unsigned long long)fact->value);
    found = found || (value != NULL && strcmp(text, value) == 0);
  }
  return found;
}

static void step_state(void) {
  char name[64];
  size_t live, shown = 0;
  const struct adduce_value *answer;
  const struct adduce_question question = ADDUCE_QUESTION_DEFAULT;
  uint64_t subject = some_subject();
  snprintf(name, sizeof name, "s/%llu", (unsigned long long)subject);
  (void)is_live(subject, NULL, &live);
  enum adduce_err err = adduce_ask_state(lab.scope, lab.ledger, &answer, name, &question);
  if (err == ADDUCE_E_NOT_FOUND && live == 0) return;
  must(err, "state");
  const struct adduce_value *facts = adduce_value_get(answer, "facts");
  for (size_t i = 0; i < adduce_value_count(facts); i++) {
    const struct adduce_value *values = adduce_value_get(adduce_value_at(facts, i), "values");
    for (size_t j = 0; j < adduce_value_count(values); j++) {
      const struct adduce_value *line = adduce_value_at(values, j);
      const char *value = adduce_value_text(adduce_value_get(line, "value"));
      /* What was withdrawn is shown, as that. */
      if (strcmp(adduce_value_text(adduce_value_get(line, "status")), "live") != 0) continue;
      shown++;
      if (!is_live(subject, value, &live)) disagree("%s has the value %s", name, value);
    }
  }
  if (shown != live) disagree("%s has %zu values, not %zu", name, shown, live);
}

static void step_verify(void) {
  const struct adduce_value *report;
  const struct adduce_verify_options options = {.no_signatures = true};
  must(adduce_verify(lab.scope, lab.ledger, &report, &options), "verify");
  if ((uint64_t)adduce_value_integer(adduce_value_get(report, "entries")) != lab.count)
    disagree("verify counts another number of entries");
}

/* --- another process is killed --------------------------------------------------------------*/

struct told {
  struct adduce_id id;
  struct fact fact;
  bool acknowledged;
};

/* Appends one claim after another; says each before and after. */
static _Noreturn void append_until_killed(int pipe_fd) {
  open_ledger();
  for (;;) {
    struct told told = {.acknowledged = false};
    struct adduce_receipt receipt;
    struct adduce_writer *writer = open_writer(false);
    told.fact = add_fact(writer, &told.id);
    if (write(pipe_fd, &told, sizeof told) != sizeof told) _exit(0);
    must(adduce_writer_commit(lab.scope, writer, &receipt), "commit");
    told.acknowledged = true;
    if (write(pipe_fd, &told, sizeof told) != sizeof told) _exit(0);
    adduce_writer_close(&writer);
    adduce_scope_reset(lab.scope);
  }
}

static void step_kill(void) {
  int ends[2];
  struct told told;
  bool pending = false;
  struct told last = {.acknowledged = true};
  adduce_ledger_close(&lab.ledger);
  if (pipe(ends) != 0) exit(2);
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    append_until_killed(ends[1]);
  }
  close(ends[1]);
  usleep((useconds_t)(500 + draw(8000)));
  kill(child, SIGKILL);
  while (read(ends[0], &told, sizeof told) == sizeof told) {
    if (told.acknowledged) remember(&told.id, told.fact);
    last = told;
    pending = !told.acknowledged;
    lab.values = told.fact.value + 1;
  }
  close(ends[0]);
  (void)waitpid(child, NULL, 0);
  open_ledger();
  const struct adduce_value *stat;
  must(adduce_stat(lab.scope, lab.ledger, &stat), "stat");
  uint64_t size = (uint64_t)adduce_value_integer(adduce_value_get(stat, "size"));
  /* What was under way may be there: all of it. */
  if (pending && size == lab.count + 1) remember(&last.id, last.fact);
  step_log();
}

/* --- all ------------------------------------------------------------------------------------*/

static void take_step(void) {
  const struct adduce_value *report;
  uint64_t kind = draw(1000);
  if (kind < 450)
    step_append(false);
  else if (kind < 560)
    step_retract();
  else if (kind < 620)
    step_refused();
  else if (kind < 660)
    step_append(true);
  else if (kind < 800)
    step_log();
  else if (kind < 965)
    step_state();
  else if (kind < 985) {
    adduce_ledger_close(&lab.ledger);
    open_ledger();
  } else if (kind < 990)
    must(adduce_compact(lab.scope, lab.ledger, &report), "compact");
  else if (kind < 993)
    must(adduce_rebuild(lab.scope, lab.ledger, &report), "rebuild");
  else if (kind < 996)
    step_verify();
  else
    step_kill();
}

int main(int count, char **arguments) {
  if (count < 4 || adduce_scope_open(&lab.scope, 0) != ADDUCE_OK) return 2;
  char heads[TEXT_BYTES];
  snprintf(heads, sizeof heads, "%s-heads", arguments[1]);
  lab.folder = arguments[1];
  lab.heads = heads;
  lab.state = strtoull(arguments[3], NULL, 10);
  lab.broken = count > 4;
  must(adduce_signer_generate(lab.scope, &lab.author), "key");
  must(adduce_signer_generate(lab.scope, &lab.log_signer), "key");
  const struct adduce_options options = {.headlock_folder = heads, .log_signer = lab.log_signer};
  must(adduce_ledger_create(lab.scope, &lab.ledger, lab.folder, "monitor.example", lab.author, NULL,
                            &options),
       "create");
  const struct adduce_value *stat;
  must(adduce_stat(lab.scope, lab.ledger, &stat), "stat");
  struct adduce_id genesis;
  memcpy(genesis.bytes, adduce_value_bytes(adduce_value_get(stat, "genesis")).data, 32);
  remember(&genesis, (struct fact){.is_claim = false});
  uint64_t steps = strtoull(arguments[2], NULL, 10);
  for (; lab.step < steps; lab.step++) {
    take_step();
    adduce_scope_reset(lab.scope);
  }
  step_verify();
  printf("%llu steps, %zu entries\n", (unsigned long long)lab.step, lab.count);
  adduce_ledger_close(&lab.ledger);
  adduce_signer_close(&lab.author);
  adduce_signer_close(&lab.log_signer);
  adduce_scope_close(&lab.scope);
  return 0;
}
