// How parallel agents become one answer: when enough of them have finished, and what to make of
// their answers.
//
// A strategy is a small object without state of its own; what it judges is a Standing. To add one,
// write its file and add its line to the registry in strategy.cc.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/event.h"
#include "modes/ballot.h"

namespace melete::modes {

// What one agent left when it ended.
struct AgentFinal {
  int agent = 0;  // index from 0, over all rounds
  std::string reasoning;
  std::string text;
  std::optional<Answer> answer;  // when the text has one to compare
  int64_t reasoning_tokens = 0;
  int64_t tokens = 0;               // of the whole chain, reasoning included
  std::optional<double> certainty;  // mean log-probability of the answer's last tokens, if known
  bool passes = false;              // the caller's check; false without one
  chat::FinishReason reason = chat::FinishReason::Stop;
  std::string stop_text{};  // as in chat::Finished
};

// It ended by itself, not by a limit or a control.
inline bool is_complete(const AgentFinal& final) {
  return final.reason == chat::FinishReason::Stop;
}

// A complete chain that has said something.
inline bool is_whole(const AgentFinal& final) {
  return is_complete(final) && !final.text.empty();
}

// Where a round of a contemplation stands. Votes are the answers of complete chains.
struct Standing {
  std::vector<AgentFinal> finals;  // in the order in which the agents ended; texts may be empty
  Ballot ballot{};
  int running = 0;             // agents
  int enough_with_leader = 0;  // whole finals, where one answer leads; see leader_quorum()
  int enough_with_votes = 0;   // whole finals, some of them votes; see vote_quorum()
  int enough_texts = 0;        // whole finals, where they are free text; see text_quorum()
  int reserve = 0;             // agents that can still be added
  int round = 1;               // 2: the agents refine what the first round found
};

// Complete chains that have said something.
int whole_count(const Standing& standing);

// Whether most of the complete chains said something that cannot be counted, and those that can do
// not agree: one short refusal among poems is no majority.
bool is_free_text(const Standing& standing);

// Adds an agent that has ended; its vote is counted when it is complete and has an answer. The
// votes that its answer has now; 0 when it was no vote.
int add_final(Standing& standing, AgentFinal final);

// Counts the answers of chains that are not complete, for the case that no chain is.
void count_incomplete(Standing& standing);

// What to do once the agents have ended.
struct Verdict {
  enum class Kind {
    Member,   // the text of `member` is the answer
    Merge,    // one more call makes an answer of all
    More,     // more agents are added; only while Standing::reserve is above 0
    Refine,   // another round, in which agents read the answers; only in the first one
    Nothing,  // no agent wrote anything
  };
  Kind kind = Kind::Nothing;
  int member = 0;      // index in Standing::finals
  std::string answer;  // short form; empty for free text
  int votes = 0;       // for that answer
  std::string why;     // a phrase, e.g. "4 of 5 agree"
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  // Why the agents still running can be stopped; nothing while they should go on. Called after each
  // final.
  virtual std::optional<std::string> enough(const Standing& standing) const = 0;

  virtual Verdict decide(const Standing& standing) const = 0;
};

// The strategy of this name, null for another. Lives for ever.
//   vote        votes, and merges free texts; the default, also for an empty name
//   confidence  votes weighted by how certain each agent was of its answer
//   merge       always merges answers that differ
//   race        the first complete answer
//   refine      where answers differ, agents read them and answer again; then votes
//   verify      the first answer that passes the caller's check
const Strategy* find_strategy(std::string_view name);

// The names, for error messages: "confidence, merge, ...".
std::string strategy_names();

// Texts that are enough to make one of: half of the agents, rounded up, and at least 3.
int text_quorum(int agents);

// Finals that are enough where one answer has two votes or more, and more than any other: half of
// vote_quorum(), rounded up. Such a lead rarely changes hands, however many more are heard
// (docs/benchmarks.md).
int leader_quorum(int agents);

// Finals that are enough where no answer leads so: three of four agents, rounded up, and at
// least 3. While all differ, each further one may be the second of its kind, and that is worth
// waiting for.
int vote_quorum(int agents);

// Whether agents should be added: they can be, and the answers disagree. Free text cannot be
// counted, so more of it settles nothing.
bool needs_more(const Standing& standing);

// Index of the complete chain with this answer (any answer when null) that was most certain of it;
// of the shortest where certainties are not known, for short chains err less (arXiv:2505.17813);
// else of the longest with it that is not complete; nothing when no text has it.
std::optional<int> best_member(const Standing& standing, const Answer* answer);

// Finals whose text differs from the others', in order. Finals with equal answers count once, by
// their best member; empty texts are left out, and so is what is not complete where something is.
std::vector<int> distinct_finals(const Standing& standing);

// `member` as a verdict, with the votes for its answer.
Verdict member_verdict(const Standing& standing, int member, std::string why);

// The leader's best member as a verdict, among tied answers the best member of all; the best text
// where there are no votes.
Verdict leader_verdict(const Standing& standing, std::string why);

// Each in the file of its name.
const Strategy& confidence_strategy();
const Strategy& merge_strategy();
const Strategy& race_strategy();
const Strategy& refine_strategy();
const Strategy& verify_strategy();
const Strategy& vote_strategy();

}  // namespace melete::modes
