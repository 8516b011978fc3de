#include "api/responses/read_request.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "api/metadata.h"
#include "api/object_reader.h"
#include "api/parse_body.h"
#include "api/read_melete.h"
#include "api/read_sampling.h"
#include "api/responses/common_fields.h"
#include "api/responses/read_input.h"
#include "api/responses/read_tools.h"
#include "api/responses/stored_items.h"

namespace melete::api::responses {

namespace {

constexpr int64_t kMostTokens = 1 << 20;
constexpr size_t kMostNameBytes = 512;
constexpr std::string_view kReference = "\"item_reference\"";

void read_stream(ObjectReader& fields, ReadRequest& read) {
  read.stream = fields.boolean("stream").value_or(false);
  auto options = fields.object("stream_options");
  if (!options || !options->boolean("include_obfuscation").value_or(false)) return;
  options->refuse(ErrorCode::Unsupported, "include_obfuscation",
                  "stream_options.include_obfuscation can only be false here: leave it out");
}

// What the answer is to bring with it.
void read_include(ObjectReader& fields, const Memory& memory, ReadResponsesRequest& request) {
  chat::Sampling& sampling = request.read.request.sampling;
  for (const std::string& wish :
       fields.texts("include", {.most = 16}, {.most_bytes = kMostNameBytes})) {
    if (wish == "message.output_text.logprobs") {
      sampling.top_logprobs = sampling.top_logprobs.value_or(0);
    } else if (wish == "reasoning.encrypted_content" && memory.seal) {
      request.seal_reasoning = true;
    } else {
      fields.refuse(
          ErrorCode::Unsupported, "include",
          fmt::format(
              "include names \"{}\", which this server does not give: only "
              "message.output_text.logprobs; reasoning comes readable in its item's content",
              wish));
    }
  }
}

void read_reasoning(ObjectReader& fields, ReadRequest& read) {
  auto reasoning = fields.object("reasoning");
  if (!reasoning) return;
  read.request.effort = read_effort(*reasoning, "effort");
  reasoning->choice("summary", {"auto", "concise", "detailed"});
}

// The defaults are those that are stated for each field here, not what the model's own settings
// turn out to be.
Json settings_of(const Json& body, const ReadRequest& read, const StateFields& state) {
  const auto said = [&body](const char* name, const Json& usual) {
    const auto field = body.find(name);
    return field == body.end() || field->is_null() ? usual : *field;
  };
  Json settings;
  settings["instructions"] = said("instructions", nullptr);
  settings["tools"] = said("tools", Json::array());
  for (Json& tool : settings["tools"]) {
    for (const char* name : {"description", "parameters"}) tool.emplace(name, nullptr);
    tool.emplace("strict", true);
  }
  settings["tool_choice"] = said("tool_choice", "auto");
  settings["parallel_tool_calls"] = said("parallel_tool_calls", true);
  settings["text"] = said("text", Json::object());
  settings["text"].emplace("format", Json{{"type", "text"}});
  settings["text"].emplace("verbosity", "medium");
  settings["reasoning"] = said("reasoning", Json::object());
  settings["reasoning"].emplace("effort", nullptr);
  settings["reasoning"].emplace("summary", nullptr);
  settings["temperature"] = said("temperature", 1.0);
  settings["top_p"] = said("top_p", 1.0);
  settings["presence_penalty"] = said("presence_penalty", 0.0);
  settings["frequency_penalty"] = said("frequency_penalty", 0.0);
  settings["top_logprobs"] = read.request.sampling.top_logprobs.value_or(0);
  settings["max_output_tokens"] = said("max_output_tokens", nullptr);
  settings["max_tool_calls"] = nullptr;
  settings["truncation"] = state.truncate ? "auto" : "disabled";
  settings["store"] = state.store;
  settings["background"] = state.background;
  settings["conversation"] =
      state.conversation.empty() ? Json(nullptr) : Json{{"id", state.conversation}};
  settings["service_tier"] = "default";
  settings["metadata"] = said("metadata", Json::object());
  for (const char* name :
       {"previous_response_id", "safety_identifier", "prompt_cache_key", "user"}) {
    settings[name] = said(name, nullptr);
  }
  return settings;
}

}  // namespace

bool may_wait(std::string_view body) {
  constexpr std::array<std::string_view, 5> kNames{"\"previous_response_id\"", "\"conversation\"",
                                                   "\"truncation\"", "\"context_management\"",
                                                   kReference};
  for (const std::string_view name : kNames) {
    if (body.find(name) != std::string_view::npos) return true;
  }
  return body.find("\\u") != std::string_view::npos;  // a name may be written by its codes
}

Result<ReadResponsesRequest> read_request(std::string_view body, const Memory& memory,
                                          std::string_view stem) {
  const auto json = parse_body(body, R"({"input": "Hello"})");
  if (!json) return std::unexpected(json.error());
  FirstError error;
  ObjectReader fields(*json, "", error);
  ReadResponsesRequest whole;
  ReadRequest& read = whole.read;
  check_fields(fields, memory);
  whole.state = read_state_fields(fields, memory);
  chat::Request& request = read.request;
  request.model = fields.text("model", {.most_bytes = kMostNameBytes}).value_or("");
  InputItems items{
      .earlier = earlier_items(fields, whole.state, memory),
      .earlier_name = whole.state.previous_id.empty() ? "conversation" : "previous_response_id"};
  const bool refers = memory.database && body.find(kReference) != std::string_view::npos;
  if (whole.state.store || refers || memory.turns) {
    whole.input = own_items(fields, whole.state, memory, stem);
    items.own = &whole.input;
  }
  request.messages = read_input(fields, items, memory);
  whole.earlier = std::move(items.earlier);
  request.tools = read_tools(fields);
  request.tool_choice = read_tool_choice(fields, request.tools);
  request.parallel_tools = fields.boolean("parallel_tool_calls").value_or(true);
  request.schema = read_text_format(fields);
  request.sampling = read_sampling(fields);
  request.sampling.stop = read_stop(fields);
  if (const auto rivals = fields.integer("top_logprobs", {0, 20}); rivals && *rivals > 0) {
    request.sampling.top_logprobs = static_cast<int>(*rivals);
  }
  read_include(fields, memory, whole);
  if (const auto limit = fields.integer("max_output_tokens", {1, kMostTokens})) {
    read.wish.output_tokens = static_cast<int>(*limit);
    read.wish.output_tokens_field = "max_output_tokens";
  }
  read_reasoning(fields, read);
  read_stream(fields, read);
  read_metadata(fields);
  for (const std::string_view name : {"safety_identifier", "user"}) {
    if (auto user = fields.text(name, {.most_bytes = kMostNameBytes})) request.caller.user = *user;
  }
  request.caller.conversation =
      fields.text("prompt_cache_key", {.most_bytes = kMostNameBytes}).value_or("");
  read_melete(fields, read);
  if (error) return std::unexpected(*error);
  whole.settings = settings_of(*json, read, whole.state);
  return whole;
}

}  // namespace melete::api::responses
