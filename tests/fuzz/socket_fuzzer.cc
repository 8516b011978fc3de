// Reads whatever bytes there are as the messages of one WebSocket, each on a line of its own; each
// turn that is right can be followed as "resp_1" by the next.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "api/recent_turns.h"
#include "api/responses/socket_call.h"
#include "api/tiny_router.h"
#include "base/json.h"

namespace melete {
namespace {

void need(bool holds) {
  if (!holds) std::abort();
}

void read(std::string_view message, const gateway::Router& router, api::RecentTurns& turns) {
  auto asked = api::responses::read_socket_call(message, {router, {.turns = &turns}});
  if (!asked.call) {
    need(!asked.call.error().message.empty());
    turns.forget(asked.follows);
    return;
  }
  need(asked.call->stream && !asked.call->record);
  const auto items = parse_json(asked.call->items);
  need(items && items->is_array());
  turns.forget("resp_1");
  turns.keep("resp_1", std::move(asked.call->items), "[]");
  need(turns.contains("resp_1"));
}

}  // namespace
}  // namespace melete

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const melete::gateway::Router router = melete::api::tiny_router();
  melete::api::RecentTurns turns;
  std::string_view left(reinterpret_cast<const char*>(data), size);
  while (!left.empty()) {
    const std::string_view message = left.substr(0, left.find('\n'));
    melete::read(message, router, turns);
    left.remove_prefix(std::min(left.size(), message.size() + 1));
  }
  return 0;
}
