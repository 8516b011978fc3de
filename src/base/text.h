// What texts are asked everywhere: white space, digits and letters of ASCII, whatever the locale.

#pragma once

#include <string>
#include <string_view>

namespace melete {

constexpr bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Without the white space at both ends; a part of `text`.
constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Whether there is nothing but white space.
constexpr bool is_blank(std::string_view text) {
  return trimmed(text).empty();
}

// With capitals of ASCII made small; other bytes stay.
std::string lower_case(std::string_view text);

}  // namespace melete
