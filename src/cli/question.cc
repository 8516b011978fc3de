// From options and files to a request.

#include "cli/question.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <optional>
#include <utility>

#include "api/mode_choice.h"
#include "base/file_content.h"

namespace melete::cli {
namespace {

constexpr uintmax_t kLargestFile = 64 * 1024 * 1024;

Result<std::string> read_file(const std::string& path) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) {
    return fail(ErrorCode::InvalidArgument, path + " is a folder: give a file", path);
  }
  const uintmax_t size = std::filesystem::file_size(path, code);
  if (!code && size > kLargestFile) {
    return fail(
        ErrorCode::TooLarge,
        fmt::format("{} has {} bytes and at most {} are sent: cut it", path, size, kLargestFile),
        path);
  }
  errno = 0;
  std::optional<std::string> content = file_content(path);
  if (!content) {
    return fail(ErrorCode::NotFound,
                fmt::format("{} cannot be read ({}): check the path", path, std::strerror(errno)),
                path);
  }
  return std::move(*content);
}

Result<chat::Bytes> read_bytes(const std::string& path) {
  auto bytes = read_file(path);
  if (!bytes) return std::unexpected(bytes.error());
  return std::make_shared<const std::string>(std::move(*bytes));
}

Result<std::string> read_text(const std::string& path) {
  auto text = read_file(path);
  if (text && text->find('\0') != std::string::npos) {
    return fail(ErrorCode::InvalidArgument,
                path + " is not a text file: use --image or --audio for pictures and sound", path);
  }
  return text;
}

// A block of context with its name above it, apart from what follows.
std::string context_block(const std::string& name, const std::string& text) {
  const std::string_view end = text.ends_with('\n') ? "" : "\n";
  return fmt::format("{}:\n```\n{}{}```\n\n", name, text, end);
}

Result<chat::Mode> read_mode(const std::string& name) {
  if (const auto mode = chat::mode_from(name)) return *mode;
  return fail(ErrorCode::InvalidArgument,
              fmt::format("\"{}\" is no mode: use instant, thinking or contemplating", name),
              "mode");
}

Result<chat::Effort> read_effort(const std::string& name) {
  if (const auto effort = chat::effort_from(name)) return *effort;
  return fail(
      ErrorCode::InvalidArgument,
      fmt::format("\"{}\" is no effort: use none, minimal, low, medium, high or xhigh", name),
      "effort");
}

// "auto" becomes 0. An empty text where `count` is right, else what is wrong with it.
std::string read_agents(std::string& count) {
  if (count == "auto") count = "0";
  return CLI::Range(0, 64)(count);
}

}  // namespace

void declare_answer_options(CLI::App& app, AnswerOptions& options) {
  const auto modes = CLI::IsMember({"instant", "thinking", "contemplating"});
  const auto efforts = CLI::IsMember({"none", "minimal", "low", "medium", "high", "xhigh"});
  app.add_option("-m,--mode", options.mode, "instant, thinking or contemplating")->check(modes);
  app.add_option("-e,--effort", options.effort,
                 "how much to think: none, minimal, low, medium, high or xhigh")
      ->check(efforts);
  app.add_option("--agents", options.agents,
                 "agents of contemplating, 1 to 64, or auto: as many as are worth it")
      ->transform(CLI::Validator([](std::string& count) { return read_agents(count); }, "COUNT"));
  app.add_option("--strategy", options.strategy, "how contemplating works");
  app.add_option("--hint", options.hints,
                 "a line for an agent on how to go about it; again for more")
      ->allow_extra_args(false);
  app.add_option("--models", options.models, "served models over which the agents are spread: A,B")
      ->delimiter(',')
      ->allow_extra_args(false);
  auto* pattern = app.add_option("--verify", options.pattern,
                                 "a pattern: the first answer that matches it is taken");
  app.add_option("--verify-equals", options.equals,
                 "a value: the first answer that says the same is taken")
      ->excludes(pattern);
  app.add_option("--compression", options.compression,
                 "think less: off, light (by the model's compressed adapter) or strong")
      ->check(CLI::IsMember({"off", "light", "strong"}));
  app.add_option("--fold", options.fold_tokens,
                 "condense the reasoning each time it has grown by so many tokens: less memory")
      ->check(CLI::Range(32, 1 << 20));
  app.add_option("--max-tokens", options.max_tokens, "most tokens of reasoning and answer together")
      ->check(CLI::Range(1, 1 << 24));
  app.add_option("--temperature", options.temperature, "0 (always the likeliest word) to 2")
      ->check(CLI::Range(0.0, 2.0));
  app.add_option("--seed", options.seed, "makes the same question give the same answer");
}

