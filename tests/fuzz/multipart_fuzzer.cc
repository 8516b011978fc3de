// Reads whatever bytes there are as a form: the first line is its content type, the rest its body.
// What is read must lie in the body, and a form that is written from it must be read the same.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "api/multipart.h"

namespace melete {
namespace {

void need(bool holds) {
  if (!holds) std::abort();
}

void check(std::string_view body, std::string_view content_type) {
  const auto parts = api::read_multipart(body, content_type);
  if (!parts) {
    need(!parts.error().message.empty());
    return;
  }
  const std::string boundary(64, '=');
  std::string again;
  for (const api::FormPart& part : *parts) {
    need(!part.name.empty());
    need(part.content.data() >= body.data());
    need(part.content.data() + part.content.size() <= body.data() + body.size());
    if (part.content.find(boundary) != std::string_view::npos) return;
    again += "--" + boundary + "\r\nContent-Disposition: form-data; name=f\r\n\r\n";
    again += std::string(part.content) + "\r\n";
  }
  again += "--" + boundary + "--";
  const auto same =
      api::read_multipart(again, "multipart/form-data; boundary=\"" + boundary + "\"");
  need(same && same->size() == parts->size());
  for (size_t index = 0; index < parts->size(); ++index) {
    need(same->at(index).content == parts->at(index).content);
  }
}

}  // namespace
}  // namespace melete

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view content_type = text.substr(0, text.find('\n'));
  melete::check(text.substr(std::min(size, content_type.size() + 1)), content_type);
  return 0;
}
