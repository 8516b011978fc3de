#include "server/host_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>
#include <string>

#include "net/url.h"

namespace melete::server {

namespace {

namespace asio = boost::asio;

bool same_name(std::string_view first, std::string_view second) {
  return boost::beast::iequals({first.data(), first.size()}, {second.data(), second.size()});
}

// "[::1]:8080" to "::1".
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

bool is_internal(std::string_view name) {
  constexpr std::string_view kEnding = ".internal";
  return name.size() > kEnding.size() &&
         same_name(name.substr(name.size() - kEnding.size()), kEnding);
}

}  // namespace

bool is_own_host(const ServerOptions& options, std::string_view host) {
  const std::string_view name = without_port(host);
  boost::system::error_code error;
  asio::ip::make_address(std::string(name), error);
  if (!error || net::is_this_machine(name) || is_internal(name)) return true;
  return std::ranges::any_of(options.allowed_hosts, [&](const std::string& allowed) {
    return allowed == "*" || same_name(allowed, name);
  });
}

std::optional<Reply> foreign_host_reply(const ServerOptions& options, std::string_view host) {
  const bool checked = net::is_this_machine(options.host) || !options.allowed_hosts.empty();
  if (!checked || host.empty() || is_own_host(options, host)) return std::nullopt;
  const std::string_view name = without_port(host).substr(0, 200);
  return error_reply(Error{ErrorCode::Forbidden,
                           fmt::format("This server does not answer to the name {}: serve with "
                                       "--allow-host {} to have it do so.",
                                       name, name),
                           "host"});
}

}  // namespace melete::server
