// Thinking: reasons within a budget, then answers.

#pragma once

#include "modes/mode.h"

namespace melete::modes {

// Prepares the request as thinking_prompt.h says and keeps the promise that an answer is never
// empty: where the backend does not keep the budget, a choice that overspends is stopped and asked
// once more for its answer, and so is a choice that ends without one. Effort `none` is Instant.
// Works for any number of choices; choices that must be asked again are asked together, once the
// others have finished.
//
// Limits::deadline ends choices with FinishReason::Deadline also when the backend hangs. A stream
// that breaks off is Failed with Unavailable.
//
// `inner` and the options' timer outlive it.
class ThinkingBackend final : public chat::Backend {
 public:
  ThinkingBackend(chat::Backend& inner, ModeOptions options) : inner_(inner), options_(options) {}

  Result<chat::BackendInfo> info(const std::string& model) const override;
  Result<int64_t> count(const chat::Request& request) const override;
  std::unique_ptr<chat::Stream> start(chat::Request request) override;

  // Reads what start() would have the backend read.
  void read_ahead(const chat::Request& request) override;

 private:
  chat::Backend& inner_;
  const ModeOptions options_;
};

}  // namespace melete::modes
