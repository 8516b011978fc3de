// What Meta's own API gets wrong, as its users report it, and what this server does instead: one
// test for each complaint. What it refuses is in meta_refusals_test.cc.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/collect.h"
#include "modes/mode_backend.h"
#include "server/dialects.h"
#include "server/test_server.h"

namespace melete::server {
namespace {

using chat::Request;
using testing::HasSubstr;
using testing::Not;

// A server whose model, left to itself, would reason for ever and answers only when it is told to;
// it keeps no budget itself, so the mode has to.
class Brooder {
 public:
  Brooder() {
    auto brooding = std::make_unique<modes::ModeBackend>(model_);
    std::vector<gateway::ServedModel> models;
    models.push_back({"tiny", std::move(brooding)});
    router_ = std::make_unique<gateway::Router>(std::move(models));
    ServerOptions options;
    options.port = 0;
    options.threads = 1;
    auto started = Server::start(std::move(options), {*router_, *router_, metrics_});
    EXPECT_TRUE(started.has_value());
    server_ = std::move(*started);
  }

  HttpReply ask(const std::string& path, const std::string& fields) const {
    return server::ask(server_->port(), path, question(path, fields));
  }

 private:
  static std::vector<chat::FakeStep> answer(const Request& request) {
    if (request.limits.reasoning_tokens == 0) return chat::answers("Twelve.")(request);
    std::string thoughts;
    for (int word = 0; word < 2000; ++word) thoughts += "hmm ";
    return chat::answers_with({.reasoning = thoughts, .reason = chat::FinishReason::Length})(
        request);
  }

  chat::FakeBackend model_{
      {.info = {.model = "tiny", .native_reasoning = true, .can_prefill = true}}, answer};
  Metrics metrics_;
  std::unique_ptr<gateway::Router> router_;
  std::unique_ptr<Server> server_;
};

// "HTTP 200 with empty text, reasoning as long as the limit."
TEST(MetaComplaints, ReasoningNeverEatsTheAnswer) {
  const Brooder server;
  const std::vector<std::pair<const char*, const char*>> asked = {
      {kChat, R"("max_tokens": 48, "reasoning_effort": "high")"},
      {kResponses, R"("max_output_tokens": 48, "reasoning": {"effort": "high"})"},
      {kMessages, R"("max_tokens": 48, "thinking": {"type": "enabled", "budget_tokens": 32})"}};
  for (const auto& [path, fields] : asked) {
    const HttpReply reply = server.ask(path, fields);
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(said_in(reply.json()), "Twelve.") << reply.body;
  }
}

// "Chain of thought unreadable"; in Chat Completions it came back empty, so that each turn thought
// anew.
TEST(MetaComplaints, ReasoningIsReadableInEveryDialect) {
  const TestServer server(chat::answers_with({.text = "Four.", .reasoning = "Two and two."}));
  const Json chat =
      ask(server.port(), kChat, question(kChat, R"("reasoning_effort": "low")")).json();
  EXPECT_EQ(chat["choices"][0]["message"]["reasoning_content"], "Two and two.");
  const Json response =
      ask(server.port(), kResponses, question(kResponses, R"("reasoning": {"effort": "low"})"))
          .json();
  EXPECT_EQ(response["output"][0]["content"][0]["text"], "Two and two.");
  const Json message =
      ask(server.port(), kMessages, question(kMessages, R"("thinking": {"type": "adaptive"})"))
          .json();
  EXPECT_EQ(message["content"][0]["thinking"], "Two and two.");
  for (const Json& reply : {chat, response, message}) EXPECT_EQ(said_in(reply), "Four.");
}

// "Leaked self-talk as the answer": tags that a model writes as text are taken out of it.
TEST(MetaComplaints, SelfTalkDoesNotLeakIntoTheAnswer) {
  chat::FakeBackend model({.info = {.model = "tiny"}},
                          chat::answers("<think>I must not say this.</think>Done."));
  modes::ModeBackend modes(model);
  Request request;
  request.model = "tiny";
  request.messages = {chat::text_message(chat::Role::User, "Is it done?")};
  request.mode = chat::Mode::Thinking;
  const auto stream = modes.start(request);
  const chat::Completion completion = chat::collect_blocking(*stream);
  ASSERT_FALSE(completion.error) << completion.error->message;
  EXPECT_EQ(completion.choices[0].text, "Done.");
  EXPECT_THAT(completion.choices[0].reasoning, HasSubstr("I must not say this."));
}

// "Encrypted items are bound to the issuing caller; fabricated or foreign reasoning ids: 400."
TEST(MetaComplaints, ReasoningFromElsewhereIsTakenBack) {
  const TestServer server;
  const HttpReply response = ask(server.port(), kResponses, R"({"model": "tiny", "input": [
      {"role": "user", "content": "Two and two?"},
      {"type": "reasoning", "id": "rs_of_another_account", "summary": [{"type": "summary_text", "text": "Add."}]},
      {"role": "assistant", "content": "Four."}, {"role": "user", "content": "And one?"}]})");
  EXPECT_EQ(response.status, 200) << response.body;
  const HttpReply message =
      ask(server.port(), kMessages, R"({"model": "tiny", "max_tokens": 8, "messages": [
      {"role": "user", "content": "Two and two?"},
      {"role": "assistant", "content": [{"type": "thinking", "thinking": "Add.", "signature": "of another account"},
                                        {"type": "text", "text": "Four."}]},
      {"role": "user", "content": "And one?"}]})");
  EXPECT_EQ(message.status, 200) << message.body;
  for (const Request& request : server.backend->requests()) {
    const auto* reasoning = std::get_if<chat::ReasoningPart>(&request.messages[1].parts[0]);
    ASSERT_NE(reasoning, nullptr);
    EXPECT_EQ(reasoning->text, "Add.");
  }
}

