// A group of ranks within one process, each on a thread of its own, and a port to meet on.

#pragma once

#include <ATen/Parallel.h>
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "parallel/group.h"

namespace melete::train {

// A socket on a port of this machine that nothing else has.
class OwnPort {
 public:
  OwnPort() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_ANY);
    socklen_t size = sizeof address_;
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address_), size), 0);
    EXPECT_EQ(getsockname(socket_, reinterpret_cast<sockaddr*>(&address_), &size), 0);
  }
  ~OwnPort() { close(socket_); }
  OwnPort(const OwnPort&) = delete;
  OwnPort& operator=(const OwnPort&) = delete;

  uint16_t number() const { return ntohs(address_.sin_port); }
  void listen_there() const { EXPECT_EQ(listen(socket_, 1), 0); }

 private:
  int socket_;
  sockaddr_in address_{};
};

inline uint16_t free_port() {
  return OwnPort().number();
}

inline Place place_of(int rank, int size, uint16_t port) {
  return {.rank = rank, .size = size, .address = "127.0.0.1", .port = port};
}

inline constexpr std::chrono::minutes kLongDeadline(2);  // for what is expected to come

// Runs work(group) as each rank of a group, on one thread each: on a busy machine more would wait
// for each other.
template <typename Work>
void as_ranks(int size, const Work& work, std::chrono::milliseconds deadline = kLongDeadline) {
  const uint16_t port = free_port();
  std::vector<std::jthread> ranks;
  for (int rank = 0; rank < size; ++rank) {
    ranks.emplace_back([=, &work] {
      at::set_num_threads(1);
      Result<Group> group = Group::join(place_of(rank, size, port), deadline);
      ASSERT_TRUE(group) << group.error().message;
      work(*group);
    });
  }
}

}  // namespace melete::train
