/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/timestamp.h"

#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/libcrypto.h"

#define CERTIFICATES_BYTES_MAX ((size_t)16 << 20)

/* --- asking ------------------------------------------------------------------------------- */

/* The digest and its algorithm. */
static TS_MSG_IMPRINT *make_imprint(struct adduce_span stamped) {
  struct adduce_hash digest = hash_bytes(stamped);
  TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
  X509_ALGOR *algorithm = X509_ALGOR_new();
  bool made = imprint != NULL && algorithm != NULL &&
              X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
              TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
              TS_MSG_IMPRINT_set_msg(imprint, digest.bytes, sizeof digest.bytes) == 1;
  X509_ALGOR_free(algorithm);
  if (made) return imprint;
  TS_MSG_IMPRINT_free(imprint);
  return NULL;
}

static enum adduce_err encode_request(struct adduce_scope *scope, struct adduce_span *bytes,
                                      TS_REQ *request) {
  unsigned char *der = NULL;
  int size = i2d_TS_REQ(request, &der);
  if (size <= 0) return scope_no_memory(scope);
  *bytes = scope_copy(scope, span_of(der, (size_t)size));
  OPENSSL_free(der);
  return bytes->data == NULL ? scope_no_memory(scope) : ADDUCE_OK;
}

enum adduce_err timestamp_request(struct adduce_scope *scope, struct adduce_span *bytes,
                                  struct adduce_span stamped) {
  TRY(libcrypto_load(scope));
  TS_REQ *request = TS_REQ_new();
  TS_MSG_IMPRINT *imprint = make_imprint(stamped);
  enum adduce_err err = ADDUCE_OK;
  *bytes = span_of(NULL, 0);
  if (request == NULL || imprint == NULL || TS_REQ_set_version(request, 1) != 1 ||
      TS_REQ_set_msg_imprint(request, imprint) != 1 || TS_REQ_set_cert_req(request, 1) != 1)
    err = scope_no_memory(scope);
  else
    err = encode_request(scope, bytes, request);
  TS_MSG_IMPRINT_free(imprint);
  TS_REQ_free(request);
  return err;
}

/* --- reading ------------------------------------------------------------------------------ */

/* A response, or a token alone as what a response would carry. NULL when it is neither. */
static TS_RESP *read_response(struct adduce_span bytes) {
  const unsigned char *at = bytes.data;
  TS_RESP *response = d2i_TS_RESP(NULL, &at, (long)bytes.size);
  if (response != NULL && at == bytes.data + bytes.size) return response;
  TS_RESP_free(response);
  at = bytes.data;
  PKCS7 *token = d2i_PKCS7(NULL, &at, (long)bytes.size);
  TS_TST_INFO *info = token == NULL ? NULL : PKCS7_to_TS_TST_INFO(token);
  TS_STATUS_INFO *status = TS_STATUS_INFO_new();
  response = TS_RESP_new();
  bool made = info != NULL && response != NULL && status != NULL && at == bytes.data + bytes.size &&
              TS_STATUS_INFO_set_status(status, 0) == 1 &&
              TS_RESP_set_status_info(response, status) == 1;
  TS_STATUS_INFO_free(status);
  if (made) {
    TS_RESP_set_tst_info(response, token, info); /* takes both */
    return response;
  }
  TS_RESP_free(response);
  TS_TST_INFO_free(info);
  PKCS7_free(token);
  return NULL;
}

/* The fraction of a second of a GeneralizedTime, rounded up to whole microseconds. */
static int64_t read_fraction(const ASN1_GENERALIZEDTIME *time) {
  const char *text = (const char *)ASN1_STRING_get0_data(time);
  int size = ASN1_STRING_length(time), at = 0;
  int64_t fraction_us = 0, unit = 100000;
  bool more = false;
  while (at < size && text[at] != '.') at++;
  for (at++; at < size && text[at] >= '0' && text[at] <= '9'; at++, unit /= 10) {
    fraction_us += unit * (text[at] - '0');
    more = more || (unit == 0 && text[at] != '0');
  }
  return fraction_us + more;
}

/* A part of an accuracy: absent, or 0 to 999, or any number of seconds up to a year. */
static bool add_part(int64_t *sum_us, const ASN1_INTEGER *part, int64_t limit, int64_t unit_us) {
  int64_t number = 0;
  if (part == NULL) return true;
  if (ASN1_INTEGER_get_int64(&number, part) != 1 || number < 0 || number > limit) return false;
  *sum_us += number * unit_us;
  return true;
}

