// What every API dialect gives the server: a request in our vocabulary, and a writer for its
// answer.
//
// A dialect only translates. It starts nothing, waits for nothing and knows no sockets.

#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "api/memory.h"
#include "base/error.h"
#include "chat/request.h"
#include "gateway/router.h"
#include "runs/answer_writer.h"
#include "store/response_store.h"

namespace melete::api {

using runs::AnswerWriter;

// What a dialect may look up to read a request.
struct CallContext {
  const gateway::Router& router;
  Memory memory{};
};

// One request, read and checked. `request.model` is a served name.
struct Call {
  chat::Request request;
  bool stream = false;
  std::unique_ptr<AnswerWriter> writer;
  std::string id;                                 // of the answer, as its caller is told it
  std::optional<store::StoredResponse> record{};  // set: to be stored
  std::string items{};  // what it answers, a JSON array; only for a connection that keeps turns
};

// One message on a WebSocket, read and checked.
struct SocketCall {
  Result<Call> call = Call{};
  std::string follows{};  // the answer that it goes on from, also where the call is an error
  bool answered = true;   // false: its prompt is only made ready for the next turn
};

// Reads a request body of one dialect. Thread-safe; O(bytes), so large bodies belong on a worker
// thread, as do those that name something in the database.
using CallReader = Result<Call> (*)(std::string_view body, const CallContext& context);

// Reads a client's message on a WebSocket. As a CallReader.
using SocketReader = SocketCall (*)(std::string_view message, const CallContext& context);

// Answers a body at once with another, without a model's writing anything: a number of tokens.
// Thread-safe; takes milliseconds, so it belongs on a worker thread.
using QueryReader = Result<std::string> (*)(std::string_view body, const CallContext& context);

// The same for what a model computes, embeddings say: takes seconds, so it belongs on a thread of
// its own. `stop` asks it to end early.
using LongQueryReader = Result<std::string> (*)(std::string_view body,
                                                const gateway::Router& router,
                                                std::stop_token stop);

}  // namespace melete::api
