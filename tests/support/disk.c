/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "support/disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static _Noreturn void end(const char *what, const char *path) {
  fprintf(stderr, "disk: %s %s\n", what, path);
  exit(2);
}

/* --- the trace ------------------------------------------------------------------------------*/

static const char *take_text(const char *at, size_t size) {
  char *text = malloc(size + 1);
  if (text == NULL) end("no memory for", "a path");
  memcpy(text, at, size);
  text[size] = 0;
  return text;
}

struct disk_trace disk_trace_read(const char *path) {
  struct stat status;
  struct disk_trace trace = {NULL, 0};
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &status) != 0) end("cannot read", path);
  size_t size = (size_t)status.st_size;
  const uint8_t *all = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (all == MAP_FAILED) end("cannot map", path);
  close(fd);
  for (size_t at = 0; at < size;) {
    struct lab_record record;
    memcpy(&record, all + at, sizeof record);
    const char *name = (const char *)all + at + sizeof record;
    at += sizeof record + record.path_bytes + record.data_bytes;
    if (at > size) end("cut short:", path);
    if ((trace.count & (trace.count + 1)) == 0)
      trace.ops = realloc(trace.ops, (2 * trace.count + 2) * sizeof *trace.ops);
    if (trace.ops == NULL) end("no memory for", path);
    struct disk_op *op = &trace.ops[trace.count++];
    *op = (struct disk_op){
        .op = (enum lab_op)record.op,
        .inode = record.inode,
        .offset = record.offset,
        .path = take_text(name, record.path_bytes),
        .data = (const uint8_t *)name + record.path_bytes,
        .size = record.data_bytes,
    };
    op->is_folder = op->op == LAB_OP_SYNC && record.data_bytes == 0 && record.offset == 1;
    op->to = op->op == LAB_OP_RENAME ? op->path + strlen(op->path) + 1 : NULL;
  }
  return trace;
}

/* --- a layer --------------------------------------------------------------------------------*/

static struct disk_name *find_name(struct disk *disk, const char *path) {
  for (size_t i = 0; i < disk->name_count; i++)
    if (strcmp(disk->names[i].path, path) == 0) return &disk->names[i];
  return NULL;
}

static void remove_name(struct disk *disk, const char *path) {
  struct disk_name *name = find_name(disk, path);
  if (name == NULL) return;
  free(name->path);
  *name = disk->names[--disk->name_count];
}

static void add_name(struct disk *disk, const char *path, uint64_t inode) {
  remove_name(disk, path);
  if (disk->name_count == DISK_FILES_MAX) end("too many names at", path);
  disk->names[disk->name_count++] = (struct disk_name){strdup(path), inode};
}

static struct disk_file *file_of(struct disk *disk, uint64_t inode) {
  for (size_t i = 0; i < disk->file_count; i++)
    if (disk->files[i].inode == inode) return &disk->files[i];
  if (disk->file_count == DISK_FILES_MAX) end("too many", "files");
  disk->files[disk->file_count] = (struct disk_file){.inode = inode};
  return &disk->files[disk->file_count++];
}

static void resize(struct disk_file *file, size_t size) {
  if (size > file->capacity) {
    size_t capacity = size + size / 2 + 4096;
    file->bytes = realloc(file->bytes, capacity);
    if (file->bytes == NULL) end("no memory for", "a file");
    file->capacity = capacity;
  }
  if (size > file->size) memset(file->bytes + file->size, 0, size - file->size);
  file->size = size;
}

static void apply_write(struct disk_file *file, const struct disk_op *op, uint64_t sectors) {
  for (size_t at = 0; at < op->size; at += DISK_SECTOR_BYTES) {
    size_t number = at / DISK_SECTOR_BYTES, size = op->size - at;
    if ((sectors >> (number < 63 ? number : 63) & 1) == 0) continue;
    if (size > DISK_SECTOR_BYTES) size = DISK_SECTOR_BYTES;
    size_t begin = (size_t)op->offset + at;
    if (begin + size > file->size) resize(file, begin + size);
    memcpy(file->bytes + begin, op->data + at, size);
  }
}

