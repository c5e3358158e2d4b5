/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds against all small worlds in which the claims hold: whatever numbers are possible lie
 * within the bounds, and both ends are numbers of some world. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "codec/value.h"
#include "support/shelf.h"

#define MOST 5   /* of a number that is claimed */
#define WORLD 12 /* of a number in a world: two numbers that are claimed, and more */
#define UNBOUNDED INT32_MAX
#define ROUNDS 400
#define CLAIMS 12

static struct shelf shelf;
static uint64_t seed;

static unsigned draw(unsigned below) {
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (unsigned)(seed >> 33) % below;
}

/* --- worlds ------------------------------------------------------------------------------- */

/* The numbers there are: a group, what it is part of, a part of it, and two nationalities in it. */
enum { GROUP, WHOLE, PART, FIRST, SECOND, NUMBERS };

struct said {
  unsigned number; /* of which it is said */
  int least, most;
  bool is_majority; /* of the whole */
};

struct case_ {
  struct said said[CLAIMS];
  unsigned count;
  bool has_whole, has_part, is_disjoint;
};

static bool is_world(const struct case_ *of, const int *world) {
  for (unsigned i = 0; i < of->count; i++) {
    int number = world[of->said[i].number];
    if (number < of->said[i].least || number > of->said[i].most) return false;
    if (of->said[i].is_majority && (2 * number <= world[WHOLE] || number > world[WHOLE]))
      return false;
  }
  if (of->has_whole && world[GROUP] > world[WHOLE]) return false;
  if (of->has_part && world[PART] > world[GROUP]) return false;
  if (world[FIRST] > world[GROUP] || world[SECOND] > world[GROUP]) return false;
  return !of->is_disjoint || world[FIRST] + world[SECOND] <= world[GROUP];
}

static bool next_world(int *world, int top) {
  for (unsigned i = 0; i < NUMBERS; i++) {
    if (world[i]++ < top) return true;
    world[i] = 0;
  }
  return false;
}

/* The least and the most of each number in all worlds up to `top`; false if there is none. */
static bool look_up_to(const struct case_ *of, int top, int *least, int *most) {
  int world[NUMBERS] = {0};
  bool is_possible = false;
  for (unsigned i = 0; i < NUMBERS; i++) {
    least[i] = top;
    most[i] = 0;
  }
  do {
    if (!is_world(of, world)) continue;
    is_possible = true;
    for (unsigned i = 0; i < NUMBERS; i++) {
      if (world[i] < least[i]) least[i] = world[i];
      if (world[i] > most[i]) most[i] = world[i];
    }
  } while (next_world(world, top));
  return is_possible;
}

/* What grows with the worlds has no upper bound. */
static bool look_at_worlds(const struct case_ *of, int *least, int *most) {
  int least_here[NUMBERS], most_here[NUMBERS];
  if (!look_up_to(of, WORLD, least, most)) return false;
  if (!look_up_to(of, WORLD - 2, least_here, most_here)) return false;
  for (unsigned i = 0; i < NUMBERS; i++)
    if (most[i] != most_here[i]) most[i] = UNBOUNDED;
  return true;
}

/* --- claims ------------------------------------------------------------------------------- */

static const char *const subjects[] = {"g", "w", "p"};

static const char *quantity(struct said *said) {
  unsigned number = draw(MOST - 1);
  said->least = 0;
  said->most = UNBOUNDED;
  switch (draw(5)) {
    case 0:
      said->least = said->most = (int)number;
      return scope_format(shelf.scope, "{\"exact\":%u}", number);
    case 1:
      said->least = (int)number;
      return scope_format(shelf.scope, "{\"at_least\":%u}", number);
    case 2:
      said->most = (int)number;
      return scope_format(shelf.scope, "{\"at_most\":%u}", number);
    case 3:
      said->least = (int)(number + 1) / 2 + 1;
      said->most = (int)number + 1;
      return scope_format(shelf.scope, "{\"majority_of\":%u}", number + 1);
    default:
      said->least = 1;
      return "{\"some\":true}";
  }
}

