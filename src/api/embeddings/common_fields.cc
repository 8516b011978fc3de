#include "api/embeddings/common_fields.h"

#include <array>
#include <string_view>

#include "api/field_rules.h"

namespace melete::api::embeddings {

namespace {

constexpr std::array kKnown = std::to_array<std::string_view>({
    "model",
    "input",
    "encoding_format",
    "dimensions",
    "user",
});

}  // namespace

void check_fields(ObjectReader& fields) {
  api::check_fields(fields, {.known = kKnown});
}

}  // namespace melete::api::embeddings
