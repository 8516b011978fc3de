// Pictures and sound that travel inside JSON: base64 and `data:` URLs (RFC 4648, RFC 2397).

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace melete::api {

// The bytes of standard base64 text, padded or not; nothing where a character does not belong there
// or the text is cut. O(characters).
std::optional<std::string> decode_base64(std::string_view text);

struct DataUrl {
  std::string mime_type;  // "text/plain" where the URL names none
  std::string bytes;
};

// Reads `data:MIME;base64,DATA`; nothing for another form.
std::optional<DataUrl> read_data_url(std::string_view url);

}  // namespace melete::api
