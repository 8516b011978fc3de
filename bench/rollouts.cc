// How quickly answers are written for training: engine::RolloutWriter on the questions of a file,
// several answers to each, all of the same length.
//
// Usage: rollouts MODEL.gguf QUESTIONS.jsonl QUESTIONS COPIES TOKENS ROWS; prints JSON.

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "base/json.h"
#include "engine/rollout_writer.h"
#include "engine/turn_writer.h"

namespace melete::engine {
namespace {

struct Sizes {
  size_t questions;
  int64_t copies;
  int64_t tokens;
  int rows;
};

int show(const std::string& model, const std::string& file, const Sizes& sizes) {
  const auto turns = TurnWriter::open(model);
  const auto writer = RolloutWriter::load(
      {.model = model,
       .rows = sizes.rows,
       .context_tokens = 1024,
       .pool_tokens = 1024 * static_cast<int64_t>(sizes.questions) + sizes.rows * sizes.tokens});
  if (!turns || !writer) {
    fmt::print(stderr, "{}\n", (turns ? writer.error() : turns.error()).message);
    return 1;
  }
  std::vector<std::vector<int32_t>> tokens;
  std::ifstream lines(file);
  for (std::string line; tokens.size() < sizes.questions && std::getline(lines, line);) {
    const std::string question = parse_json(line)->at("question");
    const auto turn =
        (*turns)->write({chat::text_message(chat::Role::User, question)}, {"", "Yes"});
    tokens.push_back((*turns)->prompt_tokens(turn->prompt));
  }
  std::vector<RolloutPrompt> prompts;
  for (size_t i = 0; i < tokens.size(); ++i) prompts.push_back({tokens[i], i});
  const auto start = std::chrono::steady_clock::now();
  const auto written =
      (*writer)->write(prompts, {.copies = sizes.copies, .most_tokens = sizes.tokens});
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  if (!written) {
    fmt::print(stderr, "{}\n", written.error().message);
    return 1;
  }
  size_t count = 0;
  for (const WrittenRollout& rollout : *written) count += rollout.tokens.size();
  fmt::print("{{\"tokens\": {}, \"seconds\": {:.3f}}}\n", count, time.count());
  return 0;
}

}  // namespace
}  // namespace melete::engine

int main(int argument_count, char** arguments) {
  if (argument_count != 7) {
    fmt::print(stderr, "usage: rollouts MODEL.gguf QUESTIONS.jsonl QUESTIONS COPIES TOKENS ROWS\n");
    return 2;
  }
  return melete::engine::show(arguments[1], arguments[2],
                              {.questions = std::stoul(arguments[3]),
                               .copies = std::stol(arguments[4]),
                               .tokens = std::stol(arguments[5]),
                               .rows = std::stoi(arguments[6])});
}