/* A folder takes with it what is in it. */
static void apply_rename(struct disk *disk, const char *from, const char *to) {
  size_t size = strlen(from);
  for (size_t i = 0; i < disk->name_count; i++) {
    struct disk_name *name = &disk->names[i];
    if (strncmp(name->path, from, size) != 0 || (name->path[size] != 0 && name->path[size] != '/'))
      continue;
    char *moved = NULL;
    if (asprintf(&moved, "%s%s", to, name->path + size) < 0) end("no memory for", to);
    uint64_t inode = name->inode;
    remove_name(disk, name->path);
    add_name(disk, moved, inode);
    free(moved);
    i = (size_t)-1; /* the others have moved places */
  }
}

void disk_apply(struct disk *disk, const struct disk_op *op, uint64_t sectors) {
  switch (op->op) {
    case LAB_OP_WRITE:
      apply_write(file_of(disk, op->inode), op, sectors);
      break;
    case LAB_OP_RESIZE:
      resize(file_of(disk, op->inode), (size_t)op->offset);
      break;
    case LAB_OP_NAME:
      add_name(disk, op->path, op->inode);
      break;
    case LAB_OP_FOLDER:
      add_name(disk, op->path, 0);
      break;
    case LAB_OP_RENAME:
      if (find_name(disk, op->path) != NULL) remove_name(disk, op->to);
      apply_rename(disk, op->path, op->to);
      break;
    case LAB_OP_REMOVE:
      remove_name(disk, op->path);
      break;
    default:
      break;
  }
}

void disk_copy(struct disk *to, const struct disk *from) {
  *to = (struct disk){.name_count = from->name_count, .file_count = from->file_count};
  for (size_t i = 0; i < from->name_count; i++)
    to->names[i] = (struct disk_name){strdup(from->names[i].path), from->names[i].inode};
  for (size_t i = 0; i < from->file_count; i++) {
    to->files[i].inode = from->files[i].inode;
    resize(&to->files[i], from->files[i].size);
    if (from->files[i].size != 0)
      memcpy(to->files[i].bytes, from->files[i].bytes, from->files[i].size);
  }
}

void disk_release(struct disk *disk) {
  for (size_t i = 0; i < disk->name_count; i++) free(disk->names[i].path);
  for (size_t i = 0; i < disk->file_count; i++) free(disk->files[i].bytes);
  *disk = (struct disk){.name_count = 0};
}

/* --- durable --------------------------------------------------------------------------------*/

/* Whether `path` stands in `folder` itself. */
static bool stands_in(const char *path, const char *folder) {
  size_t size = strlen(folder);
  const char *rest = path;
  if (size != 0) {
    if (strncmp(path, folder, size) != 0 || path[size] != '/') return false;
    rest = path + size + 1;
  }
  return strchr(rest, '/') == NULL;
}

bool disk_makes_durable(const struct disk_op *sync, const struct disk_op *op, bool later) {
  bool is_bytes = op->op == LAB_OP_WRITE || op->op == LAB_OP_RESIZE;
  if (sync->op == LAB_OP_SYNC_LAST) return is_bytes && op->inode == sync->inode && !later;
  if (sync->inode == 0) return true;
  if (is_bytes) return op->inode == sync->inode;
  if (!sync->is_folder) return false;
  return stands_in(op->path, sync->path) || (op->to != NULL && stands_in(op->to, sync->path));
}

/* --- on a real one --------------------------------------------------------------------------*/

static int by_path(const void *a, const void *b) {
  const struct disk_name *const *left = a, *const *right = b;
  return strcmp((*left)->path, (*right)->path);
}

static void write_file(const struct disk *disk, uint64_t inode, const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return; /* its folder did not survive */
  for (size_t i = 0; i < disk->file_count; i++)
    if (disk->files[i].inode == inode && disk->files[i].size != 0 &&
        write(fd, disk->files[i].bytes, disk->files[i].size) != (ssize_t)disk->files[i].size)
      end("cannot write", path);
  close(fd);
}

void disk_write(const struct disk *disk, const char *root) {
  const struct disk_name *sorted[DISK_FILES_MAX];
  char path[4096];
  if (mkdir(root, 0700) != 0) end("cannot make", root);
  for (size_t i = 0; i < disk->name_count; i++) sorted[i] = &disk->names[i];
  qsort(sorted, disk->name_count, sizeof *sorted, by_path);
  for (size_t i = 0; i < disk->name_count; i++) {
    snprintf(path, sizeof path, "%s/%s", root, sorted[i]->path);
    if (sorted[i]->inode == 0)
      (void)mkdir(path, 0700);
    else
      write_file(disk, sorted[i]->inode, path);
  }
}
