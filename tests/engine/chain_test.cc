// What two chains share, and where their pictures lie.

#include "engine/chain.h"

#include <gtest/gtest.h>

namespace melete::engine {
namespace {

PromptTokens with_picture(std::vector<llama_token> before, MediaSpan span,
                          std::vector<llama_token> after) {
  PromptTokens prompt;
  prompt.tokens = std::move(before);
  span.first = prompt.tokens.size();
  prompt.tokens.insert(prompt.tokens.end(), span.token_count, LLAMA_TOKEN_NULL);
  prompt.tokens.insert(prompt.tokens.end(), after.begin(), after.end());
  prompt.media.push_back(span);
  return prompt;
}

TEST(Chain, CommonPrefixEndsAtTheFirstDifferentToken) {
  const Chain left(PromptTokens{{1, 2, 3, 4}, {}});
  EXPECT_EQ(left.common_prefix(Chain(PromptTokens{{1, 2, 9, 4}, {}})), 2u);
  EXPECT_EQ(left.common_prefix(Chain(PromptTokens{{1, 2}, {}})), 2u);
  EXPECT_EQ(left.common_prefix(Chain(PromptTokens{{7}, {}})), 0u);
  EXPECT_EQ(left.common_prefix(Chain()), 0u);
}

TEST(Chain, EqualPicturesAreSharedAndDifferentOnesAreNot) {
  const MediaSpan cat{.token_count = 3, .position_count = 3, .digest = 11};
  const MediaSpan dog{.token_count = 3, .position_count = 3, .digest = 12};
  const Chain left(with_picture({1, 2}, cat, {5}));
  EXPECT_EQ(left.common_prefix(Chain(with_picture({1, 2}, cat, {6}))), 5u);
  EXPECT_EQ(left.common_prefix(Chain(with_picture({1, 2}, dog, {5}))), 2u);
}

TEST(Chain, APictureIsSharedWholeOrNotAtAll) {
  const MediaSpan picture{.token_count = 4, .position_count = 4, .digest = 11};
  const Chain whole(with_picture({1}, picture, {5}));
  Chain same = whole;
  same.truncate(1);
  EXPECT_EQ(whole.common_prefix(same), 1u);
  EXPECT_EQ(same.next_media(0), 1u);
}

TEST(Chain, PositionsCountAPictureByItsPositionsNotItsCells) {
  const MediaSpan picture{.token_count = 6, .position_count = 2, .digest = 11};
  const Chain chain(with_picture({1, 2}, picture, {5, 6}));
  EXPECT_EQ(chain.position(0), 0);
  EXPECT_EQ(chain.position(2), 2);
  EXPECT_EQ(chain.position(8), 4);
  EXPECT_EQ(chain.position(chain.size()), 6);
}

TEST(Chain, FindsThePictureThatComesNext) {
  const MediaSpan picture{.token_count = 2, .position_count = 2, .digest = 11};
  const Chain chain(with_picture({1, 2}, picture, {5}));
  EXPECT_EQ(chain.next_media(0), 2u);
  EXPECT_EQ(chain.next_media(3), chain.size());
  ASSERT_NE(chain.media_at(2), nullptr);
  EXPECT_EQ(chain.media_at(2)->digest, 11u);
  EXPECT_EQ(chain.media_at(3), nullptr);
}

TEST(Chain, GrowsByTokensAndShrinksToALength) {
  Chain chain(PromptTokens{{1, 2}, {}});
  chain.append(3);
  EXPECT_EQ(chain.size(), 3u);
  EXPECT_EQ(chain.token(2), 3);
  chain.truncate(1);
  EXPECT_EQ(chain.size(), 1u);
}

}  // namespace
}  // namespace melete::engine
