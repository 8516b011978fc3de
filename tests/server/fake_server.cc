// A server of the fake backend in every mode, for tests that come over HTTP: prints its address and
// serves until its standard input ends.

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/metrics.h"
#include "chat/fake_backend.h"
#include "chat/fake_embedder.h"
#include "modes/mode_backend.h"
#include "server/server.h"
#include "store/stored_things.h"

namespace melete {
namespace {

int serve() {
  chat::FakeBackend answers({.info = {.model = "tiny", .branches = true}},
                            chat::answers("The answer is 12."));
  chat::FakeEmbedder embedder;
  std::vector<gateway::ServedModel> models;
  models.push_back({"tiny", std::make_unique<modes::ModeBackend>(answers), &embedder});
  gateway::Router router(std::move(models));
  Metrics metrics;
  store::TemporaryDatabase database;
  server::ServerOptions options;
  options.port = 0;
  auto started = server::Server::start(options, {router, router, metrics, {&*database}});
  if (!started) {
    std::cerr << started.error().message << '\n';
    return 1;
  }
  std::cout << (*started)->url() << std::endl;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  return 0;
}

}  // namespace
}  // namespace melete

int main() {
  return melete::serve();
}
