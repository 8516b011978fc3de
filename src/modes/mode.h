// Reasoning modes are backends over a backend. This file holds what all of them are given.

#pragma once

#include <chrono>

#include "chat/backend.h"
#include "chat/timer.h"
#include "modes/ballot.h"

namespace melete::modes {

constexpr int kMostAgents = 64;

struct ModeOptions {
  chat::Timer* timer = &chat::system_timer();  // for deadlines; outlives the modes

  // How many agents work when a request leaves it open ("auto").
  double latency_ratio = 1.25;  // most that a step for all may cost, in steps of one; at least 1
  int usual_agents = 4;         // where the costs of steps are unknown; 1 to kMostAgents
  int first_wave = 3;           // where even two cost more; 1 to kMostAgents
  double wave_ratio = 2;        // most that a step of a further wave may cost; at least 1
  int most_in_waves = 8;        // agents of all waves; 1 to kMostAgents

  // When agents are ended.
  VoteOptions vote;
  int enough_agents = 0;  // whole chains of a wave that are enough; 0: as the quorums of strategy.h
  double time_budget = 3;  // in chains as predicted from the finished ones; above 0
  // Agents that have begun to write and then all say nothing for so long are ended.
  std::chrono::milliseconds agent_silence{300'000};

  int merge_reasoning = 512;  // most tokens of reasoning in a merge
  int progress_tokens = 32;   // an agent reports its progress each time it has written so many
};

}  // namespace melete::modes
