// A server whose model follows a script, for tests that come over HTTP: it thinks when asked to,
// calls the first tool it is given, answers once it has the result, keeps to a schema, sees
// pictures and embeds; what is stored goes away with it.
//
// What real weights write cannot be foretold; with this model a test may demand every step of a
// round trip. Prints its address and serves until its standard input ends.

#include <algorithm>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/metrics.h"
#include "chat/fake_backend.h"
#include "chat/fake_embedder.h"
#include "modes/mode_backend.h"
#include "server/server.h"
#include "store/seal.h"
#include "store/stored_things.h"

namespace melete {
namespace {

using chat::FakeStep;
using chat::Request;
using Kind = chat::ToolChoice::Kind;

// A value that fits the JSON schema `form`: the first of an enum, 2, "Paris", and whatever is
// required of an object.
Json value_for(const Json& form) {
  if (form.contains("enum")) return form["enum"].at(0);
  const std::string type = form.value("type", "string");
  if (type == "integer" || type == "number") return 2;
  if (type == "boolean") return true;
  if (type == "array") return Json::array({value_for(form.value("items", Json::object()))});
  if (type != "object") return "Paris";
  Json object = Json::object();
  const Json properties = form.value("properties", Json::object());
  for (const Json& name : form.value("required", Json::array())) {
    const auto text = name.get<std::string>();
    object[text] = value_for(properties.value(text, Json::object()));
  }
  return object;
}

template <typename T>
const T* last_part(const Request& request) {
  if (request.messages.empty()) return nullptr;
  for (const chat::Part& part : request.messages.back().parts) {
    if (const T* found = std::get_if<T>(&part)) return found;
  }
  return nullptr;
}

bool wants_call(const Request& request) {
  const Kind kind = request.tool_choice.kind;
  if (request.tools.empty() || kind == Kind::None) return false;
  return kind != Kind::Auto || !last_part<chat::ToolResult>(request);
}

const chat::Tool& tool_to_call(const Request& request) {
  const auto named = std::ranges::find(request.tools, request.tool_choice.name, &chat::Tool::name);
  return named == request.tools.end() ? request.tools.front() : *named;
}

std::string text_for(const Request& request) {
  if (const auto* result = last_part<chat::ToolResult>(request))
    return "It says " + result->text + ".";
  if (request.schema) return write_json(value_for(request.schema->schema));
  if (last_part<chat::ImagePart>(request)) return "I see a picture.";
  return "Hello, I am here and I hear you.";
}

chat::Event event(chat::Payload payload, int tokens = 0) {
  return {.tokens = tokens, .payload = std::move(payload)};
}

// A call in two pieces and then whole, as engines tell it.
std::vector<FakeStep> call(const Request& request) {
  const chat::Tool& tool = tool_to_call(request);
  const chat::ToolCall whole{"call_1", tool.name, write_json(value_for(tool.parameters))};
  const size_t half = whole.arguments.size() / 2;
  std::vector<FakeStep> steps;
  steps.push_back({{}, event(chat::Started{.prompt_tokens = 7})});
  if (request.mode != chat::Mode::Instant) {
    steps.push_back({{}, event(chat::ReasoningDelta{"A tool knows this."}, 4)});
  }
  steps.push_back(
      {{},
       event(chat::ToolCallDelta{0, whole.id, whole.name, whole.arguments.substr(0, half)}, 1)});
  steps.push_back({{}, event(chat::ToolCallDelta{0, "", "", whole.arguments.substr(half)}, 1)});
  steps.push_back({{}, event(whole)});
  steps.push_back({{}, event(chat::Finished{chat::FinishReason::ToolCalls})});
  return steps;
}

std::vector<FakeStep> answer(const Request& request) {
  if (wants_call(request)) return call(request);
  chat::FakeAnswer said{.text = text_for(request), .logprob = -0.5};
  if (request.mode != chat::Mode::Instant) said.reasoning = "They ask, so I answer.";
  std::vector<FakeStep> steps;
  for (int choice = 0; choice < chat::choice_count(request); ++choice) {
    for (FakeStep& step : chat::steps_of(said, choice)) steps.push_back(std::move(step));
  }
  return steps;
}

int serve() {
  chat::FakeBackend answers({.info = {.model = "scripted",
                                      .images = true,
                                      .can_prefill = true,
                                      .enforces_reasoning_budget = true}},
                            answer);
  chat::FakeEmbedder embedder;
  std::vector<gateway::ServedModel> models;
  models.push_back({"scripted", std::make_unique<modes::ModeBackend>(answers), &embedder});
  gateway::Router router(std::move(models));
  Metrics metrics;
  store::TemporaryDatabase database;
  const auto seal =
      store::Seal::open(database.file().parent_path() / "seal.keys", store::SealPurpose::Reasoning);
  server::ServerOptions options;
  options.port = 0;
  const api::Memory memory{.database = &*database, .seal = seal ? &*seal : nullptr};
  auto started = server::Server::start(std::move(options), {router, router, metrics, memory});
  if (!started) {
    std::cerr << started.error().message << '\n';
    return 1;
  }
  std::cout << (*started)->url() << std::endl;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  return 0;
}

}  // namespace
}  // namespace melete

int main() {
  return melete::serve();
}
