/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define SLOTS 65536
#define QUESTIONS 200

struct last {
  char subject[64], value[64];
};

static struct last *lasts; /* an open hash table */
static size_t folded;
static size_t kinds[256];

void peer_must(bool is_fine, const char *what, const char *detail) {
  if (is_fine) return;
  (void)fprintf(stderr, "%s: %s\n", what, detail == NULL ? "failed" : detail);
  exit(1);
}

static double seconds(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t hash(const char *text) {
  size_t h = 5381;
  while (*text != 0) h = h * 33 + (unsigned char)*text++;
  return h;
}

void peer_count(const char *kind, const char *subject, const char *value) {
  size_t slot = hash(subject) % SLOTS;
  while (lasts[slot].subject[0] != 0 && strcmp(lasts[slot].subject, subject) != 0)
    slot = (slot + 1) % SLOTS;
  (void)snprintf(lasts[slot].subject, sizeof lasts[slot].subject, "%s", subject);
  (void)snprintf(lasts[slot].value, sizeof lasts[slot].value, "%s", value);
  kinds[hash(kind) % 256]++;
  folded++;
}

static const char *text_of(const json_t *map, const char *key) {
  const char *text = json_string_value(json_object_get(map, key));
  return text == NULL ? "-" : text;
}

void peer_fold(const char *text, size_t size) {
  json_error_t error;
  json_t *event = json_loadb(text, size, 0, &error);
  peer_must(event != NULL, "decode", error.text);
  const json_t *content = json_object_get(event, "content");
  peer_count(text_of(event, "kind"), text_of(content, "subject"), text_of(content, "value"));
  json_decref(event);
}

static struct peer_event *load(const char *path, size_t count) {
  struct peer_event *events = calloc(count, sizeof *events);
  FILE *file = fopen(path, "r");
  peer_must(events != NULL && file != NULL, "events", path);
  for (size_t i = 0; i < count; i++) {
    char *line = malloc(PEER_EVENT_BYTES + 2);
    peer_must(line != NULL && fgets(line, (int)PEER_EVENT_BYTES + 2, file) != NULL, "events",
              "too few in the file");
    line[PEER_EVENT_BYTES] = 0;
    json_t *event = json_loads(line, 0, NULL);
    peer_must(event != NULL, "events", "a line is no JSON of 400 bytes");
    events[i].text = line;
    events[i].kind = strdup(text_of(event, "kind"));
    events[i].subject = strdup(text_of(json_object_get(event, "content"), "subject"));
    json_decref(event);
  }
  (void)fclose(file);
  return events;
}

static const struct peer_event *append(const char *row, const struct peer_event *events,
                                       size_t batches, size_t size) {
  if (batches == 0) return events;
  double begin = seconds();
  for (size_t i = 0; i < batches; i++) peer.append(events + i * size, size);
  printf("%s %.1f\n", row, (double)(batches * size) / (seconds() - begin));
  return events + batches * size;
}

static void ask(const struct peer_event *events, size_t count) {
  double begin = seconds();
  for (size_t i = 0; i < QUESTIONS; i++) {
    size_t position = count / 2 + i % (count / 2);
    peer.as_of(events[position / 2].subject, position);
  }
  printf("as-of %.2f\n", (seconds() - begin) / QUESTIONS * 1e6);
}

int main(int argc, char **argv) {
  peer_must(argc >= 6, argv[0], "FOLDER EVENTS SINGLES HUNDREDS THOUSANDS [ADDRESS]");
  size_t singles = strtoull(argv[3], NULL, 10), hundreds = strtoull(argv[4], NULL, 10),
         thousands = strtoull(argv[5], NULL, 10),
         count = singles + hundreds * 100 + thousands * 1000;
  const struct peer_event *events = load(argv[2], count);
  lasts = calloc(SLOTS, sizeof *lasts);
  peer_must(lasts != NULL, "memory", NULL);
  peer.open(argv[1], argc > 6 ? argv[6] : NULL);
  const struct peer_event *next = append("single", events, singles, 1);
  next = append("batch-100", next, hundreds, 100);
  (void)append("batch-1000", next, thousands, 1000);
  double begin = seconds();
  peer.replay();
  printf("replay %.1f\n", (double)folded / (seconds() - begin));
  peer_must(folded >= count, "replay", "events are missing");
  if (peer.as_of != NULL) ask(events, count);
  begin = seconds();
  if (peer.verify != NULL) {
    peer.verify();
    printf("verify %.1f\n", (double)count / (seconds() - begin));
  }
  begin = seconds();
  if (peer.rebuild != NULL) {
    peer.rebuild();
    printf("rebuild %.1f\n", (double)count / (seconds() - begin));
  }
  struct rusage usage;
  (void)getrusage(RUSAGE_SELF, &usage);
  printf("memory %ld\n", usage.ru_maxrss);
  return 0;
}
