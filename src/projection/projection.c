/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/projection.h"

#include "projection/registry.h"

static const struct projection *const all[] = {
#define PROJECTION_ADDRESS(symbol, file) &file##_projection,
    REGISTRY_PROJECTIONS(PROJECTION_ADDRESS)
#undef PROJECTION_ADDRESS
};

size_t projection_count(void) {
  return REGISTRY_COUNT;
}

const struct projection *projection_get(size_t number) {
  return number < REGISTRY_COUNT ? all[number] : NULL;
}
