#include "jobs/tuning_job.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/name_table.h"

namespace melete::jobs {

namespace {

constexpr std::array kMethods = std::to_array<std::pair<TuningMethod, std::string_view>>({
    {TuningMethod::Supervised, "supervised"},
    {TuningMethod::Reinforcement, "reinforcement"},
});

constexpr std::array kStatuses = std::to_array<std::pair<TuningStatus, std::string_view>>({
    {TuningStatus::Queued, "queued"},
    {TuningStatus::Running, "running"},
    {TuningStatus::Succeeded, "succeeded"},
    {TuningStatus::Failed, "failed"},
    {TuningStatus::Cancelled, "cancelled"},
});

}  // namespace

bool has_ended(TuningStatus status) {
  return status != TuningStatus::Queued && status != TuningStatus::Running;
}

std::string_view name_of(TuningMethod method) {
  return name_in(kMethods, method);
}

std::optional<TuningMethod> tuning_method_from(std::string_view name) {
  return value_in(kMethods, name);
}

std::string_view name_of(TuningStatus status) {
  return name_in(kStatuses, status);
}

Json to_json(const TuningJob& job) {
  const TuningWish& wish = job.wish;
  Json json{{"id", job.id},
            {"owner", job.owner},
            {"model", wish.model},
            {"method", name_of(wish.method)},
            {"suffix", wish.suffix},
            {"training_file", wish.training_file},
            {"epochs", wish.epochs},
            {"batch", wish.batch},
            {"rate", wish.rate},
            {"effort", wish.effort},
            {"seed", wish.seed},
            {"metadata", wish.metadata},
            {"status", name_of(job.status)},
            {"created_at", job.created_at},
            {"finished_at", nullptr},
            {"steps", job.steps},
            {"problem", job.problem}};
  if (job.finished_at) json["finished_at"] = *job.finished_at;
  return json;
}

Result<TuningJob> read_job(const Json& json) {
  try {
    const auto method = tuning_method_from(json.at("method").get<std::string>());
    const auto status = value_in(kStatuses, json.at("status").get<std::string>());
    if (!method || !status) return fail(ErrorCode::Corrupt, "A job's method or status is unknown.");
    TuningJob job{.id = json.at("id"),
                  .owner = json.at("owner"),
                  .wish = {.model = json.at("model"),
                           .method = *method,
                           .suffix = json.at("suffix"),
                           .training_file = json.at("training_file"),
                           .epochs = json.at("epochs"),
                           .batch = json.at("batch"),
                           .rate = json.at("rate"),
                           .effort = json.value("effort", "default"),
                           .seed = json.at("seed"),
                           .metadata = json.at("metadata")},
                  .status = *status,
                  .created_at = json.at("created_at"),
                  .finished_at = std::nullopt,
                  .steps = json.at("steps"),
                  .problem = json.at("problem")};
    if (!json.at("finished_at").is_null()) job.finished_at = json.at("finished_at").get<int64_t>();
    return job;
  } catch (const Json::exception& problem) {
    return fail(ErrorCode::Corrupt, fmt::format("A job cannot be read: {}", problem.what()));
  }
}

}  // namespace melete::jobs
