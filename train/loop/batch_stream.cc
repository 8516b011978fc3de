#include "loop/batch_stream.h"

namespace melete::train {

BatchStream::BatchStream(const BatchSource& source, uint64_t first)
    : source_(source),
      sequences_([&source](uint64_t number) { return source.sequence(number); }, first,
                 source.makers()) {
  prepare(first);
}

BatchStream::~BatchStream() = default;

void BatchStream::prepare(uint64_t first) {
  next_ = std::async(std::launch::async, [this, first] { return source_.fill(first, sequences_); });
}

Result<FilledBatch> BatchStream::next() {
  Result<FilledBatch> batch = next_.get();
  if (batch) prepare(batch->next_example);
  return batch;
}

}  // namespace melete::train