static bool read_time(struct timestamp *timestamp, TS_TST_INFO *info) {
  struct tm tm;
  int64_t accuracy_us = 0;
  const ASN1_GENERALIZEDTIME *time = TS_TST_INFO_get_time(info);
  const TS_ACCURACY *accuracy = TS_TST_INFO_get_accuracy(info);
  if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1) return false;
  int64_t seconds = clock_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * 86400 +
                    tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
  if (accuracy != NULL &&
      (!add_part(&accuracy_us, TS_ACCURACY_get_seconds(accuracy), 366 * 86400, 1000000) ||
       !add_part(&accuracy_us, TS_ACCURACY_get_millis(accuracy), 999, 1000) ||
       !add_part(&accuracy_us, TS_ACCURACY_get_micros(accuracy), 999, 1)))
    return false;
  timestamp->time_us = seconds * 1000000 + read_fraction(time);
  timestamp->until_us = timestamp->time_us + accuracy_us;
  return true;
}

/* The subject of the certificate whose key signed; "" when the token does not carry it. */
static const char *read_authority(struct adduce_scope *scope, PKCS7 *token) {
  char name[256];
  STACK_OF(X509) *signers = PKCS7_get0_signers(token, NULL, 0);
  const char *authority = "";
  if (signers != NULL && sk_X509_num(signers) > 0) {
    X509_NAME *subject = X509_get_subject_name(sk_X509_value(signers, 0));
    if (X509_NAME_oneline(subject, name, sizeof name) != NULL)
      authority = scope_format(scope, "%s", name);
  }
  sk_X509_free(signers);
  return authority;
}

static const char *read_serial(struct adduce_scope *scope, const TS_TST_INFO *info) {
  const ASN1_INTEGER *serial = TS_TST_INFO_get_serial(info);
  BIGNUM *number = serial == NULL ? NULL : ASN1_INTEGER_to_BN(serial, NULL);
  char *digits = number == NULL ? NULL : BN_bn2hex(number);
  const char *text = scope_format(scope, "%s", digits == NULL ? "" : digits);
  OPENSSL_free(digits);
  BN_free(number);
  return text;
}

/* Why there is no token: the status, and what the authority says about it. */
static enum adduce_err refuse(struct adduce_scope *scope, const TS_STATUS_INFO *info) {
  static const char *const names[] = {"granted", "granted with modifications", "rejection",
                                      "waiting", "revocation warning",         "revocation"};
  int64_t status = -1;
  const STACK_OF(ASN1_UTF8STRING) *texts = info == NULL ? NULL : TS_STATUS_INFO_get0_text(info);
  struct adduce_span words = span_of(NULL, 0);
  if (info != NULL) (void)ASN1_INTEGER_get_int64(&status, TS_STATUS_INFO_get0_status(info));
  if (texts != NULL && sk_ASN1_UTF8STRING_num(texts) > 0) {
    const ASN1_UTF8STRING *text = sk_ASN1_UTF8STRING_value(texts, 0);
    words = span_of(ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text));
  }
  if (words.size > 200) words.size = 200;
  return scope_fail(scope, ADDUCE_E_TIMESTAMP, "the authority gave no timestamp: %s%s%.*s",
                    status >= 0 && status < 6 ? names[status] : "no known status",
                    words.size == 0 ? "" : ": ", SPAN_ARGS(words));
}

static bool is_granted(const TS_STATUS_INFO *info) {
  int64_t status = -1;
  return info != NULL && ASN1_INTEGER_get_int64(&status, TS_STATUS_INFO_get0_status(info)) == 1 &&
         (status == TS_STATUS_GRANTED || status == TS_STATUS_GRANTED_WITH_MODS);
}

static enum adduce_err describe(struct adduce_scope *scope, struct timestamp *timestamp,
                                TS_RESP *response) {
  TS_TST_INFO *info = TS_RESP_get_tst_info(response);
  if (info == NULL || TS_RESP_get_token(response) == NULL ||
      !is_granted(TS_RESP_get_status_info(response)))
    return refuse(scope, TS_RESP_get_status_info(response));
  if (!read_time(timestamp, info))
    return scope_fail(scope, ADDUCE_E_FORM, "the timestamp has no time, or no sensible accuracy");
  timestamp->authority = read_authority(scope, TS_RESP_get_token(response));
  timestamp->serial = read_serial(scope, info);
  return scope_exhausted(scope) ? scope_no_memory(scope) : ADDUCE_OK;
}

