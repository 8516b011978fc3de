// `melete show`: what a model is, from its catalogue entry and from its file.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "models/memory.h"
#include "models/model_facts.h"
#include "models/model_library.h"
#include "models/units.h"

namespace melete::cli {
namespace {

constexpr int64_t kShownContext = 8192;

using Lines = std::vector<std::pair<std::string, std::string>>;

void add(Lines& lines, std::string key, std::string value) {
  if (!value.empty()) lines.emplace_back(std::move(key), std::move(value));
}

std::string yes_or_no(const bool value) {
  return value ? "yes" : "no";
}

Lines describe_entry(const models::Entry& entry) {
  Lines lines;
  add(lines, "title", entry.title);
  add(lines, "about", entry.about);
  add(lines, "licence", entry.licence);
  add(lines, "reasons", yes_or_no(entry.abilities.reasons));
  add(lines, "sees", yes_or_no(entry.abilities.sees));
  add(lines, "hears", yes_or_no(entry.abilities.hears));
  if (!entry.checked) add(lines, "not tried", entry.note);
  return lines;
}

Lines describe_absent(const models::Entry& entry) {
  Lines lines = describe_entry(entry);
  add(lines, "parameters", entry.parameters);
  add(lines, "context", fmt::format("{} tokens", entry.context));
  if (entry.model.bytes > 0) add(lines, "download", models::decimal_bytes(entry.model.bytes));
  add(lines, "memory", fmt::format("about {}", models::binary_bytes(entry.memory_bytes)));
  add(lines, "SHA-256", entry.model.sha256);
  add(lines, "here", fmt::format("no: run `melete pull {}`", entry.name));
  return lines;
}

Lines describe_file(const models::ModelFiles& files, const models::GgufFile& header) {
  const models::ModelFacts facts = models::facts_of(header);
  models::MemoryPlan plan;
  plan.pool_tokens = facts.context > 0 ? std::min(kShownContext, facts.context) : kShownContext;
  Lines lines;
  add(lines, "calls itself", printable(facts.title));
  add(lines, "architecture", printable(facts.architecture));
  add(lines, "parameters",
      fmt::format("{:.2f} million", static_cast<double>(facts.parameters) / 1e6));
  add(lines, "quantisation", facts.quantisation);
  add(lines, "layers", std::to_string(facts.layers));
  add(lines, "tensors", std::to_string(facts.tensors));
  add(lines, "context", facts.context > 0 ? fmt::format("{} tokens", facts.context) : "");
  add(lines, "vocabulary", facts.vocabulary > 0 ? fmt::format("{} tokens", facts.vocabulary) : "");
  add(lines, "chat template", yes_or_no(facts.has_chat_template));
  add(lines, "memory",
      fmt::format("about {} with {} tokens of context",
                  models::binary_bytes(memory_needed(header, plan).total()), plan.pool_tokens));
  add(lines, "size", models::decimal_bytes(static_cast<int64_t>(header.file_bytes)));
  add(lines, "file", files.model.string());
  add(lines, "projector", files.projector.string());
  return lines;
}

class ShowCommand final : public Command {
 public:
  std::string_view name() const override { return "show"; }
  std::string_view help() const override { return "Show what a model is and needs"; }

  void declare(CLI::App& app) override {
    app.add_option("model", wanted_, "A name from `melete list`, or a GGUF file")->required();
    app.add_flag("--json", as_json_, "Write JSON");
  }

  int run() override {
    auto lines = describe();
    if (!lines) {
      standard_error().line(fmt::format("melete show: {}", lines.error().message));
      return 1;
    }
    Json object = Json::object();
    Terminal out = standard_output();
    for (const auto& [key, value] : *lines) {
      object[key] = value;
      if (!as_json_) out.line(fmt::format("{:<14} {}", key, value));
    }
    if (as_json_) out.line(write_json(object));
    return 0;
  }

 private:
  Result<Lines> describe() const {
    const auto library = models::ModelLibrary::open();
    if (!library) return std::unexpected(library.error());
    const models::Entry* entry = library->catalogue.find(wanted_);
    const auto files = library->resolve(wanted_);
    if (!files) {
      if (entry) return describe_absent(*entry);
      return std::unexpected(files.error());
    }
    const auto header = models::read_gguf(files->model);
    if (!header) return std::unexpected(header.error());
    Lines lines = entry ? describe_entry(*entry) : Lines{};
    for (auto& line : describe_file(*files, *header)) lines.push_back(std::move(line));
    return lines;
  }

  std::string wanted_;
  bool as_json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_show_command() {
  return std::make_unique<ShowCommand>();
}

}  // namespace melete::cli
