// The program: reads the command line, finds the command and runs it.

#pragma once

#include "base/error.h"
#include "cli/terminal.h"

namespace melete::cli {

constexpr int kExitFailure = 1;
constexpr int kExitUsage = 2;
constexpr int kExitInterrupted = 130;

// The exit status: 0; 1 when the command failed; 2 when the command line is wrong; 130 after
// Ctrl-C.
int run_program(int argc, const char* const* argv);

// Tells an error on `terminal` as the program does everywhere; gives kExitFailure.
int report(Terminal& terminal, const Error& error);

}  // namespace melete::cli
