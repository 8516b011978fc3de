// A stream for a request that cannot be answered: it tells the error and ends.

#pragma once

#include <memory>

#include "chat/backend.h"

namespace melete::chat {

std::unique_ptr<Stream> failed_stream(Error error);

}  // namespace melete::chat
