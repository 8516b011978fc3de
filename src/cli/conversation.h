// A conversation at a prompt: its turns, and the lines that begin with a slash and change how it
// goes on.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "chat/collect.h"
#include "chat/request.h"
#include "cli/question.h"

namespace melete::cli {

// What a typed line leads to.
struct Reply {
  enum class Kind {
    Said,   // nothing but `text`
    Ask,    // the line is a question: ask request()
    Model,  // load the model named `argument`
    Quit,
  };
  Kind kind = Kind::Said;
  std::string text;  // for the person; may be empty
  std::string argument;
};

// Not thread-safe.
class Conversation {
 public:
  Conversation(std::string model, AnswerOptions options);

  // Reads one line: a question, or one of /mode, /effort, /agents, /new, /model, /help, /quit. A
  // wrong one changes nothing and says what is right.
  Reply take(const std::string& line);

  // The request that asks the last question with all turns before it.
  Result<chat::Request> request() const;

  // Forgets the last question, which has no answer.
  void take_back();

  // Keeps the answer of the last question; takes the question back when it failed or is empty.
  void add_answer(const chat::Completion& completion);

  void set_model(std::string model) { model_ = std::move(model); }
  const AnswerOptions& options() const { return options_; }
  size_t turns() const { return messages_.size(); }

 private:
  Reply command(std::string_view name, const std::string& argument);
  Reply set_mode(const std::string& mode);
  Reply set_effort(const std::string& effort);
  Reply set_agents(const std::string& agents);

  std::string model_;
  AnswerOptions options_;
  std::vector<chat::Message> messages_;
};

}  // namespace melete::cli
