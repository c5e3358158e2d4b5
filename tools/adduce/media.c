/* SPDX-License-Identifier: Apache-2.0 */
#include "media.h"

#include <string.h>
#include <strings.h>

#define HEAD_BYTES 4096

/* Signatures at the start; where a format holds others (zip, RIFF) the name or more bytes decide.
 */
static const struct {
  const char *bytes;
  size_t size;
  const char *type;
} signatures[] = {
    {"%PDF-", 5, "application/pdf"},
    {"\x89PNG\r\n\x1a\n", 8, "image/png"},
    {"\xff\xd8\xff", 3, "image/jpeg"},
    {"GIF8", 4, "image/gif"},
    {"WARC/", 5, "application/warc"},
    {"\x1f\x8b", 2, "application/gzip"},
    {"PK\x03\x04", 4, "application/zip"},
    {"OggS", 4, "application/ogg"},
    {"ID3", 3, "audio/mpeg"},
    {"\x1a\x45\xdf\xa3", 4, "video/webm"},
    {"<?xml", 5, "application/xml"},
    {"II*\0", 4, "image/tiff"},
    {"MM\0*", 4, "image/tiff"},
    {"SQLite format 3\0", 16, "application/vnd.sqlite3"},
};

static const struct {
  const char *suffix, *type;
} suffixes[] = {
    {".txt", "text/plain"},
    {".md", "text/markdown"},
    {".html", "text/html"},
    {".htm", "text/html"},
    {".xhtml", "application/xhtml+xml"},
    {".csv", "text/csv"},
    {".json", "application/json"},
    {".xml", "application/xml"},
    {".svg", "image/svg+xml"},
    {".eml", "message/rfc822"},
    {".epub", "application/epub+zip"},
    {".wacz", "application/wacz"},
    {".odt", "application/vnd.oasis.opendocument.text"},
    {".ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {".mp3", "audio/mpeg"},
    {".mp4", "video/mp4"},
    {".wav", "audio/wav"},
    {".webp", "image/webp"},
};

static const char *by_signature(const char *head, size_t size) {
  for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
    if (size >= signatures[i].size && memcmp(head, signatures[i].bytes, signatures[i].size) == 0)
      return signatures[i].type;
  if (size >= 12 && memcmp(head, "RIFF", 4) == 0)
    return memcmp(head + 8, "WEBP", 4) == 0 ? "image/webp" : "audio/wav";
  if (size >= 8 && memcmp(head + 4, "ftyp", 4) == 0) return "video/mp4";
  size_t blank = 0;
  while (blank < size && strchr(" \t\r\n", head[blank]) != NULL && head[blank] != '\0') blank++;
  if (strncasecmp(head + blank, "<!doctype html", 14) == 0 ||
      strncasecmp(head + blank, "<html", 5) == 0)
    return "text/html";
  return NULL;
}

static const char *by_name(const char *path) {
  for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
    size_t length = strlen(path), suffix = strlen(suffixes[i].suffix);
    if (length > suffix && strcasecmp(path + length - suffix, suffixes[i].suffix) == 0)
      return suffixes[i].type;
  }
  return NULL;
}

/* Text, as far as we have read: a character may be cut at the end. */
static bool is_text(const char *head, size_t size) {
  return memchr(head, '\0', size) == NULL && text_invalid_at(head, size) + 4 > size;
}

const char *media_type(const char *path) {
  char head[HEAD_BYTES + 1] = "";
  FILE *input = fopen(path, "re");
  size_t size = input == NULL ? 0 : fread(head, 1, HEAD_BYTES, input);
  if (input != NULL) fclose(input);
  const char *sure = by_signature(head, size), *named = by_name(path);
  /* These hold other formats, which their names tell apart. */
  bool is_wrapper = sure != NULL &&
                    (strcmp(sure, "application/zip") == 0 || strcmp(sure, "application/xml") == 0);
  if (sure != NULL && !(is_wrapper && named != NULL)) return sure;
  if (named != NULL) return named;
  return size > 0 && is_text(head, size) ? "text/plain" : "application/octet-stream";
}
