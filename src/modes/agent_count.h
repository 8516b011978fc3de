// How many agents work on a question: as many as were asked for, or as many as are worth it here.

#pragma once

#include "chat/backend.h"
#include "modes/mode.h"

namespace melete::modes {

struct AgentCount {
  int first = 0;  // start together
  int wave = 0;   // are added at a time while the answers disagree
  int most = 0;   // of all waves
};

// Time of a step for `sequences` over one's, between and beyond the known ones in proportion; 1
// where nothing is known.
double step_cost(const std::map<int, double>& step_costs, int sequences);

// The agents of `request`: Request::agents where it is set, else ("auto") as many, up to 16, as a
// step of at most ModeOptions::latency_ratio has. Where those are fewer than four they may not
// agree: then agents come in waves (ESC, arXiv:2401.10480, and adaptive consistency,
// arXiv:2305.11860), the further ones as large as ModeOptions::wave_ratio allows, for each takes as
// long as a chain. Without step costs it is ModeOptions::usual_agents. Limits::agents cuts all of
// it. InvalidArgument naming `agents` beyond kMostAgents.
Result<AgentCount> agent_count(const chat::Request& request, const chat::BackendInfo& info,
                               const ModeOptions& options);

}  // namespace melete::modes
