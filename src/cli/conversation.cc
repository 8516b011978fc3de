#include "cli/conversation.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/text.h"

namespace melete::cli {
namespace {

constexpr const char* kHelp =
    "/mode MODE       instant, thinking or contemplating\n"
    "/effort EFFORT   none, minimal, low, medium, high or xhigh\n"
    "/agents N        agents of contemplating, or auto: as many as are worth it\n"
    "/model NAME      go on with another model\n"
    "/new             forget what was said\n"
    "/quit            end (also Ctrl-D)\n"
    "Ctrl-C stops an answer. A line that ends in \\ goes on in the next.";

}  // namespace

Conversation::Conversation(std::string model, AnswerOptions options)
    : model_(std::move(model)), options_(std::move(options)) {}

Reply Conversation::take(const std::string& line) {
  if (is_blank(line)) return {};
  if (line.starts_with('/')) {
    const size_t space = std::min(line.find(' '), line.size());
    const std::string argument(trimmed(std::string_view(line).substr(space)));
    return command(std::string_view(line).substr(1, space - 1), argument);
  }
  messages_.push_back(chat::text_message(chat::Role::User, line));
  return {Reply::Kind::Ask, {}, {}};
}

Result<chat::Request> Conversation::request() const {
  auto request = make_request(options_, model_);
  if (request) request->messages = messages_;
  return request;
}

void Conversation::take_back() {
  if (!messages_.empty()) messages_.pop_back();
}

void Conversation::add_answer(const chat::Completion& completion) {
  const std::string& text = completion.choices.front().text;
  if (completion.error || text.empty()) return take_back();
  messages_.push_back(chat::text_message(chat::Role::Assistant, text));
}

Reply Conversation::command(std::string_view name, const std::string& argument) {
  if (name == "help" || name == "?") return {Reply::Kind::Said, kHelp, {}};
  if (name == "quit" || name == "exit") return {Reply::Kind::Quit, {}, {}};
  if (name == "mode") return set_mode(argument);
  if (name == "effort") return set_effort(argument);
  if (name == "agents") return set_agents(argument);
  if (name == "model") {
    if (argument.empty()) return {Reply::Kind::Said, "the model is " + model_, {}};
    return {Reply::Kind::Model, {}, argument};
  }
  if (name == "new") {
    messages_.clear();
    return {Reply::Kind::Said, "a new conversation", {}};
  }
  return {Reply::Kind::Said, fmt::format("/{} is not known; /help lists what is", name), {}};
}

Reply Conversation::set_mode(const std::string& mode) {
  if (!mode.empty() && !chat::mode_from(mode)) {
    return {Reply::Kind::Said, "the modes are instant, thinking and contemplating", {}};
  }
  if (!mode.empty()) options_.mode = mode;
  return {Reply::Kind::Said, "the mode is " + options_.mode, {}};
}

Reply Conversation::set_effort(const std::string& effort) {
  if (!effort.empty() && !chat::effort_from(effort)) {
    return {Reply::Kind::Said, "the efforts are none, minimal, low, medium, high and xhigh", {}};
  }
  if (!effort.empty()) options_.effort = effort;
  const std::string shown = options_.effort.empty() ? "the mode's own" : options_.effort;
  const std::string_view unused = options_.mode == "instant" ? "; it counts in /mode thinking" : "";
  return {Reply::Kind::Said, fmt::format("the effort is {}{}", shown, unused), {}};
}

Reply Conversation::set_agents(const std::string& agents) {
  int count = agents == "auto" ? 0 : -1;
  const char* end = agents.data() + agents.size();
  const auto parsed = std::from_chars(agents.data(), end, count);
  const bool number = parsed.ec == std::errc() && parsed.ptr == end;
  if (count < 0 || count > 64 || (!number && agents != "auto")) {
    return {Reply::Kind::Said, "/agents takes a number from 1 to 64, or auto", {}};
  }
  options_.agents = count;
  const std::string shown = count == 0 ? "auto" : std::to_string(count);
  const std::string_view unused =
      options_.mode == "contemplating" ? "" : "; they work in /mode contemplating";
  return {Reply::Kind::Said, fmt::format("agents: {}{}", shown, unused), {}};
}

}  // namespace melete::cli
