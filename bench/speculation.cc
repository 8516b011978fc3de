// What guessing tokens ahead brings: tokens a second with and without it, for an edit of code, a
// quotation, free chat, agents that work on one question, and the merge of what they wrote.
//
// Usage: speculation MODEL.gguf [ROUNDS]; prints Markdown. Two engines take turns; greedy texts
// must be equal.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "chat/collect.h"
#include "engine/engine.h"

namespace melete::engine {
namespace {

constexpr int kTokens = 160;

constexpr const char* kCode = R"(def total_price(items, tax_rate):
    total = 0
    for item in items:
        if item.price < 0:
            raise ValueError("a price is negative")
        total += item.price * item.count
    return total * (1 + tax_rate)

def average_price(items):
    count = 0
    total = 0
    for item in items:
        total += item.price * item.count
        count += item.count
    return total / count
)";

constexpr const char* kText =
    "A river begins at a spring or where smaller streams meet, and it follows the slope of the "
    "land "
    "towards a lake or the sea. On its way it carries stones, sand and mud, and it lays them down "
    "again where the water slows. Towns grew along rivers, for they gave water, fish, power for "
    "mills and an easy road for boats.";

constexpr const char* kPuzzle =
    "A baker makes 14 trays of 12 rolls in the morning and half as many in the afternoon. She "
    "sells "
    "the rolls in bags of 6 and keeps 30 rolls for herself. How many bags does she fill? Explain "
    "each step.";

constexpr const char* kDrafts =
    "\n\nDraft 1:\nIn the morning the baker makes 14 trays of 12 rolls, which is 14 * 12 = 168 "
    "rolls. "
    "In the afternoon she makes half as many, which is 168 / 2 = 84 rolls. Together these are 168 "
    "+ 84 "
    "= 252 rolls. She keeps 30 rolls for herself, so 252 - 30 = 222 rolls are left. Each bag holds "
    "6 "
    "rolls, so she fills 222 / 6 = 37 bags.\n\nDraft 2:\nIn the morning the baker makes 14 * 12 = "
    "168 "
    "rolls. In the afternoon she makes 7 trays, which is 84 rolls. Together these are 252 rolls. "
    "Each "
    "bag holds 6 rolls, so she fills 252 / 6 = 42 bags.\n\nThe drafts above answer my request; "
    "some may "
    "be wrong. Compare them where they differ, check the steps, and write the one best answer.";

struct Task {
  const char* name;
  std::string question;
  size_t answers = 1;
};

std::vector<Task> tasks() {
  return {{"edit of code", fmt::format("Rename total_price to price_with_tax and average_price to "
                                       "mean_price. Give the whole file.\n\n{}",
                                       kCode)},
          {"quotation",
           fmt::format("Repeat this text word for word, then name its topic.\n\n{}", kText)},
          {"free chat", "Tell me a story about a lighthouse keeper and a storm."},
          {"two agents", kPuzzle, 2},
          {"four agents", kPuzzle, 4},
          {"eight agents", kPuzzle, 8},
          {"merge of two drafts", std::string(kPuzzle) + kDrafts}};
}

struct Arm {
  bool speculation;
  Metrics metrics;
  std::unique_ptr<Engine> engine;
  std::vector<double> rates;
  std::string text;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Tokens a second between the first and the last token.
void run(Arm& arm, const Task& task, bool greedy) {
  chat::Request request;
  request.model = "bench";
  request.messages.push_back(chat::text_message(chat::Role::User, task.question));
  request.limits.answer_tokens = kTokens;
  request.branches.resize(task.answers);
  request.sampling.seed = 1;
  if (greedy) request.sampling.temperature = 0;
  std::chrono::steady_clock::time_point first;
  int tokens = 0;
  const auto stream = arm.engine->start(std::move(request));
  const chat::Completion answer = chat::collect_blocking(*stream, [&](const chat::Event& event) {
    if (tokens == 0) first = std::chrono::steady_clock::now();
    tokens += event.tokens;
  });
  arm.rates.push_back((tokens - 1) / seconds_since(first));
  arm.text.clear();
  for (const chat::Choice& choice : answer.choices) arm.text += choice.text + "\n";
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double counted(Arm& arm, const char* name) {
  return arm.metrics.counter(name, "", {{"model", "bench"}}).value();
}

int show_all(const std::string& path, int rounds) {
  Arm arms[] = {{.speculation = false}, {.speculation = true}};
  const auto threads = make_compute_threads(0);
  for (Arm& arm : arms) {
    EngineOptions options;
    options.name = "bench";
    options.model = path;
    options.context_tokens = 4096;
    options.compute = threads;
    options.speculation = arm.speculation;
    options.metrics = &arm.metrics;
    auto engine = Engine::load(options);
    if (!engine) {
      fmt::print(stderr, "{}\n", engine.error().message);
      return 1;
    }
    arm.engine = std::move(*engine);
  }
  fmt::print(
      "| task | tokens/s without | with | times as fast | guesses that came true | same text |\n"
      "|---|---|---|---|---|---|\n");
  for (const bool greedy : {true, false}) {
    for (const Task& task : tasks()) {
      for (Arm& arm : arms) arm.rates.clear();
      const double guessed = counted(arms[1], "melete_guessed_tokens_total");
      const double kept = counted(arms[1], "melete_kept_tokens_total");
      for (int round = 0; round < rounds; ++round) {
        for (int turn = 0; turn < 2; ++turn) run(arms[(round + turn) % 2], task, greedy);
      }
      const double before = median(arms[0].rates);
      const double after = median(arms[1].rates);
      const double share = (counted(arms[1], "melete_kept_tokens_total") - kept) /
                           std::max(1.0, counted(arms[1], "melete_guessed_tokens_total") - guessed);
      fmt::print("| {}, {} | {:.1f} | {:.1f} | {:.2f} | {:.0f} % | {} |\n", task.name,
                 greedy ? "greedy" : "sampled", before, after, after / before, 100 * share,
                 arms[0].text == arms[1].text ? "yes" : "no");
      std::fflush(stdout);
    }
  }
  return 0;
}

}  // namespace
}  // namespace melete::engine

int main(int argument_count, char** arguments) {
  if (argument_count < 2) {
    fmt::print(stderr, "usage: speculation MODEL.gguf [ROUNDS]\n");
    return 2;
  }
  return melete::engine::show_all(arguments[1], argument_count > 2 ? std::stoi(arguments[2]) : 3);
}
