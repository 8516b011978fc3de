// Splits what a model writes into reasoning and answer at its tags, as the text arrives.
//
// The block stands at the beginning of the answer: "<think>" later on is text, for answers speak
// about tags too. Families whose blocks recur (Gemma 4) are split everywhere. White space around a
// block belongs to neither side, nor does a closing tag that is written again right after it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/answer_format.h"

namespace melete::engine {

struct Segment {
  enum class Kind { Reasoning, Answer };
  Kind kind = Kind::Answer;
  std::string text;
};

// Invariant: no byte is given twice, and at most a possible tag and white space wait. O(text) in
// all. One splitter belongs to one answer.
class ReasoningSplitter {
 public:
  explicit ReasoningSplitter(const AnswerFormat& format);

  std::vector<Segment> feed(std::string_view text);

  // What waited for the rest of a tag that never came.
  std::vector<Segment> finish();

  bool inside() const { return place_ == Place::Inside; }

  // What was fed last may yet turn out to open a block.
  bool undecided() const { return place_ != Place::Inside && !waiting_.empty(); }

  // Blocks that were closed so far.
  int closed_blocks() const { return closed_blocks_; }

 private:
  enum class Place { Start, Inside, After };

  bool advance(std::vector<Segment>& segments);
  bool leave_start();
  bool read_inside(std::vector<Segment>& segments);
  bool read_after(std::vector<Segment>& segments);

  const std::string open_;
  const std::string close_;
  const bool recurs_;
  Place place_ = Place::Start;
  bool trims_ = false;  // white space that comes next belongs to a tag
  int closed_blocks_ = 0;
  std::string waiting_;
};

}  // namespace melete::engine
