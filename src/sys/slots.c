/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sys/slots.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bigendian.h"
#include "sys/file.h"

#define SLOT_BYTES 512
#define FILE_BYTES (2 * SLOT_BYTES)
#define SUMMED_BYTES 480
#define SIZE_AT 8
#define PAYLOAD_AT 12
#define READ_ATTEMPTS 16

/* The slot with sequence s stands in place s % 2, so that a write never touches the newest. */
static size_t place_of(uint64_t sequence) {
  return (size_t)(sequence & 1) * SLOT_BYTES;
}

static void fill(uint8_t *slot512, uint64_t sequence, struct adduce_span payload,
                 slots_checksum_fn *checksum) {
  memset(slot512, 0, SLOT_BYTES);
  bigendian_put64(slot512, sequence);
  bigendian_put32(slot512 + SIZE_AT, (uint32_t)payload.size);
  if (payload.size != 0) memcpy(slot512 + PAYLOAD_AT, payload.data, payload.size);
  checksum(slot512, slot512 + SUMMED_BYTES);
}

/* The sequence of a good slot; 0 when it is not good. */
static uint64_t sequence_of(const uint8_t *slot512, size_t place, slots_checksum_fn *checksum) {
  uint8_t sum[32];
  uint64_t sequence = bigendian_get64(slot512);
  if (place_of(sequence) != place) return 0;
  if (bigendian_get32(slot512 + SIZE_AT) > SLOTS_PAYLOAD_BYTES) return 0;
  checksum(slot512, sum);
  return memcmp(sum, slot512 + SUMMED_BYTES, sizeof sum) == 0 ? sequence : 0;
}

/* Finds the current slot among both; 0 when neither is good. */
static uint64_t choose(const uint8_t *slots1024, slots_checksum_fn *checksum,
                       struct adduce_span *payload) {
  uint64_t best = 0;
  for (size_t place = 0; place < FILE_BYTES; place += SLOT_BYTES) {
    const uint8_t *slot = slots1024 + place;
    uint64_t sequence = sequence_of(slot, place, checksum);
    if (sequence <= best) continue;
    best = sequence;
    *payload = span_of(slot + PAYLOAD_AT, bigendian_get32(slot + SIZE_AT));
  }
  return best;
}

/* Reads as much of both slots as there is; the rest is zeroes. */
static bool read_both(int fd, uint8_t *slots1024) {
  size_t have = 0;
  memset(slots1024, 0, FILE_BYTES);
  while (have < FILE_BYTES) {
    ssize_t got = pread(fd, slots1024 + have, FILE_BYTES - have, (off_t)have);
    if (got == 0) break;
    if (got > 0)
      have += (size_t)got;
    else if (errno != EINTR)
      return false;
  }
  return true;
}

static enum adduce_err load(struct adduce_scope *scope, uint64_t *sequence,
                            struct adduce_span *payload, int fd, const char *path,
                            slots_checksum_fn *checksum, int attempts) {
  uint8_t slots[FILE_BYTES];
  struct adduce_span found = {NULL, 0};
  *sequence = 0;
  while (*sequence == 0 && attempts-- > 0) {
    if (!read_both(fd, slots)) return file_fail(scope, errno, "read", path);
    *sequence = choose(slots, checksum, &found);
  }
  if (*sequence == 0)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "%s: neither of its two slots is whole", path);
  *payload = scope_copy(scope, found);
  return payload->data == NULL ? scope_no_memory(scope) : ADDUCE_OK;
}

static enum adduce_err check_payload(struct adduce_scope *scope, struct adduce_span payload) {
  if (payload.size <= SLOTS_PAYLOAD_BYTES) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_USAGE, "a slot holds %d bytes, not %zu", SLOTS_PAYLOAD_BYTES,
                    payload.size);
}

enum adduce_err slots_create(struct adduce_scope *scope, const char *path,
                             struct adduce_span payload, slots_checksum_fn *checksum) {
  uint8_t slots[FILE_BYTES] = {0};
  TRY(check_payload(scope, payload));
  fill(slots + place_of(1), 1, payload, checksum);
  return file_write(scope, path, span_of(slots, sizeof slots), 0644, true);
}

/* Waits for the lock. `*is_same` is false when meanwhile another file came to stand at `path`.
 * The lock belongs to the open file, not to the process, so it also keeps out our own threads,
 * and nobody loses it by closing another descriptor of the same file. */
static enum adduce_err lock(struct adduce_scope *scope, int fd, const char *path, bool *is_same) {
  struct stat held, standing;
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  while (fcntl(fd, F_OFD_SETLKW, &whole) != 0)
    if (errno != EINTR) return file_fail(scope, errno, "lock", path);
  if (fstat(fd, &held) != 0) return file_fail(scope, errno, "look at", path);
  if (!S_ISREG(held.st_mode))
    return scope_fail(scope, ADDUCE_E_IO, "%s is not a regular file", path);
  *is_same = false;
  if (stat(path, &standing) != 0)
    return errno == ENOENT ? ADDUCE_OK : file_fail(scope, errno, "look at", path);
  *is_same = held.st_dev == standing.st_dev && held.st_ino == standing.st_ino;
  return ADDUCE_OK;
}

enum adduce_err slots_open(struct adduce_scope *scope, struct slots *slots,
                           struct adduce_span *payload, const char *path,
                           slots_checksum_fn *checksum) {
  bool is_same = false;
  enum adduce_err err = ADDUCE_OK;
  slots->fd = -1;
  slots->sequence = 0;
  while (err == ADDUCE_OK && !is_same) {
    slots_close(slots);
    slots->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (slots->fd < 0) return file_fail(scope, errno, "open", path);
    err = lock(scope, slots->fd, path, &is_same);
  }
  if (err == ADDUCE_OK) err = load(scope, &slots->sequence, payload, slots->fd, path, checksum, 1);
  if (err != ADDUCE_OK) slots_close(slots);
  return err;
}

enum adduce_err slots_read(struct adduce_scope *scope, struct adduce_span *payload,
                           const char *path, slots_checksum_fn *checksum) {
  uint64_t sequence;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return file_fail(scope, errno, "open", path);
  /* Without the lock two writes may fall into one read and leave neither slot whole in it. */
  enum adduce_err err = load(scope, &sequence, payload, fd, path, checksum, READ_ATTEMPTS);
  close(fd);
  return err;
}

enum adduce_err slots_write(struct adduce_scope *scope, struct slots *slots,
                            struct adduce_span payload, slots_checksum_fn *checksum) {
  uint8_t slot[SLOT_BYTES];
  TRY(check_payload(scope, payload));
  if (slots->sequence == UINT64_MAX)
    return scope_fail(scope, ADDUCE_E_IO, "the slots file has no sequence number left");
  uint64_t sequence = slots->sequence + 1;
  fill(slot, sequence, payload, checksum);
  size_t done = 0;
  while (done < SLOT_BYTES) {
    ssize_t put =
        pwrite(slots->fd, slot + done, SLOT_BYTES - done, (off_t)(place_of(sequence) + done));
    if (put >= 0)
      done += (size_t)put;
    else if (errno != EINTR)
      return file_fail(scope, errno, "write", "the slots file");
  }
  while (fdatasync(slots->fd) != 0)
    if (errno != EINTR) return file_fail(scope, errno, "sync", "the slots file");
  slots->sequence = sequence;
  return ADDUCE_OK;
}

void slots_close(struct slots *slots) {
  if (slots->fd >= 0) close(slots->fd);
  slots->fd = -1;
}
