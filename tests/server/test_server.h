// A server over the fake backend, on a free port.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "chat/fake_backend.h"
#include "chat/fake_embedder.h"
#include "gateway/router.h"
#include "server/http_client.h"
#include "server/server.h"

namespace melete::server {

// What a server may have besides; not owned.
struct TestParts {
  chat::Embedder* embedder = nullptr;
  api::Memory memory{};
  std::vector<std::string> adapters{};  // of the model
};

// Serves one model, "tiny", which answers by `script` in real time, and its adapters.
class TestServer {
 public:
  explicit TestServer(chat::FakeScript script = chat::answers("Hello there."),
                      ServerOptions options = {}, const TestParts& with = {});

  uint16_t port() const { return server->port(); }

  // One request on a connection of its own.
  HttpReply ask(const std::string& body) const;
  HttpReply fetch(const std::string& path) const;

  Metrics metrics;
  chat::FakeEmbedder words;              // embeds unless another does
  chat::FakeBackend* backend = nullptr;  // owned by the router
  std::unique_ptr<gateway::Router> router;
  std::unique_ptr<Server> server;
};

// A body with one user message and `fields` (JSON text) beside it.
std::string chat_body(const std::string& fields = "");

// Waits up to `time` for `condition`.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds time = std::chrono::milliseconds(3000));

// Answers that go on until they are stopped: one word each `gap`.
chat::FakeScript endless(std::chrono::milliseconds gap = std::chrono::milliseconds(10));

// An answer that starts and then says nothing.
chat::FakeScript silent();

}  // namespace melete::server
