/* SPDX-License-Identifier: Apache-2.0 */
/* signed_driver KIND FILE STRIDE BEGIN [VKEY]: bits of one signed file changed, one at a time;
 * every STRIDEth, from BEGIN on. KIND says who reads it: check (a proof, evidence, a statement, a
 * checkpoint; believed is VKEY), receipt, bundle, key, policy.
 *
 * Prints "bits N refused N same N other N": refused with an error, read as the file itself is
 * read, or read as something else. The first of each that is not refused is named. */
#define _GNU_SOURCE
#include <adduce.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/scope.h"
#include "sys/file.h"

#define FILE_MAX ((size_t)1 << 20)
#define SHOWN 5

static struct {
  struct adduce_scope *scope;
  const char *kind, *scratch;
  const struct adduce_policy *policy;
  struct adduce_span file;
} lab;

struct reading {
  struct adduce_span bytes;
  size_t at;
};

static enum adduce_err read_some(void *context, struct adduce_scope *scope, uint8_t *out,
                                 size_t *got, size_t capacity) {
  struct reading *reading = context;
  (void)scope;
  *got = reading->bytes.size - reading->at;
  if (*got > capacity) *got = capacity;
  memcpy(out, reading->bytes.data + reading->at, *got);
  reading->at += *got;
  return ADDUCE_OK;
}

/* A key is read from a file, and says who it is. */
static enum adduce_err read_key(const char **says) {
  struct adduce_signer *signer;
  uint8_t *hex = scope_alloc(lab.scope, 65);
  FILE *stream = fopen(lab.scratch, "wb");
  if (hex == NULL || stream == NULL || fchmod(fileno(stream), 0600) != 0 ||
      fwrite(lab.file.data, 1, lab.file.size, stream) != lab.file.size || fclose(stream) != 0)
    exit(2);
  TRY(adduce_signer_open(lab.scope, &signer, lab.scratch, NULL, 0));
  struct adduce_key key = adduce_signer_key(signer);
  for (size_t i = 0; i < sizeof key.bytes; i++) sprintf((char *)hex + 2 * i, "%02x", key.bytes[i]);
  *says = (const char *)hex;
  adduce_signer_close(&signer);
  return ADDUCE_OK;
}

static enum adduce_err read_policy(const char **says) {
  const struct adduce_policy *policy;
  TRY(adduce_policy_parse(lab.scope, &policy, lab.file));
  *says = scope_format(lab.scope, "%.*s", (int)lab.file.size, (const char *)lab.file.data);
  return ADDUCE_OK;
}

/* What the file says, as its reader reports it. */
static enum adduce_err read_file(const char **says) {
  const struct adduce_span none = {NULL, 0};
  const struct adduce_value *report = NULL;
  struct reading reading = {lab.file, 0};
  const struct adduce_source source = {read_some, &reading};
  if (strcmp(lab.kind, "key") == 0) return read_key(says);
  if (strcmp(lab.kind, "policy") == 0) return read_policy(says);
  if (strcmp(lab.kind, "receipt") == 0)
    TRY(adduce_receipt_check(lab.scope, &report, lab.file, lab.policy));
  else if (strcmp(lab.kind, "bundle") == 0)
    TRY(adduce_inspect(lab.scope, &report, &source, lab.policy, NULL));
  else
    TRY(adduce_check_file(lab.scope, &report, lab.file, lab.policy, none));
  return adduce_value_to_json(lab.scope, says, report, false);
}

static void change_bits(uint64_t stride, uint64_t begin, const char *sound) {
  uint64_t refused = 0, same = 0, other = 0, shown = 0;
  uint8_t *bytes = (uint8_t *)(uintptr_t)lab.file.data;
  struct scope_mark mark = scope_mark(lab.scope);
  for (uint64_t bit = begin; bit < 8 * lab.file.size; bit += stride) {
    const char *says;
    scope_rewind(lab.scope, mark);
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    enum adduce_err err = read_file(&says);
    bool is_same = err == ADDUCE_OK && strcmp(says, sound) == 0;
    refused += err != ADDUCE_OK;
    same += is_same;
    other += err == ADDUCE_OK && !is_same;
    if (err == ADDUCE_OK && shown++ < SHOWN)
      fprintf(stderr, "signed: bit %" PRIu64 " of byte %" PRIu64 " of a %s: %s\n", bit % 8, bit / 8,
              lab.kind, is_same ? "no difference" : "it says something else");
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
  printf("bits %" PRIu64 " refused %" PRIu64 " same %" PRIu64 " other %" PRIu64 "\n",
         refused + same + other, refused, same, other);
}

int main(int count, char **arguments) {
  const char *sound;
  if (count < 5) {
    fprintf(stderr, "usage: signed_driver KIND FILE STRIDE BEGIN [VKEY]\n");
    return 2;
  }
  uint64_t stride = strtoull(arguments[3], NULL, 10), begin = strtoull(arguments[4], NULL, 10);
  if (adduce_scope_open(&lab.scope, 0) != ADDUCE_OK) return 2;
  lab.kind = arguments[1];
  lab.scratch = scope_format(lab.scope, "%s.%s", arguments[2], arguments[4]);
  enum adduce_err err = file_read(lab.scope, &lab.file, arguments[2], FILE_MAX);
  if (err == ADDUCE_OK && count == 6)
    err = adduce_policy_of_key(lab.scope, &lab.policy, arguments[5]);
  if (err == ADDUCE_OK) lab.file = scope_copy(lab.scope, lab.file);
  if (err == ADDUCE_OK) err = read_file(&sound);
  if (err != ADDUCE_OK || stride == 0) {
    fprintf(stderr, "signed: the %s is not sound: %s\n", lab.kind, adduce_scope_detail(lab.scope));
    return 2;
  }
  change_bits(stride, begin, sound);
  adduce_scope_close(&lab.scope);
  return 0;
}
