// Which route a request comes to, and what it is told where there is none.

#include "server/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melete::server {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

class Routes : public testing::Test {
 protected:
  Routes() {
    routes.add_resource("GET", "/v1/responses/{id}", nullptr);
    routes.add_resource("DELETE", "/v1/responses/{id}", nullptr);
    routes.add_query("/v1/responses/compact", {});
    routes.add_page("/assets/*", nullptr);
  }

  Metrics metrics;
  RouteTable routes{metrics};
};

TEST_F(Routes, WhatAPathLeavesOpenIsDecoded) {
  const auto found = routes.find("DELETE", "/v1/responses/resp%5F1?stream=true");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->route->method, "DELETE");
  EXPECT_THAT(found->matched, ElementsAre("resp_1"));
}

TEST_F(Routes, AStarMatchesAllBelow) {
  EXPECT_THAT(routes.find("HEAD", "/assets/a/b.js")->matched, ElementsAre("a/b.js"));
  EXPECT_EQ(routes.find("GET", "/assets/").error().status, 404);
}

TEST_F(Routes, APathNamedInFullIsNoIdOfAnother) {
  EXPECT_EQ(routes.find("POST", "/v1/responses/compact")->route->path, "/v1/responses/compact");
  const auto refused = routes.find("GET", "/v1/responses/compact");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().status, 405);
  EXPECT_THAT(refused.error().headers, Contains(Pair("allow", "POST")));
}

TEST_F(Routes, AWrongMethodIsToldTheRightOnes) {
  const auto refused = routes.find("POST", "/v1/responses/resp_1");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().status, 405);
  EXPECT_THAT(refused.error().headers, Contains(Pair("allow", "GET, DELETE")));
}

TEST_F(Routes, AnUnknownPathIsNamed) {
  const auto refused = routes.find("GET", "/v2/chat");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().status, 404);
  EXPECT_THAT(refused.error().body, testing::HasSubstr("/v2/chat"));
}

}  // namespace
}  // namespace melete::server
