// The batches of a source, one after the other from any place on, while the next is being made.

#pragma once

#include <future>

#include "base/error.h"
#include "loop/batch_source.h"
#include "loop/sequences_ahead.h"

namespace melete::train {

// Not thread-safe.
class BatchStream {
 public:
  // Begins with example number `first`. `source` must outlive it.
  BatchStream(const BatchSource& source, uint64_t first);

  // Waits for the batch that is being made.
  ~BatchStream();
  BatchStream(const BatchStream&) = delete;
  BatchStream& operator=(const BatchStream&) = delete;

  // Fails as BatchSource::fill() does; the stream is then of no more use.
  Result<FilledBatch> next();

 private:
  void prepare(uint64_t first);

  const BatchSource& source_;
  SequencesAhead sequences_;
  std::future<Result<FilledBatch>> next_;
};

}  // namespace melete::train
