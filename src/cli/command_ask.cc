// `melete ask`: one question, one answer.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <utility>

#include "api/chat_completions/write_response.h"
#include "base/ids.h"
#include "base/log.h"
#include "cli/answer.h"
#include "cli/answerer.h"
#include "cli/commands.h"
#include "cli/pipe_input.h"
#include "cli/program.h"
#include "cli/question.h"

namespace melete::cli {
namespace {

constexpr std::chrono::seconds kPipePatience(5);  // for the first byte beside a typed question

// The whole answer in the form of the API's `chat.completion`.
std::string json_of(const chat::Completion& completion, const std::string& model) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const int64_t created = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  return api::chat_completions::write_response({make_id("chatcmpl-"), created, model}, completion);
}

class AskCommand final : public Command {
 public:
  std::string_view name() const override { return "ask"; }
  std::string_view help() const override { return "Ask one question"; }

  void declare(CLI::App& app) override {
    app.add_option("question", words_, "the question; a pipe may hold it, or what it is about");
    declare_answer_options(app, answer_);
    app.add_option("--image", question_.images, "a picture to look at; may be given again")
        ->allow_extra_args(false);
    app.add_option("--audio", question_.sounds, "a sound to listen to; may be given again")
        ->allow_extra_args(false);
    app.add_option("--file", question_.files,
                   "a text file that belongs to the question; may be given again")
        ->allow_extra_args(false);
    app.add_flag("--json", json_, "print the whole answer as JSON, as the API gives it");
    declare_answerer_options(app, answerer_);
  }

  int run() override {
    set_log_level(LogLevel::Warning);
    Terminal out = standard_output();
    Terminal error = standard_error();
    auto request = read_request(error);
    if (!request) return report(error, request.error());
    auto answerer = open_answerer(answerer_, error);
    if (!answerer) return report(error, answerer.error());
    request->model = answerer->model;

    AnswerPrinter printer(out, error, json_ ? ShowText::Never : ShowText::AsItComes);
    const Answer answer = run_answer(*answerer->backend, std::move(*request), printer);
    if (answer.completion.error) return report(error, *answer.completion.error);
    if (json_) out.line(json_of(answer.completion, answerer->model));
    if (!json_ && error.traits().interactive) {
      error.write_dim(usage_text(answer.completion.usage, answer.seconds) + "\n");
    }
    return answer.interrupted ? kExitInterrupted : 0;
  }

 private:
  // Everything that can be checked before a model is loaded.
  Result<chat::Request> read_request(Terminal& terminal) {
    question_.text = CLI::detail::join(words_, " ");
    auto piped = read_input(terminal);
    if (!piped) return std::unexpected(piped.error());
    question_.piped = std::move(*piped);
    auto message = make_message(question_);
    if (!message) return std::unexpected(message.error());
    auto request = make_request(answer_, answerer_.model);
    if (!request) return request;
    if (asks_for_agents(answer_) && request->mode != chat::Mode::Contemplating) {
      return fail(
          ErrorCode::InvalidArgument,
          "--agents, --strategy, --hint, --models and --verify are for contemplating: leave "
          "the mode out or make it contemplating",
          "mode");
    }
    if (answer_.fold_tokens > 0 && request->mode == chat::Mode::Instant) {
      return fail(ErrorCode::InvalidArgument,
                  "--fold condenses reasoning: leave the mode out or make it thinking", "mode");
    }
    request->messages.push_back(std::move(*message));
    return request;
  }

  // Without a question the pipe has to hold it, however long that takes.
  Result<std::string> read_input(Terminal& terminal) const {
    std::optional<std::chrono::milliseconds> patience;
    if (!question_.text.empty()) patience = kPipePatience;
    auto input = read_pipe(STDIN_FILENO, patience);
    if (!input) return std::unexpected(input.error());
    if (input->silent) {
      terminal.line(fmt::format("nothing came on standard input within {} seconds: asking without",
                                kPipePatience.count()));
    }
    return std::move(input->text);
  }

  std::vector<std::string> words_;
  Question question_;
  AnswerOptions answer_;
  AnswererOptions answerer_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_ask_command() {
  return std::make_unique<AskCommand>();
}

}  // namespace melete::cli
