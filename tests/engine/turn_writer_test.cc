// Turns as a model reads and writes them, from its file without its weights.

#include "engine/turn_writer.h"

#include <gtest/gtest.h>

#include <fstream>

#include "engine/random_model.h"

namespace melete::engine {
namespace {

using chat::Role;
using chat::text_message;

class TurnWriterTest : public testing::Test {
 protected:
  std::unique_ptr<TurnWriter> open(const RandomModel& model = {}) {
    write_random_model(folder_ / "model.gguf", model);
    Result<std::unique_ptr<TurnWriter>> writer = TurnWriter::open(folder_ / "model.gguf");
    EXPECT_TRUE(writer) << writer.error().message;
    return writer ? std::move(*writer) : nullptr;
  }

  TemporaryFolder folder_;
};

constexpr const char* kPrompt =
    "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
    "<|im_start|>assistant\n";

TEST_F(TurnWriterTest, AnAnswerStandsBehindItsPrompt) {
  const auto writer = open();
  ASSERT_TRUE(writer);
  const std::vector<chat::Message> messages = {text_message(Role::System, "Be kind."),
                                               text_message(Role::User, "Hi")};
  const Result<WrittenTurn> plain = writer->write(messages, {.reasoning = {}, .text = "Hello."});
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(plain->prompt, kPrompt);
  EXPECT_EQ(plain->answer, "Hello.");
  const Result<WrittenTurn> thought =
      writer->write(messages, {.reasoning = "A greeting.", .text = "Hello."});
  ASSERT_TRUE(thought) << thought.error().message;
  EXPECT_EQ(thought->prompt, kPrompt);
  EXPECT_EQ(thought->answer, "<think>\nA greeting.\n</think>\n\nHello.");
}

TEST_F(TurnWriterTest, MarksAreTokensAndBosComesFirstWhereTheModelWantsIt) {
  const auto writer = open();
  const auto with_bos = open({.adds_bos = true});
  ASSERT_TRUE(writer && with_bos);
  EXPECT_EQ(writer->turn_end_text(), "<|im_end|>");
  EXPECT_EQ(writer->prompt_tokens("a<|im_end|>"), writer->further_tokens("a<|im_end|>"));
  EXPECT_EQ(writer->further_tokens("a<|im_end|>").back(), writer->turn_end());
  EXPECT_EQ(writer->text(writer->further_tokens("a<|im_end|>")), "a<|im_end|>");
  EXPECT_EQ(with_bos->prompt_tokens("a").size(), 2U);
  EXPECT_EQ(with_bos->further_tokens("a").size(), 1U);
  EXPECT_GT(writer->token_count(), 256);
}

TEST_F(TurnWriterTest, AFileThatIsNoModelIsAnError) {
  EXPECT_EQ(TurnWriter::open(folder_ / "none.gguf").error().code, ErrorCode::NotFound);
  std::ofstream(folder_ / "text.gguf") << "once upon a time";
  EXPECT_EQ(TurnWriter::open(folder_ / "text.gguf").error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace melete::engine
