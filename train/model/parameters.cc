#include "model/parameters.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace melete::train {

ParameterList::ParameterList(uint64_t seed, WeightReader reader)
    : random_(at::make_generator<at::CPUGeneratorImpl>(seed)), reader_(std::move(reader)) {}

torch::Tensor ParameterList::add(const std::string& name, Role role,
                                 const std::vector<int64_t>& shape, Filling filling) {
  if (!reader_) return add_learning(name, role, shape, filling);
  frozen_.push_back({name, role, reader_(name, shape)});
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
  value.requires_grad_(true);
  learning_.push_back({name, role, value});
  return value;
}

int64_t ParameterList::count() const {
  int64_t total = 0;
  for (const Parameter& parameter : learning_) total += parameter.value.numel();
  return total;
}

}  // namespace melete::train
