// A part of a long list, as the API's lists are read: so many after the one named last.

#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace melete::store {

struct Page {
  int limit = 20;          // the most to give; at least 1
  std::string after;       // the id after which it begins; empty: at the beginning
  bool ascending = false;  // oldest first; else newest first
};

template <typename T>
struct PageOf {
  std::vector<T> data;
  bool has_more = false;  // whether the list goes on after `data`
};

// The page of `found`, which was asked for one more than the page takes.
template <typename T>
PageOf<T> cut_page(std::vector<T> found, const Page& page) {
  const auto limit = static_cast<size_t>(page.limit);
  const bool has_more = found.size() > limit;
  if (has_more) found.resize(limit);
  return {std::move(found), has_more};
}

}  // namespace melete::store
