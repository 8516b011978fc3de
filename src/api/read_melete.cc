#include "api/read_melete.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace melete::api {

namespace {

constexpr int64_t kMostTokens = 1 << 20;
constexpr int64_t kMostAgents = 64;
constexpr int64_t kMostDeadline = 24 * 60 * 60 * 1000;
constexpr int64_t kLeastFold = 32;
constexpr int64_t kUsualFold = 256;
constexpr size_t kMostNameBytes = 512;
constexpr size_t kMostHintBytes = 2000;
constexpr size_t kMostPatternBytes = 256;

constexpr std::array kKnown = std::to_array<std::string_view>({
    "mode",
    "effort",
    "agents",
    "strategy",
    "hints",
    "models",
    "verify",
    "reasoning_tokens",
    "deadline_ms",
    "events",
    "ignore_eos",
    "fold",
    "compression",
});

void check_known(ObjectReader& melete) {
  for (const auto& [name, value] : melete.json().items()) {
    if (std::ranges::find(kKnown, name) != kKnown.end()) continue;
    melete.refuse(ErrorCode::InvalidArgument, name,
                  fmt::format("{} is not known: use one of {}", melete.path_of(name),
                              fmt::join(kKnown, ", ")));
  }
}

// "auto" is 0, as in chat::Request.
int read_agents(ObjectReader& melete) {
  const Json* value = melete.any("agents");
  if (!value || *value == "auto") return 0;
  if (value->is_string()) {
    melete.refuse(ErrorCode::InvalidArgument, "agents",
                  fmt::format("{} is {} and must be \"auto\" or an integer between 1 and {}",
                              melete.path_of("agents"), write_json(*value), kMostAgents));
    return 0;
  }
  return static_cast<int>(melete.integer("agents", {1, kMostAgents}).value_or(0));
}

// Tokens of a step; 0: no folding.
int read_fold(ObjectReader& melete) {
  const Json* value = melete.any("fold");
  if (!value) return 0;
  if (value->is_boolean()) return *value == true ? static_cast<int>(kUsualFold) : 0;
  return static_cast<int>(melete.integer("fold", {kLeastFold, kMostTokens}).value_or(0));
}

// A number or a text, as the text that it is written as.
std::optional<std::string> read_value(ObjectReader& verify) {
  const Json* value = verify.any("equals");
  if (!value) return std::nullopt;
  if (value->is_number()) return write_json(*value);
  return verify.text("equals", {.least_bytes = 1, .most_bytes = kMostNameBytes});
}

std::optional<Json> read_schema(ObjectReader& verify) {
  const Json* value = verify.any("schema");
  if (!value || *value == true) return std::nullopt;
  const auto schema = verify.object("schema");
  return schema ? std::optional(schema->json()) : std::nullopt;
}

std::optional<chat::Verifier> read_verifier(ObjectReader& melete) {
  auto verify = melete.object("verify");
  if (!verify) return std::nullopt;
  const auto checks =
      std::ranges::count_if(std::to_array<std::string_view>({"pattern", "schema", "equals"}),
                            [&](std::string_view name) { return verify->any(name) != nullptr; });
  for (const auto& [name, value] : verify->json().items()) {
    const bool known = name == "pattern" || name == "schema" || name == "equals" ||
                       (name == "tolerance" && verify->any("equals"));
    if (known && checks == 1) continue;
    melete.refuse(ErrorCode::InvalidArgument, "verify",
                  fmt::format("{} must hold one of pattern, schema and equals, the last with a "
                              "tolerance or without",
                              melete.path_of("verify")));
  }
  if (checks == 0) verify->require("pattern");
  if (const auto pattern =
          verify->text("pattern", {.least_bytes = 1, .most_bytes = kMostPatternBytes})) {
    return chat::MatchesPattern{*pattern};
  }
  if (verify->any("schema")) return chat::FitsSchema{read_schema(*verify)};
  chat::EqualsValue equals{.value = read_value(*verify).value_or("")};
  equals.tolerance =
      verify->number("tolerance", {0, std::numeric_limits<double>::max()}).value_or(0);
  return equals;
}

}  // namespace

std::span<const std::string_view> melete_fields() {
  return kKnown;
}

std::optional<chat::Effort> read_effort(ObjectReader& fields, std::string_view name) {
  const auto text = fields.choice(name, {"none", "minimal", "low", "medium", "high", "xhigh"});
  if (!text) return std::nullopt;
  return chat::effort_from(*text);
}

void read_melete(ObjectReader& fields, ReadRequest& read) {
  auto melete = fields.object("melete");
  if (!melete) return;
  check_known(*melete);
  if (const auto mode = melete->choice("mode", {"instant", "thinking", "contemplating"})) {
    read.wish.from_body = chat::mode_from(*mode);
  }
  if (const auto effort = read_effort(*melete, "effort")) {
    if (read.request.effort && *read.request.effort != *effort) {
      melete->refuse(ErrorCode::InvalidArgument, "effort",
                     "melete.effort and the request's own effort differ: leave one out");
    }
    read.request.effort = effort;
  }
  read.request.agents = read_agents(*melete);
  read.request.strategy = melete->text("strategy", {.most_bytes = kMostNameBytes}).value_or("");
  read.request.hints = melete->texts("hints", {.most = kMostAgents},
                                     {.least_bytes = 1, .most_bytes = kMostHintBytes});
  read.request.models = melete->texts("models", {.most = kMostAgents},
                                      {.least_bytes = 1, .most_bytes = kMostNameBytes});
  read.request.verifier = read_verifier(*melete);
  if (const auto tokens = melete->integer("reasoning_tokens", {0, kMostTokens})) {
    read.wish.reasoning_tokens = static_cast<int>(*tokens);
  }
  if (const auto deadline = melete->integer("deadline_ms", {1, kMostDeadline})) {
    read.request.limits.deadline = std::chrono::milliseconds(*deadline);
  }
  if (const auto level = melete->choice("compression", {"off", "light", "strong"})) {
    read.request.compression = *chat::compression_from(*level);
  }
  read.request.fold_tokens = read_fold(*melete);
  read.events = melete->boolean("events").value_or(false);
  read.request.sampling.ignore_eos = melete->boolean("ignore_eos").value_or(false);
}

}  // namespace melete::api
