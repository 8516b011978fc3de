#include "api/metadata.h"

#include <fmt/format.h>

namespace melete::api {

namespace {

constexpr size_t kMostPairs = 16;
constexpr size_t kMostKeyBytes = 64;
constexpr size_t kMostTextBytes = 512;

}  // namespace

std::optional<Json> read_metadata(ObjectReader& fields) {
  auto metadata = fields.object("metadata");
  if (!metadata) return std::nullopt;
  const Json& pairs = metadata->json();
  if (pairs.size() > kMostPairs) {
    fields.refuse(ErrorCode::InvalidArgument, "metadata",
                  fmt::format("{} has {} pairs and must have at most {}",
                              fields.path_of("metadata"), pairs.size(), kMostPairs));
    return std::nullopt;
  }
  for (const auto& [key, value] : pairs.items()) {
    if (key.empty() || key.size() > kMostKeyBytes) {
      fields.refuse(ErrorCode::InvalidArgument, "metadata",
                    fmt::format("{} has a key of {} bytes and its keys must have 1 to {}",
                                fields.path_of("metadata"), key.size(), kMostKeyBytes));
      return std::nullopt;
    }
    metadata->require(key);
    metadata->text(key, {.most_bytes = kMostTextBytes});
  }
  if (fields.error()) return std::nullopt;
  return pairs;
}

}  // namespace melete::api
