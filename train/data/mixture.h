// An endless stream of examples from several sources, by weight.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/order.h"
#include "data/source.h"

namespace melete::train {

struct MixtureItem {
  std::shared_ptr<const Source> source;
  double weight = 1;  // of examples, relative to the others; above 0
};

class Mixture final : public Source {
 public:
  // At least one item.
  explicit Mixture(std::vector<MixtureItem> items);

  Result<Conversation> example(uint64_t index) const override;

 private:
  std::vector<MixtureItem> items_;
  Interleaving order_;
};

}  // namespace melete::train
