// Sequences in rows.

#include "data/packing.h"

#include <gmock/gmock.h>

namespace melete::train {
namespace {

using testing::ElementsAre;

Sequence sequence_of(std::vector<int32_t> tokens, size_t question) {
  Sequence sequence;
  sequence.taught.assign(tokens.size(), 1);
  std::fill_n(sequence.taught.begin(), question, uint8_t{0});
  sequence.tokens = std::move(tokens);
  return sequence;
}

TEST(Packer, PutsEachSequenceIntoTheFirstRowWithRoom) {
  Packer packer(2, 5, 9);
  EXPECT_TRUE(packer.add(sequence_of({1, 2, 3}, 2)));
  EXPECT_TRUE(packer.add(sequence_of({4, 5, 6, 7}, 1)));
  EXPECT_TRUE(packer.add(sequence_of({8, 8}, 1)));
  EXPECT_FALSE(packer.add(sequence_of({1, 1}, 1)));
  const PackedRows packed = std::move(packer).take();
  EXPECT_THAT(packed.tokens, ElementsAre(1, 2, 3, 8, 8, 4, 5, 6, 7, 9));
  EXPECT_THAT(packed.positions, ElementsAre(0, 1, 2, 0, 1, 0, 1, 2, 3, 0));
  EXPECT_THAT(packed.sequences, ElementsAre(1, 1, 1, 3, 3, 2, 2, 2, 2, 0));
  EXPECT_THAT(packed.next, ElementsAre(-1, 3, -1, 8, -1, 5, 6, 7, -1, -1))
      << "a sequence does not predict the next one";
}

TEST(Packer, PicturesMoveWithTheirSequence) {
  Packer packer(2, 4, 9);
  Sequence seen = sequence_of({1, 9, 9, 2}, 4);
  seen.pictures.push_back({.first = 1, .tokens = 2, .square = {}});
  EXPECT_TRUE(packer.add(sequence_of({1}, 1)));
  EXPECT_TRUE(packer.add(seen));
  const PackedRows packed = std::move(packer).take();
  ASSERT_EQ(packed.pictures.size(), 1U);
  EXPECT_EQ(packed.pictures[0].first, 5);
  EXPECT_THAT(packed.blocks, ElementsAre(0, 0, 0, 0, 0, 1, 1, 0));
}

TEST(RowsOf, TakesWhatStandsInThem) {
  Packer packer(3, 4, 9);
  Sequence seen = sequence_of({1, 9, 9, 2}, 3);
  seen.pictures.push_back({.first = 1, .tokens = 2, .square = {}});
  Sequence heard = sequence_of({3, 9, 4}, 2);
  heard.sounds.push_back({.first = 1, .spectrogram = {}});
  EXPECT_TRUE(packer.add(seen));
  EXPECT_TRUE(packer.add(seen));
  EXPECT_TRUE(packer.add(heard));
  const PackedRows part = rows_of(std::move(packer).take(), 1, 2);
  EXPECT_EQ(part.rows, 2);
  EXPECT_EQ(part.length, 4);
  EXPECT_THAT(part.tokens, ElementsAre(1, 9, 9, 2, 3, 9, 4, 9));
  EXPECT_THAT(part.next, ElementsAre(-1, -1, 2, -1, -1, 4, -1, -1));
  EXPECT_THAT(part.sequences, ElementsAre(2, 2, 2, 2, 3, 3, 3, 0));
  EXPECT_THAT(part.blocks, ElementsAre(0, 2, 2, 0, 0, 0, 0, 0));
  ASSERT_EQ(part.pictures.size(), 1U);
  EXPECT_EQ(part.pictures[0].first, 1);
  ASSERT_EQ(part.sounds.size(), 1U);
  EXPECT_EQ(part.sounds[0].first, 5);
}

}  // namespace
}  // namespace melete::train
