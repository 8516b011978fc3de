#include "eval/trial.h"

#include <fmt/format.h>

#include <fstream>

#include "base/json.h"

namespace melete::eval {
namespace {

Json chain_json(const Chain& chain) {
  return {{"answer", chain.answer},
          {"right", chain.right},
          {"tokens", chain.tokens},
          {"ended", chain.ended},
          {"seconds", chain.seconds},
          {"text", chain.text},
          {"certainty", chain.certainty ? Json(*chain.certainty) : Json(nullptr)}};
}

// Certainty is missing in files of earlier versions.
Chain chain_of(const Json& json) {
  const auto certainty = json.find("certainty");
  const bool known = certainty != json.end() && !certainty->is_null();
  return {.text = json.at("text"),
          .answer = json.at("answer"),
          .ended = json.at("ended"),
          .tokens = json.at("tokens"),
          .seconds = json.at("seconds"),
          .right = json.at("right"),
          .certainty = known ? std::optional(certainty->get<double>()) : std::nullopt};
}

}  // namespace

std::string write_trial(const Trial& trial) {
  Json json{{"set", trial.set},
            {"item", trial.item},
            {"arm", trial.arm},
            {"setup", trial.setup},
            {"machine", trial.machine},
            {"seed", trial.seed},
            {"right", trial.right},
            {"seconds", trial.seconds},
            {"first_seconds", trial.first_seconds},
            {"tokens", trial.tokens},
            {"accepted_tokens", trial.accepted_tokens},
            {"prompt_tokens", trial.prompt_tokens},
            {"peak_cells", trial.peak_cells},
            {"decided", trial.decided},
            {"error", trial.error},
            {"text", trial.text}};
  Json& chains = json["chains"] = Json::array();
  for (const Chain& chain : trial.chains) chains.push_back(chain_json(chain));
  return write_json(json);
}

Result<Trial> read_trial(const std::string& line) {
  const auto json = parse_json(line);
  if (!json) return std::unexpected(json.error());
  try {
    Trial trial{.set = json->at("set"),
                .item = json->at("item"),
                .arm = json->at("arm"),
                .setup = json->value("setup", std::string(kAnySetup)),
                .machine = json->at("machine"),
                .seed = json->at("seed"),
                .text = json->at("text"),
                .right = json->at("right"),
                .seconds = json->at("seconds"),
                .first_seconds = json->at("first_seconds"),
                .tokens = json->at("tokens"),
                .accepted_tokens = json->at("accepted_tokens"),
                .prompt_tokens = json->at("prompt_tokens"),
                .peak_cells = json->at("peak_cells"),
                .decided = json->at("decided"),
                .error = json->at("error")};
    for (const Json& chain : json->at("chains")) trial.chains.push_back(chain_of(chain));
    return trial;
  } catch (const Json::exception& problem) {
    return fail(ErrorCode::InvalidArgument, fmt::format("no trial: {}", problem.what()));
  }
}

Result<std::vector<Trial>> read_trials(const std::string& path) {
  std::vector<Trial> trials;
  std::ifstream file(path);
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    auto trial = read_trial(line);
    if (!trial && file.eof()) break;
    if (!trial) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("{}, line {}: {}", path, number, trial.error().message), path);
    }
    trials.push_back(std::move(*trial));
  }
  return trials;
}

}  // namespace melete::eval
