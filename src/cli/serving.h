// A server over models of this process, from loading to the graceful end: what `serve` and `demo`
// share.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/metrics.h"
#include "cli/server_state.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "gateway/router.h"
#include "jobs/tuning_jobs.h"
#include "server/server.h"

namespace melete::cli {

// Owns everything that answers. Its destructor ends running answers.
class Serving {
 public:
  // Opens the database, loads the models and listens; says on `terminal` what it does. Fails with
  // what open_server_state(), load_models() and server::Server::start() fail with.
  static Result<Serving> start(const ServeSettings& settings, Terminal& terminal);

  // Where the server can be reached, e.g. "http://127.0.0.1:8080".
  std::string url() const { return server_->url(); }

  // The names that are served.
  std::vector<std::string> models() const { return router_->models(); }

  // Blocks until SIGINT or SIGTERM, then end().
  void wait_for_end(Terminal& terminal);

  // Takes no more requests, stops a running tuning job, which goes on at the next start, and lets
  // running answers finish for ten seconds. A signal meanwhile ends the process at once, as signals
  // do by default.
  void end(Terminal& terminal);

 private:
  Serving() = default;

  // In the order in which they are needed; destroyed in the reverse.
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<gateway::Router> router_;
  ServerState state_;
  std::unique_ptr<jobs::TuningJobs> tuning_;  // null: no trainer
  std::unique_ptr<server::Server> server_;
};

}  // namespace melete::cli
