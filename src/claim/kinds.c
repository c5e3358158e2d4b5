/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/kinds.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FIELDS(array) .fields = (array), .field_count = COUNT(array)
#define JSON(...) #__VA_ARGS__

/* What a kind is about: it must be there and known, and withheld it leaves nothing to read. */
#define IS_SUBJECT (FIELD_REQUIRED | FIELD_FRAME | FIELD_KNOWN)
/* What changes the meaning of the rest when it is withheld. */
#define FACET (FIELD_FACET | FIELD_FRAME | FIELD_STATE)
#define MUST (FIELD_REQUIRED | FIELD_KNOWN)
#define STATE FIELD_STATE
#define MANY FIELD_REPEATED

#define OPINION "strongly_disagree disagree neutral agree strongly_agree"
#define BASIS "own_evidence cited_sources same_source expertise"
#define RELEASE_FORMS "release pardon parole amnesty acquittal exchange transfer other"
#define MEASURES                                                                           \
  "asset_freeze financial_restriction trade_restriction sectoral airspace_ban travel_ban " \
  "arms_embargo restrictions other"

/* --- world -------------------------------------------------------------------------------- */

static const struct vocabulary_field entity_described[] = {
    {"subject", FIELD_SUBJECT, IS_SUBJECT, NULL, "the entity or occurrence described"},
    {"schema", FIELD_CHOICE, STATE | FIELD_EXISTS,
     "Person Group Organization Company PublicBody LegalEntity Territory Event Position Project "
     "Address Asset Vessel Airplane Vehicle RealEstate Security CryptoWallet CourtCase Document "
     "Article Thing",
     "its FollowTheMoney schema; Group (people known by their number) and Territory are adduce's"},
    {"name", FIELD_TEXT, STATE | MANY, NULL, "its names, one for each language or spelling"},
    {"alias", FIELD_TEXT, STATE | MANY, NULL, "other names it goes by"},
    {"description", FIELD_TEXT, STATE, NULL, "what or who it is, in a sentence"},
    {"topics", FIELD_TEXT, STATE | MANY, NULL,
     "FollowTheMoney topics: gov.head, gov.soe, role.pep"},
    {"country", FIELD_COUNTRY, STATE | MANY, NULL, "the countries it belongs to"},
    {"nationality", FIELD_COUNTRY, STATE | MANY, NULL, "a person's citizenships"},
    {"position", FIELD_TEXT, STATE | MANY, NULL, "a person's offices and roles"},
    {"birth_date", FIELD_TIME, STATE, NULL, "when a person was born"},
    {"start_date", FIELD_TIME, STATE, NULL, "when it was founded, or began"},
    {"end_date", FIELD_TIME, STATE, NULL, "when it was dissolved, or ended"},
    {"place", FIELD_TEXT, STATE, NULL, "where it is, or took place"},
    {"owner", FIELD_SUBJECT, STATE | MANY, NULL, "who owns it"},
    {"identifier", FIELD_TEXT, STATE | MANY, NULL, "registration and other numbers it is known by"},
    {"website", FIELD_TEXT, STATE | MANY, NULL, "its pages on the web"},
};

static const struct vocabulary_field release_announced[] = {
    {"subject", FIELD_SUBJECT, IS_SUBJECT, NULL, "the release, as an occurrence of its own"},
    {"group", FIELD_SUBJECT, STATE, NULL, "the person or group released"},
    {"authority", FIELD_SUBJECT, STATE | FIELD_PARTY, NULL, "who releases"},
    {"form", FIELD_CHOICE, STATE, RELEASE_FORMS, "how it is called by who announces it"},
    {"place", FIELD_TEXT, STATE, NULL, "where"},
    {"destination", FIELD_TEXT, STATE | MANY, NULL, "where those released go or are taken"},
    {"receiver", FIELD_SUBJECT, STATE | MANY | FIELD_PARTY, NULL, "who receives them"},
    {"grounds", FIELD_TEXT, STATE | MANY, NULL, "on what ground, as the speaker says"},
};

static const struct vocabulary_field detention_reported[] = {
    {"subject", FIELD_SUBJECT, IS_SUBJECT, NULL, "the person or group detained"},
    {"authority", FIELD_SUBJECT, STATE | FIELD_PARTY, NULL, "who detains"},
    {"grounds", FIELD_TEXT, STATE | MANY, NULL, "on what grounds, as the speaker says"},
    {"convicted_of", FIELD_TEXT, STATE | MANY, NULL,
     "offences of a conviction, as the speaker says"},
    {"sentence", FIELD_DURATION, STATE, NULL, "the length of the sentence"},
    {"place", FIELD_TEXT, STATE, NULL, "where"},
    {"occurrence", FIELD_SUBJECT, STATE, NULL, "the detention as a thing of its own"},
};

#define SANCTION_FIELDS                                                                          \
  {"target", FIELD_SUBJECT, IS_SUBJECT, NULL, "the entity, sector or territory it is aimed at"}, \
      {"issuer", FIELD_SUBJECT, FIELD_REQUIRED | FIELD_EXISTS | FACET | FIELD_PARTY, NULL,       \
       "the authority whose sanction it is"},                                                    \
      {"measure", FIELD_CHOICE, FACET, MEASURES,                                                 \
       "what is done; `restrictions` where that is not said"},                                   \
      {"scope", FIELD_TEXT, FACET | MANY, NULL, "the sectors, goods or designations covered"},   \
      {"instrument", FIELD_TEXT, STATE, NULL, "the legal act by which this is done"},            \
      {"programme", FIELD_TEXT, STATE | MANY, NULL, "the list or programme it belongs to"},      \
      {"list_id", FIELD_TEXT, STATE, NULL, "its number on that list"},                           \
      {"reasons", FIELD_TEXT, STATE | MANY, NULL, "the reasons the issuer gives"}, {             \
    "occurrence", FIELD_SUBJECT, STATE, NULL, "the act as a thing of its own, for relations"     \
  }

static const struct vocabulary_field sanction_imposed[] = {
    SANCTION_FIELDS,
};

