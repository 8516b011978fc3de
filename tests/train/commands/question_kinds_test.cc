// Questions of tasks, by what they are for.

#include "commands/question_kinds.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace melete::train {
namespace {

SourcesConfig products() {
  SourcesConfig config;
  config.tasks["multiplication"] = {.weight = 1, .difficulties = {.easiest = 10, .hardest = 10}};
  return config;
}

std::set<std::string> texts_of(uint64_t seed, Purpose purpose) {
  const auto kinds = task_kinds(products(), seed, purpose);
  EXPECT_TRUE(kinds) << kinds.error().message;
  std::set<std::string> texts;
  for (uint64_t i = 0; i < 100; ++i) texts.insert(text_of(kinds->front().draw(i)));
  return texts;
}

size_t alike(const std::set<std::string>& one, const std::set<std::string>& other) {
  size_t count = 0;
  for (const std::string& text : one) count += other.contains(text) ? 1 : 0;
  return count;
}

TEST(QuestionKinds, WhatIsLearntFromIsNotWhatIsExamined) {
  for (const uint64_t seed : {0, 1}) {
    const auto examined = texts_of(seed, Purpose::Examining);
    EXPECT_GT(examined.size(), 90U);
    EXPECT_LT(alike(texts_of(seed, Purpose::Reinforcing), examined), 10U);
  }
}

TEST(QuestionKinds, AreOthersThanThoseOfPretraining) {
  for (const uint64_t seed : {0, 1}) {
    const Result<Tasks> tasks = tasks_for(products());
    ASSERT_TRUE(tasks);
    const auto pretraining = choose_tasks(products(), *tasks, seed);
    ASSERT_TRUE(pretraining);
    std::set<std::string> learnt;
    for (uint64_t i = 0; i < 100; ++i) {
      learnt.insert(text_of({nullptr, pretraining->front().source->draw(i).problem}));
    }
    for (const Purpose purpose : {Purpose::Examining, Purpose::Reinforcing}) {
      EXPECT_LT(alike(texts_of(seed, purpose), learnt), 10U);
    }
  }
}

}  // namespace
}  // namespace melete::train
