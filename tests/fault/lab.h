/* SPDX-License-Identifier: Apache-2.0 */
/* The laboratory: a library that is loaded before a program (LD_PRELOAD) and stands between it and
 * the system. It lets one occurrence of one call fail, and it writes down what the program does to
 * its files. For tests only; nothing of it is installed.
 *
 *   LAB_PAGE=FILE               struct lab_page, shared with whoever watches; made if it is not
 * there LAB_FAULT=CALL:N:WHAT[:ever] the N-th CALL after main() began fails, once or from then on
 *   LAB_TRACE=FILE LAB_ROOT=DIR  what happens to files below DIR is appended to FILE
 *   LAB_CLOCK=SECONDS            added to what the system says the time is, or, as @SECONDS,
 * instead of it
 *   LAB_ROOM=1                  every disk says that it has room
 *
 * WHAT is the name of an error, `short` (half is read or written), or `lie` (it is said to be
 * done, and is not; of writing only), `stop` (SIGSTOP, then it is done), or `kill` (SIGKILL, before
 * the call). A call that cannot fail in that way is done, and not counted as struck. */
#ifndef TESTS_FAULT_LAB_H
#define TESTS_FAULT_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* X(symbol, name) */
#define LAB_CALLS(X)            \
  X(LAB_OPEN, "open")           \
  X(LAB_READ, "read")           \
  X(LAB_PREAD, "pread")         \
  X(LAB_WRITE, "write")         \
  X(LAB_PWRITE, "pwrite")       \
  X(LAB_WRITEV, "writev")       \
  X(LAB_FSYNC, "fsync")         \
  X(LAB_FDATASYNC, "fdatasync") \
  X(LAB_MSYNC, "msync")         \
  X(LAB_FTRUNCATE, "ftruncate") \
  X(LAB_RENAME, "rename")       \
  X(LAB_LINK, "link")           \
  X(LAB_UNLINK, "unlink")       \
  X(LAB_MKDIR, "mkdir")         \
  X(LAB_STAT, "stat")           \
  X(LAB_FSTAT, "fstat")         \
  X(LAB_LSEEK, "lseek")         \
  X(LAB_FCNTL, "fcntl")         \
  X(LAB_OPENDIR, "opendir")     \
  X(LAB_READDIR, "readdir")     \
  X(LAB_STATVFS, "statvfs")     \
  X(LAB_MMAP, "mmap")           \
  X(LAB_MPROTECT, "mprotect")   \
  X(LAB_MLOCK, "mlock")         \
  X(LAB_MALLOC, "malloc")       \
  X(LAB_THREAD, "thread")       \
  X(LAB_RANDOM, "random")

enum lab_call {
#define LAB_ENUM(symbol, name) symbol,
  LAB_CALLS(LAB_ENUM)
#undef LAB_ENUM
      LAB_CALL_COUNT
};

/* What the watcher reads when the program is gone, however it went. */
struct lab_page {
  uint64_t struck; /* how often a call was made to fail */
  uint64_t counts[LAB_CALL_COUNT];
};

enum lab_what { LAB_NOTHING, LAB_ERROR, LAB_SHORT, LAB_LIE };

/* Counts a call and says what is to become of it; for LAB_ERROR errno is set. `may_be_short`: the
 * call moves more than one byte. Does not return where the program is to be killed. */
enum lab_what lab_strike(enum lab_call call, bool may_be_short);

/* --- the trace ------------------------------------------------------------------------------
 * A record is struct lab_record, then `path_bytes` of one path or two with a NUL between, then
 * `data_bytes`. Files are known by their inode's number, names by their path below LAB_ROOT. */
enum lab_op {
  LAB_OP_WRITE = 1, /* inode, offset, data */
  LAB_OP_RESIZE,    /* inode, offset = new size */
  LAB_OP_SYNC_LAST, /* inode: the last write to it, which was synchronous */
  LAB_OP_SYNC,      /* inode, of a file or folder, 0: everything; of a folder offset 1, path */
  LAB_OP_NAME,      /* path leads to inode: a new file, or a second name */
  LAB_OP_FOLDER,    /* path is a new folder */
  LAB_OP_RENAME,    /* path, NUL, path */
  LAB_OP_REMOVE,    /* path */
  LAB_OP_SAID,      /* data was written to standard output */
};

struct lab_record {
  uint32_t op, path_bytes;
  uint64_t inode, offset, data_bytes;
};

/* In a process that was forked, where nothing fails and nothing is written down: it may be
 * confined. */
extern bool lab_is_child;

void lab_trace_fd(enum lab_op op, int fd, uint64_t offset, const void *data, size_t size);
void lab_trace_path(enum lab_op op, int folder_fd, const char *path, int to_fd, const char *to);
void lab_trace_open(int fd, int folder_fd, const char *path, int flags);

void lab_trace_all(void); /* everything is synced: LAB_OP_SYNC of inode 0 */

/* Reads the environment; called when the library is loaded. */
void lab_trace_begin(void);

#endif