// "Asked for muse-*, wrote claude-*": what a model writes as arguments is passed on to the byte.
TEST(MetaComplaints, ToolArgumentsAreNotAltered) {
  const std::string arguments =
      R"({ "file":"claude-notes.md",  "as" : "muse-spark.md", "from":"gpt", "n": 1.0, "u":"\u00e9" })";
  const TestServer server([&](const Request&) {
    return std::vector<chat::FakeStep>{
        {{}, {.payload = chat::Started{}}},
        {{}, {.payload = chat::ToolCall{"c1", "rename", arguments}}},
        {{}, {.payload = chat::Finished{chat::FinishReason::ToolCalls}}}};
  });
  const Json chat = ask(server.port(), kChat, question(kChat)).json();
  EXPECT_EQ(chat["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"], arguments);
  const Json response = ask(server.port(), kResponses, question(kResponses)).json();
  EXPECT_EQ(response["output"][0]["arguments"], arguments);
  const Json message = ask(server.port(), kMessages, question(kMessages)).json();
  EXPECT_EQ(message["content"][0]["input"], Json::parse(arguments));
}

// ... nor on its way back, where the model reads what it had called.
TEST(MetaComplaints, ToolArgumentsAreReadBackAsTheyWere) {
  const std::string arguments = R"({ "file":"claude-notes.md",  "as" : "muse-spark.md" })";
  const TestServer server;
  const Json call{
      {"type", "function_call"}, {"call_id", "c1"}, {"name", "f"}, {"arguments", arguments}};
  const Json result{{"type", "function_call_output"}, {"call_id", "c1"}, {"output", "ok"}};
  const Json body{{"model", "tiny"},
                  {"input", {{{"role", "user"}, {"content", "Rename it."}}, call, result}}};
  ASSERT_EQ(ask(server.port(), kResponses, body.dump()).status, 200);
  const Request request = server.backend->requests().at(0);
  EXPECT_EQ(std::get<chat::ToolCall>(request.messages[1].parts[0]).arguments, arguments);
}

// "400s in long conversations not actionable: invalid parameters."
TEST(MetaComplaints, ARefusalInALongConversationSaysWhereAndWhatToDo) {
  Json input = Json::array();
  for (int turn = 0; turn < 40; ++turn) {
    input.push_back({{"role", turn % 2 == 0 ? "user" : "assistant"}, {"content", "Hm."}});
  }
  input.push_back({{"type", "function_call_output"}, {"call_id", "lost"}, {"output", "5"}});
  const TestServer server;
  const HttpReply reply =
      ask(server.port(), kResponses, Json{{"model", "tiny"}, {"input", input}}.dump());
  EXPECT_EQ(reply.status, 400);
  const Json error = reply.json()["error"];
  EXPECT_EQ(error["param"], "input[40].call_id");
  EXPECT_THAT(error["message"].get<std::string>(), HasSubstr("\"lost\""));
  EXPECT_THAT(error["message"].get<std::string>(), HasSubstr("no function_call before it"));
}

// "Branch on HTTP status and type, code is often null."
TEST(MetaComplaints, EveryRefusalHasACode) {
  const TestServer server;
  for (const char* path : {kChat, kResponses}) {
    for (const char* fields : {R"("temperature": 7)", R"("no_such_field": 1)",
                               R"("tool_choice": "required")", R"("store": "yes")"}) {
      const HttpReply reply = ask(server.port(), path, question(path, fields));
      EXPECT_EQ(reply.status, 400) << fields;
      const Json error = reply.json()["error"];
      EXPECT_TRUE(error["code"].is_string()) << reply.body;
      EXPECT_TRUE(error["param"].is_string()) << reply.body;
      EXPECT_THAT(error["message"].get<std::string>(), Not(HasSubstr("invalid parameters")));
    }
  }
}

// "50-image cap."
TEST(MetaComplaints, SixtyPicturesAreTaken) {
  const TestServer server;
  Json content = Json::array({{{"type", "input_text"}, {"text", "Compare."}}});
  for (int picture = 0; picture < 60; ++picture) {
    content.push_back(
        {{"type", "input_image"}, {"image_url", "data:image/png;base64,iVBORw0KGgo="}});
  }
  const Json body{{"model", "tiny"}, {"input", {{{"role", "user"}, {"content", content}}}}};
  EXPECT_EQ(ask(server.port(), kResponses, body.dump()).status, 200);
  EXPECT_EQ(server.backend->requests().at(0).messages[0].parts.size(), 61u);
}

}  // namespace
}  // namespace melete::server
