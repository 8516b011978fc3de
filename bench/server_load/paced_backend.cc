#include "server_load/paced_backend.h"

#include <fmt/format.h>

#include <utility>

namespace melete::bench {

namespace {

// "@" and ";" are nowhere else in a chunk.
chat::Event piece_made_at(Instant made) {
  const auto since = std::chrono::nanoseconds(made.time_since_epoch()).count();
  return {.tokens = 1, .payload = chat::TextDelta{fmt::format("@{};", since), {}}};
}

class PacedStream final : public chat::Stream {
 public:
  explicit PacedStream(std::shared_ptr<chat::EventQueue> queue) : queue_(std::move(queue)) {}

  chat::awaitable<std::optional<chat::Event>> next() override { return queue_->next(); }
  Result<void> control(chat::Control /*control*/) override {
    queue_->push({.payload = chat::Finished{chat::FinishReason::Stopped, ""}});
    queue_->close();
    return {};
  }

 private:
  std::shared_ptr<chat::EventQueue> queue_;
};

}  // namespace

Pacer::Pacer() : thread_([this] { run(); }) {}

Pacer::~Pacer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Pacer::add(std::weak_ptr<chat::EventQueue> queue, Duration period) {
  {
    const std::lock_guard lock(mutex_);
    const Duration phase(std::uniform_int_distribution<int64_t>(0, period.count())(random_));
    turns_.push({system_clock().now() + phase, std::move(queue), period});
  }
  changed_.notify_one();
}

void Pacer::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (turns_.empty()) {
      changed_.wait(lock);
    } else if (turns_.top().due > system_clock().now()) {
      changed_.wait_until(lock, turns_.top().due);
    } else {
      Turn turn = turns_.top();
      turns_.pop();
      lock.unlock();
      const std::shared_ptr<chat::EventQueue> queue = turn.queue.lock();
      const bool lives = queue && !queue->closed();
      if (lives && !queue->full()) queue->push(piece_made_at(turn.due));
      lock.lock();
      turn.due += turn.period;
      if (lives) turns_.push(std::move(turn));
    }
  }
}

PacedBackend::PacedBackend(std::shared_ptr<Pacer> pacer, double pieces_per_second)
    : pacer_(std::move(pacer)),
      period_(std::chrono::duration_cast<Duration>(
          std::chrono::duration<double>(1 / pieces_per_second))) {}

Result<chat::BackendInfo> PacedBackend::info(const std::string& model) const {
  return chat::BackendInfo{.model = model};
}

Result<int64_t> PacedBackend::count(const chat::Request& /*request*/) const {
  return 1;
}

std::unique_ptr<chat::Stream> PacedBackend::start(chat::Request /*request*/) {
  auto queue = std::make_shared<chat::EventQueue>();
  queue->push({.payload = chat::Started{.prompt_tokens = 1}});
  pacer_->add(queue, period_);
  return std::make_unique<PacedStream>(std::move(queue));
}

}  // namespace melete::bench
