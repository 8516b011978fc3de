// A turn on a WebSocket: a message of the type `response.create`, whose other fields are those of
// POST /v1/responses.

#pragma once

#include <string_view>

#include "api/dialect.h"

namespace melete::api::responses {

// Errors as read_call(); fields that only mean something over HTTP are refused. With `generate`
// false nothing is answered or stored: the next turn follows what was said. A SocketReader.
SocketCall read_socket_call(std::string_view message, const CallContext& context);

}  // namespace melete::api::responses
