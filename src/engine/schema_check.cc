#include "engine/schema_check.h"

#include <initializer_list>
#include <set>

namespace melete::engine {

namespace {

constexpr int kMostSteps = 20'000;
constexpr int kDeepest = 128;
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

  const Json* place_of(const std::string& name) const {
    if (!name.starts_with("#")) return nullptr;
    try {
      return &root_.at(Json::json_pointer(name.substr(1)));
    } catch (const Json::exception&) {
      return nullptr;
    }
  }

  bool children_end(const Json& schema, bool merged, int depth) {
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
      const bool is_list = one->is_array();
      for (const Json& each : is_list ? *one : Json::array({*one})) {
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
  return fail(ErrorCode::InvalidArgument,
              "The schema cannot be made a grammar: it refers to itself below allOf, or has more "
              "than 300 properties in an object, names of more than 256 bytes or 128 levels. "
              "Simplify it.",
              parameter);
}

}  // namespace melete::engine
