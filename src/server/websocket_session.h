// A client's connection once it has become a WebSocket: its messages are answered one after the
// other, each as a request of its own, until the client leaves, its time is up or the server
// drains.
//
// Four coroutines run side by side, and the end of one ends the session. One reads, so that a
// leaving client is noticed and its pings are answered while another answers; one pings the client,
// and one watches whether it is still there.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "api/dialect.h"
#include "api/recent_turns.h"
#include "server/byte_stream.h"
#include "server/service.h"
#include "server/websocket.h"
#include "server/websocket_answer.h"

namespace melete::server {

// Who asked for the socket, and what holds for each of its answers.
struct SocketCaller {
  api::CallContext context;
  std::optional<std::chrono::milliseconds> deadline;  // of each answer; unset: the server's
};

// Lives on its connection's thread, as do its calls. All that is given by reference must outlive
// it.
class WebSocketSession {
 public:
  // `route` has a SocketTarget. `early` holds what the client sent behind its request.
  WebSocketSession(Service& service, Route& route, ByteStream& stream,
                   boost::beast::flat_buffer& early, SocketCaller caller);

  // Answers `request`, which upgrade_reply() let pass, with `headers` beside the protocol's own,
  // and serves to the end. The stream is still to be ended then.
  boost::asio::awaitable<void> run(const HttpRequest& request, const Headers& headers);

  // Takes its leave after the running answer.
  void drain();

 private:
  using Clock = std::chrono::steady_clock;

  // A message that waits for its turn, or what is wrong with it.
  struct Waiting {
    std::string text;
    std::optional<Error> error{};
    std::optional<CloseCode> close{};  // set: nothing can come behind it
  };

  boost::asio::awaitable<void> read_all();
  boost::asio::awaitable<void> answer_all();
  boost::asio::awaitable<void> keep_alive();
  boost::asio::awaitable<void> watch();

  Waiting waiting_of(SocketMessage message) const;
  boost::asio::awaitable<bool> take_next();
  boost::asio::awaitable<bool> answer(std::string message);
  boost::asio::awaitable<bool> make_ready(api::SocketCall asked);
  boost::asio::awaitable<bool> refuse(const Error& error);
  boost::asio::awaitable<void> take_leave();
  void keep_turn(std::string_view id, std::string items, std::string_view last_event);

  Service& service_;
  Route& route_;
  ByteStream& stream_;
  SocketCaller caller_;
  WebSocket socket_;
  api::RecentTurns turns_;
  std::deque<Waiting> waiting_;
  size_t waiting_bytes_ = 0;
  boost::asio::steady_timer bell_;  // cancelled whenever there is something to look at
  const Clock::time_point ends_at_;
  bool answering_ = false;
  SocketMessage::Kind left_ = SocketMessage::Kind::Closed;  // how the client's messages ended
};

}  // namespace melete::server
