#include "engine/text_embedder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace melete::engine {

namespace {

constexpr int kMostInputTokens = 4096;
constexpr int64_t kMostTokens = 300'000;  // of one request
constexpr int kStepTokens = 128;          // a chat beside waits for one step
constexpr int kSequences = 64;

std::string name_of_input(size_t index) {
  return fmt::format("input[{}]", index);
}

void scale_to_length_1(std::vector<float>& vector) {
  double sum = 0;
  for (const float value : vector) sum += static_cast<double>(value) * value;
  if (sum == 0) return;
  const auto scale = static_cast<float>(1 / std::sqrt(sum));
  for (float& value : vector) value *= scale;
}

// llama.cpp's batch of so many tokens, each with an output.
class Batch {
 public:
  explicit Batch(int tokens) : batch_(llama_batch_init(tokens, 0, 1)) {}
  ~Batch() { llama_batch_free(batch_); }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  void add(llama_token token, size_t position, int sequence) {
    const int row = batch_.n_tokens++;
    batch_.token[row] = token;
    batch_.pos[row] = static_cast<llama_pos>(position);
    batch_.n_seq_id[row] = 1;
    batch_.seq_id[row][0] = sequence;
    batch_.logits[row] = 1;
  }

  const llama_batch& get() const { return batch_; }

 private:
  llama_batch batch_;
};

}  // namespace

Result<chat::Embeddings> TextEmbedder::embed(const chat::EmbedRequest& request) {
  const std::lock_guard lock(mutex_);
  if (const Result<void> ready = prepare(); !ready) return std::unexpected(ready.error());
  const int width = llama_model_n_embd_out(model_.model.get());
  if (request.dimensions && *request.dimensions != width) {
    return fail(ErrorCode::Unsupported,
                fmt::format("{} gives vectors of {} dimensions, not {}: leave dimensions out.",
                            model_.name, width, *request.dimensions),
                "dimensions");
  }
  chat::Embeddings embeddings;
  std::vector<Tokens> inputs;
  for (const chat::EmbedInput& input : request.inputs) {
    Result<Tokens> tokens = tokens_of(input, inputs.size());
    if (!tokens) return std::unexpected(tokens.error());
    embeddings.tokens += std::ssize(*tokens);
    inputs.push_back(std::move(*tokens));
    if (embeddings.tokens > kMostTokens) {
      return fail(ErrorCode::TooLarge,
                  fmt::format("The inputs have more than {} tokens together: send fewer at once.",
                              kMostTokens),
                  name_of_input(inputs.size() - 1));
    }
  }
  embeddings.vectors.assign(inputs.size(), std::vector<float>(static_cast<size_t>(width), 0.0F));
  for (const std::vector<Piece>& pieces : plan(inputs)) {
    if (request.stop.stop_requested()) {
      // What was decoded of an input would stand before the next request's.
      if (llama_memory_t memory = llama_get_memory(context_.get())) {
        llama_memory_clear(memory, true);
      }
      return fail(ErrorCode::Cancelled, "The client went away before its vectors were made.");
    }
    const Result<void> decoded = decode(pieces, inputs, embeddings.vectors);
    if (!decoded) return std::unexpected(decoded.error());
  }
  for (std::vector<float>& vector : embeddings.vectors) scale_to_length_1(vector);
  return embeddings;
}

// Makes the context. A model that pools has to see a whole input in one decode.
Result<void> TextEmbedder::prepare() {
  if (context_) return {};
  input_tokens_ = static_cast<int>(std::min<int64_t>(model_.length.tokens, kMostInputTokens));
  pools_ = model_.pools;
  batch_tokens_ = pools_ ? input_tokens_ : std::min(kStepTokens, input_tokens_);
  llama_context_params params = llama_context_default_params();
  params.n_ctx = static_cast<uint32_t>(input_tokens_ + batch_tokens_);
  params.n_batch = static_cast<uint32_t>(batch_tokens_);
  params.n_ubatch = params.n_batch;
  params.n_seq_max = kSequences;
  params.n_threads = model_.compute->count();
  params.n_threads_batch = params.n_threads;
  params.kv_unified = true;
  params.swa_full = false;
  params.no_perf = true;
  params.embeddings = true;
  params.pooling_type = pools_ ? LLAMA_POOLING_TYPE_UNSPECIFIED : LLAMA_POOLING_TYPE_NONE;
  const ComputeThreads::Turn turn(*model_.compute);
  llama_context_ptr context(llama_init_from_model(model_.model.get(), params));
  if (!context) {
    return fail(
        ErrorCode::Overloaded,
        fmt::format("There is no memory for embeddings by {}: ask again later.", model_.name),
        "model");
  }
  if (llama_pooling_type(context.get()) == LLAMA_POOLING_TYPE_RANK) {
    return fail(ErrorCode::Unsupported,
                fmt::format("{} ranks documents and gives no embeddings.", model_.name), "model");
  }
  llama_attach_threadpool(context.get(), model_.compute->pool(), nullptr);
  context_ = std::move(context);
  return {};
}

