// Models that are wanted but not on this machine yet: fetched, or offered to a person.

#pragma once

#include <istream>
#include <string>

#include "base/error.h"
#include "cli/terminal.h"
#include "models/model_library.h"

namespace melete::cli {

// Pulls `model` unless it is here, with a progress line. Fails as models::pull() does.
Result<void> pull_if_missing(const models::ModelLibrary& library, const std::string& model,
                             Terminal& terminal);

// Asks on an interactive `terminal` whether to pull `model` where it is missing and the catalogue
// knows it; reads a line of `answers`, where an empty one means yes. Does nothing otherwise:
// whoever loads the model says what to run.
Result<void> offer_if_missing(const models::ModelLibrary& library, const std::string& model,
                              Terminal& terminal, std::istream& answers);

}  // namespace melete::cli
