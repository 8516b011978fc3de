// The contract and the code say the same: every route and every field of a request is in both.

#include "api/openapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "api/chat_completions/common_fields.h"
#include "api/embeddings/common_fields.h"
#include "api/messages/common_fields.h"
#include "api/read_melete.h"
#include "api/responses/common_fields.h"
#include "server/service.h"
#include "server/test_server.h"
#include "store/stored_things.h"

namespace melete::server {
namespace {

using Names = std::set<std::string>;

const Json& document() {
  static const Json parsed = Json::parse(api::openapi_document());
  return parsed;
}

// "GET /v1/models/*", as the server knows its routes.
Names routes_of_the_document() {
  Names routes;
  for (const auto& [path, operations] : document()["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) {
      const std::string known = std::regex_replace(path, std::regex(R"(\{item_id\})"), "{id}");
      const std::string verb = method == "get" ? "GET " : method == "post" ? "POST " : "DELETE ";
      routes.insert(verb + std::regex_replace(known, std::regex(R"(\{model\})"), "*"));
    }
  }
  return routes;
}

Names fields_of_the_document(const std::string& schema) {
  Names names;
  for (const auto& [name, field] :
       document()["components"]["schemas"][schema]["properties"].items())
    names.insert(name);
  return names;
}

// Those that a request may name; refused ones are no part of the contract.
Names fields_of(const api::FieldRules& rules) {
  Names names(rules.known.begin(), rules.known.end());
  for (const api::FixedField& field : rules.fixed) names.emplace(field.name);
  return names;
}

TEST(Openapi, HasTheRoutesOfTheServer) {
  const TestServer stands_on;
  Metrics metrics;
  store::TemporaryDatabase database;
  const ServerParts parts{*stands_on.router, *stands_on.router, metrics, {&*database}};
  const Service service({}, parts, nullptr);
  Names routes;
  for (const auto& route : service.routes.routes())
    routes.insert(route->method + " " + route->path);
  EXPECT_EQ(routes_of_the_document(), routes);
}

TEST(Openapi, HasTheFieldsOfEachRequest) {
  EXPECT_EQ(fields_of_the_document("ChatRequest"), fields_of(api::chat_completions::field_rules()));
  EXPECT_EQ(fields_of_the_document("ResponsesRequest"), fields_of(api::responses::field_rules()));
  EXPECT_EQ(fields_of_the_document("MessagesRequest"), fields_of(api::messages::field_rules()));
  EXPECT_EQ(fields_of_the_document("MessagesCountRequest"),
            fields_of(api::messages::field_rules()));
  EXPECT_EQ(fields_of_the_document("EmbeddingsRequest"), fields_of(api::embeddings::field_rules()));
  const auto melete = api::melete_fields();
  EXPECT_EQ(fields_of_the_document("Melete"), Names(melete.begin(), melete.end()));
}

TEST(Openapi, FixedFieldsAllowTheirValuesAlone) {
  const Json& schemas = document()["components"]["schemas"];
  const std::pair<const char*, const api::FieldRules&> requests[] = {
      {"ChatRequest", api::chat_completions::field_rules()},
      {"ResponsesRequest", api::responses::field_rules()},
      {"MessagesRequest", api::messages::field_rules()}};
  for (const auto& [schema, rules] : requests) {
    for (const api::FixedField& field : rules.fixed) {
      Names allowed;
      for (const Json& value : schemas[schema]["properties"][std::string(field.name)]["enum"]) {
        if (!value.is_null()) allowed.insert(write_json(value));
      }
      EXPECT_EQ(allowed, Names(field.accepted.begin(), field.accepted.end())) << field.name;
    }
  }
}

TEST(Openapi, NamesOnlyWhatItHas) {
  const Json& contract = document();
  std::vector<const Json*> left{&contract};
  while (!left.empty()) {
    const Json& value = *left.back();
    left.pop_back();
    if (value.is_object() && value.contains("$ref")) {
      const auto target = value["$ref"].get<std::string>();
      ASSERT_TRUE(target.starts_with("#/")) << target;
      EXPECT_TRUE(contract.contains(Json::json_pointer(target.substr(1)))) << target;
    }
    for (const Json& inner : value) {
      if (inner.is_structured()) left.push_back(&inner);
    }
  }
}

TEST(Openapi, IsServed) {
  const TestServer server;
  const HttpReply reply = server.fetch("/openapi.json");
  EXPECT_EQ(reply.headers.at("content-type"), "application/json");
  EXPECT_EQ(reply.json()["openapi"], "3.1.0");
}

}  // namespace
}  // namespace melete::server
