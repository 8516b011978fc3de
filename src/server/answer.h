// Runs one call on the backend and writes its answer to the client, whole or as it comes.
//
// While it waits for the model it also watches the client: one that goes away ends the stream at
// once, so that its memory is free within one decoding step.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>

#include "api/dialect.h"
#include "server/byte_stream.h"
#include "server/checked_stream.h"
#include "server/service.h"
#include "server/sse_writer.h"

namespace melete::server {

struct AnswerEnd {
  int status = 200;
  bool client_here = true;  // false: the connection is of no more use
};

// Lives on its connection's thread. All that is given by reference must outlive it.
class Answer {
 public:
  Answer(Service& service, ByteStream& stream, boost::beast::flat_buffer& buffer,
         const Exchange& exchange);
  ~Answer();

  // Called once.
  boost::asio::awaitable<AnswerEnd> run(api::Call call);

  // Ends the answer as incomplete, while run() is under way; what was written stays.
  void stop();

 private:
  struct Written {
    bool client_here = true;
    std::optional<Error> refused;  // the answer failed before anything was written
  };

  boost::asio::awaitable<AnswerEnd> run_stream();
  boost::asio::awaitable<AnswerEnd> run_whole();
  boost::asio::awaitable<Written> write_events(SseWriter& sse);
  boost::asio::awaitable<chat::Completion> collect();
  boost::asio::awaitable<AnswerEnd> write_body(int status, std::string body);
  AnswerEnd client_left();

  Service& service_;
  ByteStream& socket_;
  boost::beast::flat_buffer& buffer_;
  const Exchange& exchange_;
  std::unique_ptr<api::AnswerWriter> writer_;
  std::optional<CheckedStream> stream_;
};

}  // namespace melete::server
