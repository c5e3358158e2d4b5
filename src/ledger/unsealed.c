/* SPDX-License-Identifier: Apache-2.0 */
#include "adduce/bundle.h"
#include "crypto/sealed.h"
#include "ledger/ledger.h"

bool adduce_sealed_is(struct adduce_span begin) {
  return sealed_is(begin);
}

/* The public opaque type and the inside one are the same object. */
static struct sealed_reader *inside(struct adduce_unsealed *unsealed) {
  return (struct sealed_reader *)unsealed;
}

enum adduce_err adduce_unsealed_open(struct adduce_scope *scope, struct adduce_unsealed **unsealed,
                                     const struct adduce_source *source,
                                     const struct adduce_signer *signer) {
  struct sealed_reader *reader;
  enum adduce_err err = sealed_reader_open(scope, &reader, source, ledger_signer(signer));
  *unsealed = (struct adduce_unsealed *)reader;
  return err;
}

struct adduce_source adduce_unsealed_source(struct adduce_unsealed *unsealed) {
  return sealed_reader_source(inside(unsealed));
}

void adduce_unsealed_close(struct adduce_unsealed **unsealed) {
  struct sealed_reader *reader = inside(*unsealed);
  sealed_reader_close(&reader);
  *unsealed = NULL;
}