static const struct vocabulary_field sanction_eased[] = {
    SANCTION_FIELDS,
    {"degree", FIELD_CHOICE, STATE | FIELD_FRAME, "full partial waiver licence",
     "how far: all of this measure in this scope, a part, a waiver or a licence"},
    {"reversible", FIELD_BOOLEAN, STATE, NULL, "true: it can come back without a new act"},
};

static const struct vocabulary_field agreement_reached[] = {
    {"subject", FIELD_SUBJECT, IS_SUBJECT, NULL, "the agreement, as a thing of its own"},
    {"parties", FIELD_SUBJECT, STATE | MANY | FIELD_PARTY, NULL, "who agreed"},
    {"title", FIELD_TEXT, STATE, NULL, "what it is called"},
    {"provides", FIELD_TEXT, STATE | MANY, NULL, "what it provides for, which is not yet done"},
    {"place", FIELD_TEXT, STATE, NULL, "where"},
    {"instrument", FIELD_TEXT, STATE, NULL, "the document that holds it"},
};

static const struct vocabulary_field meeting_held[] = {
    {"subject", FIELD_SUBJECT, IS_SUBJECT, NULL, "the meeting, as an occurrence of its own"},
    {"participants", FIELD_SUBJECT, STATE | MANY | FIELD_PARTY, NULL, "who took part"},
    {"place", FIELD_TEXT, STATE, NULL, "where"},
    {"duration", FIELD_DURATION, STATE, NULL, "how long: P2D is two days"},
    {"closed", FIELD_BOOLEAN, STATE, NULL, "true: behind closed doors"},
    {"topics", FIELD_TEXT, STATE | MANY, NULL, "what was talked about"},
    {"format", FIELD_CHOICE, STATE, "talks visit call summit hearing negotiation other",
     "what sort of meeting"},
};

static const struct vocabulary_field statement_made[] = {
    {"speaker", FIELD_SUBJECT, FIELD_REQUIRED | FIELD_FRAME | FIELD_EXISTS | FIELD_PARTY, NULL,
     "who speaks; {\"?\": \"unknown\"} where words are quoted and no speaker is named"},
    {"gist", FIELD_TEXT, STATE | FIELD_FRAME, NULL, "what is said, in our words"},
    {"words", FIELD_TEXT, STATE | FIELD_FRAME, NULL, "what is said, word for word, as quoted"},
    {"addressee", FIELD_SUBJECT, STATE | MANY, NULL, "to whom"},
    {"about", FIELD_SUBJECT, STATE | MANY, NULL, "what it is about"},
    {"channel", FIELD_TEXT, STATE, NULL, "how it was made: in an interview, on television"},
    {"place", FIELD_TEXT, STATE, NULL, "where"},
    {"occurrence", FIELD_SUBJECT, STATE, NULL, "the statement as a thing of its own"},
};

static const struct vocabulary_field fact_asserted[] = {
    {"subject", FIELD_SUBJECT, IS_SUBJECT, NULL, "what the fact is about"},
    {"property", FIELD_WORD, IS_SUBJECT, NULL,
     "which property: a FollowTheMoney name (nationality, Person:birthPlace) or a word of one's "
     "own"},
    {"value", FIELD_VALUE, FIELD_REQUIRED | FIELD_FRAME | STATE, NULL, "its value"},
};

static const struct vocabulary_field relation_asserted[] = {
    {"from", FIELD_SUBJECT, FIELD_REQUIRED | FIELD_FRAME | FIELD_EXISTS, NULL,
     "one end; an event is written event:ID"},
    {"relation", FIELD_CHOICE, IS_SUBJECT,
     "part_of pursuant_to in_exchange_for in_parallel_with conditional_on aims_at results_in "
     "causes "
     "follows precedes member_of_series comparable_to amends eases imposes lifts suspends "
     "same_statement_as contradicts qualifies quotes translates summarises",
     "how it stands to the other end"},
    {"to", FIELD_SUBJECT, FIELD_REQUIRED | FIELD_FRAME | FIELD_EXISTS, NULL, "the other end"},
    {"scope", FIELD_TEXT, FIELD_FRAME | MANY, NULL, "within what: a sector, a measure"},
    {"degree", FIELD_CHOICE, FIELD_FRAME, "full partial waiver licence", "of eases: how far"},
};

/* --- sources ------------------------------------------------------------------------------ */

#define CAPTURE_FIELDS                                                      \
  {"retrieved_at", FIELD_TIME, 0, NULL, "when the bytes were fetched"},     \
      {"digest", FIELD_DIGEST, 0, NULL, "SHA-256 of the bytes"},            \
      {"size_bytes", FIELD_INTEGER, FIELD_COUNT, NULL, "how many bytes"},   \
      {"media_type", FIELD_TEXT, 0, NULL, "their media type: text/html"}, { \
    "archive_url", FIELD_TEXT, MANY, NULL, "where an archive keeps them"    \
  }

#define SOURCE_FIELDS                                                                             \
  {"subject", FIELD_SUBJECT, FIELD_KNOWN, NULL, "the source's own subject id, for attributions"}, \
      {"title", FIELD_TEXT, 0, NULL, "its title"},                                                \
      {"medium", FIELD_CHOICE, 0,                                                                 \
       "Article PressRelease LegalAct Broadcast Interview SocialPost Dataset Document WebPage "   \
       "Book "                                                                                    \
       "Report Image Video Audio Message Testimony Other",                                        \
       "what it is"},                                                                             \
      {"publisher", FIELD_TEXT, 0, NULL, "who published it"},                                     \
      {"publisher_subject", FIELD_SUBJECT, 0, NULL, "the publisher's subject id"},                \
      {"author", FIELD_TEXT, MANY, NULL, "who wrote it"},                                         \
      {"language", FIELD_LANGUAGE, MANY, NULL, "the languages it is in"},                         \
      {"url", FIELD_TEXT, MANY, NULL, "where it is, or was"},                                     \
      {"published_at", FIELD_TIME, 0, NULL, "when it was published"}, CAPTURE_FIELDS,             \
      {"credits", FIELD_MAP, MANY, NULL,                                                          \
       "credits of images and the like, which are not its source"},                               \
      {"access", FIELD_CHOICE, 0, "open restricted protected",                                    \
       "who may see it; protected: a person who must not be found"},                              \
  {                                                                                               \
    "note", FIELD_TEXT, FIELD_KNOWN, NULL, "a remark of the author"                               \
  }

