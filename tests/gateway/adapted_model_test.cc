// An adapter under a name of its own: what the model below is asked.

#include "gateway/adapted_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/collect.h"
#include "chat/fake_backend.h"

namespace melete::gateway {
namespace {

using testing::HasSubstr;

class AdaptedModelTest : public testing::Test {
 protected:
  chat::FakeBackend tiny_{
      {.info = {.model = "tiny", .context_tokens = 512, .step_costs = {{1, 1.0}}}},
      chat::answers("I am tiny.")};
  AdaptedModel poet_{tiny_, "tiny", "poet", 40};
};

chat::Request request_for(std::string model) {
  chat::Request request;
  request.model = std::move(model);
  request.messages.push_back(chat::text_message(chat::Role::User, "two words"));
  return request;
}

TEST_F(AdaptedModelTest, AsksItsModelWithTheAdapter) {
  const auto stream = poet_.start(request_for("tiny:poet"));
  EXPECT_EQ(chat::collect_blocking(*stream).choices[0].text, "I am tiny.");
  ASSERT_EQ(tiny_.requests().size(), 1u);
  EXPECT_EQ(tiny_.requests()[0].model, "tiny");
  EXPECT_EQ(tiny_.requests()[0].adapter, "poet");
}

TEST_F(AdaptedModelTest, ReadsAheadWithTheAdapter) {
  poet_.read_ahead(request_for("tiny:poet"));
  ASSERT_EQ(tiny_.read_aheads().size(), 1u);
  EXPECT_EQ(tiny_.read_aheads()[0].adapter, "poet");
}

TEST_F(AdaptedModelTest, CountsAsItsModel) {
  EXPECT_EQ(poet_.count(request_for("tiny:poet")), 2);
}

TEST_F(AdaptedModelTest, CanDoWhatItsModelCan) {
  const auto info = poet_.info("tiny:poet");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->model, "tiny:poet");
  EXPECT_EQ(info->parent, "tiny");
  EXPECT_EQ(info->reasoning_percent, 40);
  EXPECT_EQ(info->context_tokens, 512);
  EXPECT_EQ(info->step_costs.at(1), 1.0);
}

TEST_F(AdaptedModelTest, IsNoOtherModel) {
  const auto info = poet_.info("tiny");
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, ErrorCode::NotFound);
  EXPECT_THAT(info.error().message, HasSubstr("tiny:poet"));
}

}  // namespace
}  // namespace melete::gateway
