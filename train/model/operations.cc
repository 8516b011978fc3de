#include "model/operations.h"

#include <ATen/Parallel.h>
#include <torch/autograd.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "model/plain_operations.h"
#include "model/row_loops.h"

namespace melete::train {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// Rows are shared out among threads in pieces of this many; sums over rows are sums over pieces, so
// that they do not depend on the number of threads.
constexpr int64_t kPieceRows = 64;

int64_t row_count(const torch::Tensor& x) {
  return x.numel() / x.size(-1);
}

// Calls work(piece, first row, end row) for all pieces, on all threads.
template <typename Work>
void for_pieces(int64_t rows, const Work& work) {
  const int64_t pieces = (rows + kPieceRows - 1) / kPieceRows;
  at::parallel_for(0, pieces, 1, [&](int64_t first, int64_t end) {
    for (int64_t piece = first; piece < end; ++piece) {
      work(piece, piece * kPieceRows, std::min(rows, (piece + 1) * kPieceRows));
    }
  });
}

// Calls work(number of the tensor's type).
template <typename Work>
void with_number(const torch::Tensor& tensor, const Work& work) {
  if (tensor.scalar_type() == torch::kBFloat16) return work(c10::BFloat16());
  work(float());
}

class RmsNorm : public torch::autograd::Function<RmsNorm> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& given,
                               const torch::Tensor& weight, double epsilon) {
    const torch::Tensor x = given.contiguous();
    const int64_t width = x.size(-1);
    torch::Tensor y = torch::empty_like(x);
    const torch::Tensor scales = torch::empty({row_count(x)}, torch::kFloat);
    with_number(x, [&]<typename Number>(Number) {
      for_pieces(row_count(x), [&](int64_t, int64_t first, int64_t end) {
        for (int64_t row = first; row < end; ++row) {
          scales.data_ptr<float>()[row] =
              normalise_row(x.data_ptr<Number>() + row * width, weight.data_ptr<float>(), width,
                            static_cast<float>(epsilon), y.data_ptr<Number>() + row * width);
        }
      });
    });
    context->save_for_backward({x, weight, scales});
    return y;
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const tensor_list saved = context->get_saved_variables();
    const torch::Tensor& x = saved[0];
    const torch::Tensor of_y = gradients[0].contiguous();
    const int64_t rows = row_count(x);
    const int64_t width = x.size(-1);
    torch::Tensor of_x = torch::empty_like(x);
    const torch::Tensor of_weight =
        torch::zeros({(rows + kPieceRows - 1) / kPieceRows, width}, torch::kFloat);
    with_number(x, [&]<typename Number>(Number) {
      for_pieces(rows, [&](int64_t piece, int64_t first, int64_t end) {
        for (int64_t row = first; row < end; ++row) {
          normalise_row_backward(
              x.data_ptr<Number>() + row * width, saved[1].data_ptr<float>(),
              of_y.data_ptr<Number>() + row * width, saved[2].data_ptr<float>()[row], width,
              of_x.data_ptr<Number>() + row * width, of_weight.data_ptr<float>() + piece * width);
        }
      });
    });
    return {of_x, of_weight.sum(0), torch::Tensor()};
  }
};

// x is (rows, length, heads, head_width), the angles (rows, length, head_width / 2).
torch::Tensor turned(const torch::Tensor& given, const torch::Tensor& cosines,
                     const torch::Tensor& sines, float direction) {
  const torch::Tensor x = given.contiguous();
  const int64_t heads = x.size(-2);
  const int64_t half = x.size(-1) / 2;
  torch::Tensor y = torch::empty_like(x);
  with_number(x, [&]<typename Number>(Number) {
    for_pieces(row_count(x), [&](int64_t, int64_t first, int64_t end) {
      for (int64_t row = first; row < end; ++row) {
        const int64_t place = row / heads * half;
        rotate_row(x.data_ptr<Number>() + row * 2 * half, cosines.data_ptr<float>() + place,
                   sines.data_ptr<float>() + place, direction, half,
                   y.data_ptr<Number>() + row * 2 * half);
      }
    });
  });
  return y;
}

class Rotation : public torch::autograd::Function<Rotation> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& cosines, const torch::Tensor& sines) {
    context->save_for_backward({cosines, sines});
    return turned(x, cosines, sines, 1);
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const tensor_list saved = context->get_saved_variables();
    return {turned(gradients[0], saved[0], saved[1], -1), torch::Tensor(), torch::Tensor()};
  }
};