Result<TextEmbedder::Tokens> TextEmbedder::tokens_of(const chat::EmbedInput& input,
                                                     size_t index) const {
  const llama_vocab* vocab = llama_model_get_vocab(model_.model.get());
  Tokens tokens;
  if (const auto* text = std::get_if<std::string>(&input)) {
    tokens.resize(text->size() + 2);  // a token has a byte at least, but for those around them
    const int count = llama_tokenize(vocab, text->data(), static_cast<int32_t>(text->size()),
                                     tokens.data(), static_cast<int32_t>(tokens.size()),
                                     /*add_special=*/true, /*parse_special=*/false);
    tokens.resize(static_cast<size_t>(std::max(count, 0)));
  } else {
    tokens = std::get<std::vector<int32_t>>(input);
  }
  const int32_t known = llama_vocab_n_tokens(vocab);
  for (const llama_token token : tokens) {
    if (token >= 0 && token < known) continue;
    return fail(ErrorCode::InvalidArgument,
                fmt::format("{} holds {}, but the tokens of {} go from 0 to {}.",
                            name_of_input(index), token, model_.name, known - 1),
                name_of_input(index));
  }
  if (tokens.empty()) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("{} has no tokens: leave it out.", name_of_input(index)),
                name_of_input(index));
  }
  if (std::ssize(tokens) > input_tokens_) {
    return fail(ErrorCode::ContextExceeded,
                fmt::format("{} has {} tokens and {} embeds at most {} at once: send it in parts.",
                            name_of_input(index), tokens.size(), model_.name, input_tokens_),
                name_of_input(index));
  }
  return tokens;
}

// Fills decodes with one input after another. One that the model pools stays whole; others may go
// on in the next decode, where their beginning is still in the context's memory.
TextEmbedder::Plan TextEmbedder::plan(const std::vector<Tokens>& inputs) const {
  const auto most = static_cast<size_t>(batch_tokens_);
  Plan plan(1);
  size_t room = most;
  for (size_t input = 0; input < inputs.size(); ++input) {
    const size_t size = inputs[input].size();
    for (size_t first = 0; first < size;) {
      const bool fits = pools_ ? size <= room : room > 0;
      if (!fits || plan.back().size() == kSequences) {
        plan.emplace_back();
        room = most;
      }
      const size_t count = std::min(room, size - first);
      plan.back().push_back({input, first, count});
      first += count;
      room -= count;
    }
  }
  return plan;
}

int TextEmbedder::sequence_of(const Piece& piece) const {
  return static_cast<int>(piece.input % kSequences);
}

// Adds what one decode gives to the vectors of its inputs. Only their direction counts, so a mean
// needs no division.
Result<void> TextEmbedder::decode(const std::vector<Piece>& pieces,
                                  const std::vector<Tokens>& inputs,
                                  std::vector<std::vector<float>>& vectors) {
  Batch batch(batch_tokens_);
  for (const Piece& piece : pieces) {
    for (size_t at = piece.first; at < piece.first + piece.count; ++at) {
      batch.add(inputs[piece.input][at], at, sequence_of(piece));
    }
  }
  const ComputeThreads::Turn turn(*model_.compute);
  if (llama_decode(context_.get(), batch.get()) != 0) {
    llama_memory_clear(llama_get_memory(context_.get()), true);
    return fail(ErrorCode::Internal,
                fmt::format("{} could not compute the embeddings: ask again.", model_.name));
  }
  llama_memory_t memory = llama_get_memory(context_.get());
  int row = 0;
  for (const Piece& piece : pieces) {
    std::vector<float>& vector = vectors[piece.input];
    const auto add = [&vector](const float* values) {
      for (size_t index = 0; index < vector.size(); ++index) vector[index] += values[index];
    };
    if (pools_) add(llama_get_embeddings_seq(context_.get(), sequence_of(piece)));
    for (size_t token = 0; token < piece.count; ++token, ++row) {
      if (!pools_) add(llama_get_embeddings_ith(context_.get(), row));
    }
    const bool whole = piece.first + piece.count == inputs[piece.input].size();
    if (whole && memory) llama_memory_seq_rm(memory, sequence_of(piece), -1, -1);
  }
  return {};
}

}  // namespace melete::engine
