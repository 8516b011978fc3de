#include "api/chat_completions/read_request.h"

#include <fmt/format.h>

#include <utility>

#include "api/chat_completions/common_fields.h"
#include "api/chat_completions/read_messages.h"
#include "api/chat_completions/read_tools.h"
#include "api/object_reader.h"
#include "api/parse_body.h"
#include "api/read_melete.h"
#include "api/read_sampling.h"

namespace melete::api::chat_completions {

namespace {

constexpr int64_t kMostTokens = 1 << 20;
constexpr int64_t kMostChoices = 128;
constexpr size_t kMostNameBytes = 512;

template <typename T>
std::optional<int> to_int(const T& value) {
  if (!value) return std::nullopt;
  return static_cast<int>(*value);
}

std::optional<int> read_top_logprobs(ObjectReader& fields) {
  const bool wanted = fields.boolean("logprobs").value_or(false);
  const auto rivals = to_int(fields.integer("top_logprobs", {0, 20}));
  if (wanted) return rivals.value_or(0);
  if (rivals.value_or(0) > 0) {
    fields.refuse(ErrorCode::InvalidArgument, "top_logprobs",
                  "top_logprobs is given, but logprobs is not true: set it, or leave both out");
  }
  return std::nullopt;
}

void read_stream(ObjectReader& fields, ReadRequest& read) {
  read.stream = fields.boolean("stream").value_or(false);
  auto options = fields.object("stream_options");
  if (!options) return;
  if (!read.stream) {
    fields.refuse(ErrorCode::InvalidArgument, "stream_options",
                  "stream_options is given, but stream is not true: set it, or leave it out");
  }
  read.include_usage = options->boolean("include_usage").value_or(false);
  if (options->boolean("include_obfuscation").value_or(false)) {
    options->refuse(ErrorCode::Unsupported, "include_obfuscation",
                    "stream_options.include_obfuscation can only be false here: leave it out");
  }
}

void read_output_limit(ObjectReader& fields, ModeWish& wish) {
  for (const std::string_view name : {"max_tokens", "max_completion_tokens"}) {
    const auto limit = to_int(fields.integer(name, {1, kMostTokens}));
    if (!limit) continue;
    if (wish.output_tokens && *wish.output_tokens != *limit) {
      fields.refuse(ErrorCode::InvalidArgument, name,
                    fmt::format("max_tokens is {} and max_completion_tokens is {}: leave one out",
                                *wish.output_tokens, *limit));
    }
    wish.output_tokens = limit;
    wish.output_tokens_field = name;
  }
}

void read_caller(ObjectReader& fields, chat::Caller& caller) {
  fields.object("metadata");
  for (const std::string_view name : {"safety_identifier", "user"}) {
    if (auto user = fields.text(name, {.most_bytes = kMostNameBytes})) caller.user = *user;
  }
  caller.conversation =
      fields.text("prompt_cache_key", {.most_bytes = kMostNameBytes}).value_or("");
}

}  // namespace

Result<ReadRequest> read_request(std::string_view body) {
  const auto json = parse_body(body, R"({"messages": [{"role": "user", "content": "Hello"}]})");
  if (!json) return std::unexpected(json.error());
  FirstError error;
  ObjectReader fields(*json, "", error);
  ReadRequest read;
  check_fields(fields);
  read.request.model = fields.text("model", {.most_bytes = kMostNameBytes}).value_or("");
  read.request.messages = read_messages(fields);
  read.request.tools = read_tools(fields);
  read.request.tool_choice = read_tool_choice(fields, read.request.tools);
  read.request.parallel_tools = fields.boolean("parallel_tool_calls").value_or(true);
  read.request.schema = read_response_format(fields);
  read.request.sampling = read_sampling(fields);
  read.request.sampling.stop = read_stop(fields);
  read.request.sampling.top_logprobs = read_top_logprobs(fields);
  const auto choices = fields.integer("n", {1, kMostChoices}).value_or(1);
  if (choices > 1) read.request.branches.resize(static_cast<size_t>(choices));
  read.request.effort = read_effort(fields, "reasoning_effort");
  read_stream(fields, read);
  read_output_limit(fields, read.wish);
  read_caller(fields, read.request.caller);
  read_melete(fields, read);
  if (error) return std::unexpected(*error);
  return read;
}

}  // namespace melete::api::chat_completions
