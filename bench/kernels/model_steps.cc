// What a step costs for N sequences, with our kernels and with llama.cpp's, arms interleaved in one
// run.
//
// Each arm is a process of its own, because kernels cannot be taken out again; the parent asks them
// in turn, so that what else happens on the machine meets all of them alike. Prints a Markdown
// table.

#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "fmt/core.h"
#include "kernels/step_timer.h"

namespace melete::bench {
namespace {

constexpr int kPrefill = 0;
constexpr int kLoad = -1;
constexpr int kEnd = -2;

struct Question {
  int sequences;  // or one of the above
  int tokens;     // of the prefill
};

// A child process that holds one model and answers questions through two pipes.
class Arm {
 public:
  Arm(std::string name, const StepTimerOptions& options) : name_(std::move(name)) {
    int questions[2];
    int answers[2];
    if (pipe(questions) != 0 || pipe(answers) != 0) throw std::runtime_error("no pipe");
    child_ = fork();
    if (child_ == 0) {
      close(questions[1]);
      serve(options, questions[0], answers[1]);
      _exit(0);
    }
    close(questions[0]);
    close(answers[1]);
    to_ = questions[1];
    from_ = answers[0];
  }
  ~Arm() {
    const Question end = {.sequences = kEnd, .tokens = 0};
    if (write(to_, &end, sizeof(end)) != sizeof(end)) kill(child_, SIGTERM);
    close(to_);
    close(from_);
    waitpid(child_, nullptr, 0);
  }
  Arm(const Arm&) = delete;
  Arm& operator=(const Arm&) = delete;

  const std::string& name() const { return name_; }

  StepTime ask(Question question) { return answer<StepTime>(question); }
  LoadCost load_cost() { return answer<LoadCost>({.sequences = kLoad, .tokens = 0}); }

 private:
  template <typename Answer>
  Answer answer(Question question) {
    Answer answer;
    if (write(to_, &question, sizeof(question)) != sizeof(question) ||
        read(from_, &answer, sizeof(answer)) != sizeof(answer)) {
      throw std::runtime_error(fmt::format("the process of {} has ended", name_));
    }
    return answer;
  }

  template <typename Answer>
  static void send(int answers, const Answer& answer) {
    if (write(answers, &answer, sizeof(answer)) != sizeof(answer)) _exit(1);
  }

  static void serve(const StepTimerOptions& options, int questions, int answers) {
    StepTimer timer(options);
    Question question = {};
    while (read(questions, &question, sizeof(question)) == sizeof(question) &&
           question.sequences != kEnd) {
      if (question.sequences == kLoad) {
        send(answers, timer.load_cost());
      } else if (question.sequences == kPrefill) {
        send(answers, timer.time_prefill(question.tokens));
      } else {
        send(answers, timer.time_steps(question.sequences));
      }
    }
  }

