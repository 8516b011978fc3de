// Which of several processes this one is, and where they meet: what launchers say in the
// environment.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/error.h"

namespace melete::train {

struct Place {
  int rank = 0;              // of this process, from 0
  int size = 1;              // processes in all
  std::string address = {};  // of the machine of rank 0; empty where there is one process
  uint16_t port = 0;         // on which rank 0 is met
  std::string prefix = {};   // of our keys where the launcher keeps them; empty: rank 0 does
};

// The value of a variable, or null where it is not set.
using Environment = std::function<const char*(const char*)>;

// Reads RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT, which torchrun and Kubernetes' operators
// set. Where MASTER_ADDR is set and WORLD_SIZE is not, Slurm's SLURM_PROCID and SLURM_NTASKS stand
// for the first two. One process where nothing says how many there are. Fails with InvalidArgument,
// naming the variable that is missing or wrong.
Result<Place> read_place(const Environment& environment);

}  // namespace melete::train
