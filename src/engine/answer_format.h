// How to read what a model writes for one choice, and what it may write: made by ChatTemplate
// together with the prompt, used by AnswerReader and Sampler.

#pragma once

#include <memory>
#include <string>
#include <vector>

struct common_chat_parser_params;

namespace melete::engine {

// What the sampler lets through: tool calls in the model's own form, or JSON of a schema.
struct AnswerGrammar {
  std::string text;                   // GBNF; empty: anything goes
  bool lazy = false;                  // sleeps until a trigger is written
  std::vector<std::string> words;     // triggers as plain text
  std::vector<std::string> patterns;  // triggers as regular expressions
  std::string prefix;                 // the part of it that the prompt holds already
  bool rests_in_reasoning = false;    // the reasoning is not part of it
};

struct AnswerFormat {
  enum class Reading {
    Plain,  // reasoning between tags, the rest is the answer
    Tools,  // reasoning between tags, the rest may hold tool calls in the model's own form
    Whole,  // every message has a form of its own: all of it goes through the model's parser
  };
  Reading reading = Reading::Plain;

  std::string open_reasoning;        // e.g. "<think>"; empty: this model marks no reasoning
  std::string close_reasoning;       // e.g. "</think>"
  bool begins_in_reasoning = false;  // the prompt ends inside an open block
  bool continues_reasoning = false;  // the block has text already, which goes on
  bool reasoning_recurs = false;     // blocks may also come after answer text

  std::string closing_text;  // closes an open block so that the answer follows
  std::string
      last_closing_text;  // the same for a later block, where the first left the model its choice

  std::string opening_text;  // the answer must begin with it: a tool call that is required

  std::shared_ptr<const common_chat_parser_params> parser;  // set unless Plain
  AnswerGrammar grammar;
  std::vector<std::string> visible;  // special tokens whose text must reach the reader
  std::vector<std::string> stops;    // texts that end this template's turns
};

}  // namespace melete::engine
