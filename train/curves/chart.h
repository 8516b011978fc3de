// Curves of runs as one SVG that needs nothing else: loss, speed and learning rate, and of
// reinforcement what held-out questions say, one above the other, over steps or tokens. It is
// readable on light and dark pages.

#pragma once

#include <string>
#include <vector>

#include "curves/run_curves.h"

namespace melete::train {

enum class Against { Steps, Tokens };  // what runs from left to right

// Each run is a line of the same colour in every chart, named in the legend. At least one run, each
// with a point; what is not finite is left out. Beyond eight runs colours come again, dashed.
std::string draw_curves(const std::vector<RunCurves>& runs, Against against);

}  // namespace melete::train
