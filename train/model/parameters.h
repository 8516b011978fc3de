// The weights of a model, by the names that GGUF files give them.

#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

namespace melete::train {

// How a weight is used; optimisers treat them differently.
enum class Role {
  Matrix,     // multiplies hidden states
  Embedding,  // a table of rows, or the head
  Vector,     // scales, biases, positions and kernels of convolutions
};

struct Parameter {
  std::string name;  // e.g. "blk.0.attn_q.weight"
  Role role = Role::Matrix;
  torch::Tensor value;  // float, requires a gradient
};

// How a new weight is filled. Deviation 0 with mean 0 makes zeros.
struct Filling {
  double mean = 0;
  double deviation = 0;
};

// All weights of a model in the order of their making. Tensors share their data with the model.
class ParameterList {
 public:
  // `seed` decides every value that add() makes after it.
  explicit ParameterList(uint64_t seed);

  // Makes a weight and remembers it. A name that is taken is a programmer's error.
  torch::Tensor add(const std::string& name, Role role, const std::vector<int64_t>& shape,
                    Filling filling);

  const std::vector<Parameter>& all() const { return parameters_; }

  // Numbers in all weights together.
  int64_t count() const;

 private:
  at::Generator random_;
  std::vector<Parameter> parameters_;
};

}  // namespace melete::train
