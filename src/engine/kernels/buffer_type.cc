#include "engine/kernels/buffer_type.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <memory>

#include "base/check.h"
#include "engine/kernels/adapter_product.h"
#include "engine/kernels/attention.h"
#include "engine/kernels/catalogue.h"
#include "engine/kernels/product.h"
#include "engine/kernels/team.h"
#include "ggml-backend-impl.h"
#include "ggml-cpu.h"
#include "traits.h"

namespace melete::engine::kernels {
namespace {

bool is_packed(const ggml_tensor& tensor) {
  return tensor.buffer && tensor.buffer->buft == packed_buffer_type();
}

PackedMatrix matrix_of(const ggml_tensor& tensor) {
  const Kernel* kernel = kernel_for(tensor.type);
  MELETE_CHECK(kernel, "only tensors with a kernel are placed in our buffer");
  return PackedMatrix::of(tensor, *kernel);
}

// Runs the operations on packed weights. Without state: one serves all tensors.
class PackedTraits final : public ggml::cpu::tensor_traits {
 public:
  bool work_size(int, const ggml_tensor* operation, size_t& size) override {
    if (operation->op == GGML_OP_GET_ROWS) {
      size = 0;
    } else {
      size = multiply_work_bytes(*operation, matrix_of(*operation->src[0]));
    }
    return true;
  }

  bool compute_forward(ggml_compute_params* params, ggml_tensor* operation) override {
    const PackedMatrix matrix = matrix_of(*operation->src[0]);
    if (operation->op == GGML_OP_GET_ROWS) {
      get_rows(*operation, matrix, Team(*params));
    } else {
      multiply(*operation, matrix, Team(*params));
    }
    return true;
  }
};

// Runs products with adapters, which lie in ggml's own buffers.
class AdapterTraits final : public ggml::cpu::tensor_traits {
 public:
  bool work_size(int, const ggml_tensor* operation, size_t& size) override {
    size = adapter_work_bytes(*operation);
    return true;
  }

  bool compute_forward(ggml_compute_params* params, ggml_tensor* operation) override {
    multiply_adapter(*operation, Team(*params));
    return true;
  }
};

// Runs attention, whose operands lie in ggml's own buffers.
class AttentionTraits final : public ggml::cpu::tensor_traits {
 public:
  bool work_size(int threads, const ggml_tensor* operation, size_t& size) override {
    size = attention_work_bytes(*operation, threads);
    return true;
  }

  bool compute_forward(ggml_compute_params* params, ggml_tensor* operation) override {
    attend(*operation, Team(*params));
    return true;
  }
};

class PackedBufferType final : public ggml::cpu::extra_buffer_type {
 public:
  bool supports_op(ggml_backend_dev_t, const ggml_tensor* operation) override {
    const ggml_tensor& weights = *operation->src[0];
    if (!is_packed(weights) || weights.view_src || !kernel_for(weights.type)) return false;
    const ggml_tensor& other = *operation->src[1];
    if (other.buffer && !ggml_backend_buft_is_host(other.buffer->buft)) return false;
    switch (operation->op) {
      case GGML_OP_MUL_MAT:
        return weights.ne[2] * weights.ne[3] == 1 && other.type == GGML_TYPE_F32;
      case GGML_OP_MUL_MAT_ID:
        return weights.ne[3] == 1 && other.type == GGML_TYPE_F32;
      case GGML_OP_GET_ROWS:
        return weights.ne[2] * weights.ne[3] == 1 && ggml_is_vector(&other);
      default:
        return false;
    }
  }

  ggml::cpu::tensor_traits* get_tensor_traits(const ggml_tensor* operation) override {
    switch (operation->op) {
      case GGML_OP_MUL_MAT:
      case GGML_OP_MUL_MAT_ID:
      case GGML_OP_GET_ROWS:
        if (is_packed(*operation->src[0])) return &packed_;
        return is_adapter_product(*operation) ? &adapter_ : nullptr;
      case GGML_OP_FLASH_ATTN_EXT:
        return can_attend(*operation) ? &attention_ : nullptr;
      default:
        return nullptr;
    }
  }

 private:
  PackedTraits packed_;
  AdapterTraits adapter_;
  AttentionTraits attention_;
};

void set_tensor(ggml_backend_buffer_t, ggml_tensor* tensor, const void* data, size_t offset,
                size_t size) {
  MELETE_CHECK(offset == 0 && size == ggml_nbytes(tensor), "a tensor is packed as a whole");
  matrix_of(*tensor).pack(static_cast<const std::byte*>(data),
                          static_cast<std::byte*>(tensor->data));
}

// Large pages where the system gives them on request: weights are read from one end to the other,
// and prefetching ends where a page does.
void ask_for_large_pages(void* memory, size_t size) {
#ifdef __linux__
  constexpr size_t kLargePage = size_t{2} << 20;
  void* begin = memory;
  if (std::align(kLargePage, kLargePage, begin, size) == nullptr) return;
  madvise(begin, size & ~(kLargePage - 1), MADV_HUGEPAGE);
#endif
}

ggml_backend_buffer_t allocate(ggml_backend_buffer_type_t type, size_t size) {
  ggml_backend_buffer_t buffer =
      ggml_backend_buft_alloc_buffer(ggml_backend_cpu_buffer_type(), size);
  if (!buffer) return nullptr;
  ask_for_large_pages(ggml_backend_buffer_get_base(buffer), size);
  buffer->buft = type;
  buffer->iface.set_tensor = set_tensor;
  buffer->iface.get_tensor = nullptr;
  buffer->iface.cpy_tensor = nullptr;
  return buffer;
}

size_t allocation_size(ggml_backend_buffer_type_t, const ggml_tensor* tensor) {
  return matrix_of(*tensor).bytes();
}

}  // namespace

ggml_backend_buffer_type_t packed_buffer_type() {
  static PackedBufferType behaviour;
  static ggml_backend_buffer_type type = {
      .iface = {.get_name = [](ggml_backend_buffer_type_t) { return "CPU_Melete"; },
                .alloc_buffer = allocate,
                .get_alignment = [](ggml_backend_buffer_type_t) -> size_t { return 64; },
                .get_max_size = nullptr,
                .get_alloc_size = allocation_size,
                .is_host = nullptr},
      .device = ggml_backend_reg_dev_get(ggml_backend_cpu_reg(), 0),
      .context = &behaviour,
  };
  return &type;
}

}  // namespace melete::engine::kernels
