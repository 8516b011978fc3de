// Reads answers that hold more than text, by llama.cpp's parser for the model's own format: tool
// calls, and messages with headers.
//
// The parser starts anew on the whole text each time, so the time between two runs grows with the
// text: at once at first, later every half per cent. That keeps the whole cost linear in the text.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/event.h"
#include "engine/answer_format.h"

struct common_chat_msg;
struct common_chat_tool_call;

namespace melete::engine {

// What a piece of text brought. `calls` holds ToolCallDelta and ToolCall.
struct Parsed {
  std::string reasoning;
  std::string text;
  std::vector<chat::Payload> calls;
};

// Invariants: what was given is never taken back; a call is given as a ToolCall only when its
// arguments are whole. One parser belongs to one answer. Never throws: what `common` cannot read
// comes out as text.
class FormatParser {
 public:
  explicit FormatParser(std::shared_ptr<const common_chat_parser_params> format);

  Parsed feed(std::string_view text);

  // Reads what is left. A call that is cut or malformed comes out as the text that was written.
  Parsed finish();

  bool has_tool_calls() const { return !calls_.empty(); }

 private:
  enum class Stage { Partial, Final };
  struct Call {
    std::string id;
    std::string name;
    std::string arguments;  // given so far
    bool announced = false;
    bool whole = false;
  };

  std::optional<common_chat_msg> parse(Stage stage) const;
  void read(const common_chat_msg& message, Parsed& parsed);
  void read_call(size_t index, const common_chat_tool_call& seen, Parsed& parsed);
  void finish_call(size_t index, Parsed& parsed);

  const std::shared_ptr<const common_chat_parser_params> format_;
  std::string written_;
  size_t parsed_size_ = 0;   // of `written_` at the last run
  size_t settled_size_ = 0;  // of `written_` that has come out, as text or as whole calls
  std::string reasoning_;    // given so far
  std::string text_;         // given so far
  std::vector<Call> calls_;
};

}  // namespace melete::engine
