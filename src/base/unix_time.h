// The time of day, for what is told to others; durations are measured by base/clock.h.

#pragma once

#include <cstdint>

namespace melete {

// Seconds since 1970.
int64_t unix_seconds();

}  // namespace melete
