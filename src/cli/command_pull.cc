// `melete pull`: brings a model onto this machine.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>

#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "models/pull.h"
#include "models/units.h"

namespace melete::cli {
namespace {

class PullCommand final : public Command {
 public:
  std::string_view name() const override { return "pull"; }
  std::string_view help() const override { return "Download a model, or take in a GGUF file"; }

  void declare(CLI::App& app) override {
    app.add_option("model", wanted_,
                   "A name from `melete list`, a URL, hf:OWNER/REPOSITORY/FILE, or a GGUF file")
        ->required();
    app.add_option("--name", options_.name, "What to call a model that comes from a URL or a file");
  }

  int run() override {
    Terminal errors = standard_error();
    const auto library = models::ModelLibrary::open();
    if (!library) return tell(errors, library.error());
    const models::Entry* entry = library->catalogue.find(wanted_);
    const bool there = library->directory.find(wanted_).has_value();
    if (entry && !entry->checked && !there) {
      errors.line(fmt::format("note: {} could not be tried where this catalogue was written. {}",
                              entry->name, entry->note));
    }

    ProgressLine progress(errors, wanted_);
    options_.on_progress = [&](const models::PullProgress& told) { progress.update(told); };
    const auto manifest = models::pull(*library, wanted_, options_);
    if (!manifest) {
      progress.clear();
      return tell(errors, manifest.error());
    }
    progress.finish(describe(*library, *manifest, there));
    return 0;
  }

 private:
  static int tell(Terminal& errors, const Error& error) {
    errors.line(fmt::format("melete pull: {}", error.message));
    return 1;
  }

  static std::string describe(const models::ModelLibrary& library, const models::Manifest& manifest,
                              bool was_there) {
    const models::ModelFiles files = library.directory.files_of(manifest);
    return fmt::format("{} {} {} ({}{})", manifest.name,
                       was_there ? "is here already:" : "is here:", files.model.string(),
                       models::decimal_bytes(manifest.model.bytes),
                       files.projector.empty() ? "" : ", with a projector");
  }

  std::string wanted_;
  models::PullOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_pull_command() {
  return std::make_unique<PullCommand>();
}

}  // namespace melete::cli