  std::string name_;
  pid_t child_ = 0;
  int to_ = -1;
  int from_ = -1;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

struct Plan {
  std::vector<int> sequences = {1, 2, 4, 8, 16};
  int prefill_tokens = 512;
  int repeats = 3;
};

// Medians of medians, in milliseconds: [arm][sequences].
std::vector<std::map<int, double>> measure(std::vector<std::unique_ptr<Arm>>& arms,
                                           const Plan& plan) {
  std::vector<std::map<int, std::vector<double>>> times(arms.size());
  for (int repeat = 0; repeat < plan.repeats; repeat++) {
    for (size_t arm = 0; arm < arms.size(); arm++) {
      times[arm][kPrefill].push_back(arms[arm]->ask({kPrefill, plan.prefill_tokens}).median_ms);
    }
    for (const int sequences : plan.sequences) {
      for (size_t arm = 0; arm < arms.size(); arm++) {
        times[arm][sequences].push_back(arms[arm]->ask({sequences, 0}).median_ms);
      }
    }
  }
  std::vector<std::map<int, double>> medians(arms.size());
  for (size_t arm = 0; arm < arms.size(); arm++) {
    for (const auto& [sequences, values] : times[arm]) medians[arm][sequences] = median(values);
  }
  return medians;
}

void print(const std::vector<std::unique_ptr<Arm>>& arms, const Plan& plan,
           const std::vector<std::map<int, double>>& times) {
  fmt::print("| |");
  for (const int sequences : plan.sequences) fmt::print(" N={} |", sequences);
  fmt::print(" prefill of {} |\n|---|", plan.prefill_tokens);
  for (size_t i = 0; i <= plan.sequences.size(); i++) fmt::print("---|");
  fmt::print("\n");
  for (size_t arm = 0; arm < arms.size(); arm++) {
    const double one = times[arm].at(plan.sequences.front());
    fmt::print("| {} |", arms[arm]->name());
    for (const int sequences : plan.sequences) {
      const double ms = times[arm].at(sequences);
      fmt::print(" {:.1f} ms ({:.2f}), {:.1f}/s |", ms, ms / one, 1000 * sequences / ms);
    }
    fmt::print(" {:.1f}/s |\n", 1000 * plan.prefill_tokens / times[arm].at(kPrefill));
  }
}

void print_load(const std::vector<std::unique_ptr<Arm>>& arms) {
  fmt::print("\n| | loading | memory when loaded | highest memory |\n|---|---|---|---|\n");
  for (const auto& arm : arms) {
    const LoadCost cost = arm->load_cost();
    fmt::print("| {} | {:.2f} s | {:.0f} MiB | {:.0f} MiB |\n", arm->name(), cost.seconds,
               cost.loaded_mib, cost.peak_mib);
  }
}

// The same figures for programs: milliseconds of a step by its sequences, and of the prefill.
void write_json(const std::string& path, const std::vector<std::unique_ptr<Arm>>& arms,
                const Plan& plan, const std::vector<std::map<int, double>>& times) {
  nlohmann::json out = nlohmann::json::array();
  for (size_t arm = 0; arm < arms.size(); arm++) {
    const LoadCost cost = arms[arm]->load_cost();
    nlohmann::json steps;
    for (const int sequences : plan.sequences) {
      steps[std::to_string(sequences)] = times[arm].at(sequences);
    }
    out.push_back({{"arm", arms[arm]->name()},
                   {"step_ms", steps},
                   {"prefill_tokens", plan.prefill_tokens},
                   {"prefill_ms", times[arm].at(kPrefill)},
                   {"load_seconds", cost.seconds},
                   {"loaded_mib", cost.loaded_mib},
                   {"peak_mib", cost.peak_mib}});
  }
  std::ofstream(path) << out.dump(2) << "\n";
}

int run(int argument_count, char** arguments) {
  StepTimerOptions options;
  Plan plan;
  std::string json;
  std::vector<std::string> names = {"llama.cpp", "melete"};
  CLI::App app("What a step costs for N sequences that share a prompt");
  app.add_option("--model", options.model, "a GGUF file")->required();
  app.add_option("--threads", options.threads, "threads");
  app.add_option("--steps", options.steps, "timed steps in each measurement");
  app.add_option("--prompt", options.prompt_tokens, "tokens of the shared prompt");
  app.add_option("--idle", options.idle_tokens, "tokens of an idle sequence in the pool");
  app.add_option("--sequences", plan.sequences, "counts of sequences")->delimiter(',');
  app.add_option("--prefill", plan.prefill_tokens, "tokens of the prefill");
  app.add_option("--repeats", plan.repeats, "measurements of each figure");
  app.add_option("--json", json, "a file for the figures as JSON");
  app.add_option("--arms", names, "llama.cpp, melete")->delimiter(',');
  CLI11_PARSE(app, argument_count, arguments);

  std::vector<std::unique_ptr<Arm>> arms;
  for (const std::string& name : names) {
    options.use_kernels = name == "melete";
    arms.push_back(std::make_unique<Arm>(name, options));
    arms.back()->load_cost();  // waits: the next one loads alone
  }
  const auto times = measure(arms, plan);
  print(arms, plan, times);
  print_load(arms);
  if (!json.empty()) write_json(json, arms, plan, times);
  return 0;
}

}  // namespace
}  // namespace melete::bench

int main(int argument_count, char** arguments) {
  return melete::bench::run(argument_count, arguments);
}
