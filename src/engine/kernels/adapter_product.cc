#include "engine/kernels/adapter_product.h"

#include <string_view>

#include "engine/kernels/team.h"
#include "ggml-cpu.h"

namespace melete::engine::kernels {
namespace {

// The type in which the columns meet a row of the matrix.
ggml_type column_type(const ggml_tensor& operation) {
  return ggml_get_type_traits_cpu(operation.src[0]->type)->vec_dot_type;
}

// The columns, one every `stride` bytes.
struct Columns {
  const std::byte* first;
  size_t stride;
};

Columns columns_of(const ggml_tensor& operation, const Team& team) {
  const ggml_tensor& values = *operation.src[1];
  const Columns given{static_cast<const std::byte*>(values.data), values.nb[1]};
  const ggml_type type = column_type(operation);
  if (type == GGML_TYPE_F32) return given;

  const auto from_float = ggml_get_type_traits_cpu(type)->from_float;
  const size_t stride = ggml_row_size(type, values.ne[0]);
  std::byte* const converted = team.work(adapter_work_bytes(operation));
  for (int64_t column = team.index(); column < values.ne[1]; column += team.size()) {
    from_float(reinterpret_cast<const float*>(given.first + column * given.stride),
               converted + column * stride, values.ne[0]);
  }
  team.gather();
  return {converted, stride};
}

}  // namespace

bool is_adapter_product(const ggml_tensor& operation) {
  if (operation.op != GGML_OP_MUL_MAT) return false;
  const ggml_tensor& matrix = *operation.src[0];
  const ggml_tensor& values = *operation.src[1];
  const std::string_view name = matrix.name;
  if (!name.ends_with(".lora_a") && !name.ends_with(".lora_b")) return false;
  return matrix.ne[2] * matrix.ne[3] * values.ne[2] * values.ne[3] == 1 &&
         values.type == GGML_TYPE_F32 && values.nb[0] == sizeof(float) &&
         ggml_get_type_traits_cpu(matrix.type)->vec_dot != nullptr;
}

size_t adapter_work_bytes(const ggml_tensor& operation) {
  const ggml_type type = column_type(operation);
  const ggml_tensor& values = *operation.src[1];
  return type == GGML_TYPE_F32 ? 0 : ggml_row_size(type, values.ne[0]) * values.ne[1];
}

void multiply_adapter(const ggml_tensor& operation, const Team& team) {
  const ggml_tensor& matrix = *operation.src[0];
  const Columns columns = columns_of(operation, team);
  const auto dot = ggml_get_type_traits_cpu(matrix.type)->vec_dot;
  const int64_t rows = matrix.ne[1];
  const int64_t count = rows * operation.ne[1];
  const int64_t end = count * (team.index() + 1) / team.size();
  for (int64_t i = count * team.index() / team.size(); i < end; i++) {
    const int64_t column = i / rows;
    const int64_t row = i % rows;
    auto* out = static_cast<std::byte*>(operation.data) + column * operation.nb[1];
    dot(static_cast<int>(matrix.ne[0]), reinterpret_cast<float*>(out) + row, 0,
        static_cast<const std::byte*>(matrix.data) + row * matrix.nb[1], 0,
        columns.first + column * columns.stride, 0, 1);
  }
}

}  // namespace melete::engine::kernels
