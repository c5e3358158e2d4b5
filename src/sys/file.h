/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders: the library's only door to the file system, LMDB's own files apart.
 * Every error names the path. Nothing here follows a symbolic link at the last component
 * where it writes. */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include "base/scope.h"

/* Reads a whole regular file into the scope; a NUL follows that its size does not count.
 * Errors: ADDUCE_E_NO_FILE, ADDUCE_E_TOO_LARGE (over `limit_bytes`), ADDUCE_E_PERMISSION,
 * ADDUCE_E_IO (also: not a regular file), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err file_read(struct adduce_scope *scope, struct adduce_span *bytes,
                                   const char *path, size_t limit_bytes);

/* As file_read, but into `out`, of which no copy is made, and the file must belong to this user,
 * be no link, and grant nothing to group or others. Errors: as file_read; ADDUCE_E_KEY_FILE when
 * it is not safe. On error `out` is cleared if anything was read, and `*size` is 0. */
MUST_USE enum adduce_err file_read_secret(struct adduce_scope *scope, uint8_t *out, size_t *size,
                                          const char *path, size_t capacity);

/* Writes a file so that after a crash it is the old one or the new one, whole: temporary name
 * in the same folder, write, fsync, rename, fsync of the folder. With `exclusive`, an
 * existing file is ADDUCE_E_EXISTS. Errors: ADDUCE_E_DISK_FULL, ADDUCE_E_READ_ONLY,
 * ADDUCE_E_PERMISSION, ADDUCE_E_NO_FILE (no such folder), ADDUCE_E_IO; the old file stands then
 * and no temporary is left. (Only if the last step fails, the sync of the folder, the new file
 * stands, and might not after a crash.) `mode` is subject to the umask. */
MUST_USE enum adduce_err file_write(struct adduce_scope *scope, const char *path,
                                    struct adduce_span bytes, unsigned mode, bool exclusive);

/* Makes a folder, and those above it that are missing, and syncs their parents. An existing
 * folder is fine. Errors: as file_write; ADDUCE_E_EXISTS when something else is there. */
MUST_USE enum adduce_err file_make_folder(struct adduce_scope *scope, const char *path,
                                          unsigned mode);

/* The same for the folder in which `path` stands. */
MUST_USE enum adduce_err file_make_parent(struct adduce_scope *scope, const char *path);

enum file_type { FILE_NONE, FILE_REGULAR, FILE_FOLDER, FILE_OTHER };

/* What stands at `path` (links followed). Errors: as file_read, but that there is nothing is
 * FILE_NONE. */
MUST_USE enum adduce_err file_look(struct adduce_scope *scope, enum file_type *type,
                                   const char *path);

/* Errors: ADDUCE_E_EXISTS when anything stands at `path`, and those of file_look. */
MUST_USE enum adduce_err file_require_none(struct adduce_scope *scope, const char *path);

/* As file_look where it does not matter why nothing is seen: FILE_NONE also when it cannot be
 * looked at. */
enum file_type file_type(const char *path);

/* The size in bytes of a regular file; 0 when there is none. */
uint64_t file_size(const char *path);

/* Renames, replacing what is at `to`, and syncs `to`'s folder. With `exclusive` an existing
 * `to` is ADDUCE_E_EXISTS, and so is a folder that is not empty without it. Errors: as
 * file_write. */
MUST_USE enum adduce_err file_rename(struct adduce_scope *scope, const char *from, const char *to,
                                     bool exclusive);

/* Syncs a file or folder to the disk. Errors: ADDUCE_E_NO_FILE, ADDUCE_E_PERMISSION,
 * ADDUCE_E_DISK_FULL, ADDUCE_E_IO. */
MUST_USE enum adduce_err file_sync(struct adduce_scope *scope, const char *path);

/* Removes a file if there is one; a link itself, not its target. The folder is not synced.
 * Errors: ADDUCE_E_PERMISSION, ADDUCE_E_READ_ONLY, ADDUCE_E_IO (also: a folder). */
MUST_USE enum adduce_err file_remove(struct adduce_scope *scope, const char *path);

/* The same of what is of no use any more: an error leaves it there, and is not told. */
void file_discard(const char *path);

/* Removes a folder with all that is in it, if there is one; never follows links. On error part
 * of it may be gone. Errors: as file_remove. */
MUST_USE enum adduce_err file_remove_tree(struct adduce_scope *scope, const char *path);

/* The names in a folder, sorted bytewise, without "." and "..".
 * Errors: ADDUCE_E_NO_FILE, ADDUCE_E_PERMISSION, ADDUCE_E_IO, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err file_list(struct adduce_scope *scope, const char ***names, size_t *count,
                                   const char *folder);

/* Refuses file systems on which LMDB is known to corrupt: those of the network (NFS, SMB, AFS,
 * Coda, Ceph), 9p and FUSE. Errors: ADDUCE_E_FILESYSTEM; ADDUCE_E_NO_FILE, ADDUCE_E_PERMISSION,
 * ADDUCE_E_IO when `folder` cannot be looked at. */
MUST_USE enum adduce_err file_check_filesystem(struct adduce_scope *scope, const char *folder);

/* Refuses when fewer than `needed_bytes` are free for us where `path` is, or its folder if there
 * is nothing at `path` yet.
 * Errors: ADDUCE_E_DISK_FULL, ADDUCE_E_IO. */
MUST_USE enum adduce_err file_check_room(struct adduce_scope *scope, const char *path,
                                         uint64_t needed_bytes);

/* Copies a regular file's bytes, with file_write's care. Errors: as file_read, file_write. */
MUST_USE enum adduce_err file_copy(struct adduce_scope *scope, const char *from, const char *to,
                                   unsigned mode);

/* Reads exactly `size` bytes at `offset` of a file. Errors: as file_read; ADDUCE_E_CORRUPT when the
 * file ends before. */
MUST_USE enum adduce_err file_read_at(struct adduce_scope *scope, uint8_t *out, size_t size,
                                      const char *path, uint64_t offset);

/* What tells one version of a file from another: a file that was replaced has another stamp. All
 * zero when there is none. Errors: ADDUCE_E_PERMISSION, ADDUCE_E_IO. */
struct file_stamp {
  uint64_t device, inode, modified_ns, size;
};
MUST_USE enum adduce_err file_stamp(struct adduce_scope *scope, struct file_stamp *stamp,
                                    const char *path);

/* The descriptor is closed in programs that this process becomes. */
void file_close_on_exec(int fd);

/* The error that `errno_value` means, with the detail "VERB PATH: reason". */
enum adduce_err file_fail(struct adduce_scope *scope, int errno_value, const char *verb,
                          const char *path);

#endif
