// `melete eval`: measures ways of answering on questions whose answers are known.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "cli/answerer.h"
#include "cli/commands.h"
#include "cli/eval_arms.h"
#include "cli/program.h"
#include "cli/progress.h"
#include "eval/evaluation.h"
#include "eval/replay.h"
#include "eval/report.h"
#include "models/machine.h"

namespace melete::cli {
namespace {

namespace fs = std::filesystem;

volatile std::sig_atomic_t interrupted = 0;

// The first Ctrl-C ends after the running trial; the second ends the program, whose trials so far
// are kept.
void on_interrupt(int signal) {
  if (interrupted) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    return;
  }
  interrupted = 1;
  constexpr std::string_view kTold = "\nending after this trial; Ctrl-C again ends now\n";
  [[maybe_unused]] const ssize_t told = write(STDERR_FILENO, kTold.data(), kTold.size());
}

// "AMD EPYC, 2 cores, 24 GiB".
std::string machine_text() {
  const models::Machine machine = models::probe_machine();
  return fmt::format("{}, {} cores, {} GiB", machine.processor, machine.cores,
                     (machine.memory_bytes + (int64_t{1} << 29)) >> 30);
}

// "Machine: AMD EPYC, 2 cores, 24 GiB. " for each on which trials ran: a file may come from
// elsewhere.
std::string machines_of(const std::vector<eval::Trial>& trials) {
  std::set<std::string> machines;
  for (const eval::Trial& trial : trials) machines.insert(trial.machine);
  std::string text;
  for (const std::string& machine : machines) text += fmt::format("Machine: {}. ", machine);
  return text;
}

// "a", "b", "c".
std::string names_of(const std::vector<eval::Arm>& arms) {
  std::string names;
  for (const eval::Arm& arm : arms) {
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", arm.name);
  }
  return names;
}

class EvalCommand final : public Command {
 public:
  std::string_view name() const override { return "eval"; }
  std::string_view help() const override {
    return "Measure modes, models and servers on questions with known answers";
  }

  void declare(CLI::App& app) override {
    app.add_option("items", files_, "files of JSON lines with question and answer")->required();
    app.add_option("--arms", arms_file_,
                   "a TOML file of what to compare; without it the three modes");
    auto* server =
        app.add_option("--server", servers_,
                       "NAME=URL of a server that arms name; without one the model is loaded here")
            ->allow_extra_args(false);
    app.add_option("--model", local_.model, "the model to load here")->excludes(server);
    app.add_option("--count", count_, "items of each file, spread over it; 0: all")
        ->check(CLI::Range(0, 1 << 24));
    app.add_option("--seed", seed_, "of the first item");
    app.add_option("--against", against_,
                   "the arm that the others are compared with; without it the first one");
    app.add_option("--output", output_,
                   "folder of the results; a run that was cut off goes on from there");
    declare_engine_settings(app, local_.engine);
    app.get_option("--adapter")->excludes(server);
  }

  int run() override {
    set_log_level(LogLevel::Warning);
    Terminal error = standard_error();
    eval::Evaluation evaluation{.machine = machine_text(), .seed = seed_};
    if (const auto read = read_input(evaluation); !read) return report(error, read.error());
    if (const auto opened = open_servers(evaluation, error); !opened) {
      return report(error, opened.error());
    }
    const auto trials = measure(evaluation, error);
    if (!trials) return report(error, trials.error());
    if (const auto told = tell(evaluation, *trials); !told) return report(error, told.error());
    return interrupted ? kExitInterrupted : 0;
  }

