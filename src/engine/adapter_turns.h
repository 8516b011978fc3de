// Whose turn it is: the base model's or one of its adapters'.
//
// llama.cpp computes a step with one adapter or with none, so the answers of a model form groups
// that take turns. A turn ends with the step that fills its time; then comes the next group with
// work. Turns are of equal time, however many answers a group has, so a crowd behind one adapter
// slows its own answers more than those of others. No turn is a single step where steps are short,
// for with another adapter llama.cpp plans its buffers anew.

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace melete::engine {

// A group waits for no more than one turn of each other, and a turn lasts as long as kTurn or one
// step.
//
// Engine thread only.
class AdapterTurns {
 public:
  using Seconds = std::chrono::duration<double>;
  static constexpr Seconds kTurn{0.1};

  // The groups are the base model, whose name is empty, and `adapters`.
  explicit AdapterTurns(const std::vector<std::string>& adapters);

  // The last of them from now on.
  void add(std::string adapter) { groups_.push_back(std::move(adapter)); }

  // All groups: the first of them that has work computes the next step. Valid until add().
  // O(groups).
  std::vector<std::string_view> order() const;

  // Notes that a group computed a step.
  void note(std::string_view group, Seconds time);

 private:
  std::vector<std::string> groups_;
  size_t turn_ = 0;   // of `groups_`
  Seconds taken_{0};  // by steps of this turn
};

}  // namespace melete::engine
