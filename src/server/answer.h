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

  // Begins the answer and writes it; of one in the background that is not streamed, only that it is
  // queued. Called once, or follow() is. `transcript` may be null, and must outlive the run.
  boost::asio::awaitable<AnswerEnd> run(runs::Order order, Transcript* transcript);

  // Writes the events after number `after` of an answer that is there already.
  boost::asio::awaitable<AnswerEnd> follow(std::shared_ptr<runs::Run> run, int64_t after);

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
  Transcript* transcript_ = nullptr;
};

}  // namespace melete::server
