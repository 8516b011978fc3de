// Levels of thought compression: whom they ask, with how much effort, and what they save.

#include "modes/thought_compression.h"

#include <gtest/gtest.h>

#include "chat/collect.h"
#include "chat/fake_backend.h"
#include "modes/mode_backend.h"

namespace melete::modes {
namespace {

class ThoughtCompression : public testing::Test {
 protected:
  // The model's answer, of eight tokens of reasoning, to a request of this level.
  chat::Completion ask(chat::Compression level, chat::Mode mode = chat::Mode::Thinking) {
    chat::Request request{.model = "tiny", .mode = mode, .compression = level};
    request.messages.push_back(chat::text_message(chat::Role::User, "Why?"));
    if (branches_ > 0) request.branches.resize(branches_);
    ModeBackend modes(backend());
    return chat::collect_blocking(*modes.start(std::move(request)));
  }

  chat::Request asked() { return backend().requests().front(); }

  chat::FakeBackend& backend() {
    if (!backend_) {
      backend_ = std::make_unique<chat::FakeBackend>(
          chat::FakeOptions{.info = info_},
          chat::answers_with({.text = "So.", .reasoning = "a b c d e f g h"}));
    }
    return *backend_;
  }

  chat::BackendInfo info_{.compressed = "tiny:compressed",
                          .reasoning_percent = 40,
                          .can_prefill = true,
                          .enforces_reasoning_budget = true};
  size_t branches_ = 0;
  std::unique_ptr<chat::FakeBackend> backend_;
};

TEST_F(ThoughtCompression, OffAsksTheModelItself) {
  EXPECT_EQ(ask(chat::Compression::Off).usage.saved_tokens, 0);
  EXPECT_EQ(asked().model, "tiny");
}

TEST_F(ThoughtCompression, LightAsksTheCompressedAdapterWithTheSameEffort) {
  const chat::Completion answer = ask(chat::Compression::Light);
  EXPECT_EQ(answer.choices[0].text, "So.");
  EXPECT_EQ(asked().model, "tiny:compressed");
  EXPECT_EQ(asked().limits.reasoning_tokens, 2048);
  EXPECT_EQ(answer.usage.reasoning_tokens, 8);
  EXPECT_EQ(answer.usage.saved_tokens, 12) << "eight are 40 % of twenty";
}

TEST_F(ThoughtCompression, NothingIsClaimedWhereNothingWasMeasured) {
  info_.reasoning_percent = 0;
  EXPECT_EQ(ask(chat::Compression::Light).usage.saved_tokens, 0);
}

TEST_F(ThoughtCompression, WithoutAnAdapterLightChangesNothing) {
  info_.compressed = "";
  ask(chat::Compression::Light);
  EXPECT_EQ(asked().model, "tiny");
}

TEST_F(ThoughtCompression, StrongTakesLessEffortToo) {
  ask(chat::Compression::Strong);
  EXPECT_EQ(asked().limits.reasoning_tokens, 512);
}

TEST_F(ThoughtCompression, StrongFoldsASingleAnswerInThinking) {
  chat::Request request{.model = "tiny", .mode = chat::Mode::Thinking};
  request.compression = chat::Compression::Strong;
  EXPECT_EQ(compressed_request(request, backend()).fold_tokens, 256);
  request.fold_tokens = 64;
  EXPECT_EQ(compressed_request(request, backend()).fold_tokens, 64);
  request.fold_tokens = 0;
  request.mode = chat::Mode::Contemplating;
  EXPECT_EQ(compressed_request(request, backend()).fold_tokens, 0);
  request.mode = chat::Mode::Thinking;
  request.branches.resize(2);
  EXPECT_EQ(compressed_request(request, backend()).fold_tokens, 0);
  request.branches.clear();
  request.prefill = "So far:";
  EXPECT_EQ(compressed_request(request, backend()).fold_tokens, 0);
}

TEST_F(ThoughtCompression, SeveralAnswersAreCompressedToo) {
  branches_ = 2;
  const chat::Completion answer = ask(chat::Compression::Strong);
  ASSERT_FALSE(answer.error) << answer.error->message;
  EXPECT_EQ(answer.choices.size(), 2u);
  EXPECT_EQ(answer.usage.saved_tokens, 24);
}

TEST_F(ThoughtCompression, InstantOnlyChangesTheModel) {
  ask(chat::Compression::Strong, chat::Mode::Instant);
  EXPECT_EQ(asked().model, "tiny:compressed");
  EXPECT_EQ(asked().limits.reasoning_tokens, 0);
}

TEST_F(ThoughtCompression, NoEffortStaysNone) {
  chat::Request request{.model = "tiny", .mode = chat::Mode::Thinking};
  request.compression = chat::Compression::Strong;
  request.effort = chat::Effort::None;
  EXPECT_EQ(compressed_request(request, backend()).effort, chat::Effort::None);
  request.effort = chat::Effort::Minimal;
  EXPECT_EQ(compressed_request(request, backend()).effort, chat::Effort::Minimal);
}

}  // namespace
}  // namespace melete::modes
