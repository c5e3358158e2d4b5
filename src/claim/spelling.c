/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/spelling.h"

#include "base/utf8.h"

#define DECIMAL_BYTES 128

static bool is_lower(uint8_t byte) {
  return byte >= 'a' && byte <= 'z';
}

static bool is_letter(uint8_t byte) {
  return is_lower((uint8_t)(byte | 0x20));
}

static bool is_digit(uint8_t byte) {
  return byte >= '0' && byte <= '9';
}

static struct adduce_span from(struct adduce_span text, size_t start) {
  return span_of(text.data + start, text.size - start);
}

/* Where `byte` first stands; text.size if nowhere. */
static size_t find(struct adduce_span text, uint8_t byte) {
  const uint8_t *found = text.size == 0 ? NULL : memchr(text.data, byte, text.size);
  return found == NULL ? text.size : (size_t)(found - text.data);
}

/* [a-z][a-z0-9_]* of any length. */
static bool is_name(struct adduce_span text) {
  static const bool in_names[256] = {['a' ... 'z'] = true, ['0' ... '9'] = true, ['_'] = true};
  if (text.size == 0 || !is_lower(text.data[0])) return false;
  for (size_t i = 1; i < text.size; i++)
    if (!in_names[text.data[i]]) return false;
  return true;
}

bool spelling_key(struct adduce_span text) {
  return text.size <= SPELLING_KEY_BYTES && is_name(text);
}

bool spelling_word(struct adduce_span text) {
  if (text.size == 0 || text.size > SPELLING_KEY_BYTES || !is_letter(text.data[0])) return false;
  for (size_t i = 1; i < text.size; i++) {
    uint8_t byte = text.data[i];
    if (!is_letter(byte) && !is_digit(byte) && memchr("_:-", byte, 3) == NULL) return false;
  }
  return true;
}

/* --- kinds -------------------------------------------------------------------------------- */

/* A number of at most nine digits without a leading zero, except 0 itself. */
static bool read_number(struct adduce_span digits, uint32_t *number) {
  if (digits.size == 0 || digits.size > 9 || (digits.data[0] == '0' && digits.size > 1))
    return false;
  *number = 0;
  for (size_t i = 0; i < digits.size; i++) {
    if (!is_digit(digits.data[i])) return false;
    *number = *number * 10 + (uint32_t)(digits.data[i] - '0');
  }
  return true;
}

static bool is_kind_authority(struct adduce_span text) {
  if (text.size == 0 || !(is_lower(text.data[0]) || is_digit(text.data[0]))) return false;
  for (size_t i = 1; i < text.size; i++) {
    uint8_t byte = text.data[i];
    if (!is_lower(byte) && !is_digit(byte) && memchr("._/:-", byte, 5) == NULL) return false;
  }
  return true;
}

bool spelling_kind(struct adduce_span text, struct spelling_kind *kind) {
  struct spelling_kind parts = {.version = 1};
  if (text.size > SPELLING_KIND_BYTES) return false;
  size_t at = find(text, '@');
  if (at < text.size) {
    if (!read_number(from(text, at + 1), &parts.version) || parts.version < 2) return false;
    text.size = at;
  }
  for (size_t i = text.size; i-- > 0;) {
    if (text.data[i] != ':') continue;
    parts.authority = span_of(text.data, i);
    text = from(text, i + 1);
    if (!is_kind_authority(parts.authority)) return false;
    break;
  }
  size_t dot = find(text, '.');
  if (dot == text.size) return false;
  parts.noun = span_of(text.data, dot);
  parts.verb = from(text, dot + 1);
  if (kind != NULL) *kind = parts;
  return is_name(parts.noun) && is_name(parts.verb);
}

/* --- subject ids -------------------------------------------------------------------------- */

static bool has_only_visible(struct adduce_span text) {
  while (text.size != 0) {
    uint32_t point;
    if (text.data[0] > 0x20 && text.data[0] < 0x7f) { /* nearly all */
      text = from(text, 1);
      continue;
    }
    size_t size = utf8_decode(text, &point);
    bool is_control = point < 0x20 || (point >= 0x7f && point < 0xa0);
    if (size == 0 || is_control || utf8_space(point)) return false;
    text = from(text, size);
  }
  return true;
}

static bool is_host_label(struct adduce_span label) {
  if (label.size == 0 || label.size > 63) return false;
  if (label.data[0] == '-' || label.data[label.size - 1] == '-') return false;
  for (size_t i = 0; i < label.size; i++)
    if (!is_lower(label.data[i]) && !is_digit(label.data[i]) && label.data[i] != '-') return false;
  return true;
}

