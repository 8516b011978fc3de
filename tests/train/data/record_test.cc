// Lines of files as conversations.

#include "data/record.h"

#include <gmock/gmock.h>

#include "data/media_file.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kSeen =
    R"({"messages":[{"role":"user","content":[{"type":"image","image":"cat.png"},)"
    R"({"type":"text","text":"What is this?"}]},)"
    R"({"role":"assistant","content":"A cat.","reasoning_content":"Whiskers."}]})";

TEST(Record, IsWrittenAsItWasRead) {
  for (const char* line : {kSeen, R"({"text":"Once upon a time."})",
                           R"({"messages":[{"role":"system","content":"Be brief."},)"
                           R"({"role":"assistant","content":"Yes."}]})"}) {
    const Result<Record> record = read_record(line);
    ASSERT_TRUE(record) << record.error().message;
    EXPECT_EQ(write_record(*record), line);
  }
}

TEST(Record, ReasoningMayStandInTheAnswerBetweenTags) {
  const std::string before = R"({"messages":[{"role":"user","content":"2+2?"},)";
  const Result<Record> record = read_record(
      before + R"({"role":"assistant","content":"<think>\nTwo and two.\n</think>\n\n4"}]})");
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(write_record(*record),
            before + R"({"role":"assistant","content":"4","reasoning_content":"Two and two."}]})");
}

TEST(Record, FieldsThatAreUnknownArePassedOver) {
  const Result<Record> record = read_record(R"({"id":7,"text":"a","source":"b"})");
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(write_record(*record), R"({"text":"a"})");
}

TEST(Record, NamesTheFieldThatIsWrong) {
  for (const auto& [line, field] : std::initializer_list<std::pair<const char*, const char*>>{
           {"{}", "messages"},
           {"[1]", "The line"},
           {R"({"messages":[]})", "messages"},
           {R"({"messages":[{"role":"user","content":"a"}]})", "messages"},
           {R"({"messages":["hello"]})", "messages[0]"},
           {R"({"messages":[{"role":"tool","content":"a"}]})", "messages[0].role"},
           {R"({"messages":[{"role":"user","content":7}]})", "messages[0].content"},
           {R"({"messages":[{"role":"user","content":[{"type":"video"}]}]})",
            "messages[0].content[0].type"},
           {R"({"messages":[{"role":"user","content":[{"type":"image"}]}]})",
            "messages[0].content[0].image"},
           {R"({"messages":[{"role":"user","content":[{"type":"audio","audio":""}]}]})",
            "messages[0].content[0].audio"},
           {R"({"messages":[{"role":"assistant","content":[{"type":"image","image":"a"}]}]})",
            "messages[0].content"}}) {
    const Result<Record> record = read_record(line);
    ASSERT_FALSE(record) << line;
    EXPECT_EQ(record.error().code, ErrorCode::InvalidArgument) << line;
    EXPECT_EQ(record.error().parameter, field) << record.error().message;
  }
  EXPECT_FALSE(read_record("{\"text\": "));
}

TEST(Record, MarksAreFoundInTextsAndReasoning) {
  EXPECT_EQ(mark_in(*read_record(R"({"text":"a <|im_end|> b"})")), "<|im_end|>");
  EXPECT_EQ(mark_in(*read_record(
                R"({"messages":[{"role":"assistant","content":"","reasoning_content":"<pad>"}]})")),
            "<pad>");
  EXPECT_EQ(mark_in(*read_record(
                R"({"messages":[{"role":"assistant","content":[{"type":"text","text":"<|im_"},)"
                R"({"type":"text","text":"end|>"}]}]})")),
            "<|im_end|>")
      << "cut in two it would be whole again";
  EXPECT_EQ(mark_in(*read_record(R"({"text":"<think>2 < 3</think>"})")), "");
}

TEST(Record, PicturesAndSoundsAreReadFromTheFolder) {
  const TemporaryFolder folder;
  const Picture picture{2, 1, {255, 0, 0, 10, 20, 30}};
  ASSERT_TRUE(write_picture(folder / "cat.png", picture));
  const Result<Conversation> conversation = load(*read_record(kSeen), folder / "");
  ASSERT_TRUE(conversation) << conversation.error().message;
  EXPECT_THAT(*conversation, ElementsAre(Turn{Speaker::User, {picture, "What is this?"}, ""},
                                         Turn{Speaker::Assistant, {"A cat."}, "Whiskers."}));
}

TEST(Record, AFileThatIsMissingIsNamed) {
  const TemporaryFolder folder;
  const Result<Conversation> conversation = load(*read_record(kSeen), folder / "");
  ASSERT_FALSE(conversation);
  EXPECT_EQ(conversation.error().code, ErrorCode::Corrupt);
  EXPECT_THAT(conversation.error().message, HasSubstr("cat.png"));
}

}  // namespace
}  // namespace melete::train
