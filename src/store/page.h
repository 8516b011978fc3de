// A part of a long list, as the API's lists are read: so many after the one named last.

#pragma once

#include <string>
#include <vector>

namespace melete::store {

struct Page {
  int limit = 20;          // the most to give; 1 to 100
  std::string after;       // the id after which it begins; empty: at the beginning
  bool ascending = false;  // oldest first; else newest first
};

template <typename T>
struct PageOf {
  std::vector<T> data;
  bool has_more = false;  // whether the list goes on after `data`
};

}  // namespace melete::store
