/* SPDX-License-Identifier: Apache-2.0 */
/* The projections there are, one a file. Their numbers are their tables' numbers and the order in
 * which they are reported; a new one goes to the end, and a changed one gets a new version. */
#ifndef PROJECTION_REGISTRY_H
#define PROJECTION_REGISTRY_H

#include "projection/projection.h"

/* X(symbol, file) */
#define REGISTRY_PROJECTIONS(X)      \
  X(REGISTRY_ENTITIES, entities)     \
  X(REGISTRY_FACTS, facts)           \
  X(REGISTRY_RELATIONS, relations)   \
  X(REGISTRY_RELEASES, releases)     \
  X(REGISTRY_SANCTIONS, sanctions)   \
  X(REGISTRY_STATES, states)         \
  X(REGISTRY_SOURCES, sources)       \
  X(REGISTRY_AUTHORS, authors)       \
  X(REGISTRY_LIFE, life)             \
  X(REGISTRY_TIMELINE, timeline)     \
  X(REGISTRY_SUBJECTS, subjects)     \
  X(REGISTRY_REFERENCES, references) \
  X(REGISTRY_BYKIND, bykind)         \
  X(REGISTRY_BYAUTHOR, byauthor)

enum registry_number {
#define REGISTRY_ENUM(symbol, file) symbol,
  REGISTRY_PROJECTIONS(REGISTRY_ENUM)
#undef REGISTRY_ENUM
      REGISTRY_COUNT,
};

/* The roles of rows in `subjects`. */
enum registry_subject_role {
  REGISTRY_ABOUT = 1,
  REGISTRY_MENTIONED = 2,
  REGISTRY_CORRECTED = 3,
  REGISTRY_INCOMPLETE = 4,
};

#define REGISTRY_EXTERN(symbol, file) extern const struct projection file##_projection;
REGISTRY_PROJECTIONS(REGISTRY_EXTERN)
#undef REGISTRY_EXTERN

#endif
