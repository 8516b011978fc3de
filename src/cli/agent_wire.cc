#include "cli/agent_wire.h"

#include <optional>
#include <utility>

namespace melete::cli {
namespace {

int int_at(const Json& json, const char* name) {
  return static_cast<int>(number_at(json, name));
}

std::optional<double> known_real_at(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

double real_at(const Json& json, const char* name) {
  return known_real_at(json, name).value_or(0);
}

// The elements of field `name` that are objects.
std::vector<Json> objects_at(const Json& json, const char* name) {
  std::vector<Json> objects;
  const auto found = json.find(name);
  if (found == json.end() || !found->is_array()) return objects;
  for (const Json& element : *found) {
    if (element.is_object()) objects.push_back(element);
  }
  return objects;
}

std::optional<chat::AgentProgress> read_progress(const std::string& type, const Json& json) {
  using enum chat::AgentProgress::State;
  chat::AgentProgress progress{.tokens = number_at(json, "tokens")};
  if (type == "melete.agent.started") {
    progress.state = Started;
  } else if (type == "melete.agent.progress") {
    progress.state = text_at(json, "phase") == "answering" ? Answering : Reasoning;
  } else if (type == "melete.agent.answer") {
    progress.state = Answered;
    progress.detail = text_at(json, "answer");
    progress.text = text_at(json, "text");
  } else if (type == "melete.agent.ended") {
    progress.state = Ended;
    progress.detail = text_at(json, "why");
  } else {
    return std::nullopt;
  }
  return progress;
}

}  // namespace

std::string text_at(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int64_t number_at(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number() ? found->get<int64_t>() : 0;
}

std::vector<chat::Event> read_melete_event(const std::string& type, const Json& json) {
  chat::Event event{.choice = int_at(json, "choice"), .agent = text_at(json, "agent")};
  if (auto progress = read_progress(type, json)) {
    event.payload = std::move(*progress);
  } else if (type == "melete.vote") {
    event.payload = chat::Vote{.answer = text_at(json, "answer"),
                               .votes = int_at(json, "votes"),
                               .agents_left = int_at(json, "agents_left")};
  } else if (type == "melete.decision") {
    event.payload = chat::Decision{.strategy = text_at(json, "strategy"),
                                   .answer = text_at(json, "answer"),
                                   .votes = int_at(json, "votes"),
                                   .agents = int_at(json, "agents"),
                                   .why = text_at(json, "why")};
  } else {
    return {};
  }
  return {event};
}

chat::Report read_report(const Json& json) {
  chat::Report report{.strategy = text_at(json, "strategy"),
                      .stop = text_at(json, "stop"),
                      .asked = int_at(json, "agents_asked"),
                      .ran = int_at(json, "agents_ran"),
                      .seconds = real_at(json, "seconds"),
                      .chain_seconds = real_at(json, "chain_seconds")};
  for (const Json& agent : objects_at(json, "agents")) {
    report.agents.push_back({.agent = text_at(agent, "agent"),
                             .round = int_at(agent, "round"),
                             .model = text_at(agent, "model"),
                             .answer = text_at(agent, "answer"),
                             .ended = text_at(agent, "ended"),
                             .tokens = number_at(agent, "tokens"),
                             .voted = agent.contains("voted") && agent["voted"] == true,
                             .certainty = known_real_at(agent, "certainty")});
  }
  for (const Json& vote : objects_at(json, "votes")) {
    report.votes.push_back({.answer = text_at(vote, "answer"), .votes = int_at(vote, "votes")});
  }
  if (const auto tokens = json.find("tokens"); tokens != json.end() && tokens->is_object()) {
    report.propose_tokens = number_at(*tokens, "propose");
    report.refine_tokens = number_at(*tokens, "refine");
    report.merge_tokens = number_at(*tokens, "merge");
  }
  return report;
}

}  // namespace melete::cli
