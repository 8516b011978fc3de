// Sends a whole reply to a client.

#pragma once

#include <boost/asio/awaitable.hpp>

#include "server/byte_stream.h"
#include "server/reply.h"
#include "server/service.h"

namespace melete::server {

// False when the client did not take it. Large replies are compressed on the pool, for that takes
// milliseconds.
boost::asio::awaitable<bool> send_reply(ByteStream& stream, Service& service,
                                        const Exchange& exchange, Reply reply);

}  // namespace melete::server
