#include "server/cors.h"

#include <algorithm>
#include <string>

namespace melete::server {

Headers cors_headers(const ServerOptions& options, std::string_view origin) {
  if (origin.empty()) return {};
  const auto allows = [&](const std::string& allowed) {
    return allowed == "*" || allowed == origin;
  };
  if (!std::ranges::any_of(options.cors_origins, allows)) return {};
  return {{"access-control-allow-origin", std::string(origin)},
          {"access-control-expose-headers", "x-request-id"},
          {"vary", "origin"}};
}

std::optional<Reply> preflight_reply(const ServerOptions& options, std::string_view method) {
  if (method != "OPTIONS" || options.cors_origins.empty()) return std::nullopt;
  return Reply{.status = 204,
               .content_type = "text/plain",
               .body = "",
               .headers = {{"access-control-allow-methods", "GET, POST, OPTIONS"},
                           {"access-control-allow-headers", "*, authorization, content-type"},
                           {"access-control-max-age", "600"}}};
}

}  // namespace melete::server
