// Tests of modes as text: what the backend says, what is asked, what must come out. The format:
//
//   name: the majority stops the rest             begins a case
//   backend: prefill budget                       what it can: prefill, budget (kept by itself),
//   native, context N request: mode contemplating agents 4 question "How many?" call 1 the script
//   of the first call; the last script serves all later 1-3: think "a b" say "Answer: 12" choices 1
//   to 3; words come at `speed` tokens/s (100) 4: say "Answer: 7" speed 5 end length         or:
//   start MS, end REASON, hang, fail "text" control: at 500 stop                          also:
//   answer_now, budget N, drop (the reader goes away) expect: answer "Answer: 12" see check() in
//   text_cases_test.cc for all
//
// A line that begins with # is a comment. Texts are quoted; \n in them is a line break.

#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "chat/fake_backend.h"

namespace melete::modes {

using Words = std::vector<std::string>;

struct TimedControl {
  std::chrono::milliseconds at{0};
  std::optional<chat::Control> control;  // nothing: the reader goes away
};

struct TextCase {
  std::string name;
  chat::BackendInfo info;
  chat::Request request;
  std::vector<std::vector<chat::FakeAnswer>> calls;  // by call and choice
  std::vector<TimedControl> controls;
  std::vector<Words> expects;
};

// All cases of a file. Throws std::runtime_error naming the line that it does not understand.
std::vector<TextCase> read_cases(const std::filesystem::path& file);

}  // namespace melete::modes
