// Sends the answer of one run as messages on a WebSocket: each event of its stream is one.
//
// As over HTTP, an answer that is not stored is pulled by its reader and ends with it.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "runs/runner.h"
#include "server/service.h"
#include "server/websocket.h"

namespace melete::server {

// The message that tells of an error. `code` stands in the place of the error's own name.
std::string error_message(const Error& error, std::string_view code = {});

struct SocketAnswerEnd {
  bool client_here = true;
  std::optional<Error> error;  // set: the client was told so, and the answer has no end
  std::string last;            // else the last event
};

// Lives on its connection's thread. All that is given by reference must outlive it.
class WebSocketAnswer {
 public:
  WebSocketAnswer(Service& service, WebSocket& socket);
  ~WebSocketAnswer();

  // Begins the answer, which must be in frames, and sends it. Called once. Cancellation leaves it.
  boost::asio::awaitable<SocketAnswerEnd> run(runs::Order order);

 private:
  boost::asio::awaitable<SocketAnswerEnd> refuse(Error error);

  Service& service_;
  WebSocket& socket_;
  std::shared_ptr<runs::Run> run_;
};

}  // namespace melete::server
