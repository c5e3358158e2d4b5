/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEDGER_FOLDER ".adduce"

static const char *variable(const char *name) {
  const char *value = getenv(name);
  return value == NULL || value[0] == '\0' ? NULL : value;
}

bool place_is_folder(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool place_exists(const char *path) {
  struct stat status;
  return lstat(path, &status) == 0;
}

static const char *upwards(void) {
  char *here = realpath(".", NULL);
  const char *found = NULL;
  if (here == NULL) return place_is_folder(LEDGER_FOLDER) ? LEDGER_FOLDER : NULL;
  here = text_keep(here);
  while (found == NULL) {
    const char *candidate = text_format("%s/" LEDGER_FOLDER, strcmp(here, "/") == 0 ? "" : here);
    if (place_is_folder(candidate)) found = candidate;
    char *slash = strrchr(here, '/');
    if (slash == NULL || here[1] == '\0') break;
    slash[slash == here ? 1 : 0] = '\0';
  }
  return found;
}

const char *place_ledger(const char *folder) {
  if (folder != NULL) {
    const char *inside = text_format("%s/" LEDGER_FOLDER, folder);
    return place_is_folder(inside) ? inside : folder;
  }
  const char *said = variable("ADDUCE_LEDGER");
  return said != NULL ? said : upwards();
}

const char *place_new_ledger(const char *folder) {
  if (folder != NULL) return text_format("%s/" LEDGER_FOLDER, folder);
  const char *said = variable("ADDUCE_LEDGER");
  return said != NULL ? said : LEDGER_FOLDER;
}

static const char *home(void) {
  const char *said = variable("HOME");
  if (said != NULL) return said;
  const struct passwd *user = getpwuid(getuid());
  return user == NULL ? NULL : text_format("%s", user->pw_dir);
}

/* $OWN, else $XDG/adduce/NAME, else ~/USUAL/adduce/NAME. */
static const char *find(const char *own, const char *xdg, const char *usual, const char *name) {
  if (variable(own) != NULL) return variable(own);
  /* The rule of XDG: a path that is not absolute is ignored. */
  if (variable(xdg) != NULL && variable(xdg)[0] == '/')
    return text_format("%s/adduce/%s", variable(xdg), name);
  return home() == NULL ? NULL : text_format("%s/%s/adduce/%s", home(), usual, name);
}

const char *place_keys(void) {
  return find("ADDUCE_KEYS", "XDG_CONFIG_HOME", ".config", "keys");
}

const char *place_heads(void) {
  return find("ADDUCE_HEADS", "XDG_STATE_HOME", ".local/state", "heads");
}

bool place_make(const char *folder) {
  char *path = text_format("%s", folder);
  for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(path, 0700) != 0 && errno != EEXIST && !place_is_folder(path)) return false;
    *slash = '/';
  }
  return mkdir(path, 0700) == 0 || (errno == EEXIST && place_is_folder(path));
}
