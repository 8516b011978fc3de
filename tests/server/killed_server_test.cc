// A server that is killed: its answers are kept as far as they came.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>

#include "base/ids.h"
#include "server/stateful_server.h"

namespace melete::server {
namespace {

using namespace std::chrono_literals;
using testing::StartsWith;

// A server of its own process on `folder`, whose answers never end.
class OtherServer {
 public:
  explicit OtherServer(const std::filesystem::path& folder) {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    child_ = fork();
    if (child_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      execl(MELETE_KILLED_SERVER, MELETE_KILLED_SERVER, folder.c_str(), nullptr);
      _exit(1);
    }
    close(ends[1]);
    FILE* output = fdopen(ends[0], "r");
    EXPECT_EQ(fscanf(output, "%hu", &port_), 1);
    fclose(output);
  }
  ~OtherServer() { kill_now(); }
  OtherServer(const OtherServer&) = delete;
  OtherServer& operator=(const OtherServer&) = delete;

  uint16_t port() const { return port_; }

  void kill_now() {
    if (child_ <= 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    child_ = 0;
  }

 private:
  pid_t child_ = 0;
  uint16_t port_ = 0;
};

TEST(KilledServer, LeavesItsAnswersIncompleteWithWhatWasWritten) {
  const auto folder = std::filesystem::temp_directory_path() / make_id("melete_killed_");
  std::string conversation;
  std::string running;
  std::string waiting;
  int64_t recorded = 0;
  {
    OtherServer killed(folder);
    const auto ask = [&](const std::string& path, const std::string& body) {
      HttpClient client(killed.port());
      client.send(post(path, body));
      return client.read_reply().json()["id"].get<std::string>();
    };
    conversation = ask("/v1/conversations", "{}");
    running = ask("/v1/responses", R"({"input": "Hi", "background": true, "conversation": ")" +
                                       conversation + "\"}");
    waiting = ask("/v1/responses", R"({"input": "Hi", "background": true})");
    const auto database = store::Database::open(folder / "melete.db");
    ASSERT_TRUE(database) << database.error().message;
    EXPECT_TRUE(eventually(
        [&] {
          const auto stored = (*database)->responses().find(running, "");
          return stored && stored->response.find("word word") != std::string::npos;
        },
        30s));
    killed.kill_now();
    recorded = (*database)->responses().find(running, "")->last_sequence;
  }
  {
    StatefulServer next(chat::answers("Hello again."), folder);
    const Json response = next.fetch("/v1/responses/" + running).json();
    EXPECT_EQ(response["status"], "incomplete");
    EXPECT_EQ(response["incomplete_details"]["melete"], "interrupted");
    EXPECT_EQ(response["output"][0]["status"], "incomplete");
    EXPECT_THAT(response["output"][0]["content"][0]["text"].get<std::string>(),
                StartsWith("word word"));
    const std::string stream = "/v1/responses/" + running + "?stream=true&starting_after=";
    EXPECT_THAT(next.fetch(stream + std::to_string(recorded + 50)).body,
                StartsWith("event: response.incomplete"))
        << "a client has heard more than was recorded";
    const Json said = next.fetch("/v1/conversations/" + conversation + "/items?order=asc").json();
    ASSERT_EQ(said["data"].size(), 2u) << "the turn is part of its conversation";
    EXPECT_THAT(said["data"][1]["content"][0]["text"].get<std::string>(), StartsWith("word word"));
    next.await_status(waiting, "completed");
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace melete::server
