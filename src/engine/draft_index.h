// Guesses how an answer goes on from what was read and written before: where the last few tokens
// occurred earlier, in the prompt, in the answer itself or in an answer beside it, the same may
// follow again. Known as prompt lookup or n-gram speculation; answers beside it help where several
// agents write about one question (arXiv:2511.14617).

#pragma once

#include <llama.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/chain.h"

namespace melete::engine {

// Engine thread only. One index belongs to one request; a source is one of its choices.
class DraftIndex {
 public:
  static constexpr size_t kGramTokens = 3;  // that must agree

  // Takes in what `chain` has beyond what was read of this source before; of a source that is new
  // from entry `first` on. O(new tokens).
  void read(int source, const Chain& chain, size_t first);

  // At most `count` tokens that followed where the source's last kGramTokens tokens occurred last;
  // none where they never did. O(count).
  std::vector<llama_token> guess(int source, size_t count) const;

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

  static uint64_t gram_key(const llama_token* tokens);

  std::unordered_map<int, Source> sources_;
  std::unordered_map<uint64_t, Place> followers_;  // by gram: the token that came after it last
};

}  // namespace melete::engine
