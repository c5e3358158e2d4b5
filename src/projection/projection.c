/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/projection.h"

#include "projection/registry.h"

static const struct projection all[] = {
#define PROJECTION_ENTRY(symbol, file, version) {#file, version, file##_project},
    REGISTRY_PROJECTIONS(PROJECTION_ENTRY)
#undef PROJECTION_ENTRY
};

const struct projection *projection_all(size_t *count) {
  *count = REGISTRY_COUNT;
  return all;
}
