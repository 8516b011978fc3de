#include "modes/instant.h"

#include <utility>

namespace melete::modes {

namespace {

chat::Request without_thought(chat::Request request) {
  request.mode = chat::Mode::Instant;
  request.effort = chat::Effort::None;
  request.limits.reasoning_tokens = 0;
  return request;
}

}  // namespace

Result<chat::BackendInfo> InstantBackend::info(const std::string& model) const {
  return inner_.info(model);
}

Result<int64_t> InstantBackend::count(const chat::Request& request) const {
  return inner_.count(request);
}

std::unique_ptr<chat::Stream> InstantBackend::start(chat::Request request) {
  return inner_.start(without_thought(std::move(request)));
}

void InstantBackend::read_ahead(const chat::Request& request) {
  inner_.read_ahead(without_thought(request));
}

}  // namespace melete::modes
