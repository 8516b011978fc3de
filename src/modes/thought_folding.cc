#include "modes/thought_folding.h"

#include <string>
#include <utility>
#include <variant>

namespace melete::modes {

namespace {

chat::Request later_turn(chat::Request turn, std::string answer) {
  turn.branches.clear();
  turn.prefill.clear();
  turn.messages.push_back(chat::text_message(chat::Role::Assistant, std::move(answer)));
  turn.messages.push_back(chat::text_message(chat::Role::User, "And then?"));
  return turn;
}

class FoldingStream final : public chat::Stream {
 public:
  FoldingStream(std::unique_ptr<chat::Stream> stream, chat::Backend& thinking, chat::Request turn)
      : stream_(std::move(stream)), thinking_(thinking), turn_(std::move(turn)) {}

  chat::awaitable<std::optional<chat::Event>> next() override {
    std::optional<chat::Event> event = co_await stream_->next();
    if (event && event->agent.empty()) see(event->payload);
    co_return event;
  }

  Result<void> control(chat::Control control) override {
    return stream_->control(std::move(control));
  }

 private:
  void see(const chat::Payload& payload) {
    if (const auto* text = std::get_if<chat::TextDelta>(&payload)) answer_ += text->text;
    thought_ = thought_ || std::holds_alternative<chat::ReasoningDelta>(payload) ||
               std::holds_alternative<chat::Decision>(payload);
    calls_tools_ = calls_tools_ || std::holds_alternative<chat::ToolCall>(payload);
    const bool over = std::holds_alternative<chat::Finished>(payload);
    if (!over || !thought_ || calls_tools_ || answer_.empty()) return;
    thinking_.read_ahead(later_turn(std::move(turn_), std::move(answer_)));
  }

  std::unique_ptr<chat::Stream> stream_;
  chat::Backend& thinking_;
  chat::Request turn_;
  std::string answer_;
  bool thought_ = false;
  bool calls_tools_ = false;
};

}  // namespace

std::unique_ptr<chat::Stream> fold_thoughts(std::unique_ptr<chat::Stream> stream,
                                            chat::Backend& thinking, chat::Request turn) {
  if (chat::choice_count(turn) > 1) return stream;
  return std::make_unique<FoldingStream>(std::move(stream), thinking, std::move(turn));
}

}  // namespace melete::modes
