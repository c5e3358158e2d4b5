/* SPDX-License-Identifier: Apache-2.0 */
#include "store/pages.h"

#include "sys/reader.h"

#define MAGIC 0xBEEFC0DEu
#define VERSION 1
#define HEADER_BYTES 16
#define NODE_BYTES 8
#define TREE_BYTES 48
#define META_BYTES 152
#define PAGE_BYTES_MAX 65536
#define DEPTH_MAX 32
#define NO_PAGE UINT64_MAX
#define PROGRESS_PAGES 8192

enum { PAGE_BRANCH = 1, PAGE_LEAF = 2, PAGE_OVERFLOW = 4 }; /* flags of a page */
enum { NODE_BIG = 1, NODE_TREE = 2, NODE_DUPLICATES = 4 };  /* flags of a node */
enum { TREE_INTEGER_KEYS = 8 };                             /* flags of a tree */

static uint16_t get16(const uint8_t *at) {
  uint16_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

static uint32_t get32(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

static uint64_t get64(const uint8_t *at) {
  uint64_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

/* --- meta pages ---------------------------------------------------------------------------- */

struct tree {
  uint16_t flags, depth;
  uint64_t branches, leaves, overflows, entries, root;
};

struct meta {
  uint32_t page_bytes;
  uint64_t last_page, transaction;
  struct tree free_pages, tables;
};

static struct tree tree_at(const uint8_t *at) {
  return (struct tree){
      .flags = get16(at + 4),
      .depth = get16(at + 6),
      .branches = get64(at + 8),
      .leaves = get64(at + 16),
      .overflows = get64(at + 24),
      .entries = get64(at + 32),
      .root = get64(at + 40),
  };
}

static enum adduce_err read_meta(struct adduce_scope *scope, const struct reader *reader,
                                 struct meta *meta, uint64_t offset) {
  uint8_t page[META_BYTES];
  TRY(reader_read(scope, reader, page, sizeof page, offset));
  *meta = (struct meta){
      .page_bytes = get32(page + 40),
      .last_page = get64(page + 136),
      .transaction = get64(page + 144),
      .free_pages = tree_at(page + 40),
      .tables = tree_at(page + 88),
  };
  uint32_t size = meta->page_bytes;
  bool good = get32(page + 16) == MAGIC && get32(page + 20) == VERSION && size >= 512 &&
              size <= PAGE_BYTES_MAX && (size & (size - 1)) == 0 && meta->last_page >= 1 &&
              meta->last_page < UINT64_MAX / PAGE_BYTES_MAX;
  if (good) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_CORRUPT, "%s: meta page %d is not LMDB's", reader->path,
                    offset == 0 ? 0 : 1);
}

static enum adduce_err read_metas(struct adduce_scope *scope, const struct reader *reader,
                                  struct meta *newer, struct meta *older) {
  TRY(read_meta(scope, reader, newer, 0));
  TRY(read_meta(scope, reader, older, newer->page_bytes));
  if (newer->page_bytes != older->page_bytes)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "%s: its meta pages do not agree", reader->path);
  if (newer->transaction >= older->transaction) return ADDUCE_OK;
  struct meta swapped = *newer;
  *newer = *older;
  *older = swapped;
  return ADDUCE_OK;
}

/* --- walking ------------------------------------------------------------------------------- */

struct walk {
  struct adduce_scope *scope;
  const struct reader *reader;
  const struct meta *meta;
  uint64_t size; /* of the file, in pages */
  uint64_t seen; /* pages */
};

/* A page on the way down, with the memory it is read into. */
struct level {
  uint8_t *page;
  unsigned count; /* of nodes */
  unsigned next;  /* the node to go to */
};

static enum adduce_err damaged(const struct walk *walk, uint64_t page, const char *what) {
  return scope_fail(walk->scope, ADDUCE_E_CORRUPT, "%s, page %llu: %s", walk->reader->path,
                    (unsigned long long)page, what);
}

/* Every page is reached once, so more than there are is a circle. */
static enum adduce_err reach(struct walk *walk, uint64_t page, uint64_t pages) {
  if (page < 2 || page > walk->meta->last_page || pages > walk->meta->last_page - page + 1)
    return damaged(walk, page, "no such page can be in use");
  if (page + pages > walk->size)
    return damaged(walk, page, "it lies beyond the end of the file, which is truncated");
  walk->seen += pages;
  if (walk->seen > walk->meta->last_page + 1)
    return damaged(walk, page, "it is reached more than once");
  if (walk->seen % PROGRESS_PAGES != 0) return ADDUCE_OK;
  return scope_progress(walk->scope, "pages", walk->seen, walk->meta->last_page + 1);
}

/* The node, if its head and key lie within the page. */
static const uint8_t *node_at(const struct walk *walk, const struct level *level, unsigned i) {
  size_t page_bytes = walk->meta->page_bytes;
  size_t at = get16(level->page + HEADER_BYTES + 2 * i);
  size_t upper = get16(level->page + 14);
  if (at < upper || at + NODE_BYTES > page_bytes) return NULL;
  const uint8_t *node = level->page + at;
  return at + NODE_BYTES + get16(node + 6) > page_bytes ? NULL : node;
}

static struct adduce_span key_of(const uint8_t *node) {
  return span_of(node + NODE_BYTES, get16(node + 6));
}

static bool ascends(const struct tree *tree, struct adduce_span before, struct adduce_span key) {
  if ((tree->flags & TREE_INTEGER_KEYS) == 0) return span_compare(before, key) < 0;
  return before.size == 8 && key.size == 8 && get64(before.data) < get64(key.data);
}

/* Keys ascend; the first one of a branch is empty and stands for everything below. */
static enum adduce_err check_nodes(const struct walk *walk, const struct tree *tree,
                                   const struct level *level, uint64_t page, bool is_leaf) {
  struct adduce_span before = span_of(NULL, 0);
  for (unsigned i = 0; i < level->count; i++) {
    const uint8_t *node = node_at(walk, level, i);
    if (node == NULL) return damaged(walk, page, "a node leaves the page");
    struct adduce_span key = key_of(node);
    bool is_compared = i > (is_leaf ? 0u : 1u);
    if (is_compared && !ascends(tree, before, key))
      return damaged(walk, page, "its keys do not ascend");
    if (is_leaf && key.size == 0) return damaged(walk, page, "a key is empty");
    before = key;
  }
  return ADDUCE_OK;
}

static enum adduce_err read_page(struct walk *walk, const struct tree *tree, struct level *level,
                                 uint64_t page, bool is_leaf) {
  size_t page_bytes = walk->meta->page_bytes;
  TRY(reach(walk, page, 1));
  TRY(reader_read(walk->scope, walk->reader, level->page, page_bytes, page * page_bytes));
  unsigned lower = get16(level->page + 12), upper = get16(level->page + 14);
  if (get64(level->page) != page) return damaged(walk, page, "it says that it is another page");
  if (get16(level->page + 10) != (is_leaf ? PAGE_LEAF : PAGE_BRANCH))
    return damaged(walk, page, is_leaf ? "it is no leaf" : "it is no branch");
  if (lower < HEADER_BYTES || lower % 2 != 0 || lower > upper || upper > page_bytes)
    return damaged(walk, page, "its bounds are impossible");
  level->count = (lower - HEADER_BYTES) / 2;
  level->next = 0;
  bool may_have_one = is_leaf || (tree->flags & TREE_INTEGER_KEYS) != 0;
  if (level->count < (may_have_one ? 1u : 2u)) return damaged(walk, page, "it has too few nodes");
  return check_nodes(walk, tree, level, page, is_leaf);
}

/* Where the value of a leaf's node begins, if all that stands in the page lies within it. */
static const uint8_t *value_at(const struct walk *walk, const struct level *level,
                               const uint8_t *node) {
  const uint8_t *value = node + NODE_BYTES + get16(node + 6);
  size_t room = (size_t)(level->page + walk->meta->page_bytes - value);
  size_t size = (get16(node + 4) & NODE_BIG) != 0 ? 8 : get32(node);
  return size > room ? NULL : value;
}

/* A list of free pages is a count, and that many numbers. */
static bool is_list(const uint8_t *start, uint64_t size) {
  return size >= 8 && size % 8 == 0 && get64(start) <= size / 8 - 1;
}

/* A value on pages of its own: the first of them says how many there are. */
static enum adduce_err check_big(struct walk *walk, struct tree *counted, uint64_t first,
                                 uint64_t size, bool is_free_list) {
  uint8_t start[HEADER_BYTES + 8];
  size_t page_bytes = walk->meta->page_bytes;
  TRY(reach(walk, first, 1));
  TRY(reader_read(walk->scope, walk->reader, start, sizeof start, first * page_bytes));
  uint64_t pages = get32(start + 12), needed = (size + HEADER_BYTES - 1) / page_bytes + 1;
  if (get64(start) != first || get16(start + 10) != PAGE_OVERFLOW || pages < needed)
    return damaged(walk, first, "it is not the first page of a long value");
  if (is_free_list && !is_list(start + HEADER_BYTES, size))
    return damaged(walk, first, "a list of free pages is cut short");
  counted->overflows += pages;
  return pages == 1 ? ADDUCE_OK : reach(walk, first + 1, pages - 1);
}

static enum adduce_err walk_tree(struct walk *walk, const struct tree *tree, const char *name,
                                 bool is_tables);

static enum adduce_err check_leaf(struct walk *walk, struct tree *counted,
                                  const struct level *level, uint64_t page, bool is_tables) {
  bool is_free_list = (counted->flags & TREE_INTEGER_KEYS) != 0;
  for (unsigned i = 0; i < level->count; i++) {
    const uint8_t *node = node_at(walk, level, i);
    const uint8_t *value = value_at(walk, level, node);
    uint16_t flags = get16(node + 4);
    if (value == NULL) return damaged(walk, page, "a value leaves the page");
    if (flags != 0 && flags != NODE_BIG && (flags != NODE_TREE || !is_tables))
      return damaged(walk, page, "a node is of a kind that we never write");
    if (flags == NODE_BIG)
      TRY(check_big(walk, counted, get64(value), get32(node), is_free_list));
    else if (is_free_list && !is_list(value, get32(node)))
      return damaged(walk, page, "a list of free pages is cut short");
    counted->entries++;
    if (flags != NODE_TREE) continue;
    if (get32(node) != TREE_BYTES) return damaged(walk, page, "a table's record is no such record");
    struct tree table = tree_at(value);
    struct adduce_span key = key_of(node);
    TRY(walk_tree(walk, &table, scope_format(walk->scope, "%.*s", SPAN_ARGS(key)), false));
  }
  return ADDUCE_OK;
}

static uint64_t child_of(const uint8_t *node) {
  return get32(node) | (uint64_t)get16(node + 4) << 32;
}

/* Down to the leaves and back, without recursion; `levels` has one for each row of the tree. */
static enum adduce_err walk_levels(struct walk *walk, struct tree *counted, struct level *levels,
                                   const struct tree *tree, bool is_tables) {
  unsigned depth = 0, last = tree->depth - 1u;
  uint64_t page = tree->root;
  for (;;) {
    struct level *level = &levels[depth];
    TRY(read_page(walk, tree, level, page, depth == last));
    if (depth == last) {
      counted->leaves++;
      TRY(check_leaf(walk, counted, level, page, is_tables));
      while (depth > 0 && levels[depth - 1].next == levels[depth - 1].count) depth--;
      if (depth == 0) return ADDUCE_OK;
      depth--;
    } else {
      counted->branches++;
    }
    level = &levels[depth];
    page = child_of(node_at(walk, level, level->next++));
    depth++;
  }
}

static enum adduce_err walk_tree(struct walk *walk, const struct tree *tree, const char *name,
                                 bool is_tables) {
  struct tree counted = {.flags = tree->flags};
  struct level levels[DEPTH_MAX];
  struct scope_mark mark = scope_mark(walk->scope);
  bool is_empty = tree->root == NO_PAGE;
  if (tree->depth > DEPTH_MAX || is_empty != (tree->depth == 0))
    return scope_fail(walk->scope, ADDUCE_E_CORRUPT, "%s: table %s has an impossible depth",
                      walk->reader->path, name);
  for (unsigned i = 0; i < tree->depth; i++) {
    levels[i].page = scope_alloc(walk->scope, walk->meta->page_bytes);
    if (levels[i].page == NULL) return scope_no_memory(walk->scope);
  }
  if (!is_empty) TRY(walk_levels(walk, &counted, levels, tree, is_tables));
  if (counted.branches != tree->branches || counted.leaves != tree->leaves ||
      counted.overflows != tree->overflows || counted.entries != tree->entries)
    return scope_fail(walk->scope, ADDUCE_E_CORRUPT,
                      "%s: table %s does not have the pages and records that it states",
                      walk->reader->path, name);
  scope_rewind(walk->scope, mark);
  return ADDUCE_OK;
}

static enum adduce_err walk_all(struct adduce_scope *scope, const struct reader *reader,
                                const struct meta *meta) {
  uint64_t bytes;
  TRY(reader_size(scope, reader, &bytes));
  struct walk walk = {scope, reader, meta, bytes / meta->page_bytes, 2};
  if ((meta->free_pages.flags & TREE_INTEGER_KEYS) == 0 || (meta->tables.flags & 0x7fff) != 0)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "%s: its meta page is not one that we write",
                      reader->path);
  TRY(walk_tree(&walk, &meta->free_pages, "of free pages", false));
  return walk_tree(&walk, &meta->tables, "of tables", true);
}

