#include "engine/scheduler_gauges.h"

namespace melete::engine {

SchedulerGauges::SchedulerGauges(Metrics& metrics, const std::string& model)
    : steps(metrics.counter("melete_steps_total", "Decoding steps.", {{"model", model}})),
      prompt_tokens(metrics.counter("melete_prompt_tokens_total",
                                    "Prompt tokens that were computed.", {{"model", model}})),
      cached_tokens(metrics.counter("melete_cached_tokens_total",
                                    "Prompt tokens that were taken from memory.",
                                    {{"model", model}})),
      written_tokens(metrics.counter("melete_written_tokens_total",
                                     "Tokens of reasoning and answers.", {{"model", model}})),
      guessed_tokens(metrics.counter("melete_guessed_tokens_total",
                                     "Tokens that were guessed ahead.", {{"model", model}})),
      kept_tokens(metrics.counter("melete_kept_tokens_total", "Guessed tokens that came true.",
                                  {{"model", model}})),
      folded_tokens(metrics.counter("melete_folded_tokens_total",
                                    "Tokens of reasoning that left the memory.",
                                    {{"model", model}})),
      set_aside(metrics.counter("melete_set_aside_total",
                                "Answers that were set aside to make room.", {{"model", model}})),
      cells_used_(metrics.gauge("melete_cells_used", "KV cells in use.", {{"model", model}})),
      cells_capacity_(metrics.gauge("melete_cells_capacity", "KV cells.", {{"model", model}})),
      choices_active_(metrics.gauge("melete_choices_active", "Answers that hold a sequence.",
                                    {{"model", model}})),
      choices_waiting_(metrics.gauge("melete_choices_waiting",
                                     "Answers that wait or are set aside.", {{"model", model}})),
      stored_bytes_(metrics.gauge("melete_prefix_store_bytes", "Idle prefixes in RAM.",
                                  {{"model", model}})) {}

void SchedulerGauges::show(const std::vector<std::unique_ptr<Job>>& jobs, const KvMemory& memory) {
  int active = 0;
  int waiting = 0;
  for (const auto& job : jobs) {
    if (job->ahead) continue;
    for (const auto& choice : job->choices) {
      active += choice->state == ChoiceState::Active;
      waiting += choice->state != ChoiceState::Active && choice->state != ChoiceState::Ended;
    }
  }
  cells_used_.set(static_cast<double>(memory.pool().used()));
  cells_capacity_.set(static_cast<double>(memory.pool().capacity()));
  choices_active_.set(active);
  choices_waiting_.set(waiting);
  stored_bytes_.set(static_cast<double>(memory.stored_byte_count()));
}

}  // namespace melete::engine
