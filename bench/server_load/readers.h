// The clients of a load: many connections that each read one stream, on one thread.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "server_load/delays.h"

namespace melete::bench {

enum class Reading {
  AtOnce,         // whatever comes
  OneByteASecond  // and nothing more
};

// Not thread-safe.
class Readers {
 public:
  explicit Readers(uint16_t port);
  ~Readers();
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  // Opens `count` streams of `model`, some hundred at a time.
  void open(int count, const std::string& model, Reading reading);

  // Reads for `time`; gives the delay of each piece that came to those who read at once, from the
  // moment it was made to the moment it was read.
  Delays read_for(std::chrono::milliseconds time);

  // Connections that the server has ended.
  int lost() const { return lost_; }

  // Connections that read at once and got nothing in the last read_for().
  int silent() const;

 private:
  struct Reader {
    Reading reading = Reading::AtOnce;
    int64_t pieces = 0;  // in the last read_for()
    std::string begun;   // of a piece's time, where a read ended within it
  };

  void read(int connection, Reader& reader, Delays& delays);
  void read_one_byte_each();
  void close(int connection);

  const uint16_t port_;
  int poll_ = -1;
  int lost_ = 0;
  std::unordered_map<int, Reader> readers_;
};

}  // namespace melete::bench
