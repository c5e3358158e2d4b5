/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#define CONNECT_SECONDS 10L
#define IDLE_SECONDS 20L   /* with nothing coming */
#define WHOLE_SECONDS 120L /* for one answer */
#define REDIRECTIONS 3L
#define ATTEMPTS 3 /* of a GET that was not answered */

struct http {
  CURL *curl;
};

/* What has come so far. */
struct receiving {
  uint8_t *data;
  size_t size, capacity, limit;
  bool too_large, no_memory;
  bool is_hopeless; /* to ask again would change nothing */
  char words[CURL_ERROR_SIZE];
};

struct http *http_open(void) {
  struct http *http = calloc(1, sizeof *http);
  if (http == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    free(http);
    return NULL;
  }
  http->curl = curl_easy_init();
  if (http->curl == NULL) http_close(&http);
  return http;
}

void http_close(struct http **http) {
  if (*http == NULL) return;
  curl_easy_cleanup((*http)->curl);
  curl_global_cleanup();
  free(*http);
  *http = NULL;
}

/* libcurl's write function: bytes after decompression. */
static size_t receive(char *data, size_t one, size_t size, void *context) {
  struct receiving *receiving = context;
  (void)one;
  if (size > receiving->limit - receiving->size) {
    receiving->too_large = true;
    return 0;
  }
  if (receiving->size + size + 1 > receiving->capacity) {
    size_t capacity = 2 * (receiving->size + size + 1);
    uint8_t *larger = realloc(receiving->data, capacity);
    if (larger == NULL) {
      receiving->no_memory = true;
      return 0;
    }
    receiving->data = larger;
    receiving->capacity = capacity;
  }
  memcpy(receiving->data + receiving->size, data, size);
  receiving->size += size;
  return size;
}

/* libcurl's write function, into a file. */
struct downloading {
  FILE *stream;
  size_t size, limit;
  bool too_large, is_failed;
};

static size_t store(char *data, size_t one, size_t size, void *context) {
  struct downloading *downloading = context;
  (void)one;
  downloading->too_large = size > downloading->limit - downloading->size;
  if (downloading->too_large) return 0;
  downloading->is_failed = fwrite(data, 1, size, downloading->stream) != size;
  downloading->size += size;
  return downloading->is_failed ? 0 : size;
}

/* As OpenSSL has it: whom to trust instead of the authorities of this machine. */
static void trust(CURL *curl) {
  const char *file = getenv("SSL_CERT_FILE"), *folder = getenv("SSL_CERT_DIR");
  if (file != NULL && file[0] == '\0') file = NULL;
  if (folder != NULL && folder[0] == '\0') folder = NULL;
  if (file == NULL && folder == NULL) return;
  curl_easy_setopt(curl, CURLOPT_CAINFO, file);
  curl_easy_setopt(curl, CURLOPT_CAPATH, folder);
}

static void set_up(CURL *curl, struct receiving *receiving, const char *url) {
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, IDLE_SECONDS);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, WHOLE_SECONDS);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip, identity");
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "adduce");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, receiving);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, receiving->words);
  trust(curl);
}

static enum adduce_err keep(CURL *curl, struct adduce_scope *scope, struct http_answer *answer,
                            const struct receiving *receiving) {
  const char *type = NULL;
  uint8_t *body = adduce_fetch_allocate(scope, receiving->size + 1);
  if (body == NULL) return adduce_fetch_fail(scope, ADDUCE_E_MEMORY, "no memory for an answer");
  if (receiving->size != 0) memcpy(body, receiving->data, receiving->size);
  body[receiving->size] = '\0';
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  answer->type = type == NULL ? "" : text_format("%s", type);
  answer->body = (struct adduce_span){body, receiving->size};
  return ADDUCE_OK;
}

/* Why there was no answer. */
static const char *reason(CURLcode code, struct receiving *receiving) {
  const char *words =
      text_clean(receiving->words[0] == '\0' ? curl_easy_strerror(code) : receiving->words);
  receiving->is_hopeless = code == CURLE_PEER_FAILED_VERIFICATION ||
                           code == CURLE_SSL_CACERT_BADFILE || code == CURLE_UNSUPPORTED_PROTOCOL ||
                           code == CURLE_URL_MALFORMAT;
  if (code != CURLE_PEER_FAILED_VERIFICATION) return words;
  return text_format(
      "the server's certificate is not trusted (%s); $SSL_CERT_FILE names a file of authorities, "
      "PEM, to trust instead of those of this machine",
      words);
}

static enum adduce_err perform(struct http *http, struct adduce_scope *scope,
                               struct http_answer *answer, struct receiving *receiving,
                               const char *url) {
  CURLcode code = curl_easy_perform(http->curl);
  enum adduce_err err;
  if (code == CURLE_OK)
    err = keep(http->curl, scope, answer, receiving);
  else if (receiving->too_large)
    err = adduce_fetch_fail(
        scope, ADDUCE_E_TOO_LARGE,
        text_format("%s is larger than the %zu bytes allowed", url, receiving->limit));
  else if (receiving->no_memory)
    err = adduce_fetch_fail(scope, ADDUCE_E_MEMORY, "no memory for an answer");
  else
    err = adduce_fetch_fail(scope, ADDUCE_E_REMOTE,
                            text_format("%s: %s", url, reason(code, receiving)));
  free(receiving->data);
  return err;
}

