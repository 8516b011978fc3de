// Chat Completions from a client's side.

#include "cli/completion_wire.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "cli/agent_wire.h"

namespace melete::cli {
namespace {

constexpr size_t kQuotedBytes = 200;

std::string_view image_type(const std::string& bytes) {
  if (bytes.starts_with("\xff\xd8")) return "image/jpeg";
  if (bytes.starts_with("GIF8")) return "image/gif";
  if (bytes.starts_with("BM")) return "image/bmp";
  return "image/png";
}

std::string_view role_name(chat::Role role) {
  switch (role) {
    case chat::Role::System:
      return "system";
    case chat::Role::Developer:
      return "developer";
    case chat::Role::Assistant:
      return "assistant";
    case chat::Role::Tool:
      return "tool";
    case chat::Role::User:
      break;
  }
  return "user";
}

Json text_json(const std::string& text) {
  return {{"type", "text"}, {"text", text}};
}

Json image_json(const chat::ImagePart& image) {
  const std::string url =
      fmt::format("data:{};base64,{}", image_type(*image.bytes), base64(*image.bytes));
  return {{"type", "image_url"}, {"image_url", {{"url", url}}}};
}

Json sound_json(const chat::AudioPart& sound) {
  const std::string_view format = sound.bytes->starts_with("RIFF") ? "wav" : "mp3";
  return {{"type", "input_audio"},
          {"input_audio", {{"data", base64(*sound.bytes)}, {"format", format}}}};
}

Result<Json> message_json(const chat::Message& message) {
  Json content = Json::array();
  for (const chat::Part& part : message.parts) {
    if (const auto* text = std::get_if<chat::TextPart>(&part)) {
      content.push_back(text_json(text->text));
    } else if (const auto* image = std::get_if<chat::ImagePart>(&part)) {
      content.push_back(image_json(*image));
    } else if (const auto* sound = std::get_if<chat::AudioPart>(&part)) {
      content.push_back(sound_json(*sound));
    } else if (!std::holds_alternative<chat::ReasoningPart>(part)) {
      return fail(ErrorCode::Unsupported,
                  "only text, pictures and sound can be sent to a server from here", "messages");
    }
  }
  Json json{{"role", role_name(message.role)}};
  const bool only_text = content.size() == 1 && content[0]["type"] == "text";
  json["content"] = only_text ? content[0]["text"] : content;
  return json;
}

Json verify_json(const chat::Verifier& verifier) {
  if (const auto* match = std::get_if<chat::MatchesPattern>(&verifier)) {
    return {{"pattern", match->pattern}};
  }
  if (const auto* fit = std::get_if<chat::FitsSchema>(&verifier)) {
    return {{"schema", fit->schema ? *fit->schema : Json(true)}};
  }
  const auto& equal = std::get<chat::EqualsValue>(verifier);
  return {{"equals", equal.value}, {"tolerance", equal.tolerance}};
}

Json melete_json(const chat::Request& request) {
  Json json{{"mode", chat::name_of(request.mode)}, {"events", true}};
  if (!request.strategy.empty()) json["strategy"] = request.strategy;
  if (request.agents > 0) json["agents"] = request.agents;
  if (!request.hints.empty()) json["hints"] = request.hints;
  if (!request.models.empty()) json["models"] = request.models;
  if (request.verifier) json["verify"] = verify_json(*request.verifier);
  if (request.limits.reasoning_tokens) {
    json["reasoning_tokens"] = *request.limits.reasoning_tokens;
  }
  if (request.compression != chat::Compression::Off) {
    json["compression"] = chat::name_of(request.compression);
  }
  if (request.fold_tokens > 0) json["fold"] = request.fold_tokens;
  if (request.limits.deadline) json["deadline_ms"] = request.limits.deadline->count();
  return json;
}

ErrorCode code_of(int status) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    if (http_status(code) == status) return code;
  }
  return ErrorCode::Internal;
}

Error error_of(const Json& error, ErrorCode fallback) {
  Error read{fallback, text_at(error, "message"), text_at(error, "param")};
  const std::string name = text_at(error, "code");
  for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
    if (name_of(static_cast<ErrorCode>(i)) == name) read.code = static_cast<ErrorCode>(i);
  }
  return read;
}

chat::FinishReason reason_of(const std::string& name) {
  using enum chat::FinishReason;
  for (const auto reason : {Stop, Length, ToolCalls, Stopped, Deadline}) {
    if (chat::name_of(reason) == name) return reason;
  }
  return name == "content_filter" ? Filtered : Stop;
}

chat::Usage usage_of(const Json& json) {
  chat::Usage usage;
  usage.prompt_tokens = number_at(json, "prompt_tokens");
  const auto prompt = json.find("prompt_tokens_details");
  if (prompt != json.end()) usage.cached_tokens = number_at(*prompt, "cached_tokens");
  const auto written = json.find("completion_tokens_details");
  if (written != json.end()) usage.reasoning_tokens = number_at(*written, "reasoning_tokens");
  usage.answer_tokens = number_at(json, "completion_tokens") - usage.reasoning_tokens;
  const auto own = json.find("melete");
  if (own != json.end()) {
    usage.peak_cells = number_at(*own, "peak_cells");
    usage.saved_tokens = number_at(*own, "reasoning_tokens_saved");
  }
  return usage;
}

