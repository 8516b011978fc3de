// Figures that only the engine itself can show: what idle conversations cost a step, how long a
// long prompt holds up running answers, and how quickly a follow-up turn begins.
//
// Usage: engine_steps MODEL.gguf; prints Markdown.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chat/collect.h"
#include "engine/engine.h"

namespace melete::engine {
namespace {

using Seconds = std::chrono::duration<double>;

double seconds_now() {
  return std::chrono::duration_cast<Seconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1))];
}

// About one token a word.
std::string words(int count, int seed) {
  std::string text = fmt::format("Text {}: ", seed);
  for (int index = 0; index < count; ++index) {
    text +=
        ((index * 7 + seed) % 3 == 0) ? "stone " : ((index + seed) % 2 == 0 ? "river " : "light ");
  }
  return text;
}

chat::Request request_of(std::string text, int tokens, int choices = 1) {
  chat::Request request;
  request.model = "bench";
  request.messages.push_back(chat::text_message(chat::Role::User, std::move(text)));
  request.limits.answer_tokens = tokens;
  request.sampling.ignore_eos = true;
  request.branches.resize(static_cast<size_t>(choices));
  return request;
}

struct Timed {
  double first = 0;          // seconds to the first piece of text
  std::vector<double> gaps;  // seconds between pieces of choice 0
  int64_t prompt_tokens = 0;
  int64_t cached_tokens = 0;
  std::string text;
};

// Calls `on_text` after each piece of text of choice 0.
Timed run(Engine& engine, chat::Request request, const std::function<void()>& on_text = [] {}) {
  Timed timed;
  const double start = seconds_now();
  double previous = 0;
  const auto stream = engine.start(std::move(request));
  const chat::Completion completion =
      chat::collect_blocking(*stream, [&](const chat::Event& event) {
        if (event.choice != 0 || !std::holds_alternative<chat::TextDelta>(event.payload)) return;
        const double now = seconds_now();
        if (timed.first == 0) timed.first = now - start;
        if (previous > 0) timed.gaps.push_back(now - previous);
        previous = now;
        on_text();
      });
  timed.prompt_tokens = completion.usage.prompt_tokens;
  timed.cached_tokens = completion.usage.cached_tokens;
  timed.text = completion.choices[0].text;
  return timed;
}

// A step of one short answer in an engine that did nothing else, and in one whose 16,000 tokens of
// others went idle. They take turns, each first in every other round: what the machine does hits
// both.
void show_idle_cost(Engine& empty, Engine& crowded) {
  for (int index = 0; index < 8; ++index) run(crowded, request_of(words(2000, index), 2));
  constexpr int kRounds = 12;
  std::vector<double> alone;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    const auto step_of = [round](Engine& engine) {
      return quantile(run(engine, request_of(words(20, 100 + round), 64)).gaps, 0.5);
    };
    const bool swapped = round % 2 == 1;
    const double first = step_of(swapped ? crowded : empty);
    const double second = step_of(swapped ? empty : crowded);
    alone.push_back(swapped ? second : first);
    ratios.push_back(swapped ? first / second : second / first);
  }
  fmt::print("| step of one answer, pool empty at first | {:.2f} ms |\n",
             quantile(alone, 0.5) * 1e3);
  fmt::print(
      "| the same after 16,000 tokens went idle, to it in turn, median (quartiles) | {:.3f} "
      "({:.3f} to {:.3f}) |\n",
      quantile(ratios, 0.5), quantile(ratios, 0.25), quantile(ratios, 0.75));
}

// Eight answers run while a prompt of 8,000 tokens is read.
void show_prefill_gap(Engine& engine, int slice_tokens) {
  const Timed alone = run(engine, request_of(words(30, 300), 48, 8));
  std::unique_ptr<chat::Stream> reader;
  const Timed beside = run(engine, request_of(words(30, 302), 64, 8), [&] {
    if (!reader) reader = engine.start(request_of(words(8000, 301), 2));
  });
  const chat::Completion long_prompt = chat::collect_blocking(*reader);

  const double start = seconds_now();
  run(engine, request_of(words(slice_tokens, 303), 1));
  const double slice = seconds_now() - start;
  fmt::print("| step of eight answers | {:.1f} ms |\n", quantile(alone.gaps, 0.5) * 1e3);
  fmt::print("| one slice of {} prompt tokens alone | {:.1f} ms |\n", slice_tokens, slice * 1e3);
  fmt::print(
      "| gap between tokens of eight answers while a prompt of {} tokens is read, p50 / p99 | "
      "{:.1f} / {:.1f} ms |\n",
      long_prompt.usage.prompt_tokens, quantile(beside.gaps, 0.5) * 1e3,
      quantile(beside.gaps, 0.99) * 1e3);
}

// The next turn of a conversation against the same number of new tokens on their own.
void show_follow_up(Engine& engine) {
  std::vector<double> ratios;
  for (int round = 0; round < 5; ++round) {
    chat::Request conversation = request_of(words(2000, 400 + round), 32);
    const Timed first = run(engine, conversation);
    conversation.messages.push_back(chat::text_message(chat::Role::Assistant, first.text));
    conversation.messages.push_back(chat::text_message(chat::Role::User, words(60, 500 + round)));
    const Timed follow_up = run(engine, conversation);
    const int fresh = static_cast<int>(follow_up.prompt_tokens - follow_up.cached_tokens);
    chat::Request alone = request_of(words(60, 600 + round), 4);
    Timed reference = run(engine, alone);
    const double scale = static_cast<double>(fresh) /
                         static_cast<double>(reference.prompt_tokens - reference.cached_tokens);
    ratios.push_back(follow_up.first / (reference.first * scale));
    fmt::print(
        "| follow-up {}: {} of {} tokens new | {:.0f} ms to the first token; {:.0f} ms for {} new "
        "tokens alone |\n",
        round + 1, fresh, follow_up.prompt_tokens, follow_up.first * 1e3, reference.first * 1e3,
        reference.prompt_tokens - reference.cached_tokens);
  }
  fmt::print(
      "| follow-up of a 2,000-token conversation, to its new tokens alone, median | {:.2f} |\n",
      quantile(ratios, 0.5));
}

int show_all(const char* path) {
  EngineOptions options;
  options.name = "bench";
  options.model = path;
  options.pool_tokens = 32768;
  const int slice_tokens = options.slice_tokens;
  options.speculation = false;
  options.compute = make_compute_threads(0);
  auto engine = Engine::load(options);
  auto other = Engine::load(options);
  if (!engine || !other) {
    fmt::print(stderr, "{}\n", (engine ? other : engine).error().message);
    return 1;
  }
  fmt::print("| figure | value |\n|---|---|\n");
  show_idle_cost(**engine, **other);
  other->reset();
  show_follow_up(**engine);
  show_prefill_gap(**engine, slice_tokens);
  return 0;
}

}  // namespace
}  // namespace melete::engine

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    fmt::print(stderr, "usage: engine_steps MODEL.gguf\n");
    return 2;
  }
  return melete::engine::show_all(arguments[1]);
}
