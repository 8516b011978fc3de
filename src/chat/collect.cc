#include "chat/collect.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <utility>

namespace melete::chat {

void add_event(Completion& completion, const Event& event) {
  if (const auto* failed = std::get_if<Failed>(&event.payload)) {
    completion.error = failed->error;
    return;
  }
  if (!event.agent.empty()) return;
  const auto index = static_cast<size_t>(event.choice);
  if (completion.choices.size() <= index) completion.choices.resize(index + 1);
  Choice& choice = completion.choices[index];

  if (const auto* reasoning = std::get_if<ReasoningDelta>(&event.payload)) {
    choice.reasoning += reasoning->text;
    choice.reasoning_tokens += event.tokens;
  } else if (const auto* text = std::get_if<TextDelta>(&event.payload)) {
    choice.text += text->text;
    choice.answer_tokens += event.tokens;
    choice.logprobs.insert(choice.logprobs.end(), text->logprobs.begin(), text->logprobs.end());
  } else if (std::holds_alternative<ToolCallDelta>(event.payload)) {
    choice.answer_tokens += event.tokens;
  } else if (const auto* call = std::get_if<ToolCall>(&event.payload)) {
    choice.tool_calls.push_back(*call);
  } else if (const auto* usage = std::get_if<Usage>(&event.payload)) {
    completion.usage = *usage;
  } else if (const auto* decision = std::get_if<Decision>(&event.payload)) {
    completion.decisions.push_back(*decision);
  } else if (const auto* report = std::get_if<Report>(&event.payload)) {
    completion.report = *report;
  } else if (const auto* finished = std::get_if<Finished>(&event.payload)) {
    choice.finished = true;
    choice.finish_reason = finished->reason;
    choice.stop_text = finished->stop_text;
  }
}

awaitable<Completion> collect(Stream& stream, std::function<void(const Event&)> watch) {
  Completion completion;
  while (std::optional<Event> event = co_await stream.next()) {
    if (watch) watch(*event);
    add_event(completion, *event);
  }
  if (completion.choices.empty()) completion.choices.resize(1);
  co_return completion;
}

Completion collect_blocking(Stream& stream, std::function<void(const Event&)> watch) {
  boost::asio::io_context context(1);
  Completion completion;
  boost::asio::co_spawn(
      context,
      [&]() -> awaitable<void> { completion = co_await collect(stream, std::move(watch)); },
      [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
      });
  context.run();
  return completion;
}

}  // namespace melete::chat
