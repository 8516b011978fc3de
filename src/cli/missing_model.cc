#include "cli/missing_model.h"

#include <fmt/format.h>

#include "cli/progress.h"
#include "models/pull.h"
#include "models/units.h"

namespace melete::cli {

Result<void> pull_if_missing(const models::ModelLibrary& library, const std::string& model,
                             Terminal& terminal) {
  if (library.resolve(model)) return {};
  ProgressLine progress(terminal, "pulling " + model);
  models::PullOptions options;
  options.on_progress = [&](const models::PullProgress& told) { progress.update(told); };
  const auto pulled = models::pull(library, model, options);
  if (!pulled) {
    progress.clear();
    return std::unexpected(pulled.error());
  }
  progress.finish(fmt::format("{} is here: {}", model, library.directory.path().string()));
  return {};
}

Result<void> offer_if_missing(const models::ModelLibrary& library, const std::string& model,
                              Terminal& terminal, std::istream& answers) {
  const models::Entry* entry = library.catalogue.find(model);
  if (!terminal.traits().interactive || entry == nullptr || library.resolve(model)) return {};
  terminal.write(fmt::format("the model {} is not on this machine yet. Pull it now ({})? [Y/n] ",
                             model, models::decimal_bytes(entry->model.bytes)));
  std::string answer;
  if (!std::getline(answers, answer)) return {};
  const bool agrees = answer.empty() || answer.front() == 'y' || answer.front() == 'Y';
  return agrees ? pull_if_missing(library, model, terminal) : Result<void>{};
}

}  // namespace melete::cli
