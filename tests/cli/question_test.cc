// A question put together from words, files and a pipe.

#include "cli/question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

namespace melete::cli {
namespace {

using testing::HasSubstr;

std::string write_file(const std::string& name, const std::string& text) {
  const auto path = std::filesystem::path(testing::TempDir()) / name;
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

AnswerOptions parse(std::vector<std::string> words) {
  CLI::App app;
  AnswerOptions options;
  declare_answer_options(app, options);
  std::reverse(words.begin(), words.end());
  app.parse(words);
  return options;
}

TEST(Question, IsTheTypedText) {
  const auto message = make_message({.text = "Why?"});
  ASSERT_TRUE(message);
  EXPECT_EQ(chat::text_of(*message), "Why?");
}

TEST(Question, MayComeThroughThePipe) {
  EXPECT_EQ(chat::text_of(*make_message({.piped = "Why?"})), "Why?");
}

TEST(Question, TakesThePipeAsContextWhenOneIsTyped) {
  const auto message = make_message({.text = "Sum up.", .piped = "a long log"});
  EXPECT_EQ(chat::text_of(*message), "Input:\n```\na long log\n```\n\nSum up.");
}

TEST(Question, BringsFilesWithTheirNames) {
  const std::string path = write_file("notes.txt", "one\ntwo\n");
  const auto message = make_message({.text = "Which?", .files = {path}});
  ASSERT_TRUE(message) << message.error().message;
  EXPECT_EQ(chat::text_of(*message), "notes.txt:\n```\none\ntwo\n```\n\nWhich?");
}

TEST(Question, PutsPicturesAndSoundBeforeTheText) {
  const auto message = make_message({.text = "What?",
                                     .images = {write_file("a.png", "picture")},
                                     .sounds = {write_file("a.wav", "sound")}});
  ASSERT_TRUE(message) << message.error().message;
  ASSERT_EQ(message->parts.size(), 3u);
  EXPECT_EQ(*std::get<chat::ImagePart>(message->parts[0]).bytes, "picture");
  EXPECT_EQ(*std::get<chat::AudioPart>(message->parts[1]).bytes, "sound");
}

TEST(Question, SaysWhatIsWrongWithAFile) {
  EXPECT_EQ(make_message({}).error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(make_message({.text = "?", .files = {"/nonexistent"}}).error().message,
              HasSubstr("/nonexistent"));
  EXPECT_THAT(make_message({.text = "?", .images = {testing::TempDir()}}).error().message,
              HasSubstr("folder"));
  const std::string binary = write_file("a.bin", std::string("a\0b", 3));
  EXPECT_THAT(make_message({.text = "?", .files = {binary}}).error().message,
              HasSubstr("not a text file"));
}

TEST(AnswerOptions, AreReadFromTheCommandLine) {
  const AnswerOptions options = parse({"--mode", "thinking", "--effort", "low", "--max-tokens",
                                       "100", "--temperature", "0", "--seed", "3"});
  const auto request = make_request(options, "m");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->model, "m");
  EXPECT_EQ(request->mode, chat::Mode::Thinking);
  EXPECT_EQ(request->effort, chat::Effort::Low);
  EXPECT_EQ(request->sampling.temperature, 0);
  EXPECT_EQ(request->sampling.seed, 3u);
  EXPECT_EQ(*request->limits.answer_tokens + *request->limits.reasoning_tokens, 100);
}

TEST(AnswerOptions, RefuseWordsAndNumbersOutOfRange) {
  EXPECT_THROW(parse({"--mode", "slow"}), CLI::ParseError);
  EXPECT_THROW(parse({"--effort", "huge"}), CLI::ParseError);
  EXPECT_THROW(parse({"--agents", "65"}), CLI::ParseError);
  EXPECT_THROW(parse({"--agents", "many"}), CLI::ParseError);
  EXPECT_THROW(parse({"--max-tokens", "0"}), CLI::ParseError);
  EXPECT_THROW(parse({"--temperature", "2.5"}), CLI::ParseError);
}

TEST(AnswerOptions, TakeANumberOfAgentsOrAuto) {
  EXPECT_EQ(parse({}).agents, 0);
  EXPECT_EQ(parse({"--agents", "8"}).agents, 8);
  EXPECT_EQ(parse({"--agents", "auto"}).agents, 0);
}

TEST(AnswerOptions, LeaveTheModeToTheModelsNameAndTheEffort) {
  EXPECT_EQ(make_request({}, "m")->mode, chat::Mode::Instant);
  EXPECT_EQ(make_request({.effort = "low"}, "m")->mode, chat::Mode::Thinking);
  const auto named = make_request({}, "m:contemplating");
  EXPECT_EQ(named->mode, chat::Mode::Contemplating);
  EXPECT_EQ(named->model, "m");
  EXPECT_EQ(make_request({}, "m:q4")->model, "m:q4");
  EXPECT_FALSE(make_request({.mode = "instant"}, "m:thinking"));
}

TEST(AnswerOptions, OfAgentsAndFoldingChooseTheModeThatHasThem) {
  EXPECT_EQ(make_request({.agents = 4}, "m")->mode, chat::Mode::Contemplating);
  EXPECT_EQ(make_request({.effort = "low", .equals = "4"}, "m")->mode, chat::Mode::Contemplating);
  EXPECT_EQ(make_request({.fold_tokens = 64}, "m")->mode, chat::Mode::Thinking);
  EXPECT_EQ(make_request({.agents = 4}, "m:thinking")->mode, chat::Mode::Thinking);
}

TEST(AnswerOptions, TellContemplatingHowToWork) {
  const AnswerOptions options = parse({"--hint", "Work backwards.", "--hint", "Estimate first.",
                                       "--models", "small,large", "--verify", "^[0-9]+$"});
  const auto request = make_request(options, "small:contemplating");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_THAT(request->hints, testing::ElementsAre("Work backwards.", "Estimate first."));
  EXPECT_THAT(request->models, testing::ElementsAre("small", "large"));
  EXPECT_EQ(std::get<chat::MatchesPattern>(*request->verifier).pattern, "^[0-9]+$");
  const auto equal = make_request(parse({"--verify-equals", "42"}), "small:contemplating");
  EXPECT_EQ(std::get<chat::EqualsValue>(*equal->verifier).value, "42");
  EXPECT_THROW(parse({"--verify", "4", "--verify-equals", "42"}), CLI::ParseError);
}

}  // namespace
}  // namespace melete::cli
