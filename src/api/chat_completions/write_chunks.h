// A streamed answer as `chat.completion.chunk` objects in server-sent events.
//
// Order: for each choice a chunk with the role, its deltas and a chunk with the finish reason;
// choices of one answer interleave. Then, when asked for, one chunk without choices that tells the
// usage, and `[DONE]`. Where several agents worked, the last chunk with a finish reason tells of
// them under `melete`; with `events`, the objects of write_events.h come between.

#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/chat_completions/write_response.h"
#include "chat/event.h"

namespace melete::api::chat_completions {

struct ChunkOptions {
  bool include_usage = false;
  bool events = false;
};

// Not thread-safe: one writer belongs to one answer.
class ChunkWriter {
 public:
  ChunkWriter(AnswerHead head, ChunkOptions options);

  // The frames for one event; often none.
  std::string write(const chat::Event& event);

  // The usage and the end mark; the end mark alone when the answer failed.
  std::string end();

 private:
  struct ChoiceState {
    bool opened = false;
    int calls = 0;              // whole tool calls so far
    std::set<int> call_deltas;  // calls of which pieces were written
  };

  std::string write_answer(const chat::Event& event);
  std::string write_call(const chat::Event& event, const chat::ToolCall& call);
  std::string delta_frame(int choice, Json delta, Json logprobs = nullptr);
  std::string finish_frame(int choice, chat::FinishReason reason);
  std::string open(int choice);
  std::string frame(Json choice_object) const;
  Json chunk() const;
  ChoiceState& state_of(int choice);

  AnswerHead head_;
  ChunkOptions options_;
  std::vector<ChoiceState> choices_;
  chat::Usage usage_;
  std::optional<chat::Report> report_;
  bool failed_ = false;
};

}  // namespace melete::api::chat_completions
