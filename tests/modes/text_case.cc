#include "modes/text_case.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>
#include <utility>

namespace melete::modes {

namespace {

using std::chrono::milliseconds;

// "ab" for "ab", "ababab" for "ab*3".
std::string repeated(const std::string& text) {
  const size_t star = text.rfind('*');
  if (star == std::string::npos || star + 1 == text.size()) return text;
  if (text.find_first_not_of("0123456789", star + 1) != std::string::npos) return text;
  std::string all;
  for (int i = std::stoi(text.substr(star + 1)); i > 0; --i) all += text.substr(0, star);
  return all;
}

// Splits at spaces; a quoted text is one word.
Words words_of(const std::string& line) {
  Words words;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ' ') continue;
    std::string word;
    if (line[i] == '"') {
      for (++i; i < line.size() && line[i] != '"'; ++i) {
        const bool line_break = line[i] == '\\' && i + 1 < line.size() && line[i + 1] == 'n';
        word += line_break ? '\n' : line[i];
        if (line_break) ++i;
      }
      word = repeated(word);
    } else {
      for (; i < line.size() && line[i] != ' '; ++i) word += line[i];
    }
    words.push_back(std::move(word));
  }
  return words;
}

// Reads words one after the other.
class Reader {
 public:
  explicit Reader(Words words) : words_(std::move(words)) {}

  bool done() const { return at_ == words_.size(); }
  std::string word() {
    if (done()) throw std::runtime_error("the line ends too early");
    return words_[at_++];
  }
  int number() { return std::stoi(word()); }
  double real() { return std::stod(word()); }

 private:
  Words words_;
  size_t at_ = 0;
};

chat::FinishReason reason_from(const std::string& name) {
  for (const auto reason : {chat::FinishReason::Stop, chat::FinishReason::Length,
                            chat::FinishReason::Stopped, chat::FinishReason::Deadline}) {
    if (name_of(reason) == name) return reason;
  }
  throw std::runtime_error("unknown reason " + name);
}

void read_backend(Reader words, chat::BackendInfo& info) {
  info.can_prefill = info.enforces_reasoning_budget = false;
  while (!words.done()) {
    const std::string word = words.word();
    if (word == "prefill") {
      info.can_prefill = true;
    } else if (word == "budget") {
      info.enforces_reasoning_budget = true;
    } else if (word == "native") {
      info.native_reasoning = true;
    } else if (word == "context") {
      info.context_tokens = words.number();
    } else if (word == "single") {
      info.branches = false;
    } else if (word == "cost") {
      const int sequences = words.number();
      info.step_costs[sequences] = words.real();
    } else if (word != "none") {
      throw std::runtime_error("unknown ability " + word);
    }
  }
}

void read_options(Reader words, ModeOptions& options) {
  while (!words.done()) {
    const std::string word = words.word();
    if (word == "time_budget") {
      options.time_budget = words.real();
    } else if (word == "enough_agents") {
      options.enough_agents = words.number();
    } else if (word == "latency_ratio") {
      options.latency_ratio = words.real();
    } else {
      throw std::runtime_error("unknown option " + word);
    }
  }
}

void read_request(Reader words, chat::Request& request) {
  while (!words.done()) {
    const std::string word = words.word();
    if (word == "mode") {
      request.mode = chat::mode_from(words.word()).value();
    } else if (word == "effort") {
      request.effort = chat::effort_from(words.word());
      if (!request.effort) throw std::invalid_argument("an effort that is not known");
    } else if (word == "agents") {
      request.agents = words.number();
    } else if (word == "most_agents") {
      request.limits.agents = words.number();
    } else if (word == "n") {
      request.branches.resize(static_cast<size_t>(words.number()));
    } else if (word == "strategy") {
      request.strategy = words.word();
    } else if (word == "question") {
      request.messages = {chat::text_message(chat::Role::User, words.word())};
    } else if (word == "system") {
      request.messages.insert(request.messages.begin(),
                              chat::text_message(chat::Role::System, words.word()));
    } else if (word == "reasoning_tokens") {
      request.limits.reasoning_tokens = words.number();
    } else if (word == "prefill") {
      request.prefill = words.word();
    } else if (word == "fold") {
      request.fold_tokens = words.number();
    } else if (word == "answer_tokens") {
      request.limits.answer_tokens = words.number();
    } else if (word == "deadline") {
      request.limits.deadline = milliseconds(words.number());
    } else if (word == "temperature") {
      request.sampling.temperature = words.real();
    } else if (word == "logprobs") {
      request.sampling.top_logprobs = 0;
    } else if (word == "hint") {
      request.hints.push_back(words.word());
    } else if (word == "ask") {
      request.models.push_back(words.word());
    } else if (word == "pattern") {
      request.verifier = chat::MatchesPattern{words.word()};
    } else if (word == "value") {
      request.verifier = chat::EqualsValue{.value = words.word()};
    } else if (word == "tool") {
      request.tools.push_back({.name = words.word()});
    } else {
      throw std::runtime_error("unknown field " + word);
    }
  }
}

