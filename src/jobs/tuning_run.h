// One run of `melete-train` for a job: the files that it is given, and what it tells in its own.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "jobs/tuning_job.h"

namespace melete::jobs {

// What is in a job's folder.
struct TuningFolder {
  std::filesystem::path path;

  std::filesystem::path job() const { return path / "job.json"; }
  std::filesystem::path data() const { return path / "data.jsonl"; }
  std::filesystem::path config() const { return path / "config.toml"; }
  std::filesystem::path output() const { return path / "output.txt"; }  // of the program
  std::filesystem::path log() const { return path / "run" / "log.jsonl"; }
  std::filesystem::path adapter() const { return path / "run" / "adapter.gguf"; }
};

// The sizes of a run that follow from its data.
struct TuningSizes {
  int64_t examples = 0;
  int64_t length = 0;  // tokens of a row, or of an answer
  int64_t steps = 0;
};

// Checks each line of a training file and measures it: for the method Supervised a conversation
// ("messages") or a "text", for Reinforcement one with "question" and "answer", or a conversation.
// InvalidArgument names the first line that is none. Tokens are estimated from bytes. O(bytes).
Result<TuningSizes> measure_data(std::string_view data, const TuningWish& wish);

// The settings of `melete-train`, as docs/training.md has them, for the model in `model`.
std::string config_of(const TuningJob& job, const TuningSizes& sizes,
                      const std::filesystem::path& model);

// The words of the program's command: "tune" or "reinforce".
std::string_view command_of(TuningMethod method);

// The steps that a run has told so far, oldest first: objects with `step` and figures. Empty before
// the first. O(bytes of the log).
std::vector<Json> told_steps(const TuningFolder& folder);

// The last sentence of what the program printed, without its own name.
std::string last_words(const TuningFolder& folder);

}  // namespace melete::jobs
