// The weights of a model, by the names that GGUF files give them.

#pragma once

#include <torch/types.h>

#include <functional>
#include <string>
#include <vector>

namespace melete::train {

// How a weight is used; optimisers treat them differently.
enum class Role {
  Matrix,     // multiplies hidden states
  Embedding,  // a table of rows, or the head
  Vector,     // scales, biases, positions and kernels of convolutions
  Factor,     // the thin matrices of adapters
};

struct Parameter {
  std::string name;  // e.g. "blk.0.attn_q.weight"
  Role role = Role::Matrix;
  torch::Tensor value;  // of those that learn: float, requires a gradient
};

// How a new weight is filled. Deviation 0 with mean 0 makes zeros.
struct Filling {
  double mean = 0;
  double deviation = 0;
};

// Gives a weight that is there already, such as one of a file, in the shape that is asked for.
using WeightReader =
    std::function<torch::Tensor(const std::string& name, const std::vector<int64_t>& shape)>;

// All weights of a model in the order of their making. Tensors share their data with the model.
class ParameterList {
 public:
  // `seed` decides every random value, the same ones on every device. With a reader, add() gives
  // what it reads, and that does not learn.
  explicit ParameterList(uint64_t seed, torch::Device device = torch::kCPU,
                         WeightReader reader = {});

  // Makes a weight, or reads it, and remembers it. A name that is taken is a programmer's error.
  torch::Tensor add(const std::string& name, Role role, const std::vector<int64_t>& shape,
                    Filling filling);

  // Makes a weight that learns, whether or not there is a reader.
  torch::Tensor add_learning(const std::string& name, Role role, const std::vector<int64_t>& shape,
                             Filling filling);

  // From here on nothing is read: the reader may go.
  void stop_reading() { reader_ = {}; }

  // Those that learn.
  const std::vector<Parameter>& all() const { return learning_; }

  // Those that were read.
  const std::vector<Parameter>& frozen() const { return frozen_; }

  // Numbers in all weights that learn.
  int64_t count() const;

 private:
  at::Generator random_;
  torch::Device device_;
  WeightReader reader_;
  std::vector<Parameter> learning_;
  std::vector<Parameter> frozen_;
};

}  // namespace melete::train
