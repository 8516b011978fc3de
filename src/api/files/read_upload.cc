#include "api/files/read_upload.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "api/multipart.h"

namespace melete::api::files {

namespace {

constexpr size_t kMostNameBytes = 255;

std::unexpected<Error> refuse(std::string_view field, std::string_view what) {
  return fail(ErrorCode::InvalidArgument, fmt::format("{} {}", field, what), std::string(field));
}

// The part of this name; it must be there once.
Result<FormPart> only(const std::vector<FormPart>& parts, std::string_view name) {
  const auto found = std::ranges::find(parts, name, &FormPart::name);
  if (found == parts.end()) return refuse(name, "is missing");
  if (std::ranges::count(parts, name, &FormPart::name) > 1) {
    return refuse(name, "is there twice: send it once");
  }
  return *found;
}

// Names that could not be told again, in JSON or a header.
bool is_plain(std::string_view name) {
  return std::ranges::none_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

Result<void> check_names(const std::vector<FormPart>& parts) {
  for (const FormPart& part : parts) {
    if (part.name == "file" || part.name == "purpose") continue;
    if (part.name.starts_with("expires_after")) {
      return fail(ErrorCode::Unsupported,
                  "expires_after is not supported: leave it out, and delete the file when it is no "
                  "longer needed",
                  "expires_after");
    }
    return refuse(part.name, "is not a field of this form: correct its name or leave it out");
  }
  return {};
}

}  // namespace

Result<Upload> read_upload(std::string_view body, std::string_view content_type) {
  const auto parts = read_multipart(body, content_type);
  if (!parts) return std::unexpected(parts.error());
  if (auto names = check_names(*parts); !names) return std::unexpected(names.error());
  auto file = only(*parts, "file");
  if (!file) return std::unexpected(file.error());
  const auto purpose = only(*parts, "purpose");
  if (!purpose) return std::unexpected(purpose.error());
  if (std::ranges::find(kPurposes, purpose->content) == kPurposes.end()) {
    return refuse("purpose", fmt::format("must be one of: {}", fmt::join(kPurposes, ", ")));
  }
  if (file->file_name.empty()) return refuse("file", "must have a file name");
  if (file->file_name.size() > kMostNameBytes || !is_plain(file->file_name)) {
    return refuse("file", fmt::format("must have a name of at most {} bytes, without control "
                                      "characters",
                                      kMostNameBytes));
  }
  return Upload{std::move(file->file_name), std::string(purpose->content), file->content};
}

}  // namespace melete::api::files
