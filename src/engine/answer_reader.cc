#include "engine/answer_reader.h"

#include <iterator>
#include <utility>

namespace melete::engine {
namespace {

std::vector<std::string> without_empty(std::vector<std::string> texts) {
  std::erase(texts, std::string());
  return texts;
}

std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

AnswerReader::AnswerReader(const AnswerFormat& format, std::vector<std::string> stops)
    : reading_(format.reading),
      own_stops_(without_empty(std::move(stops))),
      closing_text_(format.closing_text),
      last_closing_text_(format.last_closing_text),
      splitter_(format),
      stops_(joined(own_stops_, format.stops)) {
  if (reading_ != AnswerFormat::Reading::Plain)
    parser_ = std::make_unique<FormatParser>(format.parser);
}

std::string AnswerReader::stop_text() const {
  const size_t found = stops_.found().value_or(own_stops_.size());
  return found < own_stops_.size() ? own_stops_[found] : std::string();
}

std::vector<AnswerReader::Delta> AnswerReader::feed(std::string_view piece,
                                                    std::optional<chat::TokenLogprob> logprob) {
  const Position before = position();
  ++undecided_tokens_;
  if (logprob) undecided_logprobs_.push_back(std::move(*logprob));
  const std::string text = characters_.feed(piece);
  const std::vector<Segment> segments = splitter_.feed(text);
  settle_tokens(before);
  if (reading_ == AnswerFormat::Reading::Whole) {
    give(parser_->feed(text));
  } else {
    read_segments(segments);
  }
  give_last_reasoning();
  return std::exchange(deltas_, {});
}

std::vector<AnswerReader::Delta> AnswerReader::finish() {
  const std::string text = characters_.finish();
  std::vector<Segment> segments = splitter_.feed(text);
  for (Segment& segment : splitter_.finish()) segments.push_back(std::move(segment));
  settle_tokens(position());
  if (reading_ == AnswerFormat::Reading::Whole) {
    give(parser_->feed(text));
  } else {
    read_segments(segments);
  }
  if (parser_ && !stopped()) give(parser_->finish());
  if (reasoning_tokens_ > 0) give_reasoning("");
  const std::string rest = stops_.finish();
  if (!rest.empty() || answer_tokens_ > 0) {
    deltas_.push_back({chat::TextDelta{rest, std::exchange(answer_logprobs_, {})},
                       std::exchange(answer_tokens_, 0)});
  }
  return std::exchange(deltas_, {});
}

const std::string& AnswerReader::closing_text() const {
  return splitter_.closed_blocks() == 0 ? closing_text_ : last_closing_text_;
}

// A token that touches a block, or ends one, is reasoning.
void AnswerReader::settle_tokens(Position before) {
  if (splitter_.undecided()) return;
  const bool reasoning =
      before.inside || splitter_.inside() || splitter_.closed_blocks() > before.closed_blocks;
  (reasoning ? reasoning_tokens_ : answer_tokens_) += std::exchange(undecided_tokens_, 0);
  std::vector<chat::TokenLogprob> settled = std::exchange(undecided_logprobs_, {});
  if (reasoning) return;
  answer_logprobs_.insert(answer_logprobs_.end(), std::make_move_iterator(settled.begin()),
                          std::make_move_iterator(settled.end()));
}

void AnswerReader::read_segments(const std::vector<Segment>& segments) {
  for (const Segment& segment : segments) {
    if (segment.kind == Segment::Kind::Reasoning) {
      give_reasoning(segment.text);
    } else if (parser_) {
      give(parser_->feed(segment.text));
    } else {
      give_text(segment.text);
    }
  }
}

void AnswerReader::give(const Parsed& parsed) {
  if (stopped()) return;
  if (!parsed.reasoning.empty()) give_reasoning(parsed.reasoning);
  give_text(parsed.text);
  for (const chat::Payload& call : parsed.calls) {
    give_last_reasoning();
    deltas_.push_back({call, std::exchange(answer_tokens_, 0)});
  }
}

void AnswerReader::give_reasoning(std::string text) {
  deltas_.push_back({chat::ReasoningDelta{std::move(text)}, std::exchange(reasoning_tokens_, 0)});
}

void AnswerReader::give_text(const std::string& text) {
  const std::string free = stops_.feed(text);
  if (free.empty()) return;
  give_last_reasoning();
  deltas_.push_back({chat::TextDelta{free, std::exchange(answer_logprobs_, {})},
                     std::exchange(answer_tokens_, 0)});
}

// The tokens of a closing tag have no text to travel with.
void AnswerReader::give_last_reasoning() {
  if (!splitter_.inside() && reasoning_tokens_ > 0) give_reasoning("");
}

}  // namespace melete::engine
