#include "model/linear.h"

#include "model/operations.h"

namespace melete::train {

torch::Tensor project(const torch::Tensor& x, const Linear& linear) {
  torch::Tensor y = project(x, linear.weight);
  if (linear.bias.defined()) y = y + linear.bias.to(x.scalar_type());
  if (!linear.inwards.defined()) return y;
  return y + project(project(x, linear.inwards), linear.outwards) * linear.scale;
}

}  // namespace melete::train
