// Every error code has a status and a name of its own, and fail() carries all that it is given.

#include "base/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace melete {
namespace {

const std::vector<ErrorCode> kCodes = {
    ErrorCode::InvalidArgument, ErrorCode::NotFound,  ErrorCode::Unauthorized,
    ErrorCode::Forbidden,       ErrorCode::TooLarge,  ErrorCode::ContextExceeded,
    ErrorCode::Unsupported,     ErrorCode::Conflict,  ErrorCode::RateLimited,
    ErrorCode::Overloaded,      ErrorCode::Cancelled, ErrorCode::DeadlineExceeded,
    ErrorCode::Unavailable,     ErrorCode::Corrupt,   ErrorCode::StorageFull,
    ErrorCode::Internal,
};

TEST(ErrorTable, GivesEachCodeItsOwnName) {
  std::set<std::string_view> names;
  for (const ErrorCode code : kCodes) names.insert(name_of(code));
  EXPECT_EQ(names.size(), kCodes.size());
}

TEST(ErrorTable, GivesEachCodeAnErrorStatus) {
  for (const ErrorCode code : kCodes) {
    EXPECT_GE(http_status(code), 400) << name_of(code);
    EXPECT_LE(http_status(code), 599) << name_of(code);
  }
}

TEST(ErrorTable, BlamesTheCallerOnlyForWhatTheCallerCanChange) {
  EXPECT_EQ(http_status(ErrorCode::InvalidArgument), 400);
  EXPECT_EQ(http_status(ErrorCode::ContextExceeded), 400);
  EXPECT_EQ(http_status(ErrorCode::NotFound), 404);
  EXPECT_EQ(http_status(ErrorCode::TooLarge), 413);
  EXPECT_EQ(http_status(ErrorCode::RateLimited), 429);
  EXPECT_EQ(http_status(ErrorCode::Internal), 500);
  EXPECT_EQ(http_status(ErrorCode::Corrupt), 500);
  EXPECT_EQ(http_status(ErrorCode::Overloaded), 503);
  EXPECT_EQ(http_status(ErrorCode::StorageFull), 507);
}

TEST(ErrorTable, NamesAreWhatTheDialectsSay) {
  EXPECT_EQ(name_of(ErrorCode::ContextExceeded), "context_length_exceeded");
  EXPECT_EQ(name_of(ErrorCode::NotFound), "not_found");
}

TEST(Fail, CarriesCodeMessageAndParameter) {
  const Result<int> result = fail(ErrorCode::NotFound, "There is no model \"x\".", "model");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::NotFound);
  EXPECT_EQ(result.error().message, "There is no model \"x\".");
  EXPECT_EQ(result.error().parameter, "model");
}

TEST(Fail, NeedsNoParameter) {
  const Result<void> result = fail(ErrorCode::Cancelled, "The caller went away.");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().parameter, "");
}

}  // namespace
}  // namespace melete