static enum adduce_err open_response(struct adduce_scope *scope, struct timestamp *timestamp,
                                     TS_RESP **response, struct adduce_span bytes) {
  *timestamp = (struct timestamp){.authority = "", .serial = ""};
  *response = NULL;
  TRY(libcrypto_load(scope));
  if (bytes.size > TIMESTAMP_BYTES_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "a timestamp of more than %zu bytes",
                      TIMESTAMP_BYTES_MAX);
  if (bytes.size != 0) *response = read_response(bytes);
  ERR_clear_error();
  if (*response == NULL)
    return scope_fail(scope, ADDUCE_E_FORM, "not an RFC 3161 timestamp response or token");
  enum adduce_err err = describe(scope, timestamp, *response);
  if (err == ADDUCE_OK) return ADDUCE_OK;
  TS_RESP_free(*response);
  *response = NULL;
  return err;
}

enum adduce_err timestamp_parse(struct adduce_scope *scope, struct timestamp *timestamp,
                                struct adduce_span bytes) {
  TS_RESP *response;
  TRY(open_response(scope, timestamp, &response, bytes));
  TS_RESP_free(response);
  return ADDUCE_OK;
}

/* --- verifying ---------------------------------------------------------------------------- */

/* The certificates of a PEM text, in a store that judges them as of a time. */
static X509_STORE *make_store(struct adduce_span pem, int64_t time_us) {
  X509_STORE *store = X509_STORE_new();
  BIO *in = BIO_new_mem_buf(pem.data, (int)pem.size);
  int count = 0;
  if (store != NULL && in != NULL) {
    X509 *certificate;
    while ((certificate = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL) {
      count += X509_STORE_add_cert(store, certificate) == 1;
      X509_free(certificate);
    }
    X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
    X509_VERIFY_PARAM_set_time(param, (time_t)(time_us / 1000000));
  }
  BIO_free(in);
  ERR_clear_error();
  if (count != 0) return store;
  X509_STORE_free(store);
  return NULL;
}

/* Takes the store. */
static bool verify_response(TS_RESP *response, X509_STORE *store, struct adduce_span stamped) {
  struct adduce_hash digest = hash_bytes(stamped);
  TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
  unsigned char *imprint = OPENSSL_memdup(digest.bytes, sizeof digest.bytes);
  bool verified = false;
  if (context == NULL || imprint == NULL) {
    OPENSSL_free(imprint);
    X509_STORE_free(store);
  } else {
    TS_VERIFY_CTX_set_imprint(context, imprint, sizeof digest.bytes); /* takes it */
    TS_VERIFY_CTX_set_store(context, store);                          /* takes it */
    TS_VERIFY_CTX_set_flags(context, TS_VFY_SIGNATURE | TS_VFY_VERSION | TS_VFY_IMPRINT);
    verified = TS_RESP_verify_response(context, response) == 1;
  }
  TS_VERIFY_CTX_free(context);
  return verified;
}

enum adduce_err timestamp_verify(struct adduce_scope *scope, struct timestamp *timestamp,
                                 struct adduce_span bytes, struct adduce_span stamped,
                                 struct adduce_span certificates) {
  TS_RESP *response;
  if (certificates.size > CERTIFICATES_BYTES_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "certificates of more than 16 MiB");
  TRY(open_response(scope, timestamp, &response, bytes));
  X509_STORE *store = make_store(certificates, timestamp->time_us);
  enum adduce_err err = ADDUCE_OK;
  if (store == NULL)
    err = scope_fail(scope, ADDUCE_E_FORM,
                     "there is no PEM certificate of a time-stamping "
                     "authority");
  else if (!verify_response(response, store, stamped)) {
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    err = scope_fail(scope, ADDUCE_E_TIMESTAMP, "the timestamp does not verify: %s",
                     reason == NULL ? "no reason given" : reason);
  }
  ERR_clear_error();
  TS_RESP_free(response);
  return err;
}
