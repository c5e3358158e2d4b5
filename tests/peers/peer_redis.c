/* SPDX-License-Identifier: Apache-2.0 */
/* Redis streams on a socket (the address), appendonly with appendfsync always. A batch is a
 * MULTI of XADDs: one flush. */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>

#include "peer.h"

#define PAGE 1000

static redisContext *redis;

static redisReply *reply(void) {
  void *answer = NULL;
  peer_must(redisGetReply(redis, &answer) == REDIS_OK, "redis", redis->errstr);
  redisReply *got = answer;
  peer_must(got->type != REDIS_REPLY_ERROR, "redis", got->str);
  return got;
}

static void start(const char *folder, const char *address) {
  (void)folder;
  redis = redisConnectUnix(address);
  peer_must(redis != NULL && redis->err == 0, "connect", address);
}

static void append(const struct peer_event *events, size_t count) {
  if (count > 1) (void)redisAppendCommand(redis, "MULTI");
  for (size_t i = 0; i < count; i++)
    (void)redisAppendCommand(redis, "XADD events * e %b", events[i].text, PEER_EVENT_BYTES);
  if (count > 1) (void)redisAppendCommand(redis, "EXEC");
  for (size_t i = 0; i < (count > 1 ? count + 2 : 1); i++) freeReplyObject(reply());
}

static void replay(void) {
  char after[64] = "-";
  size_t got;
  do {
    (void)redisAppendCommand(redis, "XRANGE events %s + COUNT %d", after, PAGE);
    redisReply *page = reply();
    got = page->elements;
    for (size_t i = 0; i < got; i++) {
      const redisReply *fields = page->element[i]->element[1];
      peer_fold(fields->element[1]->str, fields->element[1]->len);
    }
    if (got > 0)
      (void)snprintf(after, sizeof after, "(%s", page->element[got - 1]->element[0]->str);
    freeReplyObject(page);
  } while (got == PAGE);
}

const struct peer peer = {.open = start, .append = append, .replay = replay};
