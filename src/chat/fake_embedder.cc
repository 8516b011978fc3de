#include "chat/fake_embedder.h"

#include <cmath>
#include <functional>
#include <sstream>

namespace melete::chat {

namespace {

std::vector<size_t> words_of(const EmbedInput& input) {
  std::vector<size_t> words;
  if (const auto* tokens = std::get_if<std::vector<int32_t>>(&input)) {
    words.assign(tokens->begin(), tokens->end());
    return words;
  }
  std::istringstream text(std::get<std::string>(input));
  for (std::string word; text >> word;) words.push_back(std::hash<std::string>{}(word));
  return words;
}

}  // namespace

Result<Embeddings> FakeEmbedder::embed(const EmbedRequest& request) {
  if (request.stop.stop_requested()) return fail(ErrorCode::Cancelled, "The request was stopped.");
  if (request.dimensions.value_or(dimensions_) != dimensions_) {
    return fail(ErrorCode::Unsupported, "This model has other dimensions.", "dimensions");
  }
  const auto width = static_cast<size_t>(dimensions_);
  Embeddings embeddings;
  for (const EmbedInput& input : request.inputs) {
    std::vector<float> vector(width, 0.0F);
    const std::vector<size_t> words = words_of(input);
    for (const size_t word : words) vector[word % width] += 1;
    if (words.empty()) vector[0] = 1;
    double sum = 0;
    for (const float value : vector) sum += static_cast<double>(value) * value;
    for (float& value : vector) value = static_cast<float>(value / std::sqrt(sum));
    embeddings.vectors.push_back(std::move(vector));
    embeddings.tokens += std::ssize(words);
  }
  return embeddings;
}

}  // namespace melete::chat
