#include "reinforce/stops.h"

#include <fmt/format.h>

#include <string>

namespace melete::train {

namespace {

constexpr double kNearlyAllRight = 0.9;  // share of answers

std::unexpected<Error> stop(int64_t step, const std::string& what, const std::string& key) {
  return fail(
      ErrorCode::Conflict,
      fmt::format("Stopped after step {}: {} The last checkpoint, if one was due, is whole.", step,
                  what),
      key);
}

void count(bool wrong, int64_t& in_a_row) {
  in_a_row = wrong ? in_a_row + 1 : 0;
}

Json json_of(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

}  // namespace

Result<Course> Stops::after_step(const ReinforceReport& report) {
  const AnswerFigures& answers = report.answers;
  const bool all_dropped = report.dropped == std::ssize(report.solve_rates);
  count(answers.truncated >= 1, truncated_);
  count(all_dropped, alike_);
  count(answers.entropy < options_.least_entropy && 1 - answers.right > options_.sure_and_wrong,
        sure_);
  reward_sum_ += report.reward;
  ++reward_steps_;
  if (truncated_ >= options_.patience) {
    return stop(report.step,
                fmt::format("no answer has ended within {:.0f} tokens for {} steps, so nothing can "
                            "be right. Raise batch.most_tokens, or begin with a model that ends "
                            "its answers.",
                            answers.tokens, truncated_),
                "batch.most_tokens");
  }
  if (alike_ >= options_.patience && answers.right >= kNearlyAllRight) return Course::AtGoal;
  if (alike_ >= options_.patience) {
    return stop(report.step,
                fmt::format("for {} steps all answers to a question were worth the same, with "
                            "{:.0f} % right, so there was nothing to learn. Take easier or harder "
                            "questions.",
                            alike_, 100 * answers.right),
                "tasks");
  }
  if (sure_ >= options_.patience) {
    return stop(report.step,
                fmt::format("for {} steps the model was sure of what it wrote (entropy {:.4f}), "
                            "though {:.0f} % of it is wrong: it has stopped to explore. Lower "
                            "optimiser.rate, and begin anew or from an earlier checkpoint.",
                            sure_, answers.entropy, 100 * (1 - answers.right)),
                "optimiser.rate");
  }
  return Course::GoesOn;
}

Result<void> Stops::after_measure(const AnswerFigures& held_out) {
  std::optional<double> reward;
  if (reward_steps_ > 0) reward = reward_sum_ / static_cast<double>(reward_steps_);
  reward_sum_ = 0;
  reward_steps_ = 0;
  if (!best_ || held_out.right >= best_->right) {
    best_ = {held_out.right, reward};
    return {};
  }
  if (!best_->reward) best_->reward = reward;
  if (held_out.right >= best_->right - options_.accuracy_drop || !(reward > best_->reward)) {
    return {};
  }
  return fail(
      ErrorCode::Conflict,
      fmt::format("Stopped: the reward has risen from {:.3f} to {:.3f}, but of the held-out "
                  "questions {:.0f} % are answered right, which were {:.0f} %. What is "
                  "rewarded is not what is wanted: lower price.weight, or look at what the "
                  "verifier accepts. The last checkpoint, if one was due, is whole.",
                  *best_->reward, *reward, 100 * held_out.right, 100 * best_->right),
      "price.weight");
}

Json Stops::memory() const {
  Json memory = {{"truncated", truncated_},
                 {"alike", alike_},
                 {"sure", sure_},
                 {"reward_sum", reward_sum_},
                 {"reward_steps", reward_steps_}};
  if (best_) memory["best"] = {{"right", best_->right}, {"reward", json_of(best_->reward)}};
  return memory;
}

void Stops::restore(const Json& memory) {
  memory.at("truncated").get_to(truncated_);
  memory.at("alike").get_to(alike_);
  memory.at("sure").get_to(sure_);
  memory.at("reward_sum").get_to(reward_sum_);
  memory.at("reward_steps").get_to(reward_steps_);
  best_.reset();
  if (!memory.contains("best")) return;
  const Json& best = memory["best"];
  best_ = Best{best.at("right").get<double>(), std::nullopt};
  if (best.at("reward").is_number()) best_->reward = best["reward"].get<double>();
}

}  // namespace melete::train