/* Labels separated by dots, at least two. */
static bool is_host(struct adduce_span host) {
  size_t dot = find(host, '.');
  if (dot == host.size) return false;
  while (dot < host.size) {
    if (!is_host_label(span_of(host.data, dot))) return false;
    host = from(host, dot + 1);
    dot = find(host, '.');
  }
  return is_host_label(host);
}

static bool is_scheme(struct adduce_span scheme) {
  if (scheme.size == 0 || !is_lower(scheme.data[0])) return false;
  for (size_t i = 1; i < scheme.size; i++) {
    uint8_t byte = scheme.data[i];
    if (!is_lower(byte) && !is_digit(byte) && memchr("+.-", byte, 3) == NULL) return false;
  }
  return true;
}

static bool is_event_id(struct adduce_span digits) {
  if (digits.size != 64) return false;
  for (size_t i = 0; i < digits.size; i++)
    if (!is_digit(digits.data[i]) && !(digits.data[i] >= 'a' && digits.data[i] <= 'f'))
      return false;
  return true;
}

bool spelling_subject(struct adduce_span text) {
  if (text.size == 0 || text.size > SPELLING_SUBJECT_BYTES || !has_only_visible(text)) return false;
  size_t colon = find(text, ':');
  size_t slash = find(text, '/');
  if (slash < colon) return slash + 1 < text.size && is_host(span_of(text.data, slash));
  if (colon + 1 >= text.size || !is_scheme(span_of(text.data, colon))) return false;
  return !span_starts(text, "event:") || is_event_id(from(text, colon + 1));
}

/* --- others ------------------------------------------------------------------------------- */

bool spelling_language(struct adduce_span text) {
  if (text.size == 0 || text.size > SPELLING_KEY_BYTES) return false;
  for (bool first = true;; first = false) {
    size_t size = find(text, '-');
    if (size > 8 || size < (first ? 2 : 1)) return false;
    for (size_t i = 0; i < size; i++)
      if (!is_letter(text.data[i]) && (first || !is_digit(text.data[i]))) return false;
    if (size == text.size) return true;
    text = from(text, size + 1);
  }
}

bool spelling_country(struct adduce_span text) {
  const uint8_t *at = text.data;
  if (text.size == 2) return is_lower(at[0]) && is_lower(at[1]);
  return text.size == 3 && is_digit(at[0]) && is_digit(at[1]) && is_digit(at[2]);
}

static size_t count_digits(struct adduce_span text) {
  size_t count = 0;
  while (count < text.size && is_digit(text.data[count])) count++;
  return count;
}

bool spelling_decimal(struct adduce_span text) {
  if (text.size == 0 || text.size > DECIMAL_BYTES || span_is(text, "-0")) return false;
  if (text.data[0] == '-') text = from(text, 1);
  size_t whole = count_digits(text);
  if (whole == 0 || (whole > 1 && text.data[0] == '0')) return false;
  text = from(text, whole);
  if (text.size == 0) return true;
  return text.data[0] == '.' && text.size > 1 && count_digits(from(text, 1)) == text.size - 1;
}

bool spelling_path(struct adduce_span text, struct adduce_span *key, int64_t *element) {
  size_t dot = find(text, '.');
  uint32_t index = 0;
  if (dot < text.size && !read_number(from(text, dot + 1), &index)) return false;
  if (element != NULL) *element = dot < text.size ? (int64_t)index : -1;
  text.size = dot;
  if (key != NULL) *key = text;
  return spelling_key(text);
}

bool spelling_choice(struct adduce_span text, const char *choices) {
  if (find(text, ' ') < text.size || text.size == 0) return false;
  struct adduce_span rest = span_text(choices);
  for (;;) {
    size_t size = find(rest, ' ');
    if (span_equal(text, span_of(rest.data, size))) return true;
    if (size == rest.size) return false;
    rest = from(rest, size + 1);
  }
}

static const char *const handlings[] = {"clear", "green", "amber", "amber+strict", "red"};

const char *spelling_handling(enum adduce_handling handling) {
  return handlings[handling];
}

bool spelling_handling_of(struct adduce_span text, enum adduce_handling *handling) {
  for (size_t i = 0; i < sizeof handlings / sizeof *handlings; i++) {
    if (!span_is(text, handlings[i])) continue;
    *handling = (enum adduce_handling)i;
    return true;
  }
  return false;
}
