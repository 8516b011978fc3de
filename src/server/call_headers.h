// The headers that say how a call is to be answered.

#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/error.h"
#include "chat/request.h"
#include "server/http_reader.h"

namespace melete::server {

struct CallHeaders {
  // `x-melete-deadline-ms`, for clients that cannot reach `melete.deadline_ms`; the nearer holds.
  std::optional<std::chrono::milliseconds> deadline;
  std::string idempotency_key;  // `idempotency-key`; empty: none
  std::string caller;           // the credentials that came along; empty: none
};

// InvalidArgument, blaming the header.
Result<CallHeaders> read_call_headers(const HttpRequest& request);

// Has the nearer of both deadlines hold.
void keep_deadline(std::optional<std::chrono::milliseconds> deadline, chat::Limits& limits);

}  // namespace melete::server
