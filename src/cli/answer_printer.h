// Shows an answer while it is written: the answer on standard output, everything else on standard
// error.

#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "chat/event.h"
#include "cli/agent_board.h"
#include "cli/terminal.h"

namespace melete::cli {

enum class ShowText { AsItComes, Never };

// The answer goes to `out` as it comes. On an interactive `error` the reasoning is shown dimmed and
// each agent has a line that changes; else reasoning is left out and agents are plain lines as they
// settle.
//
// Not thread-safe: used by the one coroutine that reads the stream.
class AnswerPrinter {
 public:
  // Both terminals must outlive the printer. ShowText::Never: the caller writes the answer itself.
  AnswerPrinter(Terminal& out, Terminal& error, ShowText text = ShowText::AsItComes,
                const Clock& clock = system_clock());

  // Shows one event of one choice; other choices than the first are left out.
  void add(const chat::Event& event);

  // Ends the last line and removes live lines. Idempotent.
  void finish();

 private:
  void add_reasoning(std::string_view text);
  void add_text(std::string_view text);
  void note(const std::string& sentence);
  void draw_agents();
  void end_reasoning();

  Terminal& out_;
  Terminal& error_;
  const ShowText text_;
  const Clock& clock_;
  AgentBoard board_;
  LiveLines live_;
  Instant last_drawn_{};
  bool reasoning_open_ = false;
  bool answer_open_ = false;  // the answer's last line has no end yet
  bool answer_started_ = false;
};

// "12.3 s, 412 tokens (310 of reasoning), 33.5 tokens/s".
std::string usage_text(const chat::Usage& usage, double seconds);

}  // namespace melete::cli
