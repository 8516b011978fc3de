// Calls on resources in a database of a test's own: what a call gives, or the field it blames.

#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "api/resource.h"
#include "base/json.h"
#include "store/stored_things.h"

namespace melete::api {

class ResourceTest : public testing::Test {
 protected:
  // A request of alice's.
  static ResourceRequest request(std::vector<std::string> ids, std::string_view body = {}) {
    return {.ids = std::move(ids), .body = body, .owner = "alice"};
  }

  // The JSON of a call that must succeed.
  Json call(ResourceHandler handler, const ResourceRequest& request) {
    const auto body = handler(request, *database_);
    EXPECT_TRUE(body) << body.error().message;
    return body ? Json::parse(*body) : Json();
  }

  // The error of a call that must fail.
  Error refusal(ResourceHandler handler, const ResourceRequest& request) {
    const auto body = handler(request, *database_);
    EXPECT_FALSE(body) << *body;
    return body ? Error{} : body.error();
  }

  store::TemporaryDatabase database_;
};

}  // namespace melete::api
