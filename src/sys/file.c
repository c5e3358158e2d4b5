/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sys/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#define TEMPORARY_ATTEMPTS 10000
#define COPY_BYTES 65536

enum adduce_err file_fail(struct adduce_scope *scope, int errno_value, const char *verb,
                          const char *path) {
  enum adduce_err err = ADDUCE_E_IO;
  switch (errno_value) {
    case ENOENT:
    case ENOTDIR:
      err = ADDUCE_E_NO_FILE;
      break;
    case EACCES:
    case EPERM:
      err = ADDUCE_E_PERMISSION;
      break;
    case EROFS:
      err = ADDUCE_E_READ_ONLY;
      break;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      err = ADDUCE_E_DISK_FULL;
      break;
    case EEXIST:
      err = ADDUCE_E_EXISTS;
      break;
    case ENOMEM:
      err = ADDUCE_E_MEMORY;
      break;
    default:
      break;
  }
  const char *reason = strerrordesc_np(errno_value);
  return scope_fail(scope, err, "%s %s: %s", verb, path, reason == NULL ? "unknown" : reason);
}

/* --- reading --- */

/* Opens a regular file; a FIFO or device is refused without waiting for it. */
static enum adduce_err open_regular(struct adduce_scope *scope, int *fd, struct stat *status,
                                    const char *path, int flags) {
  if (scope_exhausted(scope)) return scope_no_memory(scope); /* the path is none, then */
  *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
  if (*fd < 0) return file_fail(scope, errno, "open", path);
  enum adduce_err err = ADDUCE_OK;
  if (fstat(*fd, status) != 0)
    err = file_fail(scope, errno, "look at", path);
  else if (!S_ISREG(status->st_mode))
    err = scope_fail(scope, ADDUCE_E_IO, "%s is not a regular file", path);
  if (err != ADDUCE_OK) close(*fd);
  return err;
}

/* read(2), begun again when a signal came between. */
static ssize_t read_some(int fd, void *out, size_t capacity) {
  ssize_t got;
  do got = read(fd, out, capacity);
  while (got < 0 && errno == EINTR);
  return got;
}

/* Reads to the end of the file or until `out` is full. */
static enum adduce_err read_full(struct adduce_scope *scope, uint8_t *out, size_t *size, int fd,
                                 const char *path, size_t capacity) {
  *size = 0;
  while (*size < capacity) {
    ssize_t got = read_some(fd, out + *size, capacity - *size);
    if (got < 0) return file_fail(scope, errno, "read", path);
    if (got == 0) break;
    *size += (size_t)got;
  }
  return ADDUCE_OK;
}

static enum adduce_err refuse_size(struct adduce_scope *scope, const char *path,
                                   size_t limit_bytes) {
  return scope_fail(scope, ADDUCE_E_TOO_LARGE, "%s is larger than the %zu bytes allowed here", path,
                    limit_bytes);
}

static enum adduce_err read_into(struct adduce_scope *scope, struct adduce_span *bytes, int fd,
                                 const char *path, size_t file_bytes, size_t limit_bytes) {
  if (file_bytes > limit_bytes) return refuse_size(scope, path, limit_bytes);
  size_t capacity = file_bytes + 1; /* one more shows whether the file has grown */
  size_t size = 0;
  uint8_t *data = scope_alloc(scope, capacity);
  while (data != NULL) {
    size_t got;
    TRY(read_full(scope, data + size, &got, fd, path, capacity - size));
    size += got;
    if (size > limit_bytes) return refuse_size(scope, path, limit_bytes);
    if (size < capacity) {
      data[size] = 0;
      *bytes = span_of(data, size);
      return ADDUCE_OK;
    }
    size_t larger = capacity > limit_bytes / 2 ? limit_bytes + 1 : capacity * 2;
    data = scope_grow(scope, data, capacity, larger);
    capacity = larger;
  }
  return scope_no_memory(scope);
}

enum adduce_err file_read(struct adduce_scope *scope, struct adduce_span *bytes, const char *path,
                          size_t limit_bytes) {
  int fd;
  struct stat status;
  *bytes = span_of(NULL, 0);
  if (limit_bytes > SIZE_MAX / 4) limit_bytes = SIZE_MAX / 4;
  TRY(open_regular(scope, &fd, &status, path, 0));
  enum adduce_err err = read_into(scope, bytes, fd, path, (size_t)status.st_size, limit_bytes);
  close(fd);
  return err;
}

