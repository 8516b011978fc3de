#include "server/routes.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

namespace melete::server {

namespace {

// %3A to ':' and so on; what is no such escape stays as it is.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (size_t index = 0; index < text.size(); ++index) {
    unsigned value = 0;
    const char* digits = text.data() + index + 1;
    const bool escape = text[index] == '%' && index + 2 < text.size() &&
                        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
    decoded += escape ? static_cast<char>(value) : text[index];
    if (escape) index += 2;
  }
  return decoded;
}

// What follows the route's path, or nothing where `path` is not on the route.
std::optional<std::string> match(const Route& route, std::string_view path) {
  constexpr std::string_view kBelow = "/*";
  if (!route.path.ends_with(kBelow)) {
    if (path == route.path) return "";
    return std::nullopt;
  }
  const std::string_view stem = std::string_view(route.path).substr(0, route.path.size() - 1);
  if (!path.starts_with(stem) || path.size() == stem.size()) return std::nullopt;
  return percent_decoded(path.substr(stem.size()));
}

bool allows(const Route& route, std::string_view method) {
  return route.method == method || (route.method == "GET" && method == "HEAD");
}

Reply wrong_method(std::string_view method, std::string_view path, const std::string& allowed) {
  Reply reply = error_reply(
      {ErrorCode::Unsupported, fmt::format("{} does not answer {}: use {}", path, method, allowed)},
      405);
  reply.headers.emplace_back("allow", allowed);
  return reply;
}

}  // namespace

RouteTable::RouteTable(Metrics& metrics) : metrics_(&metrics) {}

void RouteTable::add(std::string method, std::string path, decltype(Route::target) target) {
  const RouteCounters counters(*metrics_, path);
  routes_.push_back(
      std::make_unique<Route>(std::move(method), std::move(path), std::move(target), counters));
}

void RouteTable::add_page(std::string path, PageMaker page) {
  add("GET", std::move(path), std::move(page));
}

void RouteTable::add_call(std::string path, CallTarget target) {
  add("POST", std::move(path), target);
}

void RouteTable::add_query(std::string path, QueryTarget target) {
  add("POST", std::move(path), target);
}

void RouteTable::add_long_query(std::string path, LongQueryTarget target) {
  add("POST", std::move(path), target);
}

std::expected<RouteMatch, Reply> RouteTable::find(std::string_view method,
                                                  std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  std::string allowed;
  for (const auto& route : routes_) {
    auto rest = match(*route, path);
    if (!rest) continue;
    if (allows(*route, method)) return RouteMatch{route.get(), std::move(*rest)};
    if (!allowed.empty()) allowed += ", ";
    allowed += route->method;
  }
  if (!allowed.empty()) return std::unexpected(wrong_method(method, path, allowed));
  return std::unexpected(
      error_reply({ErrorCode::NotFound,
                   fmt::format("{} is not a path of this server: GET /openapi.json lists them",
                               path.substr(0, 200))}));
}

}  // namespace melete::server
