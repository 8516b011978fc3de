#include "reinforce/figures.h"

#include <fmt/format.h>

namespace melete::train {

namespace {

Json fields_of(const AnswerFigures& figures) {
  return {{"questions", figures.count},
          {"right", figures.right},
          {"thinking_tokens", figures.thinking_tokens},
          {"answer_tokens", figures.tokens},
          {"truncated", figures.truncated}};
}

}  // namespace

Json to_json(const ReinforceReport& report, double tokens_per_second) {
  return {{"step", report.step},
          {"reward", report.reward},
          {"right", report.answers.right},
          {"thinking_tokens", report.answers.thinking_tokens},
          {"answer_tokens", report.answers.tokens},
          {"truncated", report.answers.truncated},
          {"entropy", report.answers.entropy},
          {"priced", report.priced},
          {"solve_rates", report.solve_rates},
          {"dropped", report.dropped},
          {"set_aside", report.set_aside},
          {"loss", report.loss},
          {"sampler_gap", report.gap},
          {"tokens", report.tokens},
          {"gradient_norm", report.gradient_norm},
          {"rate_share", report.rate_share},
          {"tokens_per_second", tokens_per_second}};
}

Json to_json(const AnswerFigures& figures, const FiguresByDifficulty& by_difficulty, int64_t step) {
  Json line = {{"step", step}};
  line.update(fields_of(figures));
  line["by_difficulty"] = Json::object();
  for (const auto& [difficulty, of_it] : by_difficulty) {
    line["by_difficulty"][std::to_string(difficulty)] = fields_of(of_it);
  }
  return line;
}

std::string line_of(const ReinforceReport& report) {
  return fmt::format("reward {:.3f}  right {:.0f} %  thinks {:.1f} tokens", report.reward,
                     100 * report.answers.right, report.answers.thinking_tokens);
}

}  // namespace melete::train
