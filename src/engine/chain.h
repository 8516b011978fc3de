// The tokens of one sequence, in order, with what is needed to find a shared beginning.
//
// Each entry stands for one KV cell: a text token, or one piece of a picture or sound. Entries with
// equal keys hold equal content, so two chains share cells as far as their keys agree.

#pragma once

#include <llama.h>

#include <cstdint>
#include <vector>

#include "engine/prompt.h"

namespace melete::engine {

// Not thread-safe; the engine thread owns all chains after a prompt was prepared.
class Chain {
 public:
  Chain() = default;
  explicit Chain(PromptTokens prompt);

  size_t size() const { return tokens_.size(); }
  llama_token token(size_t index) const { return tokens_[index]; }

  // The position of entry `index`; `index` may be size(). O(pictures and sounds).
  llama_pos position(size_t index) const;

  // The picture or sound whose first entry is `index`, or null.
  const MediaSpan* media_at(size_t index) const;

  // The index of the first picture or sound at or after `index`, or size().
  size_t next_media(size_t index) const;

  // How many leading entries are equal. A picture that attends both ways counts whole or not at
  // all.
  size_t common_prefix(const Chain& other) const;

  void append(llama_token token);

  // Keeps the first `size` entries, which must not cut a picture or sound.
  void truncate(size_t size);

 private:
  std::vector<llama_token> tokens_;
  std::vector<uint64_t> keys_;    // same length as tokens_
  std::vector<MediaSpan> media_;  // by first index
};

}  // namespace melete::engine
