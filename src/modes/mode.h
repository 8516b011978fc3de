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
  VoteOptions vote;
  int usual_agents = 4;       // of Contemplating when a request leaves it open; 1 to kMostAgents
  int merge_reasoning = 512;  // most tokens of reasoning in a merge
  int progress_tokens = 32;   // an agent reports its progress each time it has written so many
  std::chrono::milliseconds agent_silence{
      300'000};  // agents that all say nothing for so long are ended
};

}  // namespace melete::modes
