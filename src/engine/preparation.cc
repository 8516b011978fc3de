#include "engine/preparation.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <random>
#include <utility>

#include "engine/end_tokens.h"

namespace melete::engine {

namespace {

struct Prompt {
  Chain chain;
  AnswerFormat format;
};

Result<PromptTokens> tokenize(const LoadedModel& model, const RenderedPrompt& rendered) {
  if (model.media) return model.media->tokenize(rendered.text, rendered.media);
  if (rendered.media.empty()) {
    return tokenize_text(llama_model_get_vocab(model.model.get()), rendered.text);
  }
  const MediaItem& item = rendered.media.front();
  const bool image = item.kind == MediaItem::Kind::Image;
  return fail(ErrorCode::Unsupported,
              fmt::format("{} cannot {}: send text, or serve a model that can.", model.name,
                          image ? "see images" : "hear sound"),
              item.label);
}

Result<void> encode_media(LoadedModel& model, PromptTokens& tokens) {
  for (MediaSpan& span : tokens.media) {
    Result<Embeddings> embeddings = model.media->encode_once(span);
    if (!embeddings) return std::unexpected(embeddings.error());
    span.embeddings = std::move(*embeddings);
  }
  return {};
}

Result<Prompt> make_prompt(LoadedModel& model, const chat::Request& request,
                           const chat::Branch& branch) {
  Result<RenderedPrompt> rendered = model.chat_template->render(request, branch.suffix);
  if (!rendered) return std::unexpected(rendered.error());
  Result<PromptTokens> tokens = tokenize(model, *rendered);
  if (!tokens) return std::unexpected(tokens.error());
  const auto size = static_cast<int64_t>(tokens->tokens.size());
  if (size == 0) return fail(ErrorCode::InvalidArgument, "The prompt is empty.", "messages");
  if (size >= model.length.tokens) {
    return fail(
        ErrorCode::ContextExceeded,
        fmt::format("The context is {} tokens and the prompt has {}: shorten it, or serve the "
                    "model with a larger --context.",
                    model.length.tokens, size),
        "messages");
  }
  if (const Result<void> encoded = encode_media(model, *tokens); !encoded) {
    return std::unexpected(encoded.error());
  }
  return Prompt{Chain(std::move(*tokens)), std::move(rendered->format)};
}

// The turn never ends by itself: for benchmarks that want a given number of tokens.
void forbid_end(const LoadedModel& model, chat::Sampling& sampling) {
  for (const llama_token token : end_tokens(llama_model_get_vocab(model.model.get()))) {
    sampling.logit_bias[token] = -std::numeric_limits<double>::infinity();
  }
}

WriterOptions writer_options(const LoadedModel& model, const AnswerFormat& format,
                             const chat::Limits& limits) {
  WriterOptions options;
  options.opening = format.opening_text;
  options.visible = visible_tokens(llama_model_get_vocab(model.model.get()), format);
  if (limits.answer_tokens) options.answer_tokens = *limits.answer_tokens;
  if (limits.reasoning_tokens) options.reasoning_tokens = *limits.reasoning_tokens;
  options.total_tokens = limits.total_tokens.value_or(0);
  return options;
}

}  // namespace

Result<std::unique_ptr<Job>> prepare_job(LoadedModel& model, const chat::Request& request,
                                         std::shared_ptr<JobLink> link) {
  auto job = std::make_unique<Job>();
  job->link = std::move(link);
  job->adapter = request.adapter;

  const std::vector<chat::Branch> one(1);
  const std::vector<chat::Branch>& branches = request.branches.empty() ? one : request.branches;
  const uint32_t first_seed = request.sampling.seed.value_or(std::random_device()());
  std::optional<Prompt> shared;
  for (size_t index = 0; index < branches.size(); ++index) {
    const chat::Branch& branch = branches[index];
    std::optional<Prompt> own;
    if (!branch.suffix.empty() || !shared) {
      Result<Prompt> prompt = make_prompt(model, request, branch);
      if (!prompt) return std::unexpected(prompt.error());
      (branch.suffix.empty() ? shared : own) = std::move(*prompt);
    }
    const Prompt& prompt = own ? *own : *shared;
    chat::Sampling sampling = branch.sampling.value_or(request.sampling);
    if (!branch.sampling || !branch.sampling->seed) {
      sampling.seed = first_seed + static_cast<uint32_t>(index);
    }
    if (sampling.ignore_eos) forbid_end(model, sampling);

    const llama_vocab* vocab = llama_model_get_vocab(model.model.get());
    job->choices.push_back(std::make_unique<Choice>(
        static_cast<int>(index), prompt.chain,
        Sampler(model.model.get(), sampling, prompt.format, *sampling.seed),
        ChoiceWriter(vocab, AnswerReader(prompt.format, sampling.stop),
                     writer_options(model, prompt.format, request.limits))));
  }
  return job;
}

Result<int64_t> count_prompt(const LoadedModel& model, const chat::Request& request) {
  Result<RenderedPrompt> rendered = model.chat_template->render(request, {});
  if (!rendered) return std::unexpected(rendered.error());
  const Result<PromptTokens> tokens = tokenize(model, *rendered);
  if (!tokens) return std::unexpected(tokens.error());
  return static_cast<int64_t>(tokens->tokens.size());
}

}  // namespace melete::engine
