#include "cli/serving.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <optional>
#include <utility>
#include <vector>

#include "cli/keep_time.h"
#include "cli/local_models.h"
#include "cli/page.h"
#include "cli/trainer.h"
#include "models/user_directories.h"
#include "server/self_signed.h"
#include "server/tls_context.h"

namespace melete::cli {
namespace {

namespace asio = boost::asio;

constexpr const char* kDefaultHost = "127.0.0.1";
constexpr int kDefaultPort = 8080;
constexpr const char* kDefaultKeepTime = "30d";

Result<std::optional<server::TlsFiles>> tls_files(const ServeSettings& settings,
                                                  const std::string& host) {
  const auto& certificate = settings.tls_certificate;
  const auto& key = settings.tls_key;
  if (certificate.has_value() != key.has_value()) {
    return fail(ErrorCode::InvalidArgument,
                "A certificate and its key belong together: give both tls-certificate and tls-key.",
                certificate ? "tls-key" : "tls-certificate");
  }
  if (certificate) return server::TlsFiles{*certificate, *key};
  if (!settings.tls) return std::nullopt;
  auto files =
      server::self_signed(models::user_tls_directory(), server::names_of_this_machine(host));
  if (!files) return std::unexpected(files.error());
  return *files;
}

Result<server::ServerOptions> server_options(const ServeSettings& settings) {
  server::ServerOptions options;
  options.host = settings.host.value_or(kDefaultHost);
  options.port = static_cast<uint16_t>(settings.port.value_or(kDefaultPort));
  options.files.push_back({"/", "text/html; charset=utf-8", std::string(page_html())});
  options.allowed_hosts = settings.allow_host;
  options.cors_origins = settings.cors;
  const auto keep = read_keep_time(settings.keep_responses.value_or(kDefaultKeepTime));
  if (!keep) return std::unexpected(keep.error());
  options.keep_responses = *keep;
  auto tls = tls_files(settings, options.host);
  if (!tls) return std::unexpected(tls.error());
  options.tls = std::move(*tls);
  return options;
}

bool is_served(const gateway::Router& router, const std::string& name) {
  const std::vector<std::string> names = router.models();
  return std::ranges::find(names, name) != names.end();
}

// Null where no trainer is named or found, or no jobs are kept here; says so where one is named.
Result<std::unique_ptr<jobs::TuningJobs>> open_tuning(const ServeSettings& settings,
                                                      const ServerState& state,
                                                      const gateway::Router& router,
                                                      LocalModels local, Terminal& terminal) {
  if (!state.lock) {
    if (settings.trainer) {
      terminal.line(state.database ? "models are taught by the other server on this data folder"
                                   : "no models are taught: nothing is stored, so jobs neither");
    }
    return nullptr;
  }
  const auto trainer = find_trainer(settings.trainer);
  if (!trainer) return std::unexpected(trainer.error());
  if (trainer->empty()) return nullptr;
  auto file_of =
      [files = std::move(local.files)](const std::string& model) -> Result<std::filesystem::path> {
    const auto found = files.find(model);
    if (found != files.end()) return found->second;
    return fail(ErrorCode::NotFound,
                fmt::format("model \"{}\" cannot be taught here: it is not loaded, or has an "
                            "adapter already",
                            model),
                "model");
  };
  auto serve = [add = std::move(local.add_adapter)](
                   const std::string& model, const std::string& name,
                   const std::filesystem::path& adapter) { return add(model, {name, adapter}); };
  return jobs::TuningJobs::open(
      {.trainer = *trainer,
       .folder = state.folder / "tuning",
       .file_of = std::move(file_of),
       .serve = std::move(serve),
       .is_served = [&router](const std::string& name) { return is_served(router, name); }});
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
  auto options = server_options(settings);
  if (!options) return std::unexpected(options.error());
  Result<std::string> fingerprint;
  if (options->tls) {
    fingerprint = server::certificate_fingerprint(options->tls->certificate);
    if (!fingerprint) return std::unexpected(fingerprint.error());
  }
  Serving serving;
  auto state = open_server_state(settings, terminal);
  if (!state) return std::unexpected(state.error());
  serving.state_ = std::move(*state);
  serving.metrics_ = std::make_unique<Metrics>();
  LoadOptions load{settings.models, settings.engine, serving.metrics_.get()};
  auto local = load_models(load, terminal);
  if (!local) return std::unexpected(local.error());
  serving.router_ = std::move(local->router);
  auto tuning =
      open_tuning(settings, serving.state_, *serving.router_, std::move(*local), terminal);
  if (!tuning) return std::unexpected(tuning.error());
  serving.tuning_ = std::move(*tuning);
  server::ServerParts parts{*serving.router_,
                            *serving.router_,
                            *serving.metrics_,
                            {serving.state_.database.get(), serving.state_.seal.get()},
                            serving.tuning_.get()};
  options->restore = serving.state_.lock != nullptr;
  auto server = server::Server::start(std::move(*options), parts);
  if (!server) return std::unexpected(server.error());
  serving.server_ = std::move(*server);
  if (!fingerprint->empty()) {
    terminal.line(fmt::format("the certificate's SHA-256 fingerprint: {}", *fingerprint));
  }
  return serving;
}

void Serving::wait_for_end(Terminal& terminal) {
  wait_for_signal();
  end(terminal);
}

void Serving::end(Terminal& terminal) {
  if (tuning_) tuning_->stop();
  terminal.line("stopping: running answers have 10 seconds to finish; Ctrl-C again ends them now");
  server_->stop();
  server_->wait();
  terminal.line("stopped");
}

}  // namespace melete::cli
