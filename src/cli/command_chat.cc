// `melete chat`: a conversation on the terminal.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <utility>

#include "base/log.h"
#include "cli/answer.h"
#include "cli/answerer.h"
#include "cli/commands.h"
#include "cli/conversation.h"
#include "cli/line_editor.h"
#include "cli/program.h"

namespace melete::cli {
namespace {

class ChatCommand final : public Command {
 public:
  std::string_view name() const override { return "chat"; }
  std::string_view help() const override { return "Talk with a model"; }

  void declare(CLI::App& app) override {
    declare_answer_options(app, answer_);
    declare_answerer_options(app, answerer_);
  }

  int run() override {
    set_log_level(LogLevel::Warning);
    Terminal error = standard_error();
    const auto checked = make_request(answer_, answerer_.model);
    if (!checked) return report(error, checked.error());
    auto answerer = open_answerer(answerer_, error);
    if (!answerer) return report(error, answerer.error());
    if (answer_.mode.empty()) answer_.mode = chat::name_of(checked->mode);

    Conversation conversation(answerer->model, answer_);
    LineEditor editor(history_path());
    error.line(fmt::format("{}, {}. /help lists what else can be typed; Ctrl-D ends.",
                           answerer->model, answer_.mode));
    while (const auto line = editor.read("> ")) {
      if (line->empty()) continue;
      const Reply reply = conversation.take(*line);
      if (!reply.text.empty()) error.line(reply.text);
      if (reply.kind == Reply::Kind::Quit) break;
      if (reply.kind == Reply::Kind::Model) change_model(reply.argument, *answerer, conversation);
      if (reply.kind == Reply::Kind::Ask) ask(*answerer->backend, conversation);
    }
    return 0;
  }

 private:
  static void ask(chat::Backend& backend, Conversation& conversation) {
    Terminal out = standard_output();
    Terminal error = standard_error();
    auto request = conversation.request();
    if (!request) {
      conversation.take_back();
      report(error, request.error());
      return;
    }
    AnswerPrinter printer(out, error);
    const Answer answer = run_answer(backend, std::move(*request), printer);
    conversation.add_answer(answer.completion);
    if (answer.completion.error) {
      report(error, *answer.completion.error);
    } else {
      error.write_dim(usage_text(answer.completion.usage, answer.seconds) + "\n");
    }
  }

  void change_model(const std::string& model, Answerer& answerer, Conversation& conversation) {
    Terminal error = standard_error();
    AnswererOptions wanted = answerer_;
    wanted.model = model;
    auto opened = open_answerer(wanted, error);
    if (!opened) {
      report(error, opened.error());
      return;
    }
    answerer = std::move(*opened);
    conversation.set_model(answerer.model);
    error.line("answers now come from " + answerer.model);
  }

  AnswerOptions answer_;
  AnswererOptions answerer_;
};

}  // namespace

std::unique_ptr<Command> make_chat_command() {
  return std::make_unique<ChatCommand>();
}

}  // namespace melete::cli
