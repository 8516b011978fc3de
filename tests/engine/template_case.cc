#include "engine/template_case.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "base/json.h"

namespace melete::engine {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

fs::path case_folder() {
  return fs::path(MELETE_SOURCE_DIR) / "tests/engine/templates";
}

void read_cases(const fs::path& path, std::vector<TemplateCase>& cases) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const size_t colon = line.find(':');
    const std::string key = line.substr(0, colon);
    const size_t start = line.find_first_not_of(' ', colon + 1);
    if (key == "name") cases.push_back({path.stem().string(), {}});
    cases.back().lines.emplace_back(key, start == std::string::npos ? "" : line.substr(start));
  }
}

chat::Message message_of(const Json& json) {
  using chat::Role;
  const std::string role = json.begin().key();
  const std::string text = json.begin().value();
  chat::Message message;
  if (role == "tool") {
    message.role = Role::Tool;
    message.parts.emplace_back(chat::ToolResult{json.value("id", ""), "", text});
    return message;
  }
  message.role = role == "system"      ? Role::System
                 : role == "developer" ? Role::Developer
                 : role == "assistant" ? Role::Assistant
                                       : Role::User;
  if (json.contains("image")) {
    message.parts.emplace_back(
        chat::ImagePart{std::make_shared<const std::string>("png"), "picture"});
  }
  if (json.contains("reasoning"))
    message.parts.emplace_back(chat::ReasoningPart{json["reasoning"]});
  if (!text.empty()) message.parts.emplace_back(chat::TextPart{text});
  if (json.contains("calls")) {
    for (const Json& call : json["calls"])
      message.parts.emplace_back(chat::ToolCall{call[0], call[1], call[2]});
  }
  return message;
}

chat::Tool tool_of(const std::string& name) {
  Json parameters = Json::parse(
      R"({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]})");
  return {name, "Tells about " + name, std::move(parameters)};
}

chat::ToolChoice choice_of(const std::string& name) {
  using Kind = chat::ToolChoice::Kind;
  if (name == "auto") return {Kind::Auto, ""};
  if (name == "none") return {Kind::None, ""};
  if (name == "required") return {Kind::Required, ""};
  return {Kind::Named, name};
}

}  // namespace

std::string TemplateCase::value(const std::string& key) const {
  const auto found = std::ranges::find(lines, key, &std::pair<std::string, std::string>::first);
  return found == lines.end() ? "" : found->second;
}

bool TemplateCase::has(const std::string& key) const {
  return std::ranges::count(lines, key, &std::pair<std::string, std::string>::first) > 0;
}

void PrintTo(const TemplateCase& test, std::ostream* out) {
  *out << test.value("name");
}

std::vector<TemplateCase> read_template_cases() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(case_folder())) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<TemplateCase> cases;
  for (const fs::path& file : files) read_cases(file, cases);
  return cases;
}

std::string read_template(const std::string& name) {
  const fs::path own = case_folder() / name;
  return read_file(fs::exists(own) ? own : fs::path(MELETE_LLAMA_TEMPLATES) / name);
}

chat::Request request_of(const std::string& text) {
  const Json json = Json::parse(text);
  chat::Request request;
  for (const Json& message : json.at("messages")) request.messages.push_back(message_of(message));
  request.prefill = json.value("prefill", "");
  if (json.contains("effort")) request.effort = chat::effort_from(std::string(json["effort"]));
  if (json.contains("reasoning_tokens")) request.limits.reasoning_tokens = json["reasoning_tokens"];
  for (const Json& name : json.value("tools", Json::array()))
    request.tools.push_back(tool_of(name));
  request.tool_choice = choice_of(json.value("tool_choice", "auto"));
  if (json.contains("schema")) request.schema = chat::Schema{"answer", json["schema"], true};
  return request;
}

}  // namespace melete::engine