static enum adduce_err check_secret(struct adduce_scope *scope, const struct stat *status,
                                    const char *path) {
  if (status->st_uid != geteuid())
    return scope_fail(scope, ADDUCE_E_KEY_FILE, "%s belongs to another user (uid %u)", path,
                      (unsigned)status->st_uid);
  if ((status->st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return scope_fail(scope, ADDUCE_E_KEY_FILE,
                      "%s can be reached by others (mode %04o); run: chmod 600 %s", path,
                      (unsigned)status->st_mode & 07777u, path);
  return ADDUCE_OK;
}

enum adduce_err file_read_secret(struct adduce_scope *scope, uint8_t *out, size_t *size,
                                 const char *path, size_t capacity) {
  struct stat status;
  int fd;
  *size = 0;
  if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
    return scope_fail(scope, ADDUCE_E_KEY_FILE, "%s is a symbolic link", path);
  TRY(open_regular(scope, &fd, &status, path, O_NOFOLLOW));
  enum adduce_err err = check_secret(scope, &status, path);
  if (err == ADDUCE_OK) err = read_full(scope, out, size, fd, path, capacity);
  uint8_t beyond;
  ssize_t more = err == ADDUCE_OK && *size == capacity ? read_some(fd, &beyond, 1) : 0;
  if (more > 0) err = refuse_size(scope, path, capacity);
  if (more < 0) err = file_fail(scope, errno, "read", path);
  close(fd);
  if (err != ADDUCE_OK) {
    explicit_bzero(out, capacity);
    *size = 0;
  }
  return err;
}

/* --- writing --- */

static enum adduce_err sync_fd(struct adduce_scope *scope, int fd, const char *path) {
  while (fsync(fd) != 0)
    if (errno != EINTR) return file_fail(scope, errno, "sync", path);
  return ADDUCE_OK;
}

enum adduce_err file_sync(struct adduce_scope *scope, const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return file_fail(scope, errno, "open", path);
  enum adduce_err err = sync_fd(scope, fd, path);
  close(fd);
  return err;
}

/* The folder in which `path` stands; "" when memory is out. */
static const char *folder_of(struct adduce_scope *scope, const char *path) {
  size_t size = strlen(path);
  while (size > 1 && path[size - 1] == '/') size--;
  while (size > 0 && path[size - 1] != '/') size--;
  while (size > 1 && path[size - 1] == '/') size--;
  return size == 0 ? "." : scope_format(scope, "%.*s", (int)size, path);
}

static const char *name_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

/* A file that is being written under a temporary name beside the one it will have. */
struct staged {
  struct adduce_scope *scope;
  const char *path;
  const char *name;      /* the last component of `path` */
  const char *temporary; /* the name until then; NULL: it has none */
  int folder_fd;
  int fd;
};

/* A file without a name, where the system has that: a crash leaves nothing of it, which matters for
 * secrets. It can be given a name that is free, not one that is taken. */
static bool stage_nameless(struct staged *staged, unsigned mode) {
  if (access("/proc/self/fd", X_OK) != 0) return false; /* by which it gets its name */
  staged->fd = openat(staged->folder_fd, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, (mode_t)mode);
  return staged->fd >= 0;
}

/* Names are tried until one is free, so that no two writers, and no remains of a crash, meet. */
static enum adduce_err stage_named(struct staged *staged, unsigned mode) {
  for (unsigned i = 0; i < TEMPORARY_ATTEMPTS; i++) {
    staged->temporary =
        scope_format(staged->scope, ".%s.%ld.%u.tmp", staged->name, (long)getpid(), i);
    if (scope_exhausted(staged->scope)) return scope_no_memory(staged->scope);
    staged->fd = openat(staged->folder_fd, staged->temporary,
                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
    if (staged->fd >= 0) return ADDUCE_OK;
    if (errno != EEXIST) break;
  }
  return file_fail(staged->scope, errno, "write", staged->path);
}

static enum adduce_err stage_open(struct staged *staged, struct adduce_scope *scope,
                                  const char *path, unsigned mode, bool exclusive) {
  *staged = (struct staged){.scope = scope, .path = path, .name = name_of(path), .fd = -1};
  const char *folder = folder_of(scope, path);
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  staged->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (staged->folder_fd < 0) return file_fail(scope, errno, "open", folder);
  if (exclusive && stage_nameless(staged, mode)) return ADDUCE_OK;
  enum adduce_err err = stage_named(staged, mode);
  if (err != ADDUCE_OK) close(staged->folder_fd);
  return err;
}

static enum adduce_err stage_write(struct staged *staged, struct adduce_span bytes) {
  while (bytes.size != 0) {
    ssize_t put = write(staged->fd, bytes.data, bytes.size);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return file_fail(staged->scope, errno, "write", staged->path);
    bytes = span_of(bytes.data + put, bytes.size - (size_t)put);
  }
  return ADDUCE_OK;
}

/* Gives `from` the name `to` unless something has it. Where the file system cannot do that in
 * one step, a second name first and then the removal of the first do the same for files. */
static bool rename_exclusive(int from_fd, const char *from, int to_fd, const char *to) {
  if (renameat2(from_fd, from, to_fd, to, RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  return linkat(from_fd, from, to_fd, to, 0) == 0 && unlinkat(from_fd, from, 0) == 0;
}

static bool name_nameless(const struct staged *staged) {
  char link[32];
  (void)snprintf(link, sizeof link, "/proc/self/fd/%d", staged->fd);
  return linkat(AT_FDCWD, link, staged->folder_fd, staged->name, AT_SYMLINK_FOLLOW) == 0;
}

static enum adduce_err stage_rename(const struct staged *staged, bool exclusive) {
  int fd = staged->folder_fd;
  bool is_done = staged->temporary == NULL ? name_nameless(staged)
                 : exclusive ? rename_exclusive(fd, staged->temporary, fd, staged->name)
                             : renameat(fd, staged->temporary, fd, staged->name) == 0;
  return is_done ? ADDUCE_OK : file_fail(staged->scope, errno, "write", staged->path);
}

/* Ends what stage_open began: makes the file the one at `path`, or after an error removes it. */
static enum adduce_err stage_close(struct staged *staged, enum adduce_err err, bool exclusive) {
  if (err == ADDUCE_OK) err = sync_fd(staged->scope, staged->fd, staged->path);
  if (err == ADDUCE_OK) err = stage_rename(staged, exclusive);
  (void)close(staged->fd); /* synced: nothing is left that could fail */
  if (err == ADDUCE_OK)
    err = sync_fd(staged->scope, staged->folder_fd, staged->path);
  else if (staged->temporary != NULL)
    (void)unlinkat(staged->folder_fd, staged->temporary, 0);
  close(staged->folder_fd);
  return err;
}

enum adduce_err file_write(struct adduce_scope *scope, const char *path, struct adduce_span bytes,
                           unsigned mode, bool exclusive) {
  struct staged staged;
  TRY(stage_open(&staged, scope, path, mode, exclusive));
  return stage_close(&staged, stage_write(&staged, bytes), exclusive);
}

static enum adduce_err copy_bytes(struct staged *staged, int from_fd, const char *from) {
  uint8_t *block = scope_alloc(staged->scope, COPY_BYTES);
  if (block == NULL) return scope_no_memory(staged->scope);
  for (;;) {
    ssize_t got = read_some(from_fd, block, COPY_BYTES);
    if (got < 0) return file_fail(staged->scope, errno, "read", from);
    if (got == 0) return ADDUCE_OK;
    TRY(stage_write(staged, span_of(block, (size_t)got)));
  }
}

enum adduce_err file_copy(struct adduce_scope *scope, const char *from, const char *to,
                          unsigned mode) {
  struct staged staged;
  struct stat status;
  int from_fd;
  TRY(open_regular(scope, &from_fd, &status, from, 0));
  enum adduce_err err = stage_open(&staged, scope, to, mode, false);
  if (err == ADDUCE_OK) err = stage_close(&staged, copy_bytes(&staged, from_fd, from), false);
  close(from_fd);
  return err;
}

enum adduce_err file_rename(struct adduce_scope *scope, const char *from, const char *to,
                            bool exclusive) {
  bool is_done = exclusive ? rename_exclusive(AT_FDCWD, from, AT_FDCWD, to) : rename(from, to) == 0;
  if (!is_done) {
    int why = errno == ENOTEMPTY ? EEXIST : errno;
    return file_fail(scope, why, "rename", why == EEXIST ? to : from);
  }
  const char *folder = folder_of(scope, to);
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  return file_sync(scope, folder);
}

/* --- folders --- */

static enum adduce_err make_one(struct adduce_scope *scope, const char *path, unsigned mode) {
  enum file_type type;
  TRY(file_look(scope, &type, path));
  if (type == FILE_FOLDER) return ADDUCE_OK;
  if (mkdir(path, (mode_t)mode) != 0) {
    int why = errno;
    if (why == EEXIST && file_type(path) == FILE_FOLDER) return ADDUCE_OK;
    return file_fail(scope, why, "make the folder", path);
  }
  return file_sync(scope, folder_of(scope, path));
}

enum adduce_err file_make_folder(struct adduce_scope *scope, const char *path, unsigned mode) {
  struct adduce_span copy = scope_copy(scope, span_text(path));
  if (copy.data == NULL) return scope_no_memory(scope);
  char *text = (char *)(uintptr_t)copy.data;
  for (size_t i = 1; i < copy.size; i++) {
    if (text[i] != '/' || text[i - 1] == '/') continue;
    text[i] = '\0';
    TRY(make_one(scope, text, mode));
    text[i] = '/';
  }
  return make_one(scope, text, mode);
}

enum adduce_err file_make_parent(struct adduce_scope *scope, const char *path) {
  return file_make_folder(scope, folder_of(scope, path), 0777);
}

/* Whether it could be looked at; otherwise errno says why. */
static bool look(enum file_type *type, const char *path) {
  struct stat status;
  *type = FILE_NONE;
  if (stat(path, &status) != 0) return errno == ENOENT || errno == ENOTDIR;
  *type = S_ISREG(status.st_mode)   ? FILE_REGULAR
          : S_ISDIR(status.st_mode) ? FILE_FOLDER
                                    : FILE_OTHER;
  return true;
}

enum adduce_err file_look(struct adduce_scope *scope, enum file_type *type, const char *path) {
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  return look(type, path) ? ADDUCE_OK : file_fail(scope, errno, "look at", path);
}

enum adduce_err file_require_none(struct adduce_scope *scope, const char *path) {
  enum file_type type;
  TRY(file_look(scope, &type, path));
  if (type == FILE_NONE) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_EXISTS, "%s exists already", path);
}

enum file_type file_type(const char *path) {
  enum file_type type;
  (void)look(&type, path);
  return type;
}

uint64_t file_size(const char *path) {
  struct stat status;
  if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  return (uint64_t)status.st_size;
}

enum adduce_err file_remove(struct adduce_scope *scope, const char *path) {
  if (unlink(path) == 0 || errno == ENOENT) return ADDUCE_OK;
  return file_fail(scope, errno, "remove", path);
}

void file_discard(const char *path) {
  (void)unlink(path);
}

static bool is_dots(const char *name) {
  return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* The next entry, "." and ".." left out; NULL at the end (errno 0) or on error. */
static const struct dirent *next_entry(DIR *folder) {
  const struct dirent *entry;
  do {
    errno = 0;
    entry = readdir(folder);
  } while (entry != NULL && is_dots(entry->d_name));
  return entry;
}

static enum adduce_err remove_entry(struct adduce_scope *scope, int folder_fd, const char *name,
                                    const char *path);

static enum adduce_err empty_folder(struct adduce_scope *scope, DIR *folder, const char *path) {
  const struct dirent *entry;
  while ((entry = next_entry(folder)) != NULL) {
    struct scope_mark mark = scope_mark(scope);
    const char *inner = scope_format(scope, "%s/%s", path, entry->d_name);
    enum adduce_err err = remove_entry(scope, dirfd(folder), entry->d_name, inner);
    scope_rewind(scope, mark);
    if (err != ADDUCE_OK) return err;
  }
  return errno == 0 ? ADDUCE_OK : file_fail(scope, errno, "list", path);
}

/* Removes `name` in the folder, whatever it is; `path` is for the details of errors. */
static enum adduce_err remove_entry(struct adduce_scope *scope, int folder_fd, const char *name,
                                    const char *path) {
  struct stat status;
  if (fstatat(folder_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT ? ADDUCE_OK : file_fail(scope, errno, "look at", path);
  bool is_folder = S_ISDIR(status.st_mode);
  if (is_folder) {
    int fd = openat(folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return file_fail(scope, errno, "open", path);
    DIR *folder = fdopendir(fd);
    if (folder == NULL) {
      int why = errno;
      close(fd);
      return file_fail(scope, why, "open", path);
    }
    enum adduce_err err = empty_folder(scope, folder, path);
    closedir(folder);
    if (err != ADDUCE_OK) return err;
  }
  if (unlinkat(folder_fd, name, is_folder ? AT_REMOVEDIR : 0) == 0 || errno == ENOENT)
    return ADDUCE_OK;
  return file_fail(scope, errno, "remove", path);
}

enum adduce_err file_remove_tree(struct adduce_scope *scope, const char *path) {
  return remove_entry(scope, AT_FDCWD, path, path);
}

static int compare_names(const void *a, const void *b) {
  const char *const *left = a, *const *right = b;
  return strcmp(*left, *right);
}

static enum adduce_err list_open(struct adduce_scope *scope, const char ***names, size_t *count,
                                 DIR *folder, const char *path) {
  size_t capacity = 16;
  const struct dirent *entry;
  const char **list = scope_array(scope, capacity, sizeof *list);
  while (list != NULL && (entry = next_entry(folder)) != NULL) {
    struct adduce_span name = scope_copy(scope, span_text(entry->d_name));
    if (*count == capacity) {
      list = scope_grow(scope, list, capacity * sizeof *list, 2 * capacity * sizeof *list);
      capacity *= 2;
    }
    if (list != NULL) list[(*count)++] = (const char *)name.data;
  }
  if (list == NULL || scope_exhausted(scope)) return scope_no_memory(scope);
  if (errno != 0) return file_fail(scope, errno, "list", path);
  qsort(list, *count, sizeof *list, compare_names);
  *names = list;
  return ADDUCE_OK;
}

enum adduce_err file_list(struct adduce_scope *scope, const char ***names, size_t *count,
                          const char *folder) {
  *names = NULL;
  *count = 0;
  DIR *opened = opendir(folder);
  if (opened == NULL) return file_fail(scope, errno, "list", folder);
  enum adduce_err err = list_open(scope, names, count, opened, folder);
  closedir(opened);
  if (err != ADDUCE_OK) *count = 0;
  return err;
}

/* --- file systems --- */

enum adduce_err file_check_filesystem(struct adduce_scope *scope, const char *folder) {
  static const struct {
    uint32_t magic;
    const char *name;
  } refused[] = {
      {NFS_SUPER_MAGIC, "NFS"},   {SMB_SUPER_MAGIC, "SMB"}, {CIFS_SUPER_MAGIC, "CIFS"},
      {SMB2_SUPER_MAGIC, "SMB"},  {V9FS_MAGIC, "9p"},       {FUSE_SUPER_MAGIC, "FUSE"},
      {AFS_SUPER_MAGIC, "AFS"},   {AFS_FS_MAGIC, "AFS"},    {CODA_SUPER_MAGIC, "Coda"},
      {CEPH_SUPER_MAGIC, "Ceph"},
  };
  struct statfs status;
  if (statfs(folder, &status) != 0) return file_fail(scope, errno, "look at", folder);
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    if ((uint32_t)status.f_type != refused[i].magic) continue;
    return scope_fail(scope, ADDUCE_E_FILESYSTEM,
                      "%s is on %s, which does not keep what LMDB relies on; "
                      "put the ledger on a local disk",
                      folder, refused[i].name);
  }
  return ADDUCE_OK;
}

enum adduce_err file_check_room(struct adduce_scope *scope, const char *path,
                                uint64_t needed_bytes) {
  struct statvfs status;
  int result = statvfs(path, &status);
  if (result != 0 && errno == ENOENT) {
    path = folder_of(scope, path);
    result = statvfs(path, &status);
  }
  if (result != 0) return file_fail(scope, errno, "look at", path);
  uint64_t free_bytes = (uint64_t)status.f_bavail * status.f_frsize;
  if (free_bytes >= needed_bytes) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_DISK_FULL, "%s: %llu bytes are needed and %llu are free", path,
                    (unsigned long long)needed_bytes, (unsigned long long)free_bytes);
}

enum adduce_err file_read_at(struct adduce_scope *scope, uint8_t *out, size_t size,
                             const char *path, uint64_t offset) {
  int fd;
  struct stat status;
  size_t got = 0;
  enum adduce_err err = open_regular(scope, &fd, &status, path, 0);
  if (err != ADDUCE_OK) return err;
  if (lseek(fd, (off_t)offset, SEEK_SET) < 0)
    err = file_fail(scope, errno, "read", path);
  else
    err = read_full(scope, out, &got, fd, path, size);
  close(fd);
  if (err == ADDUCE_OK && got < size)
    err = scope_fail(scope, ADDUCE_E_CORRUPT, "%s ends before byte %llu", path,
                     (unsigned long long)(offset + size));
  return err;
}

enum adduce_err file_stamp(struct adduce_scope *scope, struct file_stamp *stamp, const char *path) {
  struct stat status;
  *stamp = (struct file_stamp){0};
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  if (stat(path, &status) != 0)
    return errno == ENOENT ? ADDUCE_OK : file_fail(scope, errno, "look at", path);
  *stamp = (struct file_stamp){
      .device = (uint64_t)status.st_dev,
      .inode = (uint64_t)status.st_ino,
      .modified_ns =
          (uint64_t)status.st_mtim.tv_sec * 1000000000u + (uint64_t)status.st_mtim.tv_nsec,
      .size = (uint64_t)status.st_size,
  };
  return ADDUCE_OK;
}

void file_close_on_exec(int fd) {
  int flags = fcntl(fd, F_GETFD);
  if (flags >= 0) (void)fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}
