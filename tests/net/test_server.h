// A small HTTP server for tests, which can misbehave: it cuts answers short, sends them slowly, or
// ignores ranges.

#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace melete::net {

struct SeenRequest {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  // The number N of "Range: bytes=N-"; 0 where there is none.
  size_t range_start() const;
};

struct Reply {
  int status = 200;
  std::map<std::string, std::string> headers;
  std::string body;
  size_t cut_after = std::string::npos;  // bytes of the body after which the connection is closed
  std::chrono::milliseconds delay{0};    // before the answer
  bool close = false;                    // after the answer
};

// Answers with the whole of `content`, or with the range that is asked for.
Reply serve_content(const SeenRequest& request, const std::string& content);

// One thread; connections are served one after another.
class TestServer {
 public:
  using Handler = std::function<Reply(const SeenRequest&)>;

  explicit TestServer(Handler handler);
  ~TestServer();

  std::string url(const std::string& path) const;
  uint16_t port() const { return port_; }

  std::vector<SeenRequest> requests() const;
  size_t connections() const { return connections_; }
  size_t body_bytes_sent() const { return body_bytes_; }

 private:
  void serve();
  void serve_connection(boost::asio::ip::tcp::socket& socket);
  bool answer(boost::asio::ip::tcp::socket& socket, const SeenRequest& request);

  Handler handler_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  uint16_t port_;
  std::atomic<bool> ending_{false};
  std::atomic<size_t> connections_{0};
  std::atomic<size_t> body_bytes_{0};
  mutable std::mutex mutex_;
  std::vector<SeenRequest> requests_;
  boost::asio::ip::tcp::socket current_;
  std::thread thread_;
};

}  // namespace melete::net
