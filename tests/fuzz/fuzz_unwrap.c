/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a process that was taken over says, it is read to its end or refused, in bounded memory:
 * each item lies within what was said, a document's pieces too, and after the end or a refusal
 * nothing more is given. The first byte says whether a skeleton is wanted, and how many bytes come
 * at a time. */
#include "base/invariant.h"
#include "exchange/unwrap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct said {
  struct adduce_span rest;
  size_t step, skeleton_bytes;
};

static enum adduce_err read_some(void *context, struct adduce_scope *scope, uint8_t *out,
                                 size_t *got, size_t capacity) {
  struct said *said = context;
  (void)scope;
  *got = said->rest.size < capacity ? said->rest.size : capacity;
  if (*got > said->step) *got = said->step;
  if (*got != 0) memcpy(out, said->rest.data, *got);
  said->rest = span_of(said->rest.data + *got, said->rest.size - *got);
  return ADDUCE_OK;
}

static enum adduce_err write_some(void *context, struct adduce_scope *scope,
                                  struct adduce_span bytes) {
  struct said *said = context;
  (void)scope;
  said->skeleton_bytes += bytes.size;
  return ADDUCE_OK;
}

/* Reads every byte, so that one that is not there is seen. */
static size_t touch(struct adduce_span bytes) {
  volatile uint8_t seen = 0;
  for (size_t i = 0; i < bytes.size; i++) seen = (uint8_t)(seen + bytes.data[i]);
  return bytes.size;
}

static void read_all(struct adduce_scope *scope, struct unwrap *unwrap, size_t size) {
  struct bundlereader_item item = {.type = BUNDLEREADER_ENTRY};
  size_t given = 0;
  enum adduce_err err = ADDUCE_OK;
  while (err == ADDUCE_OK && item.type != BUNDLEREADER_END) {
    err = unwrap_next(scope, unwrap, &item);
    if (err != ADDUCE_OK) break;
    if (item.type == BUNDLEREADER_ENTRY) given += touch(item.entry) + touch(item.content);
    if (item.type == BUNDLEREADER_CHUNK) given += touch(item.chunk);
  }
  INVARIANT(given <= size);
  INVARIANT(unwrap_next(scope, unwrap, &item) == ADDUCE_E_USAGE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct unwrap *unwrap;
  if (size == 0) return 0;
  struct said said = {span_of(data + 1, size - 1), (size_t)(data[0] >> 1) + 1, 0};
  const struct adduce_source frames = {read_some, &said};
  const struct adduce_sink skeleton = {write_some, &said};
  INVARIANT(adduce_scope_open(&scope, (size_t)64 << 20) == ADDUCE_OK);
  bool wants_skeleton = (data[0] & 1) != 0;
  if (unwrap_open_frames(scope, &unwrap, &frames, wants_skeleton ? &skeleton : NULL) == ADDUCE_OK) {
    INVARIANT(unwrap_manifest(unwrap)->origin.size != 0);
    read_all(scope, unwrap, size);
  } else {
    INVARIANT(unwrap == NULL);
  }
  INVARIANT(said.skeleton_bytes <= (wants_skeleton ? size : 0));
  unwrap_close(&unwrap);
  adduce_scope_close(&scope);
  return 0;
}
