// The output of a response as it grows: reasoning, a message and calls of functions, each with the
// events that tell of it.

#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "chat/event.h"

namespace melete::api::responses {

// Makes the sealed form of a text.
using Sealer = std::function<std::string(std::string_view text)>;

// What of a response comes sealed, too; unset: it does not.
struct Seals {
  Sealer reasoning;
  Sealer compaction;
};

// Tells an event: its type and its fields but for `type` and `sequence_number`.
using Tell = std::function<void(std::string_view type, const Json& fields)>;

// Not thread-safe: belongs to one answer. Takes what its only choice says, in order.
class OutputItems {
 public:
  // `stem` is that of the response's id.
  OutputItems(Tell tell, std::string_view stem, Seals seals)
      : tell_(std::move(tell)), stem_(stem), seals_(std::move(seals)) {}

  void add(const chat::ReasoningDelta& delta);
  void add(const chat::TextDelta& delta);
  void add(const chat::ToolCallDelta& piece);
  void add(const chat::ToolCall& call);

  // What was said before, in short. Only where there is a sealer.
  void add_compaction(std::string_view summary);

  // Closes the open item; `whole` is false where the answer was cut.
  void finish(bool whole);

  // The items, with the open one as it is.
  Json items() const;

 private:
  enum class Kind { None, Reasoning, Message, Call };

  void open(Kind kind, Json item);
  std::string next_id(std::string_view type) const;
  void open_part(Kind kind);
  void close(std::string_view status);
  void close_part();
  Json place() const;
  Json part() const;

  Tell tell_;
  std::string stem_;
  Seals seals_;
  Json done_ = Json::array();
  Kind kind_ = Kind::None;
  Json item_;         // the open one, without its text
  std::string text_;  // of its part, or its arguments
  Json logprobs_ = Json::array();
  int open_call_ = -1;
  int calls_ = 0;              // whole tool calls so far
  std::set<int> call_pieces_;  // calls of which pieces were told
};

}  // namespace melete::api::responses
