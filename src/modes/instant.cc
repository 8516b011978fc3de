#include "modes/instant.h"

#include <utility>

namespace melete::modes {

Result<chat::BackendInfo> InstantBackend::info(const std::string& model) const {
  return inner_.info(model);
}

Result<int64_t> InstantBackend::count(const chat::Request& request) const {
  return inner_.count(request);
}

std::unique_ptr<chat::Stream> InstantBackend::start(chat::Request request) {
  request.mode = chat::Mode::Instant;
  request.effort = chat::Effort::None;
  request.limits.reasoning_tokens = 0;
  return inner_.start(std::move(request));
}

}  // namespace melete::modes
