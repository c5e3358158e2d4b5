/* SPDX-License-Identifier: Apache-2.0 */
/* A main for fuzz targets where there is no libFuzzer: gives each file named, and each file in
 * each folder named, to the target once. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long inputs;

static int replay_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    return 1;
  }
  long size = ftell(file);
  rewind(file);
  /* A block of its own size, so that a sanitizer sees every read beyond it. */
  uint8_t *data = malloc(size <= 0 ? 1 : (size_t)size);
  int status = 1;
  if (data == NULL || size < 0 || fread(data, 1, (size_t)size, file) != (size_t)size) {
    perror(path);
  } else {
    (void)LLVMFuzzerTestOneInput(data, (size_t)size);
    inputs++;
    status = 0;
  }
  free(data);
  (void)fclose(file);
  return status;
}

static int replay(const char *path) {
  DIR *folder = opendir(path);
  if (folder == NULL) return replay_file(path);
  int status = 0;
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    char inner[4096];
    if (entry->d_name[0] == '.') continue;
    if (snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) < (int)sizeof inner)
      status |= replay(inner);
  }
  (void)closedir(folder);
  return status;
}

int main(int argc, char **argv) {
  int status = 0;
  for (int i = 1; i < argc; i++) status |= replay(argv[i]);
  printf("%s: %lu inputs\n", argv[0], inputs);
  return status;
}
