#include "jobs/tuning_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

namespace melete::jobs {

namespace {

constexpr int64_t kBytesPerToken = 3;  // at least, in most languages and tokenizers
constexpr int64_t kMarkTokens = 16;    // around an example
constexpr int64_t kShortestRow = 256;
constexpr int64_t kLongestRow = 4096;
constexpr int64_t kLeastSteps = 4;
constexpr int64_t kMostSteps = 100'000;
constexpr double kSupervisedRate = 2e-4;
constexpr double kReinforcementRate = 1e-4;
constexpr int kAnswers = 8;           // to each question
constexpr int64_t kHeldOut = 16;      // questions, at most a quarter
constexpr int64_t kCheckpoints = 20;  // of a run

bool is_example(const Json& line, TuningMethod method) {
  if (!line.is_object()) return false;
  const auto is_list = [&](const char* name) {
    return line.contains(name) && line.at(name).is_array() && !line.at(name).empty();
  };
  const auto is_text = [&](const char* name) {
    return line.contains(name) && line.at(name).is_string();
  };
  if (is_list("messages")) return true;
  if (method == TuningMethod::Supervised) return is_text("text");
  return is_text("question") && line.contains("answer");
}

std::string_view form_of(TuningMethod method) {
  return method == TuningMethod::Supervised
             ? "an object with messages that end with the assistant's, or with a text"
             : "an object with question and answer";
}

// Of an answer that is checked, its reasoning included.
int64_t answer_tokens(std::string_view effort) {
  if (effort == "medium") return 1024;
  return effort == "high" ? 4096 : 256;
}

int64_t ceiling(int64_t number, int64_t divisor) {
  return (number + divisor - 1) / divisor;
}

}  // namespace

Result<TuningSizes> measure_data(std::string_view data, const TuningWish& wish) {
  TuningSizes sizes;
  int64_t tokens = 0;
  int64_t longest = 0;
  int64_t number = 0;
  while (!data.empty()) {
    const size_t end = std::min(data.find('\n'), data.size());
    const std::string_view text = data.substr(0, end);
    data.remove_prefix(std::min(end + 1, data.size()));
    ++number;
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto line = parse_json(text);
    if (!line || !is_example(*line, wish.method)) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("line {} of the training file {}: each line is {}", number,
                              line ? "is no example" : "is no JSON", form_of(wish.method)),
                  "training_file");
    }
    const int64_t length = static_cast<int64_t>(text.size()) / kBytesPerToken + kMarkTokens;
    ++sizes.examples;
    tokens += length;
    longest = std::max(longest, length);
  }
  if (sizes.examples == 0) {
    return fail(ErrorCode::InvalidArgument, "the training file has no example", "training_file");
  }
  const bool supervised = wish.method == TuningMethod::Supervised;
  sizes.length = answer_tokens(wish.effort);
  if (supervised) {
    sizes.length = kShortestRow;
    while (sizes.length < longest && sizes.length < kLongestRow) sizes.length *= 2;
  }
  const int64_t rows =
      supervised ? std::min(sizes.examples, ceiling(tokens, sizes.length)) : sizes.examples;
  sizes.steps = std::clamp(ceiling(rows * wish.epochs, wish.batch), kLeastSteps, kMostSteps);
  return sizes;
}

std::string config_of(const TuningJob& job, const TuningSizes& sizes,
                      const std::filesystem::path& model) {
  const TuningWish& wish = job.wish;
  // JSON's quoting is that of TOML's basic strings.
  std::string text =
      fmt::format("folder = \"run\"\nmodel = {}\nseed = {}\nsteps = {}\ncheckpoint_every = {}\n",
                  write_json(model.string()), wish.seed, job.steps,
                  std::max<int64_t>(1, job.steps / kCheckpoints));
  if (wish.method == TuningMethod::Supervised) {
    text += fmt::format("[batch]\nrows = {}\nlength = {}\n[optimiser]\nlearning_rate = {}\n",
                        wish.batch, sizes.length, kSupervisedRate * wish.rate);
  } else {
    const int64_t held_out = std::clamp<int64_t>(sizes.examples / 4, 1, kHeldOut);
    text += fmt::format(
        "[batch]\nquestions = {}\nanswers = {}\nmost_tokens = {}\n[questions]\nheld_out = {}\n"
        "[optimiser]\nrate = {}\n",
        wish.batch, kAnswers, sizes.length, held_out, kReinforcementRate * wish.rate);
  }
  return text + "[files]\ndata = {path = \"data.jsonl\"}\n";
}

std::string_view command_of(TuningMethod method) {
  return method == TuningMethod::Supervised ? "tune" : "reinforce";
}

std::vector<Json> told_steps(const TuningFolder& folder) {
  std::vector<Json> steps;
  std::ifstream file(folder.log());
  std::string text;
  while (std::getline(file, text)) {
    auto line = parse_json(text);
    if (line && line->is_object() && line->contains("step")) steps.push_back(std::move(*line));
  }
  return steps;
}

std::string last_words(const TuningFolder& folder) {
  std::ifstream file(folder.output());
  std::string last;
  std::string line;
  while (std::getline(file, line)) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) last = line;
  }
  for (const TuningMethod method : {TuningMethod::Supervised, TuningMethod::Reinforcement}) {
    const std::string name = fmt::format("melete-train {}: ", command_of(method));
    if (last.starts_with(name)) return last.substr(name.size());
  }
  return last;
}

}  // namespace melete::jobs
