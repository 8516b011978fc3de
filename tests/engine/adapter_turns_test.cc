// Turns of the base model and its adapters: of equal time, and nobody is passed over.

#include "engine/adapter_turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace melete::engine {
namespace {

using Seconds = AdapterTurns::Seconds;
using testing::ElementsAre;

// Computes steps of the groups that have work; how long each group's take.
class Steps {
 public:
  explicit Steps(std::map<std::string, Seconds> times) : times_(std::move(times)) {}

  std::string compute() {
    for (const std::string_view group : turns_.order()) {
      const auto found = times_.find(std::string(group));
      if (found == times_.end()) continue;
      turns_.note(group, found->second);
      return found->first;
    }
    return "nobody";
  }

  // The groups of the next `count` steps.
  std::vector<std::string> compute(int count) {
    std::vector<std::string> groups(static_cast<size_t>(count));
    std::ranges::generate(groups, [this] { return compute(); });
    return groups;
  }

  void add(const std::string& group, Seconds time) { times_[group] = time; }
  void remove(const std::string& group) { times_.erase(group); }

 private:
  AdapterTurns turns_{{"poet", "sql"}};
  std::map<std::string, Seconds> times_;
};

TEST(AdapterTurns, WithoutAdaptersThereIsOneGroup) {
  AdapterTurns turns({});
  EXPECT_THAT(turns.order(), ElementsAre(""));
  turns.note("", Seconds(1));
  EXPECT_THAT(turns.order(), ElementsAre(""));
}

TEST(AdapterTurns, LongStepsAlternate) {
  Steps steps({{"", Seconds(0.4)}, {"poet", Seconds(0.2)}, {"sql", Seconds(0.1)}});
  EXPECT_THAT(steps.compute(7), ElementsAre("", "poet", "sql", "", "poet", "sql", ""));
}

TEST(AdapterTurns, ShortStepsFillATurn) {
  Steps steps({{"", Seconds(0.05)}, {"poet", Seconds(0.03)}});
  EXPECT_THAT(steps.compute(8), ElementsAre("", "", "poet", "poet", "poet", "poet", "", ""));
}

TEST(AdapterTurns, AGroupWithoutWorkIsPassedOver) {
  Steps steps({{"sql", Seconds(0.1)}});
  EXPECT_THAT(steps.compute(3), ElementsAre("sql", "sql", "sql"));
  EXPECT_EQ(Steps({}).compute(), "nobody");
}

TEST(AdapterTurns, WhoComesIsServedAfterOneTurnOfEachOther) {
  Steps steps({{"sql", Seconds(0.05)}, {"", Seconds(0.05)}});
  steps.compute(3);  // the first of sql's turn
  steps.add("poet", Seconds(0.05));
  EXPECT_THAT(steps.compute(5), ElementsAre("sql", "", "", "poet", "poet"));
}

TEST(AdapterTurns, WhoWasAloneForLongOwesNothing) {
  Steps steps({{"", Seconds(0.05)}});
  steps.compute(100);
  steps.add("poet", Seconds(0.05));
  EXPECT_THAT(steps.compute(6), ElementsAre("poet", "poet", "", "", "poet", "poet"));
}

TEST(AdapterTurns, ATurnEndsWithItsWork) {
  Steps steps({{"", Seconds(0.01)}, {"poet", Seconds(0.1)}});
  steps.compute();
  steps.remove("");
  EXPECT_EQ(steps.compute(), "poet");
  steps.add("", Seconds(0.1));
  EXPECT_THAT(steps.compute(2), ElementsAre("", "poet"));
}

}  // namespace
}  // namespace melete::engine
