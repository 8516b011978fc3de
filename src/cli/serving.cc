#include "cli/serving.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <utility>

#include "cli/local_models.h"
#include "cli/page.h"

namespace melete::cli {
namespace {

namespace asio = boost::asio;

constexpr const char* kDefaultHost = "127.0.0.1";
constexpr int kDefaultPort = 8080;

server::ServerOptions server_options(const ServeSettings& settings) {
  server::ServerOptions options;
  options.host = settings.host.value_or(kDefaultHost);
  options.port = static_cast<uint16_t>(settings.port.value_or(kDefaultPort));
  options.files.push_back({"/", "text/html; charset=utf-8", std::string(page_html())});
  return options;
}

// Blocks until one comes. After it the signals do again what they did before.
void wait_for_signal() {
  asio::io_context loop(1);
  asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([](boost::system::error_code, int) {});
  loop.run();
}

}  // namespace

Result<Serving> Serving::start(const ServeSettings& settings, Terminal& terminal) {
  Serving serving;
  auto state = open_server_state(settings, terminal);
  if (!state) return std::unexpected(state.error());
  serving.state_ = std::move(*state);
  serving.metrics_ = std::make_unique<Metrics>();
  LoadOptions load{settings.models, settings.engine, serving.metrics_.get()};
  auto router = load_models(load, terminal);
  if (!router) return std::unexpected(router.error());
  serving.router_ = std::move(*router);
  const auto& seal = serving.state_.seal;
  server::ServerParts parts{*serving.router_, *serving.router_, *serving.metrics_,
                            serving.state_.database.get(), seal ? &*seal : nullptr};
  server::ServerOptions options = server_options(settings);
  options.restore = serving.state_.lock != nullptr;
  auto server = server::Server::start(std::move(options), parts);
  if (!server) return std::unexpected(server.error());
  serving.server_ = std::move(*server);
  return serving;
}

void Serving::wait_for_end(Terminal& terminal) {
  wait_for_signal();
  end(terminal);
}

void Serving::end(Terminal& terminal) {
  terminal.line("stopping: running answers have 10 seconds to finish; Ctrl-C again ends them now");
  server_->stop();
  server_->wait();
  terminal.line("stopped");
}

}  // namespace melete::cli
