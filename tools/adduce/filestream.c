/* SPDX-License-Identifier: Apache-2.0 */
#include "filestream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "keys.h"

static bool is_standard(const struct filestream *stream) {
  return strcmp(stream->path, "-") == 0;
}

static enum adduce_err fail(struct adduce_scope *scope, const char *verb,
                            const struct filestream *stream) {
  enum adduce_err err = errno == ENOSPC ? ADDUCE_E_DISK_FULL : ADDUCE_E_IO;
  return adduce_fetch_fail(scope, err,
                           text_format("%s %s: %s", verb, stream->path, strerror(errno)));
}

/* --- reading -------------------------------------------------------------------------------*/

static enum adduce_err take(void *context, struct adduce_scope *scope, uint8_t *out, size_t *got,
                            size_t capacity) {
  struct filestream *stream = context;
  size_t left = stream->begin_size - stream->begin_given;
  *got = left < capacity ? left : capacity;
  memcpy(out, stream->begin + stream->begin_given, *got);
  stream->begin_given += *got;
  if (*got != 0) return ADDUCE_OK;
  *got = fread(out, 1, capacity, stream->file);
  return *got == 0 && ferror(stream->file) ? fail(scope, "read", stream) : ADDUCE_OK;
}

static enum adduce_err unseal(struct session *session, struct filestream *stream) {
  const struct adduce_source source = {take, stream};
  struct adduce_signer *own;
  TRY(keys_to_open(session, &own));
  if (own == NULL && session->author == NULL) {
    const char *path;
    TRY(keys_path(session, &path, keys_author_name(session)));
    TRY(keys_open(session, &own, path, "the key that the bundle is sealed to"));
  }
  const struct adduce_signer *signer = own != NULL ? own : session->author;
  stream->opened_with = adduce_signer_key(signer);
  enum adduce_err err = adduce_unsealed_open(session->scope, &stream->unsealed, &source, signer);
  adduce_signer_close(&own);
  return err;
}

enum adduce_err filestream_read(struct session *session, struct filestream *stream,
                                const char *path) {
  *stream = (struct filestream){.path = path};
  stream->file = is_standard(stream) ? stdin : fopen(path, "rbe");
  if (stream->file == NULL) return session_fail_system(session, "open", path);
  stream->begin_size = fread(stream->begin, 1, sizeof stream->begin, stream->file);
  const struct adduce_span begin = {stream->begin, stream->begin_size};
  return adduce_sealed_is(begin) ? unseal(session, stream) : ADDUCE_OK;
}

struct adduce_source filestream_source(struct filestream *stream) {
  if (stream->unsealed != NULL) return adduce_unsealed_source(stream->unsealed);
  return (struct adduce_source){take, stream};
}

/* --- writing -------------------------------------------------------------------------------*/

static enum adduce_err put(void *context, struct adduce_scope *scope, struct adduce_span bytes) {
  struct filestream *stream = context;
  bool is_put = fwrite(bytes.data, 1, bytes.size, stream->file) == bytes.size;
  return is_put ? ADDUCE_OK : fail(scope, "write", stream);
}

enum adduce_err filestream_write(struct session *session, struct filestream *stream,
                                 const char *path) {
  *stream = (struct filestream){.path = path};
  if (is_standard(stream)) {
    stream->file = stdout;
    return ADDUCE_OK;
  }
  stream->temporary = text_format("%s.new-%ld", path, (long)getpid());
  stream->file = fopen(stream->temporary, "wbxe");
  return stream->file != NULL ? ADDUCE_OK : session_fail_system(session, "make", stream->temporary);
}

struct adduce_sink filestream_sink(struct filestream *stream) {
  return (struct adduce_sink){put, stream};
}

enum adduce_err filestream_keep(struct session *session, struct filestream *stream) {
  if (fflush(stream->file) != 0) return session_fail_system(session, "write", stream->path);
  if (is_standard(stream)) return ADDUCE_OK;
  if (fsync(fileno(stream->file)) != 0) return session_fail_system(session, "sync", stream->path);
  FILE *file = stream->file;
  stream->file = NULL;
  if (fclose(file) != 0 || rename(stream->temporary, stream->path) != 0) {
    enum adduce_err err = session_fail_system(session, "write", stream->path);
    (void)remove(stream->temporary);
    return err;
  }
  return ADDUCE_OK;
}

enum adduce_err filestream_save(struct session *session, const char *path,
                                struct adduce_span bytes) {
  struct filestream stream;
  TRY(filestream_write(session, &stream, path));
  bool is_put = fwrite(bytes.data, 1, bytes.size, stream.file) == bytes.size;
  enum adduce_err err =
      is_put ? filestream_keep(session, &stream) : session_fail_system(session, "write", path);
  filestream_close(&stream);
  return err;
}

void filestream_close(struct filestream *stream) {
  adduce_unsealed_close(&stream->unsealed);
  if (stream->file == NULL || is_standard(stream)) return;
  (void)fclose(stream->file);
  if (stream->temporary != NULL) (void)remove(stream->temporary);
  stream->file = NULL;
}
