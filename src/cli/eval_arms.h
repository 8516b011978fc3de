// The arms of `melete eval` made ready to be asked: their modes and limits, and what their answers
// depend on.

#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "cli/answerer.h"
#include "eval/arm.h"

namespace melete::cli {

// What is measured where no file of arms is given: the three modes.
std::vector<eval::Arm> usual_arms();

// Settles each arm's mode and limits as the API does for a request (api/mode_choice.h), so that an
// arm asks for the same here and of a server. InvalidArgument with the arm.
Result<void> settle_modes(std::vector<eval::Arm>& arms);

// A digest of what the answers of an arm depend on beside the question: what it asks for, of which
// model by name, and where that is loaded here, with which settings and of which files, as far as
// the command names them. Addresses of servers do not count, for a server may move.
std::string setup_of(const eval::Arm& arm, const AnswererOptions& asked);

}  // namespace melete::cli
