// Who answers `ask` and `chat`: a model in this process, or a running server.

#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "chat/backend.h"
#include "cli/settings.h"
#include "cli/terminal.h"

namespace CLI {
class App;
}

namespace melete::cli {

struct AnswererOptions {
  std::string model;  // may end in a mode; empty: the server's first one, or the default model here
  std::string server;  // a server's address; empty: load the model here
  EngineSettings engine;
};

void declare_answerer_options(CLI::App& app, AnswererOptions& options);

struct Answerer {
  std::unique_ptr<chat::Backend> backend;
  std::string model;  // the name to ask for, without a mode: the first adapter's, if one is given
};

// Loads the model, with a progress line on `terminal`, or asks the server what it serves.
Result<Answerer> open_answerer(const AnswererOptions& options, Terminal& terminal);

}  // namespace melete::cli
