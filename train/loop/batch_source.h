// Batches from a mixture: the same ones in the same order for the same seed, from any place on.

#pragma once

#include <cstdint>

#include "base/error.h"
#include "data/mixture.h"
#include "data/packing.h"
#include "data/sequence.h"

namespace melete::train {

struct BatchShape {
  int64_t rows = 16;     // in one step; at least 1
  int64_t length = 512;  // tokens of a row, and of the longest sequence; at least 16
};

struct FilledBatch {
  PackedRows packed;
  uint64_t next_example = 0;  // where the next batch begins
  int64_t tokens = 0;         // places that are not padding
  int64_t left_out = 0;       // examples longer than a row
};

// Immutable, so any number of threads may use one.
class BatchSource {
 public:
  BatchSource(Mixture mixture, const MediaShape& media, BatchShape shape);

  // Packs examples from number `first` on until one finds no room; that one begins the next batch.
  // Fails with InvalidArgument where a thousand examples in a row are too long, and where a file
  // cannot be read. Up to seconds for pictures and voices.
  Result<FilledBatch> fill(uint64_t first) const;

 private:
  Mixture mixture_;
  SequenceWriter writer_;
  BatchShape shape_;
  int32_t padding_;
};

}  // namespace melete::train
