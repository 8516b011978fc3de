// A small HTTP server for tests.

#include "net/test_server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cctype>

namespace melete::net {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

size_t SeenRequest::range_start() const {
  const auto range = headers.find("range");
  return range == headers.end() ? 0
                                : std::stoul(range->second.substr(std::string("bytes=").size()));
}

Reply serve_content(const SeenRequest& request, const std::string& content) {
  const size_t start = request.range_start();
  Reply reply;
  if (!request.headers.contains("range")) {
    reply.body = content;
    return reply;
  }
  if (start >= content.size()) {
    reply.status = 416;
    reply.headers["Content-Range"] = fmt::format("bytes */{}", content.size());
    return reply;
  }
  reply.status = 206;
  reply.headers["Content-Range"] =
      fmt::format("bytes {}-{}/{}", start, content.size() - 1, content.size());
  reply.body = content.substr(start);
  return reply;
}

TestServer::TestServer(Handler handler)
    : handler_(std::move(handler)),
      acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()),
      current_(io_),
      thread_([this] { serve(); }) {}

TestServer::~TestServer() {
  ending_ = true;
  {
    const std::lock_guard lock(mutex_);
    if (current_.is_open()) ::shutdown(current_.native_handle(), SHUT_RDWR);
  }
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  thread_.join();
}

std::string TestServer::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::vector<SeenRequest> TestServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void TestServer::serve() {
  while (!ending_) {
    boost::system::error_code code;
    tcp::socket socket(io_);
    acceptor_.accept(socket, code);
    if (code || ending_) return;
    ++connections_;
    {
      const std::lock_guard lock(mutex_);
      current_ = std::move(socket);
    }
    serve_connection(current_);
    const std::lock_guard lock(mutex_);
    current_.close(code);
  }
}

void TestServer::serve_connection(tcp::socket& socket) {
  boost::beast::flat_buffer buffer;
  for (;;) {
    http::request<http::string_body> message;
    boost::system::error_code code;
    http::read(socket, buffer, message, code);
    if (code) return;
    SeenRequest request{
        std::string(message.method_string()), std::string(message.target()), {}, message.body()};
    for (const auto& field : message) {
      std::string name(field.name_string());
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      request.headers[name] = std::string(field.value());
    }
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    if (!answer(socket, request)) return;
  }
}

bool TestServer::answer(tcp::socket& socket, const SeenRequest& request) {
  const Reply reply = handler_(request);
  std::this_thread::sleep_for(reply.delay);
  std::string text = fmt::format("HTTP/1.1 {} Answer\r\n", reply.status);
  for (const auto& [name, value] : reply.headers) text += fmt::format("{}: {}\r\n", name, value);
  if (!reply.headers.contains("Transfer-Encoding")) {
    text += fmt::format("Content-Length: {}\r\n", reply.body.size());
  }
  text += "\r\n";
  const std::string body = request.method == "HEAD" ? "" : reply.body.substr(0, reply.cut_after);
  boost::system::error_code code;
  asio::write(socket, asio::buffer(text + body), code);
  if (!code) body_bytes_ += body.size();
  return !code && !reply.close && body.size() >= reply.body.size();
}

}  // namespace melete::net
