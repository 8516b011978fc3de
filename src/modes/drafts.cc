#include "modes/drafts.h"

#include <fmt/format.h>

#include <random>
#include <utility>

namespace melete::modes {

namespace {

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

chat::Request with_drafts(chat::Request turn, std::vector<std::string> drafts,
                          const DraftOptions& options) {
  if (drafts.size() > kMostDrafts) drafts.resize(kMostDrafts);
  shuffle(drafts, options.seed);
  std::string text;
  for (size_t i = 0; i < drafts.size(); ++i) {
    text += fmt::format("{}Draft {}:\n{}", i == 0 ? "" : "\n\n", i + 1,
                        shortened(std::move(drafts[i]), options.draft_bytes));
  }
  turn.branches.clear();
  turn.prefill.clear();
  turn.messages.push_back(chat::text_message(chat::Role::Assistant, std::move(text)));
  turn.messages.push_back(chat::text_message(chat::Role::User, options.instruction));
  return turn;
}

}  // namespace melete::modes
