// What one more call writes in a contemplation: the merge of answers that differ, or one thinking
// answer where no agent gave any.

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "base/text.h"
#include "modes/contemplation.h"
#include "modes/merge.h"

namespace melete::modes {

namespace {

using chat::Event;

}  // namespace

void Contemplation::start_writing() {
  phase_ = Phase::Write;
  chat::Request request = with_time_left(plan_.turn);
  if (verdict_.kind == Verdict::Kind::Merge) {
    std::vector<std::string> candidates;
    for (const int index : distinct_finals(standing_)) {
      candidates.push_back(standing_.finals[static_cast<size_t>(index)].text);
    }
    request = merge_request(std::move(request), std::move(candidates), plan_.seed);
    request.limits.reasoning_tokens =
        std::min(options_.merge_reasoning,
                 request.limits.reasoning_tokens.value_or(options_.merge_reasoning));
    if (!keeps_majority()) tell_decision("merge", verdict_);
  } else {
    tell_decision("thinking", {.why = "no agent gave an answer: one more answers alone"});
  }
  writer_ = open(Work::Merge, std::move(request));
  last_event_ = options_.timer->now();
  if (stop_asked_) (void)streams_.control(chat::Stop{});  // it came while no stream was open
}

void Contemplation::hear_writer(Event event) {
  if (const auto* finished = std::get_if<chat::Finished>(&event.payload)) {
    return end_writing(*finished);
  }
  if (const auto* failed = std::get_if<chat::Failed>(&event.payload)) {
    return give_up_writing(failed->error);
  }
  if (std::holds_alternative<chat::Started>(event.payload) ||
      std::holds_alternative<chat::Usage>(event.payload)) {
    return;
  }
  if (const auto* text = std::get_if<chat::TextDelta>(&event.payload)) written_ += text->text;
  (keeps_majority() ? held_ : waiting_).push_back(std::move(event));
}

// The majority is strong enough to stand against a merge.
bool Contemplation::keeps_majority() const {
  return verdict_.kind == Verdict::Kind::Merge && !is_free_text(standing_) &&
         majority_stands(standing_.ballot, std::nullopt);
}

void Contemplation::end_writing(const chat::Finished& finished) {
  const bool merged = verdict_.kind == Verdict::Kind::Merge;
  if (merged && is_blank(written_)) {
    take_member(leader_verdict(standing_, "the merge was empty"));
    return start_draining(finished_);
  }
  if (keeps_majority()) {
    if (majority_stands(standing_.ballot, extract_answer(written_, plan_.kind))) {
      take_member(leader_verdict(standing_, "a clear majority stands against the merge"));
      return start_draining(finished_);
    }
    tell_decision("merge", verdict_);
    std::ranges::move(held_, std::back_inserter(waiting_));
  }
  start_draining(finished);
}

void Contemplation::give_up_writing(const Error& error) {
  if (verdict_.kind != Verdict::Kind::Merge || (!is_blank(written_) && !keeps_majority())) {
    return fail_with(error);
  }
  take_member(leader_verdict(standing_, "the merge failed: " + error.message));
  start_draining(finished_);
}

}  // namespace melete::modes
