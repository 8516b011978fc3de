#include "api/write_report.h"

#include <cmath>

namespace melete::api {

namespace {

// Digits beyond these mean nothing.
double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

Json agent_object(const chat::AgentReport& agent) {
  Json object;
  object["agent"] = agent.agent;
  object["round"] = agent.round;
  object["model"] = agent.model;
  object["answer"] = short_answer(agent.answer);
  object["voted"] = agent.voted;
  object["certainty"] = agent.certainty ? Json(rounded(*agent.certainty)) : Json(nullptr);
  object["ended"] = agent.ended;
  object["tokens"] = agent.tokens;
  return object;
}

}  // namespace

Json short_answer(const std::string& answer) {
  return answer.empty() ? Json(nullptr) : Json(answer);
}

Json decision_object(const chat::Decision& decision) {
  Json object;
  object["strategy"] = decision.strategy;
  object["answer"] = decision.answer;
  object["votes"] = decision.votes;
  object["agents"] = decision.agents;
  object["why"] = decision.why;
  return object;
}

Json report_object(const chat::Report& report) {
  Json object;
  object["strategy"] = report.strategy;
  object["stop"] = report.stop;
  object["agents_asked"] = report.asked;
  object["agents_ran"] = report.ran;
  Json& agents = object["agents"] = Json::array();
  for (const chat::AgentReport& agent : report.agents) agents.push_back(agent_object(agent));
  Json& votes = object["votes"] = Json::array();
  for (const chat::Vote& vote : report.votes) {
    votes.push_back({{"answer", vote.answer}, {"votes", vote.votes}});
  }
  object["tokens"]["propose"] = report.propose_tokens;
  object["tokens"]["refine"] = report.refine_tokens;
  object["tokens"]["merge"] = report.merge_tokens;
  const bool known = report.chain_seconds > 0;
  object["seconds"] = rounded(report.seconds);
  object["chain_seconds"] = known ? Json(rounded(report.chain_seconds)) : Json(nullptr);
  object["latency_ratio"] =
      known ? Json(rounded(report.seconds / report.chain_seconds)) : Json(nullptr);
  return object;
}

}  // namespace melete::api
