#include "modes/merge.h"

#include <fmt/format.h>

#include <random>
#include <utility>

namespace melete::modes {

namespace {

constexpr size_t kLongestCandidate = 6000;
constexpr std::string_view kInstruction =
    "The drafts above answer my request; some may be wrong. Compare them where they differ, check "
    "the "
    "steps, and write the one best answer. Do not mention the drafts.";

// At most `size` bytes, cut between characters.
std::string shortened(std::string text, size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  text.resize(size);
  return text + " ...";
}

// Fisher and Yates by hand: std::shuffle differs between standard libraries.
void shuffle(std::vector<std::string>& items, uint64_t seed) {
  std::mt19937_64 random(seed);
  for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random() % i]);
}

}  // namespace

chat::Request merge_request(chat::Request original, std::vector<std::string> candidates,
                            uint64_t seed) {
  if (candidates.size() > kMostCandidates) candidates.resize(kMostCandidates);
  shuffle(candidates, seed);
  std::string drafts;
  for (size_t i = 0; i < candidates.size(); ++i) {
    drafts += fmt::format("{}Draft {}:\n{}", i == 0 ? "" : "\n\n", i + 1,
                          shortened(std::move(candidates[i]), kLongestCandidate));
  }
  original.branches.clear();
  original.prefill.clear();
  original.messages.push_back(chat::text_message(chat::Role::Assistant, std::move(drafts)));
  original.messages.push_back(chat::text_message(chat::Role::User, std::string(kInstruction)));
  return original;
}

bool majority_stands(const Ballot& ballot, const std::optional<Answer>& merged) {
  const auto leader = ballot.leader();
  if (!leader || leader->votes < kGuardShare * ballot.votes()) return false;
  return !merged || !same_answer(leader->answer, *merged);
}

}  // namespace melete::modes