static const struct vocabulary_field source_cited[] = {
    SOURCE_FIELDS,
};

static const struct vocabulary_field source_revised[] = {
    SOURCE_FIELDS,
    {"change", FIELD_TEXT, 0, NULL, "what changed"},
};

static const struct vocabulary_field capture_taken[] = {
    CAPTURE_FIELDS,
    {"url", FIELD_TEXT, 0, NULL, "where it was fetched from"},
    {"tool", FIELD_TEXT, 0, NULL, "what fetched it"},
    {"note", FIELD_TEXT, FIELD_KNOWN, NULL, "a remark of the author"},
};

/* --- life of a claim ---------------------------------------------------------------------- */

#define WITH_CITATIONS                                                                             \
  {"citations", FIELD_CITATION, MANY | FIELD_KNOWN, NULL, "places in sources that bear it out"}, { \
    "note", FIELD_TEXT, FIELD_KNOWN, NULL, "a remark of the author"                                \
  }

static const struct vocabulary_field claim_corrected[] = {
    {"reason", FIELD_TEXT, MUST, NULL, "why"},
    {"correction", FIELD_CHOICE, FIELD_KNOWN,
     "typo translation fact attribution identity time quantity other",
     "what sort of mistake it was"},
    {"fields", FIELD_MAP, FIELD_KNOWN | FIELD_FRAME, NULL,
     "the fields as they should read, put over the target's; or name a ref with role replacement"},
    WITH_CITATIONS,
};

static const struct vocabulary_field claim_retracted[] = {
    {"reason", FIELD_TEXT, MUST, NULL, "why"},
    {"cause", FIELD_CHOICE, FIELD_KNOWN, "error fabricated source_retracted consent legal other",
     "what led to it"},
    WITH_CITATIONS,
};

static const struct vocabulary_field claim_ended[] = {
    {"until", FIELD_TIME, FIELD_REQUIRED | FIELD_EXISTS | FIELD_FRAME, NULL,
     "until when it was true; unknown: it is not true any more"},
    {"reason", FIELD_TEXT, FIELD_KNOWN, NULL, "what ended it"},
    WITH_CITATIONS,
};

static const struct vocabulary_field claim_disputed[] = {
    {"opinion", FIELD_CHOICE, FIELD_KNOWN | FIELD_FRAME, "strongly_disagree disagree",
     "how strongly, on the scale of STIX; disagree by default"},
    {"reason", FIELD_TEXT, MUST, NULL, "why"},
    {"fields", FIELD_WORD, MANY | FIELD_KNOWN | FIELD_FRAME, NULL,
     "which of the target's fields; none means the whole"},
    {"basis", FIELD_CHOICE, FIELD_KNOWN, BASIS, "on what the judgement rests"},
};

static const struct vocabulary_field claim_corroborated[] = {
    {"independence", FIELD_CHOICE, FIELD_REQUIRED | FIELD_KNOWN | FIELD_FRAME,
     "independent same_origin unknown",
     "whether what corroborates goes back to another origin than the target"},
    {"opinion", FIELD_CHOICE, FIELD_KNOWN | FIELD_FRAME, OPINION,
     "how strongly, on the scale of STIX"},
    {"basis", FIELD_CHOICE, FIELD_KNOWN, BASIS, "on what the judgement rests"},
    {"explanation", FIELD_TEXT, FIELD_KNOWN, NULL, "how it was found"},
};

static const struct vocabulary_field claim_endorsed[] = {
    {"opinion", FIELD_CHOICE, MUST | FIELD_FRAME, OPINION,
     "how far one agrees, on the scale of STIX"},
    {"basis", FIELD_CHOICE, FIELD_KNOWN, BASIS, "on what the judgement rests"},
    {"independence", FIELD_CHOICE, FIELD_KNOWN, "independent same_origin unknown",
     "whether one's own sources go back to another origin than the target"},
    {"explanation", FIELD_TEXT, FIELD_KNOWN, NULL, "why"},
};

static const struct vocabulary_field claim_ranked[] = {
    {"rank", FIELD_CHOICE, MUST | FIELD_FRAME, "preferred normal deprecated",
     "the rank, as in Wikibase"},
    {"reason", FIELD_TEXT, FIELD_KNOWN, NULL, "why"},
    WITH_CITATIONS,
};

/* --- identity of things ------------------------------------------------------------------- */

static const struct vocabulary_field same_judged[] = {
    {"left", FIELD_SUBJECT, IS_SUBJECT, NULL, "one subject"},
    {"right", FIELD_SUBJECT, IS_SUBJECT, NULL, "the other"},
    {"judgement", FIELD_CHOICE, IS_SUBJECT, "positive negative unsure",
     "positive: the same; negative: not the same; unsure: looked at and left open"},
    {"basis", FIELD_TEXT, FIELD_KNOWN, NULL, "why"},
    {"confidence", FIELD_CHOICE, FIELD_KNOWN, "low moderate high", "how sure the author is"},
    WITH_CITATIONS,
};

/* --- authors ------------------------------------------------------------------------------ */

static const struct vocabulary_field author_described[] = {
    {"key", FIELD_KEY, MUST, NULL, "the author's key"},
    {"name", FIELD_TEXT, FIELD_REQUIRED | STATE, NULL, "the author's name"},
    {"subject", FIELD_SUBJECT, FIELD_KNOWN, NULL, "the author's subject id"},
    {"organization", FIELD_TEXT, STATE, NULL, "for whom the author works"},
    {"organization_subject", FIELD_SUBJECT, STATE, NULL, "that organization's subject id"},
    {"type", FIELD_CHOICE, STATE, "person organization team software", "what the author is"},
    {"description", FIELD_TEXT, STATE, NULL, "who that is, in a sentence"},
    {"url", FIELD_TEXT, STATE | MANY, NULL, "where the author publishes this key"},
    {"contact", FIELD_TEXT, MANY, NULL, "how to reach the author"},
};

