/* SPDX-License-Identifier: Apache-2.0 */
/* A disk as a crash leaves it. What a program did to its files (the trace of tests/fault/lab.h) is
 * played against two layers: what is durable, and what is pending until somebody syncs it. A crash
 * keeps the durable layer and any part of the pending one: no operation, all, one, a write with
 * some of its 512-byte sectors. POSIX promises no more: names are durable when their folder was
 * synced, bytes when their file was. */
#ifndef TESTS_SUPPORT_DISK_H
#define TESTS_SUPPORT_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/lab.h"

#define DISK_FILES_MAX 256
#define DISK_SECTOR_BYTES ((size_t)512)

/* One record of the trace; it points into it. */
struct disk_op {
  enum lab_op op;
  uint64_t inode, offset;
  const char *path, *to; /* ended by NUL */
  const uint8_t *data;
  size_t size;
  bool is_folder; /* of LAB_OP_SYNC */
};

struct disk_trace {
  struct disk_op *ops;
  size_t count;
};

/* The whole trace in memory, for the life of the program; ends it, with a message, when it is not
 * one. */
struct disk_trace disk_trace_read(const char *path);

/* A layer: names, and the bytes of inodes. Zeroed, it is empty. */
struct disk {
  struct disk_name {
    char *path;
    uint64_t inode; /* 0: a folder */
  } names[DISK_FILES_MAX];
  struct disk_file {
    uint64_t inode;
    uint8_t *bytes;
    size_t size, capacity;
  } files[DISK_FILES_MAX];
  size_t name_count, file_count;
};

/* Does the operation. Of a write only the sectors, counted from its first byte on, whose bit is set
 * in `sectors` (bit 63 stands for all from 63 on). An operation on a name that is not there does
 * nothing. */
void disk_apply(struct disk *disk, const struct disk_op *op, uint64_t sectors);

void disk_copy(struct disk *to, const struct disk *from);
void disk_release(struct disk *disk);

/* Whether `sync`, an operation that syncs, makes `op`, which came before it, durable. Of writes to
 * a file opened for synchronous writing only the last one before it is meant: `later` says that
 * another write to that file came after `op`. */
bool disk_makes_durable(const struct disk_op *sync, const struct disk_op *op, bool later);

/* Writes the layer below `root`, which must not exist. */
void disk_write(const struct disk *disk, const char *root);

#endif
