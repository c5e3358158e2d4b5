/* SPDX-License-Identifier: Apache-2.0 */
/* What timestamps need of OpenSSL's libcrypto, which is loaded when the first of them is read and
 * not at the start of every command: putting its tables in place took half the time of a small
 * one. From here on each function's name stands for the one found in the library, with the type
 * that OpenSSL's headers give it. For timestamp.c alone. */
#ifndef CRYPTO_LIBCRYPTO_H
#define CRYPTO_LIBCRYPTO_H

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>

#include "base/scope.h"

/* Loads the library, once. Errors: ADDUCE_E_TIMESTAMP (it is not on this machine). */
MUST_USE enum adduce_err libcrypto_load(struct adduce_scope *scope);

/* The function of this name. The library is loaded, and has it. */
void *libcrypto_find(const char *function);

#define LIBCRYPTO(function) ((__typeof__(&(function)))libcrypto_find(#function))

#define ASN1_INTEGER_get_int64 LIBCRYPTO(ASN1_INTEGER_get_int64)
#define ASN1_INTEGER_to_BN LIBCRYPTO(ASN1_INTEGER_to_BN)
#define ASN1_STRING_get0_data LIBCRYPTO(ASN1_STRING_get0_data)
#define ASN1_STRING_length LIBCRYPTO(ASN1_STRING_length)
#define ASN1_TIME_to_tm LIBCRYPTO(ASN1_TIME_to_tm)
#define BIO_free LIBCRYPTO(BIO_free)
#define BIO_new_mem_buf LIBCRYPTO(BIO_new_mem_buf)
#define BN_bn2hex LIBCRYPTO(BN_bn2hex)
#define BN_free LIBCRYPTO(BN_free)
#define CRYPTO_free LIBCRYPTO(CRYPTO_free)
#define CRYPTO_memdup LIBCRYPTO(CRYPTO_memdup)
#define ERR_clear_error LIBCRYPTO(ERR_clear_error)
#define ERR_peek_last_error LIBCRYPTO(ERR_peek_last_error)
#define ERR_reason_error_string LIBCRYPTO(ERR_reason_error_string)
#define OBJ_nid2obj LIBCRYPTO(OBJ_nid2obj)
#define OPENSSL_sk_free LIBCRYPTO(OPENSSL_sk_free)
#define OPENSSL_sk_num LIBCRYPTO(OPENSSL_sk_num)
#define OPENSSL_sk_value LIBCRYPTO(OPENSSL_sk_value)
#define PEM_read_bio_X509 LIBCRYPTO(PEM_read_bio_X509)
#define PKCS7_free LIBCRYPTO(PKCS7_free)
#define PKCS7_get0_signers LIBCRYPTO(PKCS7_get0_signers)
#define PKCS7_to_TS_TST_INFO LIBCRYPTO(PKCS7_to_TS_TST_INFO)
#define TS_ACCURACY_get_micros LIBCRYPTO(TS_ACCURACY_get_micros)
#define TS_ACCURACY_get_millis LIBCRYPTO(TS_ACCURACY_get_millis)
#define TS_ACCURACY_get_seconds LIBCRYPTO(TS_ACCURACY_get_seconds)
#define TS_MSG_IMPRINT_free LIBCRYPTO(TS_MSG_IMPRINT_free)
#define TS_MSG_IMPRINT_new LIBCRYPTO(TS_MSG_IMPRINT_new)
#define TS_MSG_IMPRINT_set_algo LIBCRYPTO(TS_MSG_IMPRINT_set_algo)
#define TS_MSG_IMPRINT_set_msg LIBCRYPTO(TS_MSG_IMPRINT_set_msg)
#define TS_REQ_free LIBCRYPTO(TS_REQ_free)
#define TS_REQ_new LIBCRYPTO(TS_REQ_new)
#define TS_REQ_set_cert_req LIBCRYPTO(TS_REQ_set_cert_req)
#define TS_REQ_set_msg_imprint LIBCRYPTO(TS_REQ_set_msg_imprint)
#define TS_REQ_set_version LIBCRYPTO(TS_REQ_set_version)
#define TS_RESP_free LIBCRYPTO(TS_RESP_free)
#define TS_RESP_get_status_info LIBCRYPTO(TS_RESP_get_status_info)
#define TS_RESP_get_token LIBCRYPTO(TS_RESP_get_token)
#define TS_RESP_get_tst_info LIBCRYPTO(TS_RESP_get_tst_info)
#define TS_RESP_new LIBCRYPTO(TS_RESP_new)
#define TS_RESP_set_status_info LIBCRYPTO(TS_RESP_set_status_info)
#define TS_RESP_set_tst_info LIBCRYPTO(TS_RESP_set_tst_info)
#define TS_RESP_verify_response LIBCRYPTO(TS_RESP_verify_response)
#define TS_STATUS_INFO_free LIBCRYPTO(TS_STATUS_INFO_free)
#define TS_STATUS_INFO_get0_status LIBCRYPTO(TS_STATUS_INFO_get0_status)
#define TS_STATUS_INFO_get0_text LIBCRYPTO(TS_STATUS_INFO_get0_text)
#define TS_STATUS_INFO_new LIBCRYPTO(TS_STATUS_INFO_new)
#define TS_STATUS_INFO_set_status LIBCRYPTO(TS_STATUS_INFO_set_status)
#define TS_TST_INFO_free LIBCRYPTO(TS_TST_INFO_free)
#define TS_TST_INFO_get_accuracy LIBCRYPTO(TS_TST_INFO_get_accuracy)
#define TS_TST_INFO_get_serial LIBCRYPTO(TS_TST_INFO_get_serial)
#define TS_TST_INFO_get_time LIBCRYPTO(TS_TST_INFO_get_time)
#define TS_VERIFY_CTX_free LIBCRYPTO(TS_VERIFY_CTX_free)
#define TS_VERIFY_CTX_new LIBCRYPTO(TS_VERIFY_CTX_new)
#define TS_VERIFY_CTX_set_flags LIBCRYPTO(TS_VERIFY_CTX_set_flags)
#define TS_VERIFY_CTX_set_imprint LIBCRYPTO(TS_VERIFY_CTX_set_imprint)
#define TS_VERIFY_CTX_set_store LIBCRYPTO(TS_VERIFY_CTX_set_store)
#define X509_ALGOR_free LIBCRYPTO(X509_ALGOR_free)
#define X509_ALGOR_new LIBCRYPTO(X509_ALGOR_new)
#define X509_ALGOR_set0 LIBCRYPTO(X509_ALGOR_set0)
#define X509_NAME_oneline LIBCRYPTO(X509_NAME_oneline)
#define X509_STORE_add_cert LIBCRYPTO(X509_STORE_add_cert)
#define X509_STORE_free LIBCRYPTO(X509_STORE_free)
#define X509_STORE_get0_param LIBCRYPTO(X509_STORE_get0_param)
#define X509_STORE_new LIBCRYPTO(X509_STORE_new)
#define X509_VERIFY_PARAM_set_time LIBCRYPTO(X509_VERIFY_PARAM_set_time)
#define X509_free LIBCRYPTO(X509_free)
#define X509_get_subject_name LIBCRYPTO(X509_get_subject_name)
#define d2i_PKCS7 LIBCRYPTO(d2i_PKCS7)
#define d2i_TS_RESP LIBCRYPTO(d2i_TS_RESP)
#define i2d_TS_REQ LIBCRYPTO(i2d_TS_REQ)

#endif
