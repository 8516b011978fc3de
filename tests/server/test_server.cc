#include "server/test_server.h"

#include <gtest/gtest.h>

#include <thread>
#include <utility>

#include "gateway/adapted_model.h"

namespace melete::server {

TestServer::TestServer(chat::FakeScript script, ServerOptions options, const TestParts& with) {
  const chat::FakeOptions fake{.info = {.model = "tiny", .enforces_reasoning_budget = true},
                               .pace = chat::FakeOptions::Pace::RealTime};
  auto owned = std::make_unique<chat::FakeBackend>(fake, std::move(script));
  backend = owned.get();
  std::vector<gateway::ServedModel> models;
  models.push_back({"tiny", std::move(owned), with.embedder ? with.embedder : &words});
  for (const std::string& adapter : with.adapters) {
    models.push_back({gateway::adapted_name("tiny", adapter),
                      std::make_unique<gateway::AdaptedModel>(*backend, "tiny", adapter)});
  }
  router = std::make_unique<gateway::Router>(std::move(models));
  options.port = 0;
  options.threads = 2;
  auto started = Server::start(std::move(options), {*router, *router, metrics, with.memory});
  EXPECT_TRUE(started.has_value());
  server = std::move(*started);
}

HttpReply TestServer::ask(const std::string& body) const {
  HttpClient client(port());
  client.send(post("/v1/chat/completions", body));
  return client.read_reply();
}

HttpReply TestServer::fetch(const std::string& path) const {
  HttpClient client(port());
  client.send(get(path));
  return client.read_reply();
}

std::string chat_body(const std::string& fields) {
  const std::string comma = fields.empty() ? "" : ", ";
  return R"({"model": "tiny", "messages": [{"role": "user", "content": "Hi"}])" + comma + fields +
         "}";
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

chat::FakeScript endless(std::chrono::milliseconds gap) {
  return [gap](const chat::Request&) {
    constexpr int kWords = 3000;
    std::vector<chat::FakeStep> steps{{{}, {.payload = chat::Started{.prompt_tokens = 3}}}};
    for (int word = 1; word <= kWords; ++word) {
      steps.push_back({word * gap, {.tokens = 1, .payload = chat::TextDelta{"word ", {}}}});
    }
    return steps;
  };
}

chat::FakeScript silent() {
  return [](const chat::Request&) {
    return std::vector<chat::FakeStep>{
        {{}, {.payload = chat::Started{.prompt_tokens = 3}}},
        {std::chrono::milliseconds::max(), {.payload = chat::Finished{}}}};
  };
}

}  // namespace melete::server
