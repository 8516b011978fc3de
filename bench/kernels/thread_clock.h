// The clock of a thread's own work: what else happens on the machine does not count.

#pragma once

#include <ctime>

namespace melete::bench {

// Seconds of processor time of this thread so far.
inline double thread_seconds() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace melete::bench
