// What every API dialect gives the server: a request in our vocabulary, and a writer for its
// answer.
//
// A dialect only translates. It starts nothing, waits for nothing and knows no sockets.

#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.h"
#include "chat/collect.h"
#include "chat/event.h"
#include "chat/request.h"
#include "gateway/router.h"

namespace melete::api {

// Writes one answer in a dialect's form: either whole, or event by event as server-sent events.
//
// Not thread-safe: one writer belongs to one answer.
class AnswerWriter {
 public:
  virtual ~AnswerWriter() = default;

  // The frames that `event` causes, ready for the wire; often none, sometimes several.
  virtual std::string write_event(const chat::Event& event) = 0;

  // The frames that end the stream. Called once, after the last event.
  virtual std::string write_end() = 0;

  // The JSON body of a whole answer that did not fail.
  virtual std::string write_whole(const chat::Completion& completion) = 0;

  // The JSON body that tells of an error.
  virtual std::string write_error(const Error& error) = 0;
};

// One request, read and checked. `request.model` is a served name.
struct Call {
  chat::Request request;
  bool stream = false;
  std::unique_ptr<AnswerWriter> writer;
};

// Reads a request body of one dialect. Thread-safe; O(bytes), so large bodies belong on a worker
// thread.
using CallReader = Result<Call> (*)(std::string_view body, const gateway::Router& router);

// Answers a body at once with another, without a model's writing anything: a number of tokens.
// Thread-safe; takes milliseconds, so it belongs on a worker thread.
using QueryReader = Result<std::string> (*)(std::string_view body, const gateway::Router& router);

// The same for what a model computes, embeddings say: takes seconds, so it belongs on a thread of
// its own. `stop` asks it to end early.
using LongQueryReader = Result<std::string> (*)(std::string_view body,
                                                const gateway::Router& router,
                                                std::stop_token stop);

}  // namespace melete::api
