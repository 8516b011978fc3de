// Base64 and "data:" URLs: how pictures and sounds travel inside JSON.

#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace melete::media {

// Decodes the standard or the URL alphabet; padding may be missing, white space is skipped. Fails
// with InvalidArgument, naming the first wrong character and `label`. O(bytes).
Result<std::string> decode_base64(std::string_view text, const std::string& label);

struct DataUrl {
  std::string media_type;  // as written, e.g. "image/png"; may be empty
  std::string bytes;
};

bool is_data_url(std::string_view text);

// Decodes `data:TYPE;base64,DATA`. Fails with InvalidArgument when it is not of that form.
// O(bytes).
Result<DataUrl> parse_data_url(std::string_view text, const std::string& label);

}  // namespace melete::media
