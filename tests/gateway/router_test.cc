// Model names on the wire: exact names first, then a known mode at their end.

#include "gateway/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/collect.h"
#include "chat/fake_backend.h"

namespace melete::gateway {
namespace {

std::unique_ptr<chat::Backend> fake(std::string answer) {
  return std::make_unique<chat::FakeBackend>(chat::FakeOptions{}, chat::answers(std::move(answer)));
}

Router two_models() {
  std::vector<ServedModel> models;
  models.push_back({"tiny", fake("I am tiny.")});
  models.push_back({"big:thinking", fake("I am big.")});
  return Router(std::move(models));
}

TEST(Router, ResolvesNamesAndModes) {
  const Router router = two_models();
  EXPECT_EQ(router.resolve("tiny")->model, "tiny");
  EXPECT_FALSE(router.resolve("tiny")->mode);
  EXPECT_EQ(router.resolve("tiny:contemplating")->model, "tiny");
  EXPECT_EQ(router.resolve("tiny:contemplating")->mode, chat::Mode::Contemplating);
}

TEST(Router, AnExactNameWinsOverAMode) {
  const Router router = two_models();
  EXPECT_EQ(router.resolve("big:thinking")->model, "big:thinking");
  EXPECT_FALSE(router.resolve("big:thinking")->mode);
  EXPECT_EQ(router.resolve("big:thinking:instant")->mode, chat::Mode::Instant);
}

TEST(Router, ServesOneThatIsAddedLater) {
  Router router = two_models();
  EXPECT_TRUE(router.add({"late", fake("I am late.")}));
  EXPECT_EQ(router.models().back(), "late");
  EXPECT_EQ(router.resolve("late:thinking")->model, "late");
  EXPECT_EQ(router.add({"tiny", fake("Me too.")}).error().code, ErrorCode::Conflict);
}

TEST(Router, KnowsWhichModelIsAnotherOneCompressed) {
  Router router = two_models();
  EXPECT_EQ(router.info("tiny")->compressed, "");
  ASSERT_TRUE(router.add({"tiny:compressed", fake("Tiny.")}));
  EXPECT_EQ(router.info("tiny:thinking")->compressed, "tiny:compressed");
  EXPECT_EQ(router.info("big:thinking")->compressed, "");
}

TEST(Router, AnEmptyNameIsTheFirstModel) {
  EXPECT_EQ(two_models().resolve("")->model, "tiny");
}

TEST(Router, AnUnknownModelListsWhatIsServed) {
  const auto result = two_models().resolve("huge");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::NotFound);
  EXPECT_EQ(result.error().parameter, "model");
  EXPECT_THAT(result.error().message, testing::HasSubstr("tiny, big:thinking"));
}

TEST(Router, ASuffixThatIsNoModeListsNamesAndModes) {
  const auto result = two_models().resolve("tiny:deep");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::NotFound);
  EXPECT_EQ(result.error().parameter, "model");
  EXPECT_THAT(result.error().message,
              testing::AllOf(testing::HasSubstr("tiny, big:thinking"),
                             testing::HasSubstr(":instant, :thinking or :contemplating")));
}

TEST(Router, StartsOnTheBackendOfTheName) {
  Router router = two_models();
  chat::Request request;
  request.model = "big:thinking";
  const auto stream = router.start(request);
  EXPECT_EQ(chat::collect_blocking(*stream).choices[0].text, "I am big.");
}

TEST(Router, AnUnknownNameFailsInTheStream) {
  Router router = two_models();
  chat::Request request;
  request.model = "huge";
  const auto stream = router.start(request);
  const chat::Completion completion = chat::collect_blocking(*stream);
  ASSERT_TRUE(completion.error);
  EXPECT_EQ(completion.error->code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace melete::gateway
