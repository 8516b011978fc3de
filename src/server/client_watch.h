// Notices that a client has gone away while its answer is being written.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "server/byte_stream.h"

namespace melete::server {

// Returns once the client has closed its side, with the stream closed so that a pending write ends
// too. What it sends meanwhile (its next request) is kept in `buffer`, up to 64 KiB; the rest waits
// in the kernel. Meant to be raced against an answer: cancellation ends it without harm to the
// stream.
boost::asio::awaitable<void> until_client_leaves(ByteStream& stream,
                                                 boost::beast::flat_buffer& buffer);

}  // namespace melete::server
