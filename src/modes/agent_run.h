// One agent as it runs: what it has written so far, and what it leaves when it ends.

#pragma once

#include <string>
#include <vector>

#include "modes/answer_extraction.h"
#include "modes/loop_detector.h"
#include "modes/strategy.h"

namespace melete::modes {

// Where an agent sits: who it is and which choice of which stream speaks for it.
struct AgentSeat {
  int number = 0;  // of its round, from 1: its name in events
  int round = 1;
  std::string model;
  int stream = 0;
  int choice = 0;
};

// An agent that loops is to be ended. Its chain is not complete and keeps what stands before the
// second round of the loop: it is never a vote beside complete chains, and where no chain is
// complete, an answer that it gave before the loop counts.
//
// Not thread-safe.
class AgentRun {
 public:
  explicit AgentRun(AgentSeat seat) : seat_(std::move(seat)) {}

  const AgentSeat& seat() const { return seat_; }

  // Takes in what the agent said.
  void add(const chat::Event& event);

  // It repeats itself, in its reasoning or in its answer.
  bool loops() const { return loops_; }

  // Tokens written so far, reasoning included.
  int64_t tokens() const { return tokens_; }

  // True when `every` more tokens were written since it last was.
  bool has_progress(int64_t every);

  bool started() const { return started_; }
  bool ended() const { return !why_.empty(); }
  const std::string& why() const { return why_; }

  // Short form of what it answered; empty before its end and for free text.
  const std::string& answer() const { return answer_; }

  // AgentFinal::certainty; nothing before its end.
  std::optional<double> certainty() const { return certainty_; }

  bool voted() const { return voted_; }
  void count_vote() { voted_ = true; }

  // Ends it without a final. `why` is not empty.
  void end(std::string why) { why_ = std::move(why); }

  // Ends it; its texts move into the final, without the agent's index and the caller's check. A
  // blank text is an empty one.
  AgentFinal finish(chat::FinishReason reason, AnswerKind kind, std::string why);

  // For each token of the answer; empty unless asked for.
  const std::vector<chat::TokenLogprob>& logprobs() const { return logprobs_; }

 private:
  AgentSeat seat_;
  std::string reasoning_;
  std::string text_;
  std::string stop_text_;  // before which it ended
  std::vector<chat::TokenLogprob> logprobs_;
  LoopDetector reasoning_loop_;
  LoopDetector text_loop_;
  int64_t reasoning_tokens_ = 0;
  int64_t tokens_ = 0;
  int64_t reported_ = 0;  // tokens when has_progress() was last true
  bool started_ = false;
  bool loops_ = false;
  bool voted_ = false;
  std::string answer_;
  std::optional<double> certainty_;
  std::string why_;  // it ended
};

// Why an agent ended by itself or by a control, in the words of events: "finished", "length",
// "stopped", "deadline" and so on.
std::string ended_why(chat::FinishReason reason);

}  // namespace melete::modes
