#include "engine/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <mutex>
#include <utility>

#include "engine/loaded_model.h"
#include "engine/preparation.h"
#include "engine/scheduler.h"
#include "engine/text_embedder.h"
#include "models/gguf_file.h"

namespace melete::engine {

namespace {

constexpr int kBranchLimit = 256;

// The reader's end of a job.
class JobStream final : public chat::Stream {
 public:
  JobStream(std::shared_ptr<JobLink> link, Scheduler& scheduler)
      : link_(std::move(link)), scheduler_(scheduler) {}

  ~JobStream() override {
    link_->events.on_room({});
    link_->abandoned = true;
    scheduler_.wake();
  }

  chat::awaitable<std::optional<chat::Event>> next() override { return link_->events.next(); }

  Result<void> control(chat::Control control) override {
    if (link_->ended) return fail(ErrorCode::Conflict, "The answer has already ended.");
    if (std::holds_alternative<chat::Approve>(control)) {
      return fail(ErrorCode::Unsupported,
                  "The engine calls no tools, so nothing waits for approval.");
    }
    link_->push_control(std::move(control));
    scheduler_.wake();
    return {};
  }

 private:
  std::shared_ptr<JobLink> link_;
  Scheduler& scheduler_;
};

void end_with(JobLink& link, Error error) {
  link.events.push({.payload = chat::Failed{std::move(error)}});
  link.ended = true;
  link.events.close();
}

bool has_adapter(const LoadedModel& model, const std::string& name) {
  return std::ranges::find(model.adapters, name, &LoadedAdapter::name) != model.adapters.end();
}

Error other_model(const std::string& served, const std::string& wanted) {
  return {ErrorCode::NotFound, fmt::format("This engine serves {}, not {}.", served, wanted),
          "model"};
}

}  // namespace

// Destroyed in reverse order: preparation first, then the scheduler, then the model.
struct Engine::Parts {
  Parts(LoadedModel loaded, const EngineOptions& options)
      : model(std::move(loaded)),
        file(options.model),
        read_ahead(options.read_ahead),
        embedder(model),
        scheduler(model,
                  {.sequence_limit = std::clamp(options.sequence_limit, 1, 256),
                   .slice_tokens = std::max(options.slice_tokens, 16),
                   .slice_time = options.slice_time,
                   .job_limit = options.job_limit,
                   .prefix_store_bytes = model.prefix_store_bytes,
                   .saved_byte_limit = options.saved_byte_limit,
                   .threads = model.compute->count(),
                   .speculation = options.speculation},
                  options.metrics) {}

  ~Parts() {
    preparation.join();
    looking.join();
  }

  // The thread that prepares `request`.
  boost::asio::thread_pool& thread_for(const chat::Request& request) {
    const bool looks = std::ranges::any_of(request.messages, chat::has_media);
    return looks ? looking : preparation;
  }

  Result<std::unique_ptr<Job>> prepare(const chat::Request& request, std::shared_ptr<JobLink> link);
  Result<void> check_adapter(const std::string& name);
  Result<void> add_adapter(const models::AdapterFile& adapter);

