// Ids sort by the time they were made (base/ids.h), so lists are ordered by them. A file's content
// is base64 text: SQLite and PostgreSQL agree on no type for bytes.

#include "store/schema.h"

namespace melete::store {

namespace {

constexpr std::string_view kResponses = R"(
    CREATE TABLE responses (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      status TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      previous_id TEXT NOT NULL,
      conversation TEXT NOT NULL,
      background INTEGER NOT NULL,
      last_sequence BIGINT NOT NULL,
      request TEXT NOT NULL,
      input TEXT NOT NULL,
      response TEXT NOT NULL))";

constexpr std::string_view kUnfinishedResponses = R"(
    CREATE INDEX responses_unfinished ON responses (created_at, id)
      WHERE status IN ('queued', 'in_progress'))";

constexpr std::string_view kConversations = R"(
    CREATE TABLE conversations (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      next_position BIGINT NOT NULL,
      metadata TEXT NOT NULL))";

constexpr std::string_view kConversationItems = R"(
    CREATE TABLE conversation_items (
      conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      position BIGINT NOT NULL,
      id TEXT NOT NULL,
      item TEXT NOT NULL,
      PRIMARY KEY (conversation_id, position),
      UNIQUE (conversation_id, id)))";

constexpr std::string_view kFiles = R"(
    CREATE TABLE files (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      name TEXT NOT NULL,
      purpose TEXT NOT NULL,
      bytes BIGINT NOT NULL))";

constexpr std::string_view kFilesOfOwner = "CREATE INDEX files_of_owner ON files (owner, id)";

constexpr std::string_view kFileContents = R"(
    CREATE TABLE file_contents (
      file_id TEXT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
      content TEXT NOT NULL))";

constexpr std::string_view kResponsesByAge =
    "CREATE INDEX responses_by_age ON responses (created_at)";

constexpr std::string_view kResponsesByPrevious =
    "CREATE INDEX responses_by_previous ON responses (previous_id)";

}  // namespace

std::span<const Migration> schema_steps() {
  static const std::vector<Migration> steps{
      {1,
       {kResponses, kUnfinishedResponses, kConversations, kConversationItems, kFiles, kFilesOfOwner,
        kFileContents}},
      {2, {kResponsesByAge, kResponsesByPrevious}},
  };
  return steps;
}

}  // namespace melete::store