static const struct vocabulary_field key_authorized[] = {
    {"key", FIELD_KEY, MUST, NULL, "the key"},
    {"rights", FIELD_CHOICE, MUST | MANY, "found authorize revoke erase declare policy sign append",
     "what its author may do"},
    {"name", FIELD_TEXT, FIELD_KNOWN, NULL, "whose key it is"},
    {"organization", FIELD_TEXT, FIELD_KNOWN, NULL, "for whom that author works"},
    {"next_key_digest", FIELD_DIGEST, FIELD_KNOWN, NULL, "SHA-256 of the key that will follow it"},
    {"note", FIELD_TEXT, FIELD_KNOWN, NULL, "a remark"},
};

static const struct vocabulary_field key_rotated[] = {
    {"old_key", FIELD_KEY, MUST, NULL, "the key that ends"},
    {"new_key", FIELD_KEY, MUST, NULL, "the key that takes over its rights"},
    {"reason", FIELD_TEXT, FIELD_KNOWN, NULL, "why"},
};

static const struct vocabulary_field key_revoked[] = {
    {"key", FIELD_KEY, MUST, NULL, "the key"},
    {"reason", FIELD_CHOICE, MUST, "superseded lost compromised", "why"},
    {"effective_from", FIELD_INTEGER, FIELD_KNOWN | FIELD_COUNT, NULL,
     "the index in the log from which its claims are doubtful; may lie in the past"},
    {"note", FIELD_TEXT, FIELD_KNOWN, NULL, "a remark, such as where the evidence is"},
};

/* --- exchange and custody ----------------------------------------------------------------- */

static const struct vocabulary_field bundle_exported[] = {
    {"recipient", FIELD_TEXT, FIELD_REQUIRED | MANY, NULL, "to whom"},
    {"manifest", FIELD_DIGEST, FIELD_REQUIRED, NULL, "SHA-256 of the bundle's manifest"},
    {"count", FIELD_INTEGER, FIELD_COUNT, NULL, "how many events"},
    {"handling", FIELD_CHOICE, 0, "clear green amber amber+strict red",
     "how they may be passed on"},
    {"purpose", FIELD_TEXT, 0, NULL, "what for"},
    {"withheld", FIELD_PATH, MANY, NULL, "which fields were withheld"},
};

static const struct vocabulary_field bundle_imported[] = {
    {"source_genesis", FIELD_ID, MUST, NULL, "the ledger it came from"},
    {"origin", FIELD_TEXT, MUST, NULL, "that ledger's name"},
    {"checkpoint", FIELD_TEXT, MUST, NULL, "that ledger's checkpoint, a signed note"},
    {"manifest", FIELD_DIGEST, MUST, NULL, "SHA-256 of the bundle's manifest"},
    {"count", FIELD_INTEGER, MUST | FIELD_COUNT, NULL,
     "how many entries after this one are foreign"},
    {"note", FIELD_TEXT, FIELD_KNOWN, NULL, "a remark"},
};

static const struct vocabulary_field receipt_received[] = {
    {"recipient", FIELD_TEXT, FIELD_REQUIRED, NULL, "the ledger that received the bundle"},
    {"manifest", FIELD_DIGEST, FIELD_REQUIRED, NULL, "SHA-256 of the bundle's manifest"},
    {"admitted", FIELD_INTEGER, FIELD_COUNT, NULL, "how many events it admitted"},
    {"quarantined", FIELD_INTEGER, FIELD_COUNT, NULL, "how many it keeps waiting"},
    {"refused", FIELD_INTEGER, FIELD_COUNT, NULL, "how many it refused"},
    {"receipt", FIELD_TEXT, FIELD_REQUIRED, NULL, "the receipt, a signed note"},
};

static const struct vocabulary_field field_redacted[] = {
    {"paths", FIELD_PATH, FIELD_REQUIRED | MANY, NULL, "which fields of the targets"},
    {"reason", FIELD_TEXT, FIELD_REQUIRED, NULL, "why"},
    {"legal_basis", FIELD_TEXT, 0, NULL, "under which rule"},
    {"holders", FIELD_TEXT, MANY, NULL, "who may still hold the values"},
};

static const struct vocabulary_field content_erased[] = {
    {"paths", FIELD_PATH, FIELD_KNOWN | MANY, NULL, "which fields of the targets; none means all"},
    {"reason", FIELD_TEXT, MUST, NULL, "why, without saying what was erased"},
    {"legal_basis", FIELD_TEXT, FIELD_KNOWN, NULL, "under which rule"},
    {"captures", FIELD_BOOLEAN, FIELD_KNOWN, NULL,
     "true: the captured documents that the targets name went too"},
};

static const struct vocabulary_field hold_placed[] = {
    {"reason", FIELD_TEXT, MUST, NULL, "why nothing of the targets may be erased"},
    {"authority", FIELD_TEXT, FIELD_KNOWN, NULL, "who demands it"},
    {"until", FIELD_TIME, FIELD_KNOWN, NULL, "until when; until it is lifted, if absent"},
};

static const struct vocabulary_field hold_lifted[] = {
    {"reason", FIELD_TEXT, MUST, NULL, "why"},
};

static const struct vocabulary_field equivocation_reported[] = {
    {"origin", FIELD_TEXT, FIELD_REQUIRED, NULL, "the log that has two histories"},
    {"vkey", FIELD_TEXT, 0, NULL, "the key that signed both"},
    {"first", FIELD_TEXT, FIELD_REQUIRED, NULL, "one checkpoint, a signed note"},
    {"second", FIELD_TEXT, FIELD_REQUIRED, NULL, "the other, which does not extend it"},
    {"proof", FIELD_TEXT, 0, NULL, "where the proof is to be had, if it needs more"},
    {"note", FIELD_TEXT, FIELD_KNOWN, NULL, "a remark"},
};

/* --- the ledger --------------------------------------------------------------------------- */

static const struct vocabulary_field ledger_created[] = {
    {"origin", FIELD_TEXT, MUST, NULL, "the ledger's name: what its log is called in checkpoints"},
    {"vkey", FIELD_TEXT, MUST, NULL, "the log's verifier key, whose name is the origin"},
    {"name", FIELD_TEXT, FIELD_KNOWN, NULL, "what people call it"},
    {"continues", FIELD_TEXT, FIELD_KNOWN, NULL, "the last checkpoint of the ledger it continues"},
};

