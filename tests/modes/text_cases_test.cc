// Runs every case in tests/modes/cases/*.test against the fake backend under a virtual clock.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <set>

#include "modes/mode_backend.h"
#include "modes/text_case.h"

namespace melete::modes {

void PrintTo(const TextCase& text_case, std::ostream* out) {
  *out << text_case.name;
}

namespace {

using namespace boost::asio::experimental::awaitable_operators;
using chat::Event;
using std::chrono::milliseconds;

struct Outcome {
  chat::Completion completion;
  std::vector<Event> events;
  std::vector<chat::Request> requests;
  std::vector<chat::Request> aheads;
  std::vector<chat::Control> controls;
  int64_t elapsed_ms = 0;
  std::optional<int64_t> first_text_ms;  // of the answer
  bool dropped = false;
  bool hung = false;
};

chat::awaitable<void> send_controls(const TextCase& text_case, chat::Stream& stream,
                                    chat::VirtualClock& clock) {
  for (const TimedControl& timed : text_case.controls) {
    co_await clock.sleep_until(Instant{} + timed.at);
    if (!timed.control) co_return;
    (void)stream.control(*timed.control);  // Conflict when the answer has ended before
  }
  co_await clock.wait(chat::VirtualClock::kNever, nullptr);
}

int64_t now_ms(const chat::VirtualClock& clock) {
  return std::chrono::duration_cast<milliseconds>(clock.now() - Instant{}).count();
}

chat::awaitable<void> read_all(chat::Stream& stream, chat::VirtualClock& clock, Outcome& outcome) {
  while (std::optional<Event> event = co_await stream.next()) {
    const bool text = std::holds_alternative<chat::TextDelta>(event->payload);
    if (text && !outcome.first_text_ms) outcome.first_text_ms = now_ms(clock);
    chat::add_event(outcome.completion, *event);
    outcome.events.push_back(std::move(*event));
  }
  outcome.elapsed_ms = now_ms(clock);
}

chat::awaitable<void> act(const TextCase& text_case, chat::Stream& stream,
                          chat::VirtualClock& clock, Outcome& outcome) {
  const auto first =
      co_await (read_all(stream, clock, outcome) || send_controls(text_case, stream, clock));
  outcome.dropped = first.index() == 1;
}

Outcome run(const TextCase& text_case) {
  chat::VirtualClock clock;
  std::vector<chat::FakeScript> scripts;
  for (const auto& call : text_case.calls) scripts.push_back(chat::answers_each(call));
  chat::FakeBackend backend({.info = text_case.info, .clock = &clock}, chat::in_turn(scripts));
  ModeOptions options = text_case.options;
  options.timer = &clock;
  ModeBackend modes(backend, options);
  Outcome outcome;
  {
    const auto stream = modes.start(text_case.request);
    outcome.hung = !clock.run(act(text_case, *stream, clock, outcome));
  }
  EXPECT_EQ(backend.live_streams(), 0) << "a stream below outlived the answer";
  if (outcome.completion.choices.empty()) outcome.completion.choices.resize(1);
  outcome.requests = backend.requests();
  outcome.aheads = backend.read_aheads();
  outcome.controls = backend.controls();
  return outcome;
}

template <typename T>
std::vector<std::pair<std::string, T>> events_of(const Outcome& outcome) {
  std::vector<std::pair<std::string, T>> found;
  for (const Event& event : outcome.events) {
    if (const auto* payload = std::get_if<T>(&event.payload))
      found.push_back({event.agent, *payload});
  }
  return found;
}

// What must hold of every stream, whatever the case.
void check_contract(const Outcome& outcome) {
  ASSERT_FALSE(outcome.hung) << "the stream waits for ever";
  if (outcome.dropped) return;
  ASSERT_FALSE(outcome.events.empty());
  const auto& events = outcome.events;
  if (outcome.completion.error) {
    EXPECT_TRUE(std::holds_alternative<chat::Failed>(events.back().payload));
    return;
  }
  ASSERT_GE(events.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<chat::Finished>(events.back().payload));
  EXPECT_TRUE(std::holds_alternative<chat::Usage>(events[events.size() - 2].payload));
  EXPECT_EQ(events_of<chat::Usage>(outcome).size(), 1u);
  EXPECT_EQ(events_of<chat::Finished>(outcome).size(), outcome.completion.choices.size());
}

std::string ended_why(const Outcome& outcome, const std::string& agent) {
  for (const auto& [name, progress] : events_of<chat::AgentProgress>(outcome)) {
    if (name == agent && progress.state == chat::AgentProgress::State::Ended)
      return progress.detail;
  }
  return "(it never ended)";
}

std::string answered(const Outcome& outcome, const std::string& agent) {
  for (const auto& [name, progress] : events_of<chat::AgentProgress>(outcome)) {
    if (name == agent && progress.state == chat::AgentProgress::State::Answered) {
      return progress.detail;
    }
  }
  return "(no answer)";
}

std::string all_text(const chat::Request& request) {
  std::string text;
  for (const chat::Message& message : request.messages) text += chat::text_of(message) + "\n";
  for (const chat::Branch& branch : request.branches) {
    for (const chat::Message& message : branch.suffix) text += chat::text_of(message) + "\n";
  }
  return text;
}

void check_request(const chat::Request& request, const std::string& what,
                   const std::string& value) {
  if (what == "contains") {
    EXPECT_THAT(all_text(request), testing::HasSubstr(value));
  } else if (what == "lacks") {
    EXPECT_THAT(all_text(request), testing::Not(testing::HasSubstr(value)));
  } else if (what == "prefill") {
    EXPECT_EQ(request.prefill, value);
  } else if (what == "budget") {
    EXPECT_EQ(request.limits.reasoning_tokens, std::stoi(value));
  } else if (what == "branches") {
    EXPECT_EQ(static_cast<int>(request.branches.size()), std::stoi(value));
  } else if (what == "seeds") {
    std::set<uint32_t> seeds;
    for (const chat::Branch& branch : request.branches) seeds.insert(branch.sampling->seed.value());
    EXPECT_EQ(static_cast<int>(seeds.size()), std::stoi(value));
  } else if (what == "first_seed") {
    EXPECT_EQ(request.branches.at(0).sampling->seed.value(), std::stoul(value));
  } else if (what == "hint") {
    std::string hints;
    for (const chat::Branch& branch : request.branches) {
      hints += chat::text_of(branch.suffix.at(1)) + ";";
    }
    EXPECT_EQ(hints, value);
  } else if (what == "model") {
    EXPECT_EQ(request.model, value);
  } else if (what == "logprobs") {
    EXPECT_EQ(request.branches.at(0).sampling->top_logprobs, std::stoi(value));
  } else if (what == "temperature") {
    EXPECT_DOUBLE_EQ(request.branches.at(0).sampling->temperature.value(), std::stod(value));
  } else {
    FAIL() << "unknown expectation of a request: " << what;
  }
}

// Each of these takes the `expect:` lines of one kind and says whether it knows the line.

int64_t number(const Words& words, size_t index) {
  return std::stoll(words.at(index));
}

// Numbered from 1, as the cases do.
template <typename T>
const T& numbered(const std::vector<T>& all, const Words& words) {
  return all.at(static_cast<size_t>(number(words, 1) - 1));
}

// answer|reasoning TEXT, of the answer; choice N TEXT; contains TEXT; finish REASON
bool check_answer(const Words& words, const Outcome& outcome) {
  const std::string& what = words.at(0);
  const chat::Choice& answer = outcome.completion.choices.at(0);
  if (what == "answer") {
    EXPECT_EQ(answer.text, words.at(1));
  } else if (what == "reasoning") {
    EXPECT_EQ(answer.reasoning, words.at(1));
  } else if (what == "choice") {
    EXPECT_EQ(numbered(outcome.completion.choices, words).text, words.at(2));
  } else if (what == "contains") {
    EXPECT_THAT(answer.text, testing::HasSubstr(words.at(1)));
  } else if (what == "finish") {
    EXPECT_EQ(name_of(answer.finish_reason), words.at(1));
  } else {
    return false;
  }
  return true;
}

// votes CAST agents; leader VOTES; decision I STRATEGY [WHY]; decisions N
bool check_vote(const Words& words, const Outcome& outcome) {
  const std::string& what = words.at(0);
  const auto decisions = events_of<chat::Decision>(outcome);
  if (what == "votes") {
    EXPECT_EQ(std::ssize(events_of<chat::Vote>(outcome)), number(words, 1));
  } else if (what == "leader") {
    EXPECT_EQ(decisions.empty() ? -1 : decisions.back().second.votes, number(words, 1));
  } else if (what == "decisions") {
    EXPECT_EQ(std::ssize(decisions), number(words, 1));
  } else if (what == "decision") {
    const chat::Decision& decision = numbered(decisions, words).second;
    EXPECT_EQ(decision.strategy, words.at(2));
    EXPECT_THAT(decision.why, testing::HasSubstr(words.size() > 3 ? words.at(3) : ""));
  } else {
    return false;
  }
  return true;
}

// ended AGENT WHY; answered AGENT ANSWER; calls N, aheads N; call N and ahead N followed by what
// check_request() knows
bool check_agents(const Words& words, const Outcome& outcome) {
  const std::string& what = words.at(0);
  if (what == "ended") {
    EXPECT_EQ(ended_why(outcome, words.at(1)), words.at(2));
  } else if (what == "answered") {
    EXPECT_EQ(answered(outcome, words.at(1)), words.at(2));
  } else if (what == "calls") {
    EXPECT_EQ(std::ssize(outcome.requests), number(words, 1));
  } else if (what == "aheads") {
    EXPECT_EQ(std::ssize(outcome.aheads), number(words, 1));
  } else if (what == "ahead") {
    check_request(numbered(outcome.aheads, words), words.at(2), words.at(3));
  } else if (what == "call") {
    check_request(numbered(outcome.requests, words), words.at(2), words.at(3));
  } else {
    return false;
  }
  return true;
}

// text_by MS: when the answer began; logprobs N: of the answer; stop WHY, asked N, ran N,
// tokens PROPOSE REFINE MERGE, ratio LEAST MOST: of the report
bool check_report(const Words& words, const Outcome& outcome) {
  const std::string& what = words.at(0);
  const chat::Report report = outcome.completion.report.value_or(chat::Report{});
  if (what == "text_by") {
    EXPECT_TRUE(outcome.first_text_ms);
    EXPECT_LE(outcome.first_text_ms.value_or(0), number(words, 1));
  } else if (what == "logprobs") {
    EXPECT_EQ(std::ssize(outcome.completion.choices.at(0).logprobs), number(words, 1));
  } else if (what == "stop") {
    EXPECT_EQ(report.stop, words.at(1));
  } else if (what == "asked") {
    EXPECT_EQ(report.asked, number(words, 1));
  } else if (what == "ran") {
    EXPECT_EQ(report.ran, number(words, 1));
    EXPECT_EQ(events_of<chat::Decision>(outcome).back().second.agents, number(words, 1));
  } else if (what == "tokens") {
    EXPECT_EQ(report.propose_tokens, number(words, 1));
    EXPECT_EQ(report.refine_tokens, number(words, 2));
    EXPECT_EQ(report.merge_tokens, number(words, 3));
  } else if (what == "ratio") {
    EXPECT_GE(report.seconds / report.chain_seconds, std::stod(words.at(1)));
    EXPECT_LE(report.seconds / report.chain_seconds, std::stod(words.at(2)));
  } else {
    return false;
  }
  return true;
}

// failed CODE [PARAMETER]; by MS, after MS: when the stream was over; dropped;
// usage PROMPT REASONING ANSWER
bool check_end(const Words& words, const Outcome& outcome) {
  const std::string& what = words.at(0);
  if (what == "failed") {
    const Error error = outcome.completion.error.value_or(Error{});
    EXPECT_TRUE(outcome.completion.error);
    EXPECT_EQ(name_of(error.code), words.at(1));
    EXPECT_EQ(error.parameter, words.size() > 2 ? words.at(2) : "");
  } else if (what == "by") {
    EXPECT_LE(outcome.elapsed_ms, number(words, 1));
  } else if (what == "after") {
    EXPECT_GE(outcome.elapsed_ms, number(words, 1));
  } else if (what == "dropped") {
    EXPECT_TRUE(outcome.dropped);
  } else if (what == "usage") {
    EXPECT_EQ(outcome.completion.usage.prompt_tokens, number(words, 1));
    EXPECT_EQ(outcome.completion.usage.reasoning_tokens, number(words, 2));
    EXPECT_EQ(outcome.completion.usage.answer_tokens, number(words, 3));
  } else {
    return false;
  }
  return true;
}

void check(const Words& words, const Outcome& outcome) {
  const bool known = check_answer(words, outcome) || check_vote(words, outcome) ||
                     check_agents(words, outcome) || check_report(words, outcome) ||
                     check_end(words, outcome);
  EXPECT_TRUE(known) << "unknown expectation: " << words.at(0);
}

class ModesAsText : public testing::TestWithParam<TextCase> {};

TEST_P(ModesAsText, Holds) {
  SCOPED_TRACE(GetParam().name);
  const Outcome outcome = run(GetParam());
  check_contract(outcome);
  for (const Words& expectation : GetParam().expects) {
    std::string line;
    for (const std::string& word : expectation) line += word + " ";
    SCOPED_TRACE("expect: " + line);
    check(expectation, outcome);
  }
}

std::vector<TextCase> all_cases() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(MELETE_SOURCE_DIR "/tests/modes/cases")) {
    if (entry.path().extension() == ".test") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<TextCase> cases;
  for (const auto& file : files) {
    std::ranges::move(read_cases(file), std::back_inserter(cases));
  }
  return cases;
}

std::string test_name(const testing::TestParamInfo<TextCase>& info) {
  std::string name;
  for (const char c : info.param.name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      name += c;
    } else if (!name.ends_with('_')) {
      name += '_';
    }
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, ModesAsText, testing::ValuesIn(all_cases()), test_name);

}  // namespace
}  // namespace melete::modes
