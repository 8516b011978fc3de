#include "modes/agents_request.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "modes/thinking_prompt.h"

namespace melete::modes {

namespace {

constexpr double kLeastTemperature = 0.6;
constexpr std::string_view kNumberLine =
    "End your answer with a line of its own: \"Answer: \" and the number.";
constexpr std::string_view kLetterLine =
    "End your answer with a line of its own: \"Answer: \" and the letter of your choice.";

}  // namespace

chat::Request agents_turn(chat::Request request, AnswerKind kind) {
  if (!request.branches.empty()) {
    chat::Branch branch = std::move(request.branches.front());
    request.branches.clear();
    std::ranges::move(branch.suffix, std::back_inserter(request.messages));
    if (branch.sampling) request.sampling = *branch.sampling;
  }
  if (kind == AnswerKind::Number) add_instruction(request, kNumberLine);
  if (kind == AnswerKind::Letter) add_instruction(request, kLetterLine);
  return request;
}

chat::Request agents_request(chat::Request turn, int agents, uint32_t seed) {
  chat::Sampling sampling = turn.sampling;
  if (sampling.temperature)
    sampling.temperature = std::max(*sampling.temperature, kLeastTemperature);
  for (int i = 0; i < agents; ++i) {
    sampling.seed = seed + static_cast<uint32_t>(i);
    turn.branches.push_back({.sampling = sampling});
  }
  return turn;
}

}  // namespace melete::modes
