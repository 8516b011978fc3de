// A body is the delimiter ("--" and the boundary), and for each part: a line's end, header lines,
// an empty line, the content, a line's end and the delimiter again. "--" behind a delimiter ends it
// all.

#include "api/multipart.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/text.h"

namespace melete::api {

namespace {

constexpr size_t kMostParts = 64;
constexpr size_t kMostBoundaryBytes = 70;  // RFC 2046, section 5.1.1
constexpr size_t kMostHeaderBytes = 8 << 10;
constexpr std::string_view kLineEnd = "\r\n";

using Parameters = std::map<std::string, std::string, std::less<>>;

std::unexpected<Error> malformed(std::string_view why) {
  return fail(ErrorCode::InvalidArgument,
              fmt::format("The form cannot be read: {}. Let your client's library write it.", why));
}

// Takes a quoted text from the front of `text`; nothing where it does not end. A backslash only
// guards a quotation mark or another: browsers send Windows paths bare.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string value;
  for (size_t index = 1; index < text.size(); ++index) {
    const char c = text[index];
    if (c == '"') {
      text.remove_prefix(index + 1);
      return value;
    }
    const bool guards =
        c == '\\' && index + 1 < text.size() && (text[index + 1] == '"' || text[index + 1] == '\\');
    value += guards ? text[++index] : c;
  }
  return std::nullopt;
}

// A header's value: what stands before the first semicolon, in lower case, under the empty name,
// and each parameter. Nothing where it is malformed.
std::optional<Parameters> read_value(std::string_view text) {
  const std::string_view main = text.substr(0, text.find(';'));
  Parameters parameters{{"", lower_case(trimmed(main))}};
  text.remove_prefix(main.size());
  while (!(text = trimmed(text)).empty()) {
    if (text.front() != ';') return std::nullopt;
    text = trimmed(text.substr(1));
    if (text.empty()) break;
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string name = lower_case(trimmed(text.substr(0, equals)));
    text = trimmed(text.substr(equals + 1));
    if (text.starts_with('"')) {
      auto quoted = take_quoted(text);
      if (!quoted) return std::nullopt;
      parameters.emplace(name, std::move(*quoted));
    } else {
      const std::string_view bare = text.substr(0, text.find(';'));
      parameters.emplace(name, trimmed(bare));
      text.remove_prefix(bare.size());
    }
  }
  return parameters;
}

// How a browser writes what a quoted name cannot hold.
std::string unescape(std::string text) {
  for (const auto& [escaped, plain] :
       {std::pair{"%22", "\""}, std::pair{"%0D", "\r"}, std::pair{"%0A", "\n"}}) {
    for (size_t at = 0; (at = text.find(escaped, at)) != std::string::npos; ++at) {
      text.replace(at, 3, plain);
    }
  }
  return text;
}

Result<std::string> read_boundary(std::string_view content_type) {
  const auto value = read_value(content_type);
  if (!value || value->at("") != "multipart/form-data") {
    return fail(ErrorCode::InvalidArgument,
                "The body must be a form with content type multipart/form-data.");
  }
  const auto boundary = value->find("boundary");
  if (boundary == value->end() || boundary->second.empty() ||
      boundary->second.size() > kMostBoundaryBytes) {
    return malformed("its content type has no boundary of 1 to 70 characters");
  }
  return boundary->second;
}

// The names in a part's header lines.
Result<FormPart> read_headers(std::string_view lines) {
  FormPart part;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find(kLineEnd));
    lines.remove_prefix(std::min(lines.size(), line.size() + kLineEnd.size()));
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return malformed("a header of a part has no colon");
    if (lower_case(trimmed(line.substr(0, colon))) != "content-disposition") continue;
    const auto value = read_value(line.substr(colon + 1));
    if (!value || value->at("") != "form-data" || !value->contains("name")) {
      return malformed("a part's Content-Disposition is not form-data with a name");
    }
    part.name = unescape(value->at("name"));
    if (const auto file = value->find("filename"); file != value->end()) {
      part.file_name = unescape(file->second);
    }
  }
  if (part.name.empty()) return malformed("a part has no name");
  return part;
}

// Reads part by part; what is left begins behind a delimiter.
class FormReader {
 public:
  FormReader(std::string_view body, std::string_view boundary)
      : left_(body), delimiter_(fmt::format("{}--{}", kLineEnd, boundary)) {}

  Result<std::vector<FormPart>> read() {
    // The first delimiter may stand at the very beginning, or after lines to be passed over.
    const std::string_view first = std::string_view(delimiter_).substr(kLineEnd.size());
    if (left_.starts_with(first)) {
      left_.remove_prefix(first.size());
    } else if (!take_until(delimiter_)) {
      return malformed("its boundary is not in the body");
    }
    std::vector<FormPart> parts;
    while (!left_.starts_with("--")) {
      if (parts.size() == kMostParts) return malformed("it has more than 64 parts");
      auto part = read_part();
      if (!part) return std::unexpected(part.error());
      parts.push_back(std::move(*part));
    }
    return parts;
  }

 private:
  Result<FormPart> read_part() {
    const auto padding = take_until(kLineEnd);
    if (!padding || !trimmed(*padding).empty()) return malformed("it ends early");
    const std::string_view head = left_.substr(0, kMostHeaderBytes);
    const size_t end = head.find("\r\n\r\n");
    if (end == std::string_view::npos) {
      return malformed("a part's headers do not end within 8 KiB");
    }
    auto part = read_headers(head.substr(0, end));
    if (!part) return part;
    left_.remove_prefix(end + 2 * kLineEnd.size());
    const auto content = take_until(delimiter_);
    if (!content) return malformed("it ends early");
    part->content = *content;
    return part;
  }

  // What stands before `mark`; takes both. Nothing where there is no mark.
  std::optional<std::string_view> take_until(std::string_view mark) {
    const size_t at = left_.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view before = left_.substr(0, at);
    left_.remove_prefix(at + mark.size());
    return before;
  }

  std::string_view left_;
  std::string delimiter_;
};

}  // namespace

Result<std::vector<FormPart>> read_multipart(std::string_view body, std::string_view content_type) {
  const auto boundary = read_boundary(content_type);
  if (!boundary) return std::unexpected(boundary.error());
  return FormReader(body, *boundary).read();
}

}  // namespace melete::api
