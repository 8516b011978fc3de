// What a dialect makes of a request's body before its model is known.

#pragma once

#include "api/mode_choice.h"
#include "chat/request.h"

namespace melete::api {

struct ReadRequest {
  chat::Request request;  // the model's name as the caller wrote it; the mode is still open
  ModeWish wish;          // `from_model` is still open
  bool stream = false;
  bool include_usage = false;  // Chat Completions: a last chunk tells the usage
  bool events = false;         // agents, votes and decisions are told too
};

}  // namespace melete::api
