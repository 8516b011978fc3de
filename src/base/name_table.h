// Names of an enumeration's values, as a table that is read both ways.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace melete {

template <typename Value, size_t size>
using NameTable = std::array<std::pair<Value, std::string_view>, size>;

// The value's name; empty where the table has none. O(size), as below.
template <typename Value, size_t size>
std::string_view name_in(const NameTable<Value, size>& table, Value value) {
  const auto row = std::ranges::find(table, value, [](const auto& entry) { return entry.first; });
  return row == table.end() ? std::string_view() : row->second;
}

// The value of that name; nothing where there is none.
template <typename Value, size_t size>
std::optional<Value> value_in(const NameTable<Value, size>& table, std::string_view name) {
  const auto row = std::ranges::find(table, name, [](const auto& entry) { return entry.second; });
  if (row == table.end()) return std::nullopt;
  return row->first;
}

}  // namespace melete
