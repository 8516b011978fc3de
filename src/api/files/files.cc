#include "api/files/files.h"

#include <utility>

#include "api/files/read_upload.h"
#include "api/list_page.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/unix_time.h"

namespace melete::api::files {

namespace {

// Rows are small, and clients ask for no limit when they want all.
constexpr PageLimits kLimits{.usual = 10'000, .most = 10'000};

// `status` is deprecated in OpenAI's description of the API, and still required by it.
Json file_object(const store::File& file) {
  return {{"id", file.id},         {"object", "file"},
          {"bytes", file.bytes},   {"created_at", file.created_at},
          {"filename", file.name}, {"purpose", file.purpose},
          {"status", "processed"}};
}

}  // namespace

Result<std::string> upload(const ResourceRequest& request, store::Database& stores) {
  auto uploaded = read_upload(request.body, request.content_type);
  if (!uploaded) return std::unexpected(uploaded.error());
  const auto file = stores.files().add({.id = make_id("file-"),
                                        .owner = request.owner,
                                        .created_at = unix_seconds(),
                                        .name = std::move(uploaded->name),
                                        .purpose = std::move(uploaded->purpose)},
                                       uploaded->content);
  if (!file) return std::unexpected(file.error());
  return write_json(file_object(*file));
}

Result<std::string> list(const ResourceRequest& request, store::Database& stores) {
  const auto page = read_page(request, kLimits);
  if (!page) return std::unexpected(page.error());
  const auto purpose = request.query.find("purpose");
  const auto files = stores.files().list(
      request.owner, purpose == request.query.end() ? "" : purpose->second, *page);
  if (!files) return std::unexpected(files.error());
  Json data = Json::array();
  for (const store::File& file : files->data) data.push_back(file_object(file));
  return write_json(list_object(std::move(data), files->has_more));
}

Result<std::string> retrieve(const ResourceRequest& request, store::Database& stores) {
  const auto file = stores.files().find(request.ids.at(0), request.owner);
  if (!file) return std::unexpected(file.error());
  return write_json(file_object(*file));
}

Result<std::string> content(const ResourceRequest& request, store::Database& stores) {
  return stores.files().content(request.ids.at(0), request.owner);
}

Result<std::string> erase(const ResourceRequest& request, store::Database& stores) {
  const std::string& id = request.ids.at(0);
  if (auto erased = stores.files().erase(id, request.owner); !erased) {
    return std::unexpected(erased.error());
  }
  return write_json({{"id", id}, {"object", "file"}, {"deleted", true}});
}

}  // namespace melete::api::files