  LoadedModel model;
  const std::filesystem::path file;
  const bool read_ahead;
  TextEmbedder embedder;
  Scheduler scheduler;
  std::mutex adapters;  // held to read their names beside the scheduler, and to add one
  // Templates and tokens are made off the network threads. Pictures and sounds take seconds, so
  // requests with them hold up none without.
  boost::asio::thread_pool preparation{1};
  boost::asio::thread_pool looking{1};
};

Result<std::unique_ptr<Engine>> Engine::load(const EngineOptions& options) {
  Result<LoadedModel> model = load_model(options);
  if (!model) return std::unexpected(model.error());
  return std::unique_ptr<Engine>(new Engine(std::make_unique<Parts>(std::move(*model), options)));
}

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() = default;

Result<chat::BackendInfo> Engine::info(const std::string& model) const {
  const LoadedModel& loaded = parts_->model;
  if (model != loaded.name) return std::unexpected(other_model(loaded.name, model));
  chat::BackendInfo info;
  info.model = loaded.name;
  info.images = loaded.media && loaded.media->images();
  info.audio = loaded.media && loaded.media->audio();
  info.context_tokens = loaded.length.tokens;
  info.native_reasoning = loaded.chat_template->native_reasoning();
  info.can_prefill = true;
  info.step_costs = loaded.step_costs;
  info.enforces_reasoning_budget = true;
  info.embeds = loaded.pools;
  return info;
}

Result<int64_t> Engine::count(const chat::Request& request) const {
  return count_prompt(parts_->model, request);
}

std::unique_ptr<chat::Stream> Engine::start(chat::Request request) {
  auto link = std::make_shared<JobLink>();
  link->events.on_room([this] { parts_->scheduler.wake(); });
  auto stream = std::make_unique<JobStream>(link, parts_->scheduler);
  if (choice_count(request) > kBranchLimit) {
    end_with(*link,
             Error{ErrorCode::InvalidArgument,
                   fmt::format("At most {} answers can be asked for at once.", kBranchLimit), "n"});
    return stream;
  }
  std::optional<Instant> deadline;
  if (request.limits.deadline) deadline = system_clock().now() + *request.limits.deadline;
  auto& thread = parts_->thread_for(request);
  boost::asio::post(thread, [this, link, deadline, request = std::move(request)] {
    if (link->abandoned) return;
    Result<std::unique_ptr<Job>> job = parts_->prepare(request, link);
    if (!job) {
      end_with(*link, job.error());
      return;
    }
    (*job)->deadline = deadline;
    const Result<void> submitted = parts_->scheduler.submit(std::move(*job));
    if (!submitted) end_with(*link, submitted.error());
  });
  return stream;
}

void Engine::read_ahead(const chat::Request& request) {
  if (!parts_->read_ahead) return;
  chat::Request alone = request;
  alone.branches.clear();
  auto& thread = parts_->thread_for(alone);
  boost::asio::post(thread, [this, request = std::move(alone)] {
    Result<std::unique_ptr<Job>> job = parts_->prepare(request, std::make_shared<JobLink>());
    if (!job) return;  // an answer to it would say why
    (*job)->ahead = true;
    (void)parts_->scheduler.submit(std::move(*job));
  });
}

Result<void> Engine::add_adapter(const models::AdapterFile& adapter) {
  return parts_->add_adapter(adapter);
}

Result<std::unique_ptr<Job>> Engine::Parts::prepare(const chat::Request& request,
                                                    std::shared_ptr<JobLink> link) {
  const Result<void> known = check_adapter(request.adapter);
  if (!known) return std::unexpected(known.error());
  return prepare_job(model, request, std::move(link));
}

Result<void> Engine::Parts::check_adapter(const std::string& name) {
  const std::lock_guard lock(adapters);
  if (name.empty() || has_adapter(model, name)) return {};
  return fail(ErrorCode::NotFound, fmt::format("{} has no adapter {}.", model.name, name),
              "adapter");
}

Result<void> Engine::Parts::add_adapter(const models::AdapterFile& adapter) {
  const std::lock_guard lock(adapters);
  if (has_adapter(model, adapter.name)) {
    return fail(ErrorCode::Conflict,
                fmt::format("{} has an adapter {} already.", model.name, adapter.name), "adapter");
  }
  const auto header = models::read_gguf(file);
  if (!header) return std::unexpected(header.error());
  const auto fits = models::check_adapters({&adapter, 1}, *header);
  if (!fits) return fits;
  return scheduler.add_adapter(adapter);
}

Result<chat::Embeddings> Engine::embed(const chat::EmbedRequest& request) {
  const std::string& served = parts_->model.name;
  if (request.model != served) return std::unexpected(other_model(served, request.model));
  return parts_->embedder.embed(request);
}

}  // namespace melete::engine
