// What attention remembers of the places that it has read, so that a further token costs its own
// place and not all those before it.

#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "model/config.h"

namespace melete::train {

// Not thread-safe. Gradients do not pass through it: it is used under torch::NoGradGuard.
class KeyValueCache {
 public:
  // Empty, with room for `room` places in each of `rows` rows; `options` has the activations' type
  // and device.
  KeyValueCache(const DecoderConfig& config, int64_t rows, int64_t room,
                const torch::TensorOptions& options);

  // The rows of `prompts`, which have one each, every one `copies` times, with room for `more`
  // places behind the longest. All end at the same place, so that shorter ones begin with places
  // that hold nothing and must not be looked at.
  KeyValueCache(std::span<const KeyValueCache> prompts, int64_t copies, int64_t more);

  // Keys and values, each (rows, places, key_heads, head_width).
  struct Layer {
    torch::Tensor keys;
    torch::Tensor values;
  };

  // Puts those of a layer's further places behind its earlier ones and returns all, without a copy.
  // The decoder calls it for each layer in turn; there has to be room.
  Layer extend(int64_t layer, const torch::Tensor& keys, const torch::Tensor& values);

  // Keeps these rows alone, in this order.
  void keep_rows(const torch::Tensor& rows);

  int64_t places() const { return places_; }

 private:
  std::vector<Layer> layers_;  // each (rows, key_heads, room, head_width)
  int64_t places_ = 0;         // that every row has
};

}  // namespace melete::train
