/* SPDX-License-Identifier: Apache-2.0 */
/* Text of the command line: strings that live until the program ends, and a harmless way to show
 * what others wrote.
 *
 * A claim's text comes from anywhere. Shown as it is, it could move the cursor, repaint what stands
 * above it, or turn the reading direction so that a line says something else than it holds. So it
 * is cleaned before it is shown: control characters, direction overrides and marks, and characters
 * that cannot be seen are written as ⟨U+202E⟩, bytes that are not UTF-8 as ⟨0xFF⟩. On a terminal a
 * cleaned text is put between U+2068 and U+2069 as well, so that a right-to-left text leaves the
 * line around it as it is.
 *
 * Kept strings are freed by text_release, at the end; when memory runs out the program says so and
 * ends with 7, as a command line may. */
#ifndef ADDUCE_CLI_TEXT_H
#define ADDUCE_CLI_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "adduce.h"

/* Takes character classes and widths of Unicode, whatever the user's locale. */
void text_init(void);

/* Frees what was kept. */
void text_release(void);

/* For work in many steps: frees what was kept since the mark. */
struct text_kept;
struct text_kept *text_mark(void);
void text_rewind(struct text_kept *mark);

/* Whether text_clean isolates directions: yes on a terminal. */
void text_isolate(bool on);

/* Memory that lives until the end; never NULL. */
void *text_allocate(size_t size);

/* Says that memory ran out and ends the program. */
_Noreturn void text_out_of_memory(void);

/* Keeps a string from malloc: it lives until text_release. */
char *text_keep(char *owned);

__attribute__((format(printf, 1, 2))) char *text_format(const char *format, ...);
__attribute__((format(printf, 1, 0))) char *text_vformat(const char *format, va_list arguments);

/* A string under construction: write to `stream`, then end it. */
struct text_buffer;
struct text {
  FILE *stream;
  struct text_buffer *buffer;
};
void text_begin(struct text *text);
char *text_end(struct text *text);

/* `size` bytes of text as a JSON string, with its quotes. Bytes that are not UTF-8 stay as they
 * are, and are refused, with their place, by whoever reads it. */
void text_json(FILE *stream, const char *bytes, size_t size);

/* The same for text that may be anything, such as an error's detail: bytes that are not UTF-8
 * become U+FFFD. */
void text_json_loose(FILE *stream, const char *bytes, size_t size);

/* Text made harmless, in one line. */
char *text_clean(const char *text);
char *text_clean_bytes(const char *bytes, size_t size);

/* How many columns a clean text takes, not counting our own colours. */
size_t text_width(const char *text);

/* Cut to `columns` with an ellipsis; isolates and colours are closed. */
char *text_cut(const char *text, size_t columns);

/* What of `*text` fits in `columns`, broken at a space where there is one; `*text` becomes the
 * rest, NULL at the end. Isolates are closed and opened again; our own colours end at a break. */
char *text_break(const char **text, size_t columns);

/* The first byte that is not UTF-8, or `size`. */
size_t text_invalid_at(const char *bytes, size_t size);

/* 64 hexadecimal digits of 32 bytes, or the first `digits` of them. */
char *text_hex(const uint8_t *bytes32, size_t digits);

/* Reads 64 hexadecimal digits. */
bool text_unhex(const char *text, uint8_t *bytes32);

/* "2025-12-13 10:00:05Z", without the seconds if `short_form`. */
char *text_time(int64_t time_us, bool short_form);

/* The name of an event as the library takes it: "12" is "#12", entry 12; all else stays. */
const char *text_event(const char *name);

#endif
