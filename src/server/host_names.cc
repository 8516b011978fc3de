#include "server/host_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>
#include <string>

#include "net/url.h"

namespace melete::server {

namespace {

constexpr std::array<std::string_view, 2> kNamesInContainers = {"host.docker.internal",
                                                                "host.containers.internal"};

bool same_name(std::string_view first, std::string_view second) {
  return boost::beast::iequals({first.data(), first.size()}, {second.data(), second.size()});
}

// "[::1]:8080" to "::1", "localhost.:8080" to "localhost".
std::string_view name_of(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  std::string_view name = host.substr(0, host.find(':'));
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

bool is_address(std::string_view name) {
  boost::system::error_code error;
  boost::asio::ip::make_address(std::string(name), error);
  return !error;
}

}  // namespace

bool is_own_host(const ServerOptions& options, std::string_view host) {
  const std::string_view name = name_of(host);
  const auto is_it = [name](std::string_view own) { return same_name(own, name); };
  return is_address(name) || net::is_this_machine(name) ||
         std::ranges::any_of(kNamesInContainers, is_it) ||
         std::ranges::any_of(options.allowed_hosts, is_it);
}

std::optional<Reply> foreign_host_reply(const ServerOptions& options, bool here_alone,
                                        std::string_view host) {
  const bool checked = here_alone || !options.allowed_hosts.empty();
  const bool any = std::ranges::find(options.allowed_hosts, "*") != options.allowed_hosts.end();
  if (!checked || any || host.empty() || is_own_host(options, host)) return std::nullopt;
  const std::string_view name = name_of(host).substr(0, 200);
  return error_reply(Error{ErrorCode::Forbidden,
                           fmt::format("This server does not answer to the name {}: serve with "
                                       "--allow-host {} to have it do so.",
                                       name, name),
                           "host"});
}

}  // namespace melete::server
