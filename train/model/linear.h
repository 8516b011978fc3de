// A linear map of the decoder, and what an adapter adds to it.
//
// Low-rank adaptation (Hu et al., 2021, arXiv:2106.09685): the matrix stays as it is, and the
// product of two thin ones is learnt beside it.

#pragma once

#include <torch/types.h>

namespace melete::train {

struct Linear {
  torch::Tensor weight;    // (outputs, inputs)
  torch::Tensor bias;      // (outputs); undefined: none
  torch::Tensor inwards;   // (rank, inputs); undefined: no adapter
  torch::Tensor outwards;  // (outputs, rank)
  double scale = 0;        // of what the adapter adds
};

// x W^T + bias + scale (x inwards^T) outwards^T, in the type of x. O(x's rows * weight).
torch::Tensor project(const torch::Tensor& x, const Linear& linear);

}  // namespace melete::train
