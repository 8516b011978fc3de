// OpenAI's embeddings: what a body may say, and how vectors come back.

#include "api/embeddings/embed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <cstring>

#include "api/embeddings/read_request.h"
#include "base/json.h"
#include "chat/fake_backend.h"

namespace melete::api::embeddings {
namespace {

using testing::ElementsAre;

// The vector of a text is its length and a third.
class LengthEmbedder final : public chat::Embedder {
 public:
  Result<chat::Embeddings> embed(const chat::EmbedRequest& request) override {
    seen = request;
    chat::Embeddings embeddings;
    for (const chat::EmbedInput& input : request.inputs) {
      const size_t size = std::visit([](const auto& content) { return content.size(); }, input);
      embeddings.vectors.push_back({static_cast<float>(size), 1.0F / 3});
      embeddings.tokens += static_cast<int64_t>(size);
    }
    return embeddings;
  }

  chat::EmbedRequest seen;
};

class Embeddings : public testing::Test {
 protected:
  Embeddings() {
    std::vector<gateway::ServedModel> models;
    models.push_back({"chatty", fake()});
    models.push_back({"tiny", fake(), &embedder_});
    router_ = std::make_unique<gateway::Router>(std::move(models));
  }

  static std::unique_ptr<chat::Backend> fake() {
    return std::make_unique<chat::FakeBackend>(chat::FakeOptions{}, chat::answers("Hi"));
  }

  Json ask(const std::string& body) {
    const auto answer = embed(body, *router_, {});
    EXPECT_TRUE(answer) << answer.error().message;
    return Json::parse(answer.value_or("null"));
  }

  Error refused(const std::string& body) {
    const auto answer = embed(body, *router_, {});
    EXPECT_FALSE(answer) << body;
    return answer ? Error{} : answer.error();
  }

  LengthEmbedder embedder_;
  std::unique_ptr<gateway::Router> router_;
};

TEST_F(Embeddings, OfOneTextAndOfSeveral) {
  const Json one = ask(R"({"model": "tiny", "input": "four"})");
  EXPECT_EQ(one["object"], "list");
  EXPECT_EQ(one["model"], "tiny");
  EXPECT_EQ(one["usage"], Json({{"prompt_tokens", 4}, {"total_tokens", 4}}));
  EXPECT_EQ(one["data"][0]["object"], "embedding");
  const Json several = ask(R"({"model": "tiny", "input": ["a", "bc"]})");
  EXPECT_EQ(several["data"][1]["index"], 1);
  EXPECT_EQ(several["data"][1]["embedding"][0], 2);
}

TEST_F(Embeddings, OfTokens) {
  EXPECT_EQ(ask(R"({"model": "tiny", "input": [5, 6, 7]})")["data"].size(), 1u);
  EXPECT_EQ(ask(R"({"model": "tiny", "input": [[5, 6, 7], [8]]})")["data"].size(), 2u);
  EXPECT_THAT(std::get<std::vector<int32_t>>(embedder_.seen.inputs[0]), ElementsAre(5, 6, 7));
}

TEST_F(Embeddings, AreTheSameNumbersInBase64) {
  const Json numbers = ask(R"({"model": "tiny", "input": "four"})");
  const Json packed = ask(R"({"model": "tiny", "input": "four", "encoding_format": "base64"})");
  const auto text = packed["data"][0]["embedding"].get<std::string>();
  std::array<unsigned char, 2 * sizeof(float)> bytes{};
  size_t count = 0;
  ASSERT_EQ(sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &count,
                              nullptr, sodium_base64_VARIANT_ORIGINAL),
            0);
  ASSERT_EQ(count, bytes.size());
  std::array<float, 2> floats{};
  std::memcpy(floats.data(), bytes.data(), bytes.size());
  EXPECT_EQ(numbers["data"][0]["embedding"][0].get<float>(), floats[0]);
  EXPECT_EQ(numbers["data"][0]["embedding"][1].get<float>(), floats[1]);
}

TEST_F(Embeddings, DimensionsReachTheModel) {
  ask(R"({"model": "tiny", "input": "four", "dimensions": 2, "user": "someone"})");
  EXPECT_EQ(embedder_.seen.dimensions, 2);
}

TEST_F(Embeddings, WhatIsWrongIsNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"model": "tiny"})", "input"},
      {R"({"model": "tiny", "input": ""})", "input"},
      {R"({"model": "tiny", "input": 5})", "input"},
      {R"({"model": "tiny", "input": []})", "input"},
      {R"({"model": "tiny", "input": ["a", ""]})", "input[1]"},
      {R"({"model": "tiny", "input": [[1], [-1]]})", "input[1]"},
      {R"({"model": "tiny", "input": [1.5]})", "input[0]"},
      {R"({"model": "tiny", "input": "a", "encoding_format": "int8"})", "encoding_format"},
      {R"({"model": "tiny", "input": "a", "dimensions": 0})", "dimensions"},
      {R"({"model": "tiny", "input": "a", "inputs": 1})", "inputs"},
      {R"({"model": "huge", "input": "a"})", "model"},
      {R"({"model": "chatty", "input": "a"})", "model"},
  };
  for (const auto& [body, parameter] : cases) EXPECT_EQ(refused(body).parameter, parameter) << body;
  EXPECT_EQ(refused(R"({"model": "chatty", "input": "a"})").code, ErrorCode::Unsupported);
  EXPECT_EQ(refused("[]").code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace melete::api::embeddings
