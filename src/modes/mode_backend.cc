#include "modes/mode_backend.h"

#include <utility>

namespace melete::modes {

ModeBackend::ModeBackend(chat::Backend& inner, ModeOptions options)
    : inner_(inner),
      instant_(inner),
      thinking_(inner, options),
      contemplating_(thinking_, options) {}

Result<chat::BackendInfo> ModeBackend::info(const std::string& model) const {
  return inner_.info(model);
}

Result<int64_t> ModeBackend::count(const chat::Request& request) const {
  return inner_.count(request);
}

std::unique_ptr<chat::Stream> ModeBackend::start(chat::Request request) {
  switch (request.mode) {
    case chat::Mode::Instant:
      return instant_.start(std::move(request));
    case chat::Mode::Thinking:
      return thinking_.start(std::move(request));
    case chat::Mode::Contemplating:
      return contemplating_.start(std::move(request));
  }
  return instant_.start(std::move(request));
}

}  // namespace melete::modes
