// Runs one answer to its end on this thread, shows it while it is written, and lets Ctrl-C stop it.

#pragma once

#include "chat/backend.h"
#include "chat/collect.h"
#include "cli/answer_printer.h"

namespace melete::cli {

struct Answer {
  chat::Completion completion;
  double seconds = 0;
  bool interrupted = false;  // Ctrl-C; `completion` holds what was written until then
};

// Blocks until the answer has ended. The first Ctrl-C (or SIGTERM) asks the backend to stop, which
// it does within a step; the second one leaves the answer at once. While this runs the signals
// belong to it; after it they do what they did at the start of the program.
Answer run_answer(chat::Backend& backend, chat::Request request, AnswerPrinter& printer);

}  // namespace melete::cli
