#include "api/embeddings/common_fields.h"

#include <array>
#include <string_view>

namespace melete::api::embeddings {

namespace {

constexpr std::array kKnown = std::to_array<std::string_view>({
    "model",
    "input",
    "encoding_format",
    "dimensions",
    "user",
});

constexpr FieldRules kRules{.known = kKnown};

}  // namespace

const FieldRules& field_rules() {
  return kRules;
}

void check_fields(ObjectReader& fields) {
  api::check_fields(fields, field_rules());
}

}  // namespace melete::api::embeddings
