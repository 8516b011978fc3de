// How work that takes a while tells people how far it is.

#pragma once

#include <functional>
#include <string_view>

namespace melete::train {

// Gets a line whenever the work has gone on.
using Teller = std::function<void(std::string_view)>;

}  // namespace melete::train
