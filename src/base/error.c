/* SPDX-License-Identifier: Apache-2.0 */
#include "adduce/error.h"

const char *adduce_error_sentence(enum adduce_err err) {
  switch (err) {
#define SENTENCE(symbol, code, name, exit_status, http, sentence) \
  case symbol:                                                    \
    return sentence;
    ADDUCE_ERRORS(SENTENCE)
#undef SENTENCE
  }
  return "an error this version does not know";
}

const char *adduce_error_name(enum adduce_err err) {
  switch (err) {
#define NAME(symbol, code, name, exit_status, http, sentence) \
  case symbol:                                                \
    return name;
    ADDUCE_ERRORS(NAME)
#undef NAME
  }
  return "unknown";
}

int adduce_error_exit(enum adduce_err err) {
  switch (err) {
#define EXIT_STATUS(symbol, code, name, exit_status, http, sentence) \
  case symbol:                                                       \
    return exit_status;
    ADDUCE_ERRORS(EXIT_STATUS)
#undef EXIT_STATUS
  }
  return 7;
}

int adduce_error_http(enum adduce_err err) {
  switch (err) {
#define HTTP_STATUS(symbol, code, name, exit_status, http, sentence) \
  case symbol:                                                       \
    return http;
    ADDUCE_ERRORS(HTTP_STATUS)
#undef HTTP_STATUS
  }
  return 500;
}
