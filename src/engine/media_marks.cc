#include "engine/media_marks.h"

#include <fmt/format.h>
#include <mtmd.h>

#include <algorithm>

#include "base/ids.h"

namespace melete::engine {
namespace {

// "<__media__>" becomes "<__media__ >": the same to a reader, nothing to mtmd.
std::string without_markers(std::string text) {
  const std::string marker = mtmd_default_marker();
  const std::string broken = marker.substr(0, marker.size() - 1) + ' ' + marker.back();
  for (size_t at = text.find(marker); at != std::string::npos; at = text.find(marker, at)) {
    text.replace(at, marker.size(), broken);
    at += broken.size();
  }
  return text;
}

struct Found {
  size_t at = 0;
  size_t length = 0;
  size_t item = 0;
};

}  // namespace

MediaMarks::MediaMarks() : nonce_(make_id("media")) {}

std::string MediaMarks::mark(size_t index) const {
  return fmt::format("[{}-{}]", nonce_, index);
}

std::string MediaMarks::add(MediaItem item) {
  items_.push_back(std::move(item));
  return mark(items_.size() - 1);
}

Result<MediaMarks::Placed> MediaMarks::place(const std::string& rendered) const {
  Placed placed;
  placed.text = without_markers(rendered);
  std::vector<Found> found;
  for (size_t i = 0; i < items_.size(); ++i) {
    const std::string own = mark(i);
    const size_t at = placed.text.find(own);
    if (at == std::string::npos || placed.text.find(own, at + own.size()) != std::string::npos) {
      return fail(ErrorCode::Unsupported,
                  "this model's chat template has no place for a picture or sound in such a "
                  "message: put it "
                  "into a message of the user",
                  items_[i].label);
    }
    found.push_back({at, own.size(), i});
  }
  std::ranges::sort(found, {}, &Found::at);
  for (const Found& one : found) placed.items.push_back(items_[one.item]);
  for (auto one = found.rbegin(); one != found.rend(); ++one) {
    placed.text.replace(one->at, one->length, mtmd_default_marker());
  }
  return placed;
}

}  // namespace melete::engine
