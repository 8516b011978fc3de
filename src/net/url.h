// http and https addresses in their parts.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace melete::net {

struct Url {
  std::string scheme;        // "http" or "https"
  std::string credentials;   // "user:password", percent-decoded; usually empty
  std::string host;          // lower case; an IPv6 address without its brackets
  uint16_t port = 0;         // the scheme's where none is written
  std::string target = "/";  // path and query, as sent

  bool is_https() const { return scheme == "https"; }

  // The host as addresses have it: IPv6 in brackets.
  std::string written_host() const;

  // Host and port as a Host header has them: without the scheme's own port, IPv6 in brackets.
  std::string authority() const;

  // The address again, without credentials.
  std::string text() const;
};

// Whether a host's name is localhost or below it (RFC 6761), or an address that leads to this
// machine whichever it is (127.0.0.1, ::1, 0.0.0.0); an IPv6 address without its brackets.
bool is_this_machine(std::string_view host);

// Fails with InvalidArgument on anything but an absolute http or https address with a host. Spaces
// and control characters are refused; a fragment is dropped.
Result<Url> parse_url(std::string_view text);

// Where a Location header leads from `base`: absolute, "//host/...", "/path" or relative to the
// last '/'.
Result<Url> resolve_url(const Url& base, std::string_view location);

}  // namespace melete::net
