// Batches from a mixture: the same ones in the same order for the same seed, from any place on.

#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "base/error.h"
#include "data/mixture.h"
#include "data/packing.h"
#include "data/sequence.h"
#include "loop/sequences_ahead.h"

namespace melete::train {

struct BatchShape {
  int64_t rows = 16;  // in one step, of all parts together; at least 1, and a multiple of `parts`
  int64_t length = 512;  // tokens of a row, and of the longest sequence; at least 16
  int64_t parts = 1;     // among which the rows are divided
  int64_t part = 0;      // the one that is wanted, from 0
  int makers = 1;        // threads that make examples
};

// How a conversation becomes what a model reads. Called by any thread; fails where it cannot.
struct ConversationWriter {
  std::function<Result<Sequence>(const Conversation&)> whole;
  int32_t padding = 0;  // the token of empty places
};

// That of our own models.
ConversationWriter writer_for(const MediaShape& media);

// The rows are those of one part; all else is of the whole step.
struct FilledBatch {
  PackedRows packed;
  uint64_t next_example = 0;  // where the next batch begins
  int64_t tokens = 0;         // places that are not padding
  int64_t taught = 0;         // of those, tokens that are to be predicted
  int64_t left_out = 0;       // examples longer than a row
};

// Immutable, so any number of threads may use one.
class BatchSource {
 public:
  BatchSource(Mixture mixture, ConversationWriter writer, BatchShape shape);

  // For our own models.
  BatchSource(Mixture mixture, const MediaShape& media, BatchShape shape)
      : BatchSource(std::move(mixture), writer_for(media), shape) {}

  int makers() const { return shape_.makers; }

  // The example of a number. Fails where a file cannot be read or it cannot be written. Up to tens
  // of milliseconds for a voice.
  Result<Sequence> sequence(uint64_t number) const;

  // Packs examples from number `first` on, which `sequences` gives, until one finds no room; that
  // one begins the next batch. Which they are does not depend on the parts, so each part makes the
  // data of all. Fails as sequence() does, and with InvalidArgument where a thousand examples in a
  // row are too long.
  Result<FilledBatch> fill(uint64_t first, SequencesAhead& sequences) const;

 private:
  Mixture mixture_;
  ConversationWriter writer_;
  BatchShape shape_;
};

}  // namespace melete::train
