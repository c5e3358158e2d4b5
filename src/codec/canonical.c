/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/canonical.h"

#include "base/utf8.h"
#include "codec/head.h"

/* A container that is being read. */
struct frame {
  size_t begin;  /* offset of its head */
  uint32_t left; /* values still to come, keys counted */
  bool is_map;   /* the next value is a key iff `left` is even */
  bool has_key;  /* `key` is the last key read */
  struct adduce_span key;
};

struct check {
  const uint8_t *begin;
  const uint8_t *at;
  const uint8_t *end;
  uint32_t objects; /* declared so far: the top value, and all that heads promise */
  unsigned depth;   /* open containers */
  struct canonical_fault *fault;
  struct frame frames[CANONICAL_DEPTH];
};

static bool refuse_at(struct check *check, enum canonical_rule rule, const uint8_t *at) {
  check->fault->rule = rule;
  check->fault->offset = (size_t)(at - check->begin);
  return false;
}

static bool refuse(struct check *check, enum canonical_rule rule) {
  return refuse_at(check, rule, check->at);
}

/* True iff eight bytes are all in 01 to 7f: taking one from each borrows at a zero, and both
 * that and a byte over 7f leave a high bit. */
static inline bool is_plain_word(uint64_t word) {
  return (((word - UINT64_C(0x0101010101010101)) | word) & UINT64_C(0x8080808080808080)) == 0;
}

static inline bool is_plain8(const uint8_t *at) {
  uint64_t word;
  memcpy(&word, at, sizeof word);
  return is_plain_word(word);
}

/* The last word of a text overlaps the one before it; shorter text is two halves that overlap. */
static inline bool ends_plain(struct adduce_span bytes) {
  uint32_t first, last;
  if (bytes.size >= 8) return is_plain8(bytes.data + bytes.size - 8);
  if (bytes.size < 4) return false;
  memcpy(&first, bytes.data, sizeof first);
  memcpy(&last, bytes.data + bytes.size - 4, sizeof last);
  return is_plain_word((uint64_t)first << 32 | last);
}

bool canonical_text(struct adduce_span bytes, size_t *offset) {
  size_t i = 0;
  while (bytes.size - i >= 8 && is_plain8(bytes.data + i)) i += 8;
  if (bytes.size - i < 8 && ends_plain(bytes)) return true;
  while (i < bytes.size) {
    if (bytes.size - i >= 8 && is_plain8(bytes.data + i)) {
      i += 8;
    } else if (bytes.data[i] - 1u < 0x7f) {
      i++;
    } else {
      uint32_t point;
      size_t size = utf8_decode(span_of(bytes.data + i, bytes.size - i), &point);
      if (size == 0 || point == 0) {
        *offset = i;
        return false;
      }
      i += size;
    }
  }
  return true;
}

static bool check_integer(struct check *check, const struct head *head) {
  int64_t value = (int64_t)head->value;
  uint64_t magnitude = head->value;
  if (head->kind == HEAD_INT) {
    if (value >= 0) return refuse(check, CANONICAL_INTEGER_FORM);
    magnitude = ~head->value;
  }
  if (magnitude < head->least) return refuse(check, CANONICAL_INTEGER_FORM);
  if (head->kind == HEAD_INT) magnitude += 1;
  if (magnitude > (uint64_t)CANONICAL_INTEGER_MAX) return refuse(check, CANONICAL_INTEGER_RANGE);
  check->at += head->size;
  return true;
}

/* A str or bin; `*body` is what it holds. */
static bool check_body(struct check *check, const struct head *head, struct adduce_span *body) {
  if (head->value < head->least) return refuse(check, CANONICAL_LENGTH_FORM);
  size_t room = (size_t)(check->end - check->at) - head->size;
  if (head->value > room) return refuse(check, CANONICAL_TRUNCATED);
  *body = span_of(check->at + head->size, (size_t)head->value);
  if (head->kind == HEAD_STR) {
    size_t offset;
    if (!canonical_text(*body, &offset)) {
      const uint8_t *bad = body->data + offset;
      return refuse_at(check, *bad == 0 ? CANONICAL_NUL : CANONICAL_UTF8, bad);
    }
  }
  check->at = body->data + body->size;
  return true;
}

/* An array or map: its head is read here, what it holds by the loop in check_value. Every value
 * takes a byte, so a count beyond the bytes left is refused before anything is done for it. */
