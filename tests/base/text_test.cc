// White space, digits and letters, whatever the locale.

#include "base/text.h"

#include <gtest/gtest.h>

namespace melete {
namespace {

TEST(Text, IsBlankWithoutAnythingToRead) {
  EXPECT_TRUE(is_blank(""));
  EXPECT_TRUE(is_blank(" \t\r\n\v\f"));
  EXPECT_FALSE(is_blank(" . "));
  EXPECT_FALSE(is_blank("\u00a0")) << "a space beyond ASCII is text";
}

TEST(Text, IsTrimmedAtBothEndsOnly) {
  EXPECT_EQ(trimmed("\n a  b\t"), "a  b");
  EXPECT_EQ(trimmed(" \n"), "");
}

TEST(Text, OfOtherAlphabetsKeepsItsBytes) {
  EXPECT_EQ(lower_case("A\u00c4Z 1"), "a\u00c4z 1");
  EXPECT_FALSE(is_letter('\xc3'));
  EXPECT_TRUE(is_letter('z') && is_digit('0') && is_space('\v'));
}

}  // namespace
}  // namespace melete
