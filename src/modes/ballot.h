// Votes among the answers of parallel agents and says when more of them cannot change the outcome.
//
// The rule is adaptive consistency (Aggarwal et al., 2023, arXiv:2305.11860): stop when the
// posterior probability that the leading answer stays in the lead reaches `confidence`. How many
// votes are still to come counts: three without a rival settle eight agents, but not sixty.

#pragma once

#include <optional>
#include <vector>

#include "modes/answer.h"

namespace melete::modes {

struct VoteOptions {
  double confidence = 0.95;  // stop at this posterior probability; 0.5 to 1
  int min_votes = 3;         // fewer stop nobody unless the lead is certain; at least 2
  double agreement = 0.85;   // in waves: no agents are added at this probability; 0.5 to 1
};

struct Leader {
  Answer answer;
  int votes = 0;
  int runner_up = 0;  // votes of the next best answer
  bool tied = false;  // runner_up == votes
};

// Counts answers as they arrive. Two answers are the same vote when same_answer() says so of the
// first one that was cast: "1,024" and "1024.0" are one, a choice letter ignores case.
//
// Not thread-safe: one ballot belongs to one running answer.
class Ballot {
 public:
  Ballot() = default;
  explicit Ballot(VoteOptions options) : options_(options) {}

  // Adds one agent's answer and returns the votes that it has now. O(distinct answers).
  int add(const Answer& answer);

  // The answer in the lead, or nothing before the first vote. Ties go to the earlier answer.
  std::optional<Leader> leader() const;

  // True once the remaining agents can be stopped: `agents_left` more votes could not even tie, or,
  // from two votes on, could not change the leader (a tie goes to the earlier answer), or, from
  // VoteOptions::min_votes on, are unlikely to. O(agents_left).
  bool decided(int agents_left) const;

  // True when the leader is likely enough to stay ahead that no agents need be added: two or three
  // votes without a rival are enough, two against one are not.
  bool agrees() const;

  // Votes cast so far.
  int votes() const;

  struct Count {
    Answer answer;  // the first one that was cast
    int votes = 0;
  };

  // Each distinct answer, in the order of their first votes.
  const std::vector<Count>& counts() const { return counts_; }

 private:
  size_t leading() const;
  bool can_be_tied(int agents_left) const;
  bool can_be_overtaken(int agents_left) const;
  int head_start(size_t rival) const;

  VoteOptions options_;
  std::vector<Count> counts_;
};

// The probability that an answer with `votes` against `rival` is the better one: that p > 1/2 for
// p ~ Beta(votes + 1, rival + 1). Both at least 0. O(votes + rival).
double lead_probability(int votes, int rival);

// The probability that it is still ahead after `left` more votes for one of the two: that the rival
// gets at most `most` of them, where p ~ Beta(votes + 1, rival + 1) (the beta-binomial
// distribution). All at least 0. O(left).
double stay_probability(int votes, int rival, int left, int most);

}  // namespace melete::modes
