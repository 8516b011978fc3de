// The agents of one answer as lines of text: what each is doing, how far it has come, what it said.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chat/event.h"

namespace melete::cli {

// Not thread-safe.
class AgentBoard {
 public:
  // Takes in what `event` says about an agent or about the votes. A sentence when something was
  // settled that is worth a line of its own ("agent 2 answered 42 (131 tokens)"), else nothing.
  std::optional<std::string> add(const chat::Event& event);

  // One line for each agent, in the order of their names.
  std::vector<std::string> lines() const;

  bool empty() const { return agents_.empty(); }

 private:
  struct Agent {
    chat::AgentProgress::State state = chat::AgentProgress::State::Started;
    int64_t tokens = 0;
    std::string detail;  // the last words written, the answer, or why it ended
  };

  std::optional<std::string> add_progress(const std::string& name,
                                          const chat::AgentProgress& progress);
  void add_text(const chat::Event& event, std::string_view text);

  // Ordered so that "2" comes before "10".
  struct ByNumber {
    bool operator()(const std::string& left, const std::string& right) const;
  };
  std::map<std::string, Agent, ByNumber> agents_;
};

// "the agents agreed on 42 (4 of 5 votes)" for a vote; the decision's own words for other
// strategies.
std::string decision_text(const chat::Decision& decision);

}  // namespace melete::cli
