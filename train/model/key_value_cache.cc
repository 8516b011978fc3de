#include "model/key_value_cache.h"

#include <algorithm>

namespace melete::train {

namespace {

constexpr int64_t kPlaceDimension = 2;

}  // namespace

KeyValueCache::KeyValueCache(const DecoderConfig& config, int64_t rows, int64_t room,
                             const torch::TensorOptions& options) {
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    const auto empty = [&] {
      return torch::zeros({rows, config.key_heads, room, config.head_width}, options);
    };
    layers_.push_back({empty(), empty()});
  }
}

// Zeros before the shorter prompts: a share of nothing is nothing only where the value is a number.
KeyValueCache::KeyValueCache(std::span<const KeyValueCache> prompts, int64_t copies, int64_t more) {
  for (const KeyValueCache& prompt : prompts) places_ = std::max(places_, prompt.places_);
  const auto rows = static_cast<int64_t>(prompts.size()) * copies;
  const auto joined = [&](size_t layer, torch::Tensor Layer::* member) {
    const torch::Tensor& first = prompts[0].layers_[layer].*member;
    torch::Tensor all =
        torch::zeros({rows, first.size(1), places_ + more, first.size(3)}, first.options());
    for (size_t i = 0; i < prompts.size(); ++i) {
      const int64_t length = prompts[i].places_;
      all.narrow(0, static_cast<int64_t>(i) * copies, copies)
          .narrow(kPlaceDimension, places_ - length, length)
          .copy_((prompts[i].layers_[layer].*member).narrow(kPlaceDimension, 0, length));
    }
    return all;
  };
  for (size_t layer = 0; layer < prompts[0].layers_.size(); ++layer) {
    layers_.push_back({joined(layer, &Layer::keys), joined(layer, &Layer::values)});
  }
}

KeyValueCache::Layer KeyValueCache::extend(int64_t layer, const torch::Tensor& keys,
                                           const torch::Tensor& values) {
  const int64_t length = keys.size(1);
  const int64_t places = places_ + length;
  const auto extended = [&](const torch::Tensor& kept, const torch::Tensor& further) {
    kept.narrow(kPlaceDimension, places_, length).copy_(further.transpose(1, 2));
    return kept.narrow(kPlaceDimension, 0, places).transpose(1, 2);
  };
  const Layer& kept = layers_[layer];
  Layer all{extended(kept.keys, keys), extended(kept.values, values)};
  if (layer + 1 == static_cast<int64_t>(layers_.size())) places_ = places;
  return all;
}

void KeyValueCache::keep_rows(const torch::Tensor& rows) {
  for (Layer& layer : layers_) {
    layer = {layer.keys.index_select(0, rows), layer.values.index_select(0, rows)};
  }
}

}  // namespace melete::train
