/* SPDX-License-Identifier: Apache-2.0 */
/* The first stage: bytes that are well-formed. An event's envelope and its content have been
 * read, every form and bound of docs/FORMAT.md 2 and 3 holds; nothing is said yet about kinds,
 * commitments or signatures.
 *
 *     bytes -parse-> struct parsed -validate-> struct claim -sign|verify-> struct event
 *
 * Whatever is whole can be withheld: a form 1 is only well-formed if its form 2 is canonical
 * too. That form is deeper (a value nests at most 12 deep) and has more objects (3, and for each
 * field 3 + the objects of its value + 2 for each element of a list: at most 65,536).
 *
 * All spans borrow from the bytes that were parsed. */
#ifndef CLAIM_PARSED_H
#define CLAIM_PARSED_H

#include "base/scope.h"
#include "codec/cursor.h"

#define PARSED_KIND_BYTES 128
#define PARSED_ROLE_BYTES 32
#define PARSED_REFS 256
#define PARSED_FIELDS 64
#define PARSED_KEY_BYTES 64
#define PARSED_ELEMENTS 4096
#define PARSED_CONTENT_BYTES ((size_t)1 << 20) /* of form 1 */
#define PARSED_PARTIAL_BYTES ((size_t)2 << 20) /* of form 2, which carries salts or hashes */
#define PARSED_VALUE_DEPTH 12                  /* of a field's value, itself counted */
#define PARSED_EVENT_BYTES 65520               /* so that its entry stays within 65,535 */

struct vocabulary_field;

struct parsed_ref {
  struct adduce_span role;
  const uint8_t *id32;
};

enum parsed_form {
  PARSED_NO_CONTENT = 0, /* the content is not held here */
  PARSED_WHOLE = 1,      /* [1, seed, {key: value}] */
  PARSED_PARTIAL = 2,    /* [2, [slot ...]] */
};

enum parsed_slot {
  PARSED_VALUE,            /* the whole value is here */
  PARSED_WITHHELD,         /* only the inner hash: [key, inner] */
  PARSED_ELEMENTS_PARTIAL, /* a list, some of whose elements may be only hashes */
};

/* In form 2 a slot whose third item is an array is a list, and no other slot is: a value that
 * is not one is never an array. So whoever offers an array for a value offers a list of elements,
 * each with a salt or a hash of its own, and each form opens one inner hash in one way. */
struct parsed_field {
  struct adduce_span key; /* the text of the key */
  enum parsed_slot slot;
  struct adduce_span value; /* as it stands in the content: the encoded value, but of a list in
                               form 2 the encoded array of [e_i | [salt, element]]; empty when
                               withheld. parsed_value and parsed_elements hide the difference. */
  bool is_list;             /* by the MessagePack type; decides the commitment */
  const uint8_t *salt16;    /* form 2, not withheld; else NULL */
  const uint8_t *inner32;   /* PARSED_WITHHELD; else NULL */
  const struct vocabulary_field *rule; /* set by claim_recall: NULL if the kind has no such field */
};

/* One element of a list. */
struct parsed_element {
  struct adduce_span value; /* encoded; empty when withheld */
  const uint8_t *salt16;    /* form 2, not withheld; else NULL */
  const uint8_t *hash32;    /* withheld: e_i; else NULL */
};

struct parsed {
  struct adduce_span event; /* the whole encoded event; empty for a draft */
  struct adduce_span items; /* items 0..6, encoded, without any array header */
  struct adduce_span kind;
  const uint8_t *author32;
  int64_t claimed_at_us;
  struct cursor refs; /* at the first ref; ref_count of them */
  uint32_t ref_count;
  enum adduce_handling handling;
  const uint8_t *content_root32;
  const uint8_t *signature64;
  struct adduce_span content; /* empty with PARSED_NO_CONTENT */
  enum parsed_form form;
  const uint8_t *seed16; /* form 1 */
  uint32_t field_count;
  struct parsed_field *fields; /* in ascending key order */
};

/* Reads an event and, unless `content` is empty, its content, both checked for canonical form
 * here. An empty `event` reads a draft: only the content, and every item of the event is empty.
 * Errors, with item or field and byte in the detail: ADDUCE_E_NOT_CANONICAL, ADDUCE_E_TEXT,
 * ADDUCE_E_FORM, ADDUCE_E_VERSION, ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err parsed_read(struct adduce_scope *scope, struct parsed *parsed,
                                     struct adduce_span event, struct adduce_span content);

/* As parsed_read for bytes this ledger stored after it had checked them: the canonical check
 * is not repeated, the forms are. */
MUST_USE enum adduce_err parsed_read_stored(struct adduce_scope *scope, struct parsed *parsed,
                                            struct adduce_span event, struct adduce_span content);

/* The next ref; false at the end. Start with `cursor = parsed->refs`. */
bool parsed_next_ref(struct cursor *cursor, struct parsed_ref *ref);

/* The next ref with this role, in the same way. */
bool parsed_next_role(struct cursor *cursor, struct parsed_ref *ref, const char *role);

/* The first ref with this role; false if there is none. */
bool parsed_find_ref(const struct parsed *parsed, const char *role, struct parsed_ref *ref);

/* The field with this key; NULL if there is none. Asked for so often that the key is told apart by
 * its size and first byte first. */
static inline const struct parsed_field *parsed_field(const struct parsed *parsed,
                                                      const char *key) {
  size_t size = strlen(key);
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    const struct adduce_span held = parsed->fields[i].key;
    if (held.size == size && size != 0 && held.data[0] == (uint8_t)key[0] &&
        memcmp(held.data, key, size) == 0)
      return &parsed->fields[i];
  }
  return NULL;
}

/* The elements of a field that is a list and not withheld: their number, and a cursor for
 * parsed_next_element. False, and `*count` 0, for other fields and NULL. */
bool parsed_elements(const struct parsed_field *field, struct cursor *elements, uint32_t *count);

/* The next element; false at the end. */
bool parsed_next_element(const struct parsed *parsed, struct cursor *elements,
                         struct parsed_element *element);

/* The field's whole encoded value: of form 1, or of form 2 when nothing of it is withheld (a
 * list is then put together in the scope). Empty span when absent, not whole, or out of memory
 * (then the scope is exhausted). */
struct adduce_span parsed_value(struct adduce_scope *scope, const struct parsed *parsed,
                                const char *key);

/* The text of a field: a plain str, or `v` of {"v": ..., "original": ...}. Empty if none. */
struct adduce_span parsed_text(const struct parsed *parsed, const char *key);

/* True iff a field of the content, or an element of one, is withheld here or all of it is. */
bool parsed_has_withheld(const struct parsed *parsed);

#endif
