#include "engine/reasoning_splitter.h"

#include <algorithm>
#include <utility>

#include "engine/stop_finder.h"

namespace melete::engine {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

void trim_front(std::string& text) {
  text.erase(0, std::min(text.find_first_not_of(kSpace), text.size()));
}

size_t length_without_trailing_space(std::string_view text) {
  const size_t last = text.find_last_not_of(kSpace);
  return last == std::string_view::npos ? 0 : last + 1;
}

void add(std::vector<Segment>& segments, Segment::Kind kind, std::string text) {
  if (!text.empty()) segments.push_back({kind, std::move(text)});
}

}  // namespace

ReasoningSplitter::ReasoningSplitter(const AnswerFormat& format)
    : open_(format.open_reasoning),
      close_(format.close_reasoning),
      recurs_(format.reasoning_recurs) {
  if (open_.empty()) place_ = Place::After;
  if (format.begins_in_reasoning) {
    place_ = Place::Inside;
    trims_ = !format.continues_reasoning;
  }
}

std::vector<Segment> ReasoningSplitter::feed(std::string_view text) {
  waiting_.append(text);
  std::vector<Segment> segments;
  while (advance(segments)) {
  }
  return segments;
}

std::vector<Segment> ReasoningSplitter::finish() {
  std::vector<Segment> segments;
  add(segments, inside() ? Segment::Kind::Reasoning : Segment::Kind::Answer,
      std::exchange(waiting_, {}));
  return segments;
}

// Reads as far as the place allows; true when the place has changed and there may be more to read.
bool ReasoningSplitter::advance(std::vector<Segment>& segments) {
  switch (place_) {
    case Place::Start:
      return leave_start();
    case Place::Inside:
      return read_inside(segments);
    case Place::After:
      return read_after(segments);
  }
  return false;
}

bool ReasoningSplitter::leave_start() {
  std::string_view text = waiting_;
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  if (text.empty() || (text.size() < open_.size() && open_.starts_with(text))) return false;
  if (!text.starts_with(open_)) {
    place_ = Place::After;
    return true;
  }
  waiting_ = std::string(text.substr(open_.size()));
  place_ = Place::Inside;
  trims_ = true;
  return true;
}

bool ReasoningSplitter::read_inside(std::vector<Segment>& segments) {
  if (trims_) {
    trim_front(waiting_);
    // Some models write the tag again that the prompt has opened.
    if (waiting_.empty() || (waiting_.size() < open_.size() && open_.starts_with(waiting_)))
      return false;
    if (!open_.empty() && waiting_.starts_with(open_)) waiting_.erase(0, open_.size());
    trim_front(waiting_);
    if (waiting_.empty()) return false;
    trims_ = false;
  }
  const size_t found = waiting_.find(close_);
  if (found != std::string::npos) {
    const size_t length =
        length_without_trailing_space(std::string_view(waiting_).substr(0, found));
    add(segments, Segment::Kind::Reasoning, waiting_.substr(0, length));
    waiting_.erase(0, found + close_.size());
    place_ = Place::After;
    trims_ = true;
    ++closed_blocks_;
    return true;
  }
  const size_t without_tag = waiting_.size() - partial_match(waiting_, close_);
  const size_t length =
      length_without_trailing_space(std::string_view(waiting_).substr(0, without_tag));
  add(segments, Segment::Kind::Reasoning, waiting_.substr(0, length));
  waiting_.erase(0, length);
  return false;
}

bool ReasoningSplitter::read_after(std::vector<Segment>& segments) {
  if (trims_) {
    trim_front(waiting_);
    // Some models close the block again, also one that the budget has closed for them.
    if (waiting_.empty() || (waiting_.size() < close_.size() && close_.starts_with(waiting_)))
      return false;
    if (!close_.empty() && waiting_.starts_with(close_)) {
      waiting_.erase(0, close_.size());
      return true;
    }
    trims_ = false;
  }
  const bool splits = recurs_ && !open_.empty();
  const size_t found = splits ? waiting_.find(open_) : std::string::npos;
  if (found != std::string::npos) {
    add(segments, Segment::Kind::Answer, waiting_.substr(0, found));
    waiting_.erase(0, found + open_.size());
    place_ = Place::Inside;
    trims_ = true;
    return true;
  }
  const size_t held = splits ? partial_match(waiting_, open_) : 0;
  add(segments, Segment::Kind::Answer, waiting_.substr(0, waiting_.size() - held));
  waiting_.erase(0, waiting_.size() - held);
  return false;
}

}  // namespace melete::engine
