#include "api/responses/truncation.h"

#include <algorithm>
#include <vector>

namespace melete::api::responses {

namespace {

using chat::Message;
using chat::Role;

// Where turns begin: at each message of the user.
std::vector<size_t> turns_of(const std::vector<Message>& messages) {
  std::vector<size_t> turns;
  for (size_t index = 0; index < messages.size(); ++index) {
    if (messages[index].role == Role::User) turns.push_back(index);
  }
  return turns;
}

bool instructs(const Message& message) {
  return message.role == Role::System || message.role == Role::Developer;
}

// The request without what comes before message `first`, but for instructions.
chat::Request from(const chat::Request& request, size_t first) {
  chat::Request shorter = request;
  std::vector<Message> kept;
  for (size_t index = 0; index < request.messages.size(); ++index) {
    const Message& message = request.messages[index];
    if (index >= first || instructs(message)) kept.push_back(message);
  }
  shorter.messages = std::move(kept);
  return shorter;
}

}  // namespace

Result<void> truncate(chat::Request& request, const gateway::Router& router) {
  const auto info = router.info(request.model);
  if (!info) return std::unexpected(info.error());
  const int64_t context = info->context_tokens;
  if (context <= 0) return {};
  const int64_t wanted = request.limits.answer_tokens.value_or(0);
  const int64_t room = wanted > 0 && wanted <= context / 2 ? wanted : context / 4;
  const auto fits = [&](const chat::Request& shorter) -> Result<bool> {
    const auto count = router.count(shorter);
    if (!count) return std::unexpected(count.error());
    return *count + room <= context;
  };

  const auto whole = fits(request);
  if (!whole) return std::unexpected(whole.error());
  const std::vector<size_t> turns = turns_of(request.messages);
  if (*whole || turns.size() < 2) return {};
  // The first turn from which on all fits, else the last.
  size_t low = 1;
  size_t high = turns.size() - 1;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    const auto enough = fits(from(request, turns[middle]));
    if (!enough) return std::unexpected(enough.error());
    if (*enough) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  request = from(request, turns[low]);
  return {};
}

}  // namespace melete::api::responses
