// libedit, with Ctrl-C as a key of its own: while a line is edited the terminal raises no signal.

#include "cli/line_editor.h"

#include <histedit.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <system_error>
#include <utility>

#include "models/user_directories.h"

namespace melete::cli {
namespace {

constexpr int kHistoryLines = 1000;
constexpr const char* kContinuationPrompt = ". ";

// Without a UTF-8 locale libedit takes every letter outside ASCII apart.
void choose_character_set() {
  const char* chosen = std::setlocale(LC_CTYPE, "");
  if (chosen == nullptr || MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

class LineEditor::Editing {
 public:
  explicit Editing(std::filesystem::path history_file) : history_file_(std::move(history_file)) {
    choose_character_set();
    HistEvent event;
    history(history_, &event, H_SETSIZE, kHistoryLines);
    history(history_, &event, H_SETUNIQUE, 1);
    history(history_, &event, H_LOAD, history_file_.c_str());
    el_set(edit_, EL_CLIENTDATA, this);
    el_set(edit_, EL_PROMPT, &Editing::prompt);
    el_set(edit_, EL_EDITOR, "emacs");
    el_set(edit_, EL_HIST, history, history_);
    el_set(edit_, EL_SETTY, "-d", "-isig", nullptr);
    el_set(edit_, EL_ADDFN, "melete-interrupt", "Give the line up", &Editing::interrupt);
    el_set(edit_, EL_BIND, "^C", "melete-interrupt", nullptr);
    el_set(edit_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  }

  ~Editing() {
    el_end(edit_);
    history_end(history_);
  }

  Editing(const Editing&) = delete;
  Editing& operator=(const Editing&) = delete;

  std::optional<std::string> read(const std::string& prompt) {
    prompt_ = prompt;
    interrupted_ = false;
    int length = 0;
    const char* typed = el_gets(edit_, &length);
    if (typed == nullptr || length <= 0) {
      std::puts("");
      return std::nullopt;
    }
    if (interrupted_) return std::string();
    std::string line(typed, static_cast<size_t>(length));
    while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
    remember(line);
    return line;
  }

 private:
  static Editing& of(EditLine* edit) {
    void* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return *static_cast<Editing*>(self);
  }

  static char* prompt(EditLine* edit) { return of(edit).prompt_.data(); }

  static unsigned char interrupt(EditLine* edit, int) {
    of(edit).interrupted_ = true;
    return CC_NEWLINE;
  }

  void remember(const std::string& line) {
    if (line.empty()) return;
    HistEvent event;
    history(history_, &event, H_ENTER, line.c_str());
    std::error_code ignored;
    std::filesystem::create_directories(history_file_.parent_path(), ignored);
    history(history_, &event, H_SAVE, history_file_.c_str());
  }

  const std::filesystem::path history_file_;
  EditLine* const edit_ = el_init("melete", stdin, stdout, stderr);
  History* const history_ = history_init();
  std::string prompt_;
  bool interrupted_ = false;
};

std::filesystem::path history_path() {
  return models::user_state_directory() / "history";
}

LineEditor::LineEditor(std::filesystem::path history) {
  if (isatty(STDIN_FILENO) == 1) editing_ = std::make_unique<Editing>(std::move(history));
}

LineEditor::~LineEditor() = default;

std::optional<std::string> LineEditor::read(const std::string& prompt) {
  auto whole = read_one(prompt);
  while (whole && whole->ends_with('\\')) {
    whole->back() = '\n';
    const auto more = read_one(kContinuationPrompt);
    if (!more) break;
    *whole += *more;
  }
  return whole;
}

std::optional<std::string> LineEditor::read_one(const std::string& prompt) {
  if (editing_) return editing_->read(prompt);
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  return line;
}

}  // namespace melete::cli
