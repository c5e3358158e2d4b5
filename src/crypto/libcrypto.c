/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/libcrypto.h"

#include <dlfcn.h>
#include <pthread.h>

#include "base/invariant.h"

static void *library;

static void load(void) {
  library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
}

enum adduce_err libcrypto_load(struct adduce_scope *scope) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  if (pthread_once(&once, load) == 0 && library != NULL) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_TIMESTAMP,
                    "timestamps need OpenSSL's libcrypto.so.3, which is not on this machine "
                    "(Debian: libssl3)");
}

void *libcrypto_find(const char *function) {
  void *found = library == NULL ? NULL : dlsym(library, function);
  INVARIANT(found != NULL);
  return found;
}
