// A conversation as a line of a JSONL file, with pictures and sounds by their paths:
//
//   {"messages": [{"role": "user", "content": [{"type": "image", "image": "cat.png"},
//                                              {"type": "text", "text": "What is this?"}]},
//                 {"role": "assistant", "content": "A cat.", "reasoning_content": "Whiskers."}]}
//
// or {"text": "..."}: a text as it stands. Other fields are passed over. Reasoning may also begin
// the assistant's content, between <think> and </think>.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "data/example.h"

namespace melete::train {

enum class RecordPartKind { Text, Picture, Sound };

struct RecordPart {
  RecordPartKind kind = RecordPartKind::Text;
  std::string value;  // the text, or a path that is relative to the folder of the file
};

struct RecordTurn {
  Speaker speaker = Speaker::User;
  std::vector<RecordPart> parts;
  std::string reasoning;
};

using Record = std::vector<RecordTurn>;  // as Conversation

// Reads one line. Fails with InvalidArgument, naming the field, e.g. "messages[1].role".
Result<Record> read_record(std::string_view line);

// The line without its end.
std::string write_record(const Record& record);

std::string text_of(const RecordTurn& turn);

// The first mark of the chat format in a record's texts, which would end a turn or begin one; empty
// where there is none.
std::string_view mark_in(const Record& record);

// Reads the pictures and sounds. Fails with Corrupt where one cannot be read. Milliseconds for each
// of them.
Result<Conversation> load(const Record& record, const std::filesystem::path& folder);

}  // namespace melete::train