// Scores are (rows, heads, length, seen), the bias (rows, 1, length, seen).
class Shares : public torch::autograd::Function<Shares> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& scores,
                               const torch::Tensor& bias, double scale) {
    const int64_t heads = scores.size(1);
    const int64_t length = scores.size(2);
    const int64_t width = scores.size(3);
    torch::Tensor shares = torch::empty_like(scores);
    with_number(scores, [&]<typename Number>(Number) {
      for_pieces(row_count(scores), [&](int64_t, int64_t first, int64_t end) {
        std::vector<float> scratch(width);
        for (int64_t row = first; row < end; ++row) {
          const int64_t bias_row = row / (heads * length) * length + row % length;
          share_row(scores.data_ptr<Number>() + row * width,
                    bias.data_ptr<Number>() + bias_row * width, static_cast<float>(scale), width,
                    scratch.data(), shares.data_ptr<Number>() + row * width);
        }
      });
    });
    context->save_for_backward({shares});
    context->saved_data["scale"] = scale;
    return shares;
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const torch::Tensor shares = context->get_saved_variables()[0];
    const torch::Tensor of_shares = gradients[0].contiguous();
    const auto scale = static_cast<float>(context->saved_data["scale"].toDouble());
    const int64_t width = shares.size(-1);
    torch::Tensor of_scores = torch::empty_like(shares);
    with_number(shares, [&]<typename Number>(Number) {
      for_pieces(row_count(shares), [&](int64_t, int64_t first, int64_t end) {
        for (int64_t row = first; row < end; ++row) {
          share_row_backward(shares.data_ptr<Number>() + row * width,
                             of_shares.data_ptr<Number>() + row * width, scale, width,
                             of_scores.data_ptr<Number>() + row * width);
        }
      });
    });
    return {of_scores, torch::Tensor(), torch::Tensor()};
  }
};

// libtorch 1.13's own backward pass leaves its result unwritten where the gradient lies in another
// order than x.
class Gelu : public torch::autograd::Function<Gelu> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& given) {
    const torch::Tensor x = given.contiguous();
    context->save_for_backward({x});
    return torch::gelu(x);
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    return {at::gelu_backward(gradients[0].contiguous(), context->get_saved_variables()[0])};
  }
};

torch::Tensor shares_of(const torch::Tensor& scores, const torch::Tensor& bias, double scale) {
  return scores.is_cpu() ? Shares::apply(scores, bias.contiguous(), scale)
                         : plain::shares(scores, bias, scale);
}

}  // namespace

torch::Tensor rms_norm(const torch::Tensor& x, const torch::Tensor& weight, double epsilon) {
  return x.is_cpu() ? RmsNorm::apply(x, weight, epsilon) : plain::rms_norm(x, weight, epsilon);
}

torch::Tensor project(const torch::Tensor& x, const torch::Tensor& weight) {
  return torch::matmul(x, weight.to(x.scalar_type()).t());
}

torch::Tensor gelu(const torch::Tensor& x) {
  return Gelu::apply(x);
}

torch::Tensor swiglu(const torch::Tensor& gate, const torch::Tensor& up) {
  return torch::silu(gate) * up;
}

Angles angles_of(const torch::Tensor& positions, int64_t head_width, double base) {
  const torch::Tensor pairs =
      torch::arange(0, head_width, 2, positions.options().dtype(torch::kDouble));
  const torch::Tensor rates = torch::pow(base, -pairs / static_cast<double>(head_width));
  const torch::Tensor angles = positions.to(torch::kDouble).unsqueeze(-1) * rates;
  return {angles.cos().to(torch::kFloat), angles.sin().to(torch::kFloat)};
}

torch::Tensor rotate(const torch::Tensor& x, const Angles& angles) {
  return x.is_cpu() ? Rotation::apply(x, angles.cosines, angles.sines)
                    : plain::rotate(x, angles.cosines, angles.sines);
}

torch::Tensor neighbours_as_halves(const torch::Tensor& x) {
  return x.reshape({x.size(0), x.size(1), x.size(2), -1, 2}).transpose(-1, -2).flatten(-2);
}

torch::Tensor attend(const torch::Tensor& queries, const torch::Tensor& keys,
                     const torch::Tensor& values, const torch::Tensor& bias) {
  const int64_t rows = queries.size(0);
  const int64_t length = queries.size(1);
  const int64_t heads = queries.size(2);
  const int64_t width = queries.size(3);
  const int64_t seen = keys.size(1);
  const int64_t key_heads = keys.size(2);
  const int64_t group = heads / key_heads;
  // Heads that share keys are one product: (rows, key_heads, group * length, width).
  const torch::Tensor grouped =
      queries.permute({0, 2, 1, 3}).reshape({rows, key_heads, group * length, width});
  const torch::Tensor scores = torch::matmul(grouped, keys.permute({0, 2, 3, 1}));
  const torch::Tensor shares = shares_of(scores.view({rows, heads, length, seen}), bias,
                                         1 / std::sqrt(static_cast<double>(width)))
                                   .view({rows, key_heads, group * length, seen});
  return torch::matmul(shares, values.permute({0, 2, 1, 3}))
      .view({rows, heads, length, width})
      .permute({0, 2, 1, 3})
      .reshape({rows, length, heads * width});
}

}  // namespace melete::train
