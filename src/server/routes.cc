#include "server/routes.h"

#include <fmt/format.h>

#include <algorithm>
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

std::string_view first_segment(std::string_view& path) {
  const size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return segment;
}

// What the route leaves open, or nothing where `path` is not on it.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  std::vector<std::string> matched;
  const auto slashes = [](std::string_view text) { return std::ranges::count(text, '/'); };
  const bool below = pattern.ends_with("/*");
  if (below ? slashes(path) < slashes(pattern) : slashes(path) != slashes(pattern)) {
    return std::nullopt;
  }
  while (!pattern.empty()) {
    const std::string_view wanted = first_segment(pattern);
    const std::string_view given = wanted == "*" ? path : first_segment(path);
    const bool open = wanted == "*" || wanted == "{id}";
    if (open ? given.empty() : given != wanted) return std::nullopt;
    if (open) matched.push_back(percent_decoded(given));
  }
  return matched;
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

std::multimap<std::string, std::string, std::less<>> query_of(std::string_view target) {
  std::multimap<std::string, std::string, std::less<>> query;
  std::string_view left = target.substr(std::min(target.find('?'), target.size() - 1) + 1);
  while (!left.empty()) {
    const size_t end = std::min(left.find('&'), left.size());
    std::string field(left.substr(0, end));
    std::ranges::replace(field, '+', ' ');
    const size_t equals = std::min(field.find('='), field.size());
    const std::string_view text = field;
    query.emplace(percent_decoded(text.substr(0, equals)),
                  percent_decoded(text.substr(std::min(equals + 1, field.size()))));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return query;
}

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

void RouteTable::add_resource(std::string method, std::string path, ResourceTarget target) {
  add(std::move(method), std::move(path), std::move(target));
}

void RouteTable::add_query(std::string path, QueryTarget target) {
  add("POST", std::move(path), target);
}

void RouteTable::add_socket(std::string path, SocketTarget target) {
  add("GET", std::move(path), target);
}

void RouteTable::add_long_query(std::string path, LongQueryTarget target) {
  add("POST", std::move(path), target);
}

std::expected<RouteMatch, Reply> RouteTable::find(std::string_view method,
                                                  std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  const auto names = [path](const auto& route) { return route->path == path; };
  const bool named = std::ranges::any_of(routes_, names);
  std::string allowed;
  for (const auto& route : routes_) {
    auto matched = match(route->path, path);
    if (!matched || (named && !names(route))) continue;
    if (allows(*route, method)) return RouteMatch{route.get(), std::move(*matched)};
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
