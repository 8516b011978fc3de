#include "api/responses/resources.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "api/list_page.h"
#include "api/object_reader.h"
#include "api/parse_body.h"
#include "api/responses/ended_stream.h"
#include "base/json.h"

namespace melete::api::responses {

namespace {

Result<int64_t> starting_after(const ResourceRequest& request) {
  const auto given = request.query.find("starting_after");
  if (given == request.query.end()) return -1;
  const std::string& text = given->second;
  int64_t after = -1;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, after);
  if (read.ec == std::errc() && read.ptr == end && after >= 0) return after;
  return fail(ErrorCode::InvalidArgument,
              fmt::format("starting_after is \"{}\": use the sequence_number of an event", text),
              "starting_after");
}

bool wants_stream(const ResourceRequest& request) {
  const auto stream = request.query.find("stream");
  return stream != request.query.end() && stream->second == "true";
}

Result<store::StoredResponse> find(const ResourceRequest& request, const Shelf& shelf) {
  return shelf.database->responses().find(request.ids.at(0), request.owner);
}

// The stored answer of this id if it runs here or has just ended; else null.
std::shared_ptr<runs::Run> find_run(const ResourceRequest& request, const Shelf& shelf) {
  auto run = shelf.runner.table().find(request.ids.at(0), request.owner);
  return run && run->snapshot() ? run : nullptr;
}

Result<ResourceAnswer> body_of(Result<store::StoredResponse> stored) {
  if (!stored) return std::unexpected(stored.error());
  return ResourceAnswer{.body = std::move(stored->response)};
}

Result<chat::Control> read_control(std::string_view body) {
  const auto json = parse_body(body, R"({"action": "stop"})");
  if (!json) return std::unexpected(json.error());
  constexpr int64_t kMostTokens = 1 << 20;
  FirstError error;
  ObjectReader fields(*json, "", error);
  fields.require("action");
  const auto action = fields.choice("action", {"answer_now", "stop", "set_budget"});
  if (action == "set_budget") fields.require("reasoning_tokens");
  const auto tokens = fields.integer("reasoning_tokens", {0, kMostTokens});
  if (error) return std::unexpected(*error);
  if (*action == "stop") return chat::Stop{};
  if (*action == "answer_now") return chat::AnswerNow{};
  return chat::SetBudget{.reasoning_tokens = static_cast<int>(tokens.value_or(0))};
}

}  // namespace

Result<ResourceAnswer> retrieve(const ResourceRequest& request, const Shelf& shelf) {
  const auto after = starting_after(request);
  if (!after) return std::unexpected(after.error());
  if (auto run = find_run(request, shelf)) {
    if (!wants_stream(request)) return ResourceAnswer{.body = run->snapshot()->response};
    return ResourceAnswer{.run = std::move(run), .after = *after};
  }
  auto stored = find(request, shelf);
  if (!stored || !wants_stream(request)) return body_of(std::move(stored));
  auto last = last_event(*stored, *after);
  return ResourceAnswer{.body = std::move(last), .content_type = "text/event-stream"};
}

Result<ResourceAnswer> erase(const ResourceRequest& request, const Shelf& shelf) {
  const std::string& id = request.ids.at(0);
  const auto run = find_run(request, shelf);
  const auto erased = shelf.database->responses().erase(id, request.owner);
  if (!erased) return std::unexpected(erased.error());
  if (run) {
    // One that has ended meanwhile has nothing left to cancel.
    (void)shelf.runner.cancel(run);
    shelf.runner.table().remove(id);
  }
  return ResourceAnswer{.body =
                            write_json({{"id", id}, {"object", "response"}, {"deleted", true}})};
}

Result<ResourceAnswer> cancel(const ResourceRequest& request, const Shelf& shelf) {
  const auto run = find_run(request, shelf);
  if (!run) return body_of(find(request, shelf));
  auto snapshot = shelf.runner.cancel(run);
  if (!snapshot && snapshot.error().code != ErrorCode::Conflict) {
    return std::unexpected(snapshot.error());
  }
  return ResourceAnswer{.body = snapshot ? snapshot->response : run->snapshot()->response};
}

Result<ResourceAnswer> list_input(const ResourceRequest& request, const Shelf& shelf) {
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  const auto stored = find(request, shelf);
  if (!stored) return std::unexpected(stored.error());
  const auto items = parse_json(stored->input);
  if (!items) return std::unexpected(items.error());
  const auto part = list_part(*items, *page);
  if (!part) return std::unexpected(part.error());
  return ResourceAnswer{.body = write_json(*part)};
}

Result<ResourceAnswer> control(const ResourceRequest& request, const Shelf& shelf) {
  auto control = read_control(request.body);
  if (!control) return std::unexpected(control.error());
  const std::string& id = request.ids.at(0);
  const auto run = shelf.runner.table().find(id, request.owner);
  if (!run) {
    return fail(ErrorCode::NotFound, fmt::format("No answer {} is running here.", id), "id");
  }
  const auto done = run->control(std::move(*control));
  if (!done) return std::unexpected(done.error());
  return ResourceAnswer{.body = write_json({{"id", id}, {"object", "response.control"}})};
}

}  // namespace melete::api::responses
