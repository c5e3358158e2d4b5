/* SPDX-License-Identifier: Apache-2.0 */
/* Claims from lines of JSON, as the command line takes them, without author and signature: author,
 * root and signature are zeros, which nothing in this room looks at. */
#ifndef TESTS_CLAIM_DRAFTS_H
#define TESTS_CLAIM_DRAFTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/hex.h"
#include "claim/claim.h"
#include "codec/pack.h"
#include "codec/value.h"

/* "$0" in the JSON of a test stands for the id of zeros, "$1" for that of ones. */
static inline const char *draft_expand_ids(struct adduce_scope *scope, const char *json) {
  struct buffer buffer;
  struct adduce_span text;
  buffer_init(&buffer, scope);
  for (const char *at = json; *at != '\0'; at++) {
    bool is_id = at[0] == '$' && (at[1] == '0' || at[1] == '1');
    if (!is_id) {
      buffer_byte(&buffer, (uint8_t)*at);
      continue;
    }
    for (int i = 0; i < 64; i++) buffer_byte(&buffer, (uint8_t)at[1]);
    at++;
  }
  assert_int_equal(buffer_take(&buffer, &text), ADDUCE_OK);
  return (const char *)text.data;
}

static inline const struct adduce_value *draft_json(struct adduce_scope *scope, const char *json) {
  const struct adduce_value *value;
  json = draft_expand_ids(scope, json);
  enum adduce_err err = adduce_value_from_json(scope, &value, json, strlen(json));
  if (err != ADDUCE_OK) print_error("%s: %s\n", adduce_scope_detail(scope), json);
  assert_int_equal(err, ADDUCE_OK);
  return value;
}

/* Refs stand in the JSON in their order. */
static inline void draft_refs(struct buffer *buffer, const struct adduce_value *refs) {
  pack_array(buffer, adduce_value_count(refs));
  for (size_t i = 0; i < adduce_value_count(refs); i++) {
    const struct adduce_value *ref = adduce_value_at(refs, i);
    uint8_t id32[32];
    assert_true(hex_decode(adduce_value_bytes(adduce_value_at(ref, 1)), id32, 32));
    pack_array(buffer, 2);
    pack_str(buffer, adduce_value_bytes(adduce_value_at(ref, 0)));
    pack_bin(buffer, id32, 32);
  }
}

static inline struct adduce_span draft_event(struct adduce_scope *scope,
                                             const struct adduce_value *claim) {
  static const uint8_t zeros[64];
  struct buffer buffer;
  struct adduce_span event;
  buffer_init(&buffer, scope);
  pack_array(&buffer, 8);
  pack_int(&buffer, 1);
  pack_str(&buffer, adduce_value_bytes(adduce_value_get(claim, "kind")));
  pack_bin(&buffer, zeros, 32);
  pack_int(&buffer, 0);
  draft_refs(&buffer, adduce_value_get(claim, "refs"));
  pack_int(&buffer, 0);
  pack_bin(&buffer, zeros, 32);
  pack_bin(&buffer, zeros, 64);
  assert_int_equal(buffer_take(&buffer, &event), ADDUCE_OK);
  return event;
}

/* [1, seed of zeros, fields] */
static inline struct adduce_span draft_content(struct adduce_scope *scope,
                                               const struct adduce_value *fields) {
  static const uint8_t zeros[16];
  struct buffer buffer;
  struct adduce_span encoded, content;
  assert_int_equal(value_encode(scope, &encoded, fields), ADDUCE_OK);
  buffer_init(&buffer, scope);
  pack_array(&buffer, 3);
  pack_int(&buffer, 1);
  pack_bin(&buffer, zeros, 16);
  pack_encoded(&buffer, encoded);
  assert_int_equal(buffer_take(&buffer, &content), ADDUCE_OK);
  return content;
}

static inline struct parsed draft_parse(struct adduce_scope *scope, const char *json) {
  struct parsed parsed;
  const struct adduce_value *claim = draft_json(scope, json);
  const struct adduce_value *fields = adduce_value_get(claim, "content");
  if (fields == NULL) fields = value_map(scope);
  enum adduce_err err =
      parsed_read(scope, &parsed, draft_event(scope, claim), draft_content(scope, fields));
  if (err != ADDUCE_OK) print_error("%s\n", adduce_scope_detail(scope));
  assert_int_equal(err, ADDUCE_OK);
  return parsed;
}

#endif
