// An answer as it was told, for those who ask for it again with the same idempotency key.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "api/error_body.h"
#include "runs/run.h"
#include "server/idempotency.h"
#include "server/reply.h"

namespace melete::server {

// The body of an answer: JSON, or the frames of its stream. One that is too long is not kept.
struct Transcript {
  std::string body;
  bool too_long = false;

  void add(std::string_view bytes);
};

// Tells that the answer was too long for it.
Error too_long_to_keep();

// What those who ask again get: the answer, or that it was too long, in the form of a dialect.
Reply reply_of(Transcript transcript, runs::Form form, api::ErrorWriter write_error);

// Shares a run that goes on without its client, waits for its end, and keeps its answer; the end of
// one that failed frees the key. May be destroyed at any time.
boost::asio::awaitable<void> keep_at_end(IdempotencyTable::Claim claim,
                                         std::shared_ptr<runs::Run> run,
                                         api::ErrorWriter write_error);

}  // namespace melete::server
