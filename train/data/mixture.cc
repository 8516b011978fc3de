#include "data/mixture.h"

#include <utility>

namespace melete::train {

namespace {

std::vector<double> weights_of(const std::vector<MixtureItem>& items) {
  std::vector<double> weights;
  weights.reserve(items.size());
  for (const MixtureItem& item : items) weights.push_back(item.weight);
  return weights;
}

}  // namespace

Mixture::Mixture(std::vector<MixtureItem> items)
    : items_(std::move(items)), order_(weights_of(items_)) {}

Result<Conversation> Mixture::example(uint64_t index) const {
  const Interleaving::Place place = order_.at(index);
  return items_[place.source].source->example(place.index);
}

}  // namespace melete::train
