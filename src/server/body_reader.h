// Reads what a client sent where that holds up nobody.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>

#include "api/dialect.h"
#include "base/error.h"
#include "server/service.h"

namespace melete::server {

template <typename Reader>
using Read = std::invoke_result_t<Reader, std::string_view, const api::CallContext&>;

// A fault of ours must not end the connection without a word.
template <typename Reader>
Read<Reader> read_safely(Reader reader, const std::string& body, const api::CallContext& context) {
  try {
    return reader(body, context);
  } catch (const std::exception& fault) {
    const std::string why = std::string("The request could not be read: ") + fault.what();
    return {fail(ErrorCode::Internal, why)};
  }
}

template <typename Reader>
boost::asio::awaitable<Read<Reader>> read_here(Reader reader, const std::string& body,
                                               const api::CallContext& context) {
  co_return read_safely(reader, body, context);
}

// Small bodies are read at once; large ones take milliseconds and would hold up the thread's other
// clients, as would those that wait for the database, or may: a large one is not even looked
// through here. Not cancelled: who waits goes on afterwards.
template <typename Reader>
boost::asio::awaitable<Read<Reader>> read_body(Service& service, const Reading<Reader>& target,
                                               const std::string& body,
                                               const api::CallContext& context) {
  constexpr size_t kSmall = 32 << 10;
  const bool large = body.size() > kSmall;
  const bool waits = target.may_wait && (large || target.may_wait(body));
  if (!waits && !large) co_return read_safely(target.read, body, context);
  auto& threads = waits ? service.storage : service.pool;
  co_return co_await boost::asio::co_spawn(
      threads, read_here(target.read, body, context),
      boost::asio::bind_cancellation_slot(boost::asio::cancellation_slot(),
                                          boost::asio::use_awaitable));
}

}  // namespace melete::server
