#include "api/fine_tuning/read_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "api/field_rules.h"
#include "api/metadata.h"
#include "api/object_reader.h"
#include "chat/request.h"

namespace melete::api::fine_tuning {

namespace {

constexpr IntegerRange kEpochs{1, 50};
constexpr IntegerRange kBatch{1, 256};
constexpr NumberRange kRate{0.001, 1000};
constexpr IntegerRange kSeed{0, 2147483647};
constexpr size_t kMostNameBytes = 512;
constexpr size_t kMostSuffixBytes = 64;

constexpr std::array kKnown = std::to_array<std::string_view>(
    {"model", "training_file", "hyperparameters", "method", "suffix", "seed", "metadata"});
constexpr std::array kRefused = std::to_array<RefusedField>({
    {"validation_file", "melete eval measures a model on your questions"},
});
constexpr std::array kFixed = std::to_array<FixedField>({{"integrations", {"[]", "null"}}});
constexpr std::array kHyperparameters = std::to_array<std::string_view>(
    {"n_epochs", "batch_size", "learning_rate_multiplier", "reasoning_effort"});

bool is_open(const ObjectReader& fields, std::string_view name) {
  const Json* value = fields.any(name);
  return !value || *value == "auto";
}

void read_hyperparameters(ObjectReader& owner, jobs::TuningWish& wish) {
  auto fields = owner.object("hyperparameters");
  if (!fields) return;
  for (const auto& [name, value] : fields->json().items()) {
    if (std::ranges::find(kHyperparameters, name) != kHyperparameters.end()) continue;
    fields->refuse(ErrorCode::Unsupported, name,
                   fmt::format("{} is not supported: leave it out", fields->path_of(name)));
  }
  if (!is_open(*fields, "n_epochs")) {
    wish.epochs = static_cast<int>(fields->integer("n_epochs", kEpochs).value_or(1));
  }
  if (!is_open(*fields, "batch_size")) {
    wish.batch = static_cast<int>(fields->integer("batch_size", kBatch).value_or(1));
  }
  if (!is_open(*fields, "learning_rate_multiplier")) {
    wish.rate = fields->number("learning_rate_multiplier", kRate).value_or(1);
  }
  if (fields->any("reasoning_effort") && wish.method != jobs::TuningMethod::Reinforcement) {
    fields->refuse(
        ErrorCode::Unsupported, "reasoning_effort",
        fmt::format("{} is one of the method reinforcement", fields->path_of("reasoning_effort")));
    return;
  }
  wish.effort = fields->choice("reasoning_effort", {"default", "low", "medium", "high"})
                    .value_or(wish.effort);
}

void read_method(ObjectReader& fields, jobs::TuningWish& wish) {
  auto method = fields.object("method");
  if (!method) return;
  method->require("type");
  const auto type = method->choice("type", {"supervised", "reinforcement"});
  if (!type) return;
  wish.method = *jobs::tuning_method_from(*type);
  auto settings = method->object(*type);
  if (!settings) return;
  if (settings->any("grader")) {
    settings->refuse(ErrorCode::Unsupported, "grader",
                     fmt::format("{} is not supported: the answer of each line is the check",
                                 settings->path_of("grader")));
  }
  read_hyperparameters(*settings, wish);
}

// A part of a model's name: it stands behind a colon, where modes stand too.
void read_suffix(ObjectReader& fields, jobs::TuningWish& wish) {
  wish.suffix =
      fields.text("suffix", {.least_bytes = 1, .most_bytes = kMostSuffixBytes}).value_or("");
  const bool plain = std::ranges::all_of(wish.suffix, [](unsigned char character) {
    return std::isalnum(character) != 0 || character == '-' || character == '_' || character == '.';
  });
  const bool mode = chat::mode_from(wish.suffix).has_value();
  if (plain && !mode) return;
  fields.refuse(ErrorCode::InvalidArgument, "suffix",
                mode
                    ? fmt::format("suffix is \"{}\", the name of a mode: take another", wish.suffix)
                    : "suffix takes letters, digits, \"-\", \"_\" and \".\"");
}

}  // namespace

Result<jobs::TuningWish> read_wish(const Json& body) {
  FirstError error;
  ObjectReader fields(body, "", error);
  check_fields(fields, {.known = kKnown, .refused = kRefused, .fixed = kFixed});
  fields.require("model");
  fields.require("training_file");
  jobs::TuningWish wish;
  wish.model = fields.text("model", {.least_bytes = 1, .most_bytes = kMostNameBytes}).value_or("");
  wish.training_file =
      fields.text("training_file", {.least_bytes = 1, .most_bytes = kMostNameBytes}).value_or("");
  read_hyperparameters(fields, wish);
  read_method(fields, wish);
  read_suffix(fields, wish);
  wish.seed = fields.integer("seed", kSeed).value_or(wish.seed);
  wish.metadata = read_metadata(fields).value_or(Json::object());
  if (error) return std::unexpected(*error);
  return wish;
}

}  // namespace melete::api::fine_tuning
