// Addresses in their parts, and where redirects lead.

#include "net/url.h"

#include <gtest/gtest.h>

namespace melete::net {
namespace {

TEST(Url, HasTheUsualPortOfItsScheme) {
  EXPECT_EQ(parse_url("https://Example.org/a?b=c#d")->text(), "https://example.org/a?b=c");
  EXPECT_EQ(parse_url("https://example.org")->port, 443);
  EXPECT_EQ(parse_url("http://example.org")->target, "/");
}

TEST(Url, KeepsPortCredentialsAndBrackets) {
  const auto url = parse_url("http://user:p%40ss@[::1]:8080/x");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, 8080);
  EXPECT_EQ(url->credentials, "user:p@ss");
  EXPECT_EQ(url->text(), "http://[::1]:8080/x");
}

TEST(Url, RefusesWhatIsNotAnHttpAddress) {
  for (const char* text : {"", "example.org", "ftp://example.org", "http://", "http://a b/",
                           "http://[::1", "http://host:0/", "http://host:99999/",
                           "http://host:80x/", "http://host/\r\nInjected: 1"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

TEST(Url, RedirectsAreRelativeToTheirPage) {
  const Url base = *parse_url("https://example.org/one/two?q=1");
  EXPECT_EQ(resolve_url(base, "https://other.org/x")->text(), "https://other.org/x");
  EXPECT_EQ(resolve_url(base, "//other.org/x")->text(), "https://other.org/x");
  EXPECT_EQ(resolve_url(base, "/three")->text(), "https://example.org/three");
  EXPECT_EQ(resolve_url(base, "three?r=2")->text(), "https://example.org/one/three?r=2");
  EXPECT_EQ(resolve_url(base, "?r=2")->text(), "https://example.org/one/two?r=2");
  EXPECT_EQ(resolve_url(base, "/three?u=https://a.org")->text(),
            "https://example.org/three?u=https://a.org");
}

}  // namespace
}  // namespace melete::net
