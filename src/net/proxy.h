// Which proxy the environment asks for: http_proxy, https_proxy, all_proxy and no_proxy.

#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "net/url.h"

namespace melete::net {

struct ProxySettings {
  std::string http;    // for http addresses; empty: none
  std::string https;   // for https addresses; empty: none
  std::string except;  // hosts that are reached directly, separated by commas; "*": all

  // Reads the variables in lower case, then (but not for http_proxy) in upper case.
  static ProxySettings from_environment();
};

// The proxy for `url`, or nothing. This machine is always reached directly. An exception
// "example.org" covers the host and everything below it. Fails with InvalidArgument where the
// proxy's address is wrong or is not plain http.
Result<std::optional<Url>> proxy_for(const Url& url, const ProxySettings& settings);

}  // namespace melete::net
