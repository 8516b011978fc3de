#include "modes/running_cost.h"

#include <variant>

namespace melete::modes {

void RunningCost::add(const chat::Event& event) {
  if (const auto* usage = std::get_if<chat::Usage>(&event.payload)) told_ = *usage;
  if (const auto* started = std::get_if<chat::Started>(&event.payload)) {
    counted_.prompt_tokens = started->prompt_tokens;
    counted_.cached_tokens = started->cached_tokens;
  }
  const bool reasoning = std::holds_alternative<chat::ReasoningDelta>(event.payload);
  (reasoning ? counted_.reasoning_tokens : counted_.answer_tokens) += event.tokens;
}

void RunningCost::next_call() {
  before_ = total();
  told_.reset();
  counted_ = {};
}

chat::Usage RunningCost::total() const {
  chat::Usage all = before_;
  all += told_.value_or(counted_);
  return all;
}

}  // namespace melete::modes