/* --- both entrances ------------------------------------------------------------------------ */

/* Somebody may commit while we read: then the trees that we walk may be gone, and it is done
 * again. */
static enum adduce_err inspect(struct adduce_scope *scope, const struct reader *reader) {
  struct meta newer, older, now;
  uint64_t bytes;
  enum adduce_err err = ADDUCE_OK;
  for (int tries = 0; tries < 8; tries++) {
    TRY(read_metas(scope, reader, &newer, &older));
    TRY(reader_size(scope, reader, &bytes));
    if (newer.last_page < bytes / newer.page_bytes) return ADDUCE_OK;
    err = walk_all(scope, reader, &newer);
    if (err != ADDUCE_E_CORRUPT) return err;
    TRY(read_metas(scope, reader, &now, &older));
    if (now.transaction == newer.transaction) return err;
  }
  return err;
}

enum adduce_err pages_inspect(struct adduce_scope *scope, const char *path) {
  struct reader reader;
  TRY(reader_open(scope, &reader, path));
  enum adduce_err err = inspect(scope, &reader);
  reader_close(&reader);
  return err;
}

static enum adduce_err check(struct adduce_scope *scope, const struct reader *reader,
                             uint64_t transaction) {
  struct meta newer, older;
  TRY(read_metas(scope, reader, &newer, &older));
  if (newer.transaction == transaction) return walk_all(scope, reader, &newer);
  if (older.transaction == transaction) return walk_all(scope, reader, &older);
  return scope_fail(scope, ADDUCE_E_OUTCOME_UNKNOWN, "transaction %llu has passed",
                    (unsigned long long)transaction);
}

