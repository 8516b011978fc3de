#include "modes/mode_backend.h"

#include <utility>

#include "modes/compaction.h"
#include "modes/thought_compression.h"
#include "modes/thought_folding.h"

namespace melete::modes {

ModeBackend::ModeBackend(chat::Backend& inner, ModeOptions options)
    : inner_(inner),
      timer_(*options.timer),
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
  if (request.compact) return compact_first(*this, std::move(request), timer_);
  if (request.compression != chat::Compression::Off) {
    return compress_thoughts(*this, std::move(request));
  }
  if (request.mode == chat::Mode::Instant) return instant_.start(std::move(request));
  const bool alone = request.mode == chat::Mode::Thinking;
  auto stream = alone ? thinking_.start(request) : contemplating_.start(request);
  return fold_thoughts(std::move(stream), thinking_, std::move(request));
}

void ModeBackend::read_ahead(const chat::Request& request) {
  const bool compressed = request.compression != chat::Compression::Off;
  const chat::Request asked = compressed ? compressed_request(request, *this) : request;
  if (asked.mode == chat::Mode::Instant) return instant_.read_ahead(asked);
  thinking_.read_ahead(asked);
}

}  // namespace melete::modes
