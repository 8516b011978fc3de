#include "commands/pretraining.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "commands/run_setup.h"
#include "commands/training_run.h"

namespace melete::train {

namespace {

int threads_of(const PretrainConfig& config, const Group& group) {
  if (config.threads > 0) return config.threads;
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::max(1, cores / group.neighbours());
}

// Beside a GPU every core makes examples; beside a processor that computes on all of them, one
// thread does.
int makers_of(int threads, torch::Device device) {
  return device.is_cuda() ? threads : 1;
}

BatchShape part_of(BatchShape batch, const Group& group, int makers) {
  batch.parts = group.size();
  batch.part = group.rank();
  batch.makers = makers;
  return batch;
}

// All that the steps need, as one rank has it.
struct Run {
  // `mixture` draws from `drawn`.
  Run(const PretrainConfig& config, Tasks drawn, Mixture mixture, Group& group,
      torch::Device device)
      : tasks(std::move(drawn)),
        source(std::move(mixture), media_shape(config.model),
               part_of(config.batch, group, makers_of(threads_of(config, group), device))),
        model(config.model, config.seed, device),
        optimiser(model.parameters(), config.optimiser),
        training{config, config.schedule, model, optimiser, source, group} {}

  Tasks tasks;
  BatchSource source;
  Model model;
  Optimiser optimiser;
  Training training;
  Beginning beginning;
};

Result<std::unique_ptr<Run>> prepare(const PretrainConfig& config, Group& group) {
  if (config.batch.rows % group.size() != 0) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("batch.rows is {} and cannot be divided among {} ranks: choose a "
                            "multiple of {}.",
                            config.batch.rows, group.size(), group.size()),
                "batch.rows");
  }
  const Result<torch::Device> device = choose_device(config.device, group.rank());
  if (!device) return std::unexpected(device.error());
  if (Result<void> made = make_folder(config.folder); !made) return std::unexpected(made.error());
  Result<Tasks> tasks = tasks_for(config.sources);
  if (!tasks) return std::unexpected(tasks.error());
  Result<Mixture> mixture = make_mixture(config.sources, *tasks, config.seed);
  if (!mixture) return std::unexpected(mixture.error());
  auto run = std::make_unique<Run>(config, std::move(*tasks), std::move(*mixture), group, *device);
  if (!config.start.empty() && !std::filesystem::exists(config.folder / kCheckpointFile)) {
    const Result<void> started = load_start(config.start, run->model);
    if (!started) return std::unexpected(started.error());
  }
  Result<Beginning> beginning = begin(run->training);
  if (!beginning) return std::unexpected(beginning.error());
  run->beginning = std::move(*beginning);
  return run;
}

// What has to be the same in all ranks before they add anything up.
std::string beginning_of(const PretrainConfig& config, const Run& run) {
  const OptimiserOptions& rates = config.optimiser;
  const Progress& progress = run.beginning.progress;
  const int64_t eye_side = config.model.vision ? config.model.vision->side : 0;
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}", progress.step,
                     progress.next_example, config.seed, config.model.name, eye_side,
                     static_cast<int>(activation_type(config.precision, run.model.device())),
                     config.checkpoint_every, config.batch.rows, config.batch.length,
                     config.schedule.steps, config.schedule.warm_up, config.schedule.decay_share,
                     rates.muon.learning_rate, rates.muon.momentum, rates.muon.weight_decay,
                     rates.embedding_rate, rates.vector_rate);
}

// Checks that the ranks begin alike, and gives all of them the weights of rank 0: machines need not
// make the same ones of a seed to the last bit.
Result<void> begin_alike(const PretrainConfig& config, const Run& run, Group& group) {
  const size_t mine = std::hash<std::string>()(beginning_of(config, run));
  const Result<std::vector<int64_t>> all = group.gather(static_cast<int64_t>(mine));
  if (!all) return std::unexpected(all.error());
  const auto other = std::ranges::find_if(*all, [&](int64_t one) { return one != all->front(); });
  if (other != all->end()) {
    return fail(ErrorCode::Conflict,
                fmt::format("Rank {} begins with other settings or at another step than rank 0: "
                            "give all of them the same settings, and a folder that they share.",
                            other - all->begin()),
                "folder");
  }
  std::vector<torch::Tensor> weights;
  for (const Parameter& parameter : run.model.parameters().all()) {
    weights.push_back(parameter.value);
  }
  return group.share(weights, 0);
}

}  // namespace

Result<void> pretrain(const PretrainConfig& config, Group& group, const Teller& tell) {
  use_threads(threads_of(config, group));
  const Result<std::unique_ptr<Run>> prepared = prepare(config, group);
  if (Result<void> ready = group.agree(prepared); !ready) return ready;
  Run& run = **prepared;
  if (Result<void> alike = begin_alike(config, run, group); !alike) return alike;
  if (Result<void> done = run_steps(run.training, run.beginning, tell); !done) return done;
  const bool writes = run.beginning.log.has_value();
  return group.agree(writes ? export_files(run.model, config.folder) : Result<void>());
}

}  // namespace melete::train
