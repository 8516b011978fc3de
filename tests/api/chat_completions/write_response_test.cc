// A whole answer as one JSON body, errors, and the list of models.

#include "api/chat_completions/write_response.h"

#include <gtest/gtest.h>

#include "api/error_body.h"
#include "api/model_list.h"
#include "chat/fake_backend.h"

namespace melete::api::chat_completions {
namespace {

const AnswerHead kHead{"chatcmpl-1", 1700000000, "tiny:thinking"};

Json written(const chat::Completion& completion) {
  return Json::parse(write_response(kHead, completion));
}

TEST(WriteResponse, TextReasoningAndUsage) {
  chat::Completion completion;
  completion.choices.push_back(
      {.reasoning = "Hm.", .text = "42", .finish_reason = chat::FinishReason::Stop});
  completion.usage = {10, 2, 3, 1};
  const Json body = written(completion);
  EXPECT_EQ(body["object"], "chat.completion");
  EXPECT_EQ(body["model"], "tiny:thinking");
  const Json& choice = body["choices"][0];
  EXPECT_EQ(choice["index"], 0);
  EXPECT_EQ(choice["message"]["role"], "assistant");
  EXPECT_EQ(choice["message"]["content"], "42");
  EXPECT_EQ(choice["message"]["reasoning_content"], "Hm.");
  EXPECT_EQ(choice["finish_reason"], "stop");
  EXPECT_TRUE(choice["logprobs"].is_null());
  EXPECT_EQ(body["usage"]["completion_tokens"], 4);
  EXPECT_EQ(body["usage"]["total_tokens"], 14);
  EXPECT_FALSE(body.contains("melete"));
}

TEST(WriteResponse, ToolCallsHaveNoContent) {
  chat::Completion completion;
  completion.choices.push_back({.tool_calls = {{"call_1", "add", "{\"a\":1}"}},
                                .finish_reason = chat::FinishReason::ToolCalls});
  const Json message = written(completion)["choices"][0]["message"];
  EXPECT_TRUE(message["content"].is_null());
  EXPECT_EQ(message["tool_calls"][0]["type"], "function");
  EXPECT_EQ(message["tool_calls"][0]["function"]["arguments"], "{\"a\":1}");
}

TEST(WriteResponse, DecisionsAreTold) {
  chat::Completion completion;
  completion.choices.push_back({.text = "42", .finish_reason = chat::FinishReason::Stop});
  completion.decisions.push_back({"vote", "42", 3, 5, "majority"});
  const Json decision = written(completion)["melete"]["decisions"][0];
  EXPECT_EQ(decision["strategy"], "vote");
  EXPECT_EQ(decision["votes"], 3);
  EXPECT_EQ(decision["agents"], 5);
}

TEST(WriteResponse, TheReportTellsOfAgentsVotesTokensAndTime) {
  chat::Completion completion;
  completion.choices.push_back({.text = "42", .finish_reason = chat::FinishReason::Stop});
  completion.report =
      chat::Report{.strategy = "vote",
                   .stop = "enough answers",
                   .asked = 2,
                   .ran = 2,
                   .agents = {{.agent = "1",
                               .model = "m",
                               .answer = "42",
                               .ended = "finished",
                               .tokens = 9,
                               .voted = true,
                               .certainty = -0.1234},
                              {.agent = "2", .model = "m", .ended = "loop", .tokens = 300}},
                   .votes = {{.answer = "42", .votes = 1}},
                   .propose_tokens = 309,
                   .merge_tokens = 20,
                   .seconds = 3,
                   .chain_seconds = 2};
  const Json melete = written(completion)["melete"];
  EXPECT_EQ(melete["stop"], "enough answers");
  EXPECT_EQ(melete["agents"][0]["answer"], "42");
  EXPECT_EQ(melete["agents"][0]["voted"], true);
  EXPECT_EQ(melete["agents"][0]["certainty"], -0.123);
  EXPECT_TRUE(melete["agents"][1]["certainty"].is_null());
  EXPECT_TRUE(melete["agents"][1]["answer"].is_null());
  EXPECT_EQ(melete["agents"][1]["ended"], "loop");
  EXPECT_EQ(melete["votes"][0]["votes"], 1);
  EXPECT_EQ(melete["tokens"]["propose"], 309);
  EXPECT_EQ(melete["tokens"]["merge"], 20);
  EXPECT_EQ(melete["latency_ratio"], 1.5);
  completion.report->chain_seconds = 0;
  EXPECT_TRUE(written(completion)["melete"]["latency_ratio"].is_null());
}

TEST(WriteResponse, EveryFinishReasonIsOneOfOpenAis) {
  using chat::FinishReason;
  EXPECT_EQ(finish_reason_of(FinishReason::Stop), "stop");
  EXPECT_EQ(finish_reason_of(FinishReason::Length), "length");
  EXPECT_EQ(finish_reason_of(FinishReason::ToolCalls), "tool_calls");
  EXPECT_EQ(finish_reason_of(FinishReason::Stopped), "length");
  EXPECT_EQ(finish_reason_of(FinishReason::Deadline), "length");
  EXPECT_EQ(finish_reason_of(FinishReason::Filtered), "content_filter");
}

TEST(WriteError, HasMessageTypeParamAndCode) {
  const Json wrong = openai_error({ErrorCode::InvalidArgument, "No.", "temperature"});
  EXPECT_EQ(wrong["message"], "No.");
  EXPECT_EQ(wrong["type"], "invalid_request_error");
  EXPECT_EQ(wrong["param"], "temperature");
  EXPECT_EQ(wrong["code"], "invalid_argument");
  EXPECT_EQ(openai_error({ErrorCode::NotFound, "No.", "model"})["code"], "model_not_found");
  EXPECT_EQ(openai_error({ErrorCode::RateLimited, "No."})["type"], "rate_limit_error");
  EXPECT_EQ(openai_error({ErrorCode::Internal, "No."})["type"], "server_error");
  EXPECT_TRUE(openai_error({ErrorCode::Internal, "No."})["param"].is_null());
}

TEST(ModelList, ListsEachModelAndItsModes) {
  std::vector<gateway::ServedModel> models;
  models.push_back({"tiny", std::make_unique<chat::FakeBackend>(
                                chat::FakeOptions{.info = {.model = "tiny", .images = true}},
                                chat::answers("Hi"))});
  const gateway::Router router(std::move(models));
  const Json list = Json::parse(write_model_list(router));
  EXPECT_EQ(list["object"], "list");
  ASSERT_EQ(list["data"].size(), 4u);
  EXPECT_EQ(list["data"][0]["id"], "tiny");
  EXPECT_EQ(list["data"][0]["object"], "model");
  EXPECT_EQ(list["data"][0]["melete"]["images"], true);
  EXPECT_EQ(list["data"][3]["id"], "tiny:contemplating");
  EXPECT_EQ(list["data"][3]["melete"]["mode"], "contemplating");

  EXPECT_EQ(Json::parse(*write_model(router, "tiny:instant"))["id"], "tiny:instant");
  EXPECT_FALSE(write_model(router, "huge"));
}

}  // namespace
}  // namespace melete::api::chat_completions
