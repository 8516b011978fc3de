// What a model's memory can do, tried out once at load, so that the scheduler plans only what
// works.

#pragma once

#include <llama.h>

namespace melete::engine {

struct MemoryAbilities {
  bool truncate = false;        // the last entries of a sequence can be removed
  bool share = false;           // a sequence can go on from another's entries without new cells
  bool shift = false;           // positions of entries can be moved
  bool sliding_window = false;  // old entries of some layers are dropped: see `window_tokens`
  bool recurrent =
      false;  // a state instead of cells in some layers: a prefix exists only at its end
  int window_tokens = 0;  // entries that a sliding window keeps; 0: no window
};

// Tries it on `context`, which must have room for two sequences and hold nothing worth keeping: its
// memory is cleared. A context without memory can do nothing. Engine thread; one decode of two
// tokens.
MemoryAbilities memory_abilities(llama_context* context);

}  // namespace melete::engine
