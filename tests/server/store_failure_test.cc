// A database that is locked, full, gone or none any more: answers come whole, say that they were
// not stored and why, and are stored again when it is over.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <memory>

#include "server/stateful_server.h"
#include "store/database_lock.h"
#include "store/full_disk.h"

namespace melete::server {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

// The database's file is elsewhere, and maybe another is in its place.
class MovedFile {
 public:
  MovedFile(const fs::path& file, const std::string& in_its_place)
      : file_(file), aside_(file.string() + ".aside") {
    fs::rename(file_, aside_);
    if (!in_its_place.empty()) std::ofstream(file_) << in_its_place;
  }
  ~MovedFile() { fs::rename(aside_, file_); }
  MovedFile(const MovedFile&) = delete;
  MovedFile& operator=(const MovedFile&) = delete;

 private:
  const fs::path file_;
  const fs::path aside_;
};

struct Fault {
  const char* name;
  std::function<std::shared_ptr<void>(const fs::path& file)> begin;  // it ends with what this gives
  int status;                                                        // of calls that need to write
  const char* words;                                                 // of what is said
};

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

class StoreFailure : public testing::TestWithParam<Fault> {
 protected:
  std::shared_ptr<void> begin(const StatefulServer& server) {
    return GetParam().begin(server.folder() / "melete.db");
  }

  void expect_unstored(const Json& response) {
    EXPECT_EQ(response["status"], "completed");
    EXPECT_EQ(response["output"][0]["content"][0]["text"], "Hello there.");
    EXPECT_EQ(response["store"], false);
    EXPECT_THAT(response["melete"]["store_error"].get<std::string>(), HasSubstr(GetParam().words));
  }
};

TEST_P(StoreFailure, DoesNotHoldUpAnAnswer) {
  StatefulServer server;
  const auto fault = begin(server);
  expect_unstored(server.respond(R"("input": "Hi")").json());
}

TEST_P(StoreFailure, DoesNotHoldUpAStream) {
  StatefulServer server;
  const auto fault = begin(server);
  const auto events = events_in(server.respond(R"("input": "Hi", "stream": true)").body);
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.back()["type"], "response.completed");
  expect_unstored(events.back()["response"]);
}

TEST_P(StoreFailure, RefusesWhatIsToBeWritten) {
  StatefulServer server;
  const std::string id = server.respond(R"("input": "Hi")").json()["id"];
  const auto fault = begin(server);
  const auto expect_refused = [](const HttpReply& reply) {
    EXPECT_EQ(reply.status, GetParam().status);
    EXPECT_THAT(reply.json()["error"]["message"].get<std::string>(), HasSubstr(GetParam().words));
  };
  expect_refused(server.respond(R"("input": "Hi", "background": true)"));
  expect_refused(server.ask({"POST", "/v1/conversations", "{}"}));
  expect_refused(server.ask({"DELETE", "/v1/responses/" + id}));
  EXPECT_EQ(server.server().backend->requests().size(), 1u);
}

TEST_P(StoreFailure, LeavesWhatWasStoredReadable) {
  StatefulServer server;
  const Json before = server.respond(R"("input": "Hi")").json();
  const std::string id = before["id"];
  server.restart(chat::answers("Hello there."));  // so that it is read from the database
  const auto fault = begin(server);
  EXPECT_EQ(server.fetch("/v1/responses/" + id).json(), before);
  expect_unstored(
      server.respond(R"("input": "And?", "previous_response_id": ")" + id + "\"").json());
}

TEST_P(StoreFailure, IsOverForAnAnswerThatRunsStill) {
  StatefulServer server(endless());
  auto fault = begin(server);
  HttpClient client(server.server().port());
  client.send(post("/v1/responses", R"({"input": "Hi", "stream": true})"));
  ASSERT_TRUE(client.read_until("output_text.delta"));
  const std::string id = events_in(client.received() + "\n\n")[0]["response"]["id"];
  fault.reset();
  EXPECT_TRUE(
      eventually([&] { return server.database().responses().find(id, "").has_value(); }, 30s));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, StoreFailure,
    testing::Values(
        Fault{"Locked",
              [](const fs::path& file) { return std::make_shared<store::DatabaseLock>(file); }, 503,
              "locked by another program"},
        Fault{"Full", [](const fs::path&) { return std::make_shared<store::FullDisk>(); }, 507,
              "no space left"},
        Fault{"Gone", [](const fs::path& file) { return std::make_shared<MovedFile>(file, ""); },
              502, "moved, deleted or replaced"},
        Fault{"Replaced",
              [](const fs::path& file) { return std::make_shared<MovedFile>(file, "no database"); },
              502, "moved, deleted or replaced"}),
    [](const auto& fault) { return fault.param.name; });

TEST(StoreFolder, MayBeDeletedUnderARunningServer) {
  StatefulServer server;
  const Json before = server.respond(R"("input": "Hi")").json();
  server.restart(chat::answers("Hello there."));
  fs::remove_all(server.folder());
  const Json whole = server.respond(R"("input": "Hi")").json();
  EXPECT_EQ(whole["output"][0]["content"][0]["text"], "Hello there.");
  EXPECT_EQ(whole["store"], false);
  EXPECT_EQ(server.ask({"POST", "/v1/conversations", "{}"}).status, 502);
  EXPECT_EQ(server.fetch("/v1/responses/" + before["id"].get<std::string>()).json(), before);
  EXPECT_EQ(server.fetch("/health").status, 200);
}

TEST(StoreFile, MayBecomeGarbageUnderARunningServer) {
  StatefulServer server;
  const std::string id = server.respond(R"("input": "Hi")").json()["id"];
  server.restart(chat::answers("Hello there."));
  const fs::path file = server.folder() / "melete.db";
  std::fstream(file, std::ios::in | std::ios::out) << std::string(fs::file_size(file), 'x');
  const Json whole = server.respond(R"("input": "Hi")").json();
  EXPECT_EQ(whole["output"][0]["content"][0]["text"], "Hello there.");
  EXPECT_EQ(whole["store"], false);
  EXPECT_THAT(whole["melete"]["store_error"].get<std::string>(), HasSubstr("damaged"));
  const HttpReply found = server.fetch("/v1/responses/" + id);
  EXPECT_EQ(found.status, 500);
  EXPECT_THAT(found.body, HasSubstr("put a copy in its place"));
  EXPECT_EQ(server.fetch("/health").status, 200);
}

}  // namespace
}  // namespace melete::server
