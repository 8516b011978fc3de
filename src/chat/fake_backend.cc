#include "chat/fake_backend.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cctype>
#include <limits>
#include <set>
#include <utility>

namespace melete::chat {

namespace asio = boost::asio;

namespace {

constexpr auto kNever = std::chrono::milliseconds::max();
constexpr auto kRealTimeSlice = std::chrono::milliseconds(20);  // controls take effect within this

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  bool in_word = false;
  for (const char character : text) {
    const bool space = std::isspace(static_cast<unsigned char>(character)) != 0;
    if (words.empty() || (space && in_word)) words.emplace_back();
    in_word = !space;
    words.back() += character;
  }
  return words;
}

template <typename T>
bool is(const FakeStep& step) {
  return std::holds_alternative<T>(step.event.payload);
}

bool of_choice(const FakeStep& step, int choice) {
  return step.event.choice == choice;
}

// Removes reasoning of `choice` past `budget` tokens; what follows it comes earlier by the time
// saved.
void trim_reasoning(std::vector<FakeStep>& steps, int choice, int budget,
                    std::chrono::milliseconds since = {}) {
  std::vector<FakeStep> kept;
  std::chrono::milliseconds last = since;
  std::chrono::milliseconds saved{0};
  int used = 0;
  for (FakeStep& step : steps) {
    if (!of_choice(step, choice)) {
      kept.push_back(std::move(step));
      continue;
    }
    if (is<ReasoningDelta>(step)) {
      used += step.event.tokens;
      if (used > budget) {
        saved += step.at - last;
        last = step.at;
        continue;
      }
    }
    last = step.at;
    if (step.at != kNever) step.at -= saved;
    kept.push_back(std::move(step));
  }
  steps = std::move(kept);
}

// Ends the text of `choice` after `limit` tokens with FinishReason::Length.
void trim_answer(std::vector<FakeStep>& steps, int choice, int limit) {
  int used = 0;
  bool ended = false;
  std::vector<FakeStep> kept;
  for (FakeStep& step : steps) {
    if (!of_choice(step, choice)) {
      kept.push_back(std::move(step));
      continue;
    }
    if (ended) continue;
    if (is<TextDelta>(step)) used += step.event.tokens;
    if (is<TextDelta>(step) && used > limit) {
      step.event = Event{.choice = choice, .payload = Finished{FinishReason::Length}};
      ended = true;
    }
    kept.push_back(std::move(step));
  }
  steps = std::move(kept);
}

const Sampling& sampling_of(const Request& request, int choice) {
  const auto index = static_cast<size_t>(choice);
  const bool own = index < request.branches.size() && request.branches[index].sampling;
  return own ? *request.branches[index].sampling : request.sampling;
}

void sort_by_time(std::vector<FakeStep>& steps) {
  std::ranges::stable_sort(steps, {}, &FakeStep::at);
}

}  // namespace

// The steps that have not been told yet, sorted by time.
class FakeStream final : public Stream {
 public:
  FakeStream(FakeBackend& backend, const Request& request);
  ~FakeStream() override;

  awaitable<std::optional<Event>> next() override;
  Result<void> control(Control control) override;

 private:
  std::optional<Event> take_due();
  std::optional<Instant> next_moment() const;
  awaitable<void> wait_until(Instant when);
  Event tell(Event event);
  void stop(int choice);
  void cut_reasoning(int choice, int more_tokens);
  Instant now() const;

  FakeBackend& backend_;
  const Instant start_;
  mutable std::mutex mutex_;
  std::vector<FakeStep> steps_;  // guarded by mutex_
  std::set<int> unfinished_;     // guarded by mutex_; choices
  Usage usage_;                  // guarded by mutex_
  std::map<int, int> reasoned_;  // guarded by mutex_; tokens told by choice
  bool usage_told_ = false;      // guarded by mutex_
  bool ended_ = false;           // guarded by mutex_
};

FakeStream::FakeStream(FakeBackend& backend, const Request& request)
    : backend_(backend), start_(now()), steps_(backend.script_(request)) {
  if (!backend.options_.info.branches && request.branches.size() > 1) {
    const Error error{ErrorCode::Unsupported, "one answer for each request, please", "n"};
    steps_ = {{.event = {.payload = Failed{error}}}};
  }
  sort_by_time(steps_);
  for (int choice = 0; choice < choice_count(request); ++choice) {
    unfinished_.insert(choice);
    if (request.limits.reasoning_tokens && backend.options_.info.enforces_reasoning_budget) {
      trim_reasoning(steps_, choice, *request.limits.reasoning_tokens);
    }
    if (request.limits.answer_tokens) trim_answer(steps_, choice, *request.limits.answer_tokens);
  }
  sort_by_time(steps_);
}

