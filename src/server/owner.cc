#include "server/owner.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>
#include <string_view>

namespace melete::server {

namespace {

namespace http = boost::beast::http;

std::string_view key_of(const HttpRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const auto authorization = request[http::field::authorization];
  const boost::beast::string_view scheme = authorization.substr(0, kBearer.size());
  if (boost::beast::iequals(scheme, boost::beast::string_view(kBearer.data(), kBearer.size()))) {
    const auto token = authorization.substr(kBearer.size());
    return {token.data(), token.size()};
  }
  const auto key = request["x-api-key"];
  return {key.data(), key.size()};
}

}  // namespace

std::string owner_of(const HttpRequest& request) {
  const std::string_view key = key_of(request);
  if (key.empty()) return {};
  std::array<unsigned char, crypto_generichash_BYTES_MIN> digest{};
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(key.data()), key.size(), nullptr, 0);
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace melete::server
