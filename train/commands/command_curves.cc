// `melete-train curves`: draws what the logs of runs say.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>
#include <string>
#include <vector>

#include "commands/command.h"
#include "curves/chart.h"
#include "models/partial_file.h"

namespace melete::train {
namespace {

class CurvesCommand final : public Command {
 public:
  std::string_view name() const override { return "curves"; }
  std::string_view help() const override { return "Draw the curves of runs as one SVG"; }

  void declare(CLI::App& app) override {
    app.add_option("folders", folders_, "Folders of runs")->required();
    app.add_option("--output", output_, "The file to write")->capture_default_str();
    app.add_flag("--tokens", tokens_, "Draw against tokens that were read, not steps");
  }

  int run() override {
    std::vector<RunCurves> runs;
    for (const std::string& folder : folders_) {
      Result<RunCurves> curves = read_run_curves(folder);
      if (!curves) return complain(curves.error());
      runs.push_back(std::move(*curves));
    }
    const std::string svg = draw_curves(runs, tokens_ ? Against::Tokens : Against::Steps);
    const Result<void> written = models::write_file_atomically(output_, svg);
    if (!written) return complain(written.error());
    std::cout << fmt::format("The curves are in {}.\n", output_);
    return 0;
  }

 private:
  static int complain(const Error& error) {
    std::cerr << "melete-train curves: " << error.message << '\n';
    return 1;
  }

  std::vector<std::string> folders_;
  std::string output_ = "curves.svg";
  bool tokens_ = false;
};

}  // namespace

std::unique_ptr<Command> make_curves_command() {
  return std::make_unique<CurvesCommand>();
}

}  // namespace melete::train
