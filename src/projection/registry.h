/* SPDX-License-Identifier: Apache-2.0 */
/* The projections there are, one a file. Their numbers are their tables' numbers and the order in
 * which they are reported; a new one goes to the end, and a changed one gets a new version. */
#ifndef PROJECTION_REGISTRY_H
#define PROJECTION_REGISTRY_H

#include "projection/projection.h"

/* X(symbol, file, version) */
#define REGISTRY_PROJECTIONS(X)         \
  X(REGISTRY_ENTITIES, entities, 1)     \
  X(REGISTRY_FACTS, facts, 1)           \
  X(REGISTRY_RELATIONS, relations, 1)   \
  X(REGISTRY_RELEASES, releases, 1)     \
  X(REGISTRY_SANCTIONS, sanctions, 1)   \
  X(REGISTRY_STATES, states, 1)         \
  X(REGISTRY_SOURCES, sources, 1)       \
  X(REGISTRY_AUTHORS, authors, 1)       \
  X(REGISTRY_LIFE, life, 1)             \
  X(REGISTRY_TIMELINE, timeline, 1)     \
  X(REGISTRY_SUBJECTS, subjects, 1)     \
  X(REGISTRY_REFERENCES, references, 1) \
  X(REGISTRY_BYKIND, bykind, 1)         \
  X(REGISTRY_BYAUTHOR, byauthor, 1)     \
  X(REGISTRY_WITHHELD, withheld, 1)

enum registry_number {
#define REGISTRY_ENUM(symbol, file, version) symbol,
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

#define REGISTRY_PROJECT(symbol, file, version) \
  void file##_project(struct rows *rows, const struct projection_input *input);
REGISTRY_PROJECTIONS(REGISTRY_PROJECT)
#undef REGISTRY_PROJECT

#endif
