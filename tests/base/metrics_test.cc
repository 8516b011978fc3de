// Metrics are the same object for the same name and labels, and are shown in the text format that
// Prometheus reads.

#include "base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace melete {
namespace {

using ::testing::HasSubstr;

TEST(Metrics, ShowsACounterWithItsHelpAndType) {
  Metrics metrics;
  metrics.counter("melete_requests_total", "Requests answered.").add(3);
  const std::string text = metrics.expose();
  EXPECT_THAT(text, HasSubstr("# HELP melete_requests_total Requests answered.\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE melete_requests_total counter\n"));
  EXPECT_THAT(text, HasSubstr("\nmelete_requests_total 3\n"));
}

TEST(Metrics, ShowsLabelsAndEscapesThem) {
  Metrics metrics;
  metrics.gauge("melete_cells_used", "Cells.", {{"model", "a \"b\""}}).set(7);
  EXPECT_THAT(metrics.expose(), HasSubstr(R"(melete_cells_used{model="a \"b\""} 7)"));
}

TEST(Metrics, GivesTheSameMetricForTheSameNameAndLabels) {
  Metrics metrics;
  auto& first = metrics.counter("melete_tokens_total", "Tokens.", {{"model", "a"}});
  auto& again = metrics.counter("melete_tokens_total", "Tokens.", {{"model", "a"}});
  auto& other = metrics.counter("melete_tokens_total", "Tokens.", {{"model", "b"}});
  EXPECT_EQ(&first, &again);
  EXPECT_NE(&first, &other);
}

TEST(Metrics, ShowsAGaugeThatGoesUpAndDown) {
  Metrics metrics;
  Gauge& running = metrics.gauge("melete_answers_running", "Answers\nthat run.");
  running.add(3);
  running.add(-1);
  EXPECT_EQ(running.value(), 2);
  const std::string text = metrics.expose();
  EXPECT_THAT(text, HasSubstr("# HELP melete_answers_running Answers\\nthat run.\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE melete_answers_running gauge\nmelete_answers_running 2\n"));
}

TEST(Metrics, ShowsLargeCountsInFull) {
  Metrics metrics;
  metrics.counter("melete_tokens_total", "Tokens.").add(123456789);
  EXPECT_THAT(metrics.expose(), HasSubstr("melete_tokens_total 123456789\n"));
}

TEST(Metrics, LosesNoIncrementAcrossThreads) {
  Metrics metrics;
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int worker = 0; worker < 4; ++worker) {
      threads.emplace_back([&metrics] {
        for (int step = 0; step < 1000; ++step) {
          metrics.counter("melete_steps_total", "Steps.").add();
        }
      });
    }
  }
  EXPECT_THAT(metrics.expose(), HasSubstr("\nmelete_steps_total 4000\n"));
}

}  // namespace
}  // namespace melete
