// `melete demo`, which `make run` starts: the model is brought here, the server started, and one
// short question asked in each mode through the server's own public API.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

#include "base/log.h"
#include "cli/answer.h"
#include "cli/commands.h"
#include "cli/local_models.h"
#include "cli/missing_model.h"
#include "cli/program.h"
#include "cli/question.h"
#include "cli/remote_backend.h"
#include "cli/serving.h"

namespace melete::cli {
namespace {

struct Sample {
  const char* mode;
  const char* effort;
  const char* question;
};

// Short enough for a laptop: seconds each, and room to think to the end.
constexpr Sample kSamples[] = {
    {"instant", "", "Which shell command lists the five largest files here? Answer in one line."},
    {"thinking", "low", "A train leaves at 9:40 and arrives at 12:15. How long does it travel?"},
    {"contemplating", "low",
     "Anna has 3 boxes with 12 pencils each and gives 7 pencils away. How many are left? Answer "
     "with the number."},
};
constexpr int kSampleTokens = 512;

class DemoCommand final : public Command {
 public:
  std::string_view name() const override { return "demo"; }
  std::string_view help() const override {
    return "Serve, after asking one question in each mode; pulls the model first";
  }

  void declare(CLI::App& app) override { declare_serve_settings(app, settings_); }

  int run() override {
    set_log_level(LogLevel::Warning);
    Terminal terminal = standard_error();
    if (settings_.models.empty()) settings_.models.emplace_back(kDefaultModel);
    const auto library = models::ModelLibrary::open();
    if (!library) return report(terminal, library.error());
    for (const std::string& model : settings_.models) {
      const auto there = pull_if_missing(*library, model, terminal);
      if (!there) return report(terminal, there.error());
    }
    auto serving = Serving::start(settings_, terminal);
    if (!serving) return report(terminal, serving.error());
    terminal.line("listening at " + serving->url());

    const Outcome outcome = ask_samples(*serving, terminal);
    if (outcome == Outcome::Interrupted) {
      serving->end(terminal);
      return kExitInterrupted;
    }
    terminal.line(
        fmt::format("\nMelete is ready: open {} or try\n  melete ask --server {} "
                    "\"Why is the sky blue?\"\nCtrl-C ends it.",
                    serving->url(), serving->url()));
    serving->wait_for_end(terminal);
    return outcome == Outcome::Failed ? kExitFailure : 0;
  }

 private:
  enum class Outcome { Answered, Failed, Interrupted };

  static Outcome ask_samples(const Serving& serving, Terminal& terminal) {
    const auto address = parse_server(serving.url());
    if (!address) {
      report(terminal, address.error());
      return Outcome::Failed;
    }
    RemoteBackend server(*address);
    for (const Sample& sample : kSamples) {
      const Outcome outcome = ask(server, sample, serving.models().front());
      if (outcome != Outcome::Answered) return outcome;
    }
    return Outcome::Answered;
  }

  static Outcome ask(RemoteBackend& server, const Sample& sample, const std::string& model) {
    Terminal out = standard_output();
    Terminal terminal = standard_error();
    AnswerOptions options;
    options.mode = sample.mode;
    options.effort = sample.effort;
    options.max_tokens = kSampleTokens;
    auto request = make_request(options, model);
    if (!request) {
      report(terminal, request.error());
      return Outcome::Failed;
    }
    request->messages.push_back(chat::text_message(chat::Role::User, sample.question));
    terminal.line(fmt::format("\n[{}] {}", sample.mode, sample.question));
    AnswerPrinter printer(out, terminal);
    const Answer answer = run_answer(server, std::move(*request), printer);
    if (answer.interrupted) return Outcome::Interrupted;
    if (answer.completion.error) {
      report(terminal, *answer.completion.error);
      return Outcome::Failed;
    }
    terminal.write_dim(fmt::format("({})\n", usage_text(answer.completion.usage, answer.seconds)));
    return Outcome::Answered;
  }

  ServeSettings settings_;
};

}  // namespace

std::unique_ptr<Command> make_demo_command() {
  return std::make_unique<DemoCommand>();
}

}  // namespace melete::cli
