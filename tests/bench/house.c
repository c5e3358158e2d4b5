/* SPDX-License-Identifier: Apache-2.0 */
#include "house.h"

#include "table.h"

static struct adduce_options places(struct adduce_scope *scope, struct house *house,
                                    const struct signer *log_signer, const char *folder) {
  house->folder = scope_format(scope, "%s/ledger", folder);
  house->heads = scope_format(scope, "%s/heads", folder);
  struct adduce_options options = ADDUCE_OPTIONS_DEFAULT;
  options.headlock_folder = house->heads;
  options.log_signer = log_signer == NULL ? NULL : house_signer(log_signer);
  return options;
}

void house_make(struct adduce_scope *scope, struct house *house, struct generator *generator,
                const char *folder, unsigned authors) {
  struct adduce_writer *writer;
  struct adduce_receipt receipt;
  struct adduce_write_options write = {0};
  uint64_t index;
  struct adduce_options options = places(scope, house, generator_log_signer(generator), folder);
  table_must(scope,
             adduce_ledger_create(scope, &house->ledger, house->folder, GENERATOR_ORIGIN,
                                  house_signer(generator_founder(generator)), NULL, &options),
             "create");
  table_must(scope, adduce_resolve(scope, house->ledger, &house->genesis, &index, "#0"), "genesis");
  generator_join(generator, &house->genesis);
  table_must(scope, adduce_writer_open(scope, &writer, house->ledger, &write), "writer");
  for (unsigned i = 1; i < authors; i++) {
    struct generator_claim claim;
    struct adduce_id id;
    generator_authorize(scope, generator, &claim, i);
    table_must(scope,
               adduce_writer_add(scope, writer, &id, generator_map(scope, &claim),
                                 house_signer(claim.author)),
               "authorize");
  }
  if (adduce_writer_count(writer) != 0)
    table_must(scope, adduce_writer_commit(scope, writer, &receipt), "authorize");
  adduce_writer_close(&writer);
}

void house_open(struct adduce_scope *scope, struct house *house, const struct signer *log_signer,
                const char *folder) {
  struct adduce_options options = places(scope, house, log_signer, folder);
  table_must(scope, adduce_ledger_open(scope, &house->ledger, house->folder, &options), "open");
}

void house_add_signed(struct adduce_scope *scope, struct adduce_writer *writer,
                      const struct event *events, size_t count) {
  for (size_t i = 0; i < count; i++)
    table_must(scope,
               adduce_writer_add_signed(scope, writer, events[i].claim.parsed.event,
                                        events[i].claim.parsed.content),
               "add signed");
}

void house_append_signed(struct adduce_scope *scope, struct adduce_writer *writer,
                         const struct event *events, size_t count) {
  struct adduce_receipt receipt;
  house_add_signed(scope, writer, events, count);
  table_must(scope, adduce_writer_commit(scope, writer, &receipt), "commit");
}
