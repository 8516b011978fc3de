// Reads whatever bytes there are as the body of a call in one dialect, which MELETE_DIALECT names.
// A body that is right is answered in both forms, and what is written must be JSON in whole frames.

#include MELETE_DIALECT_HEADER

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/tiny_router.h"
#include "base/json.h"

namespace melete {
namespace {

using chat::Event;

void need(bool holds) {
  if (!holds) std::abort();
}

// Frames of server-sent events, each with JSON or the end mark as its data.
void check_frames(std::string_view frames) {
  while (!frames.empty()) {
    const size_t data = frames.find("data: ");
    const size_t end = frames.find("\n\n");
    need(data != std::string_view::npos && end != std::string_view::npos && data < end);
    const std::string_view json = frames.substr(data + 6, end - data - 6);
    need(json.find('\n') == std::string_view::npos);
    need(json == "[DONE]" || parse_json(json).has_value());
    frames.remove_prefix(end + 2);
  }
}

// Everything that a writer may be told, with texts that the caller chose.
std::vector<Event> answer_of(const chat::Request& request) {
  const std::string text = request.messages.empty() ? "" : chat::text_of(request.messages.back());
  const std::string name = request.tools.empty() ? "add" : request.tools.front().name;
  std::vector<Event> events;
  const auto say = [&events](chat::Payload payload) {
    events.push_back({.tokens = 1, .payload = std::move(payload)});
  };
  say(chat::Started{9, 3});
  say(chat::ReasoningDelta{text});
  say(chat::TextDelta{text, {{text, -0.5, {{name, -1.0}}}}});
  say(chat::ToolCallDelta{0, "c1", name, ""});
  say(chat::ToolCallDelta{0, "", "", text});
  say(chat::ToolCall{"c1", name, text});
  say(chat::ToolCall{"c2", name, "{}"});
  say(chat::Usage{9, 3, 1, 2, 4});
  say(chat::Finished{chat::FinishReason::Stop, text});
  return events;
}

void answer(std::string_view body, const gateway::Router& router, bool whole) {
  auto call = api::MELETE_DIALECT::read_call(body, {router});
  if (!call) {
    need(!call.error().message.empty());
    return;
  }
  chat::Completion completion;
  std::string frames;
  for (const Event& event : answer_of(call->request)) {
    if (whole) {
      chat::add_event(completion, event);
    } else {
      frames += call->writer->write_event(event);
    }
  }
  if (whole) {
    need(parse_json(call->writer->write_whole(completion).value()).has_value());
  } else {
    check_frames(frames + call->writer->write_end());
  }
}

}  // namespace
}  // namespace melete

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const melete::gateway::Router router = melete::api::tiny_router();
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  melete::answer(body, router, true);
  melete::answer(body, router, false);
  return 0;
}
