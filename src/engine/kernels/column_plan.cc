#include "engine/kernels/column_plan.h"

#include <algorithm>

#include "base/check.h"

namespace melete::engine::kernels {
namespace {

struct Index {
  int64_t i1;
  int64_t i2;
  int64_t i3;
};

float* column_at(const ggml_tensor& tensor, Index index) {
  auto* bytes = static_cast<std::byte*>(tensor.data);
  return reinterpret_cast<float*>(bytes + index.i1 * tensor.nb[1] + index.i2 * tensor.nb[2] +
                                  index.i3 * tensor.nb[3]);
}

int32_t expert_at(const ggml_tensor& ids, int64_t slot, int64_t token) {
  const auto* bytes = static_cast<const std::byte*>(ids.data);
  return *reinterpret_cast<const int32_t*>(bytes + slot * ids.nb[0] + token * ids.nb[1]);
}

void add_panels(ColumnPlan& plan, int64_t matrix, int64_t end) {
  const int64_t begin =
      plan.panels.empty() ? 0 : plan.panels.back().first + plan.panels.back().width;
  for (int64_t first = begin; first < end; first += kPanelColumns) {
    const auto width = static_cast<int>(std::min<int64_t>(kPanelColumns, end - first));
    plan.panels.push_back({.matrix = matrix, .first = first, .width = width});
  }
}

ColumnPlan plan_one_matrix(const ggml_tensor& operation) {
  const ggml_tensor& activations = *operation.src[1];
  ColumnPlan plan;
  plan.columns.reserve(planned_column_count(operation));
  for (int64_t i3 = 0; i3 < activations.ne[3]; i3++) {
    for (int64_t i2 = 0; i2 < activations.ne[2]; i2++) {
      for (int64_t i1 = 0; i1 < activations.ne[1]; i1++) {
        const Index index = {i1, i2, i3};
        plan.columns.push_back({column_at(activations, index), column_at(operation, index)});
      }
    }
  }
  add_panels(plan, 0, static_cast<int64_t>(plan.columns.size()));
  return plan;
}

ColumnPlan plan_experts(const ggml_tensor& operation) {
  const ggml_tensor& activations = *operation.src[1];
  const ggml_tensor& ids = *operation.src[2];
  const int64_t matrices = operation.src[0]->ne[2];
  std::vector<int64_t> ends(matrices, 0);
  for (int64_t token = 0; token < ids.ne[1]; token++) {
    for (int64_t slot = 0; slot < ids.ne[0]; slot++) {
      const int32_t expert = expert_at(ids, slot, token);
      MELETE_CHECK(expert >= 0 && expert < matrices, "the router names an expert that exists");
      ends[expert]++;
    }
  }
  ColumnPlan plan;
  plan.columns.resize(ids.ne[0] * ids.ne[1]);
  int64_t begin = 0;
  for (int64_t matrix = 0; matrix < matrices; matrix++) {
    const int64_t count = ends[matrix];
    add_panels(plan, matrix, begin + count);
    ends[matrix] = begin;
    begin += count;
  }
  for (int64_t token = 0; token < ids.ne[1]; token++) {
    for (int64_t slot = 0; slot < ids.ne[0]; slot++) {
      const Index from = {slot % activations.ne[1], token, 0};
      plan.columns[ends[expert_at(ids, slot, token)]++] = {column_at(activations, from),
                                                           column_at(operation, {slot, token, 0})};
    }
  }
  return plan;
}

}  // namespace

ColumnPlan plan_columns(const ggml_tensor& operation) {
  if (operation.op == GGML_OP_MUL_MAT_ID) return plan_experts(operation);
  return plan_one_matrix(operation);
}

int64_t planned_column_count(const ggml_tensor& operation) {
  return operation.ne[1] * operation.ne[2] * operation.ne[3];
}

}  // namespace melete::engine::kernels