enum adduce_err http_get(struct http *http, struct adduce_scope *scope, struct http_answer *answer,
                         const char *url, size_t limit_bytes) {
  enum adduce_err err = ADDUCE_E_REMOTE;
  bool is_hopeless = false;
  for (int i = 0; i < ATTEMPTS && err == ADDUCE_E_REMOTE && !is_hopeless; i++) {
    struct receiving receiving = {.limit = limit_bytes};
    set_up(http->curl, &receiving, url);
    curl_easy_setopt(http->curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(http->curl, CURLOPT_MAXREDIRS, REDIRECTIONS);
    err = perform(http, scope, answer, &receiving, url);
    is_hopeless = receiving.is_hopeless;
  }
  return err;
}

enum adduce_err http_post(struct http *http, struct adduce_scope *scope, struct http_answer *answer,
                          const char *url, const char *type, struct adduce_span body,
                          size_t limit_bytes) {
  struct receiving receiving = {.limit = limit_bytes};
  struct curl_slist *headers = curl_slist_append(NULL, text_format("Content-Type: %s", type));
  struct curl_slist *more = curl_slist_append(headers, "Expect:");
  set_up(http->curl, &receiving, url);
  curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, more == NULL ? headers : more);
  curl_easy_setopt(http->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.size);
  curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, body.data);
  enum adduce_err err = perform(http, scope, answer, &receiving, url);
  curl_slist_free_all(more == NULL ? headers : more);
  return err;
}

enum adduce_err http_head(struct http *http, struct adduce_scope *scope, struct http_answer *answer,
                          const char *url) {
  struct receiving receiving = {.limit = 0};
  set_up(http->curl, &receiving, url);
  curl_easy_setopt(http->curl, CURLOPT_NOBODY, 1L);
  return perform(http, scope, answer, &receiving, url);
}

/* --- files ---------------------------------------------------------------------------------*/

static enum adduce_err fail_file(struct adduce_scope *scope, const char *verb, const char *path) {
  const char *why = strerror(errno);
  enum adduce_err err = errno == ENOENT   ? ADDUCE_E_NO_FILE
                        : errno == ENOSPC ? ADDUCE_E_DISK_FULL
                                          : ADDUCE_E_IO;
  return adduce_fetch_fail(scope, err, text_format("%s %s: %s", verb, path, why));
}

static enum adduce_err download(struct http *http, struct adduce_scope *scope, long *status,
                                const char *url, struct downloading *downloading) {
  struct receiving receiving = {.limit = 0};
  set_up(http->curl, &receiving, url);
  curl_easy_setopt(http->curl, CURLOPT_WRITEFUNCTION, store);
  curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, downloading);
  curl_easy_setopt(http->curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(http->curl, CURLOPT_MAXREDIRS, REDIRECTIONS);
  curl_easy_setopt(http->curl, CURLOPT_TIMEOUT, 0L);
  CURLcode code = curl_easy_perform(http->curl);
  curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, status);
  if (code == CURLE_OK) return ADDUCE_OK;
  if (downloading->is_failed) return fail_file(scope, "write what comes from", url);
  if (downloading->too_large)
    return adduce_fetch_fail(
        scope, ADDUCE_E_TOO_LARGE,
        text_format("%s is larger than the %zu bytes allowed", url, downloading->limit));
  return adduce_fetch_fail(scope, ADDUCE_E_REMOTE,
                           text_format("%s: %s", url, reason(code, &receiving)));
}

enum adduce_err http_download(struct http *http, struct adduce_scope *scope, long *status,
                              const char *url, const char *path, size_t limit_bytes) {
  struct downloading downloading = {.stream = fopen(path, "wbe"), .limit = limit_bytes};
  *status = 0;
  if (downloading.stream == NULL) return fail_file(scope, "make", path);
  enum adduce_err err = download(http, scope, status, url, &downloading);
  if (fclose(downloading.stream) != 0 && err == ADDUCE_OK) err = fail_file(scope, "write", path);
  if (err != ADDUCE_OK || *status != 200) (void)remove(path);
  return err;
}

static enum adduce_err upload(struct http *http, struct adduce_scope *scope,
                              struct http_answer *answer, const char *url, FILE *stream,
                              bool exclusive, size_t limit_bytes) {
  struct receiving receiving = {.limit = limit_bytes};
  struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
  struct curl_slist *more = exclusive ? curl_slist_append(headers, "If-None-Match: *") : headers;
  (void)fseeko(stream, 0, SEEK_END);
  curl_off_t size = ftello(stream);
  rewind(stream);
  set_up(http->curl, &receiving, url);
  curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, more);
  curl_easy_setopt(http->curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(http->curl, CURLOPT_READDATA, stream);
  curl_easy_setopt(http->curl, CURLOPT_INFILESIZE_LARGE, size);
  curl_easy_setopt(http->curl, CURLOPT_TIMEOUT, 0L);
  enum adduce_err err = perform(http, scope, answer, &receiving, url);
  curl_slist_free_all(more == NULL ? headers : more);
  return err;
}

enum adduce_err http_upload(struct http *http, struct adduce_scope *scope,
                            struct http_answer *answer, const char *url, const char *path,
                            bool exclusive, size_t limit_bytes) {
  FILE *stream = fopen(path, "rbe");
  if (stream == NULL) return fail_file(scope, "open", path);
  enum adduce_err err = upload(http, scope, answer, url, stream, exclusive, limit_bytes);
  (void)fclose(stream);
  return err;
}
