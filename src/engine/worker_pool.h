// A few threads that share a loop: for the short work between two decoding steps.

#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace melete::engine {

// run() is called by one thread at a time; that thread takes part in the work.
class WorkerPool {
 public:
  // `thread_count` counts the calling thread; 1 makes a pool without threads of its own.
  explicit WorkerPool(int thread_count);
  ~WorkerPool();

  // Calls work(0) to work(count - 1), each once, on any of the threads, and returns when all are
  // done.
  void run(int count, const std::function<void(int)>& work);

 private:
  void serve();
  void drain();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  uint64_t round_ = 0;                              // guarded by mutex_; grows with each run()
  int busy_ = 0;                                    // guarded by mutex_; threads inside drain()
  bool stopping_ = false;                           // guarded by mutex_
  const std::function<void(int)>* work_ = nullptr;  // constant during a round
  int count_ = 0;                                   // constant during a round
  std::atomic<int> next_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace melete::engine
