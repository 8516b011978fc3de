// The deadline of a call, in its body or a header, reaches the backend in every dialect.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/test_server.h"

namespace melete::server {
namespace {

using std::chrono::milliseconds;

struct Dialect {
  std::string path;
  std::string body;  // without its last brace
};

void PrintTo(const Dialect& dialect, std::ostream* out) {
  *out << dialect.path;
}

class Deadline : public testing::TestWithParam<Dialect> {
 protected:
  HttpReply ask(const TestServer& server, const std::string& fields, const std::string& header) {
    const std::string body = GetParam().body + fields + "}";
    HttpClient client(server.port());
    client.send("POST " + GetParam().path + " HTTP/1.1\r\nhost: localhost\r\n" + header +
                "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.read_reply();
  }
};

TEST_P(Deadline, TheNearerOfHeaderAndBodyHolds) {
  const TestServer server;
  ask(server, R"(, "melete": {"deadline_ms": 70000})", "x-melete-deadline-ms: 60000\r\n");
  ask(server, R"(, "melete": {"deadline_ms": 50000})", "x-melete-deadline-ms: 60000\r\n");
  ask(server, R"(, "melete": {"deadline_ms": 40000})", "");
  std::vector<std::optional<milliseconds>> seen;
  for (const chat::Request& request : server.backend->requests()) {
    seen.push_back(request.limits.deadline);
  }
  EXPECT_THAT(seen,
              testing::ElementsAre(milliseconds(60000), milliseconds(50000), milliseconds(40000)));
}

TEST_P(Deadline, OneThatIsNoNumberIsRefused) {
  const TestServer server;
  for (const char* value : {"soon", "-1", "0", "1.5", "99999999999"}) {
    const HttpReply reply = ask(server, "", std::string("x-melete-deadline-ms: ") + value + "\r\n");
    EXPECT_EQ(reply.status, 400) << value;
    EXPECT_THAT(reply.body, testing::HasSubstr("x-melete-deadline-ms")) << value;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Dialects, Deadline,
    testing::Values(Dialect{"/v1/chat/completions",
                            R"({"model": "tiny", "messages": [{"role": "user", "content": "Hi"}])"},
                    Dialect{"/v1/responses", R"({"model": "tiny", "input": "Hi", "store": false)"},
                    Dialect{"/v1/messages", R"({"model": "tiny", "max_tokens": 5000, "messages": )"
                                            R"([{"role": "user", "content": "Hi"}])"}));

}  // namespace
}  // namespace melete::server
