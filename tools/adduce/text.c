/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* vasprintf, wcwidth */
#include "text.h"

#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#define FIRST_STRONG_ISOLATE "\u2068"
#define POP_ISOLATE "\u2069"
#define COLOUR_OFF "\x1b[0m"

struct text_kept {
  struct text_kept *next;
  char *data;
};

/* Where a stream writes; not on anybody's stack, so that one left open by an error can be closed.
 */
struct text_buffer {
  struct text_buffer *next;
  FILE *stream;
  char *data;
  size_t size;
};

/* The program is one command with one thread; what it keeps, it keeps to its end. */
static struct text_kept *kept_strings;
static struct text_buffer *open_buffers;
static bool is_isolating;

_Noreturn void text_out_of_memory(void) {
  fputs("adduce: memory ran out\n", stderr);
  _Exit(adduce_error_exit(ADDUCE_E_MEMORY));
}

void text_init(void) {
  if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) (void)setlocale(LC_CTYPE, "");
}

void text_isolate(bool on) {
  is_isolating = on;
}

char *text_keep(char *owned) {
  struct text_kept *kept = malloc(sizeof *kept);
  if (owned == NULL || kept == NULL) text_out_of_memory();
  *kept = (struct text_kept){kept_strings, owned};
  kept_strings = kept;
  return owned;
}

void text_release(void) {
  while (open_buffers != NULL) {
    struct text_buffer *next = open_buffers->next;
    (void)fclose(open_buffers->stream);
    free(open_buffers->data);
    free(open_buffers);
    open_buffers = next;
  }
  text_rewind(NULL);
}

struct text_kept *text_mark(void) {
  return kept_strings;
}

void text_rewind(struct text_kept *mark) {
  while (kept_strings != mark) {
    struct text_kept *next = kept_strings->next;
    free(kept_strings->data);
    free(kept_strings);
    kept_strings = next;
  }
}

void *text_allocate(size_t size) {
  return text_keep(calloc(1, size == 0 ? 1 : size));
}

char *text_vformat(const char *format, va_list arguments) {
  char *made = NULL;
  int size = vasprintf(&made, format, arguments);
  return text_keep(size < 0 ? NULL : made);
}

char *text_format(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *made = text_vformat(format, arguments);
  va_end(arguments);
  return made;
}

void text_begin(struct text *text) {
  struct text_buffer *buffer = calloc(1, sizeof *buffer);
  if (buffer == NULL) text_out_of_memory();
  buffer->stream = open_memstream(&buffer->data, &buffer->size);
  if (buffer->stream == NULL) text_out_of_memory();
  buffer->next = open_buffers;
  open_buffers = buffer;
  *text = (struct text){buffer->stream, buffer};
}

char *text_end(struct text *text) {
  struct text_buffer *buffer = text->buffer, **link = &open_buffers;
  bool failed = ferror(buffer->stream) != 0;
  if (fclose(buffer->stream) != 0 || failed) text_out_of_memory();
  while (*link != buffer) link = &(*link)->next;
  *link = buffer->next;
  char *data = text_keep(buffer->data);
  free(buffer);
  *text = (struct text){0};
  return data;
}

/* --- JSON ----------------------------------------------------------------------------------*/

static void write_json_byte(FILE *stream, unsigned char byte) {
  if (byte == '"' || byte == '\\')
    fprintf(stream, "\\%c", byte);
  else if (byte < 0x20 || byte == 0x7f)
    fprintf(stream, "\\u%04x", byte);
  else
    fputc(byte, stream);
}

void text_json(FILE *stream, const char *bytes, size_t size) {
  fputc('"', stream);
  for (size_t i = 0; i < size; i++) write_json_byte(stream, (unsigned char)bytes[i]);
  fputc('"', stream);
}

void text_json_loose(FILE *stream, const char *bytes, size_t size) {
  fputc('"', stream);
  while (size > 0) {
    size_t valid = text_invalid_at(bytes, size);
    for (size_t i = 0; i < valid; i++) write_json_byte(stream, (unsigned char)bytes[i]);
    if (valid < size) fputs("\uFFFD", stream);
    size_t passed = valid < size ? valid + 1 : size;
    bytes += passed;
    size -= passed;
  }
  fputc('"', stream);
}

/* --- characters ----------------------------------------------------------------------------*/

/* The character at `bytes` and how many bytes it has; false where there is none. */
static bool read_character(const char *bytes, size_t size, wchar_t *character, size_t *taken) {
  mbstate_t state = {0};
  *taken = 1;
  if (size > 0 && bytes[0] == '\0') {
    *character = 0;
    return true;
  }
  size_t read = mbrtowc(character, bytes, size, &state);
  if (read == (size_t)-1 || read == (size_t)-2 || read == 0) return false;
  *taken = read;
  return true;
}

size_t text_invalid_at(const char *bytes, size_t size) {
  wchar_t character;
  size_t taken;
  for (size_t at = 0; at < size; at += taken)
    if (!read_character(bytes + at, size - at, &character, &taken)) return at;
  return size;
}

/* What is never shown as it is: controls, directions, lines, what cannot be seen, tags. The
 * joiners U+200C and U+200D stay: whole scripts need them. */
static bool is_harmful(wchar_t character) {
  static const struct {
    wchar_t first, last;
  } ranges[] = {
      {0x0000, 0x001f}, {0x007f, 0x009f}, {0x00ad, 0x00ad}, {0x061c, 0x061c},   {0x180e, 0x180e},
      {0x200b, 0x200b}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0xfeff, 0xfeff},
      {0xfff9, 0xfffb}, {0xe000, 0xf8ff}, {0xfdd0, 0xfdef}, {0xe0000, 0xe0fff}, {0xf0000, 0x10ffff},
  };
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (character >= ranges[i].first && character <= ranges[i].last) return true;
  return false;
}

