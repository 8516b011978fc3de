// The three modes as one backend: each request is answered in the mode that it names.

#pragma once

#include "modes/contemplating.h"
#include "modes/instant.h"
#include "modes/mode.h"
#include "modes/thinking.h"

namespace melete::modes {

// `inner` (an engine, a provider, a router) and the options' timer outlive it.
class ModeBackend final : public chat::Backend {
 public:
  explicit ModeBackend(chat::Backend& inner, ModeOptions options = {});

  Result<chat::BackendInfo> info(const std::string& model) const override;

  // Prompt tokens of the turn itself, without what modes add.
  Result<int64_t> count(const chat::Request& request) const override;

  std::unique_ptr<chat::Stream> start(chat::Request request) override;

  // Reads what start() would have the backend read; of agents, what they share.
  void read_ahead(const chat::Request& request) override;

 private:
  chat::Backend& inner_;
  chat::Timer& timer_;
  InstantBackend instant_;
  ThinkingBackend thinking_;
  ContemplatingBackend contemplating_;
};

}  // namespace melete::modes