static void say_number(struct case_ *of) {
  struct said *said = &of->said[of->count++];
  *said = (struct said){.number = draw(NUMBERS), .most = UNBOUNDED};
  const char *text = quantity(said);
  if (said->number == GROUP && draw(4) == 0) {
    *said = (struct said){.number = GROUP, .least = 1, .most = UNBOUNDED, .is_majority = true};
    text = "{\"majority_of\":\"monitor.example/w\"}";
  }
  if (said->number < FIRST)
    (void)shelf_add(
        &shelf, 1, "entity.described",
        scope_format(shelf.scope, "{\"subject\":\"monitor.example/%s\",\"quantity\":%s}",
                     subjects[said->number], text),
        (char *)NULL);
  else
    (void)shelf_add(&shelf, 1, "fact.asserted",
                    scope_format(shelf.scope,
                                 "{\"subject\":\"monitor.example/g\",\"property\":\"nationality\","
                                 "\"value\":\"%s\",\"quantity\":%s}",
                                 said->number == FIRST ? "by" : "ua", text),
                    (char *)NULL);
}

static void say_relation(const char *from, const char *to) {
  (void)shelf_add(&shelf, 1, "relation.asserted",
                  scope_format(shelf.scope,
                               "{\"from\":\"monitor.example/%s\",\"relation\":\"part_of\",\"to\":"
                               "\"monitor.example/%s\"}",
                               from, to),
                  (char *)NULL);
}

static void say_all(struct case_ *of) {
  unsigned count = 1 + draw(7);
  *of = (struct case_){.has_whole = draw(2), .has_part = draw(2), .is_disjoint = draw(2)};
  shelf_found(&shelf);
  /* Said of all of them, so that each has a line: some, or none. */
  (void)shelf_add(&shelf, 1, "entity.described",
                  "{\"subject\":\"monitor.example/g\",\"quantity\":{\"at_least\":0}}",
                  (char *)NULL);
  for (unsigned i = 0; i < count; i++) say_number(of);
  if (of->has_whole) say_relation("g", "w");
  if (of->has_part) say_relation("p", "g");
  if (of->is_disjoint)
    (void)shelf_add(&shelf, 1, "fact.asserted",
                    "{\"subject\":\"monitor.example/g\",\"property\":\"disjoint_by\",\"value\":"
                    "\"nationality\"}",
                    (char *)NULL);
}

/* --- judging ------------------------------------------------------------------------------ */

static void judge(const struct adduce_value *bounds, unsigned number, int least, int most) {
  const struct adduce_value *low = adduce_value_get(bounds, "at_least");
  const struct adduce_value *high = adduce_value_get(bounds, "at_most");
  int64_t found_least = low == NULL ? 0 : adduce_value_integer(low);
  bool is_high = high == NULL ? most == UNBOUNDED : adduce_value_integer(high) == most;
  if (found_least != least || !is_high)
    fail_msg("number %u: worlds from %d to %d, and bounds %s", number, least, most,
             bounds == NULL ? "none" : shelf_json(&shelf, bounds));
}

static void check_field(const struct adduce_value *fact, const int *least, const int *most) {
  const char *field = adduce_value_text(adduce_value_get(fact, "field"));
  const struct adduce_value *values = adduce_value_get(fact, "values");
  if (strcmp(field, "quantity") == 0)
    judge(adduce_value_get(fact, "bounds"), GROUP, least[GROUP], most[GROUP]);
  for (size_t i = 0; strcmp(field, "nationality") == 0 && i < adduce_value_count(values); i++) {
    const struct adduce_value *line = adduce_value_at(values, i);
    const struct adduce_value *value = adduce_value_get(line, "value");
    unsigned number = strcmp(adduce_value_text(value), "by") == 0 ? FIRST : SECOND;
    judge(adduce_value_get(line, "bounds"), number, least[number], most[number]);
  }
}

static void bounds_are_those_of_all_worlds(void **state) {
  unsigned possible = 0;
  (void)state;
  for (unsigned round = 0; round < ROUNDS; round++) {
    const struct adduce_value *answer;
    int least[NUMBERS], most[NUMBERS];
    struct case_ of;
    seed = round + 1;
    shelf_empty(&shelf);
    say_all(&of);
    shelf_fold(&shelf);
    struct query_world world = shelf_see(&shelf);
    assert_int_equal(query_state(shelf.scope, &world, &answer, "g", NULL), ADDUCE_OK);
    if (!look_at_worlds(&of, least, most)) continue;
    possible++;
    const struct adduce_value *facts = adduce_value_get(answer, "facts");
    for (size_t i = 0; i < adduce_value_count(facts); i++)
      check_field(adduce_value_at(facts, i), least, most);
  }
  assert_true(possible > ROUNDS / 4);
}

static int open_shelf(void **state) {
  (void)state;
  shelf_open(&shelf, 2);
  return 0;
}

static int close_shelf(void **state) {
  (void)state;
  shelf_close(&shelf);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(bounds_are_those_of_all_worlds)};
  return cmocka_run_group_tests(tests, open_shelf, close_shelf);
}
