#include "engine/schema_check.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <set>
#include <string_view>

namespace melete::engine {

namespace {

constexpr int kMostSteps = 20'000;
constexpr int kDeepest = 512;     // references count as levels
constexpr size_t kMostTypes = 7;  // JSON has no more
constexpr size_t kValuesOfStep = 50;
constexpr size_t kMostProperties = 300;
constexpr size_t kLongestName = 256;  // bytes

// Walks a schema as the converter does.
class Walk {
 public:
  explicit Walk(const Json& root) : root_(root) {}

  // `merged`: below allOf, where a reference is followed each time anew.
  bool ends(const Json& schema, bool merged, int depth) {
    if (++steps_ > kMostSteps || depth > kDeepest) return false;
    if (!schema.is_object()) return true;
    if (const auto reference = schema.find("$ref"); reference != schema.end()) {
      return reference_ends(*reference, merged, depth);
    }
    const auto type = schema.find("type");
    const size_t times = type != schema.end() && type->is_array() ? type->size() : 1;
    if (times > kMostTypes) return false;
    for (size_t i = 0; i < times; ++i) {
      if (!children_end(schema, merged, depth)) return false;
    }
    return true;
  }

 private:
  bool reference_ends(const Json& reference, bool merged, int depth) {
    if (!reference.is_string()) return true;
    const std::string& name = reference.get_ref<const std::string&>();
    if (name.size() > kLongestName) return false;
    if (!seen_.insert(name).second && !merged) return true;
    const Json* target = place_of(name);
    return target == nullptr || ends(*target, merged, depth + 1);
  }

  // As the converter finds it: pieces are taken as they stand, and an index by its first digits.
  const Json* place_of(const std::string& name) const {
    if (!name.starts_with("#/")) return nullptr;
    const Json* at = &root_;
    for (size_t begin = 2; begin <= name.size();) {
      const size_t end = std::min(name.find('/', begin), name.size());
      const std::string piece = name.substr(begin, end - begin);
      begin = end + 1;
      if (at->is_object() && at->contains(piece)) {
        at = &at->at(piece);
      } else if (at->is_array()) {
        const uint64_t index = std::strtoull(piece.c_str(), nullptr, 10);
        if (index >= at->size()) return nullptr;
        at = &at->at(index);
      } else {
        return nullptr;
      }
    }
    return at;
  }

  bool children_end(const Json& schema, bool merged, int depth) {
    if (const auto values = schema.find("enum"); values != schema.end()) {
      steps_ += static_cast<int>(values->size() / kValuesOfStep);
    }
    for (const char* name : {"oneOf", "anyOf", "allOf", "prefixItems"}) {
      const auto list = schema.find(name);
      if (list == schema.end() || !list->is_array()) continue;
      const bool below =
          std::string_view(name) == "allOf" || (merged && std::string_view(name) != "prefixItems");
      for (const Json& each : *list) {
        if (!ends(each, below, depth + 1)) return false;
      }
    }
    for (const char* name : {"items", "additionalProperties"}) {
      const auto one = schema.find(name);
      if (one == schema.end()) continue;
      if (!one->is_array()) {
        if (!ends(*one, false, depth + 1)) return false;
        continue;
      }
      for (const Json& each : *one) {
        if (!ends(each, false, depth + 1)) return false;
      }
    }
    const auto properties = schema.find("properties");
    if (properties == schema.end() || !properties->is_object()) return true;
    if (properties->size() > kMostProperties) return false;
    for (const auto& [name, each] : properties->items()) {
      if (name.size() > kLongestName || !ends(each, false, depth + 1)) return false;
    }
    return true;
  }

  const Json& root_;
  int steps_ = 0;
  std::set<std::string> seen_;  // references that were followed
};

}  // namespace

Result<void> check_schema(const Json& schema, const std::string& parameter) {
  if (Walk(schema).ends(schema, false, 0)) return {};
  return fail(
      ErrorCode::InvalidArgument,
      "The schema cannot be made a grammar: it refers to itself below allOf, or has more "
      "than 300 properties in an object, names of more than 256 bytes, more than 7 types in "
      "a list or too many levels. Simplify it.",
      parameter);
}

}  // namespace melete::engine
