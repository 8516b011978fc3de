#include "reinforce/reinforcer.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>
#include <utility>

#include "data/order.h"
#include "loop/gradients.h"

namespace melete::train {

namespace {

std::vector<Outcome> outcomes_of(const Examined& examined) {
  std::vector<Outcome> group;
  for (const CheckedAnswer& answer : examined.answers) {
    group.push_back({answer.right, answer.read.tokens});
  }
  return group;
}

double sum_of(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}

}  // namespace

Reinforcer::Reinforcer(Model& model, const Language& language, Optimiser& optimiser,
                       const QuestionSource& source, std::vector<uint64_t> pool,
                       const ReinforcerOptions& options)
    : model_(model),
      optimiser_(optimiser),
      source_(source),
      numbers_(std::move(pool)),
      options_(options),
      examiner_(model, language, options.type, options.examiner),
      pricing_(options.pricing),
      pool_(std::ssize(numbers_), options.seed, options.pool) {}

Result<ReinforceReport> Reinforcer::step() {
  const std::vector<size_t> places = pool_.choose(static_cast<size_t>(options_.questions));
  std::vector<uint64_t> numbers;
  for (const size_t place : places) numbers.push_back(numbers_[place]);
  const uint64_t seed = scrambled(options_.seed + scrambled(steps_done_ + 1));
  const Result<std::vector<Examined>> examined =
      examiner_.sampled(source_.questions(numbers), options_.answers, seed);
  if (!examined) return std::unexpected(examined.error());

  ReinforceReport report{.step = steps_done_ + 1, .answers = figures_of(*examined)};
  report.priced = pricing_.priced(steps_done_);
  report.tokens = std::llround(report.answers.tokens * static_cast<double>(report.answers.count));
  report.rate_share = learning_rate_share(options_.schedule, steps_done_);
  const std::vector<PolicySample> samples = judge(*examined, places, report);
  report.set_aside = pool_.set_aside();
  if (const Result<void> learnt = learn(samples, report); !learnt) {
    return std::unexpected(learnt.error());
  }
  pricing_.remember(report.answers.right);
  steps_done_ = report.step;
  return report;
}

// Groups whose answers are all worth the same are left out.
std::vector<PolicySample> Reinforcer::judge(const std::vector<Examined>& examined,
                                            const std::vector<size_t>& places,
                                            ReinforceReport& report) {
  std::vector<PolicySample> samples;
  for (size_t i = 0; i < examined.size(); ++i) {
    const std::vector<Outcome> group = outcomes_of(examined[i]);
    const double solved = solve_rate(group);
    report.solve_rates.push_back(solved);
    pool_.remember(places[i], solved);
    if (const auto limit = pricing_.limit_of(group)) pool_.set_limit(places[i], *limit);
    const Judgement judged = pricing_.judge(group, steps_done_, pool_.limit(places[i]));
    report.reward += sum_of(judged.rewards) / static_cast<double>(report.answers.count);
    if (judged.advantages.empty()) ++report.dropped;
    for (size_t answer = 0; answer < judged.advantages.size(); ++answer) {
      if (judged.advantages[answer] == 0) continue;
      const Rollout& rollout = examined[i].answers[answer].rollout;
      samples.push_back(policy_sample(examined[i].prompt, rollout.tokens, rollout.log_probabilities,
                                      judged.advantages[answer]));
    }
  }
  return samples;
}

Result<void> Reinforcer::learn(const std::vector<PolicySample>& samples, ReinforceReport& report) {
  optimiser_.clear_gradients();
  if (!samples.empty()) {
    const auto normaliser =
        static_cast<double>(options_.questions * options_.answers * options_.examiner.most_tokens);
    const PolicyPass pass = add_policy_gradient(model_, samples, normaliser, options_.type);
    report.loss = pass.loss;
    report.gap = pass.gap;
  }
  // A sampler that sees no numbers has an entropy that is none.
  const Result<double> norm =
      gradient_norm(model_, report.step, report.loss + report.answers.entropy);
  if (!norm) return std::unexpected(norm.error());
  report.gradient_norm = *norm;
  if (!samples.empty()) optimiser_.step(report.rate_share);
  return {};
}

Json Reinforcer::memory() const {
  return {{"pool", pool_.memory()}, {"pricing", pricing_.memory()}};
}

Result<void> Reinforcer::restore(int64_t steps_done, const Json& memory) {
  pricing_.restore(memory.at("pricing"));
  if (!pool_.restore(memory.at("pool"))) {
    return fail(ErrorCode::Conflict,
                fmt::format("The checkpoint is of a run with another number of questions than {}: "
                            "go on with the tasks and counts that it began with, or choose another "
                            "folder.",
                            numbers_.size()),
                "questions.pool");
  }
  steps_done_ = steps_done;
  return {};
}

}  // namespace melete::train
