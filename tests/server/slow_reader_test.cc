// A client that stops reading pauses its own answer, within bounds, and nobody else's.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "server/socket_client.h"
#include "server/test_server.h"

namespace melete::server {
namespace {

using std::chrono::milliseconds;

constexpr int64_t kPiece = 1024;

// Pieces of a KiB, as fast as they are taken.
class Flood final : public chat::Backend {
 public:
  Result<chat::BackendInfo> info(const std::string& model) const override {
    return chat::BackendInfo{.model = model};
  }
  Result<int64_t> count(const chat::Request&) const override { return 1; }
  std::unique_ptr<chat::Stream> start(chat::Request) override {
    return std::make_unique<FloodStream>(made);
  }

  std::atomic<int64_t> made = 0;

 private:
  class FloodStream final : public chat::Stream {
   public:
    explicit FloodStream(std::atomic<int64_t>& made) : made_(made) {}

    chat::awaitable<std::optional<chat::Event>> next() override {
      ++made_;
      co_return chat::Event{.tokens = 1, .payload = chat::TextDelta{std::string(kPiece, 'a'), {}}};
    }
    Result<void> control(chat::Control) override { return {}; }

   private:
    std::atomic<int64_t>& made_;
  };
};

// How an answer without end is asked for.
struct Asked {
  std::string name;
  std::string bytes;
};

class SlowReader : public testing::TestWithParam<Asked> {};

TEST_P(SlowReader, PausesItsAnswerWithinABoundedBuffer) {
  Flood backend;
  std::vector<gateway::ServedModel> models;
  models.push_back({"tiny", std::make_unique<chat::FakeBackend>(chat::FakeOptions{},
                                                                chat::answers("Hello there."))});
  gateway::Router router(std::move(models));
  Metrics metrics;
  ServerOptions options;
  options.port = 0;
  options.threads = 1;  // whoever holds it up holds up everybody
  options.drain = milliseconds(0);
  const auto server = Server::start(options, {backend, router, metrics});
  ASSERT_TRUE(server.has_value());

  HttpClient lazy((*server)->port(), 32 << 10);
  lazy.send(GetParam().bytes);
  ASSERT_TRUE(lazy.read_until("aaaa"));
  // Paused: nothing is made for as long as nothing is read.
  int64_t before = -1;
  ASSERT_TRUE(eventually(
      [&] {
        std::this_thread::sleep_for(milliseconds(200));
        return std::exchange(before, backend.made.load()) == backend.made.load();
      },
      milliseconds(30'000)));
  EXPECT_LT(backend.made * kPiece, 2 << 20);

  HttpClient other((*server)->port());
  other.send(get("/health/live"));
  EXPECT_EQ(other.read_reply().status, 200);

  const int64_t paused_at = backend.made;
  for (int piece = 0; piece < 64 && backend.made == paused_at; ++piece) lazy.read_more();
  EXPECT_TRUE(eventually([&] { return backend.made > paused_at; })) << "it goes on when read";
}

INSTANTIATE_TEST_SUITE_P(
    All, SlowReader,
    testing::Values(Asked{"Events", post("/v1/chat/completions", chat_body(R"("stream": true)"))},
                    Asked{"Messages",
                          upgrade_text("/v1/responses") +
                              client_frame(R"({"type": "response.create", "input": "Hi"})")}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace melete::server