static bool is_plain(const char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++)
    if (bytes[i] < 0x20 || bytes[i] > 0x7e) return false;
  return true;
}

char *text_clean_bytes(const char *bytes, size_t size) {
  struct text clean;
  if (!is_isolating && is_plain(bytes, size)) return text_format("%.*s", (int)size, bytes);
  text_begin(&clean);
  if (is_isolating) fputs(FIRST_STRONG_ISOLATE, clean.stream);
  for (size_t at = 0, taken; at < size; at += taken) {
    wchar_t character;
    if (!read_character(bytes + at, size - at, &character, &taken))
      fprintf(clean.stream, "⟨0x%02X⟩", (unsigned char)bytes[at]);
    else if (is_harmful(character))
      fprintf(clean.stream, "⟨U+%04X⟩", (unsigned)character);
    else
      fwrite(bytes + at, 1, taken, clean.stream);
  }
  if (is_isolating) fputs(POP_ISOLATE, clean.stream);
  return text_end(&clean);
}

char *text_clean(const char *text) {
  return text_clean_bytes(text, strlen(text));
}

/* --- columns -------------------------------------------------------------------------------*/

/* Passes one character, or one of our own colour changes, which have no width. */
static size_t pass(const char *text, size_t *columns) {
  wchar_t character;
  size_t taken;
  *columns = 0;
  if (text[0] == '\x1b') {
    const char *end = strchr(text, 'm');
    return end == NULL ? 1 : (size_t)(end - text) + 1;
  }
  if (read_character(text, strlen(text), &character, &taken)) {
    int width = wcwidth(character);
    *columns = width < 0 ? 0 : (size_t)width;
  } else {
    *columns = 1;
  }
  return taken;
}

size_t text_width(const char *text) {
  size_t width = 0, columns;
  while (*text != '\0') {
    text += pass(text, &columns);
    width += columns;
  }
  return width;
}

char *text_cut(const char *text, size_t columns) {
  struct text cut;
  size_t width = 0, taken, each, depth = 0;
  bool coloured = false;
  if (text_width(text) <= columns) return text_format("%s", text);
  text_begin(&cut);
  for (; *text != '\0'; text += taken) {
    taken = pass(text, &each);
    if (width + each + 1 > columns && each > 0) break;
    width += each;
    if (strncmp(text, FIRST_STRONG_ISOLATE, 3) == 0) depth++;
    if (strncmp(text, POP_ISOLATE, 3) == 0 && depth > 0) depth--;
    if (*text == '\x1b') coloured = strncmp(text, COLOUR_OFF, 4) != 0;
    fwrite(text, 1, taken, cut.stream);
  }
  if (columns > 0) fputs("…", cut.stream);
  while (depth-- > 0) fputs(POP_ISOLATE, cut.stream);
  if (coloured) fputs(COLOUR_OFF, cut.stream);
  return text_end(&cut);
}

char *text_break(const char **text, size_t columns) {
  const char *at = *text, *end = NULL;
  size_t width = 0, depth = 0, end_depth = 0, each;
  struct text piece, rest;
  if (text_width(at) <= columns) {
    *text = NULL;
    return text_format("%s", at);
  }
  for (size_t taken; *at != '\0'; at += taken) {
    taken = pass(at, &each);
    if (width + each > columns && width > 0) break;
    width += each;
    if (strncmp(at, FIRST_STRONG_ISOLATE, 3) == 0) depth++;
    if (strncmp(at, POP_ISOLATE, 3) == 0 && depth > 0) depth--;
    if (*at != ' ') continue;
    end = at;
    end_depth = depth;
  }
  if (*at == ' ' || end == NULL) {
    end = at;
    end_depth = depth;
  }
  text_begin(&piece);
  fwrite(*text, 1, (size_t)(end - *text), piece.stream);
  for (size_t i = 0; i < end_depth; i++) fputs(POP_ISOLATE, piece.stream);
  text_begin(&rest);
  for (size_t i = 0; i < end_depth; i++) fputs(FIRST_STRONG_ISOLATE, rest.stream);
  fputs(*end == ' ' ? end + 1 : end, rest.stream);
  *text = text_end(&rest);
  return text_end(&piece);
}

/* --- bytes and times -----------------------------------------------------------------------*/

char *text_hex(const uint8_t *bytes32, size_t digits) {
  char hex[65];
  for (size_t i = 0; i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", bytes32[i]);
  hex[digits > 64 ? 64 : digits] = '\0';
  return text_format("%s", hex);
}

bool text_unhex(const char *text, uint8_t *bytes32) {
  if (strlen(text) != 64 || strspn(text, "0123456789abcdefABCDEF") != 64) return false;
  for (size_t i = 0; i < 32; i++) {
    const char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
    bytes32[i] = (uint8_t)strtoul(pair, NULL, 16);
  }
  return true;
}

char *text_time(int64_t time_us, bool short_form) {
  char written[64];
  struct tm utc;
  time_t seconds = (time_t)(time_us / 1000000);
  if (time_us < 0 && time_us % 1000000 != 0) seconds--;
  if (gmtime_r(&seconds, &utc) == NULL ||
      strftime(written, sizeof written, short_form ? "%Y-%m-%d %H:%MZ" : "%Y-%m-%d %H:%M:%SZ",
               &utc) == 0)
    return text_format("%lld µs", (long long)time_us);
  return text_format("%s", written);
}

const char *text_event(const char *name) {
  bool is_index = name[strspn(name, "0123456789")] == '\0' && strlen(name) < 16;
  return is_index ? text_format("#%s", name) : name;
}
