// A table of what was measured, in Markdown.

#pragma once

#include <string>
#include <vector>

#include "eval/trial.h"

namespace melete::eval {

// One table for each set of items, and one for all where there are several. A row is an arm, in the
// order in which they first appear; all are compared with the arm `against`, or with the first one
// where there is no such arm. Only items that every arm has answered count.
//
// Columns: right answers (of the arm, of a plain majority of its chains, of any chain), seconds at
// the median and at 95 %, their ratio to the compared arm's as the median of the items' ratios,
// tokens with their ratio likewise, those on the accepted path, and the difference of right answers
// to the compared arm; ratios and differences with 95 % intervals of a paired bootstrap.
std::string write_report(const std::vector<Trial>& trials, const std::string& against = {});

}  // namespace melete::eval