chat::FakeAnswer read_answer(Reader& words) {
  chat::FakeAnswer answer;
  while (!words.done()) {
    const std::string word = words.word();
    if (word == "think") {
      answer.reasoning = words.word();
    } else if (word == "say") {
      answer.text = words.word();
    } else if (word == "speed") {
      answer.tokens_per_second = words.number();
    } else if (word == "start") {
      answer.first_token = milliseconds(words.number());
    } else if (word == "admit") {
      answer.admitted = milliseconds(words.number());
    } else if (word == "logprob") {
      answer.logprob = words.real();
    } else if (word == "end") {
      answer.reason = reason_from(words.word());
    } else if (word == "hang") {
      answer.hangs = true;
    } else if (word == "fail") {
      answer.error = Error{ErrorCode::Unavailable, words.word(), ""};
    } else {
      throw std::runtime_error("unknown word " + word);
    }
  }
  return answer;
}

// "3:" or "1-4:" and what these choices answer.
void read_choices(Reader words, std::vector<chat::FakeAnswer>& choices) {
  const std::string range = words.word();
  const size_t dash = range.find('-');
  const int first = std::stoi(range);
  const int last = dash == std::string::npos ? first : std::stoi(range.substr(dash + 1));
  const chat::FakeAnswer answer = read_answer(words);
  if (choices.size() < static_cast<size_t>(last)) choices.resize(static_cast<size_t>(last));
  for (int i = first; i <= last; ++i) choices[static_cast<size_t>(i - 1)] = answer;
}

TimedControl read_control(Reader words) {
  if (words.word() != "at") throw std::runtime_error("a control begins with `at`");
  TimedControl timed{.at = milliseconds(words.number())};
  const std::string what = words.word();
  if (what == "stop") {
    chat::Stop stop;
    if (!words.done()) stop.choice = words.number();
    timed.control = stop;
  } else if (what == "answer_now") {
    timed.control = chat::AnswerNow{};
  } else if (what == "budget") {
    timed.control = chat::SetBudget{.reasoning_tokens = words.number()};
  } else if (what != "drop") {
    throw std::runtime_error("unknown control " + what);
  }
  return timed;
}

TextCase new_case(std::string name) {
  TextCase text_case{.name = std::move(name)};
  text_case.info = {.can_prefill = true, .enforces_reasoning_budget = true};
  text_case.request.sampling.seed = 1;
  text_case.request.messages = {chat::text_message(chat::Role::User, "Tell me something.")};
  return text_case;
}

void read_line(const std::string& line, std::vector<TextCase>& cases) {
  if (line.starts_with("name: ")) {
    cases.push_back(new_case(line.substr(6)));
    return;
  }
  if (cases.empty()) throw std::runtime_error("a case begins with `name:`");
  TextCase& text_case = cases.back();
  Words words = words_of(line);
  const std::string head = words.front();
  if (std::isdigit(static_cast<unsigned char>(head.front())) != 0) {
    if (text_case.calls.empty()) text_case.calls.emplace_back();
    return read_choices(Reader(std::move(words)), text_case.calls.back());
  }
  words.erase(words.begin());
  if (head == "call") {
    text_case.calls.emplace_back();
  } else if (head == "backend:") {
    read_backend(Reader(std::move(words)), text_case.info);
  } else if (head == "options:") {
    read_options(Reader(std::move(words)), text_case.options);
  } else if (head == "request:") {
    read_request(Reader(std::move(words)), text_case.request);
  } else if (head == "control:") {
    text_case.controls.push_back(read_control(Reader(std::move(words))));
  } else if (head == "expect:") {
    text_case.expects.push_back(std::move(words));
  } else {
    throw std::runtime_error("unknown line");
  }
}

}  // namespace

std::vector<TextCase> read_cases(const std::filesystem::path& file) {
  std::vector<TextCase> cases;
  std::ifstream input(file);
  std::string line;
  for (int number = 1; std::getline(input, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    try {
      read_line(line, cases);
    } catch (const std::exception& error) {
      throw std::runtime_error(
          fmt::format("{}:{}: {}: {}", file.string(), number, error.what(), line));
    }
  }
  return cases;
}

}  // namespace melete::modes
