#include "api/write_melete_events.h"

#include <string_view>

#include "api/write_report.h"

namespace melete::api {

namespace {

using State = chat::AgentProgress::State;

std::string_view type_of(State state) {
  switch (state) {
    case State::Started:
      return "melete.agent.started";
    case State::Reasoning:
    case State::Answering:
      return "melete.agent.progress";
    case State::Answered:
      return "melete.agent.answer";
    case State::Ended:
      break;
  }
  return "melete.agent.ended";
}

Json event_object(std::string_view type, const chat::Event& event) {
  Json object;
  object["type"] = type;
  object["choices"] = Json::array();
  object["choice"] = event.choice;
  if (!event.agent.empty()) object["agent"] = event.agent;
  return object;
}

Json progress_event(const chat::Event& event, const chat::AgentProgress& progress) {
  Json object = event_object(type_of(progress.state), event);
  object["tokens"] = progress.tokens;
  switch (progress.state) {
    case State::Started:
      break;
    case State::Reasoning:
    case State::Answering:
      object["phase"] = progress.state == State::Reasoning ? "reasoning" : "answering";
      break;
    case State::Answered:
      object["answer"] = short_answer(progress.detail);
      object["text"] = progress.text;
      break;
    case State::Ended:
      object["why"] = progress.detail;
      break;
  }
  return object;
}

}  // namespace

Json melete_event(const chat::Event& event) {
  if (const auto* progress = std::get_if<chat::AgentProgress>(&event.payload)) {
    return progress_event(event, *progress);
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

}  // namespace melete::api
