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

  prometheus::Counter& steps;
  prometheus::Counter& prompt_tokens;   // read, not taken from memory
  prometheus::Counter& cached_tokens;   // taken from memory
  prometheus::Counter& written_tokens;  // reasoning and answers
  prometheus::Counter& guessed_tokens;  // by speculation
  prometheus::Counter& kept_tokens;     // of those, the ones that came true
  prometheus::Counter& set_aside;       // choices that made room for others

 private:
  prometheus::Gauge& cells_used_;
  prometheus::Gauge& cells_capacity_;
  prometheus::Gauge& choices_active_;
  prometheus::Gauge& choices_waiting_;
  prometheus::Gauge& stored_bytes_;
};

}  // namespace melete::engine
