// The text of catalogue.toml, compiled in.

#pragma once

#include <string_view>

namespace melete::models {

extern const std::string_view kBuiltinCatalogue;

}  // namespace melete::models
