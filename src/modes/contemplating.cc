#include "modes/contemplating.h"

#include <fmt/format.h>

#include <random>
#include <utility>

#include "chat/failed_stream.h"
#include "modes/agents_request.h"
#include "modes/contemplation.h"

namespace melete::modes {

namespace {

bool may_call_tools(const chat::Request& request) {
  return !request.tools.empty() && request.tool_choice.kind != chat::ToolChoice::Kind::None;
}

// Names the strategy that the request leaves open, and the check that "verify" needs.
Result<chat::Request> with_strategy(chat::Request request) {
  if (request.strategy.empty()) request.strategy = request.verifier ? "verify" : "vote";
  if (!find_strategy(request.strategy)) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("there is no strategy \"{}\": use one of {}", request.strategy,
                            strategy_names()),
                "strategy");
  }
  const bool verifies = request.strategy == "verify";
  if (request.verifier && !verifies) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("a check is given, but the strategy is \"{}\": use \"verify\", or "
                            "leave the check out",
                            request.strategy),
                "strategy");
  }
  if (verifies && !request.verifier && request.schema) request.verifier = chat::FitsSchema{};
  if (verifies && !request.verifier) {
    return fail(ErrorCode::InvalidArgument,
                "the strategy \"verify\" needs a check: give a pattern, a schema or a value",
                "verify");
  }
  return request;
}

Result<ContemplationPlan> make_plan(chat::Request request, const chat::BackendInfo& info,
                                    AgentCount agents) {
  auto named = with_strategy(std::move(request));
  if (!named) return std::unexpected(named.error());
  ContemplationPlan plan{.kind = expected_kind(*named),
                         .strategy = find_strategy(named->strategy),
                         .strategy_name = named->strategy,
                         .agents = agents,
                         .step_costs = info.step_costs,
                         .seed = named->sampling.seed.value_or(std::random_device{}())};
  if (named->verifier) {
    auto check = Verification::make(*named);
    if (!check) return std::unexpected(check.error());
    plan.check = std::move(*check);
  }
  named->mode = chat::Mode::Thinking;
  plan.turn = agents_turn(std::move(*named), plan.kind);
  return plan;
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
  const auto info = thinking_.info(request.model);
  if (!info) return chat::failed_stream(info.error());
  const auto agents = agent_count(request, *info, options_);
  if (!agents) return chat::failed_stream(agents.error());
  const bool alone = agents->most == 1 || may_call_tools(request);
  auto plan = make_plan(request, *info, *agents);
  if (!plan) return chat::failed_stream(plan.error());
  if (alone) {
    request.mode = chat::Mode::Thinking;
    return thinking_.start(std::move(request));
  }
  if (request.fold_tokens > 0) {
    return chat::failed_stream(
        {ErrorCode::Unsupported, "agents cannot fold their steps: use the mode thinking", "fold"});
  }
  return std::make_unique<Contemplation>(thinking_, std::move(*plan), options_);
}

}  // namespace melete::modes
