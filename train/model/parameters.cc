#include "model/parameters.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace melete::train {

ParameterList::ParameterList(uint64_t seed, torch::Device device, WeightReader reader)
    : random_(at::make_generator<at::CPUGeneratorImpl>(seed)),
      device_(device),
      reader_(std::move(reader)) {}

torch::Tensor ParameterList::add(const std::string& name, Role role,
                                 const std::vector<int64_t>& shape, Filling filling) {
  if (!reader_) return add_learning(name, role, shape, filling);
  const torch::Tensor read = reader_(name, shape);
  frozen_.push_back({name, role, read.defined() ? read.to(device_) : read});
  return frozen_.back().value;
}

torch::Tensor ParameterList::add_learning(const std::string& name, Role role,
                                          const std::vector<int64_t>& shape, Filling filling) {
  MELETE_CHECK(std::ranges::find(learning_, name, &Parameter::name) == learning_.end(),
               "each weight has a name of its own");
  torch::Tensor value = torch::full(shape, filling.mean, torch::kFloat);
  if (filling.deviation > 0) {
    value += at::randn(shape, random_, torch::kFloat) * filling.deviation;
  }
  value = value.to(device_).requires_grad_(true);
  learning_.push_back({name, role, value});
  return value;
}

int64_t ParameterList::count() const {
  int64_t total = 0;
  for (const Parameter& parameter : learning_) total += parameter.value.numel();
  return total;
}

}  // namespace melete::train
