#include "store/history.h"

#include <fmt/format.h>

#include <ranges>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace melete::store {

namespace {

// The turns from `id` back to the first, newest first.
class Walk {
 public:
  Walk(ResponseStore& responses, std::string_view owner, HistoryLimits limits)
      : responses_(responses), owner_(owner), limits_(limits) {}

  Result<std::vector<StoredTurn>> from(std::string id) {
    while (!id.empty()) {
      auto turn = next(id);
      if (!turn) return std::unexpected(turn.error());
      id = turn->previous_id;
      turns_.push_back(std::move(*turn));
    }
    return std::move(turns_);
  }

 private:
  Result<StoredTurn> next(const std::string& id) {
    if (!seen_.insert(id).second) {
      return fail(ErrorCode::Conflict,
                  fmt::format("Response {} follows itself: send the whole input instead.", id));
    }
    if (turns_.size() >= static_cast<size_t>(limits_.turns)) {
      return fail(ErrorCode::TooLarge,
                  fmt::format("The chain of responses has more than {} turns: send what still "
                              "matters of it as input.",
                              limits_.turns));
    }
    auto turn = responses_.find_turn(id, owner_);
    if (!turn) return turn;
    if (turn->status == "queued" || turn->status == "in_progress") {
      return fail(ErrorCode::Conflict,
                  fmt::format("Response {} is {}: wait for its end or cancel it before going on.",
                              id, turn->status));
    }
    bytes_ += turn->input.size() + turn->response.size();
    if (bytes_ <= limits_.bytes) return turn;
    return fail(ErrorCode::TooLarge,
                fmt::format("The chain of responses has more than {} bytes: send what still "
                            "matters of it as input.",
                            limits_.bytes));
  }

  ResponseStore& responses_;
  std::string_view owner_;
  HistoryLimits limits_;
  std::vector<StoredTurn> turns_;
  std::unordered_set<std::string> seen_;
  size_t bytes_ = 0;
};

std::unexpected<Error> damaged() {
  return fail(ErrorCode::Corrupt,
              "A stored response is damaged: delete it, and send the whole input instead.");
}

bool append(Json& items, Json more) {
  if (!more.is_array()) return false;
  for (Json& item : more) items.push_back(std::move(item));
  return true;
}

}  // namespace

Result<Json> history(ResponseStore& responses, std::string_view id, std::string_view owner,
                     HistoryLimits limits) {
  const auto turns = Walk(responses, owner, limits).from(std::string(id));
  if (!turns) return std::unexpected(turns.error());
  Json items = Json::array();
  for (const StoredTurn& turn : std::views::reverse(*turns)) {
    auto input = parse_json(turn.input);
    auto response = parse_json(turn.response);
    if (!input || !response || !response->is_object()) return damaged();
    if (!append(items, std::move(*input))) return damaged();
    if (!append(items, response->value("output", Json::array()))) return damaged();
  }
  return items;
}

}  // namespace melete::store
