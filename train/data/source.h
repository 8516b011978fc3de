// Where examples come from.

#pragma once

#include <cstdint>

#include "base/error.h"
#include "data/example.h"

namespace melete::train {

// An endless stream that can be entered anywhere. Immutable, so any number of threads may use one.
class Source {
 public:
  virtual ~Source() = default;

  // Example number `index`, always the same one. Fails where a file that it needs cannot be read.
  virtual Result<Conversation> example(uint64_t index) const = 0;
};

}  // namespace melete::train
