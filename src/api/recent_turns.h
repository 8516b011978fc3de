// The last answers of one connection that are not stored, so that its next turns can follow them.
//
// What is kept is a turn's whole conversation: the items before it, its own and its output. So
// whatever else is let go, a turn that is there can be followed.

#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace melete::api {

struct RecentTurnsLimits {
  size_t turns = 8;          // the oldest go first; at least 1
  size_t bytes = 32u << 20;  // of JSON text, all turns together; a turn beyond that is not kept
};

// Not thread-safe: belongs to a connection, which does not touch it while a request is read.
class RecentTurns {
 public:
  explicit RecentTurns(RecentTurnsLimits limits = {}) : limits_(limits) {}

  // Keeps an answer's conversation, two JSON arrays: the items up to it, and its output.
  void keep(std::string_view id, std::string items, std::string output);

  // Lets go of an answer; nothing happens where it is not there.
  void forget(std::string_view id);

  bool contains(std::string_view id) const;

  // The conversation that ends with this answer, an array; nothing where it is not there. O(bytes).
  std::optional<Json> find(std::string_view id) const;

 private:
  struct Turn {
    std::string id;
    std::string items;
    std::string output;

    size_t bytes() const { return items.size() + output.size(); }
  };

  const RecentTurnsLimits limits_;
  std::deque<Turn> turns_;  // oldest first
  size_t bytes_ = 0;
};

}  // namespace melete::api
