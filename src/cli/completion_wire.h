// Our requests and events as they travel to and from another Melete: the Chat Completions form with
// the `melete` fields that carry modes and agents. The other side of this wire is src/api.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "chat/event.h"
#include "chat/request.h"

namespace melete::cli {

// The body of POST /v1/chat/completions that asks for `request` as a stream. Fails with Unsupported
// for what this wire does not carry: branches with words or sampling of their own, tools, files
// other than pictures and sound.
Result<std::string> write_request(const chat::Request& request);

// The error in the body of a response with `status`; a body of another form is quoted.
Error read_error(int status, std::string_view body);

// Turns server-sent events into our events, in our order: the usage, which travels last, comes
// before the last Finished. All choices are told as finished when the last one is. Where a server
// tells a usage for each choice, their sum is told.
//
// Not thread-safe: one reader belongs to one answer.
class ChunkReader {
 public:
  // The events that the data of one server-sent event stands for, in order; Corrupt when it is no
  // chunk.
  Result<std::vector<chat::Event>> read(std::string_view data);

  // True once Finished or Failed was given.
  bool ended() const { return ended_; }

 private:
  void read_choice(const Json& choice, std::vector<chat::Event>& events);
  std::vector<chat::Event> finish();

  std::map<int, chat::FinishReason> reasons_;  // by choice
  std::optional<chat::Usage> usage_;
  std::optional<chat::Report> report_;
  bool ended_ = false;
};

}  // namespace melete::cli
