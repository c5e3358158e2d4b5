/* SPDX-License-Identifier: Apache-2.0 */
/* A key file's form. The first byte of the input says what of the rest is mended first (magic,
 * zeroes, public key, checksum), so that the fuzzer gets behind what it cannot guess. */
#include "base/invariant.h"
#include "crypto/hash.h"
#include "crypto/keyfile.h"
#include "crypto/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t base_point[32] = {
    0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};

static void mend(uint8_t *bytes160, unsigned what) {
  if (what & 1) memcpy(bytes160, "adduce key v1\n\0", 16);
  if (what & 2) memset(bytes160 + 18, 0, 6);
  if (what & 4) memcpy(bytes160 + 24, base_point, 32);
  if (what & 8) memset(bytes160 + 56, 0, 56);
  if (what & 16) {
    struct adduce_hash digest = hash_bytes(span_of(bytes160, 144));
    memcpy(bytes160 + 144, digest.bytes, 16);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct keyfile_info info;
  uint8_t bytes[KEYFILE_BYTES];
  if (size == 0) return 0;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  INVARIANT(sign_start(scope) == ADDUCE_OK);
  enum adduce_err err = keyfile_parse(scope, &info, span_of(data + 1, size - 1), "fuzz");
  INVARIANT(err == ADDUCE_OK || err == ADDUCE_E_KEY_FILE);
  if (size - 1 == KEYFILE_BYTES) {
    memcpy(bytes, data + 1, sizeof bytes);
    mend(bytes, data[0]);
    err = keyfile_parse(scope, &info, span_of(bytes, sizeof bytes), "fuzz");
    INVARIANT(err == ADDUCE_OK || err == ADDUCE_E_KEY_FILE);
  }
  if (err == ADDUCE_OK) {
    INVARIANT(info.purpose >= KEYFILE_AUTHOR && info.purpose <= KEYFILE_WITNESS);
    INVARIANT(sign_key_acceptable(&info.key));
  }
  adduce_scope_close(&scope);
  return 0;
}
