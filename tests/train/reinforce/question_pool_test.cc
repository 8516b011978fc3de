// Which questions are asked, and which rest.

#include "reinforce/question_pool.h"

#include <gmock/gmock.h>

#include <set>

namespace melete::train {
namespace {

using testing::Contains;
using testing::Not;
using testing::SizeIs;

TEST(QuestionPool, APassAsksEveryQuestionOnce) {
  QuestionPool pool(12, 1, {});
  std::set<size_t> asked;
  for (int step = 0; step < 3; ++step) {
    for (const size_t place : pool.choose(4)) EXPECT_TRUE(asked.insert(place).second) << place;
  }
  EXPECT_THAT(asked, SizeIs(12));
}

TEST(QuestionPool, AStepNeverAsksTheSameTwice) {
  QuestionPool pool(5, 1, {});
  for (int step = 0; step < 20; ++step) {
    const std::vector<size_t> places = pool.choose(4);
    EXPECT_THAT(std::set(places.begin(), places.end()), SizeIs(4));
  }
}

TEST(QuestionPool, WhatTeachesLittleRestsAndComesBack) {
  QuestionPool pool(6, 1, {.least_solved = 0.1, .most_solved = 0.9});
  pool.remember(2, 1);
  pool.remember(3, 0);
  pool.remember(4, 0.9);
  EXPECT_EQ(pool.set_aside(), 2);
  for (int step = 0; step < 2; ++step) {
    const std::vector<size_t> places = pool.choose(4);
    EXPECT_THAT(places, Not(Contains(2))) << step;
    EXPECT_THAT(places, Not(Contains(3))) << step;
  }
  for (int step = 0; step < 10 && pool.set_aside() > 0; ++step) pool.choose(4);
  EXPECT_EQ(pool.set_aside(), 0);
}

TEST(QuestionPool, WhereTooFewAreWorthAskingOthersFillTheStep) {
  QuestionPool pool(6, 1, {});
  for (size_t place = 0; place < 5; ++place) pool.remember(place, 0);
  const std::vector<size_t> places = pool.choose(4);
  EXPECT_THAT(places, Contains(5));
  EXPECT_THAT(std::set(places.begin(), places.end()), SizeIs(4));
}

TEST(QuestionPool, WhatIsAlwaysSolvedIsAskedWhereItMayBe) {
  QuestionPool pool(6, 1, {.least_solved = 0, .most_solved = 1});
  pool.remember(2, 1);
  pool.remember(3, 0);
  EXPECT_EQ(pool.set_aside(), 0);
}

TEST(QuestionPool, AQuestionKeepsItsFirstLimit) {
  QuestionPool pool(3, 1, {});
  EXPECT_FALSE(pool.limit(1));
  pool.set_limit(1, 30);
  pool.set_limit(1, 20);
  EXPECT_EQ(pool.limit(1), 30);
  EXPECT_FALSE(pool.limit(2));
}

TEST(QuestionPool, AMemoryGoesOnWhereItStopped) {
  QuestionPool whole(9, 1, {});
  whole.choose(4);
  whole.remember(3, 0);
  whole.set_limit(2, 7);
  QuestionPool resumed(9, 1, {});
  ASSERT_TRUE(resumed.restore(*parse_json(write_json(whole.memory()))));
  EXPECT_EQ(resumed.limit(2), 7);
  EXPECT_EQ(resumed.set_aside(), 1);
  for (int step = 0; step < 9; ++step) EXPECT_EQ(resumed.choose(4), whole.choose(4)) << step;
  QuestionPool other(8, 1, {});
  EXPECT_FALSE(other.restore(whole.memory()));
}

}  // namespace
}  // namespace melete::train
