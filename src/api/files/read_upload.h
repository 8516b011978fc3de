// An uploaded file as its form tells of it.

#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/error.h"

namespace melete::api::files {

// What OpenAI's clients may say a file is for. Here all are kept alike.
inline constexpr std::array<std::string_view, 6> kPurposes{"assistants", "batch",     "evals",
                                                           "fine-tune",  "user_data", "vision"};

struct Upload {
  std::string name;
  std::string purpose;
  std::string_view content;  // not owned: lies in the body
};

// Reads the form. InvalidArgument or Unsupported with the field to blame. O(bytes).
Result<Upload> read_upload(std::string_view body, std::string_view content_type);

}  // namespace melete::api::files
