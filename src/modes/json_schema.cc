#include "modes/json_schema.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace melete::modes {

namespace {

constexpr int kDeepest = 64;
constexpr size_t kMostSteps = 10'000'000;  // alternatives that refer to each other multiply

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

bool has_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "number") return value.is_number();
  if (type != "integer" || !value.is_number()) return false;
  return value.is_number_integer() || std::trunc(value.get<double>()) == value.get<double>();
}

// Checks values against one document, in which $ref finds its targets.
class Checker {
 public:
  explicit Checker(const Json& root) : root_(root) {}

  bool fits(const Json& value, const Json& schema, int depth) const {
    if (schema.is_boolean()) return schema.get<bool>();
    if (!schema.is_object()) return true;
    if (depth > kDeepest) steps_ = kMostSteps;
    if (!spend(1 + schema.size())) return false;
    if (const Json* target = referred(schema); target && !fits(value, *target, depth + 1)) {
      return false;
    }
    return fits_type(value, schema) && fits_number(value, schema) && fits_text(value, schema) &&
           fits_array(value, schema, depth) && fits_object(value, schema, depth) &&
           fits_parts(value, schema, depth);
  }

  // The check was given up; then what it said means nothing.
  bool gave_up() const { return steps_ > kMostSteps; }

 private:
  // Whether so much more work may be done.
  bool spend(size_t steps) const {
    steps_ += steps;
    return !gave_up();
  }

  // Members of objects have no order in JSON, but have one in our type.
  bool same(const Json& left, const Json& right) const {
    if (!left.is_structured() || left.type() != right.type()) return left == right;
    if (left.size() != right.size() || !spend(left.size())) return false;
    if (left.is_array()) {
      return std::ranges::equal(left, right,
                                [this](const Json& a, const Json& b) { return same(a, b); });
    }
    for (const auto& [name, member] : left.items()) {
      const auto other = right.find(name);
      if (other == right.end() || !spend(right.size()) || !same(member, *other)) return false;
    }
    return true;
  }

  const Json* referred(const Json& schema) const {
    const auto ref = schema.find("$ref");
    if (ref == schema.end() || !ref->is_string()) return nullptr;
    const std::string& path = ref->get_ref<const std::string&>();
    const auto [known, is_new] = targets_.try_emplace(path, nullptr);
    if (is_new) known->second = target_of(path);
    return known->second;
  }

  const Json* target_of(const std::string& path) const {
    if (!path.starts_with('#')) return nullptr;
    try {
      return &root_.at(Json::json_pointer(path.substr(1)));
    } catch (const Json::exception&) {
      return nullptr;
    }
  }

  bool fits_type(const Json& value, const Json& schema) const {
    if (const auto type = schema.find("type"); type != schema.end()) {
      const bool known =
          type->is_array() ? std::ranges::any_of(*type,
                                                 [&](const Json& each) {
                                                   return each.is_string() &&
                                                          has_type(value, each.get<std::string>());
                                                 })
                           : type->is_string() && has_type(value, type->get<std::string>());
      if (!known) return false;
    }
    if (const auto fixed = schema.find("const"); fixed != schema.end() && !same(*fixed, value)) {
      return false;
    }
    const auto allowed = schema.find("enum");
    if (allowed == schema.end() || !allowed->is_array()) return true;
    return spend(allowed->size()) &&
           std::ranges::any_of(*allowed, [&](const Json& each) { return same(each, value); });
  }

  // What `schema` says under `name`, when it is a number.
  static std::optional<double> bound(const Json& schema, const char* name) {
    const auto found = schema.find(name);
    if (found == schema.end() || !found->is_number()) return std::nullopt;
    return found->get<double>();
  }

