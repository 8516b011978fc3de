// From a call that was read to the answer that is to be made.

#pragma once

#include <string>

#include "api/dialect.h"
#include "runs/runner.h"

namespace melete::api {

// What a call asks of the runner. `owner` is a digest of the caller's key.
runs::Order order_of(Call call, std::string owner);

}  // namespace melete::api
