/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl and libmicrohttpd are loaded when something is fetched or served, and not at the start of
 * every command: with the thirty libraries they bring along they took three quarters of the time of
 * a small one. Each function here has the library's name and type, and hands its call on. Those
 * that come first in any use (curl_global_init, MHD_start_daemon) fail when there is no such
 * library; the others are then never called. */
#include <dlfcn.h>
#include <stdio.h>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <microhttpd.h>
#undef curl_easy_getinfo
#undef curl_easy_setopt

enum library { CURL_LIBRARY, SERVER_LIBRARY };

/* The function of this name; NULL, and said why, if the library is not there. */
static void *find(enum library library, const char *function) {
  static const char *const names[] = {"libcurl.so.4", "libmicrohttpd.so.12"};
  static void *loaded[2];
  void *found = NULL;
  if (loaded[library] == NULL) loaded[library] = dlopen(names[library], RTLD_NOW | RTLD_LOCAL);
  if (loaded[library] != NULL) found = dlsym(loaded[library], function);
  if (found == NULL) (void)fprintf(stderr, "adduce: %s\n", dlerror());
  return found;
}

#define REAL(library, function) ((__typeof__(&(function)))find((library), #function))

CURLcode curl_global_init(long flags) {
  __typeof__(&curl_global_init) real = REAL(CURL_LIBRARY, curl_global_init);
  return real == NULL ? CURLE_FAILED_INIT : real(flags);
}

void curl_global_cleanup(void) {
  REAL(CURL_LIBRARY, curl_global_cleanup)();
}

CURL *curl_easy_init(void) {
  return REAL(CURL_LIBRARY, curl_easy_init)();
}

void curl_easy_cleanup(CURL *curl) {
  REAL(CURL_LIBRARY, curl_easy_cleanup)(curl);
}

void curl_easy_reset(CURL *curl) {
  REAL(CURL_LIBRARY, curl_easy_reset)(curl);
}

CURLcode curl_easy_perform(CURL *curl) {
  return REAL(CURL_LIBRARY, curl_easy_perform)(curl);
}

const char *curl_easy_strerror(CURLcode code) {
  return REAL(CURL_LIBRARY, curl_easy_strerror)(code);
}

/* The one argument is a long, a curl_off_t or a pointer, all of one size here. */
_Static_assert(sizeof(long) == sizeof(void *) && sizeof(curl_off_t) == sizeof(void *),
               "one argument of any type is passed on as a pointer");

CURLcode curl_easy_setopt(CURL *curl, CURLoption option, ...) {
  va_list arguments;
  va_start(arguments, option);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  return REAL(CURL_LIBRARY, curl_easy_setopt)(curl, option, argument);
}

CURLcode curl_easy_getinfo(CURL *curl, CURLINFO info, ...) {
  va_list arguments;
  va_start(arguments, info);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  return REAL(CURL_LIBRARY, curl_easy_getinfo)(curl, info, argument);
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
  return REAL(CURL_LIBRARY, curl_slist_append)(list, text);
}

void curl_slist_free_all(struct curl_slist *list) {
  REAL(CURL_LIBRARY, curl_slist_free_all)(list);
}

struct MHD_Daemon *MHD_start_daemon(unsigned int flags, uint16_t port, MHD_AcceptPolicyCallback apc,
                                    void *apc_cls, MHD_AccessHandlerCallback dh, void *dh_cls,
                                    ...) {
  __typeof__(&MHD_start_daemon_va) real = REAL(SERVER_LIBRARY, MHD_start_daemon_va);
  va_list options;
  va_start(options, dh_cls);
  struct MHD_Daemon *daemon =
      real == NULL ? NULL : real(flags, port, apc, apc_cls, dh, dh_cls, options);
  va_end(options);
  return daemon;
}

void MHD_stop_daemon(struct MHD_Daemon *daemon) {
  REAL(SERVER_LIBRARY, MHD_stop_daemon)(daemon);
}

const union MHD_DaemonInfo *MHD_get_daemon_info(struct MHD_Daemon *daemon,
                                                enum MHD_DaemonInfoType type, ...) {
  return REAL(SERVER_LIBRARY, MHD_get_daemon_info)(daemon, type);
}

struct MHD_Response *MHD_create_response_from_buffer(size_t size, void *buffer,
                                                     enum MHD_ResponseMemoryMode mode) {
  return REAL(SERVER_LIBRARY, MHD_create_response_from_buffer)(size, buffer, mode);
}

enum MHD_Result MHD_add_response_header(struct MHD_Response *response, const char *header,
                                        const char *content) {
  return REAL(SERVER_LIBRARY, MHD_add_response_header)(response, header, content);
}

enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned int status,
                                   struct MHD_Response *response) {
  return REAL(SERVER_LIBRARY, MHD_queue_response)(connection, status, response);
}

void MHD_destroy_response(struct MHD_Response *response) {
  REAL(SERVER_LIBRARY, MHD_destroy_response)(response);
}
