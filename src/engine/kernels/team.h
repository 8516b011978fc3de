// The CPU backend's threads, as one operation sees them: each calls the same function with its own
// index.

#pragma once

#include <cstddef>

#include "base/check.h"
#include "ggml-cpu-impl.h"

extern "C" {
// Of ggml-cpu, not in its headers.
void ggml_barrier(struct ggml_threadpool* threadpool);
void ggml_threadpool_chunk_set(struct ggml_threadpool* threadpool, int value);
int ggml_threadpool_chunk_add(struct ggml_threadpool* threadpool, int value);
}

namespace melete::engine::kernels {

class Team {
 public:
  explicit Team(const ggml_compute_params& params) : params_(params) {}

  int index() const { return params_.ith; }
  int size() const { return params_.nth; }

  // The buffer that all threads share, of at least `bytes` bytes (as announced in work_size).
  std::byte* work(size_t bytes) const {
    MELETE_CHECK(bytes <= params_.wsize, "the operation announced its work buffer");
    return static_cast<std::byte*>(params_.wdata);
  }

  // Waits for all threads.
  void gather() const { ggml_barrier(params_.threadpool); }

  // The same; slices are then dealt from the first again. No thread may still be taking any.
  void gather_and_deal() const {
    if (index() == 0) ggml_threadpool_chunk_set(params_.threadpool, 0);
    gather();
  }

  // The next slice of work that no thread has taken since gather_and_deal(). A slow core
  // takes fewer.
  int take() const { return ggml_threadpool_chunk_add(params_.threadpool, 1); }

 private:
  const ggml_compute_params& params_;
};

}  // namespace melete::engine::kernels
