// Guesses how an answer goes on from what was read and written before: where the last few tokens
// occurred earlier, in the prompt, in the answer itself or in an answer beside it, the same may
// follow again. Known as prompt lookup or n-gram speculation; answers beside it help where several
// agents write about one question (arXiv:2511.14617).

#pragma once

#include <llama.h>

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/chain.h"

namespace melete::engine {

// Guesses, and how many tokens before them agree with the place they are taken from.
struct Draft {
  std::vector<llama_token> tokens;
  size_t agreeing = 0;  // from DraftIndex::kGramTokens to kMostAgreeing
};

// Engine thread only. One index belongs to one request; a source is one of its choices.
class DraftIndex {
 public:
  static constexpr size_t kGramTokens = 3;     // that must agree
  static constexpr size_t kMostAgreeing = 16;  // that are compared

  // Takes in what `chain` has beyond what was read of this source before; of a source that is new
  // from entry `first` on. O(new tokens).
  void read(int source, const Chain& chain, size_t first);

  // At most `count` tokens that followed where most of the source's last tokens occurred, of the
  // last few places that share kGramTokens; the latest place where several agree in as many. No
  // tokens where there is none. O(count).
  Draft guess(int source, size_t count) const;

 private:
  // A token's place in a source.
  struct Place {
    int source = 0;
    size_t index = 0;
  };

  struct Source {
    std::vector<llama_token> tokens;
    size_t next = 0;  // entry of the chain that is read next
  };

  static constexpr size_t kPlaces = 4;  // that are remembered of a gram
  struct Places {
    std::array<Place, kPlaces> latest;
    size_t count = 0;  // of all that there were
  };

  static uint64_t gram_key(const llama_token* tokens);
  // How many tokens up to the end of `own` agree with those before the place.
  size_t agreeing(const std::vector<llama_token>& own, const Place& place) const;

  std::unordered_map<int, Source> sources_;
  std::unordered_map<uint64_t, Places> followers_;  // by gram: the tokens that came after it
};

}  // namespace melete::engine
