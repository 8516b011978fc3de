#include "loop/gradients.h"

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace melete::train {

namespace {

bool finite(const torch::Tensor& tensor) {
  return !tensor.defined() || tensor.isfinite().all().item<bool>();
}

std::unexpected<Error> not_finite(int64_t step, double loss, const std::string& culprit) {
  return fail(ErrorCode::Internal,
              fmt::format("Step {} is not finite: the loss is {}, and {} has such numbers. Lower "
                          "the learning rate and go on from the last checkpoint.",
                          step, loss, culprit),
              culprit);
}

}  // namespace

Result<void> check_weights(const Model& model, int64_t step, double loss) {
  for (const Parameter& parameter : model.parameters().all()) {
    if (!finite(parameter.value)) return not_finite(step, loss, parameter.name);
  }
  return {};
}

Result<double> gradient_norm(const Model& model, int64_t step, double loss) {
  // Read once: a GPU would have to stop for each number.
  std::vector<torch::Tensor> norms;
  for (const Parameter& parameter : model.parameters().all()) {
    if (parameter.value.grad().defined()) norms.push_back(parameter.value.grad().norm());
  }
  const auto squares =
      norms.empty() ? 0.0 : torch::stack(norms).to(torch::kDouble).square().sum().item<double>();
  if (std::isfinite(loss + squares)) return std::sqrt(squares);
  if (Result<void> weights = check_weights(model, step, loss); !weights) {
    return std::unexpected(weights.error());
  }
  std::string culprit = "the loss alone";
  for (const Parameter& parameter : model.parameters().all()) {
    if (!finite(parameter.value.grad())) culprit = "the gradient of " + parameter.name;
  }
  return not_finite(step, loss, culprit);
}

}  // namespace melete::train
