// By which names a server that listens on this machine alone may be asked, and by which one for
// others.

#include "server/host_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/http_client.h"
#include "server/test_server.h"

namespace melete::server {
namespace {

ServerOptions listening_on(const std::string& address, std::vector<std::string> allowed = {}) {
  ServerOptions options;
  options.host = address;
  options.allowed_hosts = std::move(allowed);
  return options;
}

bool is_refused(const ServerOptions& options, const std::string& host) {
  return foreign_host_reply(options, host).has_value();
}

TEST(HostNames, ThisMachineAloneIsAskedByAddressesAndAsLocalhost) {
  for (const char* address : {"127.0.0.1", "127.8.8.8", "::1", "localhost"}) {
    const ServerOptions options = listening_on(address);
    for (const char* own :
         {"127.0.0.1:8080", "192.168.1.5", "[::1]:8080", "[::1]", "localhost:1", "LocalHost",
          "melete.localhost:8080", "host.docker.internal:8080", ""}) {
      EXPECT_FALSE(is_refused(options, own)) << address << " asked as " << own;
    }
    for (const char* foreign :
         {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
          "notlocalhost", ".localhost", ".internal", "internal", "[", ":"}) {
      EXPECT_TRUE(is_refused(options, foreign)) << address << " asked as " << foreign;
    }
  }
}

TEST(HostNames, AllowedOnesAreNamesOfOurs) {
  const ServerOptions options = listening_on("127.0.0.1", {"chat.example"});
  EXPECT_FALSE(is_refused(options, "chat.example"));
  EXPECT_FALSE(is_refused(options, "Chat.Example:443"));
  EXPECT_FALSE(is_refused(options, "localhost"));
  EXPECT_TRUE(is_refused(options, "other.example"));
  EXPECT_FALSE(is_refused(listening_on("127.0.0.1", {"*"}), "other.example"));
}

TEST(HostNames, AServerForOthersIsAskedByAnyNameUnlessSomeAreAllowed) {
  EXPECT_FALSE(is_refused(listening_on("0.0.0.0"), "melete.internal"));
  EXPECT_FALSE(is_refused(listening_on("melete.internal"), "other.example"));
  EXPECT_TRUE(is_refused(listening_on("0.0.0.0", {"melete.internal"}), "other.example"));
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
