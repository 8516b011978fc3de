// What a recipe of pretraining reaches within a budget: one run on text, and its loss on data that
// it has not seen, as a line of JSON. bench/training/recipes.py compares recipes by many.

#include <torch/optim/adamw.h>
#include <torch/types.h>
// After them, for it includes nothing that it needs.
#include <torch/nn/utils/clip_grad.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <numbers>
#include <string>

#include "base/json.h"
#include "commands/run_setup.h"
#include "commands/sources_config.h"
#include "loop/batch_stream.h"
#include "model/model.h"
#include "optimiser/optimiser.h"
#include "optimiser/schedule.h"
#include "text/tokenizer.h"
#include "training/plain_model.h"

namespace melete::bench {
namespace {

using train::Batch;

struct Settings {
  std::string recipe = "melete";
  std::string data;          // a TOML file as pretrain's: [tasks], [files], [data]
  std::string held_out;      // the same, for what is measured
  int64_t tokens = 1 << 20;  // the budget: places of all rows
  double rate = 1;           // a factor of ours; the learning rate of the plain recipe
  uint64_t seed = 1;
  int64_t rows = 16;
  int64_t length = 256;
  int64_t held_out_batches = 16;
};

// A model with what moves it.
struct Learner {
  std::function<torch::Tensor(const Batch&)> loss;
  std::function<void(int64_t step, int64_t steps)> move;  // by the gradients, which it forgets
};

// Our own, with parts left out by name.
Learner our_learner(const Settings& settings) {
  train::ModelConfig config = *train::model_config("S");
  if (settings.recipe == "melete without head norms") config.decoder.head_norms = false;
  train::OptimiserOptions options;
  if (settings.recipe == "melete without muon") {
    options.matrices = train::MatrixMethod::AdamW;
    options.muon.learning_rate = options.vector_rate;
  }
  options.muon.learning_rate *= settings.rate;
  options.embedding_rate *= settings.rate;
  options.vector_rate *= settings.rate;
  const bool decays = settings.recipe != "melete without decay";
  const auto model = std::make_shared<train::Model>(config, settings.seed);
  const auto optimiser = std::make_shared<train::Optimiser>(model->parameters(), options);
  return {.loss = [model](const Batch& batch) { return model->loss(batch); },
          .move =
              [optimiser, decays](int64_t step, int64_t steps) {
                const train::Schedule schedule{.steps = steps, .decay_share = decays ? 0.4 : 0};
                optimiser->step(train::learning_rate_share(schedule, step));
                optimiser->clear_gradients();
              }};
}

// GPT-2's model and the settings that are usual for it: AdamW with a decay of 0.1, gradients of at
// most 1, a warm-up of a twentieth and a cosine down to a tenth.
Learner plain_learner(const Settings& settings) {
  const auto model = std::make_shared<PlainModel>(PlainShape{}, settings.seed);
  std::vector<torch::Tensor> decayed;
  std::vector<torch::Tensor> kept;
  for (const train::Parameter& parameter : model->parameters().all()) {
    (parameter.role == train::Role::Vector ? kept : decayed).push_back(parameter.value);
  }
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(decayed);
  groups.emplace_back(kept);
  const auto adam = std::make_shared<torch::optim::AdamW>(
      groups, torch::optim::AdamWOptions(settings.rate).betas({0.9, 0.95}).weight_decay(0.1));
  static_cast<torch::optim::AdamWOptions&>(adam->param_groups()[1].options()).weight_decay(0);
  std::vector<torch::Tensor> all = decayed;
  all.insert(all.end(), kept.begin(), kept.end());
  const auto move = [adam, all, rate = settings.rate](int64_t step, int64_t steps) {
    const double warm_up = std::max(1.0, static_cast<double>(steps) / 20);
    const double done =
        (static_cast<double>(step) - warm_up) / (static_cast<double>(steps) - warm_up);
    const double share = static_cast<double>(step) < warm_up
                             ? (static_cast<double>(step) + 1) / warm_up
                             : 0.1 + 0.45 * (1 + std::cos(std::numbers::pi * done));
    torch::nn::utils::clip_grad_norm_(all, 1.0);
    for (auto& group : adam->param_groups()) {
      static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate * share);
    }
    adam->step();
    adam->zero_grad();
  };
  return {.loss = [model](const Batch& batch) { return model->loss(batch); }, .move = move};
}

// Batches of a file of settings.
struct Data {
  train::Tasks tasks;
  std::unique_ptr<train::BatchSource> source;
};

Result<Data> data_of(const std::string& file, const Settings& settings, uint64_t seed) {
  train::SourcesConfig config;
  const Result<void> read = train::read_settings(file, [&](train::Section& root) {
    config = train::read_sources(root, std::filesystem::path(file).parent_path());
  });
  if (!read) return std::unexpected(read.error());
  Result<train::Tasks> tasks = train::tasks_for(config);
  if (!tasks) return std::unexpected(tasks.error());
  Data data{.tasks = std::move(*tasks), .source = nullptr};
  Result<train::Mixture> mixture = train::make_mixture(config, data.tasks, seed);
  if (!mixture) return std::unexpected(mixture.error());
  data.source = std::make_unique<train::BatchSource>(
      std::move(*mixture), train::media_shape(*train::model_config("S")),
      train::BatchShape{.rows = settings.rows, .length = settings.length});
  return data;
}

Result<Json> measure(const Settings& settings, torch::ScalarType type, const Learner& learner) {
  constexpr uint64_t kHeldOutSeed = 1'000'003;  // no seed of a run
  const Result<Data> data = data_of(settings.held_out, settings, kHeldOutSeed);
  if (!data) return std::unexpected(data.error());
  const torch::NoGradGuard guard;
  const train::Tokenizer tokenizer;
  train::BatchStream batches(*data->source, 0);
  double nats = 0;
  double bytes = 0;
  int64_t taught = 0;
  for (int64_t i = 0; i < settings.held_out_batches; ++i) {
    const Result<train::FilledBatch> filled = batches.next();
    if (!filled) return std::unexpected(filled.error());
    const Batch batch = train::make_batch(filled->packed, type);
    nats += learner.loss(batch).item<double>() * static_cast<double>(filled->taught);
    taught += filled->taught;
    const torch::Tensor ids = batch.targets.to(torch::kInt);
    bytes += static_cast<double>(
        tokenizer.decode({ids.data_ptr<int32_t>(), static_cast<size_t>(ids.numel())}).size());
  }
  return Json{{"loss", nats / static_cast<double>(taught)},
              {"bits_per_byte", nats / bytes / std::numbers::ln2}};
}

Result<Json> run(const Settings& settings) {
  const torch::ScalarType type = train::activation_type(train::Precision::Automatic, torch::kCPU);
  const Learner learner =
      settings.recipe == "gpt2" ? plain_learner(settings) : our_learner(settings);
  const Result<Data> data = data_of(settings.data, settings, settings.seed);
  if (!data) return std::unexpected(data.error());
  const int64_t steps = std::max<int64_t>(1, settings.tokens / (settings.rows * settings.length));
  train::BatchStream batches(*data->source, 0);
  const auto start = std::chrono::steady_clock::now();
  for (int64_t step = 0; step < steps; ++step) {
    const Result<train::FilledBatch> filled = batches.next();
    if (!filled) return std::unexpected(filled.error());
    learner.loss(train::make_batch(filled->packed, type)).backward();
    learner.move(step, steps);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  Result<Json> measured = measure(settings, type, learner);
  if (!measured) return measured;
  Json line = {{"recipe", settings.recipe},
               {"tokens", settings.tokens},
               {"rate", settings.rate},
               {"seed", settings.seed},
               {"steps", steps},
               {"seconds", took.count()}};
  line.update(*measured);
  return line;
}

int main_of(int argument_count, char** arguments) {
  Settings settings;
  int threads = 0;
  CLI::App app("One run of a recipe of pretraining on text, and its loss on other data");
  app.add_option("--recipe", settings.recipe, "what is trained, and how")
      ->check(CLI::IsMember({"melete", "melete without muon", "melete without head norms",
                             "melete without decay", "gpt2"}));
  app.add_option("--data", settings.data, "settings of what is learnt")->required();
  app.add_option("--held-out", settings.held_out, "settings of what is measured")->required();
  app.add_option("--tokens", settings.tokens, "places of the run's rows");
  app.add_option("--rate", settings.rate, "a factor of our rates; the plain recipe's rate");
  app.add_option("--seed", settings.seed, "of weights and data");
  app.add_option("--threads", threads, "0: every core");
  CLI11_PARSE(app, argument_count, arguments);
  train::use_threads(threads);
  const Result<Json> line = run(settings);
  if (!line) {
    std::fprintf(stderr, "%s\n", line.error().message.c_str());
    return 1;
  }
  std::printf("%s\n", write_json(*line).c_str());
  return 0;
}

}  // namespace
}  // namespace melete::bench

int main(int argument_count, char** arguments) {
  return melete::bench::main_of(argument_count, arguments);
}
