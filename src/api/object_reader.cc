#include "api/object_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace melete::api {

namespace {

std::string_view type_of(const Json& value) {
  if (value.is_boolean()) return "a boolean";
  if (value.is_number_integer()) return "an integer";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "a string";
  if (value.is_array()) return "an array";
  if (value.is_object()) return "an object";
  return "null";
}

// The value for an error message, short enough to be read.
std::string shown(const Json& value) {
  constexpr size_t kMostShown = 60;
  std::string text = write_json(value);
  if (text.size() <= kMostShown) return text;
  size_t end = kMostShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

// The value as a 64-bit integer; 3.0 counts as 3.
std::optional<int64_t> whole_number(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<uint64_t>();
    if (number > static_cast<uint64_t>(INT64_MAX)) return std::nullopt;
    return static_cast<int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<int64_t>();
  constexpr double kExact = 9007199254740992.0;
  const auto number = value.get<double>();
  if (std::floor(number) != number || std::abs(number) > kExact) return std::nullopt;
  return static_cast<int64_t>(number);
}

}  // namespace

ObjectReader::ObjectReader(const Json& object, std::string path, FirstError& error)
    : object_(&object), path_(std::move(path)), error_(&error) {}

std::string ObjectReader::path_of(std::string_view name) const {
  if (path_.empty()) return std::string(name);
  return fmt::format("{}.{}", path_, name);
}

const Json* ObjectReader::any(std::string_view name) const {
  if (!object_->is_object()) return nullptr;
  const auto found = object_->find(name);
  if (found == object_->end() || found->is_null()) return nullptr;
  return &*found;
}

void ObjectReader::refuse(ErrorCode code, std::string_view name, std::string message) {
  if (*error_) return;
  *error_ = Error{code, std::move(message), path_of(name)};
}

void ObjectReader::wrong_type(std::string_view name, std::string_view wanted) {
  const Json& value = *any(name);
  refuse(ErrorCode::InvalidArgument, name,
         fmt::format("{} is {} ({}) and must be {}", path_of(name), type_of(value), shown(value),
                     wanted));
}

void ObjectReader::require(std::string_view name) {
  if (any(name)) return;
  refuse(ErrorCode::InvalidArgument, name, fmt::format("{} is missing", path_of(name)));
}

std::optional<double> ObjectReader::number(std::string_view name, NumberRange range) {
  const Json* value = any(name);
  if (!value) return std::nullopt;
  if (!value->is_number()) {
    wrong_type(name, "a number");
    return std::nullopt;
  }
  const auto number = value->get<double>();
  if (number >= range.low && number <= range.high) return number;
  refuse(ErrorCode::InvalidArgument, name,
         fmt::format("{} is {} and must lie between {} and {}", path_of(name), shown(*value),
                     range.low, range.high));
  return std::nullopt;
}

std::optional<int64_t> ObjectReader::integer(std::string_view name, IntegerRange range) {
  const Json* value = any(name);
  if (!value) return std::nullopt;
  if (!value->is_number()) {
    wrong_type(name, "an integer");
    return std::nullopt;
  }
  const auto number = whole_number(*value);
  if (number && *number >= range.low && *number <= range.high) return number;
  refuse(ErrorCode::InvalidArgument, name,
         fmt::format("{} is {} and must be an integer between {} and {}", path_of(name),
                     shown(*value), range.low, range.high));
  return std::nullopt;
}

std::optional<bool> ObjectReader::boolean(std::string_view name) {
  const Json* value = any(name);
  if (!value) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  wrong_type(name, "true or false");
  return std::nullopt;
}

std::optional<std::string> ObjectReader::text(std::string_view name, TextLimits limits) {
  const Json* value = any(name);
  if (!value) return std::nullopt;
  if (!value->is_string()) {
    wrong_type(name, "a string");
    return std::nullopt;
  }
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() >= limits.least_bytes && text.size() <= limits.most_bytes) return text;
  const std::string wanted = text.size() < limits.least_bytes
                                 ? fmt::format("at least {}", limits.least_bytes)
                                 : fmt::format("at most {}", limits.most_bytes);
  refuse(ErrorCode::InvalidArgument, name,
         fmt::format("{} has {} bytes and must have {}", path_of(name), text.size(), wanted));
  return std::nullopt;
}

std::vector<std::string> ObjectReader::texts(std::string_view name, ArrayLimits count,
                                             TextLimits limits) {
  std::vector<std::string> texts;
  const Json* values = array(name, count);
  if (!values) return texts;
  for (const Json& value : *values) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text && text->size() >= limits.least_bytes && text->size() <= limits.most_bytes) {
      texts.push_back(*text);
      continue;
    }
    const std::string element = fmt::format("{}[{}]", name, texts.size());
    refuse(ErrorCode::InvalidArgument, element,
           fmt::format("{} must be a string of {} to {} bytes", path_of(element),
                       limits.least_bytes, limits.most_bytes));
    break;
  }
  return texts;
}

std::optional<std::string> ObjectReader::choice(std::string_view name,
                                                const std::vector<std::string_view>& allowed) {
  auto value = text(name);
  if (!value || std::ranges::find(allowed, *value) != allowed.end()) return value;
  refuse(ErrorCode::InvalidArgument, name,
         fmt::format("{} is {} and must be one of: {}", path_of(name), shown(*any(name)),
                     fmt::join(allowed, ", ")));
  return std::nullopt;
}

std::optional<ObjectReader> ObjectReader::object(std::string_view name) {
  const Json* value = any(name);
  if (!value) return std::nullopt;
  if (value->is_object()) return ObjectReader(*value, path_of(name), *error_);
  wrong_type(name, "an object");
  return std::nullopt;
}

const Json* ObjectReader::array(std::string_view name, ArrayLimits limits) {
  const Json* value = any(name);
  if (!value) return nullptr;
  if (!value->is_array()) {
    wrong_type(name, "an array");
    return nullptr;
  }
  if (value->size() >= limits.least && value->size() <= limits.most) return value;
  const std::string wanted = value->size() < limits.least ? fmt::format("at least {}", limits.least)
                                                          : fmt::format("at most {}", limits.most);
  refuse(ErrorCode::InvalidArgument, name,
         fmt::format("{} has {} elements and must have {}", path_of(name), value->size(), wanted));
  return nullptr;
}

std::optional<ObjectReader> element_reader(const Json& array, size_t index, ObjectReader& owner,
                                           std::string_view name) {
  const std::string element = fmt::format("{}[{}]", name, index);
  if (array[index].is_object()) {
    return ObjectReader(array[index], owner.path_of(element), owner.error());
  }
  owner.refuse(
      ErrorCode::InvalidArgument, element,
      fmt::format("{} is {} and must be an object", owner.path_of(element), type_of(array[index])));
  return std::nullopt;
}

}  // namespace melete::api
