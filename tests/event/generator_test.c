/* SPDX-License-Identifier: Apache-2.0 */
#include "support/generator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define EVENTS 3000

static const struct generator_options some = {
    .seed = 7, .keys_seed = 1, .authors = 5, .rotate_every = 500};

static struct generator *open_generator(struct adduce_scope *scope,
                                        const struct generator_options *options) {
  static const struct adduce_id genesis = {{1, 2, 3}};
  struct generator *generator;
  if (generator_open(scope, &generator, options) != ADDUCE_OK)
    fail_msg("%s", adduce_scope_detail(scope));
  generator_join(generator, &genesis);
  return generator;
}

static struct adduce_scope *open_scope(void) {
  struct adduce_scope *scope;
  assert_int_equal(adduce_scope_open(&scope, 0), ADDUCE_OK);
  return scope;
}

static void every_event_is_sound_and_about_400_bytes(void **state) {
  struct adduce_scope *scope = open_scope(), *step = open_scope();
  struct generator *generator = open_generator(scope, &some);
  size_t bytes = 0, ten = 0;
  (void)state;
  for (int i = 0; i < EVENTS; i++) {
    struct event event;
    if (generator_event(step, generator, &event) != ADDUCE_OK)
      fail_msg("event %d: %s", i, adduce_scope_detail(step));
    assert_int_equal(event_verify(step, &event, &event.claim), ADDUCE_OK);
    bytes += event.claim.parsed.event.size + event.claim.parsed.content.size;
    ten += event.claim.parsed.field_count >= 10;
    adduce_scope_reset(step);
  }
  if (bytes / EVENTS < 380 || bytes / EVENTS > 480) fail_msg("%zu bytes an event", bytes / EVENTS);
  assert_true(ten > EVENTS / 2);
  generator_close(&generator);
  adduce_scope_close(&step);
  adduce_scope_close(&scope);
}

static void one_seed_says_the_same_and_another_does_not(void **state) {
  struct adduce_scope *scope = open_scope();
  struct generator_options others = some;
  others.seed++;
  struct generator *a = open_generator(scope, &some), *b = open_generator(scope, &some),
                   *c = open_generator(scope, &others);
  static const struct adduce_id id = {{9}};
  int different = 0;
  (void)state;
  for (int i = 0; i < EVENTS; i++) {
    struct generator_claim first, second, third;
    const char *one, *two, *three;
    generator_next(scope, a, &first);
    generator_next(scope, b, &second);
    generator_next(scope, c, &third);
    generator_said(a, &id);
    generator_said(b, &id);
    generator_said(c, &id);
    assert_int_equal(adduce_value_to_json(scope, &one, generator_map(scope, &first), false),
                     ADDUCE_OK);
    assert_int_equal(adduce_value_to_json(scope, &two, generator_map(scope, &second), false),
                     ADDUCE_OK);
    assert_int_equal(adduce_value_to_json(scope, &three, generator_map(scope, &third), false),
                     ADDUCE_OK);
    assert_string_equal(one, two);
    assert_memory_equal(signer_key(first.author), signer_key(second.author), 32);
    different += strcmp(one, three) != 0;
  }
  assert_true(different > EVENTS / 2);
  generator_close(&a);
  generator_close(&b);
  generator_close(&c);
  adduce_scope_close(&scope);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_event_is_sound_and_about_400_bytes),
      cmocka_unit_test(one_seed_says_the_same_and_another_does_not),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