FakeStream::~FakeStream() {
  const std::lock_guard lock(backend_.mutex_);
  --backend_.live_streams_;
}

Instant FakeStream::now() const {
  const VirtualClock* clock = backend_.options_.clock;
  return clock ? clock->now() : system_clock().now();
}

awaitable<std::optional<Event>> FakeStream::next() {
  while (true) {
    if (std::optional<Event> event = take_due()) co_return event;
    const std::optional<Instant> moment = next_moment();
    if (!moment) co_return std::nullopt;
    co_await wait_until(*moment);
  }
}

// The next event whose time has come. AtOnce, every time but `never` has.
std::optional<Event> FakeStream::take_due() {
  const std::lock_guard lock(mutex_);
  if (ended_ || steps_.empty() || steps_.front().at == kNever) return std::nullopt;
  const bool at_once =
      !backend_.options_.clock && backend_.options_.pace == FakeOptions::Pace::AtOnce;
  if (!at_once && now() < start_ + steps_.front().at) return std::nullopt;

  const Event& event = steps_.front().event;
  const bool last =
      std::holds_alternative<Finished>(event.payload) && unfinished_.size() == 1 && !usage_told_;
  if (last) return tell(Event{.payload = usage_});
  Event due = std::move(steps_.front().event);
  steps_.erase(steps_.begin());
  return tell(std::move(due));
}

// When to look again; nothing when the stream is over.
std::optional<Instant> FakeStream::next_moment() const {
  const std::lock_guard lock(mutex_);
  if (ended_ || steps_.empty()) return std::nullopt;
  if (steps_.front().at == kNever) return VirtualClock::kNever;
  return start_ + steps_.front().at;
}

awaitable<void> FakeStream::wait_until(Instant when) {
  if (VirtualClock* clock = backend_.options_.clock) {
    co_await clock->wait(when, this);
    co_return;
  }
  asio::steady_timer timer(co_await asio::this_coro::executor,
                           std::min(when, now() + kRealTimeSlice));
  co_await timer.async_wait(asio::use_awaitable);
}

// Keeps the books about an event that leaves.
Event FakeStream::tell(Event event) {
  if (const auto* started = std::get_if<Started>(&event.payload)) {
    usage_.prompt_tokens = started->prompt_tokens;
    usage_.cached_tokens = started->cached_tokens;
  } else if (std::holds_alternative<ReasoningDelta>(event.payload)) {
    usage_.reasoning_tokens += event.tokens;
    reasoned_[event.choice] += event.tokens;
  } else if (std::holds_alternative<Usage>(event.payload)) {
    usage_told_ = true;
  } else if (std::holds_alternative<Finished>(event.payload)) {
    unfinished_.erase(event.choice);
    ended_ = unfinished_.empty();
  } else if (std::holds_alternative<Failed>(event.payload)) {
    ended_ = true;
  } else {
    usage_.answer_tokens += event.tokens;
  }
  return event;
}

Result<void> FakeStream::control(Control control) {
  {
    const std::lock_guard lock(backend_.mutex_);
    backend_.controls_.push_back(control);
  }
  const std::lock_guard lock(mutex_);
  const auto choices = [this](std::optional<int> choice) {
    return choice ? std::set<int>{*choice} : unfinished_;
  };
  const auto apply = [&](std::optional<int> choice, auto action) -> Result<void> {
    for (const int each : choices(choice)) {
      if (!unfinished_.contains(each)) return fail(ErrorCode::Conflict, "this choice has ended");
      action(each);
    }
    return {};
  };

  Result<void> result;
  const bool about_reasoning =
      std::holds_alternative<AnswerNow>(control) || std::holds_alternative<SetBudget>(control);
  if (about_reasoning && !backend_.options_.info.enforces_reasoning_budget) {
    result = fail(ErrorCode::Unsupported, "this model's reasoning cannot be cut");
  } else if (const auto* command = std::get_if<Stop>(&control)) {
    result = apply(command->choice, [this](int choice) { stop(choice); });
  } else if (const auto* command = std::get_if<AnswerNow>(&control)) {
    result = apply(command->choice, [this](int choice) { cut_reasoning(choice, 0); });
  } else if (const auto* command = std::get_if<SetBudget>(&control)) {
    result = apply(command->choice, [this, command](int choice) {
      cut_reasoning(choice, std::max(0, command->reasoning_tokens - reasoned_[choice]));
    });
  } else {
    result = fail(ErrorCode::Unsupported, "the fake backend waits for no approval");
  }
  if (backend_.options_.clock) backend_.options_.clock->wake(this);
  return result;
}

