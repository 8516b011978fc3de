// Splits addresses by RFC 3986, as far as HTTP needs it.

#include "net/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace melete::net {
namespace {

constexpr uint16_t kHttpPort = 80;
constexpr uint16_t kHttpsPort = 443;

uint16_t usual_port(std::string_view scheme) {
  return scheme == "https" ? kHttpsPort : kHttpPort;
}

std::unexpected<Error> bad(std::string_view text, std::string_view why) {
  return fail(ErrorCode::InvalidArgument, fmt::format("{} is not a usable address: {}", text, why),
              "url");
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned int code = 0;
    const bool escaped = text[i] == '%' && i + 2 < text.size();
    const char* digits = text.data() + i + 1;
    if (escaped && std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
      result += static_cast<char>(code);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::optional<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

std::string Url::written_host() const {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

std::string Url::authority() const {
  std::string text = written_host();
  if (port != usual_port(scheme)) text += fmt::format(":{}", port);
  return text;
}

std::string Url::text() const {
  return fmt::format("{}://{}{}", scheme, authority(), target);
}

bool is_this_machine(std::string_view host) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(host), error);
  if (!error) return address.is_loopback() || address.is_unspecified();
  const std::string name = lower_case(host);
  return name == "localhost" || (name.ends_with(".localhost") && name != ".localhost");
}

Result<Url> parse_url(std::string_view text) {
  const bool printable =
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c != 0x7f; });
  if (!printable) return bad(text, "it contains spaces or control characters");
  const size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos)
    return bad(text, "it must begin with http:// or https://");
  Url url;
  url.scheme = lower_case(text.substr(0, scheme_end));
  if (url.scheme != "http" && url.scheme != "https") {
    return bad(text, "only http and https are understood");
  }
  std::string_view rest = text.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('#'));
  const size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, authority_end);
  const std::string_view target = rest.substr(authority_end);
  url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);

  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    url.credentials = percent_decoded(authority.substr(0, at));
    authority = authority.substr(at + 1);
  }
  const bool bracketed = authority.starts_with('[');
  const size_t host_end =
      bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (host_end == std::string_view::npos) return bad(text, "its ']' is missing");
  url.host =
      lower_case(bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end));
  if (url.host.empty()) return bad(text, "it has no host");
  const std::string_view after = authority.substr(host_end + (bracketed ? 1 : 0));
  url.port = usual_port(url.scheme);
  if (after.empty()) return url;
  const auto port = after.front() == ':' ? parse_port(after.substr(1)) : std::nullopt;
  if (!port) return bad(text, "its port must be a number from 1 to 65535");
  url.port = *port;
  return url;
}

Result<Url> resolve_url(const Url& base, std::string_view location) {
  const size_t scheme = location.find("://");  // behind a path or a question it is no scheme's
  if (scheme != std::string_view::npos && scheme < location.find_first_of("/?#")) {
    return parse_url(location);
  }
  if (location.starts_with("//")) return parse_url(fmt::format("{}:{}", base.scheme, location));
  Url url = base;
  const std::string_view path = location.substr(0, location.find('#'));
  if (path.starts_with('/')) {
    url.target = std::string(path);
  } else {
    const std::string directory = base.target.substr(0, base.target.find('?'));
    const bool same_page = path.starts_with('?');
    url.target =
        (same_page ? directory : directory.substr(0, directory.rfind('/') + 1)) + std::string(path);
  }
  return url;
}

}  // namespace melete::net
