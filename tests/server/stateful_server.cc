#include "server/stateful_server.h"

#include <gtest/gtest.h>

#include <utility>

#include "base/ids.h"

namespace melete::server {

namespace fs = std::filesystem;

StatefulServer::StatefulServer(chat::FakeScript script, ServerOptions options)
    : folder_(fs::temp_directory_path() / make_id("melete_server_")), keeps_folder_(false) {
  start(std::move(script), std::move(options));
}

StatefulServer::StatefulServer(chat::FakeScript script, fs::path folder, ServerOptions options)
    : folder_(std::move(folder)), keeps_folder_(true) {
  start(std::move(script), std::move(options));
}

StatefulServer::~StatefulServer() {
  server_.reset();
  database_.reset();
  std::error_code ignored;
  if (!keeps_folder_) fs::remove_all(folder_, ignored);
}

void StatefulServer::start(chat::FakeScript script, ServerOptions options) {
  auto opened =
      store::Database::open(folder_ / "melete.db", {.busy_time = std::chrono::seconds(1)});
  ASSERT_TRUE(opened) << opened.error().message;
  database_ = std::move(*opened);
  auto seal = store::Seal::open(folder_ / "seal.keys", store::SealPurpose::Reasoning);
  ASSERT_TRUE(seal) << seal.error().message;
  seal_ = std::make_unique<store::Seal>(std::move(*seal));
  options.drain = std::chrono::milliseconds(0);
  server_ = std::make_unique<TestServer>(std::move(script), std::move(options),
                                         TestParts{.memory = {database_.get(), seal_.get()}});
}

void StatefulServer::restart(chat::FakeScript script) {
  server_.reset();
  database_.reset();
  start(std::move(script), {});
}

HttpReply StatefulServer::ask(const KeyedRequest& request) const {
  HttpClient client(server_->port());
  client.send(text_of(request));
  return client.read_reply();
}

HttpReply StatefulServer::respond(const std::string& fields, const std::string& key) const {
  return ask({"POST", "/v1/responses", R"({"model": "tiny", )" + fields + "}", key});
}

HttpReply StatefulServer::fetch(const std::string& path, const std::string& key) const {
  return ask({"GET", path, "", key});
}

Json StatefulServer::await_status(const std::string& id, const std::string& status) const {
  Json response;
  const bool came = eventually(
      [&] {
        response = fetch("/v1/responses/" + id).json();
        return response.value("status", "") == status;
      },
      std::chrono::seconds(30));
  EXPECT_TRUE(came) << response;
  return response;
}

std::vector<Json> events_in(const std::string& stream) {
  constexpr std::string_view kData = "data: ";
  std::vector<Json> events;
  for (size_t at = stream.find(kData); at != std::string::npos; at = stream.find(kData, at)) {
    at += kData.size();
    const std::string data = stream.substr(at, stream.find("\n\n", at) - at);
    if (data != "[DONE]") events.push_back(Json::parse(data));
  }
  return events;
}

}  // namespace melete::server
