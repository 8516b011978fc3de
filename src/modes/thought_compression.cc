#include "modes/thought_compression.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace melete::modes {

namespace {

constexpr int kStrongFold = 256;  // tokens of a step

chat::Effort lower(chat::Effort effort) {
  return static_cast<chat::Effort>(
      std::max(static_cast<int>(chat::Effort::Minimal), static_cast<int>(effort) - 1));
}

// Tells in the usage what the adapter has saved.
class SavingStream final : public chat::Stream {
 public:
  SavingStream(std::unique_ptr<chat::Stream> stream, int percent)
      : stream_(std::move(stream)), percent_(percent) {}

  chat::awaitable<std::optional<chat::Event>> next() override {
    std::optional<chat::Event> event = co_await stream_->next();
    if (event) note(event->payload);
    co_return event;
  }

  Result<void> control(chat::Control control) override {
    return stream_->control(std::move(control));
  }

 private:
  void note(chat::Payload& payload) const {
    auto* usage = std::get_if<chat::Usage>(&payload);
    if (!usage) return;
    usage->saved_tokens = usage->reasoning_tokens * (100 - percent_) / percent_;
  }

  std::unique_ptr<chat::Stream> stream_;
  const int percent_;  // of the reasoning that is left, 1 to 100
};

}  // namespace

chat::Request compressed_request(chat::Request request, const chat::Backend& backend) {
  const auto level = std::exchange(request.compression, chat::Compression::Off);
  const auto info = backend.info(request.model);
  if (!info) return request;  // the answer will say why
  if (!info->compressed.empty()) request.model = info->compressed;
  if (level != chat::Compression::Strong || request.mode == chat::Mode::Instant) return request;
  const chat::Effort effort = request.effort.value_or(chat::Effort::Medium);
  if (effort != chat::Effort::None) request.effort = lower(effort);
  const bool can_fold = request.mode == chat::Mode::Thinking && info->can_prefill &&
                        request.prefill.empty() && chat::choice_count(request) == 1;
  if (can_fold && request.fold_tokens == 0) request.fold_tokens = kStrongFold;
  return request;
}

std::unique_ptr<chat::Stream> compress_thoughts(chat::Backend& backend, chat::Request request) {
  request = compressed_request(std::move(request), backend);
  const auto info = backend.info(request.model);
  auto stream = backend.start(std::move(request));
  const int percent = info ? info->reasoning_percent : 0;
  if (percent < 1 || percent > 100) return stream;
  return std::make_unique<SavingStream>(std::move(stream), percent);
}

}  // namespace melete::modes
