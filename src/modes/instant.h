// Instant: answers at once, without reasoning.

#pragma once

#include "modes/mode.h"

namespace melete::modes {

// Sets Limits::reasoning_tokens to 0 and passes the request on. `inner` outlives it.
class InstantBackend final : public chat::Backend {
 public:
  explicit InstantBackend(chat::Backend& inner) : inner_(inner) {}

  Result<chat::BackendInfo> info(const std::string& model) const override;
  Result<int64_t> count(const chat::Request& request) const override;
  std::unique_ptr<chat::Stream> start(chat::Request request) override;

  // Reads what start() would have the backend read.
  void read_ahead(const chat::Request& request) override;

 private:
  chat::Backend& inner_;
};

}  // namespace melete::modes