ModelWish split_model(const std::string& model) {
  const size_t colon = model.rfind(':');
  if (colon == std::string::npos) return {model, std::nullopt};
  const auto mode = chat::mode_from(model.substr(colon + 1));
  return {mode ? model.substr(0, colon) : model, mode};
}

bool asks_for_agents(const AnswerOptions& options) {
  return options.agents > 0 || !options.strategy.empty() || !options.hints.empty() ||
         !options.models.empty() || !options.pattern.empty() || !options.equals.empty();
}

Result<chat::Request> make_request(const AnswerOptions& options, const std::string& model) {
  chat::Request request;
  api::ModeWish wish;
  ModelWish wanted = split_model(model);
  request.model = std::move(wanted.name);
  wish.from_model = wanted.mode;
  if (!options.mode.empty()) {
    const auto mode = read_mode(options.mode);
    if (!mode) return std::unexpected(mode.error());
    wish.from_body = *mode;
  } else if (!wanted.mode && asks_for_agents(options)) {
    wish.from_body = chat::Mode::Contemplating;
  } else if (!wanted.mode && options.fold_tokens > 0) {
    wish.from_body = chat::Mode::Thinking;
  }
  if (!options.effort.empty()) {
    const auto effort = read_effort(options.effort);
    if (!effort) return std::unexpected(effort.error());
    request.effort = *effort;
  }
  request.strategy = options.strategy;
  request.agents = options.agents;
  request.hints = options.hints;
  request.models = options.models;
  request.compression =
      chat::compression_from(options.compression).value_or(chat::Compression::Off);
  request.fold_tokens = options.fold_tokens;
  if (!options.pattern.empty()) request.verifier = chat::MatchesPattern{options.pattern};
  if (!options.equals.empty()) request.verifier = chat::EqualsValue{options.equals};
  request.sampling.temperature = options.temperature;
  request.sampling.seed = options.seed;
  wish.output_tokens = options.max_tokens;
  wish.output_tokens_field = "max-tokens";
  return api::choose_mode(wish, std::move(request));
}

Result<chat::Message> make_message(const Question& question) {
  if (question.text.empty() && question.piped.empty()) {
    return fail(
        ErrorCode::InvalidArgument,
        "nothing was asked: give a question, as in `melete ask \"Why is the sky blue?\"`, or pipe "
        "one in",
        "question");
  }
  chat::Message message;
  for (const std::string& path : question.images) {
    auto bytes = read_bytes(path);
    if (!bytes) return std::unexpected(bytes.error());
    message.parts.emplace_back(chat::ImagePart{std::move(*bytes), path});
  }
  for (const std::string& path : question.sounds) {
    auto bytes = read_bytes(path);
    if (!bytes) return std::unexpected(bytes.error());
    message.parts.emplace_back(chat::AudioPart{std::move(*bytes), path});
  }
  std::string text;
  for (const std::string& path : question.files) {
    const auto contents = read_text(path);
    if (!contents) return std::unexpected(contents.error());
    text += context_block(std::filesystem::path(path).filename().string(), *contents);
  }
  if (question.text.empty()) {
    text += question.piped;
  } else {
    if (!question.piped.empty()) text += context_block("Input", question.piped);
    text += question.text;
  }
  message.parts.emplace_back(chat::TextPart{std::move(text)});
  return message;
}

}  // namespace melete::cli