 private:
  Result<void> read_input(eval::Evaluation& evaluation) const {
    for (const std::string& file : files_) {
      auto items = eval::read_items(file, count_);
      if (!items) return std::unexpected(items.error());
      // Files of one name stand in different folders.
      const fs::path path(file);
      const std::string folder = path.parent_path().filename().string();
      evaluation.sets.push_back(
          {folder + (folder.empty() ? "" : "/") + path.stem().string(), std::move(*items)});
    }
    evaluation.arms = usual_arms();
    if (!arms_file_.empty()) {
      auto arms = eval::read_arms(arms_file_);
      if (!arms) return std::unexpected(arms.error());
      evaluation.arms = std::move(*arms);
    }
    if (const auto settled = settle_modes(evaluation.arms); !settled) {
      return std::unexpected(settled.error());
    }
    const auto is_against = [&](const eval::Arm& arm) { return arm.name == against_; };
    if (!against_.empty() && std::ranges::none_of(evaluation.arms, is_against)) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("--against {}: there is no such arm; there are {}", against_,
                              names_of(evaluation.arms)),
                  "against");
    }
    std::error_code code;
    fs::create_directories(output_, code);
    evaluation.results = (fs::path(output_) / "trials.jsonl").string();
    return {};
  }

  // Connects to the servers that arms name, or loads the model where none is given, and has each
  // arm ask for its server's model.
  Result<void> open_servers(eval::Evaluation& evaluation, Terminal& terminal) {
    std::vector<std::pair<std::string, AnswererOptions>> wanted;
    for (const std::string& server : servers_) {
      const size_t sign = server.find('=');
      if (sign == std::string::npos || sign == 0 || sign + 1 == server.size()) {
        return fail(ErrorCode::InvalidArgument, fmt::format("--server {}: write NAME=URL", server),
                    "server");
      }
      const std::string name = server.substr(0, sign);
      const auto same = [&](const auto& other) { return other.first == name; };
      if (std::ranges::any_of(wanted, same)) {
        return fail(ErrorCode::InvalidArgument,
                    fmt::format("--server {}: that name has an address already", name), "server");
      }
      AnswererOptions options;
      options.server = server.substr(sign + 1);
      wanted.emplace_back(name, std::move(options));
    }
    if (wanted.empty()) wanted.emplace_back("melete", local_);
    for (const eval::Arm& arm : evaluation.arms) {
      const auto known = [&](const auto& server) { return server.first == arm.server; };
      if (std::ranges::any_of(wanted, known)) continue;
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("the arm \"{}\" asks the server \"{}\": give its address by "
                              "--server {}=URL",
                              arm.name, arm.server, arm.server),
                  "server");
    }
    for (const auto& [name, options] : wanted) {
      auto answerer = open_answerer(options, terminal);
      if (!answerer) return std::unexpected(answerer.error());
      evaluation.servers[name] = answerer->backend.get();
      for (eval::Arm& arm : evaluation.arms) {
        if (arm.server != name) continue;
        if (arm.request.model.empty()) arm.request.model = answerer->model;
        arm.setup = setup_of(arm, options);
      }
      answerers_.push_back(std::move(*answerer));
    }
    return {};
  }

  static Result<std::vector<eval::Trial>> measure(const eval::Evaluation& evaluation,
                                                  Terminal& terminal) {
    const auto before = std::signal(SIGINT, on_interrupt);
    ProgressLine progress(terminal, "measuring");
    int first = -1;
    auto trials = eval::evaluate(evaluation, system_clock(), [&](const eval::EvaluationStep& step) {
      if (first < 0) first = step.done - 1;
      const double each = progress.seconds() / (step.done - first);
      const eval::Trial& trial = *step.trial;
      const std::string_view outcome =
          !trial.error.empty() ? "failed" : (trial.right ? "right" : "wrong");
      progress.update(static_cast<double>(step.done) / step.all,
                      fmt::format("{} of {}, {} {}: {} in {:.1f} s, {:.0f} min left", step.done,
                                  step.all, trial.item, trial.arm, outcome, trial.seconds,
                                  each * (step.all - step.done) / 60));
      return interrupted == 0;
    });
    std::signal(SIGINT, before);
    if (!trials) return trials;
    const size_t earlier = first < 0 ? trials->size() : static_cast<size_t>(first);
    const std::string known =
        earlier > 0 ? fmt::format("{} of them of an earlier run, ", earlier) : "";
    progress.finish(
        fmt::format("{} trials, {}kept in {}", trials->size(), known, evaluation.results));
    return trials;
  }

  Result<void> tell(const eval::Evaluation& evaluation,
                    const std::vector<eval::Trial>& trials) const {
    std::string text = fmt::format("{}Seed {}.\n\n", machines_of(trials), evaluation.seed);
    text += eval::write_report(trials, against_);
    for (const eval::Arm& arm : evaluation.arms) {
      if (arm.samples < 2) continue;
      std::vector<eval::Trial> own;
      for (const eval::Trial& trial : trials) {
        if (trial.arm == arm.name) own.push_back(trial);
      }
      text += fmt::format("### Rules replayed on the chains of \"{}\"\n\n", arm.name);
      text += eval::write_replays(eval::replay(own, arm.samples)) + "\n";
    }
    int failures = 0;
    for (const eval::Trial& trial : trials) failures += trial.error.empty() ? 0 : 1;
    if (failures > 0) {
      text +=
          fmt::format("{} trials failed; run the same command again to repeat them.\n", failures);
    }
    standard_output().write(text);
    const fs::path path = fs::path(output_) / "report.md";
    std::ofstream file(path);
    file << text << std::flush;
    if (!file) {
      return fail(
          ErrorCode::StorageFull,
          fmt::format("{} cannot be written: check the folder and the space left", path.string()),
          path.string());
    }
    return {};
  }

  std::vector<std::string> files_;
  std::string arms_file_;
  std::vector<std::string> servers_;
  AnswererOptions local_;
  std::string against_;
  int count_ = 0;
  uint32_t seed_ = 1;
  std::string output_ = "melete-eval";
  std::vector<Answerer> answerers_;
};

}  // namespace

std::unique_ptr<Command> make_eval_command() {
  return std::make_unique<EvalCommand>();
}

}  // namespace melete::cli
