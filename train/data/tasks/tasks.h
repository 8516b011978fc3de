// What makes each task; a task lives in one file of this folder.

#pragma once

#include <filesystem>
#include <memory>

#include "base/error.h"
#include "data/task.h"

namespace melete::train {

// Text.
std::unique_ptr<Task> make_about_itself();      // chat about the model
std::unique_ptr<Task> make_addition();          // of two numbers or more
std::unique_ptr<Task> make_countdown();         // reach a number from others
std::unique_ptr<Task> make_graph_arithmetic();  // values that depend on each other
std::unique_ptr<Task> make_maze();              // the shortest way through a grid
std::unique_ptr<Task> make_modular_chain();     // steps of arithmetic modulo a number
std::unique_ptr<Task> make_multiplication();    // of numbers with several digits
std::unique_ptr<Task> make_short_facts();       // short answers in English

// Pictures.
std::unique_ptr<Task> make_bar_chart();
std::unique_ptr<Task> make_count_shapes();
std::unique_ptr<Task> make_read_words();

// The questions of a task, as long as they are short, drawn or said: "addition_drawn",
// "addition_said". The task's problems have to be `written` and `said`. The second fails with
// Unavailable where espeak-ng is missing.
std::unique_ptr<Task> make_drawn(std::unique_ptr<Task> task);
Result<std::unique_ptr<Task>> make_said(std::unique_ptr<Task> task);

// Reads a CSV file with a header, a label and 64 values of 0 to 16 in each row. Fails with NotFound
// or, naming the line, Corrupt.
Result<std::unique_ptr<Task>> make_written_digit(const std::filesystem::path& file);

// Sounds. `clips` is a folder with index.csv (file, digit, ...) of people's voices; empty: voices
// of espeak-ng alone. Fails with NotFound or Corrupt, naming the file.
Result<std::unique_ptr<Task>> make_spoken_digit(const std::filesystem::path& clips);
Result<std::unique_ptr<Task>> make_spoken_sum(const std::filesystem::path& clips);

}  // namespace melete::train
