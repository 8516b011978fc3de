#include "reinforce/sampler.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "data/order.h"
#include "data/random.h"
#include "model/key_value_cache.h"

namespace melete::train {

namespace {

// An answer that is being written; one for each row of the cache.
struct Line {
  size_t rollout = 0;
  Random random;
  int64_t position = 0;  // of its next token
  int64_t padding = 0;   // places of its row that hold nothing
};

Batch batch_of(const Sequence& prompt, torch::ScalarType type, torch::Device device) {
  Packer packer(1, std::ssize(prompt.tokens), prompt.tokens.front());
  packer.add(prompt);
  return make_batch(std::move(packer).take(), type, device);
}

int32_t likeliest(std::span<const float> chances) {
  return static_cast<int32_t>(std::ranges::max_element(chances) - chances.begin());
}

int32_t drawn(std::span<const float> chances, Random& random) {
  double rest = random.unit();
  for (size_t token = 0; token < chances.size(); ++token) {
    rest -= chances[token];
    if (rest < 0) return static_cast<int32_t>(token);
  }
  return likeliest(chances);  // rounding left the sum a little below one
}

}  // namespace

struct Sampler::Writing {
  KeyValueCache cache;
  torch::Tensor after;  // log-probabilities of each line's next token, where the model is
  std::vector<Line> lines;

  // The lines' last tokens, which see their rows up to themselves.
  Batch next_batch(const std::vector<Rollout>& rollouts, torch::ScalarType type);

  // Once half of the lines have ended they leave the cache.
  void drop_ended(const std::vector<Rollout>& rollouts);
};

Batch Sampler::Writing::next_batch(const std::vector<Rollout>& rollouts, torch::ScalarType type) {
  std::vector<int64_t> tokens;
  std::vector<int64_t> positions;
  std::vector<int64_t> paddings;
  for (Line& line : lines) {
    tokens.push_back(rollouts[line.rollout].tokens.back());
    positions.push_back(line.position++);
    paddings.push_back(line.padding);
  }
  const auto column = [this](const std::vector<int64_t>& values) {
    return torch::tensor(values, torch::kLong).to(after.device()).unsqueeze(1);
  };
  const torch::Tensor padding = column(paddings);
  const torch::Tensor hidden =
      torch::arange(cache.places() + 1, padding.options()).unsqueeze(0) < padding;
  Batch batch{.type = type};
  batch.tokens = column(tokens);
  batch.layout = {column(positions),
                  torch::zeros(hidden.sizes(), after.options())
                      .masked_fill(hidden, -std::numeric_limits<double>::infinity())
                      .unsqueeze(1)
                      .unsqueeze(1)};
  batch.pixels = torch::empty({0});
  batch.spectrograms = torch::empty({0});
  return batch;
}

void Sampler::Writing::drop_ended(const std::vector<Rollout>& rollouts) {
  std::vector<int64_t> rows;
  std::vector<Line> living;
  for (size_t row = 0; row < lines.size(); ++row) {
    if (rollouts[lines[row].rollout].ended) continue;
    rows.push_back(static_cast<int64_t>(row));
    living.push_back(lines[row]);
  }
  if (2 * living.size() > lines.size()) return;
  cache.keep_rows(torch::tensor(rows, torch::kLong).to(after.device()));
  lines = std::move(living);
}

Sampler::Sampler(const Model& model, torch::ScalarType type, SamplerOptions options)
    : model_(model), type_(type), options_(options) {}

std::vector<Rollout> Sampler::answers(std::span<const Prompt> prompts, int64_t copies) const {
  const auto at_once = static_cast<size_t>(std::max<int64_t>(1, options_.rows / copies));
  std::vector<Rollout> all;
  for (size_t first = 0; first < prompts.size(); first += at_once) {
    const size_t count = std::min(at_once, prompts.size() - first);
    std::ranges::move(answers_together(prompts.subspan(first, count), copies),
                      std::back_inserter(all));
  }
  return all;
}

std::vector<Rollout> Sampler::answers_together(std::span<const Prompt> prompts,
                                               int64_t copies) const {
  const torch::NoGradGuard guard;
  Writing writing = begin(prompts, copies);
  std::vector<Rollout> rollouts(writing.lines.size());
  for (int64_t written = 1;; ++written) {
    add_tokens(writing, rollouts);
    if (written == options_.most_tokens || std::ranges::all_of(rollouts, &Rollout::ended)) break;
    writing.drop_ended(rollouts);
    const Batch batch = writing.next_batch(rollouts, type_);
    const torch::Tensor places = torch::arange(batch.tokens.size(0), batch.tokens.options());
    writing.after = model_.log_probabilities(batch, places, &writing.cache);
  }
  for (Rollout& rollout : rollouts) {
    rollout.entropy /= static_cast<double>(rollout.tokens.size());
  }
  return rollouts;
}

Sampler::Writing Sampler::begin(std::span<const Prompt> prompts, int64_t copies) const {
  std::vector<KeyValueCache> caches;
  std::vector<torch::Tensor> after;
  for (const Prompt& prompt : prompts) {
    const int64_t length = std::ssize(prompt.sequence.tokens);
    const torch::Device device = model_.device();
    caches.emplace_back(model_.config().decoder, 1, length,
                        torch::TensorOptions(type_).device(device));
    const torch::Tensor next =
        model_.log_probabilities(batch_of(prompt.sequence, type_, device),
                                 torch::tensor({length - 1}).to(device), &caches.back());
    after.push_back(next.expand({copies, -1}));
  }
  Writing writing{KeyValueCache(caches, copies, options_.most_tokens), torch::cat(after), {}};
  for (size_t i = 0; i < prompts.size(); ++i) {
    const int64_t padding = writing.cache.places() - caches[i].places();
    for (int64_t copy = 0; copy < copies; ++copy) {
      Random random(scrambled(prompts[i].seed + static_cast<uint64_t>(copy)));
      writing.lines.push_back({writing.lines.size(), random, caches[i].places(), padding});
    }
  }
  return writing;
}

void Sampler::add_tokens(Writing& writing, std::vector<Rollout>& rollouts) const {
  const torch::Tensor after = writing.after.to(torch::kCPU).contiguous();
  const torch::Tensor chances = after.exp();
  const torch::Tensor entropies = -(chances * after).sum(1);
  const auto entries = static_cast<size_t>(chances.size(1));
  for (size_t row = 0; row < writing.lines.size(); ++row) {
    Line& line = writing.lines[row];
    Rollout& rollout = rollouts[line.rollout];
    if (rollout.ended) continue;
    const std::span<const float> of_row(chances.data_ptr<float>() + row * entries, entries);
    const int32_t token =
        options_.choice == Choice::Likeliest ? likeliest(of_row) : drawn(of_row, line.random);
    rollout.tokens.push_back(token);
    rollout.log_probabilities.push_back(after.data_ptr<float>()[row * entries + token]);
    rollout.entropy += entropies.data_ptr<float>()[row];
    rollout.ended = token == options_.end;
  }
}

}  // namespace melete::train
