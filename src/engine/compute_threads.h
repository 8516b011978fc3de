// The processor threads that models compute their steps on.
//
// All models of a process share them and take turns, step by step: threads that wait for each other
// at a barrier do so by spinning, so two steps at once on the same cores would both crawl.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

struct ggml_threadpool;

namespace melete::engine {

// Thread-safe. After a step the threads spin for about a millisecond, then sleep.
class ComputeThreads {
 public:
  // `count` counts the thread that calls for a step; at least 1.
  explicit ComputeThreads(int count);
  ~ComputeThreads();
  ComputeThreads(const ComputeThreads&) = delete;
  ComputeThreads& operator=(const ComputeThreads&) = delete;

  int count() const { return count_; }
  ggml_threadpool* pool() const { return pool_; }

  // The right to compute one step; lives as long as the step. Must not outlive the threads.
  class Turn {
   public:
    explicit Turn(ComputeThreads& threads);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    ComputeThreads& threads_;
  };

 private:
  const int count_;
  ggml_threadpool* pool_;

  std::mutex mutex_;
  std::condition_variable next_;
  uint64_t taken_ = 0;  // guarded by mutex_; turns asked for so far, served in that order
  uint64_t ended_ = 0;  // guarded by mutex_
};

// `count` threads; 0: one for every core.
std::shared_ptr<ComputeThreads> make_compute_threads(int count);

}  // namespace melete::engine
