// Events become items that open, grow and close; the last event holds them all.

#include "api/responses/write_response.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melete::api::responses {
namespace {

using chat::FinishReason;
using testing::ElementsAre;

ResponseHead head(bool events = false) {
  return {.id = "resp_1",
          .created_at = 7,
          .model = "tiny",
          .settings = {{"store", false}},
          .events = events};
}

std::vector<Json> events_in_order(const std::string& frames) {
  std::vector<Json> events;
  size_t at = 0;
  while (at < frames.size()) {
    const size_t data = frames.find("data: ", at);
    const size_t end = frames.find("\n\n", at);
    events.push_back(Json::parse(frames.substr(data + 6, end - data - 6)));
    EXPECT_EQ(frames.substr(at, data - at),
              "event: " + events.back()["type"].get<std::string>() + "\n");
    at = end + 2;
  }
  return events;
}

// All events of an answer.
std::vector<Json> events_of(const std::string& frames) {
  std::vector<Json> events = events_in_order(frames);
  for (size_t index = 0; index < events.size(); ++index) {
    EXPECT_EQ(events[index]["sequence_number"], index);
  }
  return events;
}

std::vector<Json> written(const std::vector<chat::Payload>& payloads, bool events = false) {
  ResponseWriter writer(head(events));
  std::string frames;
  for (const chat::Payload& payload : payloads)
    frames += writer.write({.tokens = 1, .payload = payload});
  frames += writer.end();
  return events_of(frames);
}

std::vector<std::string> types_of(const std::vector<Json>& events) {
  std::vector<std::string> types;
  for (const Json& event : events) types.push_back(event["type"].get<std::string>().substr(9));
  return types;
}

TEST(ResponsesEvents, AReasoningItemAndAMessage) {
  const auto events = written({chat::Started{12, 4}, chat::ReasoningDelta{"Hm."},
                               chat::TextDelta{"Hel", {}}, chat::TextDelta{"lo", {}},
                               chat::Usage{12, 4, 1, 2}, chat::Finished{FinishReason::Stop}});
  EXPECT_THAT(types_of(events),
              ElementsAre("created", "in_progress", "output_item.added", "content_part.added",
                          "reasoning_text.delta", "reasoning_text.done", "content_part.done",
                          "output_item.done", "output_item.added", "content_part.added",
                          "output_text.delta", "output_text.delta", "output_text.done",
                          "content_part.done", "output_item.done", "completed"));
  EXPECT_EQ(events[0]["response"]["status"], "in_progress");
  EXPECT_EQ(events[4]["item_id"], events[2]["item"]["id"]);
  EXPECT_EQ(events[10]["output_index"], 1);
  EXPECT_EQ(events[12]["text"], "Hello");
  const Json& response = events.back()["response"];
  EXPECT_EQ(response["status"], "completed");
  ASSERT_EQ(response["output"].size(), 2u);
  EXPECT_EQ(response["output"][0]["content"][0]["text"], "Hm.");
  EXPECT_EQ(response["output"][1]["content"][0]["text"], "Hello");
  EXPECT_EQ(response["output"][1]["status"], "completed");
  EXPECT_EQ(response["usage"]["total_tokens"], 15);
  EXPECT_EQ(response["usage"]["input_tokens_details"]["cached_tokens"], 4);
}

TEST(ResponsesEvents, CallsGrowOrComeWhole) {
  const auto events =
      written({chat::Started{}, chat::ToolCallDelta{0, "c1", "add", ""},
               chat::ToolCallDelta{0, "", "", R"({"a":)"}, chat::ToolCallDelta{0, "", "", "1}"},
               chat::ToolCall{"c1", "add", R"({"a":1})"}, chat::ToolCall{"c2", "sub", "{}"},
               chat::Finished{FinishReason::ToolCalls}});
  EXPECT_THAT(
      types_of(events),
      ElementsAre("created", "in_progress", "output_item.added", "function_call_arguments.delta",
                  "function_call_arguments.delta", "function_call_arguments.done",
                  "output_item.done", "output_item.added", "function_call_arguments.delta",
                  "function_call_arguments.done", "output_item.done", "completed"));
  EXPECT_EQ(events[5]["arguments"], R"({"a":1})");
  const Json& output = events.back()["response"]["output"];
  EXPECT_EQ(output[0]["call_id"], "c1");
  EXPECT_EQ(output[1]["arguments"], "{}");
}

// What a parser gives when a limit cuts a call: its pieces, then what was written as text.
TEST(ResponsesEvents, ACallThatTextFollowsWasCut) {
  const auto events =
      written({chat::Started{}, chat::ToolCallDelta{0, "c1", "add", R"({"a":)"},
               chat::TextDelta{R"({"a":)", {}}, chat::Finished{FinishReason::Length}});
  const Json& output = events.back()["response"]["output"];
  EXPECT_EQ(output[0]["type"], "function_call");
  EXPECT_EQ(output[0]["status"], "incomplete");
  EXPECT_EQ(output[1]["type"], "message");
}

TEST(ResponsesEvents, ACutAnswerIsIncomplete) {
  const auto events =
      written({chat::Started{}, chat::TextDelta{"Hel", {}}, chat::Finished{FinishReason::Length}});
  const Json& response = events.back()["response"];
  EXPECT_EQ(events.back()["type"], "response.incomplete");
  EXPECT_EQ(response["incomplete_details"]["reason"], "max_output_tokens");
  EXPECT_EQ(response["output"][0]["status"], "incomplete");
  EXPECT_TRUE(response["completed_at"].is_null());
}

TEST(ResponsesEvents, AFailureKeepsWhatWasWritten) {
  const auto events = written({chat::Started{}, chat::TextDelta{"Hel", {}},
                               chat::Failed{{ErrorCode::Internal, "no memory"}}});
  EXPECT_EQ(events.back()["type"], "response.failed");
  EXPECT_EQ(events.back()["response"]["error"]["code"], "server_error");
  EXPECT_EQ(events.back()["response"]["output"][0]["content"][0]["text"], "Hel");
}

TEST(ResponsesEvents, TellOfAgentsWhenAsked) {
  const chat::Vote vote{.answer = "12", .votes = 2, .agents_left = 1};
  const auto told = written({chat::Started{}, vote, chat::Finished{}}, true);
  EXPECT_EQ(told[2]["type"], "melete.vote");
  EXPECT_EQ(written({chat::Started{}, vote, chat::Finished{}}).size(), 3u);
}

TEST(ResponsesRecord, IsTheAnswerSoFar) {
  ResponseWriter writer(head());
  writer.write({.payload = chat::Started{}});
  writer.write({.tokens = 1, .payload = chat::TextDelta{"Hel", {}}});
  const runs::Snapshot so_far = writer.snapshot();
  EXPECT_EQ(so_far.status, "in_progress");
  EXPECT_EQ(so_far.last_sequence, 4);
  EXPECT_EQ(Json::parse(so_far.response)["output"][0]["content"][0]["text"], "Hel");
  writer.write({.payload = chat::Finished{}});
  const runs::Snapshot whole = writer.snapshot();
  EXPECT_EQ(whole.status, "completed");
  const Json last = events_in_order(writer.end()).back();
  EXPECT_EQ(last["sequence_number"], whole.last_sequence);
  EXPECT_EQ(last["response"], Json::parse(whole.response));
}

TEST(ResponsesRecord, SaysThatItWaits) {
  ResponseWriter writer(head());
  const std::string queued = writer.write_queued();
  EXPECT_EQ(writer.snapshot().status, "queued");
  writer.mark_begun();
  const std::string begun = writer.write({.payload = chat::Started{}});
  EXPECT_THAT(types_of(events_of(queued + begun)), ElementsAre("created", "queued", "in_progress"));
}

TEST(ResponsesRecord, StaysCancelledWhateverComes) {
  ResponseWriter writer(head());
  writer.write({.payload = chat::Started{}});
  writer.mark_cancelled();
  writer.write({.payload = chat::Finished{FinishReason::Stopped}});
  EXPECT_EQ(writer.snapshot().status, "cancelled");
  const Json last = events_in_order(writer.end()).back();
  EXPECT_EQ(last["type"], "response.incomplete");
  EXPECT_EQ(last["response"]["status"], "cancelled");
}

TEST(ResponsesRecord, SaysThatItIsNotStoredAndWhy) {
  ResponseWriter writer(head());
  writer.write({.payload = chat::Started{}});
  writer.write({.payload = chat::Finished{}});
  writer.mark_not_stored({ErrorCode::StorageFull, "The disk is full."});
  const Json response = events_in_order(writer.end()).back()["response"];
  EXPECT_EQ(response["store"], false);
  EXPECT_EQ(response["melete"]["store_error"], "The disk is full.");
}

TEST(ResponsesRecord, ItemsAreNamedAfterTheResponse) {
  const auto events =
      written({chat::Started{}, chat::ReasoningDelta{"Hm."}, chat::TextDelta{"Hi", {}},
               chat::ToolCall{"c1", "add", "{}"}, chat::Finished{FinishReason::ToolCalls}});
  std::vector<std::string> ids;
  for (const Json& item : events.back()["response"]["output"]) ids.push_back(item["id"]);
  EXPECT_THAT(ids, ElementsAre("rs_1_0", "msg_1_1", "fc_1_2"));
}

TEST(ResponsesRecord, ReasoningAndSummariesComeSealedWhereThereIsASeal) {
  ResponseHead sealed = head();
  const Sealer brackets = [](std::string_view text) { return fmt::format("<{}>", text); };
  sealed.seals = {brackets, brackets};
  ResponseWriter writer(sealed);
  std::string frames = writer.write({.payload = chat::Annotation{"compaction", "They add."}});
  for (const chat::Payload& payload :
       std::vector<chat::Payload>{chat::Started{}, chat::ReasoningDelta{"Hm."}, chat::Finished{}}) {
    frames += writer.write({.tokens = 1, .payload = payload});
  }
  const Json output = events_of(frames + writer.end()).back()["response"]["output"];
  EXPECT_EQ(output[0]["type"], "compaction");
  EXPECT_EQ(output[0]["encrypted_content"], R"(<{"summary":"They add."}>)");
  EXPECT_EQ(output[1]["encrypted_content"], "<Hm.>");
}

}  // namespace
}  // namespace melete::api::responses
