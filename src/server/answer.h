// Writes the answer of one run to the client, whole or as it comes.
//
// While it waits for the model it also watches the client. One that goes away ends an answer that
// is not stored at once, so that its memory is free within one decoding step; a stored one goes on.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runs/runner.h"
#include "server/byte_stream.h"
#include "server/service.h"
#include "server/sse_writer.h"
#include "server/transcript.h"

namespace melete::server {

struct AnswerEnd {
  int status = 200;
  bool client_here = true;  // false: the connection is of no more use
  bool complete = false;    // it succeeded and was made to its end
};

// Lives on its connection's thread. All that is given by reference must outlive it.
class Answer {
 public:
  Answer(Service& service, ByteStream& stream, boost::beast::flat_buffer& buffer,
         const Exchange& exchange);
  ~Answer();

  // Begins the answer; fails as runs::Runner::enqueue(). Called once, before write(), or one of the
  // others is.
  boost::asio::awaitable<Result<std::shared_ptr<runs::Run>>> begin(runs::Order order);

  // Whether what write() tells is the answer, and comes to its end also without this client.
  bool goes_on_alone() const;

  // Writes it; of one in the background that is not streamed, only that it is queued. `transcript`
  // may be null, and must outlive the call.
  boost::asio::awaitable<AnswerEnd> write(Transcript* transcript);

  // Writes the events after number `after` of an answer that is there already.
  boost::asio::awaitable<AnswerEnd> follow(std::shared_ptr<runs::Run> run, int64_t after);

  // Writes an answer that goes on alone from its beginning, in its own form, or `gone` where its
  // first events are no longer kept.
  boost::asio::awaitable<AnswerEnd> repeat(std::shared_ptr<runs::Run> run, Error gone);

 private:
  struct Written {
    bool client_here = true;
    bool complete = true;
    std::optional<runs::WholeAnswer> refused;  // the answer failed before anything was written
  };

  boost::asio::awaitable<AnswerEnd> stream(int64_t after);
  boost::asio::awaitable<AnswerEnd> whole();
  boost::asio::awaitable<Written> write_frames(SseWriter& sse, int64_t after);
  boost::asio::awaitable<bool> write_text(SseWriter& sse, std::string frames);
  boost::asio::awaitable<AnswerEnd> refuse(runs::WholeAnswer refused);
  boost::asio::awaitable<AnswerEnd> write_body(std::string body);
  AnswerEnd client_left();

  Service& service_;
  ByteStream& socket_;
  boost::beast::flat_buffer& buffer_;
  const Exchange& exchange_;
  std::shared_ptr<runs::Run> run_;
  bool only_queues_ = false;   // in the background and not streamed
  std::optional<Error> gone_;  // set: told where the first events are no longer kept
  Transcript* transcript_ = nullptr;
};

}  // namespace melete::server
