// What a decoding step costs for several answers at once, as a multiple of one answer's.
//
// Hardware decides it (a GPU reads its weights once for eight, a plain CPU may not), so it is
// measured when a model is first loaded and kept in the user's cache. Contemplating chooses its
// number of agents by it.

#pragma once

#include <filesystem>
#include <map>

#include "engine/loaded_model.h"

namespace melete::engine {

// By number of answers: 1, 2, 4, 8, 9, 12 and 16, as far as the model's sequences reach.
using StepCosts = std::map<int, double>;

// Decodes some steps of each width after a prompt of up to 256 tokens that all share, and clears
// the model's memory. Of each width the median of its ratios to a step of one counts, which was
// timed beside it; a cost is at least 1 and at most the number of answers, whatever a busy machine
// makes of it. Some 63 steps in all, seven where steps are slow, and a second for the prompt.
StepCosts measure_step_costs(LoadedModel& model);

// The same, from `cache` (a folder, made at need) where this file, loaded this way, was measured
// before by this program. What cannot be right is not kept.
StepCosts cached_step_costs(LoadedModel& model, const std::filesystem::path& file,
                            const std::filesystem::path& cache);

}  // namespace melete::engine
