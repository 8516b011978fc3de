// What is piped into the program.

#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/error.h"

namespace melete::cli {

struct PipeInput {
  std::string text;     // without the line breaks at its end
  bool silent = false;  // it was open, and nothing came in time
};

// Reads `descriptor` to its end; a terminal gives nothing. With `patience` the first byte has to
// come within that time: a program that starts this one may hand it a pipe that it never uses nor
// closes. TooLarge over 64 MiB.
Result<PipeInput> read_pipe(int descriptor, std::optional<std::chrono::milliseconds> patience);

}  // namespace melete::cli
