// A ggml graph of one operation, run by the CPU backend with our kernels installed.

#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "engine/kernels/buffer_type.h"
#include "engine/kernels/kernels.h"
#include "ggml-alloc.h"
#include "ggml-backend.h"
#include "ggml-cpu.h"

namespace melete::engine::kernels::testing {

template <typename T, void (*release)(T)>
struct Release {
  using pointer = T;
  void operator()(T handle) const { release(handle); }
};
using Context = std::unique_ptr<ggml_context*, Release<ggml_context*, ggml_free>>;
using Buffer = std::unique_ptr<ggml_backend_buffer_t,
                               Release<ggml_backend_buffer_t, ggml_backend_buffer_free>>;
using CpuBackend = std::unique_ptr<ggml_backend_t, Release<ggml_backend_t, ggml_backend_free>>;

// A graph with one operation on packed weights.
class Graph {
 public:
  Graph() : weights_context_(new_context()), context_(new_context()) { install_kernels(); }

  ggml_context* weights() const { return weights_context_.get(); }
  ggml_context* values() const { return context_.get(); }

  // Places the weights in our buffer and all else in ggml's.
  void allocate(ggml_tensor* result) {
    graph_ = ggml_new_graph(values());
    ggml_build_forward_expand(graph_, result);
    if (ggml_get_first_tensor(weights())) {
      weights_buffer_.reset(
          ggml_backend_alloc_ctx_tensors_from_buft(weights(), packed_buffer_type()));
    }
    buffer_.reset(
        ggml_backend_alloc_ctx_tensors_from_buft(values(), ggml_backend_cpu_buffer_type()));
  }

  std::vector<float> compute(ggml_tensor* result, int threads) {
    const CpuBackend backend(ggml_backend_cpu_init());
    EXPECT_TRUE(ggml_backend_supports_op(backend.get(), result));
    ggml_backend_cpu_set_n_threads(backend.get(), threads);
    EXPECT_EQ(ggml_backend_graph_compute(backend.get(), graph_), GGML_STATUS_SUCCESS);
    std::vector<float> out(ggml_nelements(result));
    ggml_backend_tensor_get(result, out.data(), 0, ggml_nbytes(result));
    return out;
  }

 private:
  static ggml_context* new_context() {
    return ggml_init({.mem_size = ggml_tensor_overhead() * 16 + ggml_graph_overhead(),
                      .mem_buffer = nullptr,
                      .no_alloc = true});
  }

  Context weights_context_;
  Context context_;
  Buffer weights_buffer_;
  Buffer buffer_;
  ggml_cgraph* graph_ = nullptr;
};

}  // namespace melete::engine::kernels::testing
