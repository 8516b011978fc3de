// What /metrics shows of one model's scheduler.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "engine/job.h"
#include "engine/kv_memory.h"

namespace melete::engine {

// Engine thread only. `metrics` must outlive it.
class SchedulerGauges {
 public:
  SchedulerGauges(Metrics& metrics, const std::string& model);

  // Shows the state after a step.
  void show(const std::vector<std::unique_ptr<Job>>& jobs, const KvMemory& memory);

  Counter& steps;
  Counter& prompt_tokens;   // read, not taken from memory
  Counter& cached_tokens;   // taken from memory
  Counter& written_tokens;  // reasoning and answers
  Counter& guessed_tokens;  // by speculation
  Counter& kept_tokens;     // of those, the ones that came true
  Counter& folded_tokens;   // of reasoning that left the memory with its answer's end
  Counter& set_aside;       // choices that made room for others

 private:
  Gauge& cells_used_;
  Gauge& cells_capacity_;
  Gauge& choices_active_;
  Gauge& choices_waiting_;
  Gauge& stored_bytes_;
};

}  // namespace melete::engine
