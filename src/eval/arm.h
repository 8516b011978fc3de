// One way of answering that is measured: who answers, in which mode, and how many answers a client
// votes on.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "chat/request.h"

namespace melete::eval {

// How a client that votes for itself asks for its samples.
enum class Sampling {
  Choices,   // one request for all of them
  Parallel,  // a request for each, at once
  Serial,    // a request for each, one after the other
};

struct Arm {
  std::string name;
  std::string server;  // by name; who is meant by it is said when the program is started
  int samples = 1;     // above 1: the client votes, and ties go to the first answer
  Sampling sampling = Sampling::Choices;
  std::string instruction;         // follows each question
  std::optional<chat::Mode> mode;  // as asked for; what it resolves to is request.mode
  chat::Request request;           // everything but the question; no model: the server's first one
  // A digest of what the answers depend on; trials of another one are not this arm's.
  std::string setup;
};

// Reads a TOML file, leaving request.mode and how `max_tokens` is divided to who settles them:
//   instruction = "..."  max_tokens = 1024  temperature = 0.7  top_p = 0.95  top_k = 40  min_p =
//   0.05
//   [[arm]]
//   name = "one chain"  server = "melete"  model = "qwen"  mode = "thinking"  effort = "high"
//   agents = 8  strategy = "vote"  samples = 8  sampling = "choices"
// What stands before the arms holds for all of them; an arm may say each of it for itself.
// NotFound; InvalidArgument with the arm and the field.
Result<std::vector<Arm>> read_arms(const std::string& path);

}  // namespace melete::eval
