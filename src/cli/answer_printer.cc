// Which event goes to which output.

#include "cli/answer_printer.h"

#include <fmt/format.h>

#include <chrono>

namespace melete::cli {
namespace {

constexpr auto kRedrawInterval = std::chrono::milliseconds(80);

}  // namespace

AnswerPrinter::AnswerPrinter(Terminal& out, Terminal& error, ShowText text, const Clock& clock)
    : out_(out), error_(error), text_(text), clock_(clock), live_(error) {}

void AnswerPrinter::add(const chat::Event& event) {
  if (event.choice != 0) return;
  if (const auto sentence = board_.add(event)) note(*sentence);
  if (!event.agent.empty()) return draw_agents();
  if (const auto* reasoning = std::get_if<chat::ReasoningDelta>(&event.payload)) {
    add_reasoning(reasoning->text);
  } else if (const auto* text = std::get_if<chat::TextDelta>(&event.payload)) {
    add_text(text->text);
  } else if (const auto* call = std::get_if<chat::ToolCall>(&event.payload)) {
    note(fmt::format("calls {}({})", printable(call->name), printable(call->arguments)));
  }
}

void AnswerPrinter::finish() {
  live_.clear();
  end_reasoning();
  if (answer_open_) out_.write("\n");
  answer_open_ = false;
}

void AnswerPrinter::add_reasoning(std::string_view text) {
  if (!error_.traits().interactive || text.empty()) return;
  live_.clear();
  error_.write_dim(printable(text));
  reasoning_open_ = true;
}

void AnswerPrinter::add_text(std::string_view text) {
  if (text_ == ShowText::Never || text.empty()) return;
  live_.clear();
  end_reasoning();
  out_.write(out_.traits().interactive ? printable(text) : std::string(text));
  answer_started_ = true;
  answer_open_ = text.back() != '\n';
}

void AnswerPrinter::note(const std::string& sentence) {
  const bool agents_have_lines = error_.traits().interactive && !answer_started_;
  if (agents_have_lines && !board_.empty()) {
    live_.clear();
    if (!sentence.starts_with("agent ")) error_.line(sentence);
    return;
  }
  end_reasoning();
  error_.line(sentence);
}

void AnswerPrinter::draw_agents() {
  if (answer_started_ || board_.empty() || !error_.traits().interactive) return;
  const Instant now = clock_.now();
  if (now - last_drawn_ < kRedrawInterval) return;
  last_drawn_ = now;
  end_reasoning();
  live_.show(board_.lines());
}

void AnswerPrinter::end_reasoning() {
  if (!reasoning_open_) return;
  error_.line("\n");
  reasoning_open_ = false;
}

std::string usage_text(const chat::Usage& usage, double seconds) {
  const int64_t tokens = usage.reasoning_tokens + usage.answer_tokens;
  std::string text = fmt::format("{:.1f} s, {} tokens", seconds, tokens);
  if (usage.reasoning_tokens > 0) {
    text += fmt::format(" ({} of reasoning)", usage.reasoning_tokens);
  }
  if (seconds > 0 && tokens > 0) {
    text += fmt::format(", {:.1f} tokens/s", static_cast<double>(tokens) / seconds);
  }
  return text;
}

}  // namespace melete::cli
