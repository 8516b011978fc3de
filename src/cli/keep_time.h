// How long something is kept, as people say it: 12h, 30d, forever.

#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace melete::cli {

// A whole number of hours or days from 1 to 100,000; nothing for "forever". InvalidArgument where
// `text` is none of these.
Result<std::optional<std::chrono::seconds>> read_keep_time(std::string_view text);

}  // namespace melete::cli
