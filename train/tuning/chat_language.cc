#include "tuning/chat_language.h"

#include <string>
#include <utility>

#include "engine/turn_writer.h"

namespace melete::train {

namespace {

class ChatLanguage final : public Language {
 public:
  explicit ChatLanguage(std::unique_ptr<engine::TurnWriter> turns) : turns_(std::move(turns)) {}

  Result<Sequence> question(const std::vector<Part>& parts) const override {
    chat::Message asked{.role = chat::Role::User, .parts = {}};
    for (const Part& part : parts) {
      const auto* words = std::get_if<std::string>(&part);
      if (words == nullptr) {
        return fail(ErrorCode::Unsupported,
                    "A question has a picture or a sound, and open weights are trained on text "
                    "alone: leave such tasks out.",
                    "tasks");
      }
      asked.parts.emplace_back(chat::TextPart{*words});
    }
    const Result<engine::WrittenTurn> turn =
        turns_->write({asked}, {.reasoning = "So.", .text = "Yes."});
    if (!turn) return std::unexpected(turn.error());
    Sequence sequence{.tokens = turns_->prompt_tokens(turn->prompt)};
    sequence.taught.resize(sequence.tokens.size(), 0);
    return sequence;
  }

  std::string text(std::span<const int32_t> tokens) const override { return turns_->text(tokens); }

  std::vector<int32_t> tokens(const std::string& text) const override {
    return turns_->further_tokens(text);
  }

  int32_t turn_end() const override { return turns_->turn_end(); }

 private:
  std::unique_ptr<engine::TurnWriter> turns_;
};

}  // namespace

Result<std::unique_ptr<const Language>> chat_language(const std::filesystem::path& model) {
  Result<std::unique_ptr<engine::TurnWriter>> turns = engine::TurnWriter::open(model);
  if (!turns) return std::unexpected(turns.error());
  return std::make_unique<ChatLanguage>(std::move(*turns));
}

}  // namespace melete::train
