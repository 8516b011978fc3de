// Where pictures and sounds stand in a rendered prompt.
//
// While a template runs, each item is a mark that nobody else can have written (it holds random
// digits). Afterwards the marks become mtmd's own marker; a marker that was in somebody's text is
// broken first, so that no text is ever taken for a picture.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "engine/prompt.h"

namespace melete::engine {

class MediaMarks {
 public:
  MediaMarks();

  // Keeps the item and gives the mark to put into its place.
  std::string add(MediaItem item);

  struct Placed {
    std::string text;
    std::vector<MediaItem> items;  // in the order of their markers in `text`
  };

  // The rendered text with mtmd's markers. Fails with Unsupported where the template left an item
  // out or wrote it twice. O(text).
  Result<Placed> place(const std::string& rendered) const;

 private:
  std::string mark(size_t index) const;

  std::string nonce_;
  std::vector<MediaItem> items_;
};

}  // namespace melete::engine
