#include "media/data_url.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace melete::media {

namespace {

constexpr std::string_view kScheme = "data:";
constexpr int8_t kWrong = -1;
constexpr int8_t kSpace = -2;

constexpr std::array<int8_t, 256> make_table() {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<int8_t, 256> table{};
  table.fill(kWrong);
  for (size_t i = 0; i < kAlphabet.size(); ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<int8_t>(i);
  }
  table['-'] = table['+'];
  table['_'] = table['/'];
  for (const char space : {' ', '\t', '\r', '\n'}) table[static_cast<int>(space)] = kSpace;
  return table;
}

constexpr std::array<int8_t, 256> kTable = make_table();

std::string_view without_padding(std::string_view text) {
  const size_t last = text.find_last_not_of("= \t\r\n");
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

}  // namespace

Result<std::string> decode_base64(std::string_view text, const std::string& label) {
  const std::string_view digits = without_padding(text);
  std::string bytes;
  bytes.reserve(digits.size() / 4 * 3 + 2);
  uint32_t group = 0;
  int filled = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const int8_t value = kTable[static_cast<unsigned char>(digits[i])];
    if (value == kSpace) continue;
    if (value == kWrong) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("Character {} is not base64 (byte value {}).", i + 1,
                              static_cast<unsigned char>(digits[i])),
                  label);
    }
    group = group << 6 | static_cast<uint32_t>(value);
    if (++filled < 4) continue;
    bytes +=
        {static_cast<char>(group >> 16), static_cast<char>(group >> 8), static_cast<char>(group)};
    group = 0;
    filled = 0;
  }
  if (filled == 1) {
    return fail(ErrorCode::InvalidArgument, "This base64 text is cut: its last character is alone.",
                label);
  }
  if (filled >= 2) bytes += static_cast<char>(group << 6 * (4 - filled) >> 16);
  if (filled == 3) bytes += static_cast<char>(group << 6 >> 8);
  return bytes;
}

bool is_data_url(std::string_view text) {
  return text.starts_with(kScheme);
}

Result<DataUrl> parse_data_url(std::string_view text, const std::string& label) {
  const size_t comma = text.find(',');
  if (!is_data_url(text) || comma == std::string_view::npos) {
    return fail(ErrorCode::InvalidArgument,
                "Not a data URL: it has the form data:image/png;base64,DATA.", label);
  }
  const std::string_view head = text.substr(kScheme.size(), comma - kScheme.size());
  if (!head.ends_with(";base64")) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("A data URL must be base64, and this one is \"{}\".", head), label);
  }
  Result<std::string> bytes = decode_base64(text.substr(comma + 1), label);
  if (!bytes) return std::unexpected(bytes.error());
  return DataUrl{std::string(head.substr(0, head.find(';'))), std::move(*bytes)};
}

}  // namespace melete::media
