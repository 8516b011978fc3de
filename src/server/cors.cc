#include "server/cors.h"

#include <algorithm>
#include <string>

namespace melete::server {

bool cors_allows(const ServerOptions& options, std::string_view origin) {
  const auto allows = [&](const std::string& allowed) {
    return allowed == "*" || allowed == origin;
  };
  return !origin.empty() && std::ranges::any_of(options.cors_origins, allows);
}

Headers cors_headers(const ServerOptions& options, std::string_view origin) {
  if (options.cors_origins.empty()) return {};
  Headers headers{{"vary", "origin"}};
  if (!cors_allows(options, origin)) return headers;
  headers.emplace_back("access-control-allow-origin", origin);
  headers.emplace_back("access-control-expose-headers",
                       "x-request-id, retry-after, idempotent-replayed");
  return headers;
}

std::optional<Reply> preflight_reply(const ServerOptions& options, std::string_view method) {
  if (method != "OPTIONS" || options.cors_origins.empty()) return std::nullopt;
  return Reply{.status = 204,
               .content_type = "text/plain",
               .body = "",
               .headers = {{"access-control-allow-methods", "GET, POST, DELETE, OPTIONS"},
                           {"access-control-allow-headers", "*, authorization, content-type"},
                           {"access-control-max-age", "600"}}};
}

}  // namespace melete::server
