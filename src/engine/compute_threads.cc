#include "engine/compute_threads.h"

#include <ggml-cpu.h>

#include <algorithm>
#include <thread>

#include "base/check.h"

namespace melete::engine {

namespace {

// ggml's level 1 is some 130,000 looks: longer than the gap between two steps, and no more.
constexpr uint32_t kSpinLevel = 1;

ggml_threadpool* make_pool(int count) {
  ggml_threadpool_params params = ggml_threadpool_params_default(count);
  params.poll = kSpinLevel;
  ggml_threadpool* pool = ggml_threadpool_new(&params);
  MELETE_CHECK(pool != nullptr, "threads can be made");
  return pool;
}

}  // namespace

ComputeThreads::ComputeThreads(int count) : count_(std::max(1, count)), pool_(make_pool(count_)) {}

ComputeThreads::~ComputeThreads() {
  ggml_threadpool_free(pool_);
}

std::shared_ptr<ComputeThreads> make_compute_threads(int count) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::make_shared<ComputeThreads>(count > 0 ? count : cores);
}

ComputeThreads::Turn::Turn(ComputeThreads& threads) : threads_(threads) {
  std::unique_lock lock(threads_.mutex_);
  const uint64_t number = threads_.taken_++;
  threads_.next_.wait(lock, [&] { return threads_.ended_ == number; });
}

ComputeThreads::Turn::~Turn() {
  {
    const std::lock_guard lock(threads_.mutex_);
    ++threads_.ended_;
  }
  threads_.next_.notify_all();
}

}  // namespace melete::engine
