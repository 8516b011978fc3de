#include "runs/frame_log.h"

#include <fmt/format.h>

#include <algorithm>

namespace melete::runs {

void FrameLog::append(std::string_view frames) {
  constexpr std::string_view kEnd = "\n\n";
  const int64_t newest = last();
  while (!frames.empty()) {
    const size_t end = frames.find(kEnd);
    const size_t length = end == std::string_view::npos ? frames.size() : end + kEnd.size();
    frames_.emplace_back(frames.substr(0, length));
    bytes_ += length;
    frames.remove_prefix(length);
  }
  while (bytes_ > most_bytes_ && first_ <= newest) {
    bytes_ -= frames_.front().size();
    frames_.pop_front();
    ++first_;
  }
}

Result<Frames> FrameLog::after(int64_t after) const {
  constexpr size_t kMostBytes = 64 << 10;
  if (after < first_ - 1) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("Events up to {} of this answer are no longer kept: go on from there, "
                            "or read the answer without stream.",
                            first_ - 1),
                "starting_after");
  }
  Frames frames{.last = std::max<int64_t>(after, -1)};
  while (frames.last < last() && (frames.text.empty() || frames.text.size() < kMostBytes)) {
    ++frames.last;
    frames.text += frames_[static_cast<size_t>(frames.last - first_)];
  }
  return frames;
}

}  // namespace melete::runs
