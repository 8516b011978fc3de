#include "modes/agent_count.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace melete::modes {

double step_cost(const std::map<int, double>& step_costs, int sequences) {
  std::map<int, double> known = step_costs;
  known[1] = 1;
  const auto above = known.lower_bound(sequences);
  if (above != known.end() && above->first == sequences) return above->second;
  if (above == known.end()) {
    const auto& [widest, cost] = *known.rbegin();
    return widest == 1 ? 1 : cost * sequences / widest;
  }
  const auto& [low, low_cost] = *std::prev(above);
  const auto& [high, high_cost] = *above;
  return low_cost + (high_cost - low_cost) * (sequences - low) / (high - low);
}

namespace {

// The most agents, up to `most`, whose step costs at most `ratio` of one's; at least 1.
int agents_within(double ratio, const std::map<int, double>& step_costs, int most) {
  int agents = 1;
  while (agents < most && step_cost(step_costs, agents + 1) <= ratio) ++agents;
  return agents;
}

}  // namespace

Result<AgentCount> agent_count(const chat::Request& request, const chat::BackendInfo& info,
                               const ModeOptions& options) {
  if (request.agents < 0 || request.agents > kMostAgents) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("agents is {}: ask for 1 to {}, or auto to leave it to the server",
                            request.agents, kMostAgents),
                "agents");
  }
  AgentCount count{.first = request.agents};
  if (request.agents == 0 && info.step_costs.empty()) count.first = options.usual_agents;
  if (count.first == 0) {
    constexpr int kMostMeasured = 16;
    count.first = agents_within(options.latency_ratio, info.step_costs, kMostMeasured);
    if (count.first < 4) {
      count.first = count.first == 1 ? options.first_wave : count.first;
      count.most = options.most_in_waves;
      count.wave = agents_within(options.wave_ratio, info.step_costs, count.most);
    }
  }
  const int limit = std::clamp(request.limits.agents, 1, kMostAgents);
  count.first = std::min(count.first, limit);
  count.most = std::min(std::max(count.most, count.first), limit);
  return count;
}

}  // namespace melete::modes
