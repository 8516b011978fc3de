#include "server/cors.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace melete::server {

namespace {

constexpr size_t kMostShown = 200;  // bytes of an origin in an error

bool only_reads(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

bool is_foreign(const Sender& sender) {
  if (!sender.fetch_site.empty()) {
    return sender.fetch_site != "same-origin" && sender.fetch_site != "none";
  }
  if (sender.origin.empty()) return false;
  const size_t scheme = sender.origin.find("://");
  return scheme == std::string_view::npos || sender.origin.substr(scheme + 3) != sender.host;
}

}  // namespace

bool cors_allows(const ServerOptions& options, std::string_view origin) {
  const auto allows = [&](const std::string& allowed) {
    return allowed == "*" || allowed == origin;
  };
  return !origin.empty() && std::ranges::any_of(options.cors_origins, allows);
}

// Pages that have no such address, as of extensions, are let in with all others alone.
std::string cors_advice(std::string_view origin) {
  const bool named = origin.starts_with("http://") || origin.starts_with("https://");
  return fmt::format("--cors {}", named ? origin.substr(0, kMostShown) : "\"*\"");
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

std::optional<Reply> foreign_page_reply(const ServerOptions& options, std::string_view method,
                                        const Sender& sender) {
  const bool any = std::ranges::find(options.cors_origins, "*") != options.cors_origins.end();
  const bool fine =
      only_reads(method) || !is_foreign(sender) || any || cors_allows(options, sender.origin);
  if (fine) return std::nullopt;
  const std::string_view origin = sender.origin.empty() ? "another origin" : sender.origin;
  return error_reply(
      Error{ErrorCode::Forbidden,
            fmt::format("Pages of {} may not call this server: serve with {} to let them.",
                        origin.substr(0, kMostShown), cors_advice(sender.origin)),
            "origin"});
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
