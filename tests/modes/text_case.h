// Tests of modes as text: what the backend says, what is asked, what must come out. The format:
//
//   name: the majority stops the rest           begins a case
//   backend: prefill budget                     what it can; see read_backend() for all words
//   options: time_budget 2                      of the modes; see read_options()
//   request: mode contemplating agents 4        see read_request()
//   call 1                                      the script of the first call; the last script
//                                               serves all later ones
//   1-3: think "a b" say "Answer: 12" speed 5   choices 1 to 3; see read_answer()
//   control: at 500 stop                        see read_control()
//   expect: answer "Answer: 12"                 see check() in text_cases_test.cc
//
// A line that begins with # is a comment. Texts are quoted; \n in them is a line break, and a word
// that ends in *N is repeated N times.

#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "chat/fake_backend.h"
#include "modes/mode.h"

namespace melete::modes {

using Words = std::vector<std::string>;

struct TimedControl {
  std::chrono::milliseconds at{0};
  std::optional<chat::Control> control;  // nothing: the reader goes away
};

struct TextCase {
  std::string name;
  chat::BackendInfo info;
  ModeOptions options;
  chat::Request request;
  std::vector<std::vector<chat::FakeAnswer>> calls;  // by call and choice
  std::vector<TimedControl> controls;
  std::vector<Words> expects;
};

// All cases of a file. Throws std::runtime_error naming the line that it does not understand.
std::vector<TextCase> read_cases(const std::filesystem::path& file);

}  // namespace melete::modes
