#include "base/error.h"

#include <array>
#include <utility>

namespace melete {

namespace {

struct Row {
  ErrorCode code;
  int status;
  std::string_view name;
};

constexpr std::array<Row, 16> kTable{{
    {ErrorCode::InvalidArgument, 400, "invalid_argument"},
    {ErrorCode::NotFound, 404, "not_found"},
    {ErrorCode::Unauthorized, 401, "unauthorized"},
    {ErrorCode::Forbidden, 403, "forbidden"},
    {ErrorCode::TooLarge, 413, "too_large"},
    {ErrorCode::ContextExceeded, 400, "context_length_exceeded"},
    {ErrorCode::Unsupported, 400, "unsupported"},
    {ErrorCode::Conflict, 409, "conflict"},
    {ErrorCode::RateLimited, 429, "rate_limited"},
    {ErrorCode::Overloaded, 503, "overloaded"},
    {ErrorCode::DeadlineExceeded, 504, "deadline_exceeded"},
    {ErrorCode::Cancelled, 499, "cancelled"},
    {ErrorCode::Unavailable, 502, "unavailable"},
    {ErrorCode::Corrupt, 500, "corrupt"},
    {ErrorCode::StorageFull, 507, "storage_full"},
    {ErrorCode::Internal, 500, "internal"},
}};

const Row& row_of(ErrorCode code) {
  for (const Row& row : kTable) {
    if (row.code == code) return row;
  }
  return kTable.back();
}

}  // namespace

std::unexpected<Error> fail(ErrorCode code, std::string message, std::string parameter) {
  return std::unexpected(Error{code, std::move(message), std::move(parameter)});
}

int http_status(ErrorCode code) {
  return row_of(code).status;
}

std::string_view name_of(ErrorCode code) {
  return row_of(code).name;
}

}  // namespace melete
