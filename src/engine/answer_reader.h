// Turns the tokens of one choice into what a reader gets: reasoning, answer text and tool calls.
//
//     bytes -> whole characters -> reasoning | answer -> tool calls | text -> stop texts -> deltas
//
// Plain answers cost time linear in their text and no parsing. See answer_format.h for the ways to
// read.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/event.h"
#include "engine/answer_format.h"
#include "engine/format_parser.h"
#include "engine/reasoning_splitter.h"
#include "engine/stop_finder.h"
#include "engine/utf8_gate.h"

namespace melete::engine {

// Invariants: each token that was fed is counted in exactly one delta, at the latest by finish(),
// as reasoning or as answer; a tag counts as reasoning. No text is lost but white space around a
// block and what follows a stop text.
//
// Not thread-safe: one reader belongs to one choice.
class AnswerReader {
 public:
  // `stops` are the caller's texts; those of the template are in the format.
  AnswerReader(const AnswerFormat& format, std::vector<std::string> stops);

  struct Delta {
    chat::Payload
        payload;  // ReasoningDelta, TextDelta, ToolCallDelta or ToolCall; a text may be empty
    int tokens = 0;
  };

  // The bytes of one token; for a special token its text where AnswerFormat::visible names it, else
  // nothing.
  std::vector<Delta> feed(std::string_view piece, std::optional<chat::TokenLogprob> logprob = {});

  // What was held back. Call it once, at the end.
  std::vector<Delta> finish();

  // A stop text was found: the answer has ended.
  bool stopped() const { return stops_.stopped(); }

  // The caller's text that was found; empty where none was, or one of the template's.
  std::string stop_text() const;

  // The model is inside a block of reasoning.
  bool in_reasoning() const { return splitter_.inside(); }

  // What has to be written now in order to end the reasoning and begin the answer; feed it like the
  // model's own tokens.
  const std::string& closing_text() const;

  // The answer holds a tool call, whole or in the making.
  bool has_tool_calls() const { return parser_ && parser_->has_tool_calls(); }

 private:
  struct Position {
    bool inside = false;
    int closed_blocks = 0;
  };

  Position position() const { return {splitter_.inside(), splitter_.closed_blocks()}; }
  void settle_tokens(Position before);
  void read_segments(const std::vector<Segment>& segments);
  void give(const Parsed& parsed);
  void give_reasoning(std::string text);
  void give_text(const std::string& text);
  void give_last_reasoning();

  const AnswerFormat::Reading reading_;
  const std::vector<std::string> own_stops_;  // the caller's, none empty
  const std::string closing_text_;
  const std::string last_closing_text_;
  Utf8Gate characters_;
  ReasoningSplitter splitter_;
  std::unique_ptr<FormatParser> parser_;  // unless Plain
  StopFinder stops_;

  // Fed and not yet in a delta: of a kind that is not yet known, of reasoning, of the answer.
  int undecided_tokens_ = 0;
  int reasoning_tokens_ = 0;
  int answer_tokens_ = 0;
  std::vector<chat::TokenLogprob> undecided_logprobs_;
  std::vector<chat::TokenLogprob> answer_logprobs_;
  std::vector<Delta> deltas_;  // of the call that runs
};

}  // namespace melete::engine