enum adduce_err pages_check(struct adduce_scope *scope, const char *path, uint64_t transaction) {
  struct reader reader;
  TRY(reader_open(scope, &reader, path));
  enum adduce_err err = check(scope, &reader, transaction);
  reader_close(&reader);
  return err;
}

/* --- gaps ---------------------------------------------------------------------------------- */

struct clearing {
  struct walk walk;
  struct level level; /* the page at hand */
  uint8_t *tail;      /* a page's worth of what follows a long value */
};

static bool is_clear(const uint8_t *bytes, size_t size) {
  return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/* What follows a long value, up to the end of its last page. */
static enum adduce_err clear_tail(struct clearing *clearing, uint64_t first, uint64_t size) {
  struct walk *walk = &clearing->walk;
  size_t page_bytes = walk->meta->page_bytes;
  TRY(reader_read(walk->scope, walk->reader, clearing->tail, HEADER_BYTES, first * page_bytes));
  uint64_t pages = get32(clearing->tail + 12), at = first * page_bytes + HEADER_BYTES + size;
  uint64_t end = (first + pages) * page_bytes;
  if (get16(clearing->tail + 10) != PAGE_OVERFLOW || first + pages > walk->size || at > end)
    return damaged(walk, first, "it is not the first page of a long value");
  while (at < end) {
    size_t step = end - at < page_bytes ? (size_t)(end - at) : page_bytes;
    TRY(reader_read(walk->scope, walk->reader, clearing->tail, step, at));
    if (!is_clear(clearing->tail, step)) TRY(reader_clear(walk->scope, walk->reader, step, at));
    at += step;
  }
  return ADDUCE_OK;
}

static enum adduce_err clear_tails(struct clearing *clearing, uint64_t page) {
  struct walk *walk = &clearing->walk;
  for (unsigned i = 0; i < clearing->level.count; i++) {
    const uint8_t *node = node_at(walk, &clearing->level, i);
    const uint8_t *value = node == NULL ? NULL : value_at(walk, &clearing->level, node);
    if (value == NULL) return damaged(walk, page, "a node leaves the page");
    if (get16(node + 4) == NODE_BIG) TRY(clear_tail(clearing, get64(value), get32(node)));
  }
  return ADDUCE_OK;
}

/* Clears page `page` and says how many pages it stands for. */
static enum adduce_err clear_page(struct clearing *clearing, uint64_t page, uint64_t *pages) {
  struct walk *walk = &clearing->walk;
  struct level *level = &clearing->level;
  size_t page_bytes = walk->meta->page_bytes;
  TRY(reader_read(walk->scope, walk->reader, level->page, page_bytes, page * page_bytes));
  uint16_t flags = get16(level->page + 10);
  unsigned lower = get16(level->page + 12), upper = get16(level->page + 14);
  *pages = flags == PAGE_OVERFLOW ? get32(level->page + 12) : 1;
  if (flags == PAGE_OVERFLOW && *pages != 0) return ADDUCE_OK;
  if ((flags != PAGE_LEAF && flags != PAGE_BRANCH) || lower < HEADER_BYTES || lower > upper ||
      upper > page_bytes)
    return damaged(walk, page, "it is no page that we write");
  level->count = (lower - HEADER_BYTES) / 2;
  if (!is_clear(level->page + lower, upper - lower))
    TRY(reader_clear(walk->scope, walk->reader, upper - lower, page * page_bytes + lower));
  return flags == PAGE_LEAF ? clear_tails(clearing, page) : ADDUCE_OK;
}

static enum adduce_err clear_all(struct adduce_scope *scope, const struct reader *reader) {
  struct meta newer, older;
  uint64_t bytes;
  TRY(read_metas(scope, reader, &newer, &older));
  TRY(reader_size(scope, reader, &bytes));
  struct clearing clearing = {
      .walk = {scope, reader, &newer, bytes / newer.page_bytes, 0},
      .level = {.page = scope_alloc(scope, newer.page_bytes)},
      .tail = scope_alloc(scope, newer.page_bytes),
  };
  if (clearing.level.page == NULL || clearing.tail == NULL) return scope_no_memory(scope);
  for (uint64_t page = 2, pages; page <= newer.last_page; page += pages) {
    if (page >= clearing.walk.size) return damaged(&clearing.walk, page, "the file ends before it");
    TRY(clear_page(&clearing, page, &pages));
  }
  return ADDUCE_OK;
}

enum adduce_err pages_clear_gaps(struct adduce_scope *scope, const char *path) {
  struct reader reader;
  TRY(reader_open_changing(scope, &reader, path));
  enum adduce_err err = clear_all(scope, &reader);
  reader_close(&reader);
  return err;
}
