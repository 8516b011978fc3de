// What one arm made of one item: a line of a result file.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace melete::eval {

// One chain of thought, of an agent or of a client's sample.
struct Chain {
  std::string text;    // the answer, without its reasoning; empty where it was ended before
  std::string answer;  // short form; empty where none was found
  std::string ended;   // why, e.g. "stop", "length", "decided"
  int64_t tokens = 0;
  double seconds = 0;  // from the request to its end; 0: unknown
  bool right = false;
  std::optional<double> certainty{};  // as in chat::AgentReport
};

// The setup of trials in files of earlier versions: any arm's of their name.
inline constexpr std::string_view kAnySetup = "?";

struct Trial {
  std::string set;  // the items' file, without its folder and ending
  std::string item;
  std::string arm;
  std::string setup{};  // the arm's
  std::string machine;
  uint32_t seed = 0;
  std::string text;  // the final answer
  bool right = false;
  double seconds = 0;           // from the request to the last word
  double first_seconds = 0;     // to the first word of the answer or the reasoning
  int64_t tokens = 0;           // written by all chains and calls
  int64_t accepted_tokens = 0;  // of the longest chain that counted, and of a merge after it
  int64_t prompt_tokens = 0;
  int64_t peak_cells = 0;     // most KV cells that the server had in use meanwhile; 0: unknown
  std::string decided;        // how, e.g. "4 of 5 agree"; empty for a single chain
  std::vector<Chain> chains;  // empty for a single chain
  std::string error;          // the whole trial failed
};

// One line of JSON, without its end.
std::string write_trial(const Trial& trial);

// InvalidArgument for a line that is no trial.
Result<Trial> read_trial(const std::string& line);

// All trials of a file; none where there is no file. A last line that was cut off, as by a program
// that was killed, is left out. InvalidArgument with the number of another line that is no trial.
Result<std::vector<Trial>> read_trials(const std::string& path);

}  // namespace melete::eval
