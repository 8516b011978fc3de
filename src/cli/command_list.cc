// `melete list`: the models that are here, and those that can be pulled.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "engine/usable_machine.h"
#include "models/machine.h"
#include "models/model_library.h"
#include "models/units.h"

namespace melete::cli {
namespace {

struct Row {
  std::string name;
  int64_t bytes = 0;
  std::string abilities;
  std::string status;
};

std::string abilities_of(const models::Entry* entry) {
  if (!entry) return "";
  std::string text;
  if (entry->abilities.reasons) text += "reasons ";
  if (entry->abilities.sees) text += "sees ";
  if (entry->abilities.hears) text += "hears ";
  if (!text.empty()) text.pop_back();
  return text;
}

int64_t download_bytes(const models::Entry& entry) {
  return entry.model.bytes + (entry.projector ? entry.projector->bytes : 0);
}

// Of one that was not pulled.
std::string status_of(const models::Entry& entry, const models::ModelLibrary& library,
                      const models::Machine& machine) {
  if (library.resolve(entry.name)) return "here";
  const std::string status =
      models::fits(entry, machine) ? "can be pulled" : "too large for this machine";
  return entry.checked ? status : status + ", not tried";
}

std::vector<Row> make_rows(const models::ModelLibrary& library) {
  std::vector<Row> rows;
  for (const models::Manifest& manifest : library.directory.list()) {
    const int64_t projector = manifest.projector ? manifest.projector->bytes : 0;
    rows.push_back({manifest.name, manifest.model.bytes + projector,
                    abilities_of(library.catalogue.find(manifest.name)), "here"});
  }
  const models::Machine machine = engine::usable_machine(models::probe_machine());
  for (const models::Entry& entry : library.catalogue.entries()) {
    if (library.directory.find(entry.name)) continue;
    rows.push_back({entry.name, download_bytes(entry), abilities_of(&entry),
                    status_of(entry, library, machine)});
  }
  return rows;
}

class ListCommand final : public Command {
 public:
  std::string_view name() const override { return "list"; }
  std::string_view help() const override {
    return "Show the models that are here or can be pulled";
  }

  void declare(CLI::App& app) override {
    app.add_flag("--json", as_json_, "Write JSON");
    app.add_flag("--here", only_here_, "Only those that are on this machine");
  }

  int run() override {
    const auto library = models::ModelLibrary::open();
    if (!library) {
      standard_error().line(fmt::format("melete list: {}", library.error().message));
      return 1;
    }
    std::vector<Row> rows = make_rows(*library);
    if (only_here_) std::erase_if(rows, [](const Row& row) { return row.status != "here"; });
    if (as_json_) {
      write_as_json(rows);
    } else {
      write_as_table(rows);
    }
    return 0;
  }

 private:
  static void write_as_json(const std::vector<Row>& rows) {
    Json list = Json::array();
    for (const Row& row : rows) {
      list.push_back({{"name", row.name},
                      {"bytes", row.bytes},
                      {"abilities", row.abilities},
                      {"status", row.status}});
    }
    standard_output().line(write_json(list));
  }

  static void write_as_table(const std::vector<Row>& rows) {
    Terminal out = standard_output();
    out.line(fmt::format("{:<26} {:>9}  {:<20} {}", "MODEL", "SIZE", "ABILITIES", "STATUS"));
    for (const Row& row : rows) {
      const std::string size = row.bytes > 0 ? models::decimal_bytes(row.bytes) : "";
      out.line(fmt::format("{:<26} {:>9}  {:<20} {}", row.name, size, row.abilities, row.status));
    }
  }

  bool as_json_ = false;
  bool only_here_ = false;
};

}  // namespace

std::unique_ptr<Command> make_list_command() {
  return std::make_unique<ListCommand>();
}

}  // namespace melete::cli
