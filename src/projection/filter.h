/* SPDX-License-Identifier: Apache-2.0 */
/* Filters: whether a run can have rows that begin with something (a Bloom filter: in a few cases of
 * a hundred it answers "maybe" for nothing). What rows of a table begin with, their lead, is their
 * first text or id; tables whose rows begin with a byte have no lead. Where a part stands between
 * that text and the index, lead and part together are in the filter too, as the narrow lead: what
 * is rare about a famous subject (that it was judged the same as another) is found without reading
 * what every run has of it.
 *
 * A filter is a power of two of cells of 64 bytes: a checksum of 8 (crypto/hash.h, big-endian) and
 * 448 bits. Each lead has its cell and six bits in it; a cell has 20 to 45 leads on average. So one
 * look touches one cell, and a damaged one is found before it denies what is there.
 *
 * A group answers for 16 filters in one look. It is made of them alone: as many cells as the
 * largest has, each a checksum of 8 and 448 words of 16 bits, where bit m of word b is bit b in the
 * cell of filter m (cell modulo its number of cells). */
#ifndef PROJECTION_FILTER_H
#define PROJECTION_FILTER_H

#include "base/scope.h"
#include "projection/registry.h"

/* The lead of a key or of a prefix of one; empty if it is not all there, or the table has none. */
struct adduce_span filter_lead(enum registry_number table, struct adduce_span key);

/* The lead and the part behind it; empty if they are not all there, or the table has none. */
struct adduce_span filter_narrow(enum registry_number table, struct adduce_span key);

/* Of a lead of either sort. */
uint64_t filter_hash(enum registry_number table, struct adduce_span lead);

/* A filter with these hashes, as bytes. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err filter_make(struct adduce_scope *scope, struct adduce_span *filter,
                                     const uint64_t *hashes, size_t count);

/* `*may` is false only if the hash is not among those the filter was made of.
 * Errors: ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err filter_look(struct adduce_scope *scope, bool *may,
                                     struct adduce_span filter, uint64_t hash);

#define FILTER_GROUP 16

/* The group of FILTER_GROUP filters. Errors: ADDUCE_E_CORRUPT (of a filter), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err filter_group_make(struct adduce_scope *scope, struct adduce_span *group,
                                           const struct adduce_span *filters);

/* Bit n of `*may` is unset only if the hash is not among those that filter n was made of.
 * Errors: ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err filter_group_look(struct adduce_scope *scope, uint32_t *may,
                                           struct adduce_span group, uint64_t hash);

#endif
