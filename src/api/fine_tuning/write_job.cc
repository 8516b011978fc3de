#include "api/fine_tuning/write_job.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/unix_time.h"
#include "gateway/adapted_model.h"

namespace melete::api::fine_tuning {

namespace {

using jobs::TuningJob;
using jobs::TuningStatus;

int64_t trained_tokens(const std::vector<Json>& steps) {
  int64_t tokens = 0;
  for (const Json& step : steps) tokens += step.value("tokens", int64_t{0});
  return tokens;
}

// By the speed of the last step; null where nothing is known.
Json estimated_finish(const TuningJob& job, const std::vector<Json>& steps) {
  if (job.status != TuningStatus::Running || steps.empty()) return nullptr;
  const Json& last = steps.back();
  const double speed = last.value("tokens_per_second", 0.0);
  if (speed <= 0) return nullptr;
  const auto left = static_cast<double>(job.steps - last.value("step", job.steps));
  return unix_seconds() + static_cast<int64_t>(left * last.value("tokens", 0.0) / speed);
}

Json event(const TuningJob& job, std::string_view number, int64_t time, std::string message) {
  return {{"object", "fine_tuning.job.event"},
          {"id", fmt::format("ftevent-{}-{}", job.id, number)},
          {"created_at", time},
          {"level", "info"},
          {"message", std::move(message)},
          {"type", "message"},
          {"data", nullptr}};
}

// Runs tell no time of day, so a step has that of the job.
Json step_event(const TuningJob& job, const Json& step) {
  const auto number = step.value("step", int64_t{0});
  std::string message = fmt::format("Step {}/{}", number, job.steps);
  if (step.contains("loss")) message += fmt::format(": loss={:.3f}", step.value("loss", 0.0));
  Json json = event(job, std::to_string(number), job.created_at, std::move(message));
  json["type"] = "metrics";
  json["data"] = step;
  return json;
}

}  // namespace

Json job_object(const TuningJob& job, const std::vector<Json>& steps) {
  const jobs::TuningWish& wish = job.wish;
  const Json hyperparameters{{"n_epochs", wish.epochs},
                             {"batch_size", wish.batch},
                             {"learning_rate_multiplier", wish.rate}};
  const std::string method(jobs::name_of(wish.method));
  Json of_method = hyperparameters;
  if (wish.method == jobs::TuningMethod::Reinforcement) of_method["reasoning_effort"] = wish.effort;
  Json json{{"id", job.id},
            {"object", "fine_tuning.job"},
            {"created_at", job.created_at},
            {"error", nullptr},
            {"fine_tuned_model", nullptr},
            {"finished_at", nullptr},
            {"hyperparameters", hyperparameters},
            {"model", wish.model},
            {"organization_id", ""},
            {"result_files", Json::array()},
            {"seed", wish.seed},
            {"status", jobs::name_of(job.status)},
            {"trained_tokens", trained_tokens(steps)},
            {"training_file", wish.training_file},
            {"validation_file", nullptr},
            {"estimated_finish", estimated_finish(job, steps)},
            {"integrations", Json::array()},
            {"metadata", wish.metadata},
            {"method", {{"type", method}, {method, {{"hyperparameters", of_method}}}}}};
  if (job.status == TuningStatus::Failed) {
    json["error"] = {{"code", "failed"}, {"message", job.problem}, {"param", nullptr}};
  }
  if (job.status == TuningStatus::Succeeded) {
    json["fine_tuned_model"] = gateway::adapted_name(wish.model, job.adapter());
  }
  if (job.finished_at) json["finished_at"] = *job.finished_at;
  return json;
}

Json event_objects(const TuningJob& job, const std::vector<Json>& steps) {
  Json events = Json::array();
  events.push_back(
      event(job, "created", job.created_at,
            fmt::format("Created: {} steps over {}.", job.steps, job.wish.training_file)));
  for (const Json& step : steps) events.push_back(step_event(job, step));
  if (!job.finished_at) return events;
  std::string message =
      fmt::format("The job {}.", job.status == TuningStatus::Cancelled ? "was cancelled"
                                                                       : jobs::name_of(job.status));
  if (!job.problem.empty()) message += " " + job.problem;
  Json end = event(job, "ended", *job.finished_at, std::move(message));
  if (job.status == TuningStatus::Failed) end["level"] = "error";
  events.push_back(std::move(end));
  return events;
}

}  // namespace melete::api::fine_tuning
