// When thought has a price: the arms of an experiment, and the controls beside them.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/json.h"
#include "reinforce/reward.h"

namespace melete::train {

enum class Arm {
  Always,        // a price from the first step
  AfterPlateau,  // none until the share of right answers rises no more (Kimi k1.5,
                 // arXiv:2501.12599)
  Toggle,        // in turns: a limit to each question's usual length, and none (arXiv:2602.02276)
  Added,         // a price that is subtracted; to compare with
  Shortest,      // fine-tuning on each question's shortest right answer; to compare with
};

struct PricingOptions {
  Arm arm = Arm::Always;
  Price price;               // Always, AfterPlateau and Added
  int64_t period = 20;       // steps of a turn of Toggle, and of both halves that show a plateau
  double least_rise = 0.01;  // of the share of right answers from half to half; less is a plateau
  double usual_share = 0.6;  // of a question's right answers are within its limit; of Toggle
  double sure = 0.7;         // from this solve rate on a limit holds; of Toggle
};

// A group's rewards, and what is learnt from them.
struct Judgement {
  std::vector<double> rewards;
  std::vector<double> advantages;  // of each answer; empty: the group teaches nothing
};

// Not thread-safe.
class Pricing {
 public:
  explicit Pricing(const PricingOptions& options) : options_(options) {}

  // Judges the answers to one question at a step counted from 0. `limit` is the question's own.
  Judgement judge(std::span<const Outcome> group, int64_t step, std::optional<int64_t> limit) const;

  // The limit that a question gets from its first group with right answers; nothing where the arm
  // has no limits.
  std::optional<int64_t> limit_of(std::span<const Outcome> group) const;

  // Takes note of a step's share of right answers, on which a plateau is seen.
  void remember(double solved);

  // True where a step's tokens have a price or a limit.
  bool priced(int64_t step) const;

  // What has to be kept when a run stops.
  Json memory() const;
  void restore(const Json& memory);

 private:
  PricingOptions options_;
  std::vector<double> solved_;  // of the last two periods
  bool plateau_ = false;        // seen once, it stays
};

}  // namespace melete::train
