// Reads lines that a person types, with editing and a history that is kept between runs.

#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace melete::cli {

// $XDG_STATE_HOME/melete/history, else ~/.local/state/melete/history.
std::filesystem::path history_path();

// On a terminal libedit edits the line; from a pipe lines are read plainly, without prompt or
// history. One per process.
class LineEditor {
 public:
  // The history is read here and written after each line; where the file cannot be written, it is
  // not kept.
  explicit LineEditor(std::filesystem::path history);
  ~LineEditor();

  // The next line without its end; a line that ends in '\' goes on with the next one, joined by a
  // line break. Ctrl-C gives an empty line. Nothing at the end of the input (Ctrl-D).
  std::optional<std::string> read(const std::string& prompt);

 private:
  class Editing;

  std::optional<std::string> read_one(const std::string& prompt);

  std::unique_ptr<Editing> editing_;  // null when standard input is no terminal
};

}  // namespace melete::cli
