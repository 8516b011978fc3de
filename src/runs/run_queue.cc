#include "runs/run_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace melete::runs {

Result<void> RunQueue::has_room() const {
  const std::lock_guard lock(mutex_);
  if (static_cast<int>(waiting_.size()) < limits_.waiting) return {};
  return fail(
      ErrorCode::Overloaded,
      fmt::format("{} background answers wait already, which is the limit: ask again later, "
                  "or without background.",
                  limits_.waiting));
}

void RunQueue::push(std::string id, std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    waiting_.push_back({std::move(id), std::move(job)});
  }
  begin_next();
}

void RunQueue::remove(std::string_view id) {
  std::deque<Waiting> forgotten;
  const std::lock_guard lock(mutex_);
  const auto waiting = std::ranges::find(waiting_, id, &Waiting::id);
  if (waiting == waiting_.end()) return;
  forgotten.push_back(std::move(*waiting));
  waiting_.erase(waiting);
}

void RunQueue::done() {
  {
    const std::lock_guard lock(mutex_);
    --running_;
  }
  begin_next();
}

void RunQueue::close() {
  std::deque<Waiting> forgotten;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  forgotten.swap(waiting_);
}

int RunQueue::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

void RunQueue::begin_next() {
  std::function<void()> job;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty() || running_ >= limits_.running) return;
    ++running_;
    job = std::move(waiting_.front().job);
    waiting_.pop_front();
  }
  job();
}

}  // namespace melete::runs
