// Text to tokens and back, and what the vocabulary promises.

#include "text/tokenizer.h"

#include <gmock/gmock.h>

#include <cctype>
#include <set>

#include "text/vocabulary.h"

namespace melete::train {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(Vocabulary, HasEveryByteAndNoEntryTwice) {
  std::set<std::string> texts;
  for (const VocabularyEntry& entry : vocabulary()) texts.insert(entry.text);
  EXPECT_THAT(texts, SizeIs(vocabulary().size()));
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_TRUE(texts.contains(std::string(1, static_cast<char>(byte)))) << byte;
  }
  EXPECT_EQ(vocabulary().size() % 32, 0U) << "the head's rows make whole blocks";
}

TEST(Vocabulary, NoEntryButACoordinateHoldsADigit) {
  for (const VocabularyEntry& entry : vocabulary()) {
    if (entry.text.size() == 1 || entry.text.starts_with("@")) continue;
    for (const char letter : entry.text) {
      EXPECT_FALSE(std::isdigit(static_cast<uint8_t>(letter))) << entry.text;
    }
  }
}

TEST(Vocabulary, CoordinatesGoToTheNearestEntryInRange) {
  EXPECT_EQ(coordinate(0), "@0");
  EXPECT_EQ(coordinate(344.9), "@340");
  EXPECT_EQ(coordinate(345), "@350");
  EXPECT_EQ(coordinate(-20), "@0");
  EXPECT_EQ(coordinate(4000), "@1000");
}

TEST(Tokenizer, GivesBackEveryText) {
  const Tokenizer tokenizer;
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  for (const std::string& text :
       {std::string(), std::string("What is the sum of 12 and 345?\nAnswer: 357"), every_byte,
        std::string("<|im_start|>user\nDéjà vu @340@1000 <think>")}) {
    EXPECT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
  }
}

TEST(Tokenizer, TakesTheLongestEntry) {
  const Tokenizer tokenizer;
  EXPECT_THAT(tokenizer.encode("@100"), ElementsAre(tokenizer.id("@100")));
  EXPECT_THAT(tokenizer.encode("@105"), ElementsAre(tokenizer.id("@10"), tokenizer.id("5")));
  EXPECT_THAT(tokenizer.encode("<|im_end|>\n"),
              ElementsAre(tokenizer.id(kTurnEnd), tokenizer.id("\n")));
  EXPECT_THAT(tokenizer.encode("2048"), SizeIs(4)) << "digit by digit";
}

}  // namespace
}  // namespace melete::train
