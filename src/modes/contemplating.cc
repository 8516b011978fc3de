#include "modes/contemplating.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "chat/failed_stream.h"
#include "modes/agents_request.h"
#include "modes/contemplation.h"

namespace melete::modes {

namespace {

Result<int> agent_count(const chat::Request& request, const ModeOptions& options) {
  if (request.agents < 0 || request.agents > kMostAgents) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("agents is {}: ask for 1 to {}, or 0 to leave it to the server",
                            request.agents, kMostAgents),
                "agents");
  }
  const int wanted = request.agents == 0 ? options.usual_agents : request.agents;
  return std::min(wanted, std::max(1, request.limits.agents));
}

Result<const Strategy*> strategy_of(const chat::Request& request) {
  const Strategy* strategy = find_strategy(request.strategy);
  if (strategy) return strategy;
  return fail(
      ErrorCode::InvalidArgument,
      fmt::format("there is no strategy \"{}\": use one of {}", request.strategy, strategy_names()),
      "strategy");
}

bool may_call_tools(const chat::Request& request) {
  return !request.tools.empty() && request.tool_choice.kind != chat::ToolChoice::Kind::None;
}

}  // namespace

Result<chat::BackendInfo> ContemplatingBackend::info(const std::string& model) const {
  return thinking_.info(model);
}

Result<int64_t> ContemplatingBackend::count(const chat::Request& request) const {
  return thinking_.count(request);
}

std::unique_ptr<chat::Stream> ContemplatingBackend::start(chat::Request request) {
  if (chat::choice_count(request) > 1) {
    return chat::failed_stream(
        {ErrorCode::InvalidArgument,
         fmt::format("n is {}: contemplating gives one answer; use agents for parallel work, or "
                     "another mode",
                     chat::choice_count(request)),
         "n"});
  }
  const auto strategy = strategy_of(request);
  if (!strategy) return chat::failed_stream(strategy.error());
  const auto agents = agent_count(request, options_);
  if (!agents) return chat::failed_stream(agents.error());
  if (*agents == 1 || may_call_tools(request)) {
    request.mode = chat::Mode::Thinking;
    return thinking_.start(std::move(request));
  }
  const auto info = thinking_.info(request.model);
  if (!info) return chat::failed_stream(info.error());

  const AnswerKind kind = expected_kind(request);
  const uint32_t seed = request.sampling.seed.value_or(std::random_device{}());
  request.mode = chat::Mode::Thinking;
  return std::make_unique<Contemplation>(
      thinking_,
      ContemplationPlan{.turn = agents_turn(std::move(request), kind),
                        .kind = kind,
                        .strategy = *strategy,
                        .agents = *agents,
                        .seed = seed},
      options_);
}

}  // namespace melete::modes
