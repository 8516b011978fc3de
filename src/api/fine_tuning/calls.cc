#include "api/fine_tuning/calls.h"

#include <algorithm>
#include <utility>

#include "api/fine_tuning/read_job.h"
#include "api/fine_tuning/write_job.h"
#include "api/list_page.h"
#include "api/resource_body.h"

namespace melete::api::fine_tuning {

namespace {

Result<jobs::TuningJobs*> jobs_of(const Desk& desk) {
  if (desk.jobs) return desk.jobs;
  return fail(ErrorCode::Unsupported,
              "this server teaches no models: build melete-train (make train) and start the server "
              "with --trainer FILE");
}

Result<std::string> written(const Result<jobs::TuningJob>& job, const jobs::TuningJobs& all) {
  if (!job) return std::unexpected(job.error());
  const auto steps = all.steps(job->id, job->owner);
  if (!steps) return std::unexpected(steps.error());
  return write_json(job_object(*job, *steps));
}

Result<Json> page_of(const Json& items, const ResourceRequest& request) {
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  return list_part(items, *page);
}

}  // namespace

Result<std::string> create(const ResourceRequest& request, const Desk& desk) {
  const auto all = jobs_of(desk);
  if (!all) return std::unexpected(all.error());
  const auto body = read_object(request);
  if (!body) return std::unexpected(body.error());
  auto wish = read_wish(*body);
  if (!wish) return std::unexpected(wish.error());
  auto data = desk.stores.files().content(wish->training_file, request.owner);
  if (!data) {
    data.error().parameter = "training_file";
    return std::unexpected(data.error());
  }
  const auto job = (*all)->create(std::move(*wish), request.owner, *data);
  return written(job, **all);
}

Result<std::string> list(const ResourceRequest& request, const Desk& desk) {
  const auto all = jobs_of(desk);
  if (!all) return std::unexpected(all.error());
  const std::vector<jobs::TuningJob> jobs = (*all)->list(request.owner);
  Json items = Json::array();
  for (const jobs::TuningJob& job : jobs) items.push_back(job_object(job, {}));
  auto page = page_of(items, request);
  if (!page) return std::unexpected(page.error());
  // Steps are read from a file: only of the jobs on this page.
  for (Json& item : page->at("data")) {
    const auto job =
        std::ranges::find(jobs, item.at("id").get<std::string>(), &jobs::TuningJob::id);
    const auto steps = (*all)->steps(job->id, job->owner);
    if (steps) item = job_object(*job, *steps);
  }
  return write_json(*page);
}

Result<std::string> retrieve(const ResourceRequest& request, const Desk& desk) {
  const auto all = jobs_of(desk);
  if (!all) return std::unexpected(all.error());
  return written((*all)->find(request.ids.at(0), request.owner), **all);
}

Result<std::string> events(const ResourceRequest& request, const Desk& desk) {
  const auto all = jobs_of(desk);
  if (!all) return std::unexpected(all.error());
  const auto job = (*all)->find(request.ids.at(0), request.owner);
  if (!job) return std::unexpected(job.error());
  const auto steps = (*all)->steps(job->id, job->owner);
  if (!steps) return std::unexpected(steps.error());
  const auto page = page_of(event_objects(*job, *steps), request);
  if (!page) return std::unexpected(page.error());
  return write_json(*page);
}

Result<std::string> cancel(const ResourceRequest& request, const Desk& desk) {
  const auto all = jobs_of(desk);
  if (!all) return std::unexpected(all.error());
  return written((*all)->cancel(request.ids.at(0), request.owner), **all);
}

}  // namespace melete::api::fine_tuning
