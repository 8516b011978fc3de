#include "cli/eval_arms.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "api/mode_choice.h"
#include "cli/adapter_option.h"
#include "cli/completion_wire.h"
#include "cli/question.h"
#include "models/sha256.h"

namespace melete::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kUsualTokens = 2048;  // of reasoning and answer together

// A file that was made anew under its name is another.
std::string file_text(const fs::path& path) {
  std::error_code none;
  const auto bytes = fs::file_size(path, none);
  if (none) return path.string();
  const auto changed = fs::last_write_time(path, none).time_since_epoch().count();
  return fmt::format("{} {} {}", path.string(), bytes, changed);
}

std::string local_text(const AnswererOptions& asked) {
  if (!asked.server.empty()) return {};
  const EngineSettings& engine = asked.engine;
  std::string text = fmt::format("{}\n{} {} {} {}\n", file_text(split_model(asked.model).name),
                                 engine.context.value_or(0), engine.rope_scaling.value_or(""),
                                 engine.cache_type.value_or(""), engine.kernels.value_or(true));
  if (engine.projector) text += file_text(*engine.projector) + "\n";
  for (const std::string& option : engine.adapters) {
    const auto adapter = read_adapter_option(option);
    text += adapter ? file_text(adapter->adapter.file) + "\n" : option;
  }
  return text;
}

}  // namespace

std::vector<eval::Arm> usual_arms() {
  std::vector<eval::Arm> arms;
  for (const auto mode : {chat::Mode::Instant, chat::Mode::Thinking, chat::Mode::Contemplating}) {
    eval::Arm arm{.name = std::string(chat::name_of(mode)), .server = "melete", .mode = mode};
    arm.request.limits.answer_tokens = kUsualTokens;
    arms.push_back(std::move(arm));
  }
  return arms;
}

Result<void> settle_modes(std::vector<eval::Arm>& arms) {
  for (eval::Arm& arm : arms) {
    ModelWish named = split_model(arm.request.model);
    arm.request.model = std::move(named.name);
    api::ModeWish wish;
    wish.from_model = named.mode;
    wish.from_body = arm.mode;
    wish.output_tokens = std::exchange(arm.request.limits.answer_tokens, std::nullopt);
    wish.output_tokens_field = "max_tokens";
    auto settled = api::choose_mode(wish, std::move(arm.request));
    if (!settled) {
      return fail(settled.error().code,
                  fmt::format("arm \"{}\": {}", arm.name, settled.error().message),
                  settled.error().parameter);
    }
    arm.request = std::move(*settled);
  }
  return {};
}

std::string setup_of(const eval::Arm& arm, const AnswererOptions& asked) {
  models::Sha256 digest;
  digest.add(
      fmt::format("{} {}\n{}\n", arm.samples, static_cast<int>(arm.sampling), arm.instruction));
  digest.add(write_request(arm.request).value_or(""));
  digest.add(local_text(asked));
  return digest.finish().substr(0, 16);
}

}  // namespace melete::cli
