// What a person asks on the command line, and the request that it becomes.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "chat/request.h"

namespace CLI {
class App;
}

namespace melete::cli {

// How an answer is to be made; shared by `ask` and `chat`.
struct AnswerOptions {
  // Empty: what the model's name says, else contemplating where something is said of agents, else
  // thinking with an effort or where reasoning is folded, else instant.
  std::string mode;
  std::string effort;               // empty: the mode's own
  std::string strategy;             // empty: the mode's own
  int agents = 0;                   // 0: as many as are worth it ("auto")
  std::vector<std::string> hints;   // dealt to the agents in turn
  std::vector<std::string> models;  // the agents are spread over them; empty: all ask one
  std::string pattern;              // an answer must match it; empty: no such check
  std::string equals;               // an answer must say the same; empty: no such check
  std::string compression;          // empty: off
  int fold_tokens = 0;              // reasoning is condensed so often; 0: never
  std::optional<int> max_tokens;    // reasoning and answer together
  std::optional<double> temperature;
  std::optional<uint32_t> seed;
};

void declare_answer_options(CLI::App& app, AnswerOptions& options);

// Whether something is said of contemplating's agents: their number, what they do or must pass.
bool asks_for_agents(const AnswerOptions& options);

// "qwen:thinking" as "qwen" and Thinking; another name has no mode.
struct ModelWish {
  std::string name;
  std::optional<chat::Mode> mode;
};
ModelWish split_model(const std::string& model);

// A request without messages, for `model`, whose name may end in a mode ("qwen:thinking").
// InvalidArgument where an option is out of range or two contradict each other.
Result<chat::Request> make_request(const AnswerOptions& options, const std::string& model);

// One question and what comes with it.
struct Question {
  std::string text;                 // as typed; may be empty when something is piped in
  std::string piped;                // what came on standard input
  std::vector<std::string> images;  // paths
  std::vector<std::string> sounds;  // paths
  std::vector<std::string> files;   // paths of text files
};

// The user's message: pictures and sound, then files and the piped text as context, then the
// question. Piped text without a question is the question. Fails with InvalidArgument (nothing
// asked, a file that is no text), NotFound and TooLarge (a file over 64 MiB).
Result<chat::Message> make_message(const Question& question);

}  // namespace melete::cli
