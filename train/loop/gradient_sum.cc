#include "loop/gradient_sum.h"

#include <vector>

namespace melete::train {

Result<StepSums> sum_gradients(Group& group, const ParameterList& parameters,
                               const StepSums& mine) {
  if (group.size() == 1) return mine;
  const auto weights = static_cast<int64_t>(parameters.all().size());
  const torch::Tensor present = torch::zeros({weights}, torch::kFloat);
  float* const is_present = present.data_ptr<float>();
  std::vector<torch::Tensor> all;
  for (int64_t i = 0; i < weights; ++i) {
    const torch::Tensor& weight = parameters.all()[i].value;
    is_present[i] = weight.grad().defined() ? 1 : 0;
    if (!weight.grad().defined()) weight.mutable_grad() = torch::zeros_like(weight);
    all.push_back(weight.grad());
  }
  const torch::Tensor numbers = torch::tensor({mine.loss, mine.taught}, torch::kFloat);
  all.push_back(present);
  all.push_back(numbers);
  if (const Result<void> summed = group.sum(all); !summed) return std::unexpected(summed.error());
  for (int64_t i = 0; i < weights; ++i) {
    if (is_present[i] == 0) parameters.all()[i].value.mutable_grad() = torch::Tensor();
  }
  return StepSums{.loss = numbers[0].item<double>(), .taught = numbers[1].item<double>()};
}

}  // namespace melete::train
