// Guessing what an answer writes next: where guesses come from, and how many are worth it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/draft_index.h"
#include "engine/draft_pace.h"

namespace melete::engine {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;

Chain chain_of(const std::vector<llama_token>& tokens) {
  Chain chain;
  for (const llama_token token : tokens) chain.append(token);
  return chain;
}

TEST(DraftIndex, GuessesWhatFollowedLastTime) {
  DraftIndex index;
  index.read(0, chain_of({1, 2, 3, 4, 5, 9, 1, 2, 3}), 0);
  EXPECT_THAT(index.guess(0, 3).tokens, ElementsAre(4, 5, 9));
  EXPECT_THAT(index.guess(0, 99).tokens, ElementsAre(4, 5, 9, 1, 2, 3));
}

TEST(DraftIndex, PrefersTheLatestPlace) {
  DraftIndex index;
  index.read(0, chain_of({1, 2, 3, 4, 1, 2, 3, 7, 1, 2, 3}), 0);
  EXPECT_THAT(index.guess(0, 1).tokens, ElementsAre(7));
}

TEST(DraftIndex, PrefersThePlaceThatAgreesInMost) {
  DraftIndex index;
  index.read(0, chain_of({8, 1, 2, 3, 4, 9, 1, 2, 3, 7, 8, 1, 2, 3}), 0);
  const Draft draft = index.guess(0, 1);
  EXPECT_THAT(draft.tokens, ElementsAre(4));
  EXPECT_EQ(draft.agreeing, 4);
}

TEST(DraftIndex, ForgetsAllButTheLatestPlaces) {
  DraftIndex index;
  std::vector<llama_token> tokens = {8, 1, 2, 3, 4};
  for (const llama_token other : {20, 21, 22, 23}) {
    for (const llama_token token : {other, 1, 2, 3, other}) tokens.push_back(token);
  }
  for (const llama_token token : {8, 1, 2, 3}) tokens.push_back(token);
  index.read(0, chain_of(tokens), 0);
  const Draft draft = index.guess(0, 1);
  EXPECT_THAT(draft.tokens, ElementsAre(23));
  EXPECT_EQ(draft.agreeing, 3);
}

TEST(DraftIndex, ComparesSoManyTokensAndNoMore) {
  std::vector<llama_token> tokens;
  for (int round = 0; round < 2; ++round) {
    for (llama_token token = 0; token < 40; ++token) tokens.push_back(token);
  }
  DraftIndex index;
  index.read(0, chain_of(tokens), 0);
  EXPECT_EQ(index.guess(0, 1).agreeing, DraftIndex::kMostAgreeing);
}

TEST(DraftIndex, GuessesNothingForWhatIsNew) {
  DraftIndex index;
  EXPECT_THAT(index.guess(0, 3).tokens, IsEmpty());
  index.read(0, chain_of({1, 2}), 0);
  EXPECT_THAT(index.guess(0, 3).tokens, IsEmpty());
  index.read(0, chain_of({1, 2, 3, 4, 2, 3}), 0);
  EXPECT_THAT(index.guess(0, 3).tokens, IsEmpty()) << "two tokens in common are too few";
}

TEST(DraftIndex, ReadsOnlyWhatIsNew) {
  DraftIndex index;
  Chain chain = chain_of({1, 2, 3, 4});
  index.read(0, chain, 0);
  for (const llama_token token : {1, 2, 3}) chain.append(token);
  index.read(0, chain, 0);
  EXPECT_THAT(index.guess(0, 1).tokens, ElementsAre(4));
}

TEST(DraftIndex, TakesFromAnAnswerBesideIt) {
  DraftIndex index;
  index.read(0, chain_of({1, 2, 3, 50, 51, 52, 53}), 0);
  index.read(1, chain_of({1, 2, 3, 60, 50, 51, 52}), 0);
  EXPECT_THAT(index.guess(1, 2).tokens, ElementsAre(53));
}

// Speed of rows: eight cost twice as much as one.
const std::map<int, double> kCosts = {{1, 1}, {8, 2}};

TEST(StepCost, LiesBetweenWhatWasMeasured) {
  EXPECT_DOUBLE_EQ(step_cost(kCosts, 1), 1);
  EXPECT_DOUBLE_EQ(step_cost(kCosts, 8), 2);
  EXPECT_DOUBLE_EQ(step_cost({{2, 1}, {4, 3}}, 3), 2);
  EXPECT_DOUBLE_EQ(step_cost(kCosts, 16), 4);
  EXPECT_DOUBLE_EQ(step_cost({}, 5), 5);
}

TEST(DraftOdds, RiseWithAgreement) {
  const DraftOdds odds;
  EXPECT_LT(odds.of(3), odds.of(5));
  EXPECT_LT(odds.of(5), odds.of(8));
  EXPECT_LT(odds.of(8), odds.of(12));
}

TEST(DraftOdds, FollowWhatCameTrue) {
  DraftOdds odds;
  for (int step = 0; step < 40; ++step) odds.note(3, 1, 0);
  EXPECT_LT(odds.of(3), 0.1);
  EXPECT_EQ(odds.of(12), DraftOdds().of(12)) << "long agreement says nothing of short";
  for (int step = 0; step < 40; ++step) odds.note(12, 1, 1);
  EXPECT_GT(odds.of(12), 0.95);
}

TEST(DraftOdds, CountEachTokenByTheAgreementBeforeIt) {
  DraftOdds odds;
  odds.note(3, 7, 7);
  for (const size_t agreeing : {3, 4, 6}) EXPECT_GT(odds.of(agreeing), DraftOdds().of(agreeing));
  DraftOdds wrong;
  wrong.note(3, 7, 1);
  EXPECT_GT(wrong.of(3), DraftOdds().of(3));
  EXPECT_LT(wrong.of(4), DraftOdds().of(4));
  EXPECT_EQ(wrong.of(6), DraftOdds().of(6)) << "what follows a wrong guess says nothing";
}

TEST(DraftOdds, FadeWherePlacesArePassedOver) {
  DraftOdds odds;
  for (int step = 0; step < 40; ++step) odds.note(3, 1, 0);
  const double doubt = odds.of(3);
  for (int step = 0; step < 200; ++step) odds.pass_over(3);
  EXPECT_GT(odds.of(3), 3 * doubt);
}

// What `count` tokens in a row promise, each as likely as the other.
DraftOffer offer(int count, double odds) {
  return DraftOffer(static_cast<size_t>(count), odds);
}

TEST(DraftLengths, GrowWithTheOdds) {
  const auto alone = [](double odds) {
    return draft_lengths(kCosts, 1, 15, std::vector<DraftOffer>{offer(7, odds)}).front();
  };
  EXPECT_EQ(alone(0.1), 0);
  EXPECT_GT(alone(0.6), 0);
  EXPECT_LT(alone(0.6), 7);
  EXPECT_EQ(alone(0.99), 7);
}

TEST(DraftLengths, AreZeroWhereEachRowCostsAsMuchAsTheFirst) {
  const std::vector<DraftOffer> offers(4, offer(7, 0.99));
  EXPECT_THAT(draft_lengths({}, 4, 12, offers), Each(0));
  EXPECT_THAT(draft_lengths({{1, 1}, {16, 16}}, 4, 12, offers), Each(0));
}

// Eight rows cost little more than four, the ninth costs a lot: the likeliest four are carried.
TEST(DraftLengths, GiveTheRoomToTheLikeliest) {
  const std::map<int, double> costs = {{1, 1}, {4, 1.1}, {8, 1.2}, {9, 3}, {16, 4}};
  const std::vector<DraftOffer> offers = {offer(7, 0.3), offer(7, 0.9), {}, offer(1, 0.7)};
  EXPECT_THAT(draft_lengths(costs, 4, 12, offers), ElementsAre(0, 3, 0, 1));
}

TEST(DraftLengths, KeepToTheRoom) {
  const std::vector<DraftOffer> offers(2, offer(7, 0.99));
  EXPECT_THAT(draft_lengths(kCosts, 2, 0, offers), Each(0));
  const std::vector<int> lengths = draft_lengths(kCosts, 2, 3, offers);
  EXPECT_THAT(lengths, Each(Ge(1)));
  EXPECT_EQ(lengths[0] + lengths[1], 3);
}

}  // namespace
}  // namespace melete::engine
