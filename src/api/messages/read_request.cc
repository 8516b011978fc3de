#include "api/messages/read_request.h"

#include <fmt/format.h>

#include <utility>

#include "api/messages/common_fields.h"
#include "api/messages/read_messages.h"
#include "api/messages/read_tools.h"
#include "api/object_reader.h"
#include "api/parse_body.h"
#include "api/read_melete.h"
#include "api/read_sampling.h"

namespace melete::api::messages {

namespace {

constexpr int64_t kMostTokens = 1 << 20;
constexpr int64_t kLeastBudget = 1;
constexpr size_t kMostNameBytes = 512;

void read_thinking(ObjectReader& fields, ReadRequest& read) {
  auto thinking = fields.object("thinking");
  if (!thinking) return;
  thinking->require("type");
  const auto type = thinking->choice("type", {"enabled", "disabled", "adaptive"});
  if (!type) return;
  if (*type == "disabled") {
    read.request.effort = chat::Effort::None;
    return;
  }
  read.wish.from_body = chat::Mode::Thinking;
  thinking->choice("display", {"summarized", "omitted"});
  if (*type == "adaptive") return;
  thinking->require("budget_tokens");
  const auto budget = thinking->integer("budget_tokens", {kLeastBudget, kMostTokens});
  if (!budget) return;
  read.wish.reasoning_tokens = static_cast<int>(*budget);
  if (read.wish.output_tokens && *budget >= *read.wish.output_tokens) {
    thinking->refuse(
        ErrorCode::InvalidArgument, "budget_tokens",
        fmt::format("thinking.budget_tokens is {} and must be less than max_tokens, which is {}",
                    *budget, *read.wish.output_tokens));
  }
}

// How much to think; thinking that is disabled stays so.
void read_output_effort(ObjectReader& fields, ReadRequest& read) {
  auto config = fields.object("output_config");
  if (!config || read.request.effort) return;
  const auto effort = config->choice("effort", {"low", "medium", "high", "xhigh", "max"});
  if (!effort) return;
  read.request.effort = *effort == "max" ? chat::Effort::XHigh : chat::effort_from(*effort);
}

// A last turn of the assistant is the beginning of the answer; resolve() refuses modes that think.
void take_prefill(ObjectReader& fields, ReadRequest& read) {
  std::vector<chat::Message>& messages = read.request.messages;
  if (fields.error() || messages.empty() || messages.back().role != chat::Role::Assistant) return;
  for (const chat::Part& part : messages.back().parts) {
    if (std::holds_alternative<chat::TextPart>(part)) continue;
    fields.refuse(ErrorCode::InvalidArgument, "messages",
                  "the last message is the assistant's and holds more than text: answer its tool "
                  "calls, or end "
                  "with a user message");
    return;
  }
  read.request.prefill = chat::text_of(messages.back());
  messages.pop_back();
}

void read_caller(ObjectReader& fields, chat::Caller& caller) {
  auto metadata = fields.object("metadata");
  if (metadata)
    caller.user = metadata->text("user_id", {.most_bytes = kMostNameBytes}).value_or("");
}

}  // namespace

Result<ReadRequest> read_request(std::string_view body, Purpose purpose) {
  const auto json = parse_body(
      body, R"({"max_tokens": 256, "messages": [{"role": "user", "content": "Hello"}]})");
  if (!json) return std::unexpected(json.error());
  FirstError error;
  ObjectReader fields(*json, "", error);
  ReadRequest read;
  check_fields(fields);
  read.request.model = fields.text("model", {.most_bytes = kMostNameBytes}).value_or("");
  if (purpose == Purpose::Answer) fields.require("max_tokens");
  if (const auto limit = fields.integer("max_tokens", {1, kMostTokens})) {
    read.wish.output_tokens = static_cast<int>(*limit);
    read.wish.output_tokens_field = "max_tokens";
  }
  read.request.messages = read_messages(fields);
  read.request.tools = read_tools(fields);
  ToolWish tools = read_tool_choice(fields, read.request.tools);
  read.request.tool_choice = std::move(tools.choice);
  read.request.parallel_tools = tools.parallel;
  read.request.schema = read_output_format(fields);
  read.request.sampling = read_sampling(fields);
  read.request.sampling.stop = read_stops(fields, "stop_sequences");
  read.stream = fields.boolean("stream").value_or(false);
  read_thinking(fields, read);
  read_output_effort(fields, read);
  read_caller(fields, read.request.caller);
  fields.object("cache_control");  // prompts are kept in memory by themselves
  read_melete(fields, read);
  take_prefill(fields, read);
  if (error) return std::unexpected(*error);
  return read;
}

}  // namespace melete::api::messages
