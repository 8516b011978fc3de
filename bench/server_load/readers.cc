#include "server_load/readers.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace melete::bench {

namespace {

using Clock = std::chrono::steady_clock;

std::string request_for(const std::string& model) {
  const std::string body = fmt::format(
      R"({{"model":"{}","stream":true,"messages":[{{"role":"user","content":"Hi"}}]}})", model);
  return fmt::format(
      "POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-length: {}\r\n\r\n{}",
      body.size(), body);
}

int connect_to(uint16_t port) {
  const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected =
      ::connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  if (!connected) throw std::runtime_error("a connection was refused");
  return connection;
}

}  // namespace

Readers::Readers(uint16_t port) : port_(port), poll_(::epoll_create1(EPOLL_CLOEXEC)) {}

Readers::~Readers() {
  for (const auto& [connection, reader] : readers_) ::close(connection);
  ::close(poll_);
}

void Readers::open(int count, const std::string& model, Reading reading) {
  constexpr int kAtATime = 200;
  const std::string request = request_for(model);
  for (int opened = 0; opened < count; ++opened) {
    const int connection = connect_to(port_);
    if (::send(connection, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
      throw std::runtime_error("a request was not taken");
    }
    readers_[connection].reading = reading;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = connection;
    if (reading == Reading::AtOnce) ::epoll_ctl(poll_, EPOLL_CTL_ADD, connection, &event);
    if (opened % kAtATime == 0) read_for(std::chrono::milliseconds(20));
  }
}

Delays Readers::read_for(std::chrono::milliseconds time) {
  constexpr auto kSecond = std::chrono::seconds(1);
  Delays delays;
  for (auto& [connection, reader] : readers_) reader.pieces = 0;
  std::array<epoll_event, 512> ready{};
  const auto end = Clock::now() + time;
  auto next_bytes = Clock::now() + kSecond;
  while (Clock::now() < end) {
    const int count = ::epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), 5);
    for (int index = 0; index < count; ++index) {
      const int connection = ready[static_cast<size_t>(index)].data.fd;
      read(connection, readers_[connection], delays);
    }
    if (Clock::now() < next_bytes) continue;
    read_one_byte_each();
    next_bytes += kSecond;
  }
  return delays;
}

void Readers::read(int connection, Reader& reader, Delays& delays) {
  std::array<char, 4096> piece{};
  const ssize_t bytes = ::recv(connection, piece.data(), piece.size(), MSG_DONTWAIT);
  if (bytes <= 0) return close(connection);
  const auto now = std::chrono::nanoseconds(Clock::now().time_since_epoch()).count();
  std::string text =
      std::move(reader.begun) + std::string(piece.data(), static_cast<size_t>(bytes));
  size_t at = text.find('@');
  while (at != std::string::npos) {
    const size_t end = text.find(';', at);
    if (end == std::string::npos) break;
    int64_t made = 0;
    std::from_chars(text.data() + at + 1, text.data() + end, made);
    delays.add(static_cast<double>(now - made) / 1000);
    ++reader.pieces;
    at = text.find('@', end);
  }
  reader.begun = at == std::string::npos ? "" : text.substr(at);
}

int Readers::silent() const {
  return static_cast<int>(std::ranges::count_if(readers_, [](const auto& entry) {
    return entry.second.reading == Reading::AtOnce && entry.second.pieces == 0;
  }));
}

void Readers::read_one_byte_each() {
  std::vector<int> ended;
  for (const auto& [connection, reader] : readers_) {
    if (reader.reading == Reading::AtOnce) continue;
    char byte = 0;
    if (::recv(connection, &byte, 1, MSG_DONTWAIT) == 0) ended.push_back(connection);
  }
  for (const int connection : ended) close(connection);
}

void Readers::close(int connection) {
  ++lost_;
  readers_.erase(connection);
  ::close(connection);
}

}  // namespace melete::bench
