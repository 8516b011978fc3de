#include "engine/step_costs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <ranges>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "engine/file_identity.h"
#include "engine/kernels/kernels.h"
#include "models/sha256.h"

namespace melete::engine {

namespace {

// Kernels take up to eight columns at a time, so the ninth costs more than those before it.
constexpr std::array kWidths{1, 2, 4, 8, 9, 12, 16};
constexpr int kPromptTokens = 256;     // which all answers share, as agents do
constexpr int kPromptSlice = 32;       // tokens that are read at a time
constexpr double kPromptPatience = 1;  // seconds, after which the prompt is as long as it is
constexpr int kRounds = 9;
constexpr double kPatience = 1.5;  // seconds, after which no further round begins
constexpr double kNoise = 0.1;     // by which a cost may miss its bound and still be kept

struct Batch {
  explicit Batch(int capacity) : value(llama_batch_init(capacity, 0, 1)) {}
  ~Batch() { llama_batch_free(value); }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  void clear() { value.n_tokens = 0; }

  // A row that wants logits; which token it is makes no difference.
  void add(int position, int sequence) {
    const int row = value.n_tokens++;
    value.token[row] = row + 1;
    value.pos[row] = position;
    value.n_seq_id[row] = 1;
    value.seq_id[row][0] = sequence;
    value.logits[row] = 1;
  }

  llama_batch value;
};

double seconds_since(Instant start) {
  return std::chrono::duration<double>(system_clock().now() - start).count();
}

// Decodes rows that were added to the batch; seconds, or infinity where it failed.
double time_decode(llama_context* context, const Batch& batch) {
  const Instant start = system_clock().now();
  if (llama_decode(context, batch.value) != 0) return std::numeric_limits<double>::infinity();
  llama_synchronize(context);
  return seconds_since(start);
}

// Has sequence 0 read a prompt that the others share. Its tokens; 0 where answers cannot share one.
int read_prompt(LoadedModel& model, Batch& batch, int sequences) {
  if (!model.abilities.share || !model.abilities.truncate) return 0;
  llama_context* context = model.context.get();
  llama_memory_t memory = llama_get_memory(context);
  const auto most = static_cast<int>(std::min<int64_t>(kPromptTokens, model.length.tokens / 2));
  const Instant start = system_clock().now();
  int prompt = 0;
  while (prompt + kPromptSlice <= most && seconds_since(start) < kPromptPatience) {
    batch.clear();
    for (int i = 0; i < kPromptSlice; ++i) batch.add(prompt + i, 0);
    std::fill_n(batch.value.logits, kPromptSlice - 1, 0);
    if (llama_decode(context, batch.value) != 0) break;
    prompt += kPromptSlice;
  }
  for (int sequence = 1; sequence < sequences; ++sequence) {
    llama_memory_seq_cp(memory, 0, sequence, -1, -1);
  }
  return prompt;
}

// Removes what a step wrote after the prompt.
void go_back(llama_context* context, int prompt, int sequences) {
  llama_memory_t memory = llama_get_memory(context);
  if (prompt == 0) return llama_memory_clear(memory, true);
  for (int sequence = 0; sequence < sequences; ++sequence) {
    llama_memory_seq_rm(memory, sequence, prompt, -1);
  }
}

// A newer program may have quicker kernels.
std::string program_identity() {
  constexpr const char* kProgram = "/proc/self/exe";
  std::error_code ignored;
  return file_identity(std::filesystem::exists(kProgram, ignored) ? kProgram : "");
}

// Where the costs of this very file, loaded this way by this program, are kept.
std::filesystem::path place_of(const LoadedModel& model, const std::filesystem::path& file,
                               const std::filesystem::path& cache) {
  models::Sha256 digest;
  digest.add(fmt::format("{}\n{}\n{} threads\nkernels {}\nprompt {}", file_identity(file),
                         program_identity(), model.compute->count(), kernels::kernels_installed(),
                         kPromptTokens));
  return cache / ("step-costs-" + digest.finish());
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::ranges::nth_element(values, middle);
  return *middle;
}

// A step for fewer answers takes no longer than one for more, whatever a busy machine makes of it.
// `ratios` are those to one answer's step of the same round.
StepCosts costs_of(std::map<int, std::vector<double>> ratios) {
  StepCosts costs;
  double least = std::numeric_limits<double>::infinity();
  for (auto& [width, values] : ratios | std::views::reverse) {
    costs[width] = least = std::min(least, median(values));
  }
  const double one = costs.begin()->second;
  for (auto& [width, cost] : costs) cost /= one;
  return costs;
}

StepCosts measured_costs(LoadedModel& model) {
  llama_context* context = model.context.get();
  const int most = std::min(kWidths.back(), static_cast<int>(llama_n_seq_max(context)));
  const ComputeThreads::Turn turn(*model.compute);
  Batch batch(std::max(kPromptSlice, kWidths.back()));
  llama_memory_clear(llama_get_memory(context), true);
  const int prompt = read_prompt(model, batch, most);
  std::map<int, std::vector<double>> ratios;
  const Instant start = system_clock().now();
  for (int round = 0; round < kRounds && seconds_since(start) < kPatience; ++round) {
    double alone = 0;
    for (const int width : kWidths) {
      if (width > most) break;
      go_back(context, prompt, most);
      batch.clear();
      for (int sequence = 0; sequence < width; ++sequence) batch.add(prompt, sequence);
      const double time = time_decode(context, batch);
      if (width == 1) alone = time;
      const double ratio = time / alone;
      ratios[width].push_back(std::isfinite(ratio) ? ratio : width);
    }
  }
  llama_memory_clear(llama_get_memory(context), true);
  return costs_of(std::move(ratios));
}

// Several answers never cost more than one after the other.
StepCosts plausible(StepCosts costs) {
  for (auto& [width, cost] : costs) cost = std::min(cost, static_cast<double>(width));
  return costs;
}

bool worth_keeping(const StepCosts& costs) {
  return std::ranges::all_of(costs, [](const auto& width_and_cost) {
    const auto& [width, cost] = width_and_cost;
    return cost <= width * (1 + kNoise);
  });
}

}  // namespace

StepCosts measure_step_costs(LoadedModel& model) {
  return plausible(measured_costs(model));
}

StepCosts cached_step_costs(LoadedModel& model, const std::filesystem::path& file,
                            const std::filesystem::path& cache) {
  if (cache.empty()) return measure_step_costs(model);
  const std::filesystem::path place = place_of(model, file, cache);
  StepCosts costs;
  std::ifstream kept(place);
  int width = 0;
  double cost = 0;
  while (kept >> width >> cost) costs[width] = cost;
  if (costs.contains(1)) return costs;

  const StepCosts measured = measured_costs(model);
  costs = plausible(measured);
  if (!worth_keeping(measured)) return costs;  // the next load measures again
  std::error_code ignored;                     // a cache that cannot be written only costs time
  std::filesystem::create_directories(cache, ignored);
  std::ofstream written(place);
  for (const auto& [answers, multiple] : costs) {
    written << fmt::format("{} {:.3f}\n", answers, multiple);
  }
  return costs;
}

}  // namespace melete::engine
