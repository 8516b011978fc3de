// Embeddings by the small real model: the mean over its last layer.

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "engine/engine_fixture.h"

namespace melete::engine {
namespace {

using Vector = std::vector<float>;

double dot(const Vector& one, const Vector& other) {
  return std::inner_product(one.begin(), one.end(), other.begin(), 0.0);
}

double largest_difference(const Vector& one, const Vector& other) {
  double largest = 0;
  for (size_t index = 0; index < one.size(); ++index) {
    largest = std::max(largest, std::abs(static_cast<double>(one[index]) - other[index]));
  }
  return largest;
}

class TextEmbedderTest : public EngineTest {
 protected:
  Result<chat::Embeddings> try_embed(std::vector<chat::EmbedInput> inputs) {
    return engine_->embed({.model = kTestModel, .inputs = std::move(inputs)});
  }

  chat::Embeddings embed(std::vector<chat::EmbedInput> inputs) {
    auto embeddings = try_embed(std::move(inputs));
    EXPECT_TRUE(embeddings) << embeddings.error().message;
    return embeddings.value_or(chat::Embeddings{});
  }

  Vector embed_one(const chat::EmbedInput& input) { return embed({input}).vectors.at(0); }
};

TEST_F(TextEmbedderTest, AlikeLiesNearAndEqualIsEqual) {
  load({.context_tokens = 2048});
  const Vector cat = embed_one("A small cat sleeps on the warm sofa.");
  EXPECT_NEAR(dot(cat, cat), 1, 1e-5);
  EXPECT_EQ(embed_one("A small cat sleeps on the warm sofa."), cat);
  const Vector kitten = embed_one("A little kitten is sleeping on the cosy couch.");
  const Vector tax = embed_one("The tax on imported steel rises by four percent in March.");
  EXPECT_GT(dot(cat, kitten), dot(cat, tax) + 0.05);
  EXPECT_GT(dot(cat, kitten), dot(kitten, tax) + 0.05);
}

TEST_F(TextEmbedderTest, ABatchGivesWhatEachGivesAlone) {
  load({.context_tokens = 2048});
  std::vector<chat::EmbedInput> inputs;
  for (int index = 0; index < 70; ++index) {
    inputs.emplace_back(filler(1 + index % 7 * 40, index));  // shorter and longer than a step
  }
  const chat::Embeddings batch = embed(inputs);
  ASSERT_EQ(batch.vectors.size(), inputs.size());
  int64_t tokens = 0;
  for (size_t index = 0; index < inputs.size(); index += 9) {
    EXPECT_LT(largest_difference(batch.vectors[index], embed_one(inputs[index])), 1e-5) << index;
  }
  for (const chat::EmbedInput& input : inputs) tokens += embed({input}).tokens;
  EXPECT_EQ(batch.tokens, tokens);
}

TEST_F(TextEmbedderTest, TokensAreATextToo) {
  load({.context_tokens = 2048});
  const Vector one = embed_one(std::vector<int32_t>{100, 200, 300});
  EXPECT_EQ(embed_one(std::vector<int32_t>{100, 200, 300}), one);
  EXPECT_NE(embed_one(std::vector<int32_t>{100, 200, 301}), one);
}

TEST_F(TextEmbedderTest, AChatBesideItSaysWhatItSaysAlone) {
  load({.context_tokens = 2048});
  const chat::Completion alone = ask(question("Name three rivers."));
  const Vector vector = embed_one("A small cat sleeps on the warm sofa.");
  const auto stream = engine_->start(question("Name three rivers."));
  EXPECT_EQ(embed_one("A small cat sleeps on the warm sofa."), vector);
  EXPECT_EQ(chat::collect_blocking(*stream).choices.at(0).text, alone.choices.at(0).text);
}

TEST_F(TextEmbedderTest, WhatCannotBeEmbeddedIsNamed) {
  load({.context_tokens = 512});
  const auto error_of = [&](chat::EmbedInput input) {
    auto embeddings = try_embed({"fine", std::move(input)});
    EXPECT_FALSE(embeddings);
    return embeddings ? Error{} : embeddings.error();
  };
  EXPECT_EQ(error_of(filler(2000, 1)).code, ErrorCode::ContextExceeded);
  EXPECT_EQ(error_of(filler(2000, 1)).parameter, "input[1]");
  EXPECT_EQ(error_of(std::vector<int32_t>{1 << 30}).code, ErrorCode::InvalidArgument);
  const auto narrow = engine_->embed({.model = kTestModel, .inputs = {"fine"}, .dimensions = 8});
  EXPECT_EQ(narrow.error().parameter, "dimensions");
  EXPECT_TRUE(engine_->embed({.model = kTestModel, .inputs = {"fine"}, .dimensions = 576}));
  EXPECT_EQ(engine_->embed({.model = "other", .inputs = {"fine"}}).error().code,
            ErrorCode::NotFound);
}

TEST_F(TextEmbedderTest, EndsWhenItIsAskedTo) {
  load({.context_tokens = 512});
  std::stop_source stop;
  stop.request_stop();
  const auto stopped =
      engine_->embed({.model = kTestModel, .inputs = {"fine"}, .stop = stop.get_token()});
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace melete::engine
