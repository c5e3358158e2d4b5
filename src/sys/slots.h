/* SPDX-License-Identifier: Apache-2.0 */
/* A small file of two slots, written in place in turn, so that one of them is always whole:
 * one pwrite and one fdatasync a change, which is what the path of every append can afford.
 *
 * Each slot is 512 bytes (one sector): u64be sequence, u32be size, payload, zeroes, and in the
 * last 32 bytes a checksum made by the caller over the 480 bytes before it. The slot with a
 * good checksum and the higher sequence counts; the one with sequence s stands in place s % 2.
 * An exclusive lock of the open file (F_OFD_SETLKW) is held from open to close; a second
 * slots_open waits for it, in another process or in this one. */
#ifndef SYS_SLOTS_H
#define SYS_SLOTS_H

#include "base/scope.h"

#define SLOTS_PAYLOAD_BYTES 468

struct slots {
  int fd;
  uint64_t sequence; /* of the current slot; 0 when neither slot is good */
};

typedef void slots_checksum_fn(const uint8_t *bytes480, uint8_t *out32);

/* Makes a slots file with this first payload; durable when it returns.
 * Errors: ADDUCE_E_EXISTS, ADDUCE_E_USAGE (payload too long), and as file_write. */
MUST_USE enum adduce_err slots_create(struct adduce_scope *scope, const char *path,
                                      struct adduce_span payload, slots_checksum_fn *checksum);

/* Opens and locks (waiting for other holders), and reads the current payload into the scope.
 * Errors: ADDUCE_E_NO_FILE, ADDUCE_E_CORRUPT (neither slot is good), ADDUCE_E_PERMISSION,
 * ADDUCE_E_READ_ONLY, ADDUCE_E_IO. Nothing stays open or locked on error. */
MUST_USE enum adduce_err slots_open(struct adduce_scope *scope, struct slots *slots,
                                    struct adduce_span *payload, const char *path,
                                    slots_checksum_fn *checksum);

/* As slots_open, but only reads, takes no lock and leaves nothing open. It may run while another
 * process writes, and then gets the payload before or after. */
MUST_USE enum adduce_err slots_read(struct adduce_scope *scope, struct adduce_span *payload,
                                    const char *path, slots_checksum_fn *checksum);

/* Writes `payload` (at most SLOTS_PAYLOAD_BYTES) into the other slot, durably.
 * Errors: ADDUCE_E_IO, ADDUCE_E_DISK_FULL, ADDUCE_E_USAGE (payload too long). The current slot
 * stands then; but if only the sync failed, a later open may find the new payload. */
MUST_USE enum adduce_err slots_write(struct adduce_scope *scope, struct slots *slots,
                                     struct adduce_span payload, slots_checksum_fn *checksum);

/* Unlocks and closes; closing twice is fine. */
void slots_close(struct slots *slots);

#endif
