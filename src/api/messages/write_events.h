// A streamed answer as Anthropic's events: message_start, blocks that open, grow and close one
// after the other, message_delta and message_stop. An error is an `error` event and ends the
// stream.
//
// With `events`, what a mode's agents do comes between as `melete.*` events.

#pragma once

#include <optional>
#include <set>
#include <string>

#include "api/messages/write_response.h"
#include "chat/event.h"

namespace melete::api::messages {

// Not thread-safe: one writer belongs to one answer. Other choices than the first are passed over.
class EventWriter {
 public:
  EventWriter(AnswerHead head, bool events);

  // The frames for one event; often none.
  std::string write(const chat::Event& event);

  // message_stop; nothing when the answer failed.
  std::string end();

 private:
  enum class Block { None, Thinking, Text, Call };

  std::string start(const chat::Started& started);
  std::string grow(Block block, std::string_view type, std::string_view field,
                   const std::string& text);
  std::string open(Block block, Json content);
  std::string close();
  std::string write_piece(const chat::ToolCallDelta& piece);
  std::string write_call(const chat::ToolCall& call);
  std::string finish(const chat::Finished& finished);

  AnswerHead head_;
  const bool events_;
  Block block_ = Block::None;
  int blocks_ = 0;             // opened so far
  int calls_ = 0;              // whole tool calls so far
  std::set<int> call_pieces_;  // calls of which pieces were written
  int open_call_ = -1;
  bool started_ = false;
  bool failed_ = false;
  chat::Usage usage_;
  std::optional<chat::Report> report_;
};

}  // namespace melete::api::messages
