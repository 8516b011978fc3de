// The small parts of modes: budgets, think tags, requests for second asks and merges, strategies'
// helpers.

#include <gtest/gtest.h>

#include "modes/effort.h"
#include "modes/merge.h"
#include "modes/strategy.h"
#include "modes/think_tags.h"
#include "modes/thinking_prompt.h"

namespace melete::modes {
namespace {

chat::Request asking(const char* question) {
  chat::Request request;
  request.messages = {chat::text_message(chat::Role::User, question)};
  return request;
}

TEST(ReasoningBudget, GrowsWithEffortAndStaysInsideTheContext) {
  chat::Request request;
  EXPECT_EQ(reasoning_budget(request, {}), 2048);
  request.effort = chat::Effort::None;
  EXPECT_EQ(reasoning_budget(request, {}), 0);
  request.effort = chat::Effort::XHigh;
  EXPECT_EQ(reasoning_budget(request, {}), 16384);
  EXPECT_EQ(reasoning_budget(request, {.context_tokens = 8192}), (8192 - 1024) * 3 / 4);
  request.limits.answer_tokens = 1000000;
  EXPECT_EQ(reasoning_budget(request, {.context_tokens = 8192}), 4096 * 3 / 4);
}

TEST(ReasoningBudget, TakesTheCallersNumberOverTheEffort) {
  chat::Request request;
  request.effort = chat::Effort::High;
  request.limits.reasoning_tokens = 77;
  EXPECT_EQ(reasoning_budget(request, {}), 77);
  request.limits.reasoning_tokens = -3;
  EXPECT_EQ(reasoning_budget(request, {}), 0);
}

SplitText split(const std::vector<std::string>& pieces) {
  ThinkTags tags;
  SplitText all;
  for (const std::string& piece : pieces) {
    const SplitText some = tags.add(piece);
    all.reasoning += some.reasoning;
    all.text += some.text;
  }
  const SplitText rest = tags.flush();
  return {all.reasoning + rest.reasoning, all.text + rest.text};
}

TEST(ThinkTags, PartReasoningFromAnswerHoweverTheTextIsCut) {
  const std::string whole = "\n<think>one < two</think>\n\nthree <b>";
  for (size_t size = 1; size <= whole.size(); ++size) {
    std::vector<std::string> pieces;
    for (size_t at = 0; at < whole.size(); at += size) pieces.push_back(whole.substr(at, size));
    const SplitText parts = split(pieces);
    EXPECT_EQ(parts.reasoning, "one < two") << size;
    EXPECT_EQ(parts.text, "three <b>") << size;
  }
}

TEST(ThinkTags, LeaveAnswersWithoutABlockAlone) {
  EXPECT_EQ(split({"<thi", "s>"}).text, "<this>");
  EXPECT_EQ(split({"plain <think>x</think>"}).text, "plain <think>x</think>");
  EXPECT_EQ(split({"<think>never", " closed"}).reasoning, "never closed");
  EXPECT_EQ(split({}).text, "");
}

TEST(AddInstruction, ExtendsTheSystemMessageOrMakesOne) {
  chat::Request request = asking("Hi");
  add_instruction(request, "Be kind.");
  ASSERT_EQ(request.messages.size(), 2u);
  EXPECT_EQ(request.messages[0].role, chat::Role::System);
  add_instruction(request, "Be brief.");
  ASSERT_EQ(request.messages.size(), 2u);
  EXPECT_EQ(chat::text_of(request.messages[0]), "Be kind.\n\nBe brief.");
}

TEST(AnswerRequest, AsksSeveralCutChoicesTogetherEachWithItsOwnReasoning) {
  chat::Request request = asking("Hi");
  request.branches.resize(3);
  const chat::Request ask =
      answer_request(request, {.can_prefill = true}, {{0, "red"}, {2, "blue"}});
  ASSERT_EQ(ask.branches.size(), 2u);
  EXPECT_NE(chat::text_of(ask.branches[0].suffix.at(0)).find("red"), std::string::npos);
  EXPECT_NE(chat::text_of(ask.branches[1].suffix.at(0)).find("blue"), std::string::npos);
  EXPECT_EQ(ask.prefill, "");
  EXPECT_EQ(ask.limits.reasoning_tokens, 0);
}

TEST(MergeRequest, KeepsTheTurnAsPrefixAndShufflesBySeedAlone) {
  const chat::Request original = asking("Why?");
  const std::vector<std::string> drafts{"one", "two", "three", "four", "five"};
  const chat::Request merged = merge_request(original, drafts, 7);
  ASSERT_EQ(merged.messages.size(), 3u);
  EXPECT_EQ(chat::text_of(merged.messages[0]), "Why?");
  EXPECT_EQ(merged.messages[1].role, chat::Role::Assistant);
  EXPECT_EQ(merged.messages[2].role, chat::Role::User);
  const std::string text = chat::text_of(merged.messages[1]);
  EXPECT_EQ(text, chat::text_of(merge_request(original, drafts, 7).messages[1]));
  EXPECT_NE(text.find("four"), std::string::npos);
  EXPECT_EQ(text.find("five"), std::string::npos) << "four candidates at most";
}

TEST(MergeRequest, CutsLongDraftsBetweenCharacters) {
  std::string draft = "x";
  for (int i = 0; i < 5000; ++i) draft += "\u00e4";
  const auto merged = merge_request(asking("Why?"), {draft}, 1);
  const std::string text = chat::text_of(merged.messages[1]);
  EXPECT_LT(text.size(), 6100u);
  EXPECT_TRUE(text.ends_with("\u00e4 ..."));
}

TEST(MajorityStands, OnlyWhenItIsClearAndTheMergeDisagrees) {
  Ballot ballot;
  for (const char* answer : {"5", "5", "5", "6", "7"}) ballot.add(make_answer(answer));
  EXPECT_TRUE(majority_stands(ballot, make_answer("9")));
  EXPECT_TRUE(majority_stands(ballot, std::nullopt));
  EXPECT_FALSE(majority_stands(ballot, make_answer("5.0")));
  ballot.add(make_answer("6"));
  EXPECT_FALSE(majority_stands(ballot, make_answer("9"))) << "3 of 6 is below 60 %";
  EXPECT_FALSE(majority_stands(Ballot(), make_answer("9")));
}

Standing standing_of(std::vector<AgentFinal> finals) {
  Standing standing{.ballot = Ballot()};
  for (AgentFinal& final : finals) add_final(standing, std::move(final));
  return standing;
}

TEST(BestMember, IsTheShortestCompleteChainElseTheLongestCutOne) {
  const Answer five = make_answer("5");
  const auto cut = chat::FinishReason::Length;
  const Standing standing =
      standing_of({{.agent = 0, .text = "a", .answer = five, .tokens = 2, .reason = cut},
                   {.agent = 1, .text = "b", .answer = five, .tokens = 9},
                   {.agent = 2, .text = "c", .answer = five, .tokens = 4},
                   {.agent = 3, .text = "", .tokens = 1}});
  EXPECT_EQ(best_member(standing, &five), 2);
  const Standing all_cut = standing_of(
      {{.text = "a", .tokens = 2, .reason = cut}, {.text = "b", .tokens = 5, .reason = cut}});
  EXPECT_EQ(best_member(all_cut, nullptr), 1);
  const Answer six = make_answer("6");
  EXPECT_FALSE(best_member(standing, &six));
}

TEST(BestMember, IsTheMostCertainWhereAllTell) {
  const Answer five = make_answer("5");
  std::vector<AgentFinal> finals = {
      {.agent = 0, .text = "a", .answer = five, .tokens = 9, .certainty = -0.5},
      {.agent = 1, .text = "b", .answer = five, .tokens = 8, .certainty = -0.1},
      {.agent = 2, .text = "c", .answer = five, .tokens = 4, .certainty = -0.9}};
  EXPECT_EQ(best_member(standing_of(finals), &five), 1);
  finals[0].certainty.reset();
  EXPECT_EQ(best_member(standing_of(finals), &five), 2) << "the shortest, where one does not tell";
}

TEST(DistinctFinals, CountEqualAnswersAndEqualTextsOnce) {
  const Answer five = make_answer("5");
  const Standing standing = standing_of({{.text = "long 5", .answer = five, .tokens = 9},
                                         {.text = "5", .answer = five, .tokens = 1},
                                         {.text = "free"},
                                         {.text = "free"},
                                         {.text = ""}});
  EXPECT_EQ(distinct_finals(standing), (std::vector<int>{1, 2}));
}

TEST(Strategies, AreFoundByName) {
  EXPECT_EQ(find_strategy(""), find_strategy("vote"));
  EXPECT_NE(find_strategy("race"), nullptr);
  EXPECT_EQ(find_strategy("oracle"), nullptr);
  EXPECT_EQ(strategy_names(), "confidence, merge, race, refine, verify, vote");
}

}  // namespace
}  // namespace melete::modes
