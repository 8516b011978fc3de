#include "api/chat_completions/write_events.h"

#include <string_view>

#include "api/chat_completions/write_response.h"

namespace melete::api::chat_completions {

namespace {

std::string_view name_of(chat::AgentProgress::State state) {
  using State = chat::AgentProgress::State;
  switch (state) {
    case State::Started:
      return "started";
    case State::Reasoning:
      return "reasoning";
    case State::Answering:
      return "answering";
    case State::Answered:
      return "answered";
    case State::Ended:
      break;
  }
  return "ended";
}

Json event_object(std::string_view type, const chat::Event& event) {
  Json object;
  object["type"] = type;
  object["choices"] = Json::array();
  object["choice"] = event.choice;
  if (!event.agent.empty()) object["agent"] = event.agent;
  return object;
}

}  // namespace

Json melete_event(const chat::Event& event) {
  if (const auto* progress = std::get_if<chat::AgentProgress>(&event.payload)) {
    Json object = event_object("melete.agent.progress", event);
    object["state"] = name_of(progress->state);
    object["tokens"] = progress->tokens;
    object["detail"] = progress->detail;
    return object;
  }
  if (const auto* vote = std::get_if<chat::Vote>(&event.payload)) {
    Json object = event_object("melete.vote", event);
    object["answer"] = vote->answer;
    object["votes"] = vote->votes;
    object["agents_left"] = vote->agents_left;
    return object;
  }
  if (const auto* decision = std::get_if<chat::Decision>(&event.payload)) {
    Json object = event_object("melete.decision", event);
    object.update(decision_object(*decision));
    return object;
  }
  return nullptr;
}

}  // namespace melete::api::chat_completions