void FakeStream::stop(int choice) {
  std::erase_if(steps_, [choice](const FakeStep& step) { return of_choice(step, choice); });
  const auto since = std::chrono::ceil<std::chrono::milliseconds>(now() - start_);
  const Event event{.choice = choice, .payload = Finished{FinishReason::Stopped}};
  steps_.insert(steps_.begin(), {std::min(since, kNever - kRealTimeSlice), event});
  sort_by_time(steps_);
}

void FakeStream::cut_reasoning(int choice, int more_tokens) {
  const auto since = std::chrono::ceil<std::chrono::milliseconds>(now() - start_);
  trim_reasoning(steps_, choice, more_tokens, since);
  sort_by_time(steps_);
}

std::vector<FakeStep> steps_of(const FakeAnswer& answer, int choice) {
  std::vector<FakeStep> steps;
  steps.push_back({answer.admitted, {.choice = choice, .payload = Started{.prompt_tokens = 10}}});
  double at = static_cast<double>((answer.admitted + answer.first_token).count());
  const double gap = 1000.0 / answer.tokens_per_second;
  const auto add = [&](Payload payload, int tokens) {
    const auto moment = std::chrono::milliseconds(static_cast<int64_t>(at));
    steps.push_back({moment, {.choice = choice, .tokens = tokens, .payload = std::move(payload)}});
  };
  for (const std::string& word : words_of(answer.reasoning)) {
    add(ReasoningDelta{word}, 1);
    at += gap;
  }
  for (const std::string& word : words_of(answer.text)) {
    TextDelta text{word, {}};
    if (answer.logprob) text.logprobs.push_back({word, *answer.logprob, {}});
    add(std::move(text), 1);
    at += gap;
  }
  if (answer.error) {
    add(Failed{*answer.error}, 0);
  } else {
    add(Finished{answer.reason}, 0);
  }
  if (answer.hangs) steps.back().at = kNever;
  return steps;
}

FakeScript answers_each(std::vector<FakeAnswer> by_choice) {
  return [by_choice = std::move(by_choice)](const Request& request) {
    std::vector<FakeStep> all;
    for (int choice = 0; choice < choice_count(request); ++choice) {
      const auto index = static_cast<size_t>(choice) % by_choice.size();
      FakeAnswer answer = by_choice[index];
      if (!sampling_of(request, choice).top_logprobs) answer.logprob.reset();
      std::ranges::move(steps_of(answer, choice), std::back_inserter(all));
    }
    return all;
  };
}

FakeScript answers(std::string text) {
  return answers_with(FakeAnswer{.text = std::move(text)});
}

FakeScript answers_with(FakeAnswer answer) {
  return answers_each({std::move(answer)});
}

FakeScript in_turn(std::vector<FakeScript> scripts) {
  auto next = std::make_shared<std::atomic<size_t>>(0);
  return [scripts = std::move(scripts), next](const Request& request) {
    return scripts[std::min((*next)++, scripts.size() - 1)](request);
  };
}

FakeBackend::FakeBackend(FakeOptions options, FakeScript script)
    : options_(std::move(options)), script_(std::move(script)) {}

Result<BackendInfo> FakeBackend::info(const std::string& model) const {
  if (!options_.info.model.empty() && model != options_.info.model) {
    return fail(ErrorCode::NotFound,
                "there is no model \"" + model + "\"; ask for \"" + options_.info.model + "\"",
                "model");
  }
  return options_.info;
}

Result<int64_t> FakeBackend::count(const Request& request) const {
  int64_t words = 0;
  for (const Message& message : request.messages) {
    words += static_cast<int64_t>(words_of(text_of(message)).size());
  }
  return words;
}

std::unique_ptr<Stream> FakeBackend::start(Request request) {
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    ++live_streams_;
  }
  return std::make_unique<FakeStream>(*this, request);
}

void FakeBackend::read_ahead(const Request& request) {
  const std::lock_guard lock(mutex_);
  aheads_.push_back(request);
}

std::vector<Request> FakeBackend::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<Request> FakeBackend::read_aheads() const {
  const std::lock_guard lock(mutex_);
  return aheads_;
}

std::vector<Control> FakeBackend::controls() const {
  const std::lock_guard lock(mutex_);
  return controls_;
}

int FakeBackend::live_streams() const {
  const std::lock_guard lock(mutex_);
  return live_streams_;
}

}  // namespace melete::chat