bool has_own_words(const chat::Branch& branch) {
  return !branch.suffix.empty() || branch.sampling;
}

void write_sampling(const chat::Sampling& sampling, Json& body) {
  if (sampling.temperature) body["temperature"] = *sampling.temperature;
  if (sampling.top_p) body["top_p"] = *sampling.top_p;
  if (sampling.top_k) body["top_k"] = *sampling.top_k;
  if (sampling.min_p) body["min_p"] = *sampling.min_p;
  if (sampling.seed) body["seed"] = *sampling.seed;
}

}  // namespace

Result<std::string> write_request(const chat::Request& request) {
  if (std::ranges::any_of(request.branches, has_own_words) || !request.tools.empty()) {
    return fail(
        ErrorCode::Unsupported,
        "answers with prompts of their own and tools cannot be asked of a server from here");
  }
  Json body{{"model", request.model}};
  Json& messages = body["messages"] = Json::array();
  for (const chat::Message& message : request.messages) {
    auto json = message_json(message);
    if (!json) return std::unexpected(json.error());
    messages.push_back(std::move(*json));
  }
  body["stream"] = true;
  body["stream_options"] = {{"include_usage", true}};
  if (request.effort) body["reasoning_effort"] = chat::name_of(*request.effort);
  if (request.limits.answer_tokens) {
    body["max_completion_tokens"] =
        *request.limits.answer_tokens + request.limits.reasoning_tokens.value_or(0);
  }
  if (const int count = chat::choice_count(request); count > 1) body["n"] = count;
  write_sampling(request.sampling, body);
  body["melete"] = melete_json(request);
  return write_json(body);
}

Error read_error(int status, std::string_view body) {
  const auto json = parse_json(body);
  if (json && json->is_object() && json->contains("error") && (*json)["error"].is_object()) {
    return error_of((*json)["error"], code_of(status));
  }
  return Error{
      code_of(status),
      fmt::format("the server answered with status {}: {}", status, body.substr(0, kQuotedBytes)),
      "server"};
}

Result<std::vector<chat::Event>> ChunkReader::read(std::string_view data) {
  if (data == "[DONE]") return finish();
  const auto json = parse_json(data);
  if (!json || !json->is_object()) {
    return fail(ErrorCode::Corrupt,
                fmt::format("the server sent something that is no chunk of an answer: {}",
                            data.substr(0, kQuotedBytes)),
                "server");
  }
  if (json->contains("error") && (*json)["error"].is_object()) {
    ended_ = true;
    return std::vector{
        chat::Event{.payload = chat::Failed{error_of((*json)["error"], ErrorCode::Internal)}}};
  }
  const std::string type = text_at(*json, "type");
  if (!type.empty()) return read_melete_event(type, *json);
  if (const auto melete = json->find("melete"); melete != json->end() && melete->is_object()) {
    report_ = read_report(*melete);
  }
  std::vector<chat::Event> events;
  const auto choices = json->find("choices");
  if (choices != json->end() && choices->is_array()) {
    for (const Json& choice : *choices) read_choice(choice, events);
  }
  if (const auto usage = json->find("usage"); usage != json->end() && usage->is_object()) {
    if (!usage_) usage_.emplace();
    *usage_ += usage_of(*usage);
  }
  return events;
}

void ChunkReader::read_choice(const Json& choice, std::vector<chat::Event>& events) {
  const auto index = static_cast<int>(number_at(choice, "index"));
  const auto add = [&](chat::Payload payload) {
    events.push_back({.choice = index, .payload = std::move(payload)});
  };
  if (const auto delta = choice.find("delta"); delta != choice.end() && delta->is_object()) {
    if (delta->contains("role")) add(chat::Started{});
    std::string reasoning = text_at(*delta, "reasoning_content");
    if (!reasoning.empty()) add(chat::ReasoningDelta{std::move(reasoning)});
    std::string text = text_at(*delta, "content");
    if (!text.empty()) add(chat::TextDelta{std::move(text), {}});
  }
  std::string reason = text_at(choice, "finish_reason");
  if (const auto melete = choice.find("melete"); melete != choice.end() && melete->is_object()) {
    reason = text_at(*melete, "finish_reason");
  }
  if (!reason.empty()) reasons_[index] = reason_of(reason);
}

std::vector<chat::Event> ChunkReader::finish() {
  std::vector<chat::Event> events;
  if (ended_ || reasons_.empty()) return events;
  if (report_) events.push_back({.payload = *report_});
  for (const auto& [choice, reason] : reasons_) {
    const bool last = choice == reasons_.rbegin()->first;
    if (last && usage_) events.push_back({.payload = *usage_});
    events.push_back({.choice = choice, .payload = chat::Finished{reason}});
  }
  ended_ = true;
  return events;
}

}  // namespace melete::cli
