/* SPDX-License-Identifier: Apache-2.0 */
/* Every request to a witness has one of the statuses there are, and none is cosigned that no
 * trusted key has signed. */
#include "base/invariant.h"
#include "exchange/tiles.h"
#include "exchange/witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_path(const uint8_t *data, size_t size) {
  char text[TILES_PATH_BYTES + 2] = {0};
  struct tiles_path path;
  if (size >= sizeof text) size = sizeof text - 1;
  memcpy(text, data, size);
  if (!tiles_path_parse(text, &path)) return;
  struct tiles_text again = tiles_path_format(&path);
  INVARIANT(strcmp(again.text, text) == 0);
}

static void try_bundle(struct adduce_span bundle) {
  struct adduce_span entry;
  size_t total = 0, size = bundle.size;
  while (tiles_bundle_next(&bundle, &entry)) total += 2 + entry.size;
  INVARIANT(total + bundle.size == size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct note_verifier verifier = {.name = span_text("log.example"), .key_id = 0x30303030};
  struct witness_log log = {&verifier, 1};
  struct witness_state state = {0, merkle_empty()};
  struct witness_request request;
  struct witness_verdict verdict;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  memset(verifier.key.bytes, 0x30, sizeof verifier.key.bytes);
  INVARIANT(witness_parse(scope, &verdict, &request, span_of(data, size)) == ADDUCE_OK);
  INVARIANT(verdict.status == 200 || verdict.status == 400);
  if (verdict.status == 200) {
    INVARIANT(witness_judge(scope, &verdict, &request, &log, &state) == ADDUCE_OK);
    INVARIANT(verdict.status == 403);
    INVARIANT(witness_judge(scope, &verdict, &request, NULL, &state) == ADDUCE_OK);
    INVARIANT(verdict.status == 404);
  }
  try_path(data, size);
  try_bundle(span_of(data, size));
  adduce_scope_close(&scope);
  return 0;
}