  static bool fits_number(const Json& value, const Json& schema) {
    if (!value.is_number()) return true;
    const auto number = value.get<double>();
    if (const auto least = bound(schema, "minimum"); least && number < *least) return false;
    if (const auto most = bound(schema, "maximum"); most && number > *most) return false;
    if (const auto low = bound(schema, "exclusiveMinimum"); low && number <= *low) return false;
    if (const auto high = bound(schema, "exclusiveMaximum"); high && number >= *high) return false;
    const auto step = bound(schema, "multipleOf");
    if (!step || *step <= 0) return true;
    const double rounds = number / *step;
    return std::abs(rounds - std::round(rounds)) <= std::max(1e-9, 1e-15 * std::abs(rounds));
  }

  static bool fits_size(size_t size, const Json& schema, const char* least, const char* most) {
    const auto count = static_cast<double>(size);
    const auto low = bound(schema, least);
    const auto high = bound(schema, most);
    return (!low || count >= *low) && (!high || count <= *high);
  }

  static bool fits_text(const Json& value, const Json& schema) {
    if (!value.is_string()) return true;
    const auto& text = value.get_ref<const std::string&>();
    const auto characters = text.size() - static_cast<size_t>(std::ranges::count_if(
                                              text, [](char c) { return is_continuation(c); }));
    return fits_size(characters, schema, "minLength", "maxLength");
  }

  bool fits_array(const Json& value, const Json& schema, int depth) const {
    if (!value.is_array()) return true;
    if (!fits_size(value.size(), schema, "minItems", "maxItems")) return false;
    const auto unique = schema.find("uniqueItems");
    if (unique != schema.end() && *unique == true) {
      for (auto item = value.begin(); item != value.end(); ++item) {
        if (!spend(static_cast<size_t>(item - value.begin()))) return false;
        const auto is_item = [&](const Json& each) { return same(each, *item); };
        if (std::find_if(value.begin(), item, is_item) != item) return false;
      }
    }
    const auto first = schema.find("prefixItems");
    const auto rest = schema.find("items");
    const size_t fixed = first != schema.end() && first->is_array() ? first->size() : 0;
    for (size_t i = 0; i < value.size(); ++i) {
      if (i < fixed && !fits(value[i], (*first)[i], depth + 1)) return false;
      if (i >= fixed && rest != schema.end() && !fits(value[i], *rest, depth + 1)) return false;
    }
    return true;
  }

  bool fits_object(const Json& value, const Json& schema, int depth) const {
    if (!value.is_object()) return true;
    if (const auto required = schema.find("required");
        required != schema.end() && required->is_array()) {
      for (const Json& name : *required) {
        if (!spend(value.size())) return false;
        if (name.is_string() && !value.contains(name.get<std::string>())) return false;
      }
    }
    const auto known = schema.find("properties");
    const auto others = schema.find("additionalProperties");
    for (const auto& [name, member] : value.items()) {
      if (!spend(known != schema.end() ? known->size() : 0)) return false;
      if (known != schema.end() && known->is_object() && known->contains(name)) {
        if (!fits(member, known->at(name), depth + 1)) return false;
      } else if (others != schema.end() && !fits(member, *others, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  bool fits_parts(const Json& value, const Json& schema, int depth) const {
    const auto count = [&](const Json& parts) {
      return std::ranges::count_if(parts,
                                   [&](const Json& part) { return fits(value, part, depth + 1); });
    };
    for (const auto& [name, parts] : schema.items()) {
      if (name == "not" && fits(value, parts, depth + 1)) return false;
      if (!parts.is_array()) continue;
      if (name == "anyOf" && count(parts) == 0) return false;
      if (name == "oneOf" && count(parts) != 1) return false;
      if (name == "allOf" && count(parts) != static_cast<int64_t>(parts.size())) return false;
    }
    return true;
  }

  const Json& root_;
  mutable size_t steps_ = 0;                            // comparisons and visits
  mutable std::map<std::string, const Json*> targets_;  // by $ref; null: there is none
};

}  // namespace

bool fits_schema(const Json& value, const Json& schema) {
  const Checker checker(schema);
  return checker.fits(value, schema, 0) && !checker.gave_up();
}

}  // namespace melete::modes
