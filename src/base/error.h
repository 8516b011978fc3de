// Errors as values: what went wrong, which input is to blame, and what to do about it.
//
// One table maps a code to its HTTP status and to the names that API dialects use for it.

#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace melete {

enum class ErrorCode {
  InvalidArgument,   // the request is malformed or a field is out of range
  NotFound,          // a model, file or stored object does not exist
  Unauthorized,      // no key, or a wrong one
  Forbidden,         // the key may not do this
  TooLarge,          // a body, image or sound exceeds a stated limit
  ContextExceeded,   // the prompt is longer than the model's context
  Unsupported,       // well formed, but this model or build cannot do it
  Conflict,          // the state of the object forbids it
  RateLimited,       // try again later
  Overloaded,        // no room now; nothing is wrong with the request
  DeadlineExceeded,  // the time limit passed first
  Cancelled,         // the caller went away or stopped it
  Unavailable,       // a server or file that is needed does not answer
  Corrupt,           // a file or message is damaged or not what it claims to be
  StorageFull,       // no space left, or not writable
  Internal,          // a fault of ours
};

struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string message;    // a whole sentence: what is wrong, with the value, and the way out
  std::string parameter;  // the field or file to blame, as its owner spells it; empty: none
};

template <typename T>
using Result = std::expected<T, Error>;

// Makes an error to return: `return fail(ErrorCode::NotFound, "...", "model");`
std::unexpected<Error> fail(ErrorCode code, std::string message, std::string parameter = {});

// The HTTP status of a code, e.g. 404.
int http_status(ErrorCode code);

// The code in snake_case, e.g. "context_exceeded".
std::string_view name_of(ErrorCode code);

}  // namespace melete
