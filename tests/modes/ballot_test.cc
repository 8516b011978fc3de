// Voting: when the outcome is clear, and that the probability behind it is right.

#include "modes/ballot.h"

#include <gtest/gtest.h>

#include <cmath>

namespace melete::modes {
namespace {

Ballot ballot_of(std::initializer_list<const char*> answers, VoteOptions options = {}) {
  Ballot ballot(options);
  for (const char* answer : answers) ballot.add(make_answer(answer));
  return ballot;
}

// P(p > 1/2) for p ~ Beta(votes + 1, rival + 1), by Simpson's rule over the density.
double lead_probability_by_integration(int votes, int rival) {
  const double scale =
      std::lgamma(votes + rival + 2.0) - std::lgamma(votes + 1.0) - std::lgamma(rival + 1.0);
  const auto density = [&](double p) {
    return std::exp(scale) * std::pow(p, votes) * std::pow(1 - p, rival);
  };
  constexpr int kSteps = 20000;
  const double width = 0.5 / kSteps;
  double sum = density(0.5) + density(1.0);
  for (int i = 1; i < kSteps; ++i) sum += density(0.5 + i * width) * (i % 2 == 1 ? 4 : 2);
  return sum * width / 3;
}

TEST(LeadProbability, EqualsNumericIntegrationOfTheBetaDensity) {
  for (int votes = 0; votes <= 16; ++votes) {
    for (int rival = 0; rival <= votes; ++rival) {
      EXPECT_NEAR(lead_probability(votes, rival), lead_probability_by_integration(votes, rival),
                  1e-9)
          << votes << " against " << rival;
    }
  }
}

TEST(LeadProbability, IsOneHalfOnATieAndCloseToOneFarAhead) {
  EXPECT_NEAR(lead_probability(0, 0), 0.5, 1e-12);
  EXPECT_NEAR(lead_probability(7, 7), 0.5, 1e-12);
  EXPECT_NEAR(lead_probability(4, 0), 31.0 / 32, 1e-12);
  EXPECT_GT(lead_probability(64, 0), 0.999999);
}

// By drawing p from the Beta density on a fine grid and counting the votes to come.
double stay_probability_by_integration(int votes, int rival, int left, int most) {
  constexpr int kSteps = 20000;
  double sum = 0;
  double all = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double p = (i + 0.5) / kSteps;  // of a vote for the leader
    const double density = std::pow(p, votes) * std::pow(1 - p, rival);
    all += density;
    double ways = 1;
    for (int k = 0; k <= most; ++k) {
      sum += density * ways * std::pow(1 - p, k) * std::pow(p, left - k);
      ways *= static_cast<double>(left - k) / (k + 1);
    }
  }
  return sum / all;
}

TEST(StayProbability, EqualsNumericIntegrationOverTheVotesToCome) {
  for (int votes = 1; votes <= 6; ++votes) {
    for (int rival = 0; rival <= votes; ++rival) {
      for (int left = 0; left <= 9; ++left) {
        const int most = left / 2;
        EXPECT_NEAR(stay_probability(votes, rival, left, most),
                    stay_probability_by_integration(votes, rival, left, most), 1e-6)
            << votes << " against " << rival << ", " << left << " left";
      }
    }
  }
  EXPECT_NEAR(stay_probability(3, 0, 5, 5), 1, 1e-12);
}

TEST(Ballot, HasNoLeaderBeforeTheFirstVote) {
  EXPECT_FALSE(Ballot().leader());
  EXPECT_FALSE(Ballot().decided(0));
}

TEST(Ballot, CountsEqualNumbersAsOneAnswer) {
  const auto leader = ballot_of({"1,024", "7", "1024.0", "$1024"}).leader();
  ASSERT_TRUE(leader);
  EXPECT_EQ(leader->answer.text, "1,024");
  EXPECT_EQ(leader->votes, 3);
  EXPECT_EQ(leader->runner_up, 1);
  EXPECT_FALSE(leader->tied);
}

TEST(Ballot, TiesGoToTheEarlierAnswer) {
  const auto leader = ballot_of({"3", "4", "4", "3"}).leader();
  EXPECT_EQ(leader->answer.text, "3");
  EXPECT_TRUE(leader->tied);
}

TEST(Ballot, IsDecidedWhenTheLeaderCannotBeOvertaken) {
  const VoteOptions certain{.confidence = 1};
  EXPECT_TRUE(ballot_of({"12", "12", "7", "12", "12"}, certain).decided(3));
  EXPECT_FALSE(ballot_of({"12", "12", "7", "12"}, certain).decided(4));
  EXPECT_FALSE(ballot_of({"7", "12", "12", "12", "12"}, certain).decided(3))
      << "a tie would go to the earlier 7";
}

TEST(Ballot, IsDecidedWhenALeadIsUnlikelyToBeLost) {
  EXPECT_TRUE(ballot_of({"5", "5", "5"}).decided(5));        // 0.960
  EXPECT_FALSE(ballot_of({"5", "5", "5"}).decided(60));      // 0.940
  EXPECT_TRUE(ballot_of({"5", "5", "5", "5"}).decided(60));  // 0.970
  EXPECT_FALSE(ballot_of({"5", "5", "6"}).decided(5));
}

TEST(Ballot, IsDecidedOnTwoVotesWhenNoneCanOvertake) {
  EXPECT_TRUE(ballot_of({"5", "5"}).decided(1));
  EXPECT_TRUE(ballot_of({"5", "5"}).decided(2)) << "a tie would go to the earlier 5";
  EXPECT_FALSE(ballot_of({"5", "5"}).decided(3));
  EXPECT_TRUE(ballot_of({"5", "5", "6"}).decided(1)) << "a tie would go to the earlier 5";
}

TEST(Ballot, NeverGuessesOnFewerVotesThanTheLeastAsked) {
  EXPECT_FALSE(ballot_of({"5"}).decided(1)) << "one vote is no agreement";
  EXPECT_FALSE(ballot_of({"5", "5"}).decided(4));
  Ballot quick(VoteOptions{.confidence = 0.8, .min_votes = 2});
  quick.add(make_answer("5"));
  quick.add(make_answer("5"));
  EXPECT_TRUE(quick.decided(4));
}

TEST(Ballot, AgreesWhenTheLeaderIsWellAhead) {
  EXPECT_FALSE(Ballot().agrees());
  EXPECT_FALSE(ballot_of({"5"}).agrees());
  EXPECT_TRUE(ballot_of({"5", "5"}).agrees());
  EXPECT_FALSE(ballot_of({"5", "5", "6"}).agrees());
  EXPECT_TRUE(ballot_of({"5", "5", "6", "5", "5"}).agrees());
}

}  // namespace
}  // namespace melete::modes
