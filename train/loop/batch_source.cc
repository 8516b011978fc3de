#include "loop/batch_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "data/sequence.h"
#include "text/tokenizer.h"
#include "text/vocabulary.h"

namespace melete::train {

ConversationWriter writer_for(const MediaShape& media) {
  const auto writer = std::make_shared<const SequenceWriter>(media);
  return {.whole = [writer](const Conversation& conversation) -> Result<Sequence> {
            return writer->whole(conversation);
          },
          .padding = Tokenizer().id(kPadding)};
}

BatchSource::BatchSource(Mixture mixture, ConversationWriter writer, BatchShape shape)
    : mixture_(std::move(mixture)), writer_(std::move(writer)), shape_(shape) {}

Result<Sequence> BatchSource::sequence(uint64_t number) const {
  const Result<Conversation> example = mixture_.example(number);
  if (!example) return std::unexpected(example.error());
  return writer_.whole(*example);
}

Result<FilledBatch> BatchSource::fill(uint64_t first, SequencesAhead& sequences) const {
  constexpr int kMostInARow = 1000;
  Packer packer(shape_.rows, shape_.length, writer_.padding);
  FilledBatch batch{.packed = {}, .next_example = first};
  for (int too_long = 0;; ++batch.next_example) {
    const Result<Sequence>& sequence = sequences.at(batch.next_example);
    if (!sequence) return std::unexpected(sequence.error());
    const int64_t tokens = std::ssize(sequence->tokens);
    if (tokens > shape_.length) {
      ++batch.left_out;
      if (++too_long < kMostInARow) continue;
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("The last {} examples were longer than a row of {} tokens: raise "
                              "batch.length.",
                              kMostInARow, shape_.length),
                  "batch.length");
    }
    too_long = 0;
    if (!packer.add(*sequence)) break;
    batch.tokens += tokens;
  }
  batch.packed = std::move(packer).take();
  batch.taught = std::ranges::count_if(batch.packed.next, [](int64_t next) { return next >= 0; });
  if (shape_.parts > 1) {
    const int64_t rows = shape_.rows / shape_.parts;
    batch.packed = rows_of(batch.packed, shape_.part * rows, rows);
  }
  return batch;
}

}  // namespace melete::train
