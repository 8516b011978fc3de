// Equal bytes, equal digests.

#include "media/digest.h"

#include <gtest/gtest.h>

#include <string>

namespace melete::media {
namespace {

TEST(Digest, IsEqualForEqualBytesOnly) {
  const std::string picture(100000, 'x');
  std::string other = picture;
  EXPECT_EQ(digest_of(picture), digest_of(other));
  other.back() = 'y';
  EXPECT_NE(digest_of(picture), digest_of(other));
  EXPECT_NE(digest_of(""), digest_of(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace melete::media
