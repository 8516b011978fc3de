// Which proxy an address is reached through.

#include "net/proxy.h"

#include <gtest/gtest.h>

namespace melete::net {
namespace {

std::string proxy_of(const std::string& url, const ProxySettings& settings) {
  const auto proxy = proxy_for(*parse_url(url), settings);
  if (!proxy) return "error";
  return *proxy ? (*proxy)->text() : "none";
}

TEST(Proxy, DependsOnTheScheme) {
  const ProxySettings settings{"http://plain:3128", "secure:3129", ""};
  EXPECT_EQ(proxy_of("http://example.org", settings), "http://plain:3128/");
  EXPECT_EQ(proxy_of("https://example.org", settings), "http://secure:3129/");
  EXPECT_EQ(proxy_of("https://example.org", {}), "none");
}

TEST(Proxy, ExceptionsCoverTheHostAndWhatIsBelowIt) {
  const ProxySettings settings{"http://proxy:1", "http://proxy:1",
                               "localhost, .example.org,10.0.0.1"};
  EXPECT_EQ(proxy_of("http://localhost", settings), "none");
  EXPECT_EQ(proxy_of("https://example.org", settings), "none");
  EXPECT_EQ(proxy_of("https://a.example.org", settings), "none");
  EXPECT_EQ(proxy_of("https://notexample.org", settings), "http://proxy:1/");
  EXPECT_EQ(proxy_of("http://anything", {"http://proxy:1", "", "*"}), "none");
}

TEST(Proxy, IsNotAskedForThisMachine) {
  const ProxySettings settings{"http://proxy:1", "http://proxy:1", ""};
  for (const char* here : {"http://localhost", "https://melete.localhost:8443", "http://127.0.0.1",
                           "http://127.3.2.1:80", "http://[::1]:8080", "http://0.0.0.0:8080"}) {
    EXPECT_EQ(proxy_of(here, settings), "none") << here;
  }
  EXPECT_EQ(proxy_of("http://localhost.example.org", settings), "http://proxy:1/");
  EXPECT_EQ(proxy_of("http://128.0.0.1", settings), "http://proxy:1/");
}

TEST(Proxy, OfHttpsIsRefusedInWords) {
  EXPECT_EQ(proxy_of("http://example.org", {"https://proxy:1", "", ""}), "error");
}

}  // namespace
}  // namespace melete::net