static bool check_container(struct check *check, const struct head *head) {
  if (head->value < head->least) return refuse(check, CANONICAL_LENGTH_FORM);
  uint64_t count = head->kind == HEAD_MAP ? 2 * head->value : head->value;
  size_t room = (size_t)(check->end - check->at) - head->size;
  if (count > room) return refuse(check, CANONICAL_TRUNCATED);
  if (count > CANONICAL_OBJECTS - check->objects) return refuse(check, CANONICAL_OBJECT_LIMIT);
  size_t begin = (size_t)(check->at - check->begin);
  check->at += head->size;
  if (count == 0) return true;
  /* `depth` open containers lie around this one, so what it holds has depth + 2. */
  if (check->depth + 2 > CANONICAL_DEPTH) return refuse(check, CANONICAL_DEPTH_LIMIT);
  check->objects += (uint32_t)count;
  struct frame *frame = &check->frames[check->depth++];
  frame->begin = begin;
  frame->left = (uint32_t)count;
  frame->is_map = head->kind == HEAD_MAP;
  frame->has_key = false;
  return true;
}

static bool check_key(struct check *check, const struct head *head, struct frame *frame) {
  const uint8_t *begin = check->at;
  struct adduce_span key;
  if (!check_body(check, head, &key)) return false;
  if (frame->has_key) {
    int order = span_compare(frame->key, key);
    if (order == 0) return refuse_at(check, CANONICAL_KEY_DUPLICATE, begin);
    if (order > 0) return refuse_at(check, CANONICAL_KEY_ORDER, begin);
  }
  frame->has_key = true;
  frame->key = key;
  return true;
}

/* One value, without what a container holds. */
static bool check_one(struct check *check, const struct head *head) {
  struct adduce_span body;
  switch (head->kind) {
    case HEAD_UINT:
    case HEAD_INT:
      return check_integer(check, head);
    case HEAD_BOOL:
      check->at += 1;
      return true;
    case HEAD_STR:
    case HEAD_BIN:
      return check_body(check, head, &body);
    case HEAD_ARRAY:
    case HEAD_MAP:
      return check_container(check, head);
    case HEAD_NIL:
      return refuse(check, CANONICAL_NIL);
    case HEAD_FLOAT:
      return refuse(check, CANONICAL_FLOAT);
    case HEAD_EXT:
      return refuse(check, CANONICAL_EXT);
    case HEAD_RESERVED:
      return refuse(check, CANONICAL_RESERVED);
  }
  return refuse(check, CANONICAL_RESERVED);
}

/* The next value or key inside the innermost open container. */
static bool check_inside(struct check *check) {
  struct frame *frame = &check->frames[check->depth - 1];
  if (check->at == check->end)
    return refuse_at(check, CANONICAL_TRUNCATED, check->begin + frame->begin);
  bool is_key = frame->is_map && frame->left % 2 == 0;
  frame->left--;
  struct head head;
  bool whole = head_read(&head, check->at, (size_t)(check->end - check->at));
  if (is_key && head.kind != HEAD_STR) return refuse(check, CANONICAL_KEY_TYPE);
  if (!whole) return refuse(check, CANONICAL_TRUNCATED);
  return is_key ? check_key(check, &head, frame) : check_one(check, &head);
}

static bool check_value(struct check *check) {
  struct head head;
  if (check->at == check->end) return refuse(check, CANONICAL_EMPTY);
  if (!head_read(&head, check->at, (size_t)(check->end - check->at)))
    return refuse(check, CANONICAL_TRUNCATED);
  if (!check_one(check, &head)) return false;
  while (check->depth != 0) {
    if (!check_inside(check)) return false;
    while (check->depth != 0 && check->frames[check->depth - 1].left == 0) check->depth--;
  }
  return true;
}

bool canonical_check_first(struct adduce_span bytes, size_t *size, struct canonical_fault *fault) {
  struct check check;
  check.begin = check.at = bytes.data;
  check.end = bytes.size == 0 ? bytes.data : bytes.data + bytes.size;
  check.objects = 1;
  check.depth = 0;
  check.fault = fault;
  *fault = (struct canonical_fault){CANONICAL_FINE, 0};
  *size = 0;
  if (!check_value(&check)) return false;
  *size = (size_t)(check.at - check.begin);
  return true;
}

bool canonical_check(struct adduce_span bytes, struct canonical_fault *fault) {
  size_t size;
  if (!canonical_check_first(bytes, &size, fault)) return false;
  if (size == bytes.size) return true;
  *fault = (struct canonical_fault){CANONICAL_TRAILING, size};
  return false;
}

const char *canonical_rule_text(enum canonical_rule rule) {
  switch (rule) {
#define RULE_TEXT(symbol, text) \
  case symbol:                  \
    return text;
    CANONICAL_RULES(RULE_TEXT)
#undef RULE_TEXT
  }
  return "a rule this version does not know";
}

enum adduce_err canonical_require(struct adduce_scope *scope, struct adduce_span bytes,
                                  const char *what) {
  struct canonical_fault fault;
  if (canonical_check(bytes, &fault)) return ADDUCE_OK;
  bool is_text = fault.rule == CANONICAL_UTF8 || fault.rule == CANONICAL_NUL;
  return scope_fail(scope, is_text ? ADDUCE_E_TEXT : ADDUCE_E_NOT_CANONICAL, "%s: %s, at byte %zu",
                    what, canonical_rule_text(fault.rule), fault.offset);
}
