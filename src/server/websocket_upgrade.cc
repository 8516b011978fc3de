#include "server/websocket_upgrade.h"

#include <fmt/format.h>

#include <boost/beast/http/rfc7230.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "server/cors.h"
#include "server/host_names.h"

namespace melete::server {

namespace {

namespace http = boost::beast::http;

std::string_view header(const HttpRequest& request, http::field name) {
  const auto value = request[name];
  return {value.data(), value.size()};
}

bool wants_websocket(const HttpRequest& request) {
  return request.method() == http::verb::get && request.version() == 11 &&
         http::token_list(request[http::field::connection]).exists("upgrade") &&
         http::token_list(request[http::field::upgrade]).exists("websocket");
}

bool is_own_page(const ServerOptions& options, std::string_view origin, std::string_view host) {
  const size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos || host.empty()) return false;
  return origin.substr(scheme + 3) == host && is_own_host(options, host);
}

Reply upgrade_required(std::string message) {
  constexpr int kUpgradeRequired = 426;
  Reply reply =
      error_reply(Error{ErrorCode::InvalidArgument, std::move(message)}, kUpgradeRequired);
  reply.headers.emplace_back("upgrade", "websocket");
  reply.headers.emplace_back("sec-websocket-version", "13");
  return reply;
}

Reply bad_upgrade(std::string message) {
  return error_reply(Error{ErrorCode::InvalidArgument, std::move(message)});
}

Reply foreign_page(std::string_view origin) {
  return error_reply(
      Error{ErrorCode::Forbidden,
            fmt::format("Pages of {} may not open a WebSocket here: serve with {} to let them.",
                        origin.substr(0, 200), cors_advice(origin)),
            "origin"});
}

}  // namespace

std::optional<Reply> upgrade_reply(const HttpRequest& request, const Route& route,
                                   const ServerOptions& options) {
  const bool wants = wants_websocket(request);
  if (!std::holds_alternative<SocketTarget>(route.target)) {
    if (!wants) return std::nullopt;
    return bad_upgrade(fmt::format("{} does not speak WebSocket: /v1/responses does.", route.path));
  }
  if (!wants) {
    return upgrade_required(
        fmt::format("GET {} opens a WebSocket: ask for one, or use POST.", route.path));
  }
  if (header(request, http::field::sec_websocket_version) != "13") {
    return upgrade_required("This server speaks version 13 of the WebSocket protocol alone.");
  }
  constexpr size_t kKeyBytes = 24;
  if (header(request, http::field::sec_websocket_key).size() != kKeyBytes ||
      header(request, http::field::host).empty()) {
    return bad_upgrade(
        "A request for a WebSocket needs a host and a sec-websocket-key of 16 bytes in base64.");
  }
  const std::string_view origin = header(request, http::field::origin);
  const bool known = origin.empty() || cors_allows(options, origin) ||
                     is_own_page(options, origin, header(request, http::field::host));
  if (!known) return foreign_page(origin);
  return std::nullopt;
}

Headers upgrade_headers(const Exchange& exchange) {
  Headers headers{{"server", "melete"}, {"x-request-id", exchange.request_id}};
  headers.insert(headers.end(), exchange.headers.begin(), exchange.headers.end());
  return headers;
}

}  // namespace melete::server
