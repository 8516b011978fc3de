// A backend whose answers never end and come at a steady pace, each piece with the time at which it
// was made: what is measured over it is the server alone.
//
// As with the engine one thread makes the pieces of all answers and puts them into bounded queues;
// an answer whose queue is full makes nothing.

#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <queue>
#include <random>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "chat/backend.h"
#include "chat/event_queue.h"

namespace melete::bench {

// Makes the pieces. Thread-safe; outlives the answers.
class Pacer {
 public:
  Pacer();
  ~Pacer();
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;

  // One piece of text each `period` into `queue`, from a random moment within the first, for as
  // long as the queue lives.
  void add(std::weak_ptr<chat::EventQueue> queue, Duration period);

 private:
  struct Turn {
    Instant due;
    std::weak_ptr<chat::EventQueue> queue;
    Duration period;
    bool operator<(const Turn& other) const { return due > other.due; }  // the soonest on top
  };

  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::priority_queue<Turn> turns_;  // guarded by mutex_
  std::mt19937_64 random_{1};        // guarded by mutex_
  bool stopping_ = false;            // guarded by mutex_
  std::thread thread_;
};

class PacedBackend final : public chat::Backend {
 public:
  PacedBackend(std::shared_ptr<Pacer> pacer, double pieces_per_second);

  Result<chat::BackendInfo> info(const std::string& model) const override;
  Result<int64_t> count(const chat::Request& request) const override;
  std::unique_ptr<chat::Stream> start(chat::Request request) override;

 private:
  std::shared_ptr<Pacer> pacer_;
  const Duration period_;
};

}  // namespace melete::bench
