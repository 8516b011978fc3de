// By which names a server that listens on this machine alone may be asked, and by which one for
// others.

#include "server/host_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/http_client.h"
#include "server/test_server.h"

namespace melete::server {
namespace {

ServerOptions allowing(std::vector<std::string> hosts) {
  ServerOptions options;
  options.allowed_hosts = std::move(hosts);
  return options;
}

bool is_refused(const ServerOptions& options, bool here_alone, const std::string& host) {
  return foreign_host_reply(options, here_alone, host).has_value();
}

TEST(HostNames, ThisMachineAloneIsAskedByAddressesAndAsLocalhost) {
  for (const char* own :
       {"127.0.0.1:8080", "192.168.1.5", "[::1]:8080", "[::1]", "localhost:1", "LocalHost",
        "localhost.", "melete.localhost:8080", "host.docker.internal:8080", ""}) {
    EXPECT_FALSE(is_refused({}, true, own)) << own;
  }
  for (const char* foreign :
       {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
        "notlocalhost", ".localhost", "evil.internal", "localhost..", "[", ":"}) {
    EXPECT_TRUE(is_refused({}, true, foreign)) << foreign;
  }
}

TEST(HostNames, AllowedOnesAreNamesOfOurs) {
  const ServerOptions options = allowing({"chat.example"});
  EXPECT_FALSE(is_refused(options, true, "chat.example"));
  EXPECT_FALSE(is_refused(options, true, "Chat.Example.:443"));
  EXPECT_FALSE(is_refused(options, true, "localhost"));
  EXPECT_TRUE(is_refused(options, true, "other.example"));
  EXPECT_TRUE(is_own_host(options, "chat.example"));
}

TEST(HostNames, AStarLetsEveryNameInAndMakesNoneOurs) {
  EXPECT_FALSE(is_refused(allowing({"*"}), true, "other.example"));
  EXPECT_FALSE(is_own_host(allowing({"*"}), "other.example"));
}

TEST(HostNames, AServerForOthersIsAskedByAnyNameUnlessSomeAreAllowed) {
  EXPECT_FALSE(is_refused({}, false, "melete.example"));
  EXPECT_TRUE(is_refused(allowing({"melete.example"}), false, "other.example"));
}

TEST(HostNames, ThePageThatComesByAnotherNameReadsNothing) {
  const TestServer server;
  HttpClient client(server.port());
  client.send("GET /v1/models HTTP/1.1\r\nhost: evil.example:8080\r\n\r\n");
  const HttpReply refused = client.read_reply();
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.json()["error"]["param"], "host");
  EXPECT_THAT(refused.body, testing::HasSubstr("--allow-host evil.example"));
  client.send("GET /v1/models HTTP/1.1\r\nhost: localhost\r\n\r\n");
  EXPECT_EQ(client.read_reply().status, 200);
}

}  // namespace
}  // namespace melete::server
