// What every way of fetching a file is given, beside its source and the file that grows.

#pragma once

#include <stop_token>

#include "models/progress.h"

namespace melete::models {

struct FetchContext {
  ProgressMeter& meter;
  std::stop_token
      stop;  // asked to stop: what is here stays for a later attempt, and the result is Cancelled
};

}  // namespace melete::models