static const struct vocabulary_field ledger_rekeyed[] = {
    {"vkey", FIELD_TEXT, MUST, NULL, "the log's new verifier key"},
    {"from_size", FIELD_INTEGER, MUST | FIELD_COUNT, NULL,
     "the size whose checkpoint carries both signatures"},
    {"reason", FIELD_TEXT, FIELD_KNOWN, NULL, "why; \"the old key is lost\" needs new trust"},
};

static const struct vocabulary_field kind_declared[] = {
    {"name", FIELD_TEXT, MUST, NULL, "AUTHORITY:noun.verb, or AUTHORITY:noun.verb@N from 2"},
    {"text", FIELD_TEXT, MUST, NULL, "what a claim of the kind says, in a sentence"},
    {"effect", FIELD_CHOICE, MUST, "none sets moves asserts relates acts",
     "what it does to the state"},
    {"subject", FIELD_TEXT, FIELD_KNOWN, NULL, "which of the fields is the subject"},
    {"state", FIELD_TEXT, FIELD_KNOWN, NULL, "of moves and acts: the state"},
    {"fields", FIELD_MAP, FIELD_KNOWN | MANY, NULL,
     "its fields: {name, type, text, choices} and, where true, required, repeated, frame, state, "
     "known, exists, facet, count, party"},
    {"example", FIELD_TEXT, FIELD_KNOWN, NULL, "a claim of the kind, as one line of JSON"},
};

static const struct vocabulary_field policy_set[] = {
    {"unknown_authors", FIELD_CHOICE, MUST, "refuse quarantine",
     "what becomes of events by keys that are not authorized here"},
    {"rules", FIELD_MAP, FIELD_KNOWN | MANY, NULL, "whose claims count, for what"},
    {"text", FIELD_TEXT, FIELD_KNOWN, NULL, "the policy in words"},
};

static const struct vocabulary_field state_digested[] = {
    {"size", FIELD_INTEGER, MUST | FIELD_COUNT, NULL, "the entries covered: 0 to size - 1"},
    {"root", FIELD_DIGEST, MUST, NULL, "the tree's root at that size"},
    {"projection", FIELD_WORD, MUST, NULL, "which projection"},
    {"projection_version", FIELD_INTEGER, MUST | FIELD_COUNT, NULL, "the version of its code"},
    {"vocabulary_version", FIELD_INTEGER, MUST | FIELD_COUNT, NULL,
     "the version of the table of kinds"},
    {"policy", FIELD_ID, FIELD_KNOWN, NULL, "the policy.set in force; absent if there is none"},
    {"view", FIELD_DIGEST, MUST, NULL, "the id of the view: which content was not available"},
    {"digest", FIELD_DIGEST, MUST, NULL, "the digest over the projection's rows"},
};

/* One kind a row; clang-format would spread its example over a page. */
/* clang-format off */

/* --- the table ---------------------------------------------------------------------------- */

