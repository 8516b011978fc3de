// Grammars over a real vocabulary, without weights: MELETE_TEST_MODEL names the file.

#include "engine/grammar_gate.h"

#include <common.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "engine/chat_template.h"
#include "engine/end_tokens.h"
#include "engine/engine_fixture.h"
#include "engine/sampler.h"
#include "engine/template_case.h"

namespace melete::engine {
namespace {

struct FreeModel {
  void operator()(llama_model* model) const { llama_model_free(model); }
};

class GrammarTest : public testing::Test {
 protected:
  void SetUp() override {
    if (test_model_path().empty()) GTEST_SKIP() << "MELETE_TEST_MODEL names no model file";
    llama_model_params params = llama_model_default_params();
    params.vocab_only = true;
    model_.reset(llama_model_load_from_file(test_model_path().c_str(), params));
    ASSERT_TRUE(model_);
  }

  const llama_vocab* vocab() const { return llama_model_get_vocab(model_.get()); }

  std::vector<llama_token> tokens(const std::string& text) const {
    return common_tokenize(vocab(), text, false, true);
  }

  static AnswerFormat format_of(const std::string& chat_template, const std::string& request) {
    const auto made = ChatTemplate::from_source({read_template(chat_template), "", ""});
    const auto prompt = (*made)->render(request_of(request), {});
    EXPECT_TRUE(prompt) << prompt.error().message;
    return prompt ? prompt->format : AnswerFormat{};
  }

  // Writes `text`; true when the gate would have let each of its tokens through.
  bool passes(GrammarGate& gate, const std::string& text) const {
    for (const llama_token token : tokens(text)) {
      if (gate.binds() && !gate.allows(token)) return false;
      gate.accept(token);
    }
    return true;
  }

  std::unique_ptr<llama_model, FreeModel> model_;
};

constexpr const char* kPlain = "Qwen-Qwen2.5-7B-Instruct.jinja";

TEST_F(GrammarTest, WithoutAGrammarNothingBinds) {
  GrammarGate gate(vocab(), {});
  EXPECT_FALSE(gate.binds());
}

TEST_F(GrammarTest, ASchemaHoldsTheAnswer) {
  const AnswerFormat format = format_of(kPlain, R"({"messages": [{"user": "Hi"}], "schema":
      {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}})");
  GrammarGate right(vocab(), format);
  EXPECT_TRUE(passes(right, R"({"n": 12})"));
  GrammarGate wrong(vocab(), format);
  EXPECT_FALSE(passes(wrong, "Twelve"));
}

TEST_F(GrammarTest, AnEmptySchemaIsAnyObject) {
  const AnswerFormat format = format_of(kPlain, R"({"messages": [{"user": "Hi"}], "schema": {}})");
  GrammarGate right(vocab(), format);
  EXPECT_TRUE(passes(right, R"({"a": [1, "b"]})"));
  GrammarGate wrong(vocab(), format);
  EXPECT_FALSE(passes(wrong, "[1]"));
}

TEST_F(GrammarTest, ReasoningIsFreeAndTheAnswerIsNot) {
  const AnswerFormat format =
      format_of(kPlain, R"({"messages": [{"user": "Hi"}], "prefill": "<think>\n", "schema": {}})");
  GrammarGate right(vocab(), format);
  EXPECT_TRUE(passes(right, "Some { thoughts.\n</think>\n\n{\"a\": 1}"));
  GrammarGate wrong(vocab(), format);
  EXPECT_FALSE(passes(wrong, "Some { thoughts.\n</think>\n\nWell"));
}

TEST_F(GrammarTest, AnAnswerThatWasBegunIsContinued) {
  const AnswerFormat format =
      format_of(kPlain, R"({"messages": [{"user": "Hi"}], "prefill": "{\"a\":", "schema": {}})");
  GrammarGate gate(vocab(), format);
  EXPECT_TRUE(passes(gate, " 1}"));
}

TEST_F(GrammarTest, ToolCallsBindFromTheirFirstWordOn) {
  const AnswerFormat format =
      format_of(kPlain, R"({"messages": [{"user": "Hi"}], "tools": ["weather"]})");
  GrammarGate right(vocab(), format);
  EXPECT_TRUE(passes(
      right, "I look.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}"));
  GrammarGate wrong(vocab(), format);
  EXPECT_FALSE(passes(wrong, "I look.\n<tool_call>\n{\"name\": \"music\""));
}

TEST_F(GrammarTest, ACallThatIsRequiredMustCome) {
  const AnswerFormat format = format_of(
      kPlain, R"({"messages": [{"user": "Hi"}], "tools": ["weather"], "tool_choice": "required"})");
  EXPECT_TRUE(format.opening_text.starts_with("<tool_call>")) << format.opening_text;
  GrammarGate gate(vocab(), format);
  EXPECT_TRUE(passes(
      gate,
      "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>"));
  GrammarGate other(vocab(), format);
  EXPECT_TRUE(other.binds());
  for (const llama_token end : end_tokens(vocab())) EXPECT_FALSE(other.allows(end));
}

TEST_F(GrammarTest, TheSamplerChoosesAmongWhatFits) {
  const AnswerFormat format = format_of(kPlain, R"({"messages": [{"user": "Hi"}], "schema": {}})");
  chat::Sampling sampling;
  sampling.temperature = 0;
  Sampler sampler(model_.get(), sampling, format, 1);
  std::vector<float> logits(static_cast<size_t>(llama_vocab_n_tokens(vocab())), 0.0F);
  logits[static_cast<size_t>(tokens("Well")[0])] = 9;
  logits[static_cast<size_t>(tokens("{")[0])] = 5;
  const llama_token token = sampler.sample(logits.data(), static_cast<int>(logits.size()));
  EXPECT_EQ(common_token_to_piece(vocab(), token), "{");
}

TEST_F(GrammarTest, AnEndOfTurnThatComesTooEarlyIsHarmless) {
  const AnswerFormat format = format_of(kPlain, R"({"messages": [{"user": "Hi"}], "schema": {}})");
  GrammarGate gate(vocab(), format);
  EXPECT_TRUE(passes(gate, "{\"a\":"));
  gate.accept(llama_vocab_eos(vocab()));
  EXPECT_TRUE(passes(gate, " 1}"));
}

TEST_F(GrammarTest, AModelBringsItsOwnTemplate) {
  const auto chat_template = ChatTemplate::make(model_.get());
  ASSERT_TRUE(chat_template) << chat_template.error().message;
  EXPECT_FALSE((*chat_template)->native_reasoning());
  const auto prompt =
      (*chat_template)->render(request_of(R"({"messages": [{"user": "Hello"}]})"), {});
  ASSERT_TRUE(prompt) << prompt.error().message;
  EXPECT_TRUE(prompt->text.ends_with("<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"));
}

TEST_F(GrammarTest, EndTokensAreSortedAndHoldTheTurnsEnd) {
  const std::vector<llama_token> ends = end_tokens(vocab());
  EXPECT_TRUE(std::ranges::is_sorted(ends));
  EXPECT_TRUE(std::ranges::binary_search(ends, llama_vocab_eos(vocab())));
}

}  // namespace
}  // namespace melete::engine
