#include "commands/learner.h"

#include <algorithm>
#include <utility>

#include "commands/run_setup.h"
#include "tuning/chat_language.h"
#include "tuning/engine_rollouts.h"

namespace melete::train {

namespace {

bool is_open(const ReinforceConfig& config) {
  return !config.base.model.empty();
}

// Of the longest question with its template. Fails as Language::question() does.
Result<int64_t> longest_prompt(const Language& language, const QuestionList& questions) {
  int64_t longest = 0;
  for (const auto& question : questions) {
    const Result<Sequence> prompt = language.question(question->problem.question);
    if (!prompt) return std::unexpected(prompt.error());
    longest = std::max(longest, std::ssize(prompt->tokens));
  }
  return longest;
}

// Cells for the longest answers of all rows, and for their questions, which a group shares; where
// answers may be very long, for fewer rows at a time.
EngineRolloutsOptions rollout_options(const ReinforceConfig& config, int64_t prompt_tokens) {
  constexpr int64_t kRows = 64;
  constexpr int64_t kOpening = 64;  // tokens that may follow a prompt, as of reasoning
  constexpr int64_t kMostCells = 65'536;
  const int64_t groups = kRows / config.answers + 2;
  const int64_t question = prompt_tokens + kOpening;
  const int64_t context = config.most_tokens + question;
  const int64_t wanted = kRows * config.most_tokens + groups * question;
  return {.rows = kRows,
          .context_tokens = context,
          .pool_tokens = std::max(context, std::min(wanted, kMostCells)),
          .threads = config.threads};
}

}  // namespace

Result<Learner> make_learner(const ReinforceConfig& config, const QuestionList& questions) {
  if (!is_open(config)) {
    const Result<torch::Device> device = choose_device(config.device);
    if (!device) return std::unexpected(device.error());
    return Learner{{{}, std::make_unique<Model>(config.model, config.seed, *device)},
                   std::make_unique<OwnLanguage>(media_shape(config.model)),
                   nullptr};
  }
  Result<OpenWeights> weights =
      load_open_weights(config.base, config, config.most_tokens, "batch.most_tokens");
  if (!weights) return std::unexpected(weights.error());
  Result<std::unique_ptr<const Language>> language = chat_language(weights->file);
  if (!language) return std::unexpected(language.error());
  Learner learner{std::move(*weights), std::move(*language), nullptr};
  const bool on_processor = learner.model().device().is_cpu();
  const bool by_engine =
      config.writer == Writer::Engine || (config.writer == Writer::Automatic && on_processor);
  if (!by_engine) return learner;
  const Result<int64_t> prompt_tokens = longest_prompt(*learner.language, questions);
  if (!prompt_tokens) return std::unexpected(prompt_tokens.error());
  auto rollouts = engine_rollouts(learner.model(), learner.weights.file,
                                  rollout_options(config, *prompt_tokens));
  if (!rollouts) return std::unexpected(rollouts.error());
  learner.rollouts = std::move(*rollouts);
  return learner;
}

Result<void> take_up_start(const ReinforceConfig& config, const Learner& learner) {
  return is_open(config) ? Result<void>() : load_start(config.start, learner.model());
}

Result<void> export_learner(const ReinforceConfig& config, const Learner& learner,
                            int64_t reasoning_percent) {
  if (is_open(config)) {
    return export_open_weights(learner.weights, config.base, config.folder, reasoning_percent);
  }
  return export_files(learner.model(), config.folder);
}

std::string exported_learner(const ReinforceConfig& config) {
  return is_open(config) ? exported_adapter(config.base, config.folder)
                         : exported_files(config.folder);
}

}  // namespace melete::train
