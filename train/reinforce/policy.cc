#include "reinforce/policy.h"

#include <algorithm>
#include <utility>

#include "data/packing.h"
#include "text/tokenizer.h"
#include "text/vocabulary.h"

namespace melete::train {

namespace {

constexpr int64_t kRowsAtOnce = 16;  // bounds the memory of a pass
constexpr double kMostWeight = 2;    // of a token that training finds likelier than its writer did

// What belongs to each taught place of some rows, in the order of a batch's targets.
struct TaughtPlaces {
  std::vector<float> advantages;
  std::vector<float> log_probabilities;  // the sampler's
};

TaughtPlaces taught_places(const PackedRows& packed, std::span<const PolicySample> samples) {
  TaughtPlaces taught;
  for (size_t place = 0; place < packed.next.size(); ++place) {
    if (packed.next[place] < 0) continue;
    const PolicySample& sample = samples[packed.sequences[place] - 1];
    const int64_t answer =
        std::ssize(sample.sequence.tokens) - std::ssize(sample.log_probabilities);
    taught.advantages.push_back(static_cast<float>(sample.advantage));
    taught.log_probabilities.push_back(
        sample.log_probabilities[packed.positions[place] + 1 - answer]);
  }
  return taught;
}

// Loss and sum of differences of some rows.
PolicyPass add_rows(const Model& model, const PackedRows& packed,
                    std::span<const PolicySample> samples, double normaliser,
                    torch::ScalarType type) {
  const Batch batch = make_batch(packed, type, model.device());
  const TaughtPlaces taught = taught_places(packed, samples);
  const torch::Tensor chosen = model.log_probabilities(batch, batch.taught_places)
                                   .gather(1, batch.targets.unsqueeze(1))
                                   .squeeze(1);
  const auto beside = [&](const std::vector<float>& numbers) {
    return torch::tensor(numbers).to(model.device());
  };
  const torch::Tensor differences = chosen.detach() - beside(taught.log_probabilities);
  const torch::Tensor weights = differences.exp().clamp_max(kMostWeight);
  const torch::Tensor loss = -(chosen * beside(taught.advantages) * weights).sum() / normaliser;
  loss.backward();
  return {loss.item<double>(), differences.abs().sum().item<double>()};
}

}  // namespace

PolicySample policy_sample(const Sequence& prompt, std::span<const int32_t> tokens,
                           std::vector<float> log_probabilities, double advantage) {
  PolicySample sample{prompt, std::move(log_probabilities), advantage};
  sample.sequence.tokens.insert(sample.sequence.tokens.end(), tokens.begin(), tokens.end());
  sample.sequence.taught.resize(sample.sequence.tokens.size(), 1);
  return sample;
}

PolicyPass add_policy_gradient(const Model& model, std::span<const PolicySample> samples,
                               double normaliser, torch::ScalarType type) {
  int64_t length = 0;
  int64_t tokens = 0;
  for (const PolicySample& sample : samples) {
    length = std::max<int64_t>(length, std::ssize(sample.sequence.tokens));
    tokens += std::ssize(sample.log_probabilities);
  }
  const int32_t padding = Tokenizer().id(kPadding);
  PolicyPass pass;
  for (size_t first = 0; first < samples.size();) {
    const int64_t left = std::ssize(samples) - static_cast<int64_t>(first);
    Packer packer(std::min(kRowsAtOnce, left), length, padding);
    size_t end = first;
    while (end < samples.size() && packer.add(samples[end].sequence)) ++end;
    const PolicyPass rows = add_rows(model, std::move(packer).take(),
                                     samples.subspan(first, end - first), normaliser, type);
    pass.loss += rows.loss;
    pass.gap += rows.gap / static_cast<double>(tokens);
    first = end;
  }
  return pass;
}

}  // namespace melete::train
