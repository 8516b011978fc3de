// A verifier of the user's: a program that is asked about every answer.
//
// For each answer it gets a line of JSON with the texts `question`, `answer` (the one that is
// known) and `text` (the one to judge), and writes a line: "right" or "wrong".

#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "data/task.h"

namespace melete::train {

struct ProgramOptions {
  std::vector<std::string> arguments;            // the program, found on PATH, and what it is given
  std::filesystem::path folder;                  // in which it runs; empty: ours
  Duration deadline = std::chrono::seconds(10);  // for one answer
};

// The program runs from start() on until the verifier is gone, and is then killed.
class ProgramVerifier final : public Verifier {
 public:
  // Fails with NotFound where the program cannot be started.
  static Result<std::shared_ptr<const Verifier>> start(std::string name, ProgramOptions options);

  ~ProgramVerifier() override;
  ProgramVerifier(const ProgramVerifier&) = delete;
  ProgramVerifier& operator=(const ProgramVerifier&) = delete;

  std::string_view name() const override { return name_; }

  // Throws std::runtime_error where the program has ended, says something else, or says nothing
  // before the deadline. One answer at a time: other threads wait.
  bool accepts(const Problem& problem, std::string_view answer) const override;

 private:
  ProgramVerifier(std::string name, ProgramOptions options, pid_t process, int channel)
      : name_(std::move(name)),
        options_(std::move(options)),
        process_(process),
        channel_(channel) {}

  void write_line(std::string_view line) const;
  std::string read_line() const;

  const std::string name_;
  const ProgramOptions options_;
  const pid_t process_;
  const int channel_;         // a socket: the program's input and output
  mutable std::mutex mutex_;  // guards the talk with the program
};

}  // namespace melete::train
