#include "server/http_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace melete::server {

HttpClient::HttpClient(uint16_t port, int receive_bytes)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{10, 0};
  if (receive_bytes > 0) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
  }
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) close();
}

HttpClient::~HttpClient() {
  close();
}

void HttpClient::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

bool HttpClient::send(const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<size_t>(count);
  }
  return true;
}

bool HttpClient::read_more() {
  std::array<char, 16384> piece{};
  const ssize_t count = ::recv(socket_, piece.data(), piece.size(), 0);
  if (count <= 0) return false;
  received_.append(piece.data(), static_cast<size_t>(count));
  return true;
}

bool HttpClient::read_until(const std::string& text) {
  while (received_.find(text) == std::string::npos) {
    if (!read_more()) return false;
  }
  return true;
}

bool HttpClient::closed_within(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, std::max(0, static_cast<int>(left.count()))) == 0) return false;
    if (!read_more()) return true;
  }
}

std::string HttpClient::take(size_t bytes) {
  while (received_.size() < bytes && read_more()) {
  }
  std::string taken = received_.substr(0, bytes);
  received_.erase(0, taken.size());
  return taken;
}

std::string HttpClient::take_line() {
  if (!read_until("\r\n")) return {};
  const size_t end = received_.find("\r\n");
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 2);
  return line;
}

std::string HttpClient::take_chunks() {
  std::string body;
  while (true) {
    const std::string size = take_line();
    if (size.empty()) return body;
    const size_t bytes = std::stoul(size, nullptr, 16);
    body += take(bytes);
    take_line();
    if (bytes == 0) return body;
  }
}

HttpReply HttpClient::read_reply() {
  HttpReply reply;
  const std::string first = take_line();
  if (first.size() < 12) return reply;
  reply.status = std::stoi(first.substr(9, 3));
  for (std::string line = take_line(); !line.empty(); line = take_line()) {
    const size_t colon = line.find(':');
    std::string name = line.substr(0, colon);
    std::ranges::transform(name, name.begin(),
                           [](unsigned char letter) { return std::tolower(letter); });
    reply.headers[name] = line.substr(colon + 2);
  }
  if (reply.headers.contains("content-length")) {
    reply.body = take(std::stoul(reply.headers["content-length"]));
  } else if (reply.headers.contains("transfer-encoding")) {
    reply.body = take_chunks();
  } else if (reply.status != 204) {
    reply.body = take(SIZE_MAX);
  }
  return reply;
}

std::string post(const std::string& path, const std::string& body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: "
      "{}\r\n\r\n{}",
      path, body.size(), body);
}

std::string get(const std::string& path) {
  return fmt::format("GET {} HTTP/1.1\r\nhost: localhost\r\n\r\n", path);
}

std::string text_of(const KeyedRequest& request) {
  const std::string key =
      request.key.empty() ? "" : fmt::format("authorization: Bearer {}\r\n", request.key);
  return fmt::format("{} {} HTTP/1.1\r\nhost: localhost\r\n{}content-length: {}\r\n\r\n{}",
                     request.method, request.path, key, request.body.size(), request.body);
}

}  // namespace melete::server
