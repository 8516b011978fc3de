// The rules that curl made usual.

#include "net/proxy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <initializer_list>

namespace melete::net {
namespace {

std::string first_set(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (value && *value) return value;
  }
  return {};
}

bool covers(std::string_view exception, std::string_view host) {
  if (exception == "*") return true;
  while (exception.starts_with('.')) exception.remove_prefix(1);
  if (exception.empty()) return false;
  if (host == exception) return true;
  return host.size() > exception.size() && host.ends_with(exception) &&
         host[host.size() - exception.size() - 1] == '.';
}

bool is_excepted(std::string_view list, std::string_view host) {
  while (!list.empty()) {
    const size_t end = std::min(list.find(','), list.size());
    std::string exception(list.substr(0, end));
    std::erase_if(exception, [](unsigned char c) { return std::isspace(c); });
    if (covers(exception, host)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

}  // namespace

ProxySettings ProxySettings::from_environment() {
  return {first_set({"http_proxy", "all_proxy", "ALL_PROXY"}),
          first_set({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}),
          first_set({"no_proxy", "NO_PROXY"})};
}

Result<std::optional<Url>> proxy_for(const Url& url, const ProxySettings& settings) {
  const std::string& address = url.is_https() ? settings.https : settings.http;
  const bool direct = is_this_machine(url.host) || is_excepted(settings.except, url.host);
  if (address.empty() || direct) return std::nullopt;
  const bool has_scheme = address.find("://") != std::string::npos;
  auto proxy = parse_url(has_scheme ? address : "http://" + address);
  if (!proxy) return std::unexpected(proxy.error());
  if (proxy->is_https()) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("the proxy {} is reached over https, which is not supported: give an http:// "
                    "address in https_proxy",
                    proxy->text()),
        "https_proxy");
  }
  return std::optional<Url>(std::move(*proxy));
}

}  // namespace melete::net
