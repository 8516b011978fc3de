#include "engine/step_costs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>

#include "base/clock.h"
#include "engine/file_identity.h"
#include "engine/kernels/kernels.h"
#include "models/sha256.h"

namespace melete::engine {

namespace {

constexpr std::array kWidths{1, 2, 4, 8, 16};
constexpr int kRounds = 4;
constexpr double kPatience = 1.5;  // seconds, after which no further round begins
constexpr double kNoise = 0.1;     // by which a cost may miss its bounds and still be kept

struct Batch {
  explicit Batch(int capacity) : value(llama_batch_init(capacity, 0, 1)) {}
  ~Batch() { llama_batch_free(value); }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  llama_batch value;
};

double seconds_since(Instant start) {
  return std::chrono::duration<double>(system_clock().now() - start).count();
}

// Seconds of one step that writes a token of `width` answers.
double time_step(llama_context* context, Batch& batch, int width) {
  batch.value.n_tokens = width;
  for (int sequence = 0; sequence < width; ++sequence) {
    batch.value.token[sequence] = sequence + 1;
    batch.value.pos[sequence] = 0;
    batch.value.n_seq_id[sequence] = 1;
    batch.value.seq_id[sequence][0] = sequence;
    batch.value.logits[sequence] = 1;
  }
  const Instant start = system_clock().now();
  if (llama_decode(context, batch.value) != 0) return std::numeric_limits<double>::infinity();
  llama_synchronize(context);
  return seconds_since(start);
}

// Where the costs of this very file, loaded this way, are kept.
std::filesystem::path place_of(const LoadedModel& model, const std::filesystem::path& file,
                               const std::filesystem::path& cache) {
  models::Sha256 digest;
  digest.add(fmt::format("{}\n{} threads\nkernels {}", file_identity(file), model.compute->count(),
                         kernels::kernels_installed()));
  return cache / ("step-costs-" + digest.finish());
}

// As they were measured: on a busy machine anything may come out.
StepCosts measured_costs(LoadedModel& model) {
  llama_context* context = model.context.get();
  const int most = static_cast<int>(llama_n_seq_max(context));
  const ComputeThreads::Turn turn(*model.compute);
  Batch batch(kWidths.back());
  std::map<int, double> times;
  const Instant start = system_clock().now();
  for (int round = 0; round < kRounds && seconds_since(start) < kPatience; ++round) {
    for (const int width : kWidths) {
      if (width > most) break;
      llama_memory_clear(llama_get_memory(context), true);
      const double time = time_step(context, batch, width);
      const auto [known, first] = times.emplace(width, time);
      if (!first) known->second = std::min(known->second, time);
    }
  }
  llama_memory_clear(llama_get_memory(context), true);

  StepCosts costs;
  for (const auto& [width, time] : times) costs[width] = time / times.begin()->second;
  return costs;
}

// More answers never cost less than one, nor more than one after the other.
StepCosts plausible(StepCosts costs) {
  for (auto& [width, cost] : costs) cost = std::clamp(cost, 1.0, static_cast<double>(width));
  return costs;
}

bool worth_keeping(const StepCosts& costs) {
  return std::ranges::all_of(costs, [](const auto& width_and_cost) {
    const auto& [width, cost] = width_and_cost;
    return cost >= 1 - kNoise && cost <= width * (1 + kNoise);
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
