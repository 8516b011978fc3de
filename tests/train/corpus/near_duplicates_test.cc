// Which texts are nearly the same.

#include "corpus/near_duplicates.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "corpus/words.h"
#include "data/random.h"

namespace melete::train {
namespace {

// Words of chance, of which the first `changed` are others for another `version`.
std::string text_of(int words, int changed = 0, int version = 0) {
  Random random(words);
  std::string text;
  for (int i = 0; i < words; ++i) {
    text += fmt::format("w{}{} ", random.between(0, 100'000), i < changed ? version : 0);
  }
  return text;
}

TEST(NearDuplicates, AFewOtherWordsInALongTextAreNoOtherText) {
  NearDuplicates texts(0.8);
  EXPECT_TRUE(texts.add(words_of(text_of(200))));
  EXPECT_FALSE(texts.add(words_of(text_of(200))));
  EXPECT_FALSE(texts.add(words_of(text_of(200, 5, 1)))) << "5 of 196 runs differ: 0.95 alike";
  EXPECT_TRUE(texts.add(words_of(text_of(200, 100, 1)))) << "half of the words differ";
}

TEST(NearDuplicates, TheSimilarityDecides) {
  NearDuplicates strict(0.97);
  NearDuplicates loose(0.7);
  for (NearDuplicates* texts : {&strict, &loose}) texts->add(words_of(text_of(200)));
  EXPECT_TRUE(strict.add(words_of(text_of(200, 15, 1)))) << "0.86 alike";
  EXPECT_FALSE(loose.add(words_of(text_of(200, 15, 1))));
}

TEST(NearDuplicates, QuestionsThatDifferInANumberStay) {
  NearDuplicates texts(0.8);
  for (int number = 0; number < 50; ++number) {
    EXPECT_TRUE(texts.add(words_of(fmt::format("What is {} times {}?", number, number + 3))));
  }
  EXPECT_FALSE(texts.add(words_of("what is 7 times 10")));
}

TEST(NearDuplicates, GroupsAreApart) {
  NearDuplicates texts(0.8);
  EXPECT_TRUE(texts.add(words_of("What is in the picture?"), 1));
  EXPECT_TRUE(texts.add(words_of("What is in the picture?"), 2));
  EXPECT_FALSE(texts.add(words_of("What is in the picture?"), 1));
}

TEST(NearDuplicates, WithoutWordsThereIsNothingToCompare) {
  NearDuplicates texts(0.8);
  EXPECT_TRUE(texts.add({}));
  EXPECT_TRUE(texts.add({}));
}

// The promise of the bands: hardly a pair of this similarity is missed.
TEST(NearDuplicates, HardlyAPairIsMissed) {
  int missed = 0;
  for (int words = 300; words < 500; ++words) {
    NearDuplicates texts(0.7);
    texts.add(words_of(text_of(words)));
    missed += texts.add(words_of(text_of(words, words / 12, 1))) ? 1 : 0;  // 0.85 alike
  }
  EXPECT_LE(missed, 4);
}

}  // namespace
}  // namespace melete::train
