#include "api/recent_turns.h"

#include <algorithm>
#include <utility>

namespace melete::api {

void RecentTurns::keep(std::string_view id, std::string items, std::string output) {
  if (items.size() + output.size() > limits_.bytes) return;
  turns_.push_back({std::string(id), std::move(items), std::move(output)});
  bytes_ += turns_.back().bytes();
  while (turns_.size() > limits_.turns || bytes_ > limits_.bytes) {
    bytes_ -= turns_.front().bytes();
    turns_.pop_front();
  }
}

void RecentTurns::forget(std::string_view id) {
  const auto turn = std::ranges::find(turns_, id, &Turn::id);
  if (turn == turns_.end()) return;
  bytes_ -= turn->bytes();
  turns_.erase(turn);
}

bool RecentTurns::contains(std::string_view id) const {
  return std::ranges::find(turns_, id, &Turn::id) != turns_.end();
}

std::optional<Json> RecentTurns::find(std::string_view id) const {
  const auto turn = std::ranges::find(turns_, id, &Turn::id);
  if (turn == turns_.end()) return std::nullopt;
  auto items = parse_json(turn->items);
  auto output = parse_json(turn->output);
  if (!items || !output) return std::nullopt;
  for (Json& item : *output) items->push_back(std::move(item));
  return std::move(*items);
}

}  // namespace melete::api
