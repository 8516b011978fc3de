// Runs one call on the backend and writes its answer to the client, whole or as it comes.
//
// While it waits for the model it also watches the client: one that goes away ends the stream at
// once, so that its memory is free within one decoding step.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/dialect.h"
#include "server/byte_stream.h"
#include "server/checked_stream.h"
#include "server/service.h"
#include "server/sse_writer.h"

namespace melete::server {

struct AnswerEnd {
  int status = 200;
  bool client_here = true;  // false: the connection is of no more use
  bool complete = false;    // it succeeded and was made to its end
};

// The body of an answer as it was written, for those who want it again.
struct Transcript {
  std::string content_type;
  std::string body;
  size_t most_bytes = 4 << 20;  // of the body; what is longer is not kept
  bool too_large = false;

  void add(std::string_view bytes);
};

// Lives on its connection's thread. All that is given by reference must outlive it.
class Answer {
 public:
  Answer(Service& service, ByteStream& stream, boost::beast::flat_buffer& buffer,
         const Exchange& exchange);
  ~Answer();

  // Called once. `transcript` may be null, and must outlive the run.
  boost::asio::awaitable<AnswerEnd> run(api::Call call, Transcript* transcript);

  // Ends the answer as incomplete, while run() is under way; what was written stays.
  void stop();

 private:
  struct Written {
    bool client_here = true;
    bool complete = true;
    std::optional<Error> refused;  // the answer failed before anything was written
  };

  boost::asio::awaitable<AnswerEnd> run_stream();
  boost::asio::awaitable<AnswerEnd> run_whole();
  boost::asio::awaitable<Written> write_events(SseWriter& sse);
  boost::asio::awaitable<chat::Completion> collect();
  boost::asio::awaitable<bool> write_frames(SseWriter& sse, std::string frames);
  boost::asio::awaitable<AnswerEnd> refuse(Error error);
  AnswerEnd client_left();

  Service& service_;
  ByteStream& socket_;
  boost::beast::flat_buffer& buffer_;
  const Exchange& exchange_;
  std::unique_ptr<api::AnswerWriter> writer_;
  std::optional<CheckedStream> stream_;
  Transcript* transcript_ = nullptr;
};

}  // namespace melete::server