const struct vocabulary_kind kinds_table[] = {
    {
        .name = "entity.described",
        .text = "Describes a person, group, body, place, thing or occurrence.",
        .family = FAMILY_WORLD, .effect = EFFECT_SETS, .has_frame = true,
        .subject = "subject",
        FIELDS(entity_described),
        .example = JSON({"kind":"entity.described","handling":"clear",
          "content":{"subject":"monitor.example/belarus/belavia","schema":"Company",
          "name":[{"v":"Belavia","lang":"en"},{"v":"Белавія","lang":"be"}],"topics":["gov.soe"],
          "country":["by"],"description":"state-owned airline"}}),
    },
    {
        .name = "release.announced",
        .text = "Says that somebody announced or carried out a release of detainees.",
        .family = FAMILY_WORLD, .effect = EFFECT_MOVES, .has_frame = true,
        .subject = "subject", .state = "announced",
        FIELDS(release_announced),
        .example = JSON({"kind":"release.announced","handling":"clear","refs":[["cites",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"subject":"monitor.example/release/minsk",
          "group":"monitor.example/group/detainees",
          "authority":"monitor.example/belarus/authorities","quantity":{"exact":123,
          "unit":"persons"},"valid":{"after":"monitor.example/meeting/talks"},
          "attribution":[{"agent":"outlet.example/news","act":"reports"},
          {"agent":"monitor.example/belarus/authorities","act":"announces",
          "marker":"have announced"}],
          "citations":[{"source":{"$id":
          "0000000000000000000000000000000000000000000000000000000000000000"},
          "selector":[{"type":"TextPositionSelector","start":120,"end":184}]}]}}),
    },
    {
        .name = "release.confirmed",
        .text = "Says that a release has taken place, on the word of somebody who can know.",
        .family = FAMILY_WORLD, .effect = EFFECT_MOVES, .has_frame = true,
        .subject = "subject", .state = "confirmed",
        FIELDS(release_announced),
        .example = JSON({"kind":"release.confirmed","handling":"clear",
          "content":{"subject":"monitor.example/release/minsk",
          "receiver":["monitor.example/coordination-centre"],"destination":["Ukraine"],
          "quantity":{"exact":114,"of":"monitor.example/group/detainees"},
          "valid":{"from":"2025-12-13","to":"2025-12-13","certainty":"at_some_point"}}}),
    },
    {
        .name = "detention.reported",
        .text = "Says that a person or group is or was detained, by whom and on what ground.",
        .family = FAMILY_WORLD, .effect = EFFECT_MOVES, .has_frame = true,
        .subject = "subject", .state = "detained",
        FIELDS(detention_reported),
        .example = JSON({"kind":"detention.reported","handling":"amber",
          "content":{"subject":"monitor.example/group/detainees",
          "authority":"monitor.example/belarus/authorities","convicted_of":["espionage",
          "terrorism"],"open_list":true,
          "attribution":[{"agent":"monitor.example/belarus/presidency","act":"states"}]}}),
    },
    {
        .name = "sanction.imposed",
        .text = "Says that an issuer put a measure on a target, within a scope.",
        .family = FAMILY_WORLD, .effect = EFFECT_MOVES, .has_frame = true,
        .subject = "target", .state = "imposed",
        FIELDS(sanction_imposed),
        .example = JSON({"kind":"sanction.imposed","handling":"clear",
          "content":{"target":"monitor.example/belarus/belavia","issuer":"monitor.example/eu",
          "measure":"asset_freeze","instrument":"32006R0765","list_id":"I.B/17",
          "valid":{"from":"2021-12-02","from_is_start":true,"to":{"?":"none"}}}}),
    },
    {
        .name = "sanction.eased",
        .text = "Says that an issuer eased a measure: in part, wholly, by waiver or by licence.",
        .family = FAMILY_WORLD, .effect = EFFECT_MOVES, .has_frame = true,
        .subject = "target", .state = "eased",
        FIELDS(sanction_eased),
        .example = JSON({"kind":"sanction.eased","handling":"clear",
          "content":{"target":"monitor.example/belarus","issuer":"monitor.example/us",
          "measure":"restrictions","degree":"partial","open_list":true,
          "occurrence":"monitor.example/easing/general"}}),
    },
    {
        .name = "sanction.lifted",
        .text = "Says that an issuer ended a measure on a target, within a scope.",
        .family = FAMILY_WORLD, .effect = EFFECT_MOVES, .has_frame = true,
        .subject = "target", .state = "lifted",
        FIELDS(sanction_imposed),
        .example = JSON({"kind":"sanction.lifted","handling":"clear",
          "content":{"target":"monitor.example/belarus/belavia","issuer":"monitor.example/us",
          "measure":"restrictions","occurrence":"monitor.example/easing/belavia",
          "valid":{"from":{"?":"unknown"},"from_is_start":true}}}),
    },
    {
        .name = "agreement.reached",
        .text = "Says that parties agreed on something; what it provides for is not thereby done.",
        .family = FAMILY_WORLD, .effect = EFFECT_MOVES, .has_frame = true,
        .subject = "subject", .state = "reached",
        FIELDS(agreement_reached),
        .example = JSON({"kind":"agreement.reached","handling":"clear",
          "content":{"subject":"monitor.example/agreement/minsk",
          "parties":["monitor.example/belarus","monitor.example/us"],
          "provides":["targeted easing of sanctions"],"open_list":true}}),
    },
    {
        .name = "meeting.held",
        .text = "Says that a meeting, visit or talks took place.",
        .family = FAMILY_WORLD, .effect = EFFECT_MOVES, .has_frame = true,
        .subject = "subject", .state = "held",
        FIELDS(meeting_held),
        .example = JSON({"kind":"meeting.held","handling":"clear",
          "content":{"subject":"monitor.example/meeting/talks","place":"Minsk","duration":"P2D",
          "closed":true,"participants":["monitor.example/person/president",
          "monitor.example/person/envoy"],"topics":["release of detainees","normalisation"],
          "format":"talks"}}),
    },
    {
        .name = "statement.made",
        .text = "Says that somebody said something, in our words or theirs.",
        .family = FAMILY_WORLD, .effect = EFFECT_SETS, .has_frame = true,
        .subject = "speaker",
        FIELDS(statement_made),
        .example = JSON({"kind":"statement.made","handling":"clear",
          "content":{"speaker":{"?":"unknown"},"words":{"v":"illegal sanctions","lang":"en"},
          "about":["monitor.example/easing/general"],
          "attribution":[{"agent":"outlet.example/news","act":"quotes"}]}}),
    },
    {
        .name = "fact.asserted",
        .text = "Says that a property of a subject has a value.",
        .family = FAMILY_WORLD, .effect = EFFECT_ASSERTS, .has_frame = true,
        .subject = "subject",
        FIELDS(fact_asserted),
        .example = JSON({"kind":"fact.asserted","handling":"clear",
          "content":{"subject":"monitor.example/group/detainees","property":"nationality",
          "value":"by","quantity":{"majority_of":123,"unit":"persons"}}}),
    },
    {
        .name = "relation.asserted",
        .text = "Says how one subject stands to another.",
        .family = FAMILY_WORLD, .effect = EFFECT_RELATES, .has_frame = true,
        .subject = "from",
        FIELDS(relation_asserted),
        .example = JSON({"kind":"relation.asserted","handling":"clear",
          "content":{"from":"monitor.example/easing/general","relation":"in_parallel_with",
          "to":"monitor.example/release/minsk","attribution":[{"agent":"outlet.example/news",
          "act":"asserts","marker":"in parallel"}]}}),
    },
    {
        .name = "source.cited",
        .text = "Registers a publication, document or other source, and what was captured of it.",
        .family = FAMILY_SOURCE, .effect = EFFECT_SOURCE,
        .subject = "subject", .state = "cited",
        FIELDS(source_cited),
        .example = JSON({"kind":"source.cited","handling":"clear",
          "content":{"title":{"?":"unknown"},"publisher":{"?":"unknown"},
          "published_at":{"?":"unknown"},"medium":"Article","language":["fr"],
          "retrieved_at":"2025-12-14T09:30Z",
          "digest":{"$id":"0000000000000000000000000000000000000000000000000000000000000000"},
          "size_bytes":3120,"media_type":"text/plain","access":"open","credits":[{"kind":"image",
          "credit":"agency.example"}]}}),
    },
    {
        .name = "source.revised",
        .text =
            "Says that a source was changed by its publisher; this event is the changed source.",
        .family = FAMILY_SOURCE, .effect = EFFECT_SOURCE,
        .subject = "subject", .state = "revised", .acts_role = "source",
        FIELDS(source_revised),
        .example = JSON({"kind":"source.revised","handling":"clear","refs":[["source",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"title":"Detainees freed","change":"a paragraph was added",
          "retrieved_at":"2025-12-14T18:00Z"}}),
    },
    {
        .name = "capture.taken",
        .text = "Says that bytes of a source were captured once more.",
        .family = FAMILY_SOURCE, .effect = EFFECT_SOURCE,
        .state = "captured", .acts_role = "source",
        FIELDS(capture_taken),
        .example = JSON({"kind":"capture.taken","handling":"clear","refs":[["source",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"retrieved_at":"2025-12-15T07:00Z","size_bytes":3120,
          "media_type":"text/html",
          "digest":{"$id":"0000000000000000000000000000000000000000000000000000000000000000"},
          "url":"https://outlet.example/a/1"}}),
    },
    {
        .name = "claim.corrected",
        .text = "Corrects a mistake in a claim; both stay readable.",
        .family = FAMILY_LIFE, .effect = EFFECT_ACTS,
        .state = "corrected", .acts_role = "target", .may_roles = "replacement",
        FIELDS(claim_corrected),
        .example = JSON({"kind":"claim.corrected","handling":"clear","refs":[["target",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"reason":"the number was misread","correction":"typo",
          "fields":{"quantity":{"exact":123}}}}),
    },
    {
        .name = "claim.retracted",
        .text = "Withdraws a claim, with the reason.",
        .family = FAMILY_LIFE, .effect = EFFECT_ACTS,
        .state = "retracted", .acts_role = "target",
        FIELDS(claim_retracted),
        .example = JSON({"kind":"claim.retracted","handling":"clear","refs":[["target",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"reason":"the outlet withdrew its report","cause":"source_retracted"}}),
    },
    {
        .name = "claim.ended",
        .text = "Says that what a claim says was true until a time, and is not any more.",
        .family = FAMILY_LIFE, .effect = EFFECT_ACTS,
        .state = "ended", .acts_role = "target",
        FIELDS(claim_ended),
        .example = JSON({"kind":"claim.ended","handling":"clear","refs":[["target",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"until":"2025-12-13","reason":"released"}}),
    },
    {
        .name = "claim.disputed",
        .text = "Disputes a claim.",
        .family = FAMILY_LIFE, .effect = EFFECT_ACTS, .has_frame = true,
        .state = "disputed", .acts_role = "target",
        FIELDS(claim_disputed),
        .example = JSON({"kind":"claim.disputed","handling":"clear","refs":[["target",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"reason":"another issuer's measure is still in force",
          "opinion":"strongly_disagree","basis":"cited_sources"}}),
    },
    {
        .name = "claim.corroborated",
        .text = "Says that something else bears a claim out, and whether it is independent of it.",
        .family = FAMILY_LIFE, .effect = EFFECT_ACTS, .has_frame = true,
        .state = "corroborated", .acts_role = "target",
        FIELDS(claim_corroborated),
        .example = JSON({"kind":"claim.corroborated","handling":"clear","refs":[["target",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"independence":"same_origin","explanation":"both outlets quote one agency"}}),
    },
    {
        .name = "claim.endorsed",
        .text = "Says how far one agrees with a claim.",
        .family = FAMILY_LIFE, .effect = EFFECT_ACTS, .has_frame = true,
        .state = "endorsed", .acts_role = "target",
        FIELDS(claim_endorsed),
        .example = JSON({"kind":"claim.endorsed","handling":"clear","refs":[["target",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"opinion":"agree","basis":"own_evidence"}}),
    },
    {
        .name = "claim.ranked",
        .text = "Prefers a claim, or sets it back, in one's own view.",
        .family = FAMILY_LIFE, .effect = EFFECT_ACTS,
        .state = "ranked", .acts_role = "target",
        FIELDS(claim_ranked),
        .example = JSON({"kind":"claim.ranked","handling":"clear","refs":[["target",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"rank":"deprecated","reason":"an early count, since revised"}}),
    },
    {
        .name = "same.judged",
        .text = "Judges whether two subjects are one; it can be judged anew and rewrites nothing.",
        .family = FAMILY_IDENTITY, .effect = EFFECT_SAME,
        .subject = "left",
        FIELDS(same_judged),
        .example = JSON({"kind":"same.judged","handling":"clear",
          "content":{"left":"monitor.example/person/envoy",
          "right":"outlet.example/person/john-coale","judgement":"positive",
          "basis":"same office, same visit; the spelling differs"}}),
    },
    {
        .name = "author.described",
        .text = "Says who is behind a key.",
        .family = FAMILY_AUTHOR, .effect = EFFECT_SETS,
        .subject = "subject",
        FIELDS(author_described),
        .example = JSON({"kind":"author.described","handling":"clear",
          "content":{"key":{"$id":
          "0000000000000000000000000000000000000000000000000000000000000000"},
          "name":"Desk of the Monitor","organization":"Monitor","type":"team"}}),
    },
    {
        .name = "key.authorized",
        .text = "Gives a key rights in a ledger.",
        .family = FAMILY_AUTHOR, .effect = EFFECT_NONE, .control = true, .right = "authorize",
        FIELDS(key_authorized),
        .example = JSON({"kind":"key.authorized","handling":"clear","refs":[["ledger",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"key":{"$id":
          "0000000000000000000000000000000000000000000000000000000000000000"},
          "rights":["append"],"name":"A. Reporter","organization":"Monitor"}}),
    },
    {
        .name = "key.rotated",
        .text = "Puts a new key in the place of an old one; the old key itself may sign it.",
        .family = FAMILY_AUTHOR, .effect = EFFECT_NONE, .control = true, .right = "authorize",
        FIELDS(key_rotated),
        .example = JSON({"kind":"key.rotated","handling":"clear","refs":[["ledger",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"old_key":{"$id":
          "0000000000000000000000000000000000000000000000000000000000000000"},
          "new_key":{"$id":"0000000000000000000000000000000000000000000000000000000000000001"}}}),
    },
    {
        .name = "key.revoked",
        .text = "Takes a key's rights away; the key itself may sign it.",
        .family = FAMILY_AUTHOR, .effect = EFFECT_NONE, .control = true, .right = "revoke",
        FIELDS(key_revoked),
        .example = JSON({"kind":"key.revoked","handling":"clear","refs":[["ledger",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"key":{"$id":
          "0000000000000000000000000000000000000000000000000000000000000000"},
          "reason":"compromised","effective_from":1200}}),
    },
    {
        .name = "bundle.exported",
        .text = "Says that a bundle of events was given to somebody.",
        .family = FAMILY_EXCHANGE, .effect = EFFECT_NONE,
        FIELDS(bundle_exported),
        .example = JSON({"kind":"bundle.exported","handling":"amber",
          "content":{"recipient":["partner.example"],"purpose":"review","count":12,
          "handling":"amber",
          "manifest":{"$id":"0000000000000000000000000000000000000000000000000000000000000000"}}}),
    },
    {
        .name = "bundle.imported",
        .text = "Says that the next entries came from another ledger.",
        .family = FAMILY_EXCHANGE, .effect = EFFECT_NONE, .control = true, .right = "append",
        FIELDS(bundle_imported),
        .example = JSON({"kind":"bundle.imported","handling":"clear","refs":[["ledger",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"source_genesis":{"$id":
          "0000000000000000000000000000000000000000000000000000000000000000"},
          "origin":"partner.example","checkpoint":"partner.example\n7\n...","count":7,
          "manifest":{"$id":"0000000000000000000000000000000000000000000000000000000000000000"}}}),
    },
    {
        .name = "receipt.received",
        .text = "Says that the recipient of a bundle has sent its receipt.",
        .family = FAMILY_EXCHANGE, .effect = EFFECT_NONE,
        FIELDS(receipt_received),
        .example = JSON({"kind":"receipt.received","handling":"amber",
          "content":{"recipient":"partner.example","admitted":12,
          "manifest":{"$id":"0000000000000000000000000000000000000000000000000000000000000000"},
          "receipt":"adduce/receipt/v1\n..."}}),
    },
    {
        .name = "field.redacted",
        .text = "Says that fields of claims are withheld from what is given out, and why.",
        .family = FAMILY_EXCHANGE, .effect = EFFECT_NONE,
        .acts_role = "target",
        FIELDS(field_redacted),
        .example = JSON({"kind":"field.redacted","handling":"clear","refs":[["target",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"paths":["name.1","birth_date"],"reason":"safety of a witness"}}),
    },
    {
        .name = "content.erased",
        .text = "Erases content of claims in this ledger; signatures and proofs still verify.",
        .family = FAMILY_EXCHANGE, .effect = EFFECT_NONE, .control = true, .right = "erase",
        .acts_role = "target",
        FIELDS(content_erased),
        .example = JSON({"kind":"content.erased","handling":"clear","refs":[["ledger",
          "0000000000000000000000000000000000000000000000000000000000000000"],["target",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"paths":["birth_date"],"reason":"request of the person concerned",
          "legal_basis":"GDPR 17"}}),
    },
    {
        .name = "hold.placed",
        .text = "Forbids erasing the targets, or anything at all if it names none.",
        .family = FAMILY_EXCHANGE, .effect = EFFECT_NONE, .control = true, .right = "erase",
        .may_roles = "target",
        FIELDS(hold_placed),
        .example = JSON({"kind":"hold.placed","handling":"clear","refs":[["ledger",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"reason":"proceedings are pending","authority":"a court","until":"2030"}}),
    },
    {
        .name = "hold.lifted",
        .text = "Ends a hold.",
        .family = FAMILY_EXCHANGE, .effect = EFFECT_NONE, .control = true, .right = "erase",
        .acts_role = "hold",
        FIELDS(hold_lifted),
        .example = JSON({"kind":"hold.lifted","handling":"clear","refs":[["hold",
          "0000000000000000000000000000000000000000000000000000000000000000"],["ledger",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"reason":"the proceedings are closed"}}),
    },
    {
        .name = "equivocation.reported",
        .text = "Shows that a log signed two histories.",
        .family = FAMILY_EXCHANGE, .effect = EFFECT_NONE,
        FIELDS(equivocation_reported),
        .example = JSON({"kind":"equivocation.reported","handling":"clear",
          "content":{"origin":"partner.example","first":"partner.example\n7\n...",
          "second":"partner.example\n9\n..."}}),
    },
    {
        .name = "ledger.created",
        .text = "Founds a ledger: entry 0, whose id is the ledger's identity. It names no ledger.",
        .family = FAMILY_LEDGER, .effect = EFFECT_NONE, .control = true, .right = "found",
        FIELDS(ledger_created),
        .example = JSON({"kind":"ledger.created","handling":"clear",
          "content":{"origin":"monitor.example","vkey":"monitor.example+0f1e2d3c+AQ...",
          "name":"The Monitor"}}),
    },
    {
        .name = "ledger.rekeyed",
        .text = "Gives the log a new key.",
        .family = FAMILY_LEDGER, .effect = EFFECT_NONE, .control = true, .right = "sign",
        FIELDS(ledger_rekeyed),
        .example = JSON({"kind":"ledger.rekeyed","handling":"clear","refs":[["ledger",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"vkey":"monitor.example+a1b2c3d4+AQ...","from_size":5000}}),
    },
    {
        .name = "kind.declared",
        .text = "Adds a kind of claim of an organization's own.",
        .family = FAMILY_LEDGER, .effect = EFFECT_NONE, .control = true, .right = "declare",
        FIELDS(kind_declared),
        .example = JSON({"kind":"kind.declared","handling":"clear","refs":[["ledger",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"name":"monitor.example:custody.transferred",
          "text":"Evidence changed hands.","effect":"moves","subject":"item",
          "state":"transferred","fields":[{"name":"item","type":"subject","required":true,
          "frame":true,"text":"what was handed over"},{"name":"holder","type":"subject",
          "state":true,"text":"who holds it now"}]}}),
    },
    {
        .name = "policy.set",
        .text = "Sets whom the ledger believes, and what becomes of unknown authors.",
        .family = FAMILY_LEDGER, .effect = EFFECT_NONE, .control = true, .right = "policy",
        FIELDS(policy_set),
        .example = JSON({"kind":"policy.set","handling":"clear","refs":[["ledger",
          "0000000000000000000000000000000000000000000000000000000000000000"]],
          "content":{"unknown_authors":"refuse"}}),
    },
    {
        .name = "state.digested",
        .text = "Says what digest a projection had at a size of the log.",
        .family = FAMILY_LEDGER, .effect = EFFECT_NONE,
        FIELDS(state_digested),
        .example = JSON({"kind":"state.digested","handling":"clear","content":{"size":5000,
          "projection":"facts","projection_version":1,"vocabulary_version":1,
          "root":{"$id":"0000000000000000000000000000000000000000000000000000000000000000"},
          "view":{"$id":"0000000000000000000000000000000000000000000000000000000000000000"},
          "digest":{"$id":"0000000000000000000000000000000000000000000000000000000000000000"}}}),
    },
};
/* clang-format on */

const size_t kinds_count = COUNT(kinds_table);
