#include "server/event_texts.h"

#include <cstddef>

namespace melete::server {

std::vector<std::string_view> event_texts(std::string_view frames) {
  constexpr std::string_view kData = "data: ";
  std::vector<std::string_view> texts;
  while (!frames.empty()) {
    const size_t begin = frames.find(kData);
    if (begin == std::string_view::npos) break;
    frames.remove_prefix(begin + kData.size());
    const std::string_view text = frames.substr(0, frames.find('\n'));
    if (text != "[DONE]") texts.push_back(text);
    frames.remove_prefix(text.size());
  }
  return texts;
}

}  // namespace melete::server
