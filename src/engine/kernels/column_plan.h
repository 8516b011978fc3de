// Which activation columns meet which weight matrix, and where the results go.
//
// MUL_MAT has one matrix for all columns. MUL_MAT_ID (mixture of experts) names the matrices of
// each column; here the columns are sorted by matrix, so that both look the same: panels of columns
// that share a matrix.

#pragma once

#include <vector>

#include "engine/kernels/format.h"

namespace melete::engine::kernels {

struct PlannedColumn {
  const float* values;
  float* out;
};

struct Panel {
  int64_t matrix;
  int64_t first;  // column in the plan
  int width;      // 1 to kPanelColumns
};

struct ColumnPlan {
  std::vector<PlannedColumn> columns;
  std::vector<Panel> panels;  // in the order of columns; those of one matrix follow one another
};

// The plan of a MUL_MAT or MUL_MAT_ID. O(columns + matrices); every thread makes its own.
ColumnPlan plan_columns(const ggml_tensor& operation);

// The number of columns in that plan, without making it.
int64_t planned_column_count(const ggml_tensor& operation);

}  // namespace melete::engine::kernels
