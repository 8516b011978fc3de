#include "optimiser/optimiser.h"

#include <string>
#include <utility>

namespace melete::train {

namespace {

std::vector<torch::Tensor> weights_of(const ParameterList& parameters, Role role) {
  std::vector<torch::Tensor> weights;
  for (const Parameter& parameter : parameters.all()) {
    if (parameter.role == role) weights.push_back(parameter.value);
  }
  return weights;
}

// Embeddings first, then vectors and factors, then matrices where Muon has none: step() sets their
// rates by this order.
std::vector<torch::optim::OptimizerParamGroup> groups_of(const ParameterList& parameters,
                                                         MatrixMethod matrices) {
  std::vector<Role> roles = {Role::Embedding, Role::Vector, Role::Factor};
  if (matrices == MatrixMethod::AdamW) roles.push_back(Role::Matrix);
  std::vector<torch::optim::OptimizerParamGroup> groups;
  for (const Role role : roles) groups.emplace_back(weights_of(parameters, role));
  return groups;
}

std::vector<torch::Tensor> muon_weights(const ParameterList& parameters, MatrixMethod matrices) {
  if (matrices != MatrixMethod::Muon) return {};
  return weights_of(parameters, Role::Matrix);
}

torch::optim::AdamWOptions adam_options() {
  return torch::optim::AdamWOptions().betas({0.9, 0.95}).eps(1e-8).weight_decay(0);
}

void set_rate(torch::optim::OptimizerParamGroup& group, double rate) {
  static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate);
}

}  // namespace

Optimiser::Optimiser(const ParameterList& parameters, const OptimiserOptions& options)
    : options_(options),
      muon_(muon_weights(parameters, options.matrices), options.muon),
      adam_(groups_of(parameters, options.matrices), adam_options()) {
  for (const Parameter& parameter : parameters.all()) all_.push_back(parameter.value);
}

void Optimiser::step(double share) {
  muon_.step(share);
  set_rate(adam_.param_groups()[0], options_.embedding_rate * share);
  set_rate(adam_.param_groups()[1], options_.vector_rate * share);
  set_rate(adam_.param_groups()[2], options_.factor_rate * share);
  if (options_.matrices == MatrixMethod::AdamW) {
    set_rate(adam_.param_groups()[3], options_.muon.learning_rate * share);
  }
  adam_.step();
}

void Optimiser::clear_gradients() {
  for (torch::Tensor& weight : all_) weight.mutable_grad() = torch::Tensor();
}

void Optimiser::save(torch::serialize::OutputArchive& archive) const {
  for (size_t i = 0; i < muon_.momenta().size(); ++i) {
    archive.write("muon." + std::to_string(i), muon_.momenta()[i]);
  }
  torch::serialize::OutputArchive adam;
  adam_.save(adam);
  archive.write("adam", adam);
}

void Optimiser::load(torch::serialize::InputArchive& archive) {
  const torch::NoGradGuard guard;
  for (size_t i = 0; i < muon_.momenta().size(); ++i) {
    torch::Tensor momentum;
    archive.read("muon." + std::to_string(i), momentum);
    torch::Tensor kept = muon_.momenta()[i];
    kept.copy_(momentum);
  }
  torch::serialize::InputArchive adam;
  archive.read("adam", adam);
  adam_.load(adam);
}

}  // namespace melete::train
